"""What records are checked against, and the check of one record or one document, whatever format it came in."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import PurePath
from typing import Any, Final, Protocol

from eaps_data import integrity
from eaps_data.errors import InvalidDataError, KeyNotFoundError
from eaps_data.fields import Model, model_in
from eaps_data.keys import closest
from eaps_data.models import RECORDS, DatasetDocument, GrantProgram, Release
from eaps_data.past_ids import Redirect, Tombstone
from eaps_data.problems import Problem
from eaps_data.reading import validated

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


def check_kind(kind: str | None) -> None:
    """Refuse a kind that there is not.

    Raises:
        KeyNotFoundError: it names the closest.
    """
    if kind is not None and kind not in KINDS:
        raise KeyNotFoundError("the kinds of data", kind, closest(kind, KINDS))


def recognise(value: Any, file: str | None = None) -> str:
    """What plain data is meant to be, by its shape: `dataset`, or the name of a table.

    An empty array has no shape; it is what its file's name says, as in `redirects.json`.

    Raises:
        InvalidDataError: when it has no such shape.

    >>> recognise([{"program": "revere-bhu", "partner": "rpd", "role": "creator"}])
    'partnerships'
    """
    if value == [] and file is not None and PurePath(file).stem in KINDS:
        return PurePath(file).stem
    sample: Any = value[0] if isinstance(value, list) and value else value
    if isinstance(sample, dict):
        keys = set(sample)
        if not isinstance(value, list) and keys & {"$schema", *KINDS}:
            return "dataset"
        best = best_kind(keys)
        if best:
            return best
    message = "this is neither a dataset document nor records of a table; say which with a type: " + ", ".join(KINDS)
    raise InvalidDataError([Problem(rule="shape", message=message, line=1, column=1)])


def best_kind(keys: set[str]) -> str | None:
    """The kind of record that has most of some fields, and fewest others; None where none has any.

    >>> best_kind({"id", "name", "started_year"})
    'programs'
    """
    fields = {name: flat_fields(kind) for name, kind in KINDS.items() if name != "dataset"}
    best = max(fields, key=lambda name: (len(fields[name] & keys), -len(fields[name] - keys)))
    return best if fields[best] & keys else None


def flat_fields(kind: type[Model]) -> set[str]:
    """The fields of a record, with those of its parts, as a table of one row a record has them."""
    parts = [model_in(field.annotation) for field in kind.model_fields.values()]
    return {*kind.model_fields, *(name for part in parts if part for name in part.model_fields)}


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
        return [problem.below(1) for problem in integrity.check_table(name, [*map(vars, checked)])]
    return []
