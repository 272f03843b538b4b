"""`python -m simulators score`: what the platform noticed of a scenario's newest run."""

from argparse import Namespace
from datetime import UTC, datetime

from core.process import read_settings
from simulators import reporting
from simulators.scoring import score
from simulators.settings import Settings
from simulators.truths import recall_truth
from simulators.wiring import platform_api, say


def run_score(options: Namespace) -> None:
    """Compare the alerts of the newest run of a scenario with what really happened in it."""
    settings = read_settings(Settings)
    truth = recall_truth(settings.state_dir, options.scenario)
    if truth.end_at > datetime.now(UTC):
        say(f"The scenario {truth.name!r} is still running; this is the score so far.")
    with platform_api(settings, options.api) as api:
        found = api.occurrences(truth.start_at, truth.end_at)
    result = score(truth, found)
    say(reporting.table(result))
    say(reporting.json_line(truth.name, result))
