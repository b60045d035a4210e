"""One problem of some data: what is wrong, where, and what would mend it."""

import json
from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_LONGEST = 60


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


def breach(rule: str, message: str, path: Path, record: str, field: str | None = None) -> Problem:
    """A problem of a record, at a place in the document."""
    return Problem(rule=rule, message=message, record=record, field=field, pointer=pointer(path), path=path)


def repeated(table: str, subjects: Sequence[str], identities: Sequence[Hashable]) -> Iterator[Problem]:
    """A problem for each row of a table that has the identity of one before it.

    Args:
        table: the table.
        subjects: what each row is called.
        identities: what no two rows may share.
    """
    first: dict[Hashable, int] = {}
    for index, identity in enumerate(identities):
        if first.setdefault(identity, index) != index:
            message = f"the same row stands at {table}[{first[identity]}]; give it an id of its own, or remove it"
            yield breach("duplicate-id", message, (table, index, "id"), subjects[index], "id")


def shown(value: Any) -> str:
    """A value as JSON, cut to a readable length.

    >>> shown("revere")
    '"revere"'
    """
    text = printable(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def printable(text: str) -> str:
    r"""A text with its control, format and odd space characters written as escapes: none reaches a terminal.

    >>> print(printable("a\u00a0b\x1b[2J"))
    a\xa0b\x1b[2J
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)
