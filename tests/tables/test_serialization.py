"""Collections, datasets, hits and evidence serialize as what they hold; pickles of another schema are refused."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Annotated, Any

import jsonschema
import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

import eaps_data as eaps
from eaps_data.models import fields
from eaps_data.models.records import RECORDS
from eaps_data.models.table_specs import SCHEMA_VERSION
from support.sample import VERSION

DATA = eaps.load()


def dumped(type_: Any, value: object) -> Any:
    """Return the value as JSON data, if it follows the JSON Schema of its type and is the same by each way to dump."""
    adapter = TypeAdapter[Any](type_)
    plain = adapter.dump_python(value, mode="json")
    assert json.loads(adapter.dump_json(value)) == plain
    jsonschema.Draft202012Validator(adapter.json_schema(mode="serialization")).validate(plain)
    return plain


@pytest.mark.parametrize("table", RECORDS)
def test_collection_serializes_as_its_records(table: str) -> None:
    collection = getattr(eaps, table)[:3]
    assert dumped(type(collection), collection) == collection.to_records()
    assert dumped(eaps.Collection, collection) == collection.to_records()
    schema = TypeAdapter(type(collection)).json_schema()
    assert schema["items"] == {"$ref": f"#/$defs/{RECORDS[table].__name__}"}


def test_collection_is_a_field_of_a_model() -> None:
    class Page(BaseModel):
        total: Annotated[int, Field(ge=0)]
        programs: eaps.Programs
        rest: eaps.Collection[eaps.Program]

    page = Page(total=10, programs=eaps.programs[:2], rest=eaps.programs[2:])
    assert page.programs == eaps.programs[:2]
    assert [*dumped(Page, page)["programs"], *dumped(Page, page)["rest"]] == eaps.programs.to_records()


@pytest.mark.parametrize("value", [eaps.partners, eaps.programs.to_records(), list(eaps.programs), None])
def test_other_values_are_no_collection(value: object) -> None:
    with pytest.raises(ValidationError, match=r"expected Programs, a part of a dataset; accept eaps_data\.Dataset, or"):
        TypeAdapter(eaps.Programs).validate_python(value)


def test_records_in_json_are_no_collection() -> None:
    adapter = TypeAdapter(eaps.Programs)
    with pytest.raises(ValidationError, match="expected Programs, a part of a dataset"):
        adapter.validate_json(adapter.dump_json(eaps.programs))


def test_dataset_serializes_as_its_document() -> None:
    adapter = TypeAdapter(eaps.Dataset)
    assert dumped(eaps.Dataset, DATA) == json.loads(DATA.to_json())
    assert adapter.json_schema() == TypeAdapter(eaps.DatasetDocument).json_schema()
    assert adapter.validate_python(DATA) is DATA
    assert adapter.validate_python(DATA.document) == DATA
    assert adapter.validate_python(json.loads(DATA.to_json())) == DATA
    assert adapter.validate_json(DATA.to_json()) == DATA


@pytest.mark.parametrize("read", [json.loads, str])
def test_dataset_is_validated_between_records_too(read: Callable[[str], Any]) -> None:
    text = DATA.to_json().replace('"municipality": "winthrop"', '"municipality": "winthorp"')
    adapter = TypeAdapter(eaps.Dataset)
    validate: Callable[[Any], Any] = adapter.validate_json if read is str else adapter.validate_python
    with pytest.raises(ValidationError, match=r"unknown municipality.*winthorp") as error:
        validate(read(text))
    assert [each["loc"] for each in error.value.errors()] == [()]
    with pytest.raises(ValidationError) as error:
        validate(read(DATA.to_json().replace('"position": 1', '"position": "1"')))
    assert [each["loc"] for each in error.value.errors()] == [("municipalities", 0, "position")]


# Results


def test_hits_serialize_as_their_records_and_matches() -> None:
    hits = eaps.search("peer recovery")
    expected = [
        {"record": hit.record.model_dump(mode="json"), "score": hit.score, "matches": hit.to_dict()["matches"]}
        for hit in hits
    ]
    assert len({hit.record.table for hit in hits}) > 1
    assert dumped(eaps.Hits, hits) == expected
    assert [dumped(eaps.Hit, hit) for hit in hits] == expected
    adapter = TypeAdapter(eaps.Hits)
    assert adapter.validate_python(hits) is hits
    assert adapter.validate_python(list(hits)) == adapter.validate_json(adapter.dump_json(hits)) == hits


@pytest.mark.parametrize("key", ["revere", "revere-bhu", "RPD", "geonames", "grant_program", eaps.partnerships[0].id])
def test_evidence_serializes_with_its_record(key: str) -> None:
    why = eaps.why(key)
    plain = dumped(eaps.Why, why)
    assert plain["record"] == why.record.model_dump(mode="json")
    quotes = [row.quote for claim in why.claims for row in claim.evidence]
    assert [row["quote"] for claim in plain["claims"] for row in claim["evidence"]] == quotes


def test_difference_serializes_with_its_changes() -> None:
    difference = eaps.diff(eaps.Dataset.from_release("1.0.0"), DATA)
    plain = dumped(eaps.Difference, difference)
    assert plain["changes"] == difference.to_dict()["changes"]


# Pickles


def unpickled(data: bytes) -> Any:
    return pickle.loads(data)  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "value",
    [DATA, DATA.document, eaps.programs[2:4], *(getattr(eaps, table)[0] for table in RECORDS), eaps.why("RPD")],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_round_trips(value: object, protocol: int) -> None:
    copy = unpickled(pickle.dumps(value, protocol))
    assert (copy, type(copy)) == (value, type(value))


def test_pickle_keeps_the_fields_that_were_set() -> None:
    partner = eaps.Partner(id="office", name="Office")
    assert unpickled(pickle.dumps(partner)).model_dump(exclude_unset=True) == {"id": "office", "name": "Office"}


def test_pickle_of_another_schema_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr(fields, "SCHEMA_VERSION", "1.0.0")
        # A term that the current vocabulary lacks comes after the version, which is compared first.
        data = pickle.dumps(eaps.programs["revere-bhu"]).replace(b"behavioral-health", b"behavioural-healt")
    with pytest.raises(pickle.UnpicklingError) as error:
        unpickled(data)
    assert str(error.value) == (
        f"this Program was pickled under schema 1.0.0, and this version of eaps-data has schema "
        f"{SCHEMA_VERSION}; store data as JSON instead (Dataset.to_json), which later versions read"
    )


@pytest.mark.parametrize("changed", [{"name": "Office"}, {**dict(eaps.partners[0]), "phone": "1"}])
def test_pickle_with_other_fields_is_refused(changed: dict[str, object]) -> None:
    partner = eaps.Partner.__new__(eaps.Partner)
    with pytest.raises(pickle.UnpicklingError, match="this Partner was pickled under another schema"):
        partner.__setstate__({**eaps.partners[0].__getstate__(), "__dict__": changed})


# Caches: the hash of an argument depends on its value only


def other_edition() -> eaps.Dataset:
    """Return an equal dataset that was read separately, and has been searched and filtered."""
    other = eaps.Dataset.from_json(DATA.to_json())
    assert other.programs["BHU"] in other.programs.where(municipality="Revere")
    assert other.search("peer recovery")
    return other


@pytest.mark.slow
def test_joblib_hashes_collections_by_value() -> None:
    joblib = pytest.importorskip("joblib")
    other = other_edition()
    assert joblib.hash(DATA) == joblib.hash(other)
    for table in RECORDS:
        held, equal = getattr(DATA, table), getattr(other, table)
        assert joblib.hash(held) == joblib.hash(equal) != joblib.hash(held[1:]) == joblib.hash(equal[1:])
    code = f"import eaps_data, joblib; print(joblib.hash(eaps_data.Dataset.from_release({VERSION!r}).programs))"
    ran = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": "1"}, stdout=subprocess.PIPE, check=True
    )
    assert ran.stdout.decode().strip() == joblib.hash(other.programs)


@pytest.mark.slow
def test_streamlit_caches_by_collections() -> None:
    streamlit = pytest.importorskip("streamlit")
    calls = []

    def whole_programs(programs: eaps.Programs, dataset: eaps.Dataset) -> eaps.Programs:
        calls.append(programs.ids)
        return dataset.programs.where(part_of=None)

    cached = streamlit.cache_data(whole_programs, show_spinner=False)
    other = other_edition()
    for programs, dataset in ((DATA.programs, DATA), (other.programs, other), (DATA.programs[1:], DATA)):
        assert cached(programs, dataset) == DATA.programs.where(part_of=None)
    assert calls == [DATA.programs.ids, DATA.programs[1:].ids]
