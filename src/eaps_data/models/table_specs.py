"""The table specs: one frozen spec per table, from which rules, formats, frames, exports and commands derive.

Importing this module imports no model, so data can be validated before any model is built.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

SCHEMA_VERSION: Final = "2.0.0"
"""The version of the published JSON Schemas, separate from the versions of code and data."""


class TableSpec(NamedTuple):
    """The facts about one table that its records' fields do not state.

    Attributes:
        name: the table's name in Python, on disk, in the schemas and in every export.
        singular: what one record is called, as in `municipality`.
        model: the name of the model of its records, as in `Municipality`.
        has_one_row: whether the table holds exactly one record.
        optional: whether a dataset may leave the table out, which means that it is empty.
        key: the fields that identify a row; empty if nothing does.
        lookup_fields: the fields that hold the keys by which a record can be looked up, its id first.
        references: the fields that hold an id of a table's records, or a list of them, and that table.
        claims: the fields that may make a claim, which then needs evidence.
        display: the columns of the table as text, most telling first.
    """

    name: str
    singular: str
    model: str
    has_one_row: bool = False
    optional: bool = False
    key: tuple[str, ...] = ("id",)
    lookup_fields: tuple[str, ...] = ()
    references: Mapping[str, str] = MappingProxyType({})
    claims: tuple[str, ...] = ()
    display: tuple[str, ...] = ("id", "name")


_SPECS = (
    TableSpec(
        name="release",
        singular="release",
        model="Release",
        has_one_row=True,
        key=("data_version",),
        display=("data_version", "as_of"),
    ),
    TableSpec(
        name="grant_program",
        singular="grant_program",
        model="GrantProgram",
        has_one_row=True,
        lookup_fields=("id", "name", "acronym"),
        references=MappingProxyType({"source": "sources"}),
        claims=("name", "acronym", "division", "funding_status", "goal", "means", "contact"),
    ),
    TableSpec(
        name="municipalities",
        singular="municipality",
        model="Municipality",
        lookup_fields=("id", "name", "styled_name", "census_name", "identifiers"),
        claims=(
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
        display=("id", "styled_name", "county", "state", "census_name", "government_form"),
    ),
    TableSpec(
        name="programs",
        singular="program",
        model="Program",
        lookup_fields=("id", "name", "acronym", "aliases"),
        references=MappingProxyType({"municipality": "municipalities", "part_of": "programs", "expands": "programs"}),
        claims=(
            "name",
            "plural",
            "acronym",
            "aliases",
            "municipality",
            "kind",
            "part_of",
            "expands",
            "status",
            "started_year",
            "goals",
            "activities",
            "approaches",
            "services",
            "staff_roles",
            "populations",
            "needs",
            "frameworks",
            "open_ended",
        ),
        display=("id", "name", "acronym", "kind", "status", "municipality"),
    ),
    TableSpec(
        name="partners",
        singular="partner",
        model="Partner",
        lookup_fields=("id", "name", "acronym", "aliases"),
        references=MappingProxyType({"municipality": "municipalities", "part_of": "partners"}),
        claims=("name", "acronym", "aliases", "kind", "municipality", "part_of"),
        display=("id", "name", "acronym", "kind", "municipality"),
    ),
    TableSpec(
        name="partnerships",
        singular="partnership",
        model="Partnership",
        key=("program", "partner", "role"),
        references=MappingProxyType({"program": "programs", "partner": "partners"}),
        claims=("role", "example"),  # the program and the partner identify the row
        display=("program", "role", "partner", "example"),
    ),
    TableSpec(
        name="sources",
        singular="source",
        model="Source",
        lookup_fields=("id", "title"),
        display=("id", "publisher", "licence", "title"),
    ),
    TableSpec(
        name="evidence",
        singular="evidence_row",
        model="Evidence",
        key=(),
        references=MappingProxyType({"source": "sources"}),
        display=("subject", "field", "item", "basis", "quote"),
    ),
    TableSpec(
        name="redirects",
        singular="redirect",
        model="Redirect",
        optional=True,
        key=("old",),
        display=("old", "new", "since"),
    ),
    TableSpec(
        name="tombstones", singular="tombstone", model="Tombstone", optional=True, display=("id", "since", "why")
    ),
)

TABLE_SPECS: Final[Mapping[str, TableSpec]] = MappingProxyType({spec.name: spec for spec in _SPECS})
"""The specs by table name, in the order of a dataset document."""

TableName: TypeAlias = Literal["municipalities", "programs", "partners", "partnerships", "sources", "evidence"]
"""The name of a table that holds records."""
MemberName: TypeAlias = Literal["release", "grant_program", TableName, "redirects", "tombstones"]
"""The name of a member of a dataset document."""
DataType: TypeAlias = Literal["dataset", MemberName]
"""What data may be: a dataset, or records of a table."""

MEMBERS: Final[tuple[MemberName, ...]] = get_args(MemberName)
"""The members of a dataset document, in its order."""
TABLES: Final[tuple[TableName, ...]] = get_args(TableName)
"""The six tables that hold records, in their order."""
CLAIM: Final = ("subject", "field", "item")
"""The fields of an evidence row that identify the claim it supports."""
CLAIMING: Final = tuple(name for name, spec in TABLE_SPECS.items() if spec.claims)
"""The tables whose records make claims."""
LIVING: Final = tuple(name for name in MEMBERS if name not in {"release", "evidence", "redirects", "tombstones"})
"""The tables whose records have ids, which redirects and tombstones may not reuse."""
REFERENCES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {(spec.name, field): target for spec in _SPECS for field, target in spec.references.items()}
)
"""The fields that hold ids of a table's records, by table and field."""
