"""The six tables: each a collection with its own filters.

To add a filter, add a keyword named after the field to the table's `where`, document it, and pass it to `_narrow`.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Never, Protocol, Self

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
from eaps_data.models.table_specs import LIVING
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
from eaps_data.tables.base import Collection, Keyed
from eaps_data.tables.conditions import ANY, Allowed, AnyValue, Several, each
from eaps_data.tables.lookup import KeyIndex, find_in

if TYPE_CHECKING:
    from eaps_data.display.html import Claim, Row


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
    table: ClassVar = "municipalities"

    def where(
        self,
        *,
        style: Several[MunicipalityStyle | str] | AnyValue = ANY,
        county: Several[str | None] | AnyValue = ANY,
        state: Several[str | None] | AnyValue = ANY,
        government_form: Several[GovernmentForm | str | None] | AnyValue = ANY,
        **unknown: Never,
    ) -> Self:
        """Return the municipalities that match all filters; of several values, any one.

        Args:
            style: how the page styles them: `town` or `city`.
            county: the name of the county.
            state: the postal code of the state.
            government_form: the form of government, as MassGIS classifies it.
            **unknown: refused, with an error that lists the filters.

        Raises:
            UnknownFilterError: if a keyword is not one of these filters.
            UnknownTermError: if no municipality has a value.

        >>> import eaps_data as eaps
        >>> eaps.municipalities.where(county="Suffolk").ids
        ('winthrop', 'revere')
        """
        return self._narrow(unknown, style=style, county=county, state=state, government_form=government_form)


class Programs(Keyed[Program, ProgramId]):
    """The municipalities' teams, divisions, units, initiatives, programs and recommendations."""

    __slots__ = ()
    table: ClassVar = "programs"

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
        """Return the programs that match all filters; of several values, any one.

        Args:
            municipality: a municipality, by any key or as a record.
            kind: what the page calls them.
            status: their status in relation to the grant program. None finds those without one.
            part_of: the program that they are part of, by any key or as a record.
            approach: a term of `Approach`.
            service: a term of `Service`.
            staff_role: a term of `StaffRole`.
            population: a term of `Population`.
            need: a term of `Need`.
            framework: a term of `Framework`.
            partner: one of their partners, by any key or as a record.
            role: the role of one of their partners; with `partner`, of that partner.
            **unknown: refused, with an error that lists the filters.

        Raises:
            UnknownFilterError: if a keyword is not one of these filters.
            UnknownTermError: if a vocabulary has no such term.
            KeyNotFoundError: if a key finds no record.
            AmbiguousKeyError: if a key finds several records.

        >>> import eaps_data as eaps
        >>> eaps.programs.where(approach="diversion").ids
        ('winthrop-public-health-and-safety-team', 'new-bedford-lead')
        """
        return self._narrow(
            unknown,
            _with_partnership(self._tables, "program", partner=partner, role=role),
            municipality=municipality,
            kind=kind,
            status=status,
            part_of=part_of,
            approach=approach,
            service=service,
            staff_role=staff_role,
            population=population,
            need=need,
            framework=framework,
        )


class Partners(Keyed[Partner, PartnerId]):
    """The organizations that the page names."""

    __slots__ = ()
    table: ClassVar = "partners"

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
        """Return the partners that match all filters; of several values, any one.

        Args:
            kind: the type of organization. None finds those without one.
            municipality: the municipality that they belong to, by any key or as a record.
            part_of: the partner that they are part of, by any key or as a record.
            program: one of their programs, by any key or as a record.
            role: a role that they have in a program; with `program`, in that program.
            **unknown: refused, with an error that lists the filters.

        Raises:
            UnknownFilterError: if a keyword is not one of these filters.
            UnknownTermError: if a vocabulary has no such term.
            KeyNotFoundError: if a key finds no record.
            AmbiguousKeyError: if a key finds several records.

        >>> import eaps_data as eaps
        >>> eaps.partners.where(kind="police-department").ids
        ('new-bedford-police-department', 'revere-police-department')
        """
        return self._narrow(
            unknown,
            _with_partnership(self._tables, "partner", program=program, role=role),
            kind=kind,
            municipality=municipality,
            part_of=part_of,
        )


class Partnerships(Collection[Partnership]):
    """The partners' roles in the programs."""

    __slots__ = ()
    table: ClassVar = "partnerships"

    def where(
        self,
        *,
        program: Several[ProgramId | str | Program] | AnyValue = ANY,
        partner: Several[PartnerId | str | Partner] | AnyValue = ANY,
        role: Several[Role | str] | AnyValue = ANY,
        example: bool | AnyValue = ANY,
        **unknown: Never,
    ) -> Self:
        """Return the partnerships that match all filters; of several values, any one.

        Args:
            program: a program, by any key or as a record.
            partner: a partner, by any key or as a record.
            role: the role of the partner in the program.
            example: whether the page names the partner only as an example.
            **unknown: refused, with an error that lists the filters.

        Raises:
            UnknownFilterError: if a keyword is not one of these filters.
            UnknownTermError: if a vocabulary has no such term.
            KeyNotFoundError: if a key finds no record.
            AmbiguousKeyError: if a key finds several records.

        >>> import eaps_data as eaps
        >>> [row.partner for row in eaps.partnerships.where(program="DCC", role="developer")]
        ['city-of-northampton', 'northampton-health-department']
        """
        return self._narrow(unknown, program=program, partner=partner, role=role, example=example)


class Sources(Keyed[Source, SourceId]):
    """The documents from which the facts come."""

    __slots__ = ()
    table: ClassVar = "sources"

    def where(
        self,
        *,
        publisher: Several[str | None] | AnyValue = ANY,
        field: Several[str] | AnyValue = ANY,
        **unknown: Never,
    ) -> Self:
        """Return the sources that match all filters; of several values, any one.

        Args:
            publisher: the publisher.
            field: a field that they provide, in the source's terms.
            **unknown: refused, with an error that lists the filters.

        Raises:
            UnknownFilterError: if a keyword is not one of these filters.
            UnknownTermError: if no source has a value.

        >>> import eaps_data as eaps
        >>> eaps.sources.where(field="ocd_id").ids
        ('ocd-division-ids',)
        """
        return self._narrow(unknown, publisher=publisher, field=field)

    def _html_row(self, record: Source) -> "Row":
        from eaps_data.display.html import Row

        return Row(self._cells(record))


class EvidenceRows(Collection[Evidence]):
    """The claims with the quotes that support them. Rows have no keys: find them with `where`."""

    __slots__ = ()
    table: ClassVar = "evidence"

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
        """Return the evidence that matches all filters; of several values, any one.

        Args:
            subject: a record, as `table/id`, by any key that finds exactly one, or as a record.
            field: a field of the record.
            item: an item of a list field, or a part of a field such as `identifiers`.
            basis: how the quote supports the claim.
            source: a source, by any key or as a record.
            section: a section of the page, by its heading or its municipality.
            **unknown: refused, with an error that lists the filters.

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
        tables: Tables = self._tables
        return self._narrow(
            unknown,
            {} if subject is ANY else {"subject": frozenset(_subject(tables, one) for one in each(subject))},
            field=field,
            item=item,
            basis=basis,
            source=source,
            section=section if section is ANY else [_heading(tables, one) for one in each(section)],
        )

    @property
    def _html_header(self) -> Sequence[str]:
        return (*self.columns, "place")

    def _html_row(self, record: Evidence) -> "Row":
        from eaps_data.display.html import Link, Row

        return Row([*self._cells(record), Link(*self._place(record))])

    def _claims(self) -> "Iterator[Claim]":
        """Yield the claims as a record's evidence shows them."""
        from eaps_data.display.html import Claim, Link

        for row in self._records:
            yield Claim(row.field, row.item, row.quote, row.basis, Link(*self._place(row)))

    def _place(self, row: Evidence) -> tuple[str, str | None]:
        """Return the place of a quote, and the URL of its source."""
        tables: Tables = self._tables
        return row.place or row.source, tables.sources[row.source].url


def find(tables: Tables, key: str) -> tuple[str, Record]:
    """Find the one record with a key, or with `table/key`, and return it after the name of its table.

    Raises:
        KeyNotFoundError: if no record has the key; it names the closest keys.
        RemovedIdError: if the key is an id that was removed; it says since when and why.
        AmbiguousKeyError: if several records have the key; it lists them as `table/id`.
    """
    prefix, _, rest = key.partition("/")
    names, key = ((prefix,), rest) if prefix in LIVING else (LIVING, key)
    return find_in([_key_index(tables, name) for name in names], key, tables.past_ids)


def _key_index(tables: Tables, name: str) -> KeyIndex[Any]:
    if name == "grant_program":
        return KeyIndex(name, (tables.grant_program,), tables.past_ids)
    index: KeyIndex[Any] = getattr(tables, name)._keys
    return index


def _with_partnership(tables: Tables, field: str, **filters: Any) -> dict[str, Allowed]:
    """Return the condition that a program or partner is in a partnership that matches the filters, if any is given."""
    if all(given is ANY for given in filters.values()):
        return {}
    return {"id": frozenset(getattr(row, field) for row in tables.partnerships.where(**filters))}


def _subject(tables: Tables, given: object) -> str:
    """Return the `table/id` of a record that is given by a key or as itself."""
    if isinstance(given, Record):
        return f"{given.table}/{given.lookup_keys[0]}"
    table, record = find(tables, str(given))
    return f"{table}/{record.lookup_keys[0]}"


def _heading(tables: Tables, given: object) -> str | None:
    """Return the heading of a section that is given by its heading or its municipality."""
    if isinstance(given, str):
        municipality = tables.municipalities.get(given)
        return municipality.styled_name if municipality else given
    return given.styled_name if isinstance(given, Municipality) else None
