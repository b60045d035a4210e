"""The columns of each table, as every format and data frame stores them: flat, in one order, with their meaning.

The parts of a nested object, such as `identifiers`, are columns of the table. A list is one column, or a table by
itself in a format without lists. The columns come from the published schema, without importing the models.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from operator import itemgetter
from typing import Any, Final, Literal, TypeAlias

from eaps_data.models.table_specs import REFERENCES, TABLE_SPECS
from eaps_data.schemas import document

ColumnType: TypeAlias = Literal["text", "integer", "number", "boolean", "date"]
"""The type of a value; a term of a vocabulary is text, and a date is text such as 2026-01-31."""

_SINGULAR: Final[Mapping[str, str]] = {
    "activities": "activity",
    "aliases": "alias",
    "approaches": "approach",
    "expands": "expands",
    "means": "means",
    "ocd_aliases": "ocd_alias",
    "open_ended": "open_ended",
}
_DESCRIPTIONS: Final[Mapping[str, str]] = {
    "release": "The edition of the data.",
    "grant_program": "The program that funds the municipalities.",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    type: ColumnType
    path: tuple[str, ...]
    """Where the value is in the record, as in `("identifiers", "place_geoid")`."""
    description: str = ""
    is_list: bool = False
    """Whether it is a list of such values."""
    required: bool = True
    """Whether each row has a value; a list is never missing, but may be empty."""
    vocabulary: str | None = None
    """The name of the vocabulary whose terms it holds, if it holds any."""
    terms: tuple[str, ...] = ()
    """The valid values, in their order; empty if any value is valid."""
    schema: Mapping[str, Any] = field(default_factory=dict)
    """The constraints of one value in the JSON Schema: its pattern, its bounds."""
    refers_to: str | None = None
    """The table whose ids it holds, if it holds any."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns and its key."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """The columns that identify a row; empty if nothing does."""

    def rows(self, records: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """Yield a row per record, with a value per column.

        Args:
            records: models, or their plain JSON.
        """
        getters = [_getter(column) for column in self.columns]
        for record in records:
            plain = record if isinstance(record, dict) else record.model_dump(mode="json")
            yield tuple([get(plain) for get in getters])


@dataclass(frozen=True, slots=True)
class ItemTable(Table):
    """The items of a list as a table: the id of the record, the position of the item from 1, and the item."""

    of: str
    """The table whose records have the list."""
    field: str
    """The list's column in that table."""

    def rows(self, records: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """Yield a row per item of the lists of some records."""
        get = _getter(self.columns[-1])
        for record in records:
            plain = record if isinstance(record, dict) else record.model_dump(mode="json")
            for position, item in enumerate(get(plain), start=1):
                yield plain["id"], position, item


@cache
def tables() -> tuple[Table, ...]:
    """Return all tables, with their lists as columns: the release, the grant program, the six tables, and past ids.

    >>> [table.name for table in tables()][:4]
    ['release', 'grant_program', 'municipalities', 'programs']
    """
    members = document.schema_of("dataset")["properties"]
    return tuple(
        Table(
            name=name,
            description=_DESCRIPTIONS.get(name) or members[name]["description"],
            columns=tuple(_columns(name, document.schema_of(name), (), is_required=True)),
            key=spec.key,
        )
        for name, spec in TABLE_SPECS.items()
    )


def _columns(table: str, schema: Mapping[str, Any], path: tuple[str, ...], *, is_required: bool) -> Iterator[Column]:
    """Yield the columns of a record or of a nested object.

    Args:
        table: the table.
        schema: the schema of the object.
        path: where the object is in the record.
        is_required: whether each record has the object.
    """
    for name, part in schema["properties"].items():
        options = part.get("anyOf", [part])
        held = document.resolved(options[0])
        is_present = is_required and len(options) == 1
        if held["type"] == "object":
            # If a nested object may be missing, so may all its columns.
            required = is_present and not path and "default" not in part
            yield from _columns(table, held, (*path, name), is_required=required)
            continue
        is_list = held["type"] == "array"
        reference = held["items"] if is_list else options[0]
        value = document.resolved(reference)
        yield Column(
            name=name,
            type=_type_of(value),
            path=(*path, name),
            description=part.get("description", ""),
            is_list=is_list,
            required=is_present or is_list,
            vocabulary=str(reference["$ref"]).rpartition("/")[2] if "enum" in value and "$ref" in reference else None,
            terms=tuple(value.get("enum", ())),
            schema={key: kept for key, kept in value.items() if key in _CONSTRAINTS},
            refers_to=REFERENCES.get((table, name)),
        )


@cache
def table(name: str) -> Table:
    """Return a table by its name.

    >>> [column.name for column in table("partnerships").columns]
    ['program', 'partner', 'role', 'example']
    """
    return next(table for table in tables() if table.name == name)


@cache
def relations(name: str) -> tuple[Table, *tuple[ItemTable, ...]]:
    """Return a table without its lists, and a table for each list, with a row per item.

    >>> partners, aliases = relations("partners")
    >>> aliases.name, [column.name for column in aliases.columns]
    ('partners_aliases', ['partner', 'position', 'alias'])
    """
    whole = table(name)
    plain = replace(whole, columns=tuple(column for column in whole.columns if not column.is_list))
    return plain, *(_items(whole, column) for column in whole.columns if column.is_list)


@cache
def items_with(names: frozenset[str]) -> ItemTable | None:
    """Return the table of a list's items that has exactly these columns; None if there is none.

    >>> table = items_with(frozenset(["program", "position", "service"]))
    >>> table.of, table.field
    ('programs', 'services')
    """
    found = (items for table in tables() for items in relations(table.name)[1:])
    return next((items for items in found if names == frozenset(column.name for column in items.columns)), None)


def columns_of(table: Table, records: Iterable[Any]) -> list[list[Any]]:
    """Return the values of each column of some records."""
    rows = [*table.rows(records)]
    return [[*values] for values in zip(*rows, strict=True)] if rows else [[] for _ in table.columns]


def to_record(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record from values by the names of their columns.

    What is None is left out, except from a nested object that has other values: there, it is null.

    >>> to_record(
    ...     tables()[2], {"id": "revere", "county": None, "latitude": 42.4, "longitude": None, "place_geoid": None}
    ... )
    {'id': 'revere', 'location': {'latitude': 42.4, 'longitude': None}}
    """
    record: dict[str, Any] = {}
    empty: list[tuple[str, ...]] = []
    for column in table.columns:
        value = values.get(column.name)
        if value is not None:
            holder = record
            for step in column.path[:-1]:
                holder = holder.setdefault(step, {})
            holder[column.path[-1]] = value
        elif len(column.path) > 1 and column.name in values and not column.is_list:
            empty.append(column.path)
    for *steps, last in empty:
        found: Any = record
        for step in steps:
            found = found and found.get(step)
        if found:
            found[last] = None
    return record


def from_text(column: Column | None, text: str) -> Any:
    """Parse a value that was written as text, such as a cell of CSV.

    An empty text is None. A list has an item per line. What does not look like the column's type stays text, for the
    models to refuse.

    >>> from_text(table("programs").columns[0], "02108"), from_text(table("partnerships").columns[3], "true")
    ('02108', True)
    """
    if not text:
        return None
    type_ = "text" if column is None else column.type
    if column is not None and column.is_list:
        return text.split("\n")
    if type_ == "boolean" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if type_ in {"integer", "number"} and len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text):
        return json.loads(text)
    return text


_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_LONGEST_NUMBER: Final = 640  # no field takes a longer one, and Python may be set to refuse it
_CONSTRAINTS: Final = frozenset(("pattern", "minimum", "maximum", "maxLength", "format"))


def _type_of(value: Mapping[str, Any]) -> ColumnType:
    if value["type"] == "string":
        return "date" if value.get("format") == "date" else "text"
    type_: ColumnType = value["type"]
    return type_


def _getter(column: Column) -> Callable[[dict[str, Any]], Any]:
    if len(column.path) == 1:
        return itemgetter(*column.path)
    first, *rest = column.path

    def get(record: dict[str, Any]) -> Any:
        value = record[first]
        for step in rest:
            value = None if value is None else value[step]
        return value

    return get


def _items(whole: Table, column: Column) -> ItemTable:
    owner = Column(
        name=_owner_name(whole.name),
        type="text",
        path=("id",),
        description=f"Id of the record of {whole.name}.",
        schema=next(each for each in whole.columns if each.name == "id").schema,
        refers_to=whole.name,
    )
    position = replace(
        owner,
        name="position",
        type="integer",
        description="The item's place in the list, from 1.",
        path=("position",),
        schema={"minimum": 1},
        refers_to=None,
    )
    item = replace(column, name=singular(column.name), is_list=False, required=True)
    return ItemTable(
        name=f"{whole.name}_{column.name}",
        description=column.description,
        columns=(owner, position, item),
        key=(owner.name, position.name),
        of=whole.name,
        field=column.name,
    )


def _owner_name(table: str) -> str:
    """Return the name of the column that refers to the owner of a list; object-relational mappers need the table's."""
    name = TABLE_SPECS[table].singular
    return f"{name}_id" if name == table else name


def singular(name: str) -> str:
    """Return the singular of the name of a list.

    >>> singular("approaches"), singular("staff_roles")
    ('approach', 'staff_role')
    """
    return _SINGULAR.get(name) or name.removesuffix("s")
