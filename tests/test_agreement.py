"""Models and JSON Schema draw the same line: of a record with one change, they accept or refuse alike.

Left out is what JSON Schema cannot tell apart, or an engine cannot be given:

- half a surrogate pair, NaN and infinities: not JSON, so our reader refuses them before a schema is asked;
- a text of a million characters: jsonschema-rs gives up matching it, and calls that a refusal.
"""

import copy
import json
import os
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, TypeAlias

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from eaps_data import vocabulary
from eaps_data.dataset import load
from eaps_data.models import RECORDS
from eaps_data.problems import Path
from eaps_data.schema import MODELS, schema_name
from engines import jsonschema_rs_validator, jsonschema_validator

Case: TypeAlias = tuple[str, Any]
"""The name of a schema, and a value."""

CASES = int(os.environ.get("EAPS_DATA_CASES", max(300, settings().max_examples)))

TERMS = sorted(
    {
        term.value
        for kind in vars(vocabulary).values()
        if isinstance(kind, type) and issubclass(kind, StrEnum)
        for term in kind
    }
)
# Spaces, control and format characters, digits and letters of other scripts: where dialects of patterns differ.
ODD_CHARACTERS = [
    *(" ", "\n", "\t", "\r", "\x00", "\x1f", "\x7f", "\x85", "\u00a0", "\u2003", "\u2028", "\u3000", "\ufeff"),
    *("\u200b", "\u0301", "é", "٣", "\U0001f3e1", "\U0010ffff", "-", "_", "/", ".", "0", "A", "a"),
]
ODD_TEXTS = [
    *ODD_CHARACTERS,
    *("", "--", "\r\n", "null", "true"),
    *("1577836800", "2026-01-31", "2026-02-29", "2024-02-29", "2026-1-31", "20260131", "2026-W05-1", "10000-01-01"),
    *(
        "2026-01-31T00:00:00",
        "2026-01-31\n",
        "٢٠٢٦-01-31",
        "0001-01-01",
        "0000-01-01",
        "0999-12-31",
        "1000-01-01",
        "9999-12-31",
        "-001-01-01",
    ),
    *("x" * 100, "x" * 101, "x" * 10_000, "a " * 5_000 + "a", "word " * 11 + "word", "word " * 12 + "word"),
    *("urn:eaps-data:schema:dataset:1.0.0", "https://example.org/", "http://example.org/ö", "ftp://example.org"),
    *("programs/a--b--c", "programs/a---b", "grant_program/a", "sources/a", "1.0.0", "01.0.0", "1.0.0-rc.1"),
    *("Q1", "Q0", "q1", "02108", "02108-0001", "2108", "MA", "ma", "ocd-division/country:us", "f" * 64, "F" * 64),
]
ODD_NUMBERS = [-1, 0, 1, 90, 91, -90, -91, 180, 181, -180, -181, 1599, 1600, 9999, 10_000, 2**31, 2**63, 2**64, 10**40]

characters = st.sampled_from(ODD_CHARACTERS) | st.characters(exclude_categories=["Cs"])
texts = st.sampled_from(ODD_TEXTS) | st.sampled_from(TERMS) | st.text()
fractions = st.floats(-1e6, 1e6) | st.sampled_from([0.0, -0.0, 1.0, 2015.0, 5e3, 1e30, 1e308])
numbers = st.sampled_from(ODD_NUMBERS) | st.integers() | fractions
scalars = st.none() | st.booleans() | numbers | texts
values: st.SearchStrategy[Any] = (
    scalars | st.lists(scalars, max_size=3) | st.dictionaries(texts, scalars, max_size=2) | st.just([[]])
)


def canonical() -> Iterator[Case]:
    document = json.loads(load().to_json())
    for table in RECORDS:
        yield from ((schema_name(table), record) for record in document[table])
    yield "grant-program", document["grant_program"]
    yield "dataset", document | {table: document[table][:1] for table in RECORDS}


CANONICAL = list(canonical())
# The names that a record might take for its own: those of all records, in JSON and in Python.
NAMES = sorted(
    {key for _, record in CANONICAL for key in record} | {key for kind in MODELS.values() for key in kind.model_fields}
)


def everything(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The value and each value in it, by its path."""
    yield path, value
    if isinstance(value, dict | list):
        for step in value if isinstance(value, dict) else range(len(value)):
            yield from everything(value[step], (*path, step))


def replaced(record: Any, path: Path, value: Any) -> Any:
    """A copy of the record with another value at the path."""
    if not path:
        return value
    record = copy.deepcopy(record)
    parent = record
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = value
    return record


def oddities(value: Any) -> Iterator[Any]:
    """What to put in a value's place: every odd value, and the value itself with one odd thing about it."""
    yield from (None, True, False, 1.5, -0.5, [], {}, [[]], [None], {"": None}, *ODD_NUMBERS, *ODD_TEXTS)
    if isinstance(value, str):
        for one in ODD_CHARACTERS:
            yield from (value + one, one + value, value[:-1] + one)
    elif isinstance(value, list):
        yield from (value * 2, [value])
    elif isinstance(value, dict):
        yield from (value | {name: None} for name in ODD_TEXTS if name not in value)
        yield from ({key: item for key, item in value.items() if key != gone} for gone in value)


def model_accepts(name: str, text: str) -> bool:
    try:
        MODELS[name].model_validate_json(text)
    except ValidationError:
        return False
    return True


def assert_agreement(name: str, value: Any) -> bool:
    accepted = model_accepts(name, json.dumps(value))
    assert jsonschema_validator(name).is_valid(value) == accepted, value
    assert jsonschema_rs_validator(name).is_valid(value) == accepted, value
    return accepted


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """Another value than `value`, most often one that resembles it."""
    ways = [values]
    if isinstance(value, str):
        at = draw(st.integers(0, len(value)))
        ways += [
            characters.map(lambda one: value[:at] + one + value[at + 1 :]),
            characters.map(lambda one: value + one),
            characters.map(lambda one: one + value),
            texts,
        ]
    elif isinstance(value, list):
        ways += [st.just([*value, *value[:1]]), st.sampled_from([value[::-1], [value], []])]
        ways += [scalars.map(lambda item: [*value, item])]
    elif isinstance(value, dict):
        ways += [st.tuples(st.sampled_from(NAMES) | texts, values).map(lambda extra: value | dict([extra]))]
        ways += [st.sampled_from([*value, "absent"]).map(lambda gone: {k: v for k, v in value.items() if k != gone})]
    elif isinstance(value, int | float):
        ways += [numbers]
    return draw(st.one_of(ways))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A canonical record in which one value is changed."""
    name = draw(st.sampled_from(sorted(MODELS)))
    record = draw(st.sampled_from([record for schema, record in CANONICAL if schema == name]))
    objects = [path for path, value in everything(record) if isinstance(value, dict)]
    path = draw(st.sampled_from(objects) | st.sampled_from([path for path, _ in everything(record)]))
    value = next(value for where, value in everything(record) if where == path)
    return name, replaced(record, path, draw(changed(value)))


@pytest.mark.parametrize("name", sorted(MODELS))
def test_models_and_schemas_agree_on_each_odd_value_of_each_field(name: str) -> None:
    seen: set[tuple[object, ...]] = set()
    for record in (record for schema, record in CANONICAL if schema == name):
        for path, value in everything(record):
            # Each field once, and once more where it is null. A document's records have their turn as records.
            field = (*(step for step in path if isinstance(step, str)), len(path), type(value))
            if field not in seen and not (name == "dataset" and len(path) > 1 and path[0] != "release"):
                seen.add(field)
                for odd in oddities(value):
                    assert_agreement(name, replaced(record, path, odd))


@settings(max_examples=CASES)
@given(cases())
def test_models_and_schemas_agree_on_a_changed_record(case: Case) -> None:
    event("accepted" if assert_agreement(*case) else "refused")
