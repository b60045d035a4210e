"""What can go wrong: each error names the thing, the place, and the fix."""

from collections.abc import Sequence
from os import PathLike, fspath
from typing import Literal, NamedTuple, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""A place in a document, as the keys and indexes that lead to it."""

_SHOWN = 50


class Problem(NamedTuple):
    """One problem of some data.

    Attributes:
        rule: the name of the rule that is broken, such as `dangling-reference`.
        message: what is wrong and, where one can tell, what would mend it.
        severity: `error`, or `warning` for what is allowed but looks like a mistake.
        record: table and id of the record, such as `programs/revere-bhu`.
        field: the record's field.
        pointer: the place in the document, as a JSON Pointer (RFC 6901).
        file: the file, as it was given.
        line: the line in the file, from 1.
        column: the column in the line, from 1, in characters.
        path: the place in the document, as its steps: what `pointer` says, for programs.
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
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        about = ", ".join(part for part in (self.record, self.field) if part is not None)
        warning = "warning" if self.severity == "warning" else ""
        return printable(": ".join(part for part in (place or self.pointer, warning, about, self.message) if part))

    def to_dict(self) -> dict[str, str | int | None]:
        """The problem as plain data."""
        return {name: getattr(self, name) for name in self._fields if name != "path"}

    def at(self, file: str | None, line: int | None = None, column: int | None = None) -> "Problem":
        """The same problem, with its place in a file where it has none yet."""
        return self._replace(file=file, line=self.line or line, column=self.column or column)

    def on_line(self, line: int) -> "Problem":
        """The same problem of a text of one line, which stands on a line of a file."""
        return self._replace(line=line, column=self.column or 1)

    def below(self, steps: int) -> "Problem":
        """The same problem in a document that begins some steps further down."""
        path = self.path[steps:]
        return self._replace(path=path, pointer=pointer(path))


def pointer(path: Sequence[str | int]) -> str:
    """Write a path as a JSON Pointer (RFC 6901).

    >>> pointer(("programs", 3, "a/b"))
    '/programs/3/a~1b'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def printable(text: str) -> str:
    r"""A text with its control, format and odd space characters written as escapes: none reaches a terminal.

    >>> print(printable("a\u00a0b\x1b[2J"))
    a\xa0b\x1b[2J
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)


class EapsDataError(Exception):
    """The base of all errors that this package raises itself."""


class KeyNotFoundError(EapsDataError, KeyError):
    """A lookup found no record.

    Attributes:
        table: the table that was searched.
        key: the key as it was given.
        closest: keys that do exist and resemble it, best first.
    """

    def __init__(self, table: str, key: str, closest: Sequence[str] = ()) -> None:
        super().__init__(table, key, closest)
        self.table, self.key, self.closest = table, key, closest

    def __str__(self) -> str:
        return f'no record of {self.table} has the key "{self.key}"{did_you_mean(self.closest)}'


class RemovedIdError(KeyNotFoundError):
    """A lookup by an id that was removed.

    Attributes:
        since: the first version of the data without it.
        why: why it was removed.
    """

    def __init__(self, table: str, key: str, since: str, why: str) -> None:
        super().__init__(table, key)
        self.args = (table, key, since, why)  # what pickle makes it of again
        self.since, self.why = since, why

    def __str__(self) -> str:
        return f'"{self.table}/{self.key}" was removed in data {self.since}: {self.why}'


class RenamedIdWarning(UserWarning):
    """A lookup by an id that was renamed; the record was found by its new id.

    Attributes:
        old: the id as it was, with its table.
        new: the id as it is, with its table.
        since: the first version of the data that has the new one.
    """

    def __init__(self, old: str, new: str, since: str) -> None:
        super().__init__(old, new, since)
        self.old, self.new, self.since = old, new, since

    def __str__(self) -> str:
        return f'"{self.old}" was renamed "{self.new}" in data {self.since}; use the new id'


class AmbiguousKeyError(EapsDataError, LookupError):
    """A key could mean more than one record.

    Attributes:
        table: the table that was searched.
        key: the key as it was given.
        candidates: the keys of the records that it could mean; each finds just one of them.
    """

    def __init__(self, table: str, key: str, candidates: Sequence[str]) -> None:
        super().__init__(table, key, candidates)
        self.table, self.key, self.candidates = table, key, candidates

    def __str__(self) -> str:
        return f'"{self.key}" could mean any of these in {self.table}: {", ".join(self.candidates)}'


class UnknownFilterError(EapsDataError, TypeError):
    """`where` was given a keyword that it does not have.

    Attributes:
        table: the table that was asked.
        keyword: the keyword as it was given.
        known: the keywords that there are.
        closest: those of them that resemble it, best first.
    """

    def __init__(self, table: str, keyword: str, known: Sequence[str], closest: Sequence[str] = ()) -> None:
        super().__init__(table, keyword, known, closest)
        self.table, self.keyword, self.known, self.closest = table, keyword, known, closest

    def __str__(self) -> str:
        hint = did_you_mean(self.closest)
        return f'{self.table} has no filter "{self.keyword}"{hint}; there are: {", ".join(self.known)}'


class UnknownTermError(EapsDataError, ValueError):
    """A value is none of those that there are.

    Attributes:
        name: what it was given for: a keyword of `where`, `data_version` or `schema_version`.
        value: the value as it was given.
        known: the values that there are.
        closest: those of them that resemble it, best first.
    """

    def __init__(self, name: str, value: object, known: Sequence[str], closest: Sequence[str] = ()) -> None:
        super().__init__(name, value, known, closest)
        self.name, self.value, self.known, self.closest = name, value, known, closest

    def __str__(self) -> str:
        hint = did_you_mean(self.closest)
        known = [*self.known[:_SHOWN], *(["…"] if len(self.known) > _SHOWN else [])]
        return f'"{self.value}" is not a value of {self.name}{hint}; there are: {", ".join(known)}'


class InvalidDataError(EapsDataError, ValueError):
    """Data that is not valid: all its problems together.

    Attributes:
        problems: each problem, in the order of the data.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        count = len(self.problems)
        lines = [f"{count} problem{'' if count == 1 else 's'}", *map(str, self.problems[:_SHOWN])]
        if count > _SHOWN:
            lines.append(f"and {count - _SHOWN} more")
        return "\n".join(lines)


def did_you_mean(closest: Sequence[str]) -> str:
    """Phrase a suggestion to append to a message, empty where there is none.

    >>> did_you_mean(["revere", "Revere city"])
    '; did you mean "revere" or "Revere city"?'
    """
    return "; did you mean " + " or ".join(f'"{text}"' for text in closest) + "?" if closest else ""


class ExportError(EapsDataError, OSError):
    """A file or folder cannot be written.

    Attributes:
        path: the file or folder.
        reason: why.
    """

    def __init__(self, path: PathLike[str], reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{fspath(self.path)}: {self.reason}"


class MissingExtraError(EapsDataError, ImportError):
    """A library is not installed that the package needs for what is asked."""

    def __init__(self, purpose: str, library: str, extra: str) -> None:
        """Say what is missing.

        Args:
            purpose: what it is needed for.
            library: what is missing.
            extra: the extra of this package that installs it.
        """
        super().__init__(f"{purpose} needs {library}; install it with: pip install 'eaps-data[{extra}]'")
        self.extra = extra
