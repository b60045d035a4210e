"""Records are frozen, strict, closed, hashable, equal by value, and survive copying and pickling."""

import copy
import pickle
from collections.abc import Iterator

import pytest
from pydantic import BaseModel, ValidationError

import eaps_data as eaps
from eaps_data.models.records import RECORDS, Record


def every_record() -> Iterator[Record]:
    yield eaps.grant_program
    for table in RECORDS:
        yield from getattr(eaps, table)


def every_value(value: object) -> Iterator[object]:
    """The value and all that it holds, all the way down."""
    yield value
    if isinstance(value, BaseModel):
        for _, part in value:
            yield from every_value(part)
    elif isinstance(value, tuple):
        for item in value:
            yield from every_value(item)


def test_nothing_inside_any_record_is_mutable() -> None:
    for record in every_record():
        for value in every_value(record):
            assert not isinstance(value, list | dict | set | bytearray)
            hash(value)


def test_no_attribute_of_any_record_can_be_set_or_deleted() -> None:
    for record in every_record():
        for model in filter(lambda value: isinstance(value, BaseModel), every_value(record)):
            for field in type(model).model_fields:  # type: ignore[attr-defined]  # they are models
                with pytest.raises(ValidationError, match="frozen"):
                    setattr(model, field, None)
                with pytest.raises(ValidationError, match="frozen"):
                    delattr(model, field)
            with pytest.raises(ValidationError, match="frozen"):
                setattr(model, "invented", 1)  # noqa: B010 - the type checker knows better


def test_each_record_equals_its_copies_and_hashes_alike() -> None:
    for record in every_record():
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
    records = list(every_record())
    assert len(set(records)) == len(records)


def test_a_copy_with_changes_is_validated() -> None:
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
        ("style", "city"),  # in Python, a term is the member; in JSON, its text
        ("state", "Massachusetts"),
        ("invented", 1),
    ],
)
def test_values_are_not_coerced(field: str, value: object) -> None:
    revere = eaps.municipalities["revere"]
    with pytest.raises(ValidationError, match=field):
        eaps.Municipality.model_validate({**dict(revere), field: value})


def test_lists_are_refused_where_tuples_belong() -> None:
    program = eaps.programs["revere-bhu"]
    with pytest.raises(ValidationError, match="tuple"):
        eaps.Program.model_validate({**dict(program), "goals": list(program.goals)})


def test_a_date_is_a_calendar_date_in_json_and_a_date_in_python() -> None:
    assert eaps.Release.model_validate_json('{"data_version": "1.0.0", "as_of": "2024-02-29"}').as_of.day == 29
    for wrong in ("2023-02-29", "1577836800", "2024-2-29", "0000-01-01", "2024-02-29\\n", "2024-02-29T00:00:00"):
        with pytest.raises(ValidationError, match="as_of"):
            eaps.Release.model_validate_json(f'{{"data_version": "1.0.0", "as_of": "{wrong}"}}')
    with pytest.raises(ValidationError, match="as_of"):
        eaps.Release.model_validate({"data_version": "1.0.0", "as_of": "2024-02-29"})


def test_a_partnership_is_told_apart_by_program_partner_and_role() -> None:
    row = eaps.partnerships.where(program="revere-bhu", role="creator")[0]
    assert row.id == "revere-bhu--revere-police-department--creator"
    assert "id" not in row.model_dump()


def test_fields_may_be_given_by_name_or_by_alias() -> None:
    document = eaps.load().document
    assert document.model_copy(update={"schema_id": document.schema_id}) == document
    assert "$schema" in document.model_dump()


def test_minus_zero_is_zero() -> None:
    location = eaps.Location(latitude=-0.0, longitude=-0.0)
    assert location.model_dump_json() == '{"latitude":0.0,"longitude":0.0}'
