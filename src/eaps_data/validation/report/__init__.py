"""Reports of a validation: one module per format, all subclasses of `base.Reporter`."""

from importlib import import_module
from typing import TYPE_CHECKING, Final, TextIO

from eaps_data._internal.text_keys import closest
from eaps_data.errors import Problem, UnknownTermError
from eaps_data.validation.report.base import Reporter, Summary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eaps_data.validation.inputs import Input

__all__ = ["FORMATS", "Reporter", "Summary", "reporter", "write_report"]

_CLASSES: Final = {
    "text": "TextReporter",
    "json": "JsonReporter",
    "github": "GithubReporter",
    "sarif": "SarifReporter",
    "junit": "JunitReporter",
}

FORMATS: Final = tuple(_CLASSES)
"""The report formats; each has a module of that name."""


def reporter(format: str, out: TextIO) -> Reporter:
    r"""Create the reporter of a format.

    Args:
        format: `text`; `json`, which follows the schema `report`; `github`, workflow commands of GitHub Actions;
            `sarif`, SARIF 2.1.0; or `junit`, JUnit's XML.
        out: the stream to write to: UTF-8, or for `text` any encoding with an error handler.

    Raises:
        UnknownTermError: if the format is unknown.

    >>> import sys
    >>> report = reporter("text", sys.stdout)
    >>> report.begin()
    >>> report.problem(Problem(rule="term", message="unknown term", file="a.json", line=2, column=9))
    a.json:2:9: unknown term
    >>> report.end(Summary(files=1, records=3, errors=1))
    1 file, 3 records checked: 1 error
    """
    if format not in FORMATS:
        raise UnknownTermError("format", format, FORMATS, closest(format, FORMATS))
    module = import_module(f"eaps_data.validation.report.{format}")  # a report needs no other format's libraries
    created: Reporter = getattr(module, _CLASSES[format])(out)
    return created


def write_report(steps: "Iterable[Problem | Input | int]", report: Reporter) -> Summary:
    """Report what a check yields, as it is found, and return the counts.

    Args:
        steps: the steps of a check; see `eaps_data.validation.check`.
        report: the reporter.
    """
    files = records = errors = warnings = unreadable = 0
    current: str | None = None
    report.begin()
    for step in steps:
        if isinstance(step, int):
            records += step
        elif not isinstance(step, Problem):
            files, current = files + 1, step.name
            report.file(step.name)
        else:
            report.problem(step)
            if step.rule == "unreadable":
                # A missing file was never started and counted; a file that broke midway was.
                files, current = files - (step.file == current), None
                unreadable += 1
            elif step.severity == "warning":
                warnings += 1
            else:
                errors += 1
    summary = Summary(files, records, errors, warnings, unreadable)
    report.end(summary)
    return summary
