"""Lookups and filters: exact, typed, immutable, and honest about what they do not find."""

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.models.records import RECORDS, Record
from eaps_data.tables.collection import Collection
from support.strategies import spellings

KEYED: list[tuple[str, Record, str]] = [
    (table, record, key) for table in RECORDS for record in getattr(eaps, table) for key in record.lookup_keys
]


@given(st.data())
def test_every_key_in_every_spelling_finds_just_its_record(data: st.DataObject) -> None:
    table, record, key = data.draw(st.sampled_from(KEYED))
    collection: Collection[Any] = getattr(eaps, table)
    assert collection[data.draw(spellings(key))] is record


@pytest.mark.parametrize(("table", "record", "key"), KEYED, ids=lambda value: str(value)[:60])
def test_every_key_as_written_finds_just_its_record(table: str, record: Record, key: str) -> None:
    collection: Collection[Any] = getattr(eaps, table)
    assert collection[key] is record
    assert collection.get(key) is record
    assert key in collection
    assert eaps.load().find(f"{table}/{key}") is record


@pytest.mark.parametrize(
    ("table", "key", "found"),
    [
        ("municipalities", "Revere", "revere"),
        ("municipalities", "TOWN OF WINTHROP", "winthrop"),
        ("municipalities", "new  bedford", "new-bedford"),
        ("municipalities", "2502556585", "revere"),
        ("municipalities", "00618195", "amherst"),
        ("municipalities", "ocd-division/country:us/state:ma/place:winthrop", "winthrop"),
        ("municipalities", "Q49163", "lawrence"),
        ("programs", "cress", "amherst-cress"),
        ("programs", "LLEAPS n' Bounds", "lawrence-lleaps"),
        ("programs", "LLEAPS N\u2019 BOUNDS Initiative", "lawrence-lleaps"),
        ("programs", "Winthrop Public Health and Safety Team", "winthrop-public-health-and-safety-team"),
        ("partners", "rpd", "revere-police-department"),
        ("partners", "Northampton Health Department", "northampton-health-department"),
    ],
)
def test_lookups_that_people_write(table: str, key: str, found: str) -> None:
    assert getattr(eaps, table)[key].id == found


def test_a_miss_names_the_closest_keys() -> None:
    with pytest.raises(eaps.KeyNotFoundError) as caught:
        eaps.municipalities["Reveer"]
    assert caught.value.closest == ("revere",)
    assert str(caught.value) == "unknown municipalities key 'Reveer' (did you mean 'revere'?)"
    assert isinstance(caught.value, KeyError)
    with pytest.raises(eaps.KeyNotFoundError) as caught:
        eaps.partners["health department"]
    assert {eaps.partners[key].id for key in caught.value.closest} == {
        "new-bedford-health-department",
        "northampton-health-department",
        "revere-health-department",
    }


@pytest.mark.parametrize("key", ["", " ", "zzzz", "25025", "police", "2502556585\0"])
def test_what_is_no_key_finds_nothing(key: str) -> None:
    for table in RECORDS:
        collection: Collection[Any] = getattr(eaps, table)
        assert collection.get(key) is None
        assert collection.get(key, "nothing") == "nothing"
        assert key not in collection
        with pytest.raises(eaps.KeyNotFoundError):
            collection[key]


def test_a_county_code_is_no_key_as_two_municipalities_share_one() -> None:
    codes = [town.identifiers.county_geoid for town in eaps.municipalities]
    assert len(set(codes)) < len(codes)
    assert not any(code in eaps.municipalities for code in codes if code)


def twins() -> eaps.Dataset:
    """A dataset in which two programs bear one acronym and one name, as two cities' may."""
    document = eaps.load().document
    first = document.programs[1]
    second = first.model_copy(update={"id": "revere-cress", "municipality": "revere"})
    rows = [row for row in document.evidence if row.subject == "programs/amherst-cress"]
    copies = [row.model_copy(update={"subject": "programs/revere-cress"}) for row in rows]
    return eaps.Dataset(
        document.model_copy(
            update={"programs": (*document.programs, second), "evidence": (*document.evidence, *copies)}
        )
    )


def test_an_ambiguous_key_is_an_error_that_lists_the_candidates() -> None:
    programs = twins().programs
    for key in ("CRESS", "Community Responders for Equity, Safety and Service"):
        with pytest.raises(eaps.AmbiguousKeyError) as caught:
            programs[key]
        assert caught.value.candidates == ("amherst-cress", "revere-cress")
        assert "amherst-cress, revere-cress" in str(caught.value)
        with pytest.raises(eaps.AmbiguousKeyError):
            programs.get(key)
        assert key in programs
    assert programs["revere-cress"].municipality == "revere"


def test_an_id_always_finds_its_record_even_where_another_bears_it_as_a_name() -> None:
    document = eaps.load().document
    second = document.programs[2].model_copy(update={"name": "revere-bhu"})
    programs = (*document.programs[:2], second, *document.programs[3:])
    dataset = eaps.Dataset(document.model_copy(update={"programs": programs}))
    assert dataset.programs["revere-bhu"].acronym == "BHU"
    with pytest.raises(eaps.AmbiguousKeyError):
        dataset.programs["Revere BHU"]


def test_a_key_that_records_of_two_tables_have_is_listed_with_both() -> None:
    with pytest.raises(eaps.AmbiguousKeyError) as caught:
        eaps.load().find("City of Northampton")
    assert caught.value.candidates == ["municipalities/northampton", "partners/city-of-northampton"]
    assert eaps.load().find("partners/City of Northampton").id == "city-of-northampton"  # type: ignore[attr-defined]
    assert eaps.load().find("EAPS") is eaps.grant_program


def test_positions_and_slices() -> None:
    assert eaps.municipalities[0].id == "winthrop"
    assert eaps.municipalities[-1].id == "lawrence"
    assert eaps.municipalities[1:3].ids == ("amherst", "new-bedford")
    assert isinstance(eaps.municipalities[1:3], eaps.Municipalities)
    with pytest.raises(IndexError):
        eaps.municipalities[6]


def test_a_collection_is_ordered_and_knows_its_records() -> None:
    towns = list(eaps.municipalities)
    assert list(reversed(eaps.municipalities)) == towns[::-1]
    assert towns[0] in eaps.municipalities
    assert eaps.grant_program not in eaps.municipalities


@pytest.mark.parametrize("table", RECORDS)
def test_collections_are_immutable(table: str) -> None:
    collection = getattr(eaps, table)
    for name in ("_records", "table", "invented"):
        with pytest.raises(AttributeError, match="immutable"):
            setattr(collection, name, ())
    with pytest.raises(AttributeError, match="immutable"):
        del collection._records
    with pytest.raises(TypeError):
        collection[0] = collection[0]
    with pytest.raises(AttributeError):
        _ = collection.__dict__


@pytest.mark.parametrize("table", RECORDS)
def test_collections_equal_their_copies(table: str) -> None:
    collection = getattr(eaps, table)
    part = collection[1:]
    for each in (collection, part):
        twin = pickle.loads(pickle.dumps(each))  # noqa: S301 - our own bytes
        assert twin == each
        assert hash(twin) == hash(each)
        assert copy.deepcopy(each) is copy.copy(each) is each
    assert part != collection
    assert collection != list(collection)


def test_a_part_that_was_pickled_still_follows_references() -> None:
    part = pickle.loads(pickle.dumps(eaps.programs.where(municipality="revere")))  # noqa: S301 - our own bytes
    assert part.where(partner="RPD").ids == ("revere-bhu",)


def test_collections_of_two_tables_are_not_equal_even_when_empty() -> None:
    assert eaps.programs[:0] == eaps.programs[:0]
    assert eaps.programs[:0] != eaps.partners[:0]


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
def test_programs_where(filters: dict[str, Any], found: list[str]) -> None:
    assert list(eaps.programs.where(**filters).ids) == found


def test_role_and_partner_are_asked_of_one_partnership() -> None:
    # The recommendations have a creator, and the city, but the city is not their creator.
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
        ("partners", {"program": "BHU", "role": "collaborator"}, 3),
        ("partnerships", {"example": True}, 1),
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


def test_filters_take_records_and_evidence_takes_sections_by_heading_or_municipality() -> None:
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
def test_where_without_filters_keeps_everything(table: str) -> None:
    assert getattr(eaps, table).where() == getattr(eaps, table)


@pytest.mark.parametrize("table", RECORDS)
def test_an_unknown_keyword_is_an_error_that_lists_what_there_is(table: str) -> None:
    with pytest.raises(eaps.UnknownFilterError) as caught:
        getattr(eaps, table).where(invented="x")
    assert isinstance(caught.value, TypeError)
    assert f"unknown {table} filter 'invented'" in str(caught.value)
    for keyword in caught.value.known:
        assert keyword in str(caught.value)
        assert keyword in getattr(eaps, table).where.__doc__


def test_a_misspelt_keyword_is_answered_with_a_suggestion() -> None:
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
def test_an_unknown_term_is_an_error_that_lists_what_there_is(
    table: str, filters: dict[str, Any], message: str
) -> None:
    with pytest.raises(eaps.UnknownTermError) as caught:
        getattr(eaps, table).where(**filters)
    assert message in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_an_unknown_reference_is_an_error_that_names_the_closest() -> None:
    with pytest.raises(eaps.KeyNotFoundError, match="did you mean 'northampton'"):
        eaps.programs.where(municipality="Northhampton")


def test_to_records_gives_plain_data() -> None:
    rows = eaps.programs.where(municipality="revere").to_records()
    assert rows[0]["status"] == "established"
    assert type(rows[0]["status"]) is str
    assert rows[0]["staff_roles"] == ["behavioral-health-specialist", "case-worker"]
    assert rows[0]["started_year"] is None
    rows[0]["status"] = "changed"
    assert eaps.programs["revere-bhu"].status == "established"


def test_a_collection_shows_itself_as_a_table() -> None:
    assert repr(eaps.municipalities[:2]).splitlines() == [
        "municipalities: 2 records",
        "id        styled_name       county     state  census_name         government_form",
        "winthrop  Town of Winthrop  Suffolk    MA     Winthrop Town city  town-with-city-form",
        "amherst   Town of Amherst   Hampshire  MA     Amherst Town city   town-with-city-form",
    ]
    assert repr(eaps.programs[:0]) == "programs: 0 records"
    assert repr(eaps.evidence).splitlines()[-1] == f"and {len(eaps.evidence) - 20} more"


def test_errors_survive_pickling() -> None:
    # A worker process sends its errors home pickled.
    for make in (
        lambda: eaps.programs["x"],
        lambda: twins().programs["CRESS"],
        lambda: eaps.programs.where(kind="x"),
        lambda: getattr(eaps.programs, "where")(x=1),  # noqa: B009 - the type checker knows better
    ):
        with pytest.raises(eaps.EapsDataError) as caught:
            make()
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own bytes
