"""The truth of a scenario's newest run, kept in the state folder for the scorer."""

from pathlib import Path

import msgspec

from core.errors import NotFound
from simulators.scoring import Truth


def keep_truth(state_dir: Path, truth: Truth) -> None:
    """Write the truth down before it happens."""
    state_dir.mkdir(parents=True, exist_ok=True)
    half = _path(state_dir, truth.name).with_suffix(".new")
    half.write_bytes(msgspec.json.encode(truth))
    half.replace(_path(state_dir, truth.name))


def recall_truth(state_dir: Path, name: str) -> Truth:
    """Return the truth of the newest run; NotFound if there was none."""
    path = _path(state_dir, name)
    if not path.exists():
        raise NotFound(f"The scenario {name!r} has not been run with this state folder yet.")
    return msgspec.json.decode(path.read_bytes(), type=Truth)


def _path(state_dir: Path, name: str) -> Path:
    return state_dir / f"truth-{Path(name).stem}.json"
