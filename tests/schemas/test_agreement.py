"""The models and the JSON Schemas agree: they accept and reject the same mutated records.

`python -m support.agreement`, in `tests`, runs more of the same cases.
"""

import json

import pytest

from eaps_data.schemas.generator import MODELS
from support.agreement import ACCEPTED, BY_READER, DISAGREEMENT, REJECTED, Tally, tally
from support.mutations import RECORDS_OF, case, everything, sweep

SWEEP = len(sweep())


def assert_agreement(numbers: range) -> None:
    result = tally(case(0, number) for number in numbers)
    assert not result.disagreements, str(result)
    assert result.counts.total() == len(numbers)
    # Mutations that all have the same verdict would prove little.
    assert min(result.counts[verdict] for verdict in (ACCEPTED, REJECTED, BY_READER)) > len(numbers) / 50, str(result)


def test_models_and_schemas_agree_on_unusual_values_of_each_field() -> None:
    assert_agreement(range(0, SWEEP, 31))


def test_models_and_schemas_agree_on_random_mutations() -> None:
    assert_agreement(range(SWEEP, SWEEP + 2000))


@pytest.mark.parametrize(
    ("year", "accepted"),
    [
        ("2015.0", True),
        ("2.015e3", True),
        ("2015.00000000000000001", True),  # as a double, this equals 2015
        ("2015.0000000000002", False),
        ("2014.9999999999998", False),
        ("9999.000000000002", False),
        ("1599.9999999999998", False),
    ],
)
def test_a_whole_number_has_no_fraction(year: str, accepted: bool) -> None:
    text = f'{{"id": "a", "name": "A", "municipality": "b", "started_year": {year}}}'
    result = tally([("program", text)])
    assert result.counts == {ACCEPTED if accepted else REJECTED: 1}, str(result)


@pytest.mark.parametrize("name", sorted({*MODELS} - {"dataset"}))
def test_a_record_may_name_its_schema_for_an_editor(name: str) -> None:
    record = RECORDS_OF[name][0]
    texts = [json.dumps(record | {"$schema": schema}) for schema in ("program.schema.json", "", 1, None)]
    result = tally([(name, text) for text in texts])
    assert result.counts == {ACCEPTED: 2, REJECTED: 2}, str(result)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_mutated_records_have_a_value_in_each_field(name: str) -> None:
    full = RECORDS_OF[name][0]
    assert set(full) == {field.alias or key for key, field in MODELS[name].model_fields.items()}
    assert name == "dataset" or not [path for path, value in everything(full) if value in (None, [], {})]


def test_a_case_depends_on_its_seed_and_number_only() -> None:
    assert [case(1, SWEEP + number) for number in range(20)] == [case(1, SWEEP + number) for number in range(20)]
    assert case(1, SWEEP) != case(2, SWEEP)


def test_a_disagreement_is_counted_and_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "program", MODELS["partner"])
    text = '{"id": "revere-police-department", "name": "Revere Police Department"}'
    result = tally([("program", text), ("partner", text), ("partner", "{}"), ("partner", "{")])
    assert result.counts == {DISAGREEMENT: 1, ACCEPTED: 1, REJECTED: 1, BY_READER: 1}
    assert "4 cases: 1 accepted, 1 rejected, 1 rejected by the reader, 1 disagreements" in str(result)
    assert f"program: {text}\n" in str(result)


def test_tallies_add_up() -> None:
    total, text = Tally(), '{"id": "a", "name": "A"}'
    for cases in ([("partner", text), ("partner", "[]")], [("partner", text)]):
        total += tally(cases)
    assert total.counts == {ACCEPTED: 2, REJECTED: 1}
