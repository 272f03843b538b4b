"""`python -m api` serves; `python -m api prepare` fills an empty system, harmless if repeated."""

import argparse

from api.settings import PrepareSettings, Settings
from core.process import read_settings, run


def main() -> None:
    """Read the command line and the environment, and do what they say."""
    parser = argparse.ArgumentParser(prog="api", description="The way in: REST, live stream, page.")
    commands = parser.add_subparsers(dest="command", metavar="prepare")
    commands.add_parser("prepare", help="load the catalogue and the demo's people, then end")
    if parser.parse_args().command == "prepare":
        _prepare(read_settings(PrepareSettings))
    else:
        _serve(read_settings(Settings))


def _serve(settings: Settings) -> None:
    from api.serving import main as serve

    run(lambda: serve(settings), log_level=settings.log_level)


def _prepare(settings: PrepareSettings) -> None:
    from api.preparing import prepare

    run(lambda: prepare(settings), log_level=settings.log_level)


if __name__ == "__main__":
    main()
