"""Records are frozen, strict, closed, hashable, equal by value, and survive copying and pickling."""

import copy
import json
import pickle
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import get_args

import pytest
from hypothesis import given
from pydantic import BaseModel, ValidationError

import eaps_data as eaps
from eaps_data.models.fields import Model
from eaps_data.models.records import MODELS, RECORDS, DatasetDocument, Record, term_fields
from eaps_data.models.table_specs import MEMBERS, SCHEMA_VERSION, TABLE_SPECS, TABLES
from support.strategies import documents

PAST_IDS: tuple[Model, ...] = (
    eaps.Redirect(old="programs/a", new="programs/b", since="2.0.0"),
    eaps.Tombstone(id="programs/c", since="2.0.0", why="It is no longer named."),
)


def all_records() -> Iterator[Record]:
    yield eaps.grant_program
    for table in RECORDS:
        yield from getattr(eaps, table)


def nested_values(value: object) -> Iterator[object]:
    """Yield the value and everything in it."""
    yield value
    if isinstance(value, BaseModel):
        for _, part in value:
            yield from nested_values(part)
    elif isinstance(value, tuple):
        for item in value:
            yield from nested_values(item)


def test_records_contain_no_mutable_value() -> None:
    for record in all_records():
        for value in nested_values(record):
            assert not isinstance(value, list | dict | set | bytearray)
            hash(value)


def test_attributes_of_models_cannot_be_set_or_deleted() -> None:
    for record in (*all_records(), *PAST_IDS):
        for model in filter(lambda value: isinstance(value, BaseModel), nested_values(record)):
            for field in type(model).model_fields:  # type: ignore[attr-defined]  # they are models
                with pytest.raises(ValidationError, match="frozen"):
                    setattr(model, field, None)
                with pytest.raises(ValidationError, match="frozen"):
                    delattr(model, field)
            with pytest.raises(ValidationError, match="frozen"):
                setattr(model, "invented", 1)  # noqa: B010 - the type checker knows better


def test_record_equals_its_copies_and_has_the_same_hash() -> None:
    for record in (*all_records(), *PAST_IDS):
        for twin in (
            copy.copy(record),
            copy.deepcopy(record),
            pickle.loads(pickle.dumps(record)),  # noqa: S301 - our own bytes
            type(record).model_validate_json(record.model_dump_json()),
            record.model_copy(),
        ):
            assert twin == record
            assert hash(twin) == hash(record)
            assert type(twin) is type(record)


def test_no_two_records_are_equal() -> None:
    records = list(all_records())
    assert len(set(records)) == len(records)


def test_copy_with_changes_is_validated() -> None:
    program = eaps.programs["revere-bhu"]
    assert program.model_copy(update={"started_year": 2020}).started_year == 2020
    with pytest.raises(ValidationError, match="started_year"):
        program.model_copy(update={"started_year": "2020"})
    with pytest.raises(ValidationError, match="invented"):
        program.model_copy(update={"invented": 1})
    assert program.started_year is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("position", "1"),
        ("position", 1.0),
        ("position", True),
        ("name", b"Revere"),
        ("style", "City"),
        ("style", b"city"),
        ("style", eaps.GovernmentForm.CITY),
        ("style", ["city"]),
        ("state", "Massachusetts"),
        ("invented", 1),
    ],
)
def test_values_are_not_coerced(field: str, value: object) -> None:
    revere = eaps.municipalities["revere"]
    with pytest.raises(ValidationError, match=field):
        eaps.Municipality.model_validate({**dict(revere), field: value})


@pytest.mark.parametrize("make", [set, frozenset, iter, dict.fromkeys, "".join])
def test_only_a_list_is_accepted_for_a_tuple(make: Callable[[list[str]], object]) -> None:
    program = eaps.programs["revere-bhu"]
    with pytest.raises(ValidationError, match="tuple"):
        eaps.Program.model_validate({**dict(program), "goals": make(list(program.goals))})


def test_items_of_a_list_are_not_coerced() -> None:
    program = dict(eaps.programs["revere-bhu"])
    for field, items in (("goals", [1]), ("approaches", ["Co-Response"]), ("approaches", [["co-response"]])):
        with pytest.raises(ValidationError, match=field):
            eaps.Program.model_validate({**program, field: items})
    with pytest.raises(ValidationError, match='duplicate item "co-response"'):
        eaps.Program.model_validate({**program, "approaches": ["co-response", eaps.Approach.CO_RESPONSE]})


def test_unknown_term_is_an_error_that_lists_the_terms() -> None:
    partner: dict[str, object] = {"id": "a", "name": "A", "kind": "ofice"}
    with pytest.raises(ValidationError, match="'office'") as python:
        eaps.Partner.model_validate(partner)
    with pytest.raises(ValidationError) as from_json:
        eaps.Partner.model_validate_json(json.dumps(partner))
    first, second = (caught.value.errors(include_url=False) for caught in (python, from_json))
    assert first == second


def assert_equals_its_json_dump(model: Model) -> None:
    read = type(model).model_validate(model.model_dump(mode="json"))
    assert read == model
    assert [type(value) for value in nested_values(read)] == [type(value) for value in nested_values(model)]
    assert type(model)(**model.model_dump(mode="json")) == model


def test_record_equals_its_json_dump() -> None:
    for record in (*all_records(), *PAST_IDS, eaps.release, eaps.load().document):
        assert_equals_its_json_dump(record)


@given(documents())
def test_any_record_equals_its_json_dump(document: DatasetDocument) -> None:
    assert_equals_its_json_dump(document)
    for value in nested_values(document):
        if isinstance(value, Model):
            assert_equals_its_json_dump(value)


def test_duplicate_items_are_refused() -> None:
    with pytest.raises(ValidationError, match='duplicate item "BHU"'):
        eaps.programs["revere-bhu"].model_copy(update={"aliases": ("BHU", "Unit", "BHU")})


def test_date_is_a_date_object_or_the_text_of_a_calendar_date() -> None:
    def read_json(text: str) -> eaps.Release:
        return eaps.Release.model_validate_json(f'{{"data_version": "1.0.0", "as_of": "{text}"}}')

    def read(value: object) -> eaps.Release:
        return eaps.Release.model_validate({"data_version": "1.0.0", "as_of": value})

    assert read_json("2024-02-29") == read("2024-02-29") == read(date(2024, 2, 29))
    for invalid in ("2023-02-29", "1577836800", "2024-2-29", "0000-01-01", "2024-02-29\\n", "2024-02-29T00:00:00"):
        for validate in (read_json, read):
            with pytest.raises(ValidationError, match="as_of"):
                validate(invalid)
    for other in (b"2024-02-29", 1577836800, datetime(2024, 2, 29, tzinfo=UTC)):
        with pytest.raises(ValidationError, match="as_of"):
            read(other)


def test_partnership_id_consists_of_program_partner_and_role() -> None:
    row = eaps.partnerships.where(program="revere-bhu", role="creator")[0]
    assert row.id == "revere-bhu--revere-police-department--creator"
    assert "id" not in row.model_dump()


def test_evidence_place_is_a_heading_a_sentence_or_none() -> None:
    heading = next(row for row in eaps.evidence if row.paragraph == 0)
    assert heading.place == f"{heading.section}, heading"
    sentence = next(row for row in eaps.evidence if row.sentence == 2)
    assert sentence.place == f"{sentence.section}, paragraph {sentence.paragraph}, sentence 2"
    assert {row.place for row in eaps.evidence.where(section=None)} == {None}


def with_editor_schema(document: DatasetDocument) -> str:
    return json.dumps({"$schema": "https://example.org/", **document.model_dump(mode="json")})


def test_fields_are_accepted_by_name_and_by_alias() -> None:
    document = eaps.load().document
    assert document.model_copy(update={"editor_schema": "https://example.org/"}) == document
    assert DatasetDocument.model_validate_json(with_editor_schema(document)) == document


def test_negative_zero_becomes_zero() -> None:
    location = eaps.Location(latitude=-0.0, longitude=-0.0)
    assert location.model_dump_json() == '{"latitude":0.0,"longitude":0.0}'


def test_models_follow_the_table_specs() -> None:
    assert tuple(MODELS) == MEMBERS
    assert tuple(RECORDS) == TABLES
    assert {name: model.__name__ for name, model in MODELS.items()} == {
        name: spec.model for name, spec in TABLE_SPECS.items()
    }
    assert {name: model.table for name, model in RECORDS.items()} == {name: name for name in TABLES}


def test_term_fields_are_plain_optional_and_list_fields_in_model_order() -> None:
    assert [*term_fields("municipalities").items()] == [
        ("style", eaps.MunicipalityStyle),
        ("government_form", eaps.GovernmentForm),
    ]
    assert [*term_fields("programs").items()] == [
        ("kind", eaps.ProgramKind),
        ("status", eaps.ProgramStatus),
        ("approaches", eaps.Approach),
        ("services", eaps.Service),
        ("staff_roles", eaps.StaffRole),
        ("populations", eaps.Population),
        ("needs", eaps.Need),
        ("frameworks", eaps.Framework),
    ]
    assert [*term_fields("grant_program").items()] == [("funding_status", eaps.FundingStatus)]
    assert term_fields("sources") == {}


def test_a_document_has_the_current_schema_version_and_no_editor_schema() -> None:
    plain = eaps.load().document.model_dump(mode="json")
    assert plain["schema_version"] == SCHEMA_VERSION
    assert "$schema" not in plain
    assert get_args(DatasetDocument.model_fields["schema_version"].annotation) == (SCHEMA_VERSION,)
