"""The update of examples rewrites what follows the data, and leaves the rest to a person."""

from doctest import DocTest, DocTestFailure, Example
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from _pytest.doctest import MultipleDoctestFailures

from support import examples_output

PAGE = "# Page\n\n>>> f(1)\n1\n>>> f(2)\n[1, ..., 9]\n>>> f(3)\nTraceback (most recent call last):\nValueError: 3\n"


def failure(source: str, want: str, got: str, line: int, error: str | None = None) -> DocTestFailure:
    example = Example(f"{source}\n", want, error, lineno=line)
    return DocTestFailure(DocTest([example], {}, "page", "page.md", 0, None), example, got)


KEPT = [
    failure("f(2)", "[1, ..., 9]\n", "[1, 2, 3, 8]\n", 4),
    failure("f(3)", "Traceback (most recent call last):\nValueError: 3\n", "ValueError: 4\n", 6, "ValueError: 3\n"),
]


@pytest.fixture
def item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(examples_output, "_updates", examples_output._updates.copy())
    examples_output._updates.clear()
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    return SimpleNamespace(path=page, example=SimpleNamespace(line=3))


def collect(item: Any, error: Exception) -> None:
    with examples_output.collected(item):
        raise error


def test_output_that_follows_the_data_is_rewritten(item: Any) -> None:
    collect(item, failure("f(1)", "1\n", "one\n\ntwo\n", 2))
    examples_output.write()
    assert item.path.read_text(encoding="utf-8") == PAGE.replace("\n1\n", "\none\n<BLANKLINE>\ntwo\n")


@pytest.mark.parametrize("failed", KEPT, ids=["ellipsis", "traceback"])
def test_shortened_output_and_errors_are_left_to_a_person(item: Any, failed: DocTestFailure) -> None:
    with pytest.raises(DocTestFailure):
        collect(item, failed)
    examples_output.write()
    assert item.path.read_text(encoding="utf-8") == PAGE


def test_a_docstring_reports_only_the_examples_that_need_a_person(item: Any) -> None:
    failures = [failure("f(1)", "1\n", "one\n", 2), *KEPT]
    with pytest.raises(MultipleDoctestFailures) as several:
        collect(item, MultipleDoctestFailures(failures))
    assert several.value.failures == KEPT
    examples_output.write()
    assert item.path.read_text(encoding="utf-8") == PAGE.replace("\n1\n", "\none\n")
