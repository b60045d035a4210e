"""Records as rows: the fields of each by their names, be it a model or plain JSON; and the keys that find it.

What is said here of a table's records needs no model, so that data can be checked before any model is built.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, TypeAlias

Row: TypeAlias = Mapping[str, Any]
"""A record's fields by name. One that is missing says nothing, as one that is null does."""

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

_CODES: Final = (
    "county_subdivision_geoid",
    "place_geoid",
    "ansi_code",
    "massgis_town_id",
    "ocd_id",
    "ocd_aliases",
    "geonames_id",
    "wikidata_id",
)


def fields_of(part: Any) -> Row:
    """The fields of a model, or of what would make one.

    >>> fields_of({"id": "revere"})
    {'id': 'revere'}
    """
    return part if isinstance(part, dict) else vars(part)


def getter(names: Sequence[str]) -> Callable[[Row], Any]:
    """What gets some fields of a row as a tuple, None for each that is missing; it takes one name or more.

    >>> getter(["id", "name"])({"id": "revere"})
    ('revere', None)
    """
    if len(names) == 1:  # of one field, itemgetter gives the value alone
        return lambda row: (row.get(names[0]),)
    all_of = itemgetter(*names)

    def some_of(row: Row) -> Any:
        try:
            return all_of(row)  # as most rows have all
        except KeyError:
            return tuple(map(row.get, names))

    return some_of


def rows_of(document: Any) -> dict[str, Sequence[Row]]:
    """The rows of each member of a dataset document, be it a model or plain JSON; of a single one, just one."""
    if isinstance(document, dict):
        return {name: [document[name]] if name in SINGLE else document.get(name, ()) for name in MEMBERS}
    held = vars(document)
    return {name: [vars(held[name])] if name in SINGLE else [*map(vars, held[name])] for name in MEMBERS}


def lookup_keys(table: str, row: Row) -> tuple[str, ...]:
    """The texts by which a record can be looked up, its id first; none for a table whose rows have no id.

    A municipality has its names and codes, but not its county's code, which others share. Programs, partners and the
    grant program have their names, acronym and aliases; a source has its title.

    >>> lookup_keys("partners", {"id": "rpd", "name": "Revere Police Department", "acronym": "RPD"})
    ('rpd', 'Revere Police Department', 'RPD')
    """
    if table in {"programs", "partners", "grant_program"}:
        acronym, aliases = row.get("acronym"), row.get("aliases") or ()
        return (row["id"], row["name"], *(() if acronym is None else (acronym,)), *aliases)
    if table == "municipalities":
        return tuple(_municipality_keys(row))
    if table == "partnerships":
        return (partnership_id(row),)
    return (row["id"], row["title"]) if table == "sources" else ()


def _municipality_keys(row: Row) -> Iterator[str]:
    yield from (row["id"], row["name"], row["styled_name"])
    if row.get("census_name") is not None:
        yield row["census_name"]
    codes = fields_of(row.get("identifiers") or {})
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
