"""Messages suggest what may have been meant."""

import json
from pathlib import Path
from typing import Any

import pytest

from eaps_data.validation import validate, validate_file

TOWN = {"id": "revere", "name": "Revere", "styled_name": "City of Revere", "style": "city", "position": 1}


def test_a_part_outside_its_field_is_to_be_moved() -> None:
    found = validate(json.dumps([{**TOWN, "latitude": 42.4, "county_geoid": "25025", "x": 1}]).encode())
    assert [problem.message for problem in found] == [
        'unknown field "latitude"; move it into "location"',
        'unknown field "county_geoid"; move it into "identifiers"',
        'unknown field "x"; remove it',
    ]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (
            "ansi_code",
            "619445",
            (
                '"619445" does not match ^[0-9]{8}$, as in "00619465"'
                " (did you mean '00619445'?); keep its leading zeros"
            ),
        ),
        (
            "place_geoid",
            "11000.0",
            (
                '"11000.0" does not match ^[0-9]{7}$, as in "2556585"'
                " (did you mean '0011000'?); keep its leading zeros"
            ),
        ),
        ("place_geoid", "25565851", '"25565851" does not match ^[0-9]{7}$, as in "2556585"'),
        ("place_geoid", "Revere", '"Revere" does not match ^[0-9]{7}$, as in "2556585"'),
        ("ansi_code", 619445, "expected a string, found 619445; codes are strings, to keep leading zeros"),
        ("place_geoid", None, ""),
    ],
)  # fmt: skip
def test_a_code_that_has_become_a_number_is_restored(field: str, value: Any, message: str) -> None:
    found = validate(json.dumps([{**TOWN, "identifiers": {field: value}}]).encode())
    assert [problem.message for problem in found] == ([message] if message else [])
    assert {problem.field for problem in found} <= {f"identifiers.{field}"}


def test_a_name_is_not_mistaken_for_a_code() -> None:
    (problem,) = validate(json.dumps([{**TOWN, "name": 7}]).encode())
    assert problem.message == "expected a string, found 7"


def test_a_code_of_csv_is_restored(tmp_path: Path) -> None:
    file = tmp_path / "towns.csv"
    file.write_text(
        "id,name,styled_name,style,position,place_geoid\na,A,Town of A,town,1,2581005.0\n", encoding="utf-8"
    )
    (problem,) = validate_file(file)
    assert (problem.line, problem.column, problem.field) == (2, 22, "identifiers.place_geoid")
    assert problem.message.endswith("(did you mean '2581005'?)")
