"""Each valid example is accepted; each invalid one is rejected for the reason that it names, by all validators."""

import re

import pytest

from eaps_data.models.table_specs import MEMBERS
from eaps_data.rules.catalog import RULES
from eaps_data.schemas import generator
from eaps_data.validation.checking import validate
from support.engines import ENGINES, Engine
from support.example_files import FOLDER, INVALID, READABLE, SIDECAR, VALID, Invalid, Valid, name_of

NOT_IN_A_JSON_FILE = {
    *("csv", "damaged-file", "line", "not-yaml"),  # other formats
    *("cell-type", "list-item", "missing-column", "row-count"),  # tables of rows and cells
    *("not-canonical", "unreadable"),  # files and folders
    *("draft", "page-order", "page-quote", "page-sentence", "page-words", "release"),  # a folder and its page
}
"""The errors that no JSON document can have."""


@pytest.mark.parametrize("example", VALID, ids=name_of)
def test_valid_example_has_no_problem(example: Valid) -> None:
    assert validate(example.data, example.type) == ()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("example", VALID, ids=name_of)
def test_schema_accepts_valid_example(example: Valid, engine: Engine) -> None:
    assert engine(example.schema, example.value) == set()


@pytest.mark.parametrize("example", INVALID, ids=name_of)
def test_invalid_example_has_the_one_problem_that_it_names(example: Invalid) -> None:
    found = [(problem.rule, f"{problem.line}:{problem.column}") for problem in example.problems]
    assert found == [(example.rule, example.place)]
    assert [problem.message for problem in example.problems if example.message not in problem.message] == []


@pytest.mark.parametrize("example", INVALID, ids=name_of)
def test_messages_hold_no_position_in_json_as_other_formats_share_them(example: Invalid) -> None:
    position = re.compile(rf"({'|'.join(MEMBERS)})(\[\d+\]|/\d+\b)")
    assert [one for one in example.problems if position.search(f"{one.record} {one.message}")] == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("example", READABLE, ids=name_of)
def test_schema_rejects_invalid_example_where_the_model_does(example: Invalid, engine: Engine) -> None:
    assert engine(example.schema, example.value) == example.refused_at


def test_every_schema_has_a_valid_example() -> None:
    assert {example.schema for example in VALID} == set(generator.MODELS)


def test_every_rule_of_json_has_an_invalid_example() -> None:
    errors = {rule.name for rule in RULES.values() if rule.severity == "error"}
    assert errors >= NOT_IN_A_JSON_FILE
    assert {example.rule for example in INVALID} == errors - NOT_IN_A_JSON_FILE


def test_every_sidecar_has_an_example() -> None:
    sidecars = {path.name.removesuffix(SIDECAR) for path in (FOLDER / "invalid").glob("*" + SIDECAR)}
    assert sidecars == {example.name for example in INVALID}
