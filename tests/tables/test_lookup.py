"""Lookups: every key in any spelling finds its record; misses and ambiguous keys are errors with suggestions."""

import re
import traceback
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.models.records import RECORDS, Record
from eaps_data.tables.base import Collection
from support.strategies import spellings

KEYED: list[tuple[str, Record, str]] = [
    (table, record, key) for table in RECORDS for record in getattr(eaps, table) for key in record.lookup_keys
]


@given(st.data())
def test_key_in_any_spelling_finds_its_record(data: st.DataObject) -> None:
    table, record, key = data.draw(st.sampled_from(KEYED))
    collection: Collection[Any] = getattr(eaps, table)
    assert collection[data.draw(spellings(key))] is record


@pytest.mark.parametrize(("table", "record", "key"), KEYED, ids=lambda value: str(value)[:60])
def test_key_as_written_finds_its_record(table: str, record: Record, key: str) -> None:
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
def test_common_spellings_find_their_records(table: str, key: str, found: str) -> None:
    assert getattr(eaps, table)[key].id == found


def test_unknown_key_is_an_error_that_names_the_closest_keys() -> None:
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
def test_unknown_key_finds_nothing(key: str) -> None:
    for table in RECORDS:
        collection: Collection[Any] = getattr(eaps, table)
        assert collection.get(key) is None
        assert collection.get(key, "default") == "default"
        assert key not in collection
        with pytest.raises(eaps.KeyNotFoundError):
            collection[key]


def test_county_code_is_not_a_key_because_municipalities_share_it() -> None:
    codes = [town.identifiers.county_geoid for town in eaps.municipalities]
    assert len(set(codes)) < len(codes)
    assert not any(code in eaps.municipalities for code in codes if code)


def with_twins() -> eaps.Dataset:
    """Return a dataset in which two programs have the same acronym and name."""
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


def test_ambiguous_key_is_an_error_that_lists_the_candidates() -> None:
    programs = with_twins().programs
    for key in ("CRESS", "Community Responders for Equity, Safety and Service"):
        with pytest.raises(eaps.AmbiguousKeyError) as caught:
            programs[key]
        assert caught.value.candidates == ("amherst-cress", "revere-cress")
        assert str(caught.value) == f"ambiguous programs key {key!r}; use one of: amherst-cress, revere-cress"
        with pytest.raises(eaps.AmbiguousKeyError):
            programs.get(key)
        assert key in programs
    assert programs["revere-cress"].municipality == "revere"


def test_id_takes_precedence_over_a_name() -> None:
    document = eaps.load().document
    second = document.programs[2].model_copy(update={"name": "revere-bhu"})
    programs = (*document.programs[:2], second, *document.programs[3:])
    dataset = eaps.Dataset(document.model_copy(update={"programs": programs}))
    assert dataset.programs["revere-bhu"].acronym == "BHU"
    with pytest.raises(eaps.AmbiguousKeyError):
        dataset.programs["Revere BHU"]


def test_key_of_two_tables_is_ambiguous_in_the_dataset() -> None:
    with pytest.raises(eaps.AmbiguousKeyError) as caught:
        eaps.load().find("City of Northampton")
    assert caught.value.candidates == ["municipalities/northampton", "partners/city-of-northampton"]
    assert eaps.load().find("partners/City of Northampton").id == "city-of-northampton"
    assert eaps.load().find("EAPS") is eaps.grant_program


def test_find_searches_all_tables_or_one() -> None:
    assert eaps.load().find("RPD") is eaps.partners["revere-police-department"]
    assert eaps.load().find("sources/GeoNames") is eaps.sources["geonames"]
    with pytest.raises(eaps.KeyNotFoundError, match=r"unknown dataset key 'reveer' \(did you mean 'revere'"):
        eaps.load().find("reveer")
    with pytest.raises(eaps.KeyNotFoundError, match="unknown dataset key 'RPD'"):
        eaps.load().find("programs/RPD")


def test_suggestions_name_one_key_per_record() -> None:
    with pytest.raises(eaps.KeyNotFoundError) as caught:
        eaps.programs["Behavioral Health Unitt"]
    records = [eaps.programs[key].id for key in caught.value.closest]
    assert records[0] == "revere-bhu"
    assert len(set(records)) == len(records)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (2502556585, "2502556585"),
        (2502556585.0, "2502556585"),
        (Decimal(2502556585), "2502556585"),
        (619465, "00619465"),
        (7.5, "7.5"),
        (float("inf"), "inf"),
    ],
)
def test_a_number_that_is_no_key_is_an_error_that_shows_the_code(number: Any, code: str) -> None:
    message = rf"not {re.escape(repr(number))}; codes are strings, as in '{code}'$"
    lookups: list[Callable[[], object]] = [
        lambda: eaps.municipalities.get(number),
        lambda: eaps.programs.where(municipality=number),
        lambda: eaps.municipalities[number],
    ]
    for look_up in lookups[:2] if isinstance(number, int) else lookups:
        with pytest.raises(TypeError, match=message):
            look_up()


def test_a_number_that_is_no_position_is_an_error_that_shows_the_code() -> None:
    with pytest.raises(
        IndexError, match=r"index 619465 is out of range: it has 6 records; codes are strings, as in '00619465'$"
    ):
        eaps.municipalities[619465]
    with pytest.raises(IndexError, match=r"municipalities index 7 is out of range: it has 6 records$"):
        eaps.municipalities[7]


@pytest.mark.parametrize("key", [None, True, b"revere", ["revere"], 1.5])
def test_what_is_neither_a_key_nor_a_position_is_one_error_that_says_so(key: Any) -> None:
    if key is not None and key is not True:
        with pytest.raises(TypeError, match=r"^a key of municipalities is a string, a position or a slice, not "):
            eaps.municipalities[key]
    if key is not None:
        with pytest.raises(TypeError, match=r"^a key of municipalities is a string, not "):
            eaps.municipalities.get(key)
    dataset: Any = eaps.load()
    with pytest.raises(TypeError, match=r"^a key of dataset is a string, not "):
        dataset.find(key)


def test_a_missing_key_gets_the_default() -> None:
    missing: Any
    for missing in (None, float("nan"), Decimal("nan")):
        assert eaps.municipalities.get(missing, "none") == "none"


def test_lookups_map_over_a_column() -> None:
    pd = pytest.importorskip("pandas")
    np = pytest.importorskip("numpy")
    codes = ["2502556585", None]
    for dtype in (object, "str", "string"):
        found = pd.Series(codes, dtype=dtype).map(eaps.municipalities.get)
        assert [*found] == [eaps.municipalities["revere"], None]
    for missing in (pd.NA, pd.NaT, np.float32("nan"), np.float64("nan")):
        assert eaps.municipalities.get(missing, "none") == "none"
    with pytest.raises(TypeError, match=r"not 2502556585\.0; codes are strings, as in '2502556585'"):
        pd.Series([2502556585, None]).map(eaps.municipalities.get)
    with pytest.raises(
        IndexError, match=r"index 2502556585 is out of range: it has 6 records; codes are strings, as in '2502556585'"
    ):
        eaps.municipalities[np.int64(2502556585)]
    assert eaps.municipalities[np.int64(-1)] is eaps.municipalities[-1]


def test_a_miss_is_one_exception_without_a_chain() -> None:
    for key in ("reveer", 99, None):
        with pytest.raises((eaps.KeyNotFoundError, IndexError, TypeError)) as caught:
            eaps.municipalities[key]  # type: ignore[index]
        assert caught.value.__context__ is None or caught.value.__suppress_context__
        assert "During handling" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("filters", "error"),
    [
        ({"need": "mental"}, eaps.UnknownTermError),
        ({"county": "Sufolk"}, eaps.UnknownTermError),
        ({"municipality": "reveer"}, eaps.KeyNotFoundError),
        ({"nead": "mental-health"}, eaps.UnknownFilterError),
    ],
)
def test_a_bad_filter_shows_one_frame_of_the_package(filters: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        eaps.programs.where(**filters)
    package = str(Path(eaps.__file__).parent)
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert [frame.name for frame in frames if frame.filename.startswith(package)] == ["call"]
    assert "During handling" not in "".join(traceback.format_exception(caught.value))


def test_evidence_has_no_ids_and_says_so() -> None:
    with pytest.raises(AttributeError, match=r"evidence has no ids; find its rows with where\(\)"):
        eaps.evidence.ids  # noqa: B018


def test_a_place_is_found_with_its_state_and_by_geo_id() -> None:
    for town in eaps.municipalities:
        codes = town.identifiers
        for key in (f"{town.name}, MA", f" {town.styled_name} , ma", f"0600000US{codes.county_subdivision_geoid}"):
            assert eaps.municipalities[key] is town
        if codes.place_geoid:
            assert eaps.municipalities[f"1600000us{codes.place_geoid}"] is town
    for wrong in ("Revere, NH", "1600000US2502556585", "0500000US25025", "Revere,", ", MA"):
        assert eaps.municipalities.get(wrong) is None


def test_the_name_of_a_table_is_no_key_but_that_of_the_only_grant_program() -> None:
    assert eaps.load().find("grant_program") == eaps.grant_program
    with pytest.raises(eaps.KeyNotFoundError, match="unknown dataset key 'programs'"):
        eaps.load().find("programs")
