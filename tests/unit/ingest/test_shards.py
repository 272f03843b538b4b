"""Several ingesters share the work by topic, each with a session of its own."""

from ingest.__main__ import subscriptions


def test_a_shard_hears_its_districts_in_every_wire_form_and_nobody_else() -> None:
    assert subscriptions(("620171", "620172")) == [
        "yiwang/v1/620171/#",
        "yiwang/v1/620172/#",
        "spBv1.0/620171/#",
        "spBv1.0/620172/#",
    ]
