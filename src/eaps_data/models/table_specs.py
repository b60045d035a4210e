"""Records as rows: the fields of each by their names, be it a model or plain JSON; and many rows as columns.

What is said here of a table's records needs no model, so that data can be checked before any model is built. What is so
of many rows is seen in columns several times as fast as row by row; and rows whose columns are kept need not be held
themselves.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, repeat
from operator import itemgetter
from typing import Any, Final, TypeAlias, TypeVar

from eaps_data._internal.text_keys import fold_all

Owner = TypeVar("Owner")

Row: TypeAlias = Mapping[str, Any]
"""A record's fields by name. One that is missing says nothing, as one that is null does."""

Field: TypeAlias = str | tuple[str, ...]
"""A field of a row, or several that are looked at together."""

TABLES: Final = ("municipalities", "programs", "partners", "partnerships", "sources", "evidence")
"""The tables, in their order."""
MEMBERS: Final = ("release", "grant_program", *TABLES, "redirects", "tombstones")
"""What a dataset document holds, in its order."""
SINGLE: Final = frozenset({"release", "grant_program"})
"""Those of which there is one; all else is a list."""

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "municipalities": ("id", "styled_name", "county", "state", "census_name", "government_form"),
    "programs": ("id", "name", "acronym", "kind", "status", "municipality"),
    "partners": ("id", "name", "acronym", "kind", "municipality"),
    "partnerships": ("program", "role", "partner", "example"),
    "sources": ("id", "publisher", "licence", "title"),
    "evidence": ("subject", "field", "item", "basis", "quote"),
}
"""Of each table, the fields that tell the most, for showing it as text."""

REFERENCES: Final[Mapping[tuple[str, str], str]] = {
    ("programs", "municipality"): "municipalities",
    ("programs", "part_of"): "programs",
    ("partners", "municipality"): "municipalities",
    ("partners", "part_of"): "partners",
    ("partnerships", "program"): "programs",
    ("partnerships", "partner"): "partners",
    ("evidence", "source"): "sources",
    ("grant_program", "source"): "sources",
}
"""The fields that hold ids of a table's records, and which table's."""

KEY_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "grant_program": ("id", "name", "acronym", "aliases"),
    "municipalities": ("id", "name", "styled_name", "census_name", "identifiers"),
    "programs": ("id", "name", "acronym", "aliases"),
    "partners": ("id", "name", "acronym", "aliases"),
    "sources": ("id", "title"),
}
"""The fields of a table's rows that hold what a record can be looked up by, its id first."""

CLAIM: Final = ("subject", "field", "item")
"""The fields of a row of evidence that say which claim it is of."""

_CODES: Final = (
    "county_subdivision_geoid",
    "place_geoid",
    "ansi_code",
    "massgis_town_id",
    "ocd_id",
    "ocd_aliases",
    "geonames_id",
    "wikidata_id",
)  # but not the county's code, which others share


def fields_of(part: Any) -> Row:
    """The fields of a model, or of what would make one.

    >>> fields_of({"id": "revere"})
    {'id': 'revere'}
    """
    return part if isinstance(part, dict) else vars(part)


def column(rows: Sequence[Row], field: Field) -> list[Any]:
    """The values of one field in some rows, or of several as tuples; None for each that is missing.

    >>> column([{"id": "revere", "state": "MA"}, {"id": "lawrence"}], ("id", "state"))
    [('revere', 'MA'), ('lawrence', None)]
    """
    fields = (field,) if isinstance(field, str) else field
    try:
        return [*map(itemgetter(*fields), rows)]  # as most rows have all
    except KeyError:
        if isinstance(field, str):
            return [row.get(field) for row in rows]
        return [tuple(map(row.get, fields)) for row in rows]


def rows_of(document: Any) -> dict[str, Sequence[Row]]:
    """The rows of each member of a dataset document, be it a model or plain JSON; of a single one, just one."""
    if isinstance(document, dict):
        return {name: [document[name]] if name in SINGLE else document.get(name, ()) for name in MEMBERS}
    held = vars(document)
    return {name: [vars(held[name])] if name in SINGLE else [*map(vars, held[name])] for name in MEMBERS}


def lookup_keys(table: str, row: Row) -> tuple[str, ...]:
    """The texts by which a record can be looked up, its id first; none for a table whose rows have no id.

    >>> lookup_keys("partners", {"id": "rpd", "name": "Revere Police Department", "acronym": "RPD"})
    ('rpd', 'Revere Police Department', 'RPD')
    """
    if table == "partnerships":
        return (partnership_id(row),)
    found: list[str] = []
    for field in KEY_FIELDS.get(table, ()):
        value = row.get(field)
        if isinstance(value, str):  # as most are
            found.append(value)
        elif value:
            found += keys_in(value)
    return tuple(found)


def keys_in(value: Any) -> Iterator[str]:
    """The keys that the value of one of a table's `KEY_FIELDS` holds.

    >>> [*keys_in({"place_geoid": "2556585", "county_geoid": "25025", "ocd_aliases": ["ocd-division/country:us"]})]
    ['2556585', 'ocd-division/country:us']
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        yield from value
    elif value is not None:
        codes = fields_of(value)
        for name in _CODES:
            code = codes.get(name)
            if isinstance(code, str):
                yield code
            elif code:
                yield from code


def partnership_id(row: Row) -> str:
    """What tells one partnership from another: `program--partner--role`."""
    return f"{row['program']}--{row['partner']}--{row['role']}"


def id_of(table: str, row: Row) -> str | None:
    """The id of a record; None for a row that has none."""
    return partnership_id(row) if table == "partnerships" else row.get("id")


def subject_of(table: str, row: Row) -> str:
    """What evidence and messages call a record: its table and id, or the table alone where it has no id."""
    id_ = id_of(table, row)
    return table if id_ is None else f"{table}/{id_}"


class Columns:
    """Some fields of a table's rows.

    Attributes:
        table: the table's name.
    """

    def __init__(self, table: str, fields: Iterable[Field], rows: Sequence[Row] = ()) -> None:
        """Take fields of rows; those of further rows can be added."""
        self.table = table
        self._count = 0
        self._columns: dict[Field, list[Any]] = {field: [] for field in fields}
        self._folded: dict[str, tuple[list[int], list[str]]] = {}
        self.add(rows)

    def add(self, rows: Sequence[Row]) -> None:
        """Take the fields of more rows."""
        self._count += len(rows)
        self._folded.clear()
        for field in self._columns:
            self._columns[field] += column(rows, field)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, field: Field) -> list[Any]:
        return self._columns[field]

    def ids(self) -> list[Any]:
        """The id of each row; that of a partnership is made of what it joins."""
        if self.table != "partnerships":
            return self["id"]
        return [*map("--".join, zip(self["program"], self["partner"], self["role"], strict=True))]

    def subjects(self) -> list[str]:
        """What evidence and messages call each row: its table and id, or the table alone where rows have no id."""
        if self.table == "evidence":
            return [self.table] * self._count
        return [*map(f"{self.table}/".__add__, self.ids())]

    def folded_keys(self, field: str) -> tuple[list[int], list[str]]:
        """The keys that a field holds, folded, each beside the number of its row."""
        if field not in self._folded:
            owners, keys = _keys(self[field])
            self._folded[field] = owners, [*fold_all(keys)]
        return self._folded[field]


Tables: TypeAlias = Mapping[str, Columns]
"""What the members of a dataset document say, as columns."""


def _keys(values: Sequence[Any]) -> tuple[list[int], list[str]]:
    """The keys in a column, each beside the number of its row; see `keys_in`."""
    numbers = range(len(values))
    if is_single(values):
        return [*compress(numbers, values)], [*filter(None, values)]
    if is_listed(values):
        lists = [value or () for value in values]
        return [*each_of(numbers, lists)], [*chain.from_iterable(lists)]
    parts = [fields_of(value or {}) for value in values]
    found = [_keys(column(parts, code)) for code in _CODES]
    return [*chain.from_iterable(owners for owners, _ in found)], [*chain.from_iterable(keys for _, keys in found)]


def each_of(owners: Iterable[Owner], lists: Iterable[Sequence[Any]]) -> Iterator[Owner]:
    """Each owner as often as its list has items."""
    return chain.from_iterable(map(repeat, owners, map(len, lists)))


def is_single(values: Iterable[Any]) -> bool:
    """Whether a column holds single values, and neither lists nor parts."""
    sample = next((value for value in values if value is not None), None)
    return sample is None or isinstance(sample, str | int)


def is_listed(values: Iterable[Any]) -> bool:
    """Whether a column holds lists."""
    return isinstance(next((value for value in values if value is not None), None), tuple | list)


def known_parts(value: Any) -> list[str]:
    """The parts of a value that say something; a place on the equator has a latitude."""
    return [part for part, known in fields_of(value).items() if known or known == 0]
