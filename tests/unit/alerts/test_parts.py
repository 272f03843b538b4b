from alerts.silence.parts import BROKER, Parts

INGEST = "ingest/all"


def parts() -> Parts:
    return Parts(stale_us=15, farewell_us=5)


def test_a_part_nobody_has_seen_is_not_missed() -> None:
    assert parts().due(10**9, parts().expected) == []


def test_a_silent_part_is_lost_once() -> None:
    each = parts()
    each.hear(INGEST, 100)

    assert each.due(114, each.expected) == []
    assert each.due(115, each.expected) == [INGEST]
    assert each.due(999, each.expected) == []
    assert each.lost == {INGEST}


def test_a_part_that_says_goodbye_has_a_moment_to_come_back() -> None:
    each = parts()
    each.hear(INGEST, 100)
    each.part(INGEST, 101)
    each.part(INGEST, 104)  # stopping, then the last will: the first word counts

    assert each.due(105, each.expected) == []
    assert each.due(106, each.expected) == [INGEST]


def test_a_part_that_speaks_again_is_back() -> None:
    each = parts()
    each.hear(INGEST, 100)
    each.due(115, each.expected)

    assert each.hear(INGEST, 120)
    assert not each.hear(INGEST, 121)
    assert each.lost == set()


def test_a_retained_heartbeat_only_says_that_there_is_such_a_part() -> None:
    each = parts()
    each.expect(INGEST, 100)
    each.expect(INGEST, 110)

    assert each.due(115, each.expected) == [INGEST]


def test_only_those_asked_for_are_judged() -> None:
    each = parts()
    each.restore([INGEST, BROKER], [], 0)

    assert each.due(100, [BROKER]) == [BROKER]
    each.give_grace(100)
    assert each.due(114, each.expected) == []


def test_what_was_lost_before_a_restart_is_not_lost_again() -> None:
    each = parts()
    each.restore([INGEST], [INGEST], 0)

    assert each.due(100, each.expected) == []
    assert each.hear(INGEST, 101)
