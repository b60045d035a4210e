"""Reports of a validation: one module per format, all subclasses of `base.Reporter`."""

from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, Final, TextIO

from eaps_data._internal.arguments import one_of
from eaps_data.errors import Problem
from eaps_data.validation.report.base import Reporter, Summary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eaps_data.validation.inputs import Count, Input

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
    >>> report.end(Summary(files=1, records=3, errors=1, tables={"partners": 3}))
    1 file, 3 records checked: 1 error
    """
    one_of("format", format, FORMATS)
    module = import_module(f"eaps_data.validation.report.{format}")  # a report needs no other format's libraries
    created: Reporter = getattr(module, _CLASSES[format])(out)
    return created


def write_report(
    steps: "Iterable[Problem | Input | Count]", report: Reporter, max_problems: int | None = None
) -> Summary:
    """Report what a check yields, as it is found, and return the counts.

    Args:
        steps: the steps of a check; see `eaps_data.validation.check`.
        report: the reporter.
        max_problems: how many problems of a file are listed; the others are only counted. All are listed if not given.
    """
    from eaps_data.validation.inputs import Count  # imports the formats, which other commands do not need

    counts: Counter[str] = Counter()
    tables: Counter[str] = Counter()
    listed: Counter[str | None] = Counter()
    current: str | None = None
    report.begin()
    for step in steps:
        if isinstance(step, Problem):
            is_unreadable = step.rule == "unreadable"
            counts["unreadable" if is_unreadable else f"{step.severity}s"] += 1
            if is_unreadable:
                # A missing file was never started and counted; a file that broke midway was.
                counts["files"] -= step.file == current
                current = None
            listed[step.file] += 1
            if is_unreadable or max_problems is None or listed[step.file] <= max_problems:
                report.problem(step)
            else:
                counts["omitted"] += 1
                report.omitted(step)
        elif isinstance(step, Count):
            counts["records"] += step.records
            if step.type == "dataset":
                counts["datasets"] += step.linked
            elif step.type is not None:
                tables[step.type] += step.records
        else:
            counts["files"] += 1
            current = step.name
            listed.clear()
            report.file(step.name)
    summary = Summary(**counts, tables=+tables)  # without tables that have no records
    report.end(summary)
    return summary
