"""One problem of some data: what is wrong, where, and what would mend it."""

import json
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from eaps_data.errors import Path, Problem, pointer, printable

_LONGEST = 60


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
