"""The tables as every frame and export has them: flat columns of plain values, in one order, with their meaning.

A record's parts, such as `identifiers`, stand as columns of their own, and a list is one column, or a table of its
own where a format has no lists. The columns are those of the published schema; no model is needed to know them.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from operator import itemgetter
from typing import Any, Final, Literal, TypeAlias

from eaps_data._internal import resources
from eaps_data.models.table_specs import REFERENCES, TABLE_SPECS

Kind: TypeAlias = Literal["text", "integer", "number", "boolean", "date"]
"""What a value is; terms of a vocabulary are texts, and a date is text as in 2026-01-31."""

_SINGULAR: Final[Mapping[str, str]] = {
    "aliases": "alias",
    "approaches": "approach",
    "means": "means",
    "ocd_aliases": "ocd_alias",
    "open_ended": "open_ended",
}
_DESCRIBED: Final[Mapping[str, str]] = {
    "release": "Which edition of the data this is.",
    "grant_program": "The program that funds the municipalities.",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind
    description: str
    path: tuple[str, ...]
    """Where the value is in the record, as in `("identifiers", "place_geoid")`."""
    many: bool
    """Whether it is a list of such values."""
    required: bool
    """Whether there is a value in each row; a list is never missing, but may be empty."""
    vocabulary: str | None
    """The name of the vocabulary whose terms it holds."""
    terms: tuple[str, ...]
    """The values that there may be, in their order; empty where there may be any."""
    schema: Mapping[str, Any]
    """The JSON Schema of one value, without a null: its pattern, its bounds."""
    refers_to: str | None
    """The table whose ids it holds."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, and what tells its rows apart."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """The columns that tell one row from another; empty where nothing does."""

    def rows(self, records: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """The rows of records (or of plain dicts as JSON has them), each with a value a column."""
        getters = [_getter(column) for column in self.columns]
        for record in records:
            plain = record if isinstance(record, dict) else record.model_dump(mode="json")
            yield tuple([get(plain) for get in getters])


@dataclass(frozen=True, slots=True)
class ItemTable(Table):
    """The items of a list as a table of their own: the record's id, the item's place from 1, and the item."""

    of: str
    """The table whose records have the list."""
    field: str
    """The list's column in that table."""

    def rows(self, records: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """The items of the list of records of the other table."""
        get = _getter(self.columns[-1])
        for record in records:
            plain = record if isinstance(record, dict) else record.model_dump(mode="json")
            for position, item in enumerate(get(plain), start=1):
                yield plain["id"], position, item


@cache
def tables() -> tuple[Table, ...]:
    """All tables, with their lists as columns: the release, the grant program, the six tables, and the past ids.

    >>> [table.name for table in tables()][:4]
    ['release', 'grant_program', 'municipalities', 'programs']
    """
    schema = json.loads(resources.schema("dataset"))
    definitions = schema["$defs"]

    def resolved(part: dict[str, Any]) -> dict[str, Any]:
        return {**definitions[part["$ref"].rpartition("/")[2]], **part} if "$ref" in part else part

    def columns(table: str, record: dict[str, Any], path: tuple[str, ...], *, sure: bool) -> Iterator[Column]:
        for name, part in record["properties"].items():
            options = [resolved(option) for option in part.get("anyOf", [part])]
            own = options[0]
            here = sure and len(options) == 1
            if own["type"] == "object":
                # A part that may be missing leaves all its columns empty.
                yield from columns(table, own, (*path, name), sure=here and not path and "default" not in part)
                continue
            many = own["type"] == "array"
            value = resolved(own["items"]) if many else own
            yield Column(
                name=name,
                kind=_kind(value),
                description=part.get("description", ""),
                path=(*path, name),
                many=many,
                required=here or many,
                vocabulary=_vocabulary(value),
                terms=tuple(value.get("enum", ())),
                schema={key: kept for key, kept in value.items() if key in _CONSTRAINTS},
                refers_to=REFERENCES.get((table, name)),
            )

    found: list[Table] = []
    for name, part in schema["properties"].items():
        if name == "$schema":
            continue
        record = resolved(part.get("items", part))
        description = _DESCRIBED.get(name) or part["description"]
        held = tuple(columns(name, record, (), sure=True))
        found.append(Table(name, description, held, TABLE_SPECS[name].key))
    return tuple(found)


@cache
def table(name: str) -> Table:
    """A table by its name.

    >>> [column.name for column in table("partnerships").columns]
    ['program', 'partner', 'role', 'example']
    """
    return next(table for table in tables() if table.name == name)


@cache
def relations(name: str) -> tuple[Table, *tuple[ItemTable, ...]]:
    """A table without its lists, and then a table for each list: a row an item, in the list's order.

    >>> partners, aliases = relations("partners")
    >>> aliases.name, [column.name for column in aliases.columns]
    ('partners_aliases', ['partner', 'position', 'alias'])
    """
    whole = table(name)
    plain = replace(whole, columns=tuple(column for column in whole.columns if not column.many))
    return plain, *(_items(whole, column) for column in whole.columns if column.many)


@cache
def items_with(names: frozenset[str]) -> ItemTable | None:
    """The table of a list's items that has just these columns.

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
    """A record as JSON has it, of values by the names of their columns; what is None says nothing, and is left out.

    >>> to_record(tables()[2], {"id": "revere", "place_geoid": "2556585", "county": None})
    {'id': 'revere', 'identifiers': {'place_geoid': '2556585'}}
    """
    record: dict[str, Any] = {}
    for column in table.columns:
        value = values.get(column.name)
        if value is None:
            continue
        holder = record
        for step in column.path[:-1]:
            holder = holder.setdefault(step, {})
        holder[column.path[-1]] = value
    return record


def from_text(column: Column | None, text: str) -> Any:
    """A value that was written as text, such as a cell of CSV, as JSON has it.

    An empty text says nothing, which is None. A list has one item a line. What does not look like the column's kind
    stays text, for the models to refuse.

    >>> from_text(table("programs").columns[0], "02108"), from_text(table("partnerships").columns[3], "true")
    ('02108', True)
    """
    if not text:
        return None
    kind = "text" if column is None else column.kind
    if column is not None and column.many:
        return text.split("\n")
    if kind == "boolean" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if kind in {"integer", "number"} and len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text):
        return json.loads(text)
    return text


_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_LONGEST_NUMBER: Final = 1000  # no field takes a longer one, and Python refuses to convert some
_CONSTRAINTS: Final = frozenset(("pattern", "minimum", "maximum", "maxLength", "format"))


def _vocabulary(value: Mapping[str, Any]) -> str | None:
    return str(value["$ref"]).rpartition("/")[2] if "enum" in value and "$ref" in value else None


def _kind(value: Mapping[str, Any]) -> Kind:
    if value["type"] == "string":
        return "date" if value.get("format") == "date" else "text"
    kind: Kind = value["type"]
    return kind


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
        name=TABLE_SPECS[whole.name].singular,
        kind="text",
        description=f"Id of the record of {whole.name}.",
        path=("id",),
        many=False,
        required=True,
        vocabulary=None,
        terms=(),
        schema=next(each for each in whole.columns if each.name == "id").schema,
        refers_to=whole.name,
    )
    position = replace(
        owner,
        name="position",
        kind="integer",
        description="The item's place in the list, from 1.",
        path=("position",),
        schema={"minimum": 1},
        refers_to=None,
    )
    item = replace(column, name=singular(column.name), many=False, required=True)
    return ItemTable(
        name=f"{whole.name}_{column.name}",
        description=column.description,
        columns=(owner, position, item),
        key=(owner.name, position.name),
        of=whole.name,
        field=column.name,
    )


def singular(name: str) -> str:
    """What one row or item is called, of the name of a table or list.

    >>> singular("approaches"), singular("staff_roles")
    ('approach', 'staff_role')
    """
    return _SINGULAR.get(name) or name.removesuffix("s")
