import sys
from pathlib import Path

import numpy as np

from alerts.detectors.baseline import BaselineRule
from alerts.detectors.norms import HOUR_US, HOURS, Norms, Series
from alerts.judging.rulebook import Rulebook
from alerts.replay.teaching import Teacher
from tests.unit.alerts.making import HOT, WORDS

ODD = BaselineRule(rule_id="odd", priority="low", metric="temperature_c", spread_floor=0.5, **WORDS)
WITH_ODD = Rulebook([HOT, ODD])
COPY = "import shutil, sys; shutil.copy(sys.argv[2] + '.next', sys.argv[2])"
REFUSE = "import sys; sys.exit('The database does not answer.')"


def norms(median: float) -> Norms:
    row = np.full((1, HOURS), median, np.float32)
    return Norms([Series("d1", 1)], row, np.ones_like(row))


def teacher(path: Path, script: str, rulebook: Rulebook = WITH_ODD) -> Teacher:
    return Teacher(path, lambda: rulebook, program=(sys.executable, "-c", script))


async def test_what_was_learned_is_taken_over_once(tmp_path: Path) -> None:
    path = tmp_path / "norms.npz"
    norms(20).save(path)
    norms(30).save(tmp_path / "norms.npz.next")
    taught = teacher(path, COPY)
    assert taught.norms.of("d1", 1, HOUR_US) == (20, 1), "what is on disk counts from the start"
    assert taught.changed() is None

    await taught.teach()

    news = taught.changed()
    assert news is not None
    assert news.of("d1", 1, HOUR_US) == (30, 1)
    assert taught.changed() is None


async def test_with_the_database_away_the_last_norms_stay(tmp_path: Path) -> None:
    path = tmp_path / "norms.npz"
    norms(20).save(path)
    taught = teacher(path, REFUSE)

    await taught.teach()

    assert taught.changed() is None
    assert len(taught.norms) == 1


async def test_nothing_is_learned_where_no_rule_asks_for_it(tmp_path: Path) -> None:
    taught = teacher(tmp_path / "norms.npz", REFUSE, Rulebook([HOT]))

    await taught.teach()

    assert len(taught.norms) == 0


def test_norms_that_cannot_be_read_are_no_reason_not_to_watch(tmp_path: Path) -> None:
    path = tmp_path / "norms.npz"
    path.write_bytes(b"torn")

    assert len(teacher(path, REFUSE).norms) == 0
