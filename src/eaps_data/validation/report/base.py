"""The base class of all reporters, and the string helpers that they share."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TextIO

from eaps_data._internal.safe_text import with_surrogates_escaped, without_commands
from eaps_data.errors import Problem, printable


class Summary(NamedTuple):
    """What was checked, and how many problems were found.

    Attributes:
        files: the number of files that were checked, without the unreadable ones.
        records: the number of records that were checked.
        errors: the number of errors, without the unreadable files.
        warnings: the number of warnings.
        unreadable: the number of files that could not be read.
        omitted: the number of problems that were counted, but not listed.
        datasets: the number of datasets, whose references were checked.
        tables: the number of records in other files by their table, whose references were not checked.
    """

    files: int = 0
    records: int = 0
    errors: int = 0
    warnings: int = 0
    unreadable: int = 0
    omitted: int = 0
    datasets: int = 0
    tables: Mapping[str, int] = MappingProxyType({})

    def __str__(self) -> str:
        """Return the result in one line.

        >>> str(Summary(files=3, records=120, errors=2, warnings=1, datasets=1))
        '3 files, 120 records checked: 2 errors, 1 warning'
        >>> str(Summary(files=1, records=120, errors=2))
        '1 file, 120 records checked: 2 errors (references not checked: fix these errors first)'
        >>> str(Summary(files=1, records=1)), str(Summary(unreadable=1))
        ('1 file, 1 record checked: valid', '0 files checked: 1 file unreadable')
        >>> str(Summary(files=1, records=2, tables={"programs": 2}))
        '1 file, 2 records checked: valid (2 records of programs: references not checked)'
        """
        checked = counted(self.files, "file") + (f", {counted(self.records, 'record')}" if self.records else "")
        found = [counted(self.errors, "error")] if self.errors else []
        if not self.errors and not self.unreadable:
            found.append("valid")
        if self.warnings:
            found.append(counted(self.warnings, "warning"))
        if self.unreadable:
            found.append(f"{counted(self.unreadable, 'file')} unreadable")
        scope = "" if self.errors or self.unreadable else self.scope
        if self.errors and self.records and not (self.datasets or self.tables or self.unreadable):
            scope = "references not checked: fix these errors first"
        return f"{checked} checked: {', '.join(found)}{scope and f' ({scope})'}"

    @property
    def scope(self) -> str:
        """What was checked, in words; empty if there was nothing."""
        parts: list[str] = []
        if self.datasets:
            noun = "a dataset" if self.datasets == 1 else f"{self.datasets} datasets"
            parts.append(f"{noun}: references checked")
        if self.tables:
            records = ", ".join(f"{counted(number, 'record')} of {table}" for table, number in self.tables.items())
            parts.append(f"{records}: references not checked")
        return "; ".join(parts)


class Reporter:
    """Writes the report of a validation; each format overrides the methods that it needs.

    The calls are `begin`, then `file` and `problem` in the order of the input, then `end`.
    """

    def __init__(self, out: TextIO) -> None:
        """Report to `out`, a stream that accepts every character (UTF-8, or with an error handler)."""
        self._out = out

    def begin(self) -> None:
        """Start the report."""

    def file(self, name: str) -> None:
        """Start a file; its problems follow."""

    def problem(self, problem: Problem) -> None:
        """Add a problem; a file that cannot be read is a problem of the rule `unreadable`."""

    def omitted(self, problem: Problem) -> None:
        """Count a problem that is not listed, because many of its file are."""

    def end(self, summary: Summary) -> None:
        """Complete the report."""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "file"), counted(2, "file")
    ('1 file', '2 files')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def more_problems(number: int, file: str | None) -> str:
    """Return a line about problems of a file that are not listed.

    >>> more_problems(25_000, "a.json")
    'a.json: 25,000 more problems; raise --max-problems to list them'
    """
    place = "" if file is None else f"{file}: "
    problems = "problem" if number == 1 else "problems"
    return without_commands(printable(f"{place}{number:,} more {problems}; raise --max-problems to list them"))


def text_line(problem: Problem) -> str:
    """Return a problem as one line of text that is safe to print."""
    return without_commands(str(problem))


def subject_and_message(problem: Problem) -> str:
    """Return a problem without its place: the record, the field and the message."""
    subject = ", ".join(part for part in (problem.record, problem.field) if part is not None)
    return f"{subject}: {problem.message}" if subject else problem.message


def as_dict(problem: Problem) -> Mapping[str, Any]:
    """Return a problem as a dictionary that can be written as JSON."""
    return {
        name: with_surrogates_escaped(part) if isinstance(part, str) else part
        for name, part in problem.to_dict().items()
    }
