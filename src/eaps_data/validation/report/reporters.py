"""Reports of a validation: one line a problem for people, and four formats that other programs read."""

from typing import Final, Literal, Protocol, TextIO, TypeAlias, get_args

from eaps_data.errors import Problem
from eaps_data.validation.report.summary import Summary

__all__ = ["FORMATS", "Format", "Reporter", "Summary", "reporter"]

Format: TypeAlias = Literal["text", "json", "github", "sarif", "junit"]

FORMATS: Final[tuple[Format, ...]] = get_args(Format)
"""The formats that a report may have."""


class Reporter(Protocol):
    """Takes what a validation finds, as it is found, and writes the report.

    The calls come in the order `begin`, then `file` and `problem` as often as it takes, then `end`. What text,
    JSON and GitHub's commands need in memory does not grow with the report; SARIF and JUnit are written at the end.
    """

    def begin(self) -> None:
        """The validation begins."""
        ...

    def file(self, name: str) -> None:
        """The check of a file begins; the problems that follow may be its."""
        ...

    def problem(self, problem: Problem) -> None:
        """A problem is found; a file that cannot be read is a problem of the rule `unreadable`."""
        ...

    def end(self, summary: Summary) -> None:
        """The validation is done; the report is complete."""
        ...


def reporter(form: Format, out: TextIO, *, colour: bool = False) -> Reporter:
    r"""Make the reporter of a format. Whatever the encoding of `out`, the report can be written to it.

    Args:
        form: `text`; `json`, which follows the schema `report`; `github`, the workflow commands of GitHub Actions;
            `sarif`, which is SARIF 2.1.0; or `junit`, which is JUnit's XML.
        out: where to write.
        colour: whether `text` has ANSI colours; the other formats have none.

    Raises:
        ValueError: when there is no such format.

    >>> import sys
    >>> report = reporter("text", sys.stdout)
    >>> report.begin()
    >>> report.problem(Problem(rule="term", message="this is no term", file="a.json", line=2, column=9))
    a.json:2:9: this is no term
    >>> report.end(Summary(files=1, records=3, errors=1))
    1 file, 3 records checked: 1 error
    """
    # A module a format, imported when it is asked for: a command pays for no XML that it does not write.
    match form:
        case "text":
            from eaps_data.validation.report.text import TextReporter

            return TextReporter(out, colour=colour)
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
            raise ValueError(f"there is no format {form!r} of reports; there are: {', '.join(FORMATS)}")
