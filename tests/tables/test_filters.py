"""Filters: exact, typed, combined by AND; unknown keywords, terms and keys are errors with suggestions."""

from typing import Any

import pytest

import eaps_data as eaps
from eaps_data.formats.columns import singular
from eaps_data.models.records import RECORDS, term_fields

SAMPLE = eaps.Dataset.from_release("1.0.0")
"""Data that does not change."""


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"municipality": "City of Revere"}, ["revere-bhu"]),
        ({"municipality": ["revere", "Lawrence"]}, ["revere-bhu", "lawrence-lleaps"]),
        ({"municipality": "amherst", "status": "expanding"}, []),
        ({"kind": "team"}, ["winthrop-public-health-and-safety-team", "northampton-ccrt"]),
        ({"kind": eaps.ProgramKind.UNIT}, ["revere-bhu"]),
        ({"kind": None}, ["amherst-cress", "new-bedford-new-approaches"]),
        ({"county": "Essex"}, ["lawrence-lleaps"]),
        ({"county": "suffolk", "municipality": ["Revere", "Amherst"]}, ["revere-bhu"]),
        ({"started_year": 2015}, ["winthrop-public-health-and-safety-team"]),
        (
            {"started_year": [2015, None], "kind": "team"},
            ["winthrop-public-health-and-safety-team", "northampton-ccrt"],
        ),
        ({"named_by_source": False}, ["new-bedford-public-safety-project", "new-bedford-new-approaches"]),
        ({"plural": True}, []),
        ({"open_ended": "expands"}, ["new-bedford-public-safety-project"]),
        ({"partner_kind": "EMS"}, ["new-bedford-public-safety-project"]),
        ({"partner_kind": "health department", "role": "developer"}, ["northampton-dcc"]),
        ({"partner_kind": "health department", "role": "lead", "municipality": "Northampton"}, []),
        ({"partner_kind": "police"}, ["new-bedford-public-safety-project", "revere-bhu"]),
        ({"partner_kind": "police", "exact": True}, []),
        ({"population": "residents", "municipality": "Lawrence"}, ["lawrence-lleaps"]),
        ({"population": "people at risk of harm"}, ["revere-bhu"]),
        ({"framework": "SIM"}, ["lawrence-lleaps"]),
        ({"framework": "racial inequity"}, ["amherst-cress", "northampton-dcc", "lawrence-lleaps"]),
        ({"framework": "racial-equity", "exact": True}, ["northampton-dcc"]),
        ({"need": "substance use", "exact": True}, ["northampton-dcc", "revere-bhu", "lawrence-lleaps"]),
        (
            {"status": [None, "planned"]},
            ["new-bedford-public-safety-project", "new-bedford-new-approaches", "northampton-ccrt"],
        ),
        ({"part_of": "DCC"}, ["northampton-ccrt"]),
        ({"approach": "Co-Response"}, ["new-bedford-co-response"]),
        ({"approach": "deflection", "service": "peer-recovery"}, ["winthrop-public-health-and-safety-team"]),
        ({"staff_role": "case-worker"}, ["revere-bhu"]),
        ({"population": "youth"}, ["new-bedford-ssyi"]),
        ({"need": "homelessness"}, ["northampton-dcc"]),
        ({"framework": ["harm-reduction", "anti-racism"]}, ["amherst-cress", "northampton-dcc"]),
        ({"partner": "RPD"}, ["revere-bhu"]),
        ({"partner": "city-of-new-bedford", "role": "developer"}, ["new-bedford-new-approaches"]),
        ({"role": "collaborator"}, ["revere-bhu"]),
        ({"partner": "city-of-new-bedford", "role": "creator"}, []),
    ],
    ids=str,
)
def test_where_of_programs(filters: dict[str, Any], found: list[str]) -> None:
    assert list(SAMPLE.programs.where(**filters).ids) == found


def test_role_and_partner_apply_to_the_same_partnership() -> None:
    # The recommendations have a creator, and the city as a partner, but the city is not their creator.
    both = SAMPLE.programs.where(role="creator").where(partner="city-of-new-bedford")
    assert both.ids == ("new-bedford-use-of-force-recommendations",)
    assert SAMPLE.programs.where(role="creator", partner="city-of-new-bedford").ids == ()


@pytest.mark.parametrize(
    ("table", "filters", "count"),
    [
        ("municipalities", {"style": "town"}, 2),
        ("municipalities", {"county": "hampshire"}, 2),
        ("municipalities", {"state": "MA", "government_form": "town-with-city-form"}, 2),
        ("partners", {"kind": "police-department"}, 2),
        ("partners", {"kind": None}, 3),
        ("partners", {"municipality": "Revere"}, 3),
        ("partners", {"municipality": None}, 6),
        ("partners", {"part_of": "city-of-northampton"}, 1),
        ("partners", {"program": "BHU"}, 4),
        ("partners", {"role": "collaborator"}, 3),
        ("partners", {"program": "BHU", "role": "collaborator"}, 3),
        ("partners", {"program": ["BHU", "DCC"], "kind": "health-department"}, 2),
        ("partnerships", {"example": True}, 1),
        ("partnerships", {"example": False}, 20),
        ("partnerships", {"example": [True, False]}, 21),
        ("partnerships", {"program": "DCC"}, 3),
        ("partnerships", {"partner": "commission on use of force", "role": "creator"}, 1),
        ("sources", {"publisher": "geonames"}, 1),
        ("sources", {"field": "ocd_aliases"}, 1),
        ("evidence", {"subject": "programs/revere-bhu", "field": "goals"}, 4),
        ("evidence", {"subject": "BHU", "field": "goals"}, 4),
        ("evidence", {"item": "co-response", "basis": "named"}, 1),
        ("evidence", {"source": "wikidata"}, 2),
        ("evidence", {"section": None, "field": "county"}, 6),
    ],
    ids=str,
)
def test_where_of_the_other_tables(table: str, filters: dict[str, Any], count: int) -> None:
    assert len(getattr(SAMPLE, table).where(**filters)) == count


def test_filters_accept_records_and_sections_by_heading_or_municipality() -> None:
    revere = SAMPLE.municipalities["revere"]
    unit = SAMPLE.programs["revere-bhu"]
    assert SAMPLE.programs.where(municipality=revere).ids == ("revere-bhu",)
    assert SAMPLE.evidence.where(subject=unit) == SAMPLE.evidence.where(subject="programs/revere-bhu")
    assert SAMPLE.evidence.where(subject=[unit, revere]) == SAMPLE.evidence.where(
        subject=["BHU", "municipalities/revere"]
    )
    assert SAMPLE.evidence.where(section=revere) == SAMPLE.evidence.where(section="city of revere")
    assert SAMPLE.evidence.where(section="revere") == SAMPLE.evidence.where(section="City of Revere")
    assert len(SAMPLE.evidence.where(section="Contact for Funded Municipalities")) == 2
    assert len(SAMPLE.evidence.where(subject=SAMPLE.grant_program)) == 8


@pytest.mark.parametrize("table", RECORDS)
def test_where_without_filters_returns_all_records(table: str) -> None:
    assert getattr(SAMPLE, table).where() == getattr(SAMPLE, table)


@pytest.mark.parametrize("table", RECORDS)
def test_unknown_keyword_is_an_error_that_lists_the_filters(table: str) -> None:
    with pytest.raises(eaps.UnknownFilterError) as caught:
        getattr(SAMPLE, table).where(invented="x")
    assert isinstance(caught.value, TypeError)
    assert f"unknown {table} filter 'invented'" in str(caught.value)
    for keyword in caught.value.known:
        assert keyword in str(caught.value)
        assert keyword in getattr(SAMPLE, table).where.__doc__


def test_a_filter_that_the_page_cannot_answer_is_refused_with_the_reason() -> None:
    with pytest.raises(eaps.UnknownFilterError, match="not in the packaged data: The page gives no amounts of money"):
        eaps.programs.where(budget=1)  # type: ignore[arg-type]  # the type checker sees it too


@pytest.mark.parametrize(
    ("table", "field"), [(table, field) for table in RECORDS for field in term_fields(table)], ids=str
)
def test_a_term_finds_itself_and_what_is_narrower_and_its_synonyms_the_same(table: str, field: str) -> None:
    keyword = field if field in getattr(eaps, table).where.__kwdefaults__ else singular(field)
    where = getattr(eaps, table).where
    records = [*getattr(eaps, table)]
    for term in term_fields(table)[field]:
        holders = [record for record in records if term in as_tuple(getattr(record, field))]
        exactly = {} if table == "evidence" else {"exact": True}  # no basis is narrower than another
        assert [*where(**{keyword: term, **exactly})] == holders
        wanted = {term, *term.narrower}
        found = [*where(**{keyword: term})]
        assert found == [record for record in records if wanted & {*as_tuple(getattr(record, field))}]
        for synonym in (*term.synonyms, term.value.replace("-", " ").upper()):
            assert [*where(**{keyword: synonym})] == found


def test_items_of_evidence_are_found_without_narrower_terms_so_exact_is_refused() -> None:
    term = eaps.Need.SUBSTANCE_USE
    assert {row.item for row in eaps.evidence.where(item=term)} == {term}
    narrower = {row.item for row in eaps.evidence.where(item=[term, *eaps.programs.where(need=term)[0].needs])}
    assert narrower > {term}
    with pytest.raises(eaps.UnknownFilterError, match="unknown evidence filter 'exact'"):
        eaps.evidence.where(item=term, exact=True)  # type: ignore[arg-type]  # the type checker sees it too


def as_tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def test_misspelled_keyword_gets_a_suggestion() -> None:
    with pytest.raises(eaps.UnknownFilterError, match="did you mean 'status'"):
        SAMPLE.programs.where(statsu="expanding")  # type: ignore[arg-type]  # the type checker sees it too


@pytest.mark.parametrize(
    ("table", "filters", "message"),
    [
        ("programs", {"approach": "co-respons"}, "did you mean 'co-response' or"),
        ("programs", {"need": "opiods"}, "did you mean 'opioids'"),
        ("programs", {"status": "finished"}, "expected one of: existing, expanding, expanded, in-development"),
        ("programs", {"kind": 3}, "unknown kind value 3"),
        ("programs", {"started_year": 1999}, "unknown started_year value 1999; expected one of: 2015"),
        ("programs", {"started_year": "2015"}, "value '2015'; it takes an int, as in 2015; expected one of: 2015"),
        ("programs", {"started_year": [2015, 2015.5]}, "value 2015.5; it takes an int, as in 2015; expected"),
        ("programs", {"plural": "true"}, "unknown plural value 'true'; it takes a bool; expected one of: True, False"),
        ("partnerships", {"example": [True, "no"]}, "unknown example value 'no'; it takes a bool; expected"),
        ("programs", {"need": "racial-inequity"}, "did you mean 'frameworks: racial-equity'?"),
        ("programs", {"kind": ["team", "tema"]}, "did you mean 'team'?"),
        ("municipalities", {"county": "Sufolk"}, "did you mean 'Suffolk'?"),
        ("evidence", {"field": "nmae"}, "unknown field value 'nmae' (did you mean 'name'?); expected one of: "),
        ("evidence", {"section": "City of Boston"}, "unknown section value 'City of Boston'"),
    ],
)
def test_unknown_term_is_an_error_that_lists_the_possible_values(
    table: str, filters: dict[str, Any], message: str
) -> None:
    with pytest.raises(eaps.UnknownTermError) as caught:
        getattr(SAMPLE, table).where(**filters)
    assert message in str(caught.value)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("table", "keyword", "stating"),
    [
        ("municipalities", "style", "municipalities"),
        ("programs", "municipality", "programs"),
        ("programs", "plural", "programs"),
        ("programs", "partner", "partnerships"),
        ("programs", "role", "partnerships"),
        ("partners", "program", "partnerships"),
        ("partnerships", "program", "partnerships"),
        ("partnerships", "example", "partnerships"),
        ("evidence", "subject", "evidence"),
        ("evidence", "field", "evidence"),
        ("evidence", "basis", "evidence"),
        ("evidence", "source", "evidence"),
    ],
)
def test_none_is_an_error_for_a_field_that_every_record_has(table: str, keyword: str, stating: str) -> None:
    message = (
        f"unknown {keyword} value None; it is always stated in {stating}: to match any value, leave the filter out"
    )
    for given in (None, [None], iter([None])):
        with pytest.raises(eaps.UnknownTermError) as caught:
            getattr(SAMPLE, table).where(**{keyword: given})
        assert str(caught.value) == message
        assert caught.value.known == ()


@pytest.mark.parametrize("table", RECORDS)
def test_none_finds_the_records_without_a_value(table: str) -> None:
    collection = getattr(SAMPLE, table)
    for name, field in RECORDS[table].model_fields.items():
        keyword = next((each for each in (name, singular(name)) if each in collection.where.__kwdefaults__), None)
        if keyword and keyword != "subject":
            if field.default is None or field.default == ():
                without = [record for record in collection if getattr(record, name) in (None, ())]
                assert [*collection.where(**{keyword: iter([None])})] == without
            else:
                with pytest.raises(eaps.UnknownTermError, match="always stated"):
                    collection.where(**{keyword: None})


def test_unknown_reference_is_an_error_that_names_the_closest_key() -> None:
    with pytest.raises(eaps.KeyNotFoundError, match="did you mean 'northampton'"):
        SAMPLE.programs.where(municipality="Northhampton")


def test_partners_are_filtered_by_program_and_role_of_their_partnerships() -> None:
    for program in SAMPLE.programs:
        expected = {row.partner for row in SAMPLE.partnerships if row.program == program.id}
        assert {*SAMPLE.partners.where(program=program).ids} == expected
    for role in eaps.Role:
        expected = {row.partner for row in SAMPLE.partnerships if row.role is role}
        assert {*SAMPLE.partners.where(role=role).ids} == expected


def test_every_filter_is_named_after_a_field_or_a_partnership() -> None:
    for table in RECORDS:
        collection = getattr(SAMPLE, table)
        for keyword in {*collection.where.__kwdefaults__} - {"exact"}:
            assert collection.where(**{keyword: []}) == collection[:0], keyword
