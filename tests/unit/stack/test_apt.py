"""What apt-get says while it works, and what becomes of it."""

import pytest

from stack.apt import _follow
from stack.progress import Percentage


def test_progress_is_shown_as_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    complaints = _follow(
        ["dlstatus:1:51.3:Retrieving file 3 of 97", "Get:1 http://debian.example"],
        Percentage("Downloading"),
    )

    assert complaints == []
    assert "Downloading 50 %" in capsys.readouterr().out


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("E: Unable to locate package nothing", id="an-error"),
        pytest.param("W: Failed to fetch http://debian.example", id="a-mirror-out-of-reach"),
    ],
)
def test_a_complaint_is_kept(line: str) -> None:
    assert _follow([line], Percentage("Downloading")) == [line[3:]]


def test_a_mere_warning_is_none() -> None:
    assert _follow(["W: Download is performed unsandboxed"], Percentage("Downloading")) == []
