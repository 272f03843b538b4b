"""Which requests are the same request."""

from hypothesis import given
from hypothesis import strategies as st

from api.orders import request_id

REQUESTS = st.tuples(
    st.text(max_size=5),
    st.sampled_from(["comment", "shelve"]),
    st.dictionaries(st.sampled_from(["alert_id", "officer", "text"]), st.text(max_size=3)),
)


@given(REQUESTS, REQUESTS)
def test_requests_are_the_same_if_key_command_and_content_are(
    one: tuple[str, str, dict[str, str]], other: tuple[str, str, dict[str, str]]
) -> None:
    assert (request_id(*one) == request_id(*other)) is (one == other)


def test_the_order_of_fields_does_not_matter() -> None:
    assert request_id("k", "do", {"a": 1, "b": 2}) == request_id("k", "do", {"b": 2, "a": 1})


def test_without_a_key_nothing_is_a_repetition() -> None:
    assert request_id(None, "comment", {}) != request_id(None, "comment", {})
