"""The progress bar: at a terminal only, after a second, and without any effect on the report."""

import io
import itertools
import sys
from collections.abc import Iterable

import pytest

from eaps_data.errors import Problem
from eaps_data.validation.inputs import Count, Input
from eaps_data.validation.report import reporter, write_report
from eaps_data.validation.report.progress import with_progress

STEPS: list[Problem | Input | Count] = [
    Input("first.json", "json"),
    Count(10, "partners"),
    Problem(rule="value", message="wrong"),
    Count(20, "partners"),
    Input("second\x1b[31m.jsonl", "jsonl"),
    Count(30, "partners"),
    Count(40, "partners"),
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def long_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock on which every step takes a second."""
    monkeypatch.setattr("tqdm.std.time", itertools.count(step=1.0).__next__)


def report_of(steps: Iterable[Problem | Input | Count]) -> str:
    out = io.StringIO()
    write_report(steps, reporter("text", out))
    return out.getvalue()


@pytest.mark.usefixtures("long_work")
def test_the_bar_shows_file_and_records_and_disappears_at_the_end() -> None:
    screen = Terminal()
    assert report_of(with_progress(STEPS, screen)) == report_of(STEPS)
    shown = screen.getvalue().split("\r")
    assert any(text.startswith("first.json: 10.0 records") for text in shown)
    assert any(text.startswith(r"second\x1b[31m.jsonl: 100 records") for text in shown)
    assert "\x1b" not in screen.getvalue()
    assert (shown[-2].strip(), shown[-1]) == ("", "")
    problem = next(index for index, text in enumerate(shown) if "30.0 records" in text)
    assert shown[problem - 2].strip() == ""  # the line was empty when the problem was printed


@pytest.mark.usefixtures("long_work")
def test_there_is_no_bar_elsewhere() -> None:
    screen = io.StringIO()
    assert report_of(with_progress(STEPS, screen)) == report_of(STEPS)
    assert screen.getvalue() == ""


@pytest.mark.usefixtures("long_work")
def test_there_is_no_bar_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    screen = Terminal()
    assert report_of(with_progress(STEPS, screen)) == report_of(STEPS)
    assert screen.getvalue() == ""


def test_short_work_has_no_bar() -> None:
    screen = Terminal()
    assert report_of(with_progress(STEPS, screen)) == report_of(STEPS)
    assert screen.getvalue().strip("\r ") == ""
