"""Filters: exact, typed, combined by AND; unknown keywords, terms and keys are errors with suggestions."""

from typing import Any

import pytest

import eaps_data as eaps
from eaps_data.models.records import RECORDS


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"municipality": "City of Revere"}, ["revere-bhu"]),
        ({"municipality": ["revere", "Lawrence"]}, ["revere-bhu", "lawrence-lleaps"]),
        ({"municipality": "amherst", "status": "expanding"}, []),
        ({"kind": "team"}, ["winthrop-public-health-and-safety-team", "northampton-ccrt"]),
        ({"kind": eaps.ProgramKind.UNIT}, ["revere-bhu"]),
        ({"kind": None}, ["amherst-cress", "new-bedford-new-approaches"]),
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
    assert list(eaps.programs.where(**filters).ids) == found


def test_role_and_partner_apply_to_the_same_partnership() -> None:
    # The recommendations have a creator, and the city as a partner, but the city is not their creator.
    both = eaps.programs.where(role="creator").where(partner="city-of-new-bedford")
    assert both.ids == ("new-bedford-use-of-force-recommendations",)
    assert eaps.programs.where(role="creator", partner="city-of-new-bedford").ids == ()


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
    assert len(getattr(eaps, table).where(**filters)) == count


def test_filters_accept_records_and_sections_by_heading_or_municipality() -> None:
    revere = eaps.municipalities["revere"]
    unit = eaps.programs["revere-bhu"]
    assert eaps.programs.where(municipality=revere).ids == ("revere-bhu",)
    assert eaps.evidence.where(subject=unit) == eaps.evidence.where(subject="programs/revere-bhu")
    assert eaps.evidence.where(subject=[unit, revere]) == eaps.evidence.where(subject=["BHU", "municipalities/revere"])
    assert eaps.evidence.where(section=revere) == eaps.evidence.where(section="city of revere")
    assert eaps.evidence.where(section="revere") == eaps.evidence.where(section="City of Revere")
    assert len(eaps.evidence.where(section="Contact for Funded Municipalities")) == 2
    assert len(eaps.evidence.where(subject=eaps.grant_program)) == 8


@pytest.mark.parametrize("table", RECORDS)
def test_where_without_filters_returns_all_records(table: str) -> None:
    assert getattr(eaps, table).where() == getattr(eaps, table)


@pytest.mark.parametrize("table", RECORDS)
def test_unknown_keyword_is_an_error_that_lists_the_filters(table: str) -> None:
    with pytest.raises(eaps.UnknownFilterError) as caught:
        getattr(eaps, table).where(invented="x")
    assert isinstance(caught.value, TypeError)
    assert f"unknown {table} filter 'invented'" in str(caught.value)
    for keyword in caught.value.known:
        assert keyword in str(caught.value)
        assert keyword in getattr(eaps, table).where.__doc__


def test_misspelled_keyword_gets_a_suggestion() -> None:
    with pytest.raises(eaps.UnknownFilterError, match="did you mean 'status'"):
        eaps.programs.where(statsu="expanding")  # type: ignore[arg-type]  # the type checker sees it too


@pytest.mark.parametrize(
    ("table", "filters", "message"),
    [
        ("programs", {"approach": "co-respons"}, "did you mean 'co-response' or"),
        ("programs", {"need": "opioids"}, "did you mean 'opioid-epidemic'?"),
        ("programs", {"status": "finished"}, "expected one of: existing, expanding, expanded, in-development"),
        ("programs", {"kind": 3}, "unknown kind value 3"),
        ("programs", {"kind": ["team", "tema"]}, "did you mean 'team'?"),
        ("municipalities", {"county": "Sufolk"}, "did you mean 'Suffolk'?"),
        ("evidence", {"section": "City of Boston"}, "unknown section value 'City of Boston'"),
    ],
)
def test_unknown_term_is_an_error_that_lists_the_possible_values(
    table: str, filters: dict[str, Any], message: str
) -> None:
    with pytest.raises(eaps.UnknownTermError) as caught:
        getattr(eaps, table).where(**filters)
    assert message in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_unknown_reference_is_an_error_that_names_the_closest_key() -> None:
    with pytest.raises(eaps.KeyNotFoundError, match="did you mean 'northampton'"):
        eaps.programs.where(municipality="Northhampton")


def test_partners_are_filtered_by_program_and_role_of_their_partnerships() -> None:
    for program in eaps.programs:
        expected = {row.partner for row in eaps.partnerships if row.program == program.id}
        assert {*eaps.partners.where(program=program).ids} == expected
    for role in eaps.Role:
        expected = {row.partner for row in eaps.partnerships if row.role is role}
        assert {*eaps.partners.where(role=role).ids} == expected


def test_every_filter_is_named_after_a_field_or_a_partnership() -> None:
    for table in RECORDS:
        collection = getattr(eaps, table)
        for keyword in collection.where.__kwdefaults__:
            assert collection.where(**{keyword: []}) == collection[:0], keyword
