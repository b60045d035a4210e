"""Detect what data is meant to be: a dataset document, or records of one table."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import PurePath
from typing import Any, Final, get_args

from eaps_data._internal.arguments import one_of
from eaps_data.errors import InvalidDataError
from eaps_data.models.table_specs import MEMBERS, DataType, MemberName
from eaps_data.rules.problem import violation
from eaps_data.schemas.document import nested, schema_of
from eaps_data.schemas.published import record_schema_name

TYPES: Final[tuple[DataType, ...]] = get_args(DataType)
"""What data may be."""
_GZ: Final = re.compile(r"\.gz$", re.IGNORECASE)
_SCHEMA: Final = re.compile(r"(?:^|[/\\])([a-z-]+)\.schema\.json$|^urn:eaps-data:schema:([a-z-]+):")
_DOCUMENT: Final = frozenset((*TYPES, "schema_version"))
"""The keys that only a dataset document has."""


def check_type(type_: str | None) -> None:
    """Refuse an unknown type of data.

    Raises:
        UnknownTermError: if there is no such type; it lists the possible ones.
    """
    if type_ is not None:
        one_of("type", type_, TYPES)


def named(file: str | None) -> MemberName | None:
    """Return the table that a file's name names, as `redirects.json` does; None if it names none."""
    stem = PurePath(_GZ.sub("", file or "")).stem
    return next((name for name in MEMBERS if name == stem), None)


def detect(value: Any, file: str | None = None) -> DataType:
    """Return what plain data is meant to be: `dataset`, or the name of a table.

    A document has keys that nothing else has. Else the `$schema` of a record decides, then the name of its file, and
    then its fields.

    Raises:
        InvalidDataError: if no table, or more than one, has such fields.

    >>> detect([{"program": "revere-bhu", "partner": "rpd", "role": "creator"}])
    'partnerships'
    """
    sample: Any = value[0] if isinstance(value, list) and value else value
    keys = {*sample} if isinstance(sample, dict) else set[str]()
    if isinstance(value, dict) and not keys.isdisjoint(_DOCUMENT):
        return "dataset"
    name = _of_schema(value) or named(file)
    if name is not None:
        return name
    likely = closest_tables(keys)
    if len(likely) == 1:
        return likely[0]
    if isinstance(value, dict) and "$schema" in keys and not likely:
        return "dataset"
    if likely:
        message = undecided(likely)
    else:
        message = f"this is neither a dataset document nor records of a table; give its type: {', '.join(TYPES)}"
    raise InvalidDataError([violation("shape", message, ()).at(file, 1, 1)])


def undecided(likely: Sequence[str]) -> str:
    """Return the message about records that may be of several tables."""
    return f"these may be records of {' or of '.join(likely)}; give the type: --type {likely[0]}, for example"


def _of_schema(value: Any) -> MemberName | None:
    """Return the table of the schema that a record names for an editor: by its file's name, or by its id."""
    schema = value.get("$schema") if isinstance(value, dict) else None
    match = _SCHEMA.search(schema) if isinstance(schema, str) else None
    return next((table for table in MEMBERS if match and record_schema_name(table) in match.groups()), None)


def closest_tables(names: set[str]) -> list[MemberName]:
    """Return the tables with most of some fields; none if no table has any of them.

    Of these, a table is preferred all of whose fields are there, then those whose required fields are, and then
    the one with the fewest fields.

    >>> closest_tables({"id", "name", "started_year"}), closest_tables({"id", "name", "municipality"})
    (['programs'], ['programs', 'partners'])
    """
    most = max(len(_fields(name) & names) for name in MEMBERS)
    likely: list[MemberName] = [name for name in MEMBERS if len(_fields(name) & names) == most > 0]
    complete: list[MemberName] = [name for name in likely if {*schema_of(name).get("required", ())} <= names]
    likely.sort(key=lambda name: len(_fields(name)))
    return likely[:1] if likely and _fields(likely[0]) <= names else complete or likely[:1]


@cache
def _fields(name: str) -> frozenset[str]:
    """The fields of a table's records, with the columns that nested objects become."""
    schema = schema_of(name)
    return frozenset(schema["properties"]).union(*(part["properties"] for part, _ in nested(schema).values()))
