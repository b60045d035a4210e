"""The six tables: each a collection with its own filters.

To add a filter, add a keyword named after the field to the table's `where`, document it, and pass it to `_narrow`.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Never, Protocol, Self

from eaps_data._internal.arguments import expect
from eaps_data.models.ids import MunicipalityId, PartnerId, ProgramId, SourceId
from eaps_data.models.option_names import ListsAs, TermsAs
from eaps_data.models.past_ids import PastIds
from eaps_data.models.records import (
    Evidence,
    GrantProgram,
    Identified,
    Municipality,
    OpenList,
    Partner,
    Partnership,
    Program,
    Record,
    Source,
)
from eaps_data.models.table_specs import LIVING, TableName
from eaps_data.models.terms import (
    ApproachTerm,
    BasisTerm,
    FrameworkTerm,
    GovernmentFormTerm,
    MunicipalityStyleTerm,
    NeedTerm,
    PartnerKindTerm,
    PopulationTerm,
    ProgramKindTerm,
    ProgramStatusTerm,
    RoleTerm,
    ServiceTerm,
    StaffRoleTerm,
)
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
from eaps_data.tables.base import Collection, Keyed, raising_directly
from eaps_data.tables.conditions import ANY, Filter, always_stated, each
from eaps_data.tables.lookup import ID, KeyIndex, find_in

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from eaps_data.display.html import ClaimView, RowView
else:
    GeoDataFrame = Any  # for `typing.get_type_hints`, without GeoPandas


class Tables(Protocol):
    """The tables of a dataset, for following references."""

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
    table: ClassVar[TableName] = "municipalities"

    @raising_directly
    def where(
        self,
        *,
        style: Filter[MunicipalityStyle | MunicipalityStyleTerm] = ANY,
        county: Filter[str | None] = ANY,
        state: Filter[str | None] = ANY,
        government_form: Filter[GovernmentForm | GovernmentFormTerm | None] = ANY,
        exact: bool = False,
        **unknown: Never,
    ) -> Self:
        """Return the municipalities that match all filters; of several values, any one.

        Args:
            style: what the page calls them, `town` or `city`.
            county: the name of the county.
            state: the postal code of the state.
            government_form: the form of government, as MassGIS classifies it.
            exact: whether a term matches only itself, rather than its narrower terms too.
            **unknown: rejected, with an error that lists the filters.

        Raises:
            UnknownFilterError: if a keyword is not one of these filters.
            UnknownTermError: if no municipality has a value.

        >>> import eaps_data as eaps
        >>> eaps.municipalities.where(county="Suffolk").ids
        ('winthrop', 'revere')
        """
        return self._narrow(
            unknown, exact=exact, style=style, county=county, state=state, government_form=government_form
        )

    def to_geodataframe(self, *, terms: TermsAs = "categorical", lists: ListsAs = "list") -> GeoDataFrame:
        """Return the municipalities as a GeoDataFrame: the pandas frame, with a point as `geometry`.

        The coordinate reference system is EPSG:4326 (WGS84). A municipality without a location has no geometry.

        Args:
            terms: `categorical` or `text`, as for `to_frame`.
            lists: `list`, `joined` or `explode`, as for `to_frame`; files such as GeoPackage need `joined`.

        Raises:
            UnknownTermError: if an argument is unknown; it lists the possible values.
            MissingExtraError: if GeoPandas is not installed.
        """
        from eaps_data.frames import with_points

        return with_points(self.to_frame("pandas", terms=terms, lists=lists))

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        """The municipalities as a FeatureCollection of GeoJSON, with their programs, for libraries that make maps."""
        from eaps_data.tables.geojson import feature_collection

        programs = self.programs
        return feature_collection((each, programs.where(municipality=each)) for each in self._records)

    @property
    def programs(self) -> "Programs":
        """The programs of these municipalities."""
        return _tables(self).programs.where(municipality=self._records)

    @property
    def partners(self) -> "Partners":
        """The partners that belong to these municipalities, or to a program of theirs."""
        partners = _tables(self).partners
        own = partners.where(municipality=self._records)
        return partners._of_ids(own.ids, self.partnerships.partners.ids)

    @property
    def partnerships(self) -> "Partnerships":
        """The partnerships of the programs of these municipalities."""
        return self.programs.partnerships

    @property
    def evidence(self) -> "EvidenceRows":
        """The evidence for the claims of these municipalities, not for those of their programs."""
        return _tables(self).evidence.where(subject=self._records)


class Programs(Keyed[Program, ProgramId]):
    """The municipalities' teams, divisions, units, initiatives, programs and recommendations."""

    __slots__ = ()
    table: ClassVar[TableName] = "programs"

    @raising_directly
    def where(
        self,
        *,
        municipality: Filter[MunicipalityId | str | Municipality] = ANY,
        county: Filter[str | None] = ANY,
        named_by_source: Filter[bool] = ANY,
        plural: Filter[bool] = ANY,
        kind: Filter[ProgramKind | ProgramKindTerm | None] = ANY,
        status: Filter[ProgramStatus | ProgramStatusTerm | None] = ANY,
        started_year: Filter[int | None] = ANY,
        part_of: Filter[ProgramId | str | Program | None] = ANY,
        expands: Filter[ProgramId | str | Program | None] = ANY,
        approach: Filter[Approach | ApproachTerm | None] = ANY,
        service: Filter[Service | ServiceTerm | None] = ANY,
        staff_role: Filter[StaffRole | StaffRoleTerm | None] = ANY,
        population: Filter[Population | PopulationTerm | None] = ANY,
        need: Filter[Need | NeedTerm | None] = ANY,
        framework: Filter[Framework | FrameworkTerm | None] = ANY,
        open_ended: Filter[OpenList | None] = ANY,
        partner: Filter[PartnerId | str | Partner] = ANY,
        partner_kind: Filter[PartnerKind | PartnerKindTerm | None] = ANY,
        role: Filter[Role | RoleTerm] = ANY,
        exact: bool = False,
        **unknown: Never,
    ) -> Self:
        """Return the programs that match all filters; of several values, any one. None finds those without a value.

        A term is given as its text, in any spelling, or as one of its synonyms. It also matches its narrower terms:
        `framework="racial-equity"` finds programs with `anti-racism`.

        Args:
            municipality: a municipality, by any key or as a record.
            county: the county of the municipality.
            named_by_source: whether the page names the program.
            plural: whether the row represents several programs that the page does not name one by one.
            kind: what the page calls them.
            status: their stage, as the page describes it.
            started_year: the calendar year in which they began.
            part_of: the program that they are part of, by any key or as a record.
            expands: a program that their work expands, by any key or as a record.
            approach: a term of `Approach`.
            service: a term of `Service`.
            staff_role: a term of `StaffRole`.
            population: a term of `Population`.
            need: a term of `Need`.
            framework: a term of `Framework`.
            open_ended: the field that the page marks as partial, such as `needs` or `partners`.
            partner: one of their partners, by any key or as a record.
            partner_kind: the kind of one of their partners, a term of `PartnerKind`.
            role: the role of one of their partners; with `partner` or `partner_kind`, of that partner.
            exact: whether a term matches only itself, rather than its narrower terms too.
            **unknown: rejected, with an error that lists the filters.

        Raises:
            UnknownFilterError: if a keyword is not one of these filters.
            UnknownTermError: if a vocabulary has no such term.
            KeyNotFoundError: if a key finds no record.
            AmbiguousKeyError: if a key finds several records.

        >>> import eaps_data as eaps
        >>> eaps.programs.where(approach="diversion").ids
        ('winthrop-public-health-and-safety-team', 'new-bedford-lead')
        """
        tables = _tables(self)
        conditions = []
        if county is not ANY:
            conditions.append(("municipality", frozenset(tables.municipalities.where(county=county).ids)))
        if partner is not ANY or partner_kind is not ANY or role is not ANY:
            partnerships = tables.partnerships.where(partner=partner, role=role, exact=exact)
            if partner_kind is not ANY:
                partnerships = partnerships.where(partner=tables.partners.where(kind=partner_kind, exact=exact).ids)
            conditions.append(("id", frozenset(row.program for row in partnerships)))
        return self._narrow(
            unknown,
            conditions,
            exact=exact,
            municipality=municipality,
            named_by_source=named_by_source,
            plural=plural,
            kind=kind,
            status=status,
            started_year=started_year,
            part_of=part_of,
            expands=expands,
            approach=approach,
            service=service,
            staff_role=staff_role,
            population=population,
            need=need,
            framework=framework,
            open_ended=open_ended,
        )

    @property
    def municipalities(self) -> "Municipalities":
        """The municipalities of these programs."""
        municipalities = _tables(self).municipalities
        return municipalities._of_ids(program.municipality for program in self._records)

    @property
    def partners(self) -> "Partners":
        """The partners of these programs, in any role."""
        return self.partnerships.partners

    @property
    def partnerships(self) -> "Partnerships":
        """The partnerships of these programs."""
        return _tables(self).partnerships.where(program=self._records)

    @property
    def evidence(self) -> "EvidenceRows":
        """The evidence for the claims of these programs, not for those of their partnerships."""
        return _tables(self).evidence.where(subject=self._records)


class Partners(Keyed[Partner, PartnerId]):
    """The organizations and groups of people that the page names."""

    __slots__ = ()
    table: ClassVar[TableName] = "partners"

    @raising_directly
    def where(
        self,
        *,
        kind: Filter[PartnerKind | PartnerKindTerm | None] = ANY,
        municipality: Filter[MunicipalityId | str | Municipality | None] = ANY,
        part_of: Filter[PartnerId | str | Partner | None] = ANY,
        program: Filter[ProgramId | str | Program] = ANY,
        role: Filter[Role | RoleTerm] = ANY,
        exact: bool = False,
        **unknown: Never,
    ) -> Self:
        """Return the partners that match all filters; of several values, any one.

        Args:
            kind: the type of organization or group, a term of `PartnerKind`. None finds those without one.
            municipality: the municipality that they belong to, by any key or as a record.
            part_of: the partner that they are part of, by any key or as a record.
            program: one of their programs, by any key or as a record.
            role: a role that they have in a program; with `program`, in that program.
            exact: whether a term matches only itself, rather than its narrower terms too.
            **unknown: rejected, with an error that lists the filters.

        Raises:
            UnknownFilterError: if a keyword is not one of these filters.
            UnknownTermError: if a vocabulary has no such term.
            KeyNotFoundError: if a key finds no record.
            AmbiguousKeyError: if a key finds several records.

        >>> import eaps_data as eaps
        >>> eaps.partners.where(kind="police-department").ids
        ('new-bedford-police-department', 'revere-police-department')
        """
        conditions = []
        if program is not ANY or role is not ANY:
            partnerships = _tables(self).partnerships.where(program=program, role=role, exact=exact)
            conditions.append(("id", frozenset(row.partner for row in partnerships)))
        return self._narrow(unknown, conditions, exact=exact, kind=kind, municipality=municipality, part_of=part_of)

    @property
    def municipalities(self) -> "Municipalities":
        """The municipalities that these partners belong to, and those of their programs."""
        municipalities = _tables(self).municipalities
        own = (partner.municipality for partner in self._records if partner.municipality is not None)
        return municipalities._of_ids(own, self.programs.municipalities.ids)

    @property
    def programs(self) -> "Programs":
        """The programs of these partners, in any role."""
        return self.partnerships.programs

    @property
    def partnerships(self) -> "Partnerships":
        """The partnerships of these partners."""
        return _tables(self).partnerships.where(partner=self._records)

    @property
    def evidence(self) -> "EvidenceRows":
        """The evidence for the claims of these partners, not for those of their partnerships."""
        return _tables(self).evidence.where(subject=self._records)


class Partnerships(Collection[Partnership]):
    """The partners' roles in the programs."""

    __slots__ = ()
    table: ClassVar[TableName] = "partnerships"

    @raising_directly
    def where(
        self,
        *,
        program: Filter[ProgramId | str | Program] = ANY,
        partner: Filter[PartnerId | str | Partner] = ANY,
        role: Filter[Role | RoleTerm] = ANY,
        example: Filter[bool] = ANY,
        exact: bool = False,
        **unknown: Never,
    ) -> Self:
        """Return the partnerships that match all filters; of several values, any one.

        Args:
            program: a program, by any key or as a record.
            partner: a partner, by any key or as a record.
            role: the role of the partner in the program.
            example: whether the page names the partner only as an example.
            exact: whether a term matches only itself, rather than its narrower terms too.
            **unknown: rejected, with an error that lists the filters.

        Raises:
            UnknownFilterError: if a keyword is not one of these filters.
            UnknownTermError: if a vocabulary has no such term.
            KeyNotFoundError: if a key finds no record.
            AmbiguousKeyError: if a key finds several records.

        >>> import eaps_data as eaps
        >>> [row.partner for row in eaps.partnerships.where(program="DCC", role="developer")]
        ['city-of-northampton', 'northampton-health-department']
        """
        return self._narrow(unknown, exact=exact, program=program, partner=partner, role=role, example=example)

    @property
    def municipalities(self) -> "Municipalities":
        """The municipalities of the programs of these partnerships."""
        return self.programs.municipalities

    @property
    def programs(self) -> "Programs":
        """The programs of these partnerships."""
        return _tables(self).programs._of_ids(row.program for row in self._records)

    @property
    def partners(self) -> "Partners":
        """The partners of these partnerships."""
        return _tables(self).partners._of_ids(row.partner for row in self._records)

    @property
    def evidence(self) -> "EvidenceRows":
        """The evidence for the claims of these partnerships."""
        return _tables(self).evidence.where(subject=self._records)


class Sources(Keyed[Source, SourceId]):
    """The documents from which the facts come."""

    __slots__ = ()
    table: ClassVar[TableName] = "sources"

    @raising_directly
    def where(
        self,
        *,
        publisher: Filter[str | None] = ANY,
        field: Filter[str] = ANY,
        **unknown: Never,
    ) -> Self:
        """Return the sources that match all filters; of several values, any one.

        Args:
            publisher: the publisher.
            field: a field that they provide, in the source's terms.
            **unknown: rejected, with an error that lists the filters.

        Raises:
            UnknownFilterError: if a keyword is not one of these filters.
            UnknownTermError: if no source has a value.

        >>> import eaps_data as eaps
        >>> eaps.sources.where(field="ocd_id").ids
        ('ocd-division-ids',)
        """
        return self._narrow(unknown, publisher=publisher, field=field)

    @property
    def evidence(self) -> "EvidenceRows":
        """The evidence that cites these sources."""
        return _tables(self).evidence.where(source=self._records)

    def _html_row(self, record: Source) -> "RowView":
        from eaps_data.display.html import RowView

        return RowView(self._cells(record))


class EvidenceRows(Collection[Evidence]):
    """The claims with the quotes that support them. Rows have no keys: find them with `where`."""

    __slots__ = ()
    table: ClassVar[TableName] = "evidence"

    @property
    def ids(self) -> Never:
        """Evidence has no ids.

        Raises:
            AttributeError: always; it names `where`.
        """
        raise AttributeError("evidence has no ids; find its rows with where(), as in where(subject='programs/…')")

    @raising_directly
    def where(
        self,
        *,
        subject: Filter[str | Record] = ANY,
        field: Filter[str] = ANY,
        item: Filter[str | None] = ANY,
        basis: Filter[Basis | BasisTerm] = ANY,
        source: Filter[SourceId | str | Source] = ANY,
        section: Filter[MunicipalityId | str | Municipality | None] = ANY,
        **unknown: Never,
    ) -> Self:
        """Return the evidence that matches all filters; of several values, any one.

        Args:
            subject: a record, as `table/id`, by any key that finds exactly one, or as a record.
            field: a field of the record.
            item: an item of a list field, without narrower terms, or a part of a field such as `identifiers`.
            basis: how the quote supports the claim.
            source: a source, by any key or as a record.
            section: a section of the page, by its heading or its municipality.
            **unknown: rejected, with an error that lists the filters.

        Raises:
            UnknownFilterError: if a keyword is not one of these filters.
            UnknownTermError: if no evidence has a value.
            KeyNotFoundError: if a key finds no record.
            AmbiguousKeyError: if a key finds several records.

        >>> import eaps_data as eaps
        >>> for row in eaps.evidence.where(subject="programs/revere-bhu", field="status"):
        ...     print(row.quote)
        has created a Behavioral Health Unit
        """
        tables = _tables(self)
        subjects = () if subject is ANY else frozenset(_subject(tables, one) for one in each(subject))
        return self._narrow(
            unknown,
            [] if subject is ANY else [("subject", frozenset(subjects))],
            field=field,
            item=item,
            basis=basis,
            source=source,
            section=section if section is ANY else [_heading(tables, one) for one in each(section)],
        )

    @property
    def municipalities(self) -> "Municipalities":
        """The municipalities whose claims this evidence supports."""
        return _tables(self).municipalities._of_ids(self._subject_ids("municipalities"))

    @property
    def programs(self) -> "Programs":
        """The programs whose claims this evidence supports."""
        return _tables(self).programs._of_ids(self._subject_ids("programs"))

    @property
    def partners(self) -> "Partners":
        """The partners whose claims this evidence supports."""
        return _tables(self).partners._of_ids(self._subject_ids("partners"))

    @property
    def partnerships(self) -> "Partnerships":
        """The partnerships whose claims this evidence supports."""
        return _tables(self).partnerships._of_ids(self._subject_ids("partnerships"))

    @property
    def sources(self) -> "Sources":
        """The sources that this evidence cites."""
        return _tables(self).sources._of_ids(row.source for row in self._records)

    def _subject_ids(self, table: str) -> Iterator[str]:
        """Yield the ids of the records of a table whose claims this evidence supports."""
        subjects = (row.subject.partition("/") for row in self._records)
        return (id_ for name, _, id_ in subjects if name == table)

    @property
    def _html_header(self) -> Sequence[str]:
        return (*self.columns, "place")

    def _html_row(self, record: Evidence) -> "RowView":
        from eaps_data.display.html import Link, RowView

        return RowView([*self._cells(record), Link(*self._place(record))])

    def _claims(self) -> "Iterator[ClaimView]":
        """Yield the claims as a record's evidence shows them."""
        from eaps_data.display.html import ClaimView, Link

        for row in self._records:
            yield ClaimView(row.field, row.item, row.quote, row.basis, Link(*self._place(row)))

    def _place(self, row: Evidence) -> tuple[str, str | None]:
        """Return the place of a quote, and the URL of its source."""
        return row.place or row.source, _tables(self).sources[row.source].url


def _tables(collection: Collection[Any]) -> Tables:
    """Return the tables of a collection's dataset."""
    tables: Tables = collection._tables
    return tables


def find(tables: Tables, key: str) -> tuple[str, Identified]:
    """Find the one record with a key, or with `table/key`, and return it after the name of its table.

    Raises:
        KeyNotFoundError: if no record has the key; it names the closest keys.
        RemovedIdError: if the key is an id that was removed; it gives the version and the reason.
        AmbiguousKeyError: if several records have the key; it lists them as `table/id`.
        TypeError: if the key is not a string.
    """
    if not isinstance(key, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers need not be typed
        raise KeyIndex("dataset", (), tables.past_ids).not_a_key(key)
    if key == "grant_program":  # the only record of its table
        return key, tables.grant_program
    prefix, slash, rest = key.partition("/")
    names, key = ((prefix,), rest) if slash and prefix in LIVING else (LIVING, key)
    return find_in([_key_index(tables, name) for name in names], key, tables.past_ids)


def _key_index(tables: Tables, name: str) -> KeyIndex[Any]:
    if name == "grant_program":
        return KeyIndex(name, (tables.grant_program,), tables.past_ids)
    index: KeyIndex[Any] = getattr(tables, name)._keys
    return index


def _subject(tables: Tables, given: object) -> str:
    """Return the `table/id` of a record that is given by a key or as itself."""
    if given is None:
        raise always_stated("evidence", "subject")
    if isinstance(given, Record) and given.table in LIVING:
        return f"{given.table}/{ID(given)}"
    table, record = find(tables, given)  # type: ignore[arg-type]  # it refuses what is no string
    return f"{table}/{record.id}"


def _heading(tables: Tables, given: object) -> str | None:
    """Return the heading of a section that is given by its heading or its municipality."""
    expect("section", given, str, Municipality, type(None), what="a heading, a Municipality or None")
    if isinstance(given, str):
        municipality = tables.municipalities.get(given)
        return municipality.styled_name if municipality else given
    return given.styled_name if isinstance(given, Municipality) else None
