"""Models and JSON Schema draw the same line: of a record with something odd about it, they accept or refuse alike.

This is the small run; `python tests/nightly_agreement.py` makes the large one, of the same cases and more.
"""

import pytest

from eaps_data.schemas.generator import MODELS
from nightly_agreement import ACCEPTED, BY_READER, DISAGREEMENT, REFUSED, Tally, tally
from support.mutations import RECORDS_OF, case, everything, sweep

SWEEP = len(sweep())


def assert_agreement(numbers: range) -> None:
    found = tally(case(0, number) for number in numbers)
    assert not found.disagreements, str(found)
    assert found.counts.total() == len(numbers)
    # A mutation that is always refused would say little, and one that is never would say less.
    assert min(found.counts[kind] for kind in (ACCEPTED, REFUSED, BY_READER)) > len(numbers) / 50, str(found)


def test_models_and_schemas_agree_on_odd_values_of_each_field() -> None:
    assert_agreement(range(0, SWEEP, 31))


def test_models_and_schemas_agree_on_records_changed_at_random() -> None:
    assert_agreement(range(SWEEP, SWEEP + 2000))


@pytest.mark.parametrize(
    ("year", "accepted"),
    [
        ("2015.0", True),
        ("2.015e3", True),
        ("2015.00000000000000001", True),  # which no double tells from 2015
        ("2015.0000000000002", False),
        ("2014.9999999999998", False),
        ("9999.000000000002", False),
        ("1599.9999999999998", False),
    ],
)
def test_a_whole_number_has_no_fraction_however_small(year: str, accepted: bool) -> None:
    text = f'{{"id": "a", "name": "A", "municipality": "b", "started_year": {year}}}'
    found = tally([("program", text)])
    assert found.counts == {ACCEPTED if accepted else REFUSED: 1}, str(found)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_each_field_of_a_schema_has_a_value_that_is_changed(name: str) -> None:
    full = RECORDS_OF[name][0]
    assert set(full) == {field.alias or key for key, field in MODELS[name].model_fields.items()}
    assert name == "dataset" or not [path for path, value in everything(full) if value in (None, [], {})]


def test_a_case_is_the_same_whenever_it_is_asked_for() -> None:
    assert [case(1, SWEEP + number) for number in range(20)] == [case(1, SWEEP + number) for number in range(20)]
    assert case(1, SWEEP) != case(2, SWEEP)


def test_a_disagreement_is_counted_and_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "program", MODELS["partner"])
    text = '{"id": "revere-police-department", "name": "Revere Police Department"}'
    found = tally([("program", text), ("partner", text), ("partner", "{}"), ("partner", "{")])
    assert found.counts == {DISAGREEMENT: 1, ACCEPTED: 1, REFUSED: 1, BY_READER: 1}
    assert "4 cases: 1 accepted, 1 refused, 1 refused by the reader, 1 disagreements" in str(found)
    assert f"program: {text}\n" in str(found)


def test_tallies_add_up() -> None:
    total, text = Tally(), '{"id": "a", "name": "A"}'
    for cases in ([("partner", text), ("partner", "[]")], [("partner", text)]):
        total += tally(cases)
    assert total.counts == {ACCEPTED: 2, REFUSED: 1}
