"""Renamed ids find their records with a warning; removed ids are errors that report since when and why."""

import json
import pickle
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.models.past_ids import PastIds
from eaps_data.models.records import DatasetDocument
from support.strategies import documents, spellings

OLD, NEW = "revere-behavioral-unit", "revere-bhu"
WHY = "The page no longer names it."


def redirect(old: str, new: str, since: str = "2.0.0") -> dict[str, str]:
    return {"old": old, "new": new, "since": since}


def tombstone(subject: str, since: str = "2.0.0") -> dict[str, str]:
    return {"id": subject, "since": since, "why": WHY}


@pytest.fixture(scope="module")
def dataset() -> eaps.Dataset:
    document: Any = json.loads(eaps.load().to_json())
    document["redirects"] = [
        redirect(f"programs/{OLD}", f"programs/{NEW}"),
        redirect("programs/lead", "programs/northampton-dcc"),
        redirect("programs/unit", f"programs/{NEW}"),
        redirect("partners/unit", "partners/revere-police-department"),
        redirect("partners/police", "partners/revere-police-department", "10.0.0"),
        redirect("municipalities/north-hampton", "municipalities/northampton"),
        redirect("sources/names", "sources/geonames"),
        redirect("grant_program/eaps-grant", "grant_program/eaps"),
        redirect(f"partnerships/{NEW}--revere-police-department--lead", PARTNERSHIP),
    ]
    document["tombstones"] = [
        tombstone("programs/winthrop-team"),
        tombstone("partners/unit-of-none"),
        tombstone(f"partnerships/{NEW}--revere-health-department--lead"),
    ]
    return eaps.Dataset.from_json(json.dumps(document))


PARTNERSHIP = next(f"partnerships/{row.id}" for row in eaps.partnerships.where(program=NEW, partner="RPD"))


@contextmanager
def renamed(old: str, new: str, since: str = "2.0.0") -> Generator[None]:
    """Expect one warning that reports the new id, at the line of the caller."""
    with pytest.warns(eaps.RenamedIdWarning) as caught:
        yield
    (warning,) = caught
    (table, _, old_id), new_id = old.partition("/"), new.partition("/")[2]
    assert str(warning.message) == f"renamed {table} id {old_id!r} (since data {since}); use {new_id!r}"
    assert warning.filename == __file__


LOOKUPS: dict[str, Callable[[eaps.Dataset, str], object]] = {
    "index": lambda data, key: data.programs[key].id,
    "get": lambda data, key: data.programs.get(key, data.programs[0]).id,
    "in": lambda data, key: NEW if key in data.programs else None,
    "find": lambda data, key: data.find(f"programs/{key}").lookup_keys[0],
    "find anywhere": lambda data, key: data.find(key).lookup_keys[0],
    "slice": lambda data, key: data.programs[5:][key].id,
    "filtered": lambda data, key: data.programs.where(municipality="revere")[key].id,
    "filter": lambda data, key: data.partnerships.where(program=key)[0].program,
    "filter of several": lambda data, key: data.partnerships.where(program=[key])[0].program,
    "evidence": lambda data, key: data.evidence.where(subject=key)[0].subject.partition("/")[2],
    "pickled": lambda data, key: pickle.loads(pickle.dumps(data.programs[3:]))[key].id,  # noqa: S301 - our own bytes
}


@pytest.mark.parametrize("lookup", LOOKUPS)
@pytest.mark.parametrize("key", [OLD, "Revere  Behavioral-unit"])
def test_renamed_id_finds_its_record_and_warns_at_the_line_of_the_caller(
    dataset: eaps.Dataset, lookup: str, key: str
) -> None:
    with renamed(f"programs/{OLD}", f"programs/{NEW}"):
        assert LOOKUPS[lookup](dataset, key) == NEW


@pytest.mark.parametrize("lookup", [name for name in LOOKUPS if name not in {"get", "in"}])
def test_removed_id_is_an_error_that_reports_since_when_and_why(dataset: eaps.Dataset, lookup: str) -> None:
    with pytest.raises(eaps.RemovedIdError) as caught:
        LOOKUPS[lookup](dataset, "winthrop-team")
    assert str(caught.value) == f"removed programs id 'winthrop-team' (since data 2.0.0): {WHY}"
    assert isinstance(caught.value, eaps.KeyNotFoundError)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (str(again), again.key, again.since, again.why) == (str(caught.value), "winthrop-team", "2.0.0", WHY)


def test_removed_id_is_not_in_its_table(dataset: eaps.Dataset) -> None:
    assert dataset.programs.get("winthrop-team") is None
    assert dataset.programs.get("winthrop-team", 3) == 3
    assert "winthrop-team" not in dataset.programs


def test_warning_survives_pickling() -> None:
    warning = eaps.RenamedIdWarning("programs/a", "programs/b", "2.0.0")
    again = pickle.loads(pickle.dumps(warning))  # noqa: S301 - our own bytes
    assert (str(again), again.old, again.new, again.since) == (str(warning), "programs/a", "programs/b", "2.0.0")


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("municipalities", "north-hampton", "northampton"),
        ("partners", "unit", "revere-police-department"),
        ("sources", "names", "geonames"),
        ("grant_program", "eaps-grant", "eaps"),
    ],
)
def test_redirects_work_in_every_table_with_ids(dataset: eaps.Dataset, table: str, old: str, new: str) -> None:
    with renamed(f"{table}/{old}", f"{table}/{new}"):
        assert dataset.find(f"{table}/{old}").lookup_keys[0] == new


def test_filters_follow_redirects_of_referenced_records(dataset: eaps.Dataset) -> None:
    with renamed("municipalities/north-hampton", "municipalities/northampton"):
        assert dataset.programs.where(municipality="north-hampton").ids == ("northampton-dcc", "northampton-ccrt")
    with renamed("municipalities/north-hampton", "municipalities/northampton"):
        assert len(dataset.evidence.where(section="north-hampton"))


def test_id_renamed_in_two_tables_is_ambiguous(dataset: eaps.Dataset) -> None:
    with pytest.raises(eaps.AmbiguousKeyError, match=f"programs/{NEW}, partners/revere-police-department"):
        dataset.find("unit")


def test_past_id_takes_precedence_over_other_keys(dataset: eaps.Dataset) -> None:
    assert dataset.programs["LEAD"].id == "new-bedford-lead"  # an acronym
    with renamed("programs/lead", "programs/northampton-dcc"):
        assert dataset.programs["lead"].id == "northampton-dcc"
    with renamed("programs/lead", "programs/northampton-dcc"):
        assert dataset.find("programs/lead").lookup_keys[0] == "northampton-dcc"


def test_renamed_record_outside_the_collection_is_not_found_and_does_not_warn(dataset: eaps.Dataset) -> None:
    amherst = dataset.programs.where(municipality="amherst")
    assert OLD not in amherst
    assert amherst.get(OLD) is None
    with pytest.raises(eaps.KeyNotFoundError):
        amherst[OLD]


def test_partnership_follows_the_redirects_of_its_program_and_partner(dataset: eaps.Dataset) -> None:
    role = PARTNERSHIP.rpartition("--")[2]
    for old, since in (
        (f"{OLD}--revere-police-department--{role}", "2.0.0"),
        (f"{NEW}--police--{role}", "10.0.0"),
        (f"{OLD}--police--{role}", "10.0.0"),
        (f"{NEW}--revere-police-department--lead", "2.0.0"),
    ):
        with renamed(f"partnerships/{old}", PARTNERSHIP, since):
            assert f"partnerships/{dataset.partnerships[old].id}" == PARTNERSHIP
    for removed in ("winthrop-team--revere-police-department--lead", f"{NEW}--revere-health-department--lead"):
        with pytest.raises(eaps.RemovedIdError, match=rf"removed partnerships id '{removed}' \(since data 2\.0\.0\)"):
            dataset.partnerships[removed]
    for unknown in (f"{OLD}--nobody--lead", f"{OLD}", f"{OLD}--police", "a--b--c"):
        with pytest.raises(eaps.KeyNotFoundError, match="unknown partnerships key"):
            dataset.partnerships[unknown]


def test_a_renamed_partnership_of_the_packaged_data_is_found_by_its_old_id() -> None:
    with pytest.warns(eaps.RenamedIdWarning):
        found = eaps.partnerships["new-bedford-shannon--city-of-new-bedford--lead"]
    assert found.role == eaps.Role.EXPANDER


def test_no_past_ids_find_nothing() -> None:
    assert PastIds().exact("programs", "a") is PastIds().folded("programs", "a") is None


def test_diff_follows_the_redirects_of_the_new_dataset() -> None:
    old = eaps.load()
    text = old.to_json().replace(f'"{NEW}"', '"revere-unit"').replace(f"programs/{NEW}", "programs/revere-unit")
    document = json.loads(text.replace(f"partnerships/{NEW}--", "partnerships/revere-unit--"))
    document["redirects"].append(redirect(f"programs/{NEW}", "programs/revere-unit"))
    (change,) = eaps.diff(old, eaps.Dataset.from_json(json.dumps(document)))
    assert (change.what, change.old, change.id) == ("renamed", NEW, "revere-unit")


@given(documents(), st.data())
def test_every_past_id_finds_a_record_or_reports_its_removal(document: DatasetDocument, data: st.DataObject) -> None:
    dataset = eaps.Dataset(document)
    for entry in document.redirects:
        table, _, key = entry.old.partition("/")
        with pytest.warns(eaps.RenamedIdWarning):
            assert f"{table}/{dataset.programs[data.draw(spellings(key))].id}" == entry.new
    for tombstone_ in document.tombstones:
        with pytest.raises(eaps.RemovedIdError) as caught:
            dataset.find(tombstone_.id)
        assert caught.value.why == tombstone_.why
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # current ids do not warn
        for record in (*dataset.municipalities, *dataset.programs, *dataset.partners):
            assert dataset.find(f"{record.table}/{record.id}") is record
