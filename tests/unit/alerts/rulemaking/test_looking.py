import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.journal.journal import Draft, Journal
from alerts.journal.pen import Pen
from alerts.judging.rulebook import Rulebook
from alerts.rulemaking.looking import in_force
from alerts.rulemaking.rules import RULE, Rules
from alerts.rulemaking.wording import write_rule
from core.clock import to_us
from core.errors import NotFound, Unavailable
from tests.unit.alerts.making import HOT, RULES

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SHIPPED = Rulebook(RULES)


def test_the_rules_of_an_engine_at_work_are_read_beside_it(tmp_path: Path) -> None:
    with Journal(tmp_path, now_us=to_us(NOW)) as journal:
        pen = Pen()
        rules = Rules(pen, journal.records(RULE), SHIPPED, lambda _rulebook: ())
        document = json.loads(bytes(write_rule(HOT))) | {"on_delay_s": 99}
        rules.put(json.dumps(document).encode(), 1, "wang", NOW)
        rules.approve("hot", 2, "li", NOW)
        journal.commit(Draft(*pen.take()))

        found = in_force(tmp_path, SHIPPED)

    assert found.rules["hot"].version == 2
    assert found.rules == rules.rulebook().rules


def test_a_folder_without_a_journal_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no journal"):
        in_force(tmp_path, SHIPPED)

    (tmp_path / "journal.sqlite").write_bytes(b"nonsense" * 100)
    with pytest.raises(Unavailable, match="cannot be read"):
        in_force(tmp_path, SHIPPED)
