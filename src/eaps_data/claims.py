"""Which claims a record makes: each is to have evidence, and no evidence is to be without its claim."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from eaps_data.rows import Row, fields_of

if TYPE_CHECKING:
    from eaps_data.models import Record

CLAIMING: Final[Mapping[str, tuple[str, ...]]] = {
    "grant_program": ("name", "acronym", "division", "goal", "means", "contact"),
    "municipalities": (
        "name",
        "styled_name",
        "style",
        "county",
        "state",
        "position",
        "identifiers",
        "census_name",
        "government_form",
        "location",
    ),
    "programs": (
        "name",
        "acronym",
        "aliases",
        "municipality",
        "kind",
        "part_of",
        "status",
        "started_year",
        "goals",
        "approaches",
        "services",
        "staff_roles",
        "populations",
        "needs",
        "frameworks",
        "open_ended",
    ),
    "partners": ("name", "acronym", "aliases", "kind", "municipality", "part_of"),
    "partnerships": ("role", "example"),  # the program and the partner say which row this is
    "sources": (),  # a source is where claims end
    "evidence": (),
}
"""The fields of each table's records that may claim something: all but ids, and summaries and names of our own."""


def claims(record: "Record") -> Iterator[tuple[str, str | None]]:
    """Each claim of a record, as its field and item.

    An empty field claims nothing. A list claims each of its items. A field that has parts, such as
    `identifiers`, claims each part that is known; the part's name is the item. Ids, summaries of our own and
    names of our own (`named_by_source` false) are no claims.

    >>> from eaps_data.models import Partner
    >>> partner = Partner(id="a", name="Office of A", aliases=("The Office", "OA"))
    >>> list(claims(partner))
    [('name', None), ('aliases', 'The Office'), ('aliases', 'OA')]
    """
    return iter(claims_of(record.table, vars(record)))


def claims_of(table: str, row: Row) -> list[tuple[str, str | None]]:
    """Each claim of a row of a table; see `claims`."""
    found: list[tuple[str, str | None]] = []
    for field in CLAIMING[table]:
        value = row.get(field)
        if not value or (field == "name" and not row.get("named_by_source", True)):
            continue
        if isinstance(value, str | int):
            found.append((field, None))
        elif isinstance(value, tuple | list):
            found += [(field, str(item)) for item in value]
        else:
            # A place on the equator has a latitude.
            found += [(field, part) for part, known in fields_of(value).items() if known or known == 0]
    return found
