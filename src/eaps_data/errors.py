"""Exceptions, warnings, and problems in data: each names what is wrong, where, and how to fix it."""

import reprlib
from collections.abc import Sequence
from numbers import Number
from os import PathLike, fspath
from typing import Any, Final, Literal, NamedTuple, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""A location in a document: the keys and indexes that lead to it."""

_MAX_SHOWN = 50
_MOST_BITS: Final = 2_000  # Python may refuse to write more than 640 digits


class Problem(NamedTuple):
    """One problem in data.

    Attributes:
        rule: the name of the violated rule, such as `dangling-reference`.
        message: what is wrong and, where known, how to fix it.
        severity: `error`, or `warning` for what is allowed but looks like a mistake.
        record: table and id of the record, such as `programs/revere-bhu`.
        field: the record's field.
        pointer: the location in the document, as a JSON Pointer (RFC 6901).
        file: the file, as it was given.
        line: the line in the file, from 1.
        column: the column in the line, from 1, in characters.
        path: the location in the document as keys and indexes: what `pointer` says, for programs.
    """

    rule: str
    message: str
    severity: Literal["error", "warning"] = "error"
    record: str | None = None
    field: str | None = None
    pointer: str = ""
    file: str | None = None
    line: int | None = None
    column: int | None = None
    path: Path = ()

    def __str__(self) -> str:
        location = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        about = ", ".join(part for part in (self.record, self.field) if part is not None)
        warning = "warning" if self.severity == "warning" else ""
        return printable(": ".join(part for part in (location or self.pointer, warning, about, self.message) if part))

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the problem as plain data."""
        return {name: getattr(self, name) for name in self._fields if name != "path"}

    def at(self, file: str | None, line: int | None = None, column: int | None = None) -> "Problem":
        """Return the problem with a file, and with a line and column unless it already has them."""
        return self._replace(file=file, line=self.line or line, column=self.column or column)

    def on_line(self, line: int) -> "Problem":
        """Return the problem of a one-line text with the number of that line in the file."""
        return self._replace(line=line, column=self.column or 1)

    def below(self, steps: int) -> "Problem":
        """Return the problem as located in the part of the document that is `steps` levels down."""
        path = self.path[steps:]
        return self._replace(path=path, pointer=pointer(path))


def pointer(path: Sequence[str | int]) -> str:
    """Return a path as a JSON Pointer (RFC 6901).

    >>> pointer(("programs", 3, "a/b"))
    '/programs/3/a~1b'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def printable(text: str) -> str:
    r"""Escape control, format and unusual space characters, so that none reaches a terminal.

    >>> print(printable("a\u00a0b\x1b[2J"))
    a\xa0b\x1b[2J
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)


class EapsDataError(Exception):
    """Base class of all errors that this package raises."""


class KeyNotFoundError(EapsDataError, KeyError):
    """A lookup found no record.

    Attributes:
        table: the table that was searched, or `dataset` for all of them.
        key: the key as it was given.
        closest: existing keys that resemble it, best first.
    """

    def __init__(self, table: str, key: str, closest: Sequence[str] = ()) -> None:
        super().__init__(table, key, closest)
        self.table: str = table
        self.key: str = key
        self.closest: Sequence[str] = closest

    def __str__(self) -> str:
        return f"unknown {self.table} key {brief(self.key)}{did_you_mean(self.closest)}"


class RemovedIdError(KeyNotFoundError):
    """A lookup used an id that was removed.

    Attributes:
        since: the first version of the data without it.
        why: why it was removed.
    """

    def __init__(self, table: str, key: str, since: str, why: str) -> None:
        super().__init__(table, key)
        self.args: tuple[Any, ...] = (table, key, since, why)  # the arguments with which pickle restores the error
        self.since: str = since
        self.why: str = why

    def __str__(self) -> str:
        return f"removed {self.table} id {self.key!r} (since data {self.since}): {self.why}"


class RenamedIdWarning(UserWarning):
    """A lookup used an id that was renamed; the record was found by its new id.

    Attributes:
        old: table and old id, such as `programs/revere-unit`.
        new: table and new id.
        since: the first version of the data with the new id.
    """

    def __init__(self, old: str, new: str, since: str) -> None:
        super().__init__(old, new, since)
        self.old: str = old
        self.new: str = new
        self.since: str = since

    def __str__(self) -> str:
        (table, _, old), new = self.old.partition("/"), self.new.partition("/")[2]
        return f"renamed {table} id {old!r} (since data {self.since}); use {new!r}"


class OldSchemaWarning(UserWarning):
    """A dataset document of an earlier schema was read, and migrated to the current one.

    Attributes:
        problem: the notice: its file, and what to do.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem: Problem = problem

    def __str__(self) -> str:
        return str(self.problem._replace(severity="error"))  # the category names it a warning already


class AmbiguousKeyError(EapsDataError, LookupError):
    """A key matches more than one record.

    Attributes:
        table: the table that was searched, or `dataset` for all of them.
        key: the key as it was given.
        candidates: keys of the records that it matches; each finds exactly one of them.
    """

    def __init__(self, table: str, key: str, candidates: Sequence[str]) -> None:
        super().__init__(table, key, candidates)
        self.table: str = table
        self.key: str = key
        self.candidates: Sequence[str] = candidates

    def __str__(self) -> str:
        return f"ambiguous {self.table} key {brief(self.key)}; use {_one_of(self.candidates)}"


class UnknownFilterError(EapsDataError, TypeError):
    """`where` was called with an unknown keyword.

    Attributes:
        table: the table that was filtered.
        keyword: the keyword as it was given.
        known: the table's filters.
        closest: the filters that resemble the keyword, best first.
        reason: why there is no such filter, if that is known; else empty.
    """

    def __init__(
        self, table: str, keyword: str, known: Sequence[str], closest: Sequence[str] = (), reason: str = ""
    ) -> None:
        super().__init__(table, keyword, known, closest, reason)
        self.table: str = table
        self.keyword: str = keyword
        self.known: Sequence[str] = known
        self.closest: Sequence[str] = closest
        self.reason: str = reason

    def __str__(self) -> str:
        hint = f"{did_you_mean(self.closest)}{self.reason or f'; expected {_one_of(self.known)}'}"
        return f"unknown {self.table} filter {brief(self.keyword)}{hint}"


class UnknownTermError(EapsDataError, ValueError):
    """A value is not one of the possible values.

    Attributes:
        name: the parameter it was given for: a keyword of `where`, `data_version` or `schema_version`.
        value: the value as it was given.
        known: the possible values; none if None was given and the filter should be left out.
        closest: the possible values that resemble it, best first.
        hint: what to give instead, if that is known; else empty.
    """

    def __init__(
        self, name: str, value: object, known: Sequence[str], closest: Sequence[str] = (), hint: str = ""
    ) -> None:
        super().__init__(name, value, known, closest, hint)
        self.name: str = name
        self.value: object = value
        self.known: Sequence[str] = known
        self.closest: Sequence[str] = closest
        self.hint: str = hint

    def __str__(self) -> str:
        value = brief(str(self.value) if isinstance(self.value, str) else self.value)  # a term is shown as its text
        hint = f"{did_you_mean(self.closest)}{self.hint and f'; {self.hint}'}"
        known = f"; expected {_one_of(self.known)}" if self.known else ""
        return f"unknown {self.name} value {value}{hint}{known}"


class InvalidDataError(EapsDataError, ValueError):
    """Data is invalid.

    Attributes:
        problems: all problems, in the order of the data.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems: tuple[Problem, ...] = tuple(problems)

    def __str__(self) -> str:
        count = len(self.problems)
        lines = [f"{count} problem{'' if count == 1 else 's'}", *map(str, self.problems[:_MAX_SHOWN])]
        if count > _MAX_SHOWN:
            lines.append(f"and {count - _MAX_SHOWN} more")
        return "\n".join(lines)


class ExportError(EapsDataError, OSError):
    """A file or folder cannot be written.

    Attributes:
        path: the file or folder.
        reason: why.
    """

    def __init__(self, path: PathLike[str], reason: str) -> None:
        super().__init__(path, reason)
        self.path: PathLike[str] = path
        self.reason: str = reason

    def __str__(self) -> str:
        return f"{fspath(self.path)}: {self.reason}"


class MissingExtraError(EapsDataError, ImportError):
    """An optional library that an operation needs is not installed.

    Attributes:
        purpose: what needs the library.
        library: the missing library; of several, any one is enough.
        extra: the extra of this package that installs it.
    """

    def __init__(self, purpose: str, library: str, extra: str) -> None:
        super().__init__(purpose, library, extra)
        self.purpose: str = purpose
        self.library: str = library
        self.extra: str = extra

    def __str__(self) -> str:
        # The library's name, unlike the extra's, installs it wherever this package came from.
        command = f"pip install {self.library.partition(',')[0].partition(' or ')[0]}"
        return f"{self.purpose} needs {self.library} (extra {self.extra!r}); install it with: {command}"


def did_you_mean(closest: Sequence[str]) -> str:
    """Return a suggestion to append to a message; an empty string if there is nothing to suggest.

    >>> did_you_mean(["revere", "Revere city"])
    " (did you mean 'revere' or 'Revere city'?)"
    """
    return f" (did you mean {' or '.join(map(repr, map(str, closest)))}?)" if closest else ""


class _Brief(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxstring = 200

    def repr_int(self, x: int, level: int) -> str:
        if x.bit_length() < _MOST_BITS:
            return super().repr_int(x, level)
        return f"<int of {x.bit_length():,} bits>"


_BRIEF: Final = _Brief()


def brief(given: object) -> str:
    """Return a value of any type as an error shows it: in one short line.

    >>> brief(b"a"), brief(Problem), brief(Problem("shape", "a long message"))
    ("b'a'", '<class Problem>', '<Problem>')
    """
    if isinstance(given, type):
        return f"<class {given.__name__}>"
    is_plain = type(given).__module__ == "builtins" or isinstance(given, Number)
    return _BRIEF.repr(given) if is_plain else f"<{type(given).__name__}>"


def _one_of(known: Sequence[str]) -> str:
    """Return the possible values to append to a message; of a long list, the beginning."""
    shown = [*known[:_MAX_SHOWN], *(["…"] if len(known) > _MAX_SHOWN else [])]
    return f"one of: {', '.join(shown)}"
