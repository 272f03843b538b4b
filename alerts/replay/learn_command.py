"""`python -m alerts.replay learn`: what is usual for every device, kept for the engine."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from alerts.replay.history import open_history
from alerts.replay.learning import learn
from alerts.replay.replay_command import (
    HistorySettings,
    add_base,
    base_rules,
    prepare,
    read_question,
    read_registry,
    telling,
)
from core.process import read_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command understands."""
    parser.add_argument("file", type=Path, help="where the norms are kept (*.npz)")
    add_base(parser)


def run(options: argparse.Namespace) -> int:
    """Learn and replace the file; where it cannot, the old file stays, and exit code 1."""
    return telling(lambda: _learn(options), lambda told: told, as_json=False)


def _learn(options: argparse.Namespace) -> str:
    prepare(options)
    rules = base_rules(options, read_question() if options.stdin else None)
    settings = read_settings(HistorySettings)
    registry = read_registry(settings.database_url)
    with open_history(settings.database_url) as history:
        norms = learn(history, rules.rules.values(), registry, datetime.now(UTC))
    norms.save(options.file)
    return f"The norms of {len(norms)} series are learned."
