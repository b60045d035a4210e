"""The six tables: each a collection with the filters that make sense for its records."""

from typing import Any, ClassVar, Never, Protocol, Self

from eaps_data.models.ids import MunicipalityId, PartnerId, ProgramId, SourceId
from eaps_data.models.past_ids import PastIds
from eaps_data.models.records import (
    Evidence,
    GrantProgram,
    Municipality,
    Partner,
    Partnership,
    Program,
    Record,
    Source,
)
from eaps_data.models.table_specs import TABLE_SPECS
from eaps_data.models.vocabulary import (
    Approach,
    Basis,
    Framework,
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
)
from eaps_data.tables import lookup
from eaps_data.tables.collection import ANY, AnyValue, Collection, Keyed, Several, ids_of, terms_of, texts_of
from eaps_data.tables.field_index import each


class Tables(Protocol):
    """All tables of one dataset, for following references."""

    grant_program: GrantProgram
    municipalities: "Municipalities"
    programs: "Programs"
    partners: "Partners"
    partnerships: "Partnerships"
    sources: "Sources"
    evidence: "EvidenceRows"
    past_ids: PastIds


class Municipalities(Keyed[Municipality, MunicipalityId]):
    """The funded towns and cities, in the page's order."""

    __slots__ = ()
    table: ClassVar = "municipalities"
    columns: ClassVar = TABLE_SPECS["municipalities"].display

    def where(
        self,
        *,
        style: Several[MunicipalityStyle | str] | AnyValue = ANY,
        county: Several[str | None] | AnyValue = ANY,
        state: Several[str | None] | AnyValue = ANY,
        government_form: Several[GovernmentForm | str | None] | AnyValue = ANY,
        **unknown: Never,
    ) -> Self:
        """The municipalities that meet all the given conditions; of several values, any will do.

        Args:
            style: how the page styles them.
            county: name of the county.
            state: postal code of the state.
            government_form: the form of government by which MassGIS classes them.
            **unknown: refused; it is here so that the error can list what there is.

        Raises:
            UnknownFilterError: for another keyword.
            UnknownTermError: for a value that no municipality has.

        >>> import eaps_data as eaps
        >>> eaps.municipalities.where(county="Suffolk").ids
        ('winthrop', 'revere')
        """
        everywhere: Municipalities = self._tables.municipalities
        return self._narrow(
            unknown,
            style=terms_of(MunicipalityStyle, "style", style),
            county=texts_of(everywhere, "county", "county", county),
            state=texts_of(everywhere, "state", "state", state),
            government_form=terms_of(GovernmentForm, "government_form", government_form),
        )


class Programs(Keyed[Program, ProgramId]):
    """What the municipalities do: teams, divisions, units, initiatives, programs, recommendations."""

    __slots__ = ()
    table: ClassVar = "programs"
    columns: ClassVar = TABLE_SPECS["programs"].display

    def where(
        self,
        *,
        municipality: Several[MunicipalityId | str | Municipality] | AnyValue = ANY,
        kind: Several[ProgramKind | str | None] | AnyValue = ANY,
        status: Several[ProgramStatus | str | None] | AnyValue = ANY,
        part_of: Several[ProgramId | str | Program | None] | AnyValue = ANY,
        approach: Several[Approach | str | None] | AnyValue = ANY,
        service: Several[Service | str | None] | AnyValue = ANY,
        staff_role: Several[StaffRole | str | None] | AnyValue = ANY,
        population: Several[Population | str | None] | AnyValue = ANY,
        need: Several[Need | str | None] | AnyValue = ANY,
        framework: Several[Framework | str | None] | AnyValue = ANY,
        partner: Several[PartnerId | str | Partner] | AnyValue = ANY,
        role: Several[Role | str] | AnyValue = ANY,
        **unknown: Never,
    ) -> Self:
        """The programs that meet all the given conditions; of several values, any will do.

        Args:
            municipality: a municipality, by any key or as the record.
            kind: what the page calls them.
            status: how they stand towards the grant program. None finds those of which the page does not say.
            part_of: the program that they are a part of, by any key or as the record.
            approach: a term of `Approach` that they have.
            service: a term of `Service` that they have.
            staff_role: a term of `StaffRole` that they have.
            population: a term of `Population` that they have.
            need: a term of `Need` that they have.
            framework: a term of `Framework` that they have.
            partner: a partner that they have, by any key or as the record.
            role: a role in which they have a partner; with `partner`, the role of that partner.
            **unknown: refused; it is here so that the error can list what there is.

        Raises:
            UnknownFilterError: for another keyword.
            UnknownTermError: for a term that the vocabulary does not have.
            KeyNotFoundError: for a key that finds no record.
            AmbiguousKeyError: for a key that finds more than one.

        >>> import eaps_data as eaps
        >>> eaps.programs.where(approach="diversion").ids
        ('winthrop-public-health-and-safety-team', 'new-bedford-lead')
        """
        tables: Tables = self._tables
        shared = None
        if partner is not ANY or role is not ANY:
            shared = frozenset(row.program for row in tables.partnerships.where(partner=partner, role=role))
        return self._narrow(
            unknown,
            municipality=ids_of(tables.municipalities, municipality),
            kind=terms_of(ProgramKind, "kind", kind),
            status=terms_of(ProgramStatus, "status", status),
            part_of=ids_of(tables.programs, part_of),
            approaches=terms_of(Approach, "approach", approach),
            services=terms_of(Service, "service", service),
            staff_roles=terms_of(StaffRole, "staff_role", staff_role),
            populations=terms_of(Population, "population", population),
            needs=terms_of(Need, "need", need),
            frameworks=terms_of(Framework, "framework", framework),
            id=shared,
        )


class Partners(Keyed[Partner, PartnerId]):
    """The organizations that the page names."""

    __slots__ = ()
    table: ClassVar = "partners"
    columns: ClassVar = TABLE_SPECS["partners"].display

    def where(
        self,
        *,
        kind: Several[PartnerKind | str | None] | AnyValue = ANY,
        municipality: Several[MunicipalityId | str | Municipality | None] | AnyValue = ANY,
        part_of: Several[PartnerId | str | Partner | None] | AnyValue = ANY,
        program: Several[ProgramId | str | Program] | AnyValue = ANY,
        role: Several[Role | str] | AnyValue = ANY,
        **unknown: Never,
    ) -> Self:
        """The partners that meet all the given conditions; of several values, any will do.

        Args:
            kind: what sort of organization they are. None finds those of which the page does not say.
            municipality: the municipality that they belong to, by any key or as the record.
            part_of: the partner that they are a part of, by any key or as the record.
            program: a program that they are a partner to, by any key or as the record.
            role: a role that they have; with `program`, the role in that program.
            **unknown: refused; it is here so that the error can list what there is.

        Raises:
            UnknownFilterError: for another keyword.
            UnknownTermError: for a term that the vocabulary does not have.
            KeyNotFoundError: for a key that finds no record.
            AmbiguousKeyError: for a key that finds more than one.

        >>> import eaps_data as eaps
        >>> eaps.partners.where(kind="police-department").ids
        ('new-bedford-police-department', 'revere-police-department')
        """
        tables: Tables = self._tables
        shared = None
        if program is not ANY or role is not ANY:
            shared = frozenset(row.partner for row in tables.partnerships.where(program=program, role=role))
        return self._narrow(
            unknown,
            kind=terms_of(PartnerKind, "kind", kind),
            municipality=ids_of(tables.municipalities, municipality),
            part_of=ids_of(tables.partners, part_of),
            id=shared,
        )


class Partnerships(Collection[Partnership]):
    """What the partners are to the programs."""

    __slots__ = ()
    table: ClassVar = "partnerships"
    columns: ClassVar = TABLE_SPECS["partnerships"].display

    def where(
        self,
        *,
        program: Several[ProgramId | str | Program] | AnyValue = ANY,
        partner: Several[PartnerId | str | Partner] | AnyValue = ANY,
        role: Several[Role | str] | AnyValue = ANY,
        example: bool | AnyValue = ANY,
        **unknown: Never,
    ) -> Self:
        """The partnerships that meet all the given conditions; of several values, any will do.

        Args:
            program: a program, by any key or as the record.
            partner: a partner, by any key or as the record.
            role: what the partner is to the program.
            example: whether the page names the partner only as an example.
            **unknown: refused; it is here so that the error can list what there is.

        Raises:
            UnknownFilterError: for another keyword.
            UnknownTermError: for a term that the vocabulary does not have.
            KeyNotFoundError: for a key that finds no record.
            AmbiguousKeyError: for a key that finds more than one.

        >>> import eaps_data as eaps
        >>> [row.partner for row in eaps.partnerships.where(program="DCC", role="developer")]
        ['city-of-northampton', 'northampton-health-department']
        """
        tables: Tables = self._tables
        return self._narrow(
            unknown,
            program=ids_of(tables.programs, program),
            partner=ids_of(tables.partners, partner),
            role=terms_of(Role, "role", role),
            example=None if example is ANY else frozenset({example}),
        )


class Sources(Keyed[Source, SourceId]):
    """The documents that the facts come from."""

    __slots__ = ()
    table: ClassVar = "sources"
    columns: ClassVar = TABLE_SPECS["sources"].display

    def where(
        self,
        *,
        publisher: Several[str | None] | AnyValue = ANY,
        field: Several[str] | AnyValue = ANY,
        **unknown: Never,
    ) -> Self:
        """The sources that meet all the given conditions; of several values, any will do.

        Args:
            publisher: who publishes them.
            field: a fact that they are the source of, in the source's own terms.
            **unknown: refused; it is here so that the error can list what there is.

        Raises:
            UnknownFilterError: for another keyword.
            UnknownTermError: for a value that no source has.

        >>> import eaps_data as eaps
        >>> eaps.sources.where(field="ocd_id").ids
        ('ocd-division-ids',)
        """
        everywhere: Sources = self._tables.sources
        return self._narrow(
            unknown,
            publisher=texts_of(everywhere, "publisher", "publisher", publisher),
            fields=texts_of(everywhere, "fields", "field", field),
        )


class EvidenceRows(Collection[Evidence]):
    """Each claim, and the phrase behind it. Rows have no keys: find them with `where`."""

    __slots__ = ()
    table: ClassVar = "evidence"
    columns: ClassVar = TABLE_SPECS["evidence"].display

    def where(
        self,
        *,
        subject: Several[str | Record] | AnyValue = ANY,
        field: Several[str] | AnyValue = ANY,
        item: Several[str | None] | AnyValue = ANY,
        basis: Several[Basis | str] | AnyValue = ANY,
        source: Several[SourceId | str | Source] | AnyValue = ANY,
        section: Several[MunicipalityId | str | Municipality | None] | AnyValue = ANY,
        **unknown: Never,
    ) -> Self:
        """The evidence that meets all the given conditions; of several values, any will do.

        Args:
            subject: a record: `table/id`, any key that finds just one, or the record itself.
            field: a field of the record.
            item: an item of a list, or a part of a field that has parts.
            basis: how the phrase carries the claim.
            source: a source, by any key or as the record.
            section: a section of the page, by its heading or by its municipality.
            **unknown: refused; it is here so that the error can list what there is.

        Raises:
            UnknownFilterError: for another keyword.
            UnknownTermError: for a value that no evidence has.
            KeyNotFoundError: for a key that finds no record.
            AmbiguousKeyError: for a key that finds more than one.

        >>> import eaps_data as eaps
        >>> for row in eaps.evidence.where(subject="programs/revere-bhu", field="status"):
        ...     print(row.quote)
        has created a Behavioral Health Unit
        """
        tables: Tables = self._tables
        rows = tables.evidence
        headings = section if section is ANY else [_heading(tables, one) for one in each(section)]
        return self._narrow(
            unknown,
            subject=None if subject is ANY else frozenset(_subject(tables, one) for one in each(subject)),
            field=texts_of(rows, "field", "field", field),
            item=texts_of(rows, "item", "item", item),
            basis=terms_of(Basis, "basis", basis),
            source=ids_of(tables.sources, source),
            section=texts_of(rows, "section", "section", headings),
        )


def find(tables: Tables, key: str) -> tuple[str, Record]:
    """The one record of any table that has a key, and the name of its table; see `Dataset.find`."""
    collections: tuple[Collection[Any], ...] = (
        tables.municipalities,
        tables.programs,
        tables.partners,
        tables.partnerships,
        tables.sources,
        _GrantPrograms((tables.grant_program,), tables),
    )
    return lookup.find(collections, key, tables.past_ids)


class _GrantPrograms(Collection[GrantProgram]):
    """The one grant program, as a table to find it in."""

    __slots__ = ()
    table: ClassVar = "grant_program"
    columns: ClassVar = TABLE_SPECS["grant_program"].display


def _subject(tables: Tables, one: object) -> str:
    """What evidence calls a record that is given as itself or by a key."""
    if isinstance(one, Record):
        return f"{one.table}/{one.lookup_keys[0]}"
    table, record = find(tables, str(one))
    return f"{table}/{record.lookup_keys[0]}"


def _heading(tables: Tables, one: object) -> str | None:
    """The heading of a section that is given as itself or by its municipality."""
    if isinstance(one, str):
        town = tables.municipalities.get(one)
        return town.styled_name if town else one
    return one.styled_name if isinstance(one, Municipality) else None
