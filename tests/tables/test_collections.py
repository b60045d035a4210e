"""Collections: ordered, immutable, equal by value, picklable; with plain data and a text representation."""

import copy
import pickle
from unittest.mock import ANY

import pytest

import eaps_data as eaps
from eaps_data.models.records import RECORDS


def test_records_are_indexed_by_position_and_slice() -> None:
    assert eaps.municipalities[0].id == "winthrop"
    assert eaps.municipalities[-1].id == "lawrence"
    assert eaps.municipalities[1:3].ids == ("amherst", "new-bedford")
    assert isinstance(eaps.municipalities[1:3], eaps.Municipalities)
    with pytest.raises(IndexError):
        eaps.municipalities[6]


def test_collection_is_ordered_and_contains_its_records() -> None:
    towns = list(eaps.municipalities)
    assert list(reversed(eaps.municipalities)) == towns[::-1]
    assert towns[0] in eaps.municipalities
    assert eaps.grant_program not in eaps.municipalities


@pytest.mark.parametrize("table", RECORDS)
def test_collection_is_immutable(table: str) -> None:
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
def test_collection_equals_its_copies(table: str) -> None:
    collection = getattr(eaps, table)
    part = collection[1:]
    for each in (collection, part):
        twin = pickle.loads(pickle.dumps(each))  # noqa: S301 - our own bytes
        assert twin == each
        assert hash(twin) == hash(each)
        assert copy.deepcopy(each) is copy.copy(each) is each
    assert part != collection


def test_pickled_part_still_follows_references() -> None:
    part = pickle.loads(pickle.dumps(eaps.programs.where(municipality="revere")))  # noqa: S301 - our own bytes
    assert part.where(partner="RPD").ids == ("revere-bhu",)


def test_empty_collections_of_different_tables_are_not_equal() -> None:
    assert eaps.programs[:0] == eaps.programs[:0]
    assert eaps.programs[:0] != eaps.partners[:0]


def test_collection_does_not_equal_other_objects() -> None:
    for other in (list(eaps.programs), tuple(eaps.programs), None, 14):
        assert eaps.programs != other
        assert not eaps.programs == other  # noqa: SIM201 - the operator under test
    assert eaps.programs == ANY  # the other operand decides


def test_to_records_returns_plain_data() -> None:
    rows = eaps.programs.where(municipality="revere").to_records()
    assert rows[0]["status"] == "established"
    assert type(rows[0]["status"]) is str
    assert rows[0]["staff_roles"] == ["behavioral-health-specialist", "case-worker"]
    assert rows[0]["started_year"] is None
    rows[0]["status"] = "changed"
    assert eaps.programs["revere-bhu"].status == "established"


def test_repr_is_a_table() -> None:
    assert repr(eaps.municipalities[:2]).splitlines() == [
        "municipalities: 2 records",
        "id        styled_name       county     state  census_name         government_form",
        "winthrop  Town of Winthrop  Suffolk    MA     Winthrop Town city  town-with-city-form",
        "amherst   Town of Amherst   Hampshire  MA     Amherst Town city   town-with-city-form",
    ]
    assert repr(eaps.programs[:0]) == "programs: 0 records"
    assert repr(eaps.evidence).splitlines()[-1] == f"and {len(eaps.evidence) - 20} more"
