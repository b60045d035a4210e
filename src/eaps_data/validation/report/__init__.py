"""Reports of a validation: one module per format, all subclasses of `base.Reporter`."""

from collections.abc import Iterable
from typing import Final, Literal, TextIO, TypeAlias, get_args

from eaps_data.errors import Problem
from eaps_data.validation.inputs import Input
from eaps_data.validation.report.base import Reporter, Summary

__all__ = ["FORMATS", "Format", "Reporter", "Summary", "reporter", "write_report"]

Format: TypeAlias = Literal["text", "json", "github", "sarif", "junit"]

FORMATS: Final[tuple[Format, ...]] = get_args(Format)
"""The report formats."""


def reporter(format: Format, out: TextIO, *, color: bool = False) -> Reporter:  # noqa: A002 - as in `export.write`
    r"""Create the reporter of a format.

    Args:
        format: `text`; `json`, which follows the schema `report`; `github`, workflow commands of GitHub Actions;
            `sarif`, SARIF 2.1.0; or `junit`, JUnit's XML.
        out: the stream to write to: UTF-8, or for `text` any encoding with an error handler.
        color: whether `text` uses ANSI colors; the other formats have none.

    Raises:
        ValueError: if the format is unknown.

    >>> import sys
    >>> report = reporter("text", sys.stdout)
    >>> report.begin()
    >>> report.problem(Problem(rule="term", message="unknown term", file="a.json", line=2, column=9))
    a.json:2:9: unknown term
    >>> report.end(Summary(files=1, records=3, errors=1))
    1 file, 3 records checked: 1 error
    """
    match format:  # each module is imported on use
        case "text":
            from eaps_data.validation.report.text import TextReporter

            return TextReporter(out, color=color)
        case "json":
            from eaps_data.validation.report.json import JsonReporter

            return JsonReporter(out)
        case "github":
            from eaps_data.validation.report.github import GithubReporter

            return GithubReporter(out)
        case "sarif":
            from eaps_data.validation.report.sarif import SarifReporter

            return SarifReporter(out)
        case "junit":
            from eaps_data.validation.report.junit import JunitReporter

            return JunitReporter(out)
        case _:
            raise ValueError(f"unknown report format {format!r}; choose one of: {', '.join(FORMATS)}")


def write_report(steps: Iterable[Problem | Input | int], report: Reporter) -> Summary:
    """Report what a check yields, as it is found, and return the counts.

    Args:
        steps: the steps of a check; see `eaps_data.validation.check`.
        report: the reporter.
    """
    files = records = errors = warnings = unreadable = 0
    current: str | None = None
    report.begin()
    for step in steps:
        if isinstance(step, Input):
            files, current = files + 1, step.name
            report.file(step.name)
        elif isinstance(step, int):
            records += step
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
