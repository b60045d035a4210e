"""Records as plain rows: a mapping from field names to values, whether they come from a model or from JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from eaps_data.models.table_specs import MEMBERS, TABLE_SPECS

Row: TypeAlias = Mapping[str, Any]
"""A record's fields by name. A missing field means the same as null."""

CODES: Final = (
    "county_subdivision_geoid",
    "place_geoid",
    "ansi_code",
    "massgis_town_id",
    "ocd_id",
    "ocd_aliases",
    "geonames_id",
    "wikidata_id",
)
"""The identifiers by which a municipality can be looked up: all but the county's, which municipalities share."""


def fields_of(part: Any) -> Row:
    """The fields of a model, or of what would make one.

    >>> fields_of({"id": "revere"})
    {'id': 'revere'}
    """
    return part if isinstance(part, dict) else vars(part)


def rows_of(document: Any) -> dict[str, Sequence[Row]]:
    """The rows of each member of a dataset document, be it a model or plain JSON; of a single one, just one."""
    if isinstance(document, dict):
        return {name: [document[name]] if TABLE_SPECS[name].has_one_row else document.get(name, ()) for name in MEMBERS}
    held = vars(document)
    return {name: [vars(held[name])] if TABLE_SPECS[name].has_one_row else [*map(vars, held[name])] for name in MEMBERS}


def lookup_keys(table: str, row: Row) -> tuple[str, ...]:
    """The texts by which a record can be looked up, its id first; none for a table whose rows have no id.

    >>> lookup_keys("partners", {"id": "rpd", "name": "Revere Police Department", "acronym": "RPD"})
    ('rpd', 'Revere Police Department', 'RPD')
    """
    if table == "partnerships":
        return (partnership_id(row),)
    found: list[str] = []
    for field in TABLE_SPECS[table].lookup_fields:
        value = row.get(field)
        if isinstance(value, str):  # as most are
            found.append(value)
        elif value:
            found += keys_in(value)
    return tuple(found)


def keys_in(value: Any) -> Iterator[str]:
    """The keys that the value of one of a table's lookup fields holds.

    >>> [*keys_in({"place_geoid": "2556585", "county_geoid": "25025", "ocd_aliases": ["ocd-division/country:us"]})]
    ['2556585', 'ocd-division/country:us']
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        yield from value
    elif value is not None:
        codes = fields_of(value)
        for name in CODES:
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


def known_parts(value: Any) -> list[str]:
    """The parts of a value that say something; a place on the equator has a latitude."""
    return [part for part, known in fields_of(value).items() if known or known == 0]
