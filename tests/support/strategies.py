"""Hypothesis strategies: valid datasets, and spellings of keys."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from hypothesis import strategies as st

from eaps_data.models import vocabulary as v
from eaps_data.models.past_ids import Redirect, Tombstone
from eaps_data.models.records import (
    Address,
    Contact,
    DatasetDocument,
    Evidence,
    GrantProgram,
    Identifiers,
    Location,
    Municipality,
    Partner,
    Partnership,
    Program,
    Record,
    Release,
    Source,
)
from eaps_data.models.table_specs import SCHEMA_VERSION
from eaps_data.rules.claims import claims

_LETTERS = st.characters(exclude_categories=("C", "Z"))
words = st.text(_LETTERS, min_size=1, max_size=8)
texts = st.lists(words, min_size=1, max_size=4).map(" ".join)
maybe_text = st.none() | texts
_years = st.none() | st.integers(1600, 9999)


def _some(terms: Iterable[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(list(terms)), unique=True, max_size=3).map(tuple)


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@st.composite
def _municipality(draw: st.DrawFn, number: int) -> Municipality:
    county = draw(_digits(3))
    return Municipality(
        id=f"municipality-{number}",
        name=draw(texts),
        styled_name=draw(texts),
        style=draw(st.sampled_from(v.MunicipalityStyle)),
        county=draw(maybe_text),
        state=draw(st.none() | st.just("MA")),
        position=number,
        identifiers=Identifiers(
            county_subdivision_geoid=f"25{county}{number:05}",
            county_geoid=f"25{county}",
            massgis_town_id=draw(st.none() | st.just(f"90{number}")),  # unlikely to be a name
        ),
        census_name=draw(maybe_text),
        government_form=draw(st.none() | st.sampled_from(v.GovernmentForm)),
        location=draw(
            st.none()
            | st.builds(
                Location,
                latitude=st.floats(-90, 90),
                longitude=st.floats(-180, 180),
            )
        ),
        summary=draw(maybe_text),
    )


@st.composite
def _program(draw: st.DrawFn, number: int, municipalities: int) -> Program:
    # A program can only be part of earlier ones or expand them, so that there is no circle.
    earlier = [f"program-{other}" for other in range(1, number)]
    whole = st.none() | st.sampled_from(earlier) if earlier else st.none()
    return Program(
        id=f"program-{number}",
        name=draw(texts),
        named_by_source=draw(st.booleans()),
        plural=draw(st.booleans()),
        acronym=draw(maybe_text),
        aliases=tuple(f"alias {index} of program {number}" for index in range(draw(st.integers(0, 2)))),
        municipality=f"municipality-{draw(st.integers(1, municipalities))}",
        kind=draw(st.none() | st.sampled_from(v.ProgramKind)),
        part_of=draw(whole),
        expands=draw(_some(earlier)) if earlier else (),
        status=draw(st.none() | st.sampled_from(v.ProgramStatus)),
        started_year=draw(_years),
        summary=draw(maybe_text),
        goals=draw(st.lists(texts, unique=True, max_size=2).map(tuple)),
        activities=draw(st.lists(texts, unique=True, max_size=2).map(tuple)),
        approaches=draw(_some(v.Approach)),
        services=draw(_some(v.Service)),
        staff_roles=draw(_some(v.StaffRole)),
        populations=draw(_some(v.Population)),
        needs=draw(_some(v.Need)),
        frameworks=draw(_some(v.Framework)),
        open_ended=draw(_some(["needs", "partners", "expands"])),
    )


@st.composite
def _partner(draw: st.DrawFn, number: int, municipalities: int) -> Partner:
    return Partner(
        id=f"partner-{number}",
        name=draw(texts),
        acronym=draw(maybe_text),
        kind=draw(st.none() | st.sampled_from(v.PartnerKind)),
        municipality=draw(st.none() | st.integers(1, municipalities).map("municipality-{}".format)),
    )


@st.composite
def documents(draw: st.DrawFn) -> DatasetDocument:
    """A valid dataset document, with evidence for each claim."""
    counts = [draw(st.integers(1, 3)) for _ in range(3)]
    municipalities = tuple(draw(_municipality(number)) for number in range(1, counts[0] + 1))
    programs = tuple(draw(_program(number, counts[0])) for number in range(1, counts[1] + 1))
    partners = tuple(draw(_partner(number, counts[0])) for number in range(1, counts[2] + 1))
    pairs = st.tuples(st.sampled_from(programs), st.sampled_from(partners), st.sampled_from(v.Role))
    partnerships = tuple(
        Partnership(program=program.id, partner=partner.id, role=role, example=draw(st.booleans()))
        for program, partner, role in draw(st.lists(pairs, max_size=3, unique_by=lambda pair: (pair[0].id, *pair[1:])))
    )
    grant_program = GrantProgram(
        id="grant",
        name=draw(texts),
        funding_status=draw(st.none() | st.sampled_from(v.FundingStatus)),
        goal=draw(maybe_text),
        means=draw(st.lists(texts, unique=True, max_size=2).map(tuple)),
        contact=draw(
            st.just(Contact())
            | st.builds(
                Contact,
                phone=maybe_text,
                address=st.builds(Address, street=texts, city=texts, state=st.just("MA"), postal_code=st.just("02108")),
            )
        ),
        source="source",
    )
    subjects: list[tuple[str, Record]] = [(f"grant_program/{grant_program.id}", grant_program)]
    subjects += [(f"municipalities/{record.id}", record) for record in municipalities]
    subjects += [(f"programs/{record.id}", record) for record in programs]
    subjects += [(f"partners/{record.id}", record) for record in partners]
    subjects += [(f"partnerships/{record.id}", record) for record in partnerships]
    evidence = tuple(
        Evidence(
            subject=subject,
            field=field,
            item=item,
            quote=draw(texts),
            source="source",
            basis=v.Basis.STATED,
        )
        for subject, record in subjects
        for field, item in claims(record)
    )
    existing = [f"programs/{record.id}" for record in programs]
    redirects = tuple(
        Redirect(old=f"programs/old-{number}", new=draw(st.sampled_from(existing)), since="1.2.3")
        for number in range(draw(st.integers(0, 2)))
    )
    tombstones = tuple(
        Tombstone(id=f"{draw(st.sampled_from(['programs', 'partners']))}/gone-{number}", since="1.0.0", why=draw(texts))
        for number in range(draw(st.integers(0, 2)))
    )
    dates = st.dates(date(1000, 1, 1), date(9999, 12, 31))
    return DatasetDocument(
        schema_version=SCHEMA_VERSION,
        release=Release(data_version="1.2.3", as_of=draw(dates)),
        grant_program=grant_program,
        municipalities=municipalities,
        programs=programs,
        partners=partners,
        partnerships=partnerships,
        sources=(Source(id="source", title=draw(texts), retrieved=draw(st.none() | dates)),),
        evidence=evidence,
        redirects=redirects,
        tombstones=tombstones,
    )


@st.composite
def spellings(draw: st.DrawFn, key: str) -> str:
    """A spelling of a key, with other case, apostrophes, dashes and spaces."""
    cases: list[Callable[[str], str]] = [str.upper, str.lower, str.title, str.swapcase, str]
    spaces = st.text(" \t\n\u00a0\u2003", min_size=1, max_size=3)
    apostrophes = st.sampled_from("'\u2018\u2019\u02bc")
    dashes = st.sampled_from("-\u2010\u2011\u2013")
    written = draw(st.sampled_from(cases))(key)
    written = "".join(
        draw(spaces)
        if letter == " "
        else draw(apostrophes)
        if letter in "'\u2019"
        else draw(dashes)
        if letter == "-"
        else letter
        for letter in written
    )
    edge = st.text(" \u00a0", max_size=2)
    return draw(edge) + written + draw(edge)
