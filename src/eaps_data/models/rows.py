"""Records as plain rows: mappings from field names to values, from a model or from JSON."""

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
"""The identifiers that are keys of a municipality: all but the county's, which municipalities share."""


def fields_of(part: Any) -> Row:
    """Return the fields of a model, or of a mapping in its place.

    >>> fields_of({"id": "revere"})
    {'id': 'revere'}
    """
    return part if isinstance(part, dict) else vars(part)


def rows_of(document: Any) -> dict[str, Sequence[Row]]:
    """Return the rows of each member of a dataset document, a model or plain JSON; one row for a single record."""
    if isinstance(document, dict):
        return {name: [document[name]] if TABLE_SPECS[name].has_one_row else document.get(name, ()) for name in MEMBERS}
    held = {name: getattr(document, name) for name in MEMBERS}
    return {
        name: [models.__dict__] if TABLE_SPECS[name].has_one_row else [model.__dict__ for model in models]
        for name, models in held.items()
    }


def lookup_keys(table: str, row: Row) -> tuple[str, ...]:
    """Return the keys of a record, its id first; none for a table without ids.

    >>> lookup_keys("partners", {"id": "rpd", "name": "Revere Police Department", "acronym": "RPD"})
    ('rpd', 'Revere Police Department', 'RPD')
    """
    if table == "partnerships":
        return (partnership_id(row),)
    found: list[str] = []
    for field in TABLE_SPECS[table].lookup_fields:
        value = row.get(field)
        if isinstance(value, str):
            found.append(value)
        elif value:
            found += keys_in(value)
    return tuple(found)


def keys_in(value: Any) -> Iterator[str]:
    """Yield the keys in the value of a lookup field.

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
    """Return the id of a partnership: `program--partner--role`."""
    return f"{row['program']}--{row['partner']}--{row['role']}"


def id_of(table: str, row: Row) -> str | None:
    """Return the id of a record, or None if it has none."""
    return partnership_id(row) if table == "partnerships" else row.get("id")


def subject_of(table: str, row: Row) -> str:
    """Return the name of a record in evidence and messages: `table/id`, or the table if it has no id."""
    id_ = id_of(table, row)
    return table if id_ is None else f"{table}/{id_}"


def known_parts(value: Any) -> list[str]:
    """Return the names of the parts that have a value; the latitude 0 is a value."""
    return [part for part, known in fields_of(value).items() if known or known == 0]
