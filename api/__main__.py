"""`python -m api` serves; `prepare` fills an empty system, `openapi` and `report` print."""

import argparse
import json
import sys

from api.reports.command import add_arguments
from api.settings import PrepareSettings, Settings
from core.process import read_settings, run


def main() -> None:
    """Read the command line and the environment, and do what they say."""
    parser = argparse.ArgumentParser(prog="api", description="The way in: REST, live stream, page.")
    commands = parser.add_subparsers(dest="command", metavar="prepare | openapi | report")
    commands.add_parser("prepare", help="load the catalogue and the demo's people, then end")
    commands.add_parser("openapi", help="print the OpenAPI document; needs nothing running")
    report = commands.add_parser("report", help="write one report into a file, then end")
    add_arguments(report)
    wanted = parser.parse_args()
    match wanted.command:
        case "prepare":
            _prepare(read_settings(PrepareSettings))
        case "openapi":
            _describe()
        case "report":
            _report(read_settings(Settings), wanted)
        case _:
            _serve(read_settings(Settings))


def _serve(settings: Settings) -> None:
    from api.serving import main as serve

    run(lambda: serve(settings), log_level=settings.log_level)


def _describe() -> None:
    from api.app import describe

    json.dump(describe(), sys.stdout, ensure_ascii=False, indent=1)


def _report(settings: Settings, wanted: argparse.Namespace) -> None:
    from api.reports.command import report

    run(lambda: report(settings, wanted), log_level=settings.log_level)


def _prepare(settings: PrepareSettings) -> None:
    from api.preparing import prepare

    run(lambda: prepare(settings), log_level=settings.log_level)


if __name__ == "__main__":
    main()
