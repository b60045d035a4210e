"""What records are checked against, and the check of one record or one document, whatever format it came in."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, Protocol

from eaps_data.errors import Problem
from eaps_data.models.fields import Model
from eaps_data.models.past_ids import Redirect, Tombstone
from eaps_data.models.records import RECORDS, DatasetDocument, GrantProgram, Release
from eaps_data.rules import integrity
from eaps_data.rules.columns import Columns
from eaps_data.tables.loading import validated

KINDS: Final[Mapping[str, type[Model]]] = {
    "dataset": DatasetDocument,
    "release": Release,
    "grant_program": GrantProgram,
    **RECORDS,
    "redirects": Redirect,
    "tombstones": Tombstone,
}
"""What data may be: a dataset document, or records of one sort."""


class Located(Protocol):
    """Knows where the values of a text stand."""

    def locate(self, problem: Problem, file: str | None) -> Problem:
        """The problem, with its place in the text."""
        ...


def problems_of(name: str, value: Any, text: bytes, places: Callable[[], Located], file: str | None) -> list[Problem]:
    """Every problem of a document, of records or of one record, with its place.

    Args:
        name: the kind that it is to be, one of `KINDS`.
        value: the data, in plain Python.
        text: the same data, as JSON.
        places: makes what knows the places; asked only where there is a problem.
        file: the file's name.
    """
    kind = several(name) if isinstance(value, list) and name != "dataset" else KINDS[name]
    table = None if name == "dataset" else name
    _, found = validated(kind, value, text, table=table, check=lambda records: between(name, records))
    if not found:
        return []
    located = places()
    return [located.locate(problem, file) for problem in found]


@cache
def several(name: str) -> Any:
    """The type of several records of a kind."""
    return tuple[KINDS[name], ...]  # type: ignore[valid-type]  # made as it is needed


def between(name: str, checked: Any) -> list[Problem]:
    """What the rules between records say of a dataset document, or of the records of one table."""
    if name == "dataset":
        return integrity.check(checked) or integrity.warnings(checked)
    if name in RECORDS and isinstance(checked, tuple):
        # In a file of one table, a place does not begin with the table's name.
        columns = Columns(name, integrity.LOOKED_AT_ALONE[name], [*map(vars, checked)])
        return [problem.below(1) for problem in integrity.check_table(columns)]
    return []
