"""Where the commands that look at a journal find it."""

import argparse
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings

from alerts.journal.pages import file_in
from core.process import read_settings
from core.settings import config


class Folder(BaseSettings):
    """`ALERTS_STATE_DIR` alone: looking at a journal takes neither broker nor database."""

    model_config = config("ALERTS_")

    state_dir: Path = Field(description="private folder of the journal, on a local disk")


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Let the command line name the folder."""
    parser.add_argument(
        "--state-dir", type=Path, metavar="DIR", help="folder of the journal (ALERTS_STATE_DIR)"
    )


def journal_of(options: argparse.Namespace) -> Path:
    """Return the journal's file; ends the program with a sentence if nobody says where it is."""
    folder: Path = options.state_dir or read_settings(Folder).state_dir
    return file_in(folder)
