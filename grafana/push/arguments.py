"""The command line of `python -m grafana push`; apart, so that others need not load its client."""

import argparse
from pathlib import Path

from grafana.words import LANGUAGES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what may be said; who we are there stands in GRAFANA_*, never here."""
    parser.add_argument("--url", required=True, help="where Grafana is: https://grafana.city.org")
    parser.add_argument("--language", choices=[*LANGUAGES, "both"], default="both")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would change, send nothing"
    )
    parser.add_argument(
        "--annotate-hours",
        type=float,
        default=0.0,
        metavar="HOURS",
        help="mark the critical and high alerts of so many hours (GRAFANA_ALERTS_FROM)",
    )
    parser.add_argument(
        "--wall-token",
        type=Path,
        metavar="FILE",
        help="write a new token of the wall's account into FILE, which must not be there yet",
    )
