"""Update the output of the Python examples in docstrings and on pages, as `pytest --update-golden` does."""

from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from doctest import DocTestFailure, Example, UnexpectedException
from pathlib import Path
from typing import Any

import pytest
import sybil.evaluators.doctest as pages
from _pytest.doctest import MultipleDoctestFailures

_updates: defaultdict[Path, dict[int, tuple[Example, str]]] = defaultdict(dict)
"""The examples to update and their output, by file and line."""


def configure(config: pytest.Config) -> None:
    """Let every example of a docstring run, and the examples of a page raise what doctest raises."""
    config.option.doctest_continue_on_failure = True
    pages.DocTestRunner.report_failure = _raise  # type: ignore[assignment, method-assign]


def _raise(_runner: Any, _out: Any, test: Any, example: Example, got: str) -> None:
    raise DocTestFailure(test, example, got)


@contextmanager
def collected(item: pytest.Item) -> Generator[None]:
    """Collect the other output of the examples that fail; those that need a person still fail."""
    try:
        yield
    except DocTestFailure as failure:
        if _needs_a_person(failure):
            raise
        _updates[item.path][item.example.line - 1] = failure.example, failure.got  # type: ignore[attr-defined]
    except MultipleDoctestFailures as several:
        for each in several.failures:
            if not _needs_a_person(each):
                _updates[item.path][(each.test.lineno or 0) + each.example.lineno] = each.example, each.got
        if rest := [each for each in several.failures if _needs_a_person(each)]:
            raise MultipleDoctestFailures(rest) from None


def _needs_a_person(failure: DocTestFailure | UnexpectedException) -> bool:
    """Return whether only a person can write the output: an error, or output that the page shortens."""
    if isinstance(failure, UnexpectedException) or failure.example.exc_msg:
        return True
    return "..." in failure.example.want or failure.got.startswith("Traceback ") or "\\" in failure.got


def write() -> None:
    """Write the collected output into the files."""
    for path, examples in _updates.items():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        for line, (example, got) in sorted(examples.items(), reverse=True):
            start = line + example.source.count("\n")
            new = (f"{' ' * example.indent}{text.rstrip() or '<BLANKLINE>'}\n" for text in got.splitlines())
            lines[start : start + example.want.count("\n")] = new
        path.write_text("".join(lines), encoding="utf-8", newline="\n")
