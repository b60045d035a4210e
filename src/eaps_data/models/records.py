"""The records: one model per table.

Every record is frozen, strict and closed: attributes cannot be set, values are not coerced, and unknown
fields are refused. Lists are tuples, so a record is immutable all the way down, hashable, and equal by value.
A record accepts its own `model_dump(mode="json")`: lists for tuples, and the text of terms and dates.

In every record `None` and `()` mean *the source does not say*; they never mean no.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field

from eaps_data.models import rows
from eaps_data.models.fields import (
    ID,
    Date,
    Distinct,
    Id,
    Many,
    Model,
    Ordinal,
    Ordinal0,
    Quote,
    Text,
    Url,
    Version,
    Year,
    model_in,
    type_in,
)
from eaps_data.models.not_stated import explanation_of
from eaps_data.models.past_ids import Redirect, Tombstone
from eaps_data.models.table_specs import CLAIMING, TABLE_SPECS, TABLES
from eaps_data.models.vocabulary import (
    Approach,
    Basis,
    Framework,
    FundingStatus,
    GovernmentForm,
    MunicipalityStyle,
    Need,
    PartnerKind,
    Population,
    ProgramKind,
    ProgramStatus,
    Role,
    Service,
    StaffRole,
    Term,
)

OpenList: TypeAlias = Literal[
    "activities",
    "aliases",
    "approaches",
    "expands",
    "frameworks",
    "goals",
    "needs",
    "partners",
    "populations",
    "services",
    "staff_roles",
]
"""What a program may list only in part: one of its list fields, or its partners."""


class Record(Model, frozen=True):
    """One row of a table."""

    table: ClassVar[str]
    """The name of the table that holds these records."""

    @property
    def lookup_keys(self) -> tuple[str, ...]:
        """The keys by which the record can be looked up, its id first; empty if it has none."""
        return rows.lookup_keys(self.table, vars(self))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Refuse an unknown field; the error says if it is one that the page does not state."""
            message = f"{type(self).__name__} has no field {name!r}{explanation_of(name)}"
            raise AttributeError(message, name=name, obj=self)

    def __repr__(self) -> str:
        """Return the main fields on one line, as in `Partner(id='a', name='A', ...)`; dots replace other fields."""
        from eaps_data.display.text import call_text

        columns = TABLE_SPECS[self.table].display
        shown = {name: value for name, value in self.__repr_args__() if name in columns}
        others = any(name not in shown for name, _ in self.__repr_args__())
        return call_text(type(self).__name__, shown, others=others)

    def __str__(self) -> str:
        """Return all fields, one per line."""
        from eaps_data.display.text import fields_text

        return fields_text(_flat_fields(self))

    def _repr_html_(self) -> str:
        from eaps_data.display.html import FieldView, record_html
        from eaps_data.models.context import context_of

        context = context_of(self)
        fields = dict(_flat_fields(self))
        # The evidence of a part that has parts, such as an address, is shown with the first of them.
        claims = {
            next(n for n in fields if f"{n}.".startswith(f"{part}.")): rows for part, rows in context.claims.items()
        }
        stated = {name: value for name, value in fields.items() if value not in (None, ())}
        shown = [FieldView(name, value, claims.get(name, ())) for name, value in stated.items()]
        claiming = TABLE_SPECS[self.table].claims
        empty = [name for name in fields if name not in stated and name.partition(".")[0] in claiming]
        caption = " ".join([type(self).__name__, *self.lookup_keys[:1]])
        return record_html(caption, [*shown, *context.related], empty)


def _flat_fields(model: Model, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield the fields of a record by name, those of its parts as `part.field`."""
    for name, value in model:
        if isinstance(value, Model):
            yield from _flat_fields(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


class Identifiers(Model, frozen=True):
    """The codes of a municipality elsewhere. Codes are text: their zeros matter."""

    county_subdivision_geoid: str | None = Field(
        default=None,
        pattern=r"^[0-9]{10}$",
        description="Census GEOID of the county subdivision: state, county, subdivision.",
        examples=["2502556585"],
    )
    place_geoid: str | None = Field(
        default=None,
        pattern=r"^[0-9]{7}$",
        description="Census GEOID of the place: state, place.",
        examples=["2556585"],
    )
    county_geoid: str | None = Field(
        default=None,
        pattern=r"^[0-9]{5}$",
        description="Census GEOID of the county: state, county.",
        examples=["25025"],
    )
    ansi_code: str | None = Field(
        default=None,
        pattern=r"^[0-9]{8}$",
        description="ANSI code of the county subdivision (its GNIS feature id), with leading zeros.",
        examples=["00619465"],
    )
    massgis_town_id: str | None = Field(
        default=None,
        pattern=r"^[1-9][0-9]{0,2}$",
        description="Town id of MassGIS, without leading zeros.",
        examples=["248"],
    )
    ocd_id: str | None = Field(
        default=None,
        pattern=r"^ocd-division/country:[a-z]{2}(/[a-z_]+:[a-z0-9_~.-]+)*$",
        description="Open Civic Data division id.",
        examples=["ocd-division/country:us/state:ma/place:revere"],
    )
    ocd_aliases: Distinct[
        Annotated[str, Field(pattern=r"^ocd-division/country:[a-z]{2}(/[a-z_]+:[a-z0-9_~.-]+)*$")]
    ] = Field(default=(), description="Other Open Civic Data ids of the same division.")
    geonames_id: str | None = Field(
        default=None, pattern=r"^[1-9][0-9]*$", description="GeoNames id.", examples=["4832294"]
    )
    wikidata_id: str | None = Field(
        default=None, pattern=r"^Q[1-9][0-9]*$", description="Wikidata item.", examples=["Q49164"]
    )


# -0.0 equals 0.0 but is written differently: equal records must have equal bytes.
_Degrees = Annotated[float, AfterValidator(lambda degrees: degrees + 0.0)]


class Location(Model, frozen=True):
    """A point on the earth, in decimal degrees (NAD83, compatible with WGS84)."""

    latitude: _Degrees = Field(ge=-90, le=90, description="Degrees north.", examples=[42.42])
    longitude: _Degrees = Field(ge=-180, le=180, description="Degrees east.", examples=[-70.99])

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        """The point as GeoJSON, for libraries such as shapely."""
        return {"type": "Point", "coordinates": [self.longitude, self.latitude]}


class Municipality(Record, frozen=True):
    """A funded town or city, in the page's order."""

    table: ClassVar[str] = "municipalities"

    id: Id = Field(description="Permanent id, never reused.", examples=["revere"])
    name: Text = Field(description="The name alone.", examples=["Revere"])
    styled_name: Text = Field(description="The name as the page styles it.", examples=["City of Revere"])
    style: MunicipalityStyle = Field(description="How the page styles the municipality; its legal form may differ.")
    county: Text | None = Field(
        default=None, description="The county as geography, not as a government.", examples=["Suffolk"]
    )
    state: str | None = Field(
        default=None, pattern="^[A-Z]{2}$", description="Postal code of the state.", examples=["MA"]
    )
    position: Ordinal = Field(description="The municipality's place in the page's order.")
    identifiers: Identifiers = Field(default=Identifiers(), description="The municipality's codes elsewhere.")
    census_name: Text | None = Field(
        default=None, description="The name by which the Census lists it.", examples=["Revere city"]
    )
    government_form: GovernmentForm | None = Field(
        default=None, description="The form of government by which MassGIS classes it."
    )
    location: Location | None = Field(
        default=None, description="The Census internal point: inside the boundary, not a town hall."
    )
    summary: Text | None = Field(default=None, description="What the page says about it, in our own words.")


class Program(Record, frozen=True):
    """A team, division, unit, initiative, program or set of recommendations in one municipality."""

    table: ClassVar[str] = "programs"

    id: Id = Field(description="Permanent id, never reused.", examples=["revere-bhu"])
    name: Text = Field(
        description="The name as the page writes it; ours where `named_by_source` is false.",
        examples=["Behavioral Health Unit"],
    )
    named_by_source: bool = Field(
        default=True, description="False where the page gives no name, so that `name` is ours."
    )
    plural: bool = Field(
        default=False,
        description="True where the row represents several programs that the page does not name one by one.",
    )
    acronym: Text | None = Field(default=None, description="The page's acronym.", examples=["BHU"])
    aliases: Distinct[Text] = Field(default=(), description="Other names that the page uses.")
    municipality: Id = Field(description="Id of the municipality.", examples=["revere"])
    kind: ProgramKind | None = Field(default=None, description="What the page calls it.")
    part_of: Id | None = Field(default=None, description="Id of the program that this one is a part of.")
    expands: Distinct[Id] = Field(default=(), description="Ids of the programs that its work expands.")
    status: ProgramStatus | None = Field(default=None, description="Its stage, as the page describes it.")
    started_year: Year | None = Field(default=None, description="The calendar year in which it began.", examples=[2015])
    summary: Text | None = Field(default=None, description="What it is, in our own words.")
    goals: Distinct[Text] = Field(default=(), description="What it is meant to achieve, in our own words.")
    activities: Distinct[Text] = Field(default=(), description="What it does, has done, or will do, in our own words.")
    approaches: Distinct[Approach] = Field(default=(), description="How it works to improve public safety.")
    services: Distinct[Service] = Field(default=(), description="What it provides.")
    staff_roles: Distinct[StaffRole] = Field(default=(), description="Who works in it.")
    populations: Distinct[Population] = Field(default=(), description="Whom it serves.")
    needs: Distinct[Need] = Field(default=(), description="The conditions and situations that it responds to.")
    frameworks: Distinct[Framework] = Field(default=(), description="The values, practices, or models that guide it.")
    open_ended: Distinct[OpenList] = Field(
        default=(),
        description="The lists that the page marks as partial, as by `such as`. `partners` are the program's "
        "partnerships.",
    )


class Partner(Record, frozen=True):
    """An organization, or a group of people, that the page names."""

    table: ClassVar[str] = "partners"

    id: Id = Field(description="Permanent id, never reused.", examples=["revere-police-department"])
    name: Text = Field(
        description="The name as the page writes it; where its evidence is inferred, a note says what we added.",
        examples=["Revere Police Department"],
    )
    acronym: Text | None = Field(default=None, description="The page's acronym.", examples=["RPD"])
    aliases: Distinct[Text] = Field(default=(), description="Other names that the page uses.")
    kind: PartnerKind | None = Field(default=None, description="The type of organization or group.")
    municipality: Id | None = Field(
        default=None, description="Id of the municipality that it belongs to, where the page says so."
    )
    part_of: Id | None = Field(
        default=None, description="Id of the partner that this one is a part of.", examples=[None]
    )


class Partnership(Record, frozen=True):
    """The role of a partner in a program."""

    table: ClassVar[str] = "partnerships"

    program: Id = Field(description="Id of the program.", examples=["revere-bhu"])
    partner: Id = Field(description="Id of the partner.", examples=["revere-police-department"])
    role: Role = Field(description="The partner's role in the program.")
    example: bool = Field(
        default=False, description="True where the page names the partner only as an example, as by `such as`."
    )

    @property
    def id(self) -> str:
        """The partnership's id, `program--partner--role`."""
        return rows.partnership_id(vars(self))


class Source(Record, frozen=True):
    """A document that facts come from."""

    table: ClassVar[str] = "sources"

    id: Id = Field(description="Permanent id, never reused.", examples=["geonames"])
    title: Text = Field(description="The document's title.")
    publisher: Text | None = Field(default=None, description="Who publishes it.")
    url: Url | None = Field(default=None, description="Where it is published.")
    retrieved: Date | None = Field(
        default=None, description="The day on which the copy that was read was taken from its address."
    )
    sha256: str | None = Field(
        default=None,
        pattern="^[0-9a-f]{64}$",
        description="SHA-256 of the bytes of the copy that was read, in hexadecimal.",
    )
    licence: Text | None = Field(default=None, description="On what terms its facts may be used.")
    fields: Distinct[Text] = Field(
        default=(),
        description="Which facts it is the source of, in its own terms.",
        examples=[["geonames_id"]],
    )


class Evidence(Record, frozen=True):
    """One claim of one record, and the phrase that supports it."""

    table: ClassVar[str] = "evidence"

    subject: str = Field(
        pattern=rf"^({'|'.join(sorted(CLAIMING))})/{ID}(--{ID})*$",
        description="The record: its table and id.",
        examples=["programs/revere-bhu"],
    )
    field: str = Field(
        pattern="^[a-z]+(_[a-z]+)*$",
        description="The record's field that makes the claim.",
        examples=["goals"],
    )
    item: Text | None = Field(
        default=None,
        description="Which item of a list, or which part of a field that has parts; else null.",
        examples=["co-response", "county_geoid"],
    )
    quote: Quote = Field(description="The phrase, exactly as in the source with white space folded; 12 words at most.")
    source: Id = Field(description="Id of the source.", examples=["funded-municipalities"])
    section: Text | None = Field(
        default=None, description="The heading of the source's section.", examples=["City of Revere"]
    )
    paragraph: Ordinal0 | None = Field(
        default=None, description="Which paragraph of the section; 0 is the heading itself."
    )
    sentence: Ordinal | None = Field(default=None, description="Which sentence of the paragraph.")
    basis: Basis = Field(description="How the phrase carries the claim.")
    note: Text | None = Field(
        default=None, description="Why the claim is inferred; for other claims, what qualifies it."
    )

    @property
    def place(self) -> str | None:
        """The place of the quote in its source, in words; None for a source without sections."""
        return None if self.section is None else place_text(self.section, self.paragraph, self.sentence)


def place_text(section: str, paragraph: int | None, sentence: int | None) -> str:
    """Return the place of a sentence in words.

    >>> place_text("City of Revere", 1, 2), place_text("City of Revere", 0, 1)
    ('City of Revere, paragraph 1, sentence 2', 'City of Revere, heading')
    """
    return f"{section}, heading" if paragraph == 0 else f"{section}, paragraph {paragraph}, sentence {sentence}"


class Address(Model, frozen=True):
    """A postal address."""

    street: Text = Field(description="House number and street.")
    city: Text = Field(description="City or town.")
    state: str = Field(pattern="^[A-Z]{2}$", description="Postal code of the state.")
    postal_code: str = Field(pattern="^[0-9]{5}(-[0-9]{4})?$", description="ZIP code, with leading zeros.")


class Contact(Model, frozen=True):
    """How to reach the grant program."""

    phone: Text | None = Field(default=None, description="Telephone number, as the page writes it.")
    fax: Text | None = Field(default=None, description="Fax number, as the page writes it.")
    address: Address | None = Field(default=None, description="Postal address.")


class GrantProgram(Record, frozen=True):
    """The program that funds the municipalities."""

    table: ClassVar[str] = "grant_program"

    id: Id = Field(description="Permanent id, never reused.", examples=["eaps"])
    name: Text = Field(description="The name as the page writes it.")
    acronym: Text | None = Field(default=None, description="The acronym.", examples=["EAPS"])
    division: Text | None = Field(default=None, description="The division that it is within.")
    funding_status: FundingStatus | None = Field(default=None, description="Its funding, as the page describes it.")
    goal: Text | None = Field(default=None, description="What it is meant to achieve, in our own words.")
    means: Distinct[Text] = Field(default=(), description="The means that it uses, in our own words.")
    contact: Contact = Field(default=Contact(), description="The page's contact block.")
    source: Id = Field(description="Id of the source that describes it.")


Identified: TypeAlias = Municipality | Program | Partner | Partnership | Source | GrantProgram
"""A record that has an id."""


class Release(Model, frozen=True):
    """Which edition of the data this is."""

    data_version: Version = Field(
        description="Semantic version of the data, separate from the versions of code and schema."
    )
    as_of: Date = Field(description="The day on which the sources' copies were read.")


class DatasetDocument(Model, frozen=True):
    """All tables together, as one JSON document."""

    # Equal data is equal, whichever schema an editor was pointed to.
    editor_schema: Annotated[str, AfterValidator(lambda _: "")] = Field(
        default="",
        alias="$schema",
        exclude=True,
        repr=False,
        description="The address of a JSON Schema, for editors; it is ignored when the data is read.",
    )
    schema_version: Literal["2.0.0"] = Field(description="The version of the schema that the document follows.")
    release: Release = Field(description="Which edition of the data this is.")
    grant_program: GrantProgram = Field(description="The program that funds the municipalities.")
    municipalities: Many[Municipality] = Field(description="The funded towns and cities, in the page's order.")
    programs: Many[Program] = Field(description="What the municipalities do.")
    partners: Many[Partner] = Field(description="The organizations and groups that the page names.")
    partnerships: Many[Partnership] = Field(description="The partners' roles in the programs.")
    sources: Many[Source] = Field(description="The documents that the facts come from.")
    evidence: Many[Evidence] = Field(description="Each claim, and the phrase behind it.")
    redirects: Many[Redirect] = Field(default=(), description="The ids that were renamed.")
    tombstones: Many[Tombstone] = Field(default=(), description="The ids that were removed.")


_HELD: Final = {name: model_in(field.annotation) for name, field in DatasetDocument.model_fields.items()}
MODELS: Final[Mapping[str, type[Model]]] = {name: model for name, model in _HELD.items() if model is not None}
"""The model of each member of a dataset document, in its order."""
RECORDS: Final[Mapping[str, type[Record]]] = {
    name: model for name, model in MODELS.items() if name in TABLES and issubclass(model, Record)
}
"""The record of each table, in the tables' order."""


@cache
def term_fields(table: str) -> Mapping[str, type[Term]]:
    """Return the vocabulary of each field of a table that holds a term or a list of terms, in the model's order.

    >>> term_fields("partners")
    {'kind': <PartnerKind: city-government, commission, ...>}
    """
    vocabularies = {name: type_in(field.annotation, Term) for name, field in MODELS[table].model_fields.items()}
    return {name: vocabulary for name, vocabulary in vocabularies.items() if vocabulary is not None}
