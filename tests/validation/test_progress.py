"""A person who watches sees how far a long validation is; the report stays as it is."""

import io
import sys
from pathlib import Path

import pytest
from eaps_data.validation.run import run

from eaps_data.cli import main
from eaps_data.validation.report.progress import WithProgress
from eaps_data.validation.report.reporters import reporter

EXAMPLES = str(Path(__file__).parents[1] / "examples")


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_shows_records_and_leaves_the_report_as_it_is() -> None:
    plain, beside, screen = io.StringIO(), io.StringIO(), Screen()
    summary = run([EXAMPLES], reporter("text", plain))
    progress = WithProgress(reporter("text", beside), screen)
    progress._bar.delay = 0  # as if the work were long
    assert run([EXAMPLES], progress, checked=progress.checked) == summary
    assert beside.getvalue() == plain.getvalue()
    assert "records" in screen.getvalue()
    assert screen.getvalue().endswith("\r")


@pytest.mark.parametrize("watched", [True, False])
def test_short_work_shows_no_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, watched: bool
) -> None:
    screen = Screen() if watched else io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    assert main(["validate", EXAMPLES + "/valid"]) == 0
    assert "valid" in capsys.readouterr().out
    assert screen.getvalue().strip("\r ") == ""


def test_without_the_extra_there_is_no_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stderr", Screen())
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.delitem(sys.modules, "eaps_data.validation.report.progress")
    assert main(["validate", EXAMPLES + "/valid"]) == 0
    assert "valid" in capsys.readouterr().out
