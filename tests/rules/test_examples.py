"""Each valid example is accepted; each invalid one is refused for the reason that it names, by all alike."""

import inspect
import re

import pytest

from eaps_data.formats import strict_json
from eaps_data.rules import integrity, messages
from eaps_data.schemas import generator
from eaps_data.validation import detection as kinds
from eaps_data.validation.checking import validate
from support.engines import ENGINES, Engine
from support.example_files import FOLDER, INVALID, READABLE, SIDECAR, VALID, Invalid, Valid, name_of

RULE_NAME = re.compile(r'(?:\brule=|_fail\(|_report\()"([a-z-]+)"')


@pytest.mark.parametrize("example", VALID, ids=name_of)
def test_a_valid_example_has_no_problem(example: Valid) -> None:
    assert validate(example.data) == ()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("example", VALID, ids=name_of)
def test_the_schema_accepts_a_valid_example(example: Valid, engine: Engine) -> None:
    assert engine(example.schema, example.value) == set()


@pytest.mark.parametrize("example", INVALID, ids=name_of)
def test_an_invalid_example_gives_just_the_error_that_it_names(example: Invalid) -> None:
    found = [(problem.rule, f"{problem.line}:{problem.column}") for problem in example.problems]
    assert found == [(example.rule, example.place)]
    assert [problem.message for problem in example.problems if example.message not in problem.message] == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("example", READABLE, ids=name_of)
def test_the_schema_refuses_an_invalid_example_where_the_model_does(example: Invalid, engine: Engine) -> None:
    assert engine(example.schema, example.value) == example.refused_at


def test_every_schema_has_a_valid_example() -> None:
    assert {example.schema for example in VALID} == set(generator.MODELS)


def test_every_rule_has_an_invalid_example() -> None:
    modules = (messages, strict_json, kinds)
    named = {name for module in modules for name in RULE_NAME.findall(inspect.getsource(module))}
    rules = {*integrity.RULES, *messages._RULES.values(), *named, "value"}
    assert {example.rule for example in INVALID} == rules


def test_no_expectation_is_without_its_example() -> None:
    sidecars = {path.name.removesuffix(SIDECAR) for path in (FOLDER / "invalid").glob("*" + SIDECAR)}
    assert sidecars == {example.name for example in INVALID}
