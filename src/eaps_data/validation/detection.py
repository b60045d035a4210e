"""Detect what data is meant to be from its shape: a dataset document, or records of one table."""

from functools import cache
from pathlib import PurePath
from typing import Any, Final, cast, get_args

from eaps_data._internal.text_keys import closest
from eaps_data.errors import InvalidDataError, KeyNotFoundError
from eaps_data.models.table_specs import MEMBERS, DataType, MemberName
from eaps_data.rules.problem import violation
from eaps_data.schemas.document import nested, schema_of

TYPES: Final[tuple[DataType, ...]] = get_args(DataType)
"""What data may be."""
_DOCUMENT: Final = frozenset((*TYPES, "schema_version"))
"""The keys that only a dataset document has."""


def check_type(type_: str | None) -> None:
    """Refuse an unknown type of data.

    Raises:
        KeyNotFoundError: if there is no such type; it names the closest.
    """
    if type_ is not None and type_ not in TYPES:
        raise KeyNotFoundError("data types", type_, closest(type_, TYPES))


def detect(value: Any, file: str | None = None) -> DataType:
    """Return what plain data is meant to be, by its shape: `dataset`, or the name of a table.

    An empty array has no shape; the name of its file decides, as in `redirects.json`.

    Raises:
        InvalidDataError: if no table has such a shape.

    >>> detect([{"program": "revere-bhu", "partner": "rpd", "role": "creator"}])
    'partnerships'
    """
    if value == [] and file is not None and PurePath(file).stem in TYPES:
        return cast("DataType", PurePath(file).stem)
    sample: Any = value[0] if isinstance(value, list) and value else value
    if isinstance(sample, dict):
        keys = {*sample}
        if not isinstance(value, list) and not keys.isdisjoint(_DOCUMENT):
            return "dataset"
        found = closest_table(keys)
        if found is not None:
            return found
        if not isinstance(value, list) and "$schema" in keys:
            return "dataset"
    message = f"this is neither a dataset document nor records of a table; give its type: {', '.join(TYPES)}"
    raise InvalidDataError([violation("shape", message, ()).at(file, 1, 1)])


def closest_table(names: set[str]) -> MemberName | None:
    """Return the table with most of some fields, and the fewest others; None if no table has any of them.

    >>> closest_table({"id", "name", "started_year"})
    'programs'
    """
    best = max(MEMBERS, key=lambda name: (len(_fields(name) & names), -len(_fields(name) - names)))
    return best if _fields(best) & names else None


@cache
def _fields(name: str) -> frozenset[str]:
    """The fields of a table's records, with the columns that nested objects become."""
    schema = schema_of(name)
    return frozenset(schema["properties"]).union(*(part["properties"] for part, _ in nested(schema).values()))
