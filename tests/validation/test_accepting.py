"""What is accepted without a model is valid: by each engine, the same as by the models, and no more."""

import inspect
import json
from collections.abc import Iterator
from typing import Any

import pytest
from eaps_data.validation.records import KINDS
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.schemas.published import json_schema
from eaps_data.validation import check_lines, json_lines
from eaps_data.validation.detection import parts_of, resolved, schema_of
from eaps_data.validation.fast import acceptor as accepting
from support.fast_way import ENGINES, by
from support.mutations import RECORDS_OF

DOCUMENT = json.loads(eaps.load().to_json())
TABLES = ("municipalities", "programs", "partners", "partnerships", "sources", "evidence")


def test_the_fast_way_and_the_slow_way_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [json.dumps(record).encode() for table in TABLES for record in DOCUMENT[table]]
    lines += [b'{"id": "a", "name": "A", "name": "B"}', b'{"id": "a", "name": "\\":"}', b"{", b'{"id": "a"}']
    with by("jsonschema-rs"):
        by_engine = [check_lines([line], "partners") for line in lines], check_lines(lines, "partners")
    with by("core"):
        by_core = [check_lines([line], "partners") for line in lines], check_lines(lines, "partners")
    monkeypatch.setattr(json_lines, "acceptor", lambda _: lambda _: None)
    by_hand = [check_lines([line], "partners") for line in lines], check_lines(lines, "partners")
    assert by_engine == by_core == by_hand
    assert any(by_hand[0])
    assert not all(by_hand[0])


KEY = "a key that is written as another"


@st.composite
def records_with_a_key_too_many(draw: st.DrawFn) -> tuple[str, list[Any], str]:
    """A table, its records, and a key to be written for the one that has too many."""
    table = draw(st.sampled_from(TABLES))
    records = json.loads(json.dumps(DOCUMENT[table][:5]))
    record = draw(st.sampled_from(records))
    part = draw(st.sampled_from([record, *(value for value in record.values() if isinstance(value, dict))]))
    key = draw(st.sampled_from([*part, "colour", '":', "", ":"]))
    part[KEY] = part.get(key, draw(st.sampled_from([None, [], {}, {"id": "a"}, "a: b", '":', 1])))
    return table, records, json.dumps(key)


@given(records_with_a_key_too_many(), st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : "), (",\n", "\n:")]))
def test_a_key_too_many_is_never_accepted(case: tuple[str, list[Any], str], separators: tuple[str, str]) -> None:
    table, records, key = case
    whole = {**DOCUMENT, table: [*records, *DOCUMENT[table][5:]]}

    def written(value: Any) -> bytes:
        return json.dumps(value, separators=separators).replace(json.dumps(KEY), key).encode()

    for engine in ENGINES:
        with by(engine):
            assert accepting.acceptor(table)(b"\n".join(map(written, records))) is None
            for small in (2**16, 0):
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(accepting, "_SMALL", small)
                    assert accepting.accepted(written(records), table) is None
                    assert accepting.accepted(written(whole), "dataset") is None


# Each is refused line by line, though the lines make up a sound array together.
@pytest.mark.parametrize(
    "lines",
    [
        [b'{"id": "a",', b'"name": "A"}'],
        [b'{"id": "a", "name": "A"}, {"id": "b", "name": "B"}'],
        [b'{"id": "a", "name": "A"}, {"id": "b",', b'"name": "B"}'],
        [b'{"id": "a", "name": "A', b'", "aliases": []}'],
        [b'{"id": "a", "name": "A"}, {"id": "b", "name": "', b'{"}'],
        [b'{"id": "a", "name": "A"}] , [', b'{"id": "b", "name": "B"}'],
        [b'{"id": "a", "aliases": ["b",', b'"c"], "name": "A"}'],
        [b'{"id": "a", "name": "A"},'],
        [b'{"id": "a", "name": "A"},', b""],
        [b'{"id": "a", "name": "A"},', b'{"id": "b", "name": "B"}'],
        [b'{"id": "a", "name": "A"}, {"id": "b", "name": "B"}', b" "],
        [b" ", b'{"id": "a", "name": "A"}, {"id": "b", "name": "B"}'],
    ],
)
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_lines_that_make_sense_only_together_are_refused(lines: list[bytes], end: bytes) -> None:
    ended = [line + end for line in lines]
    for text in (b"".join(ended) if end else b"\n".join(lines), b"\n".join([*lines, b""])):
        for engine in ENGINES:
            with by(engine):
                assert accepting.acceptor("partners")(text) is None
    assert check_lines(ended, "partners")


def test_no_record_holds_a_list_of_objects() -> None:
    # What `accepting` says of lines as an array rests on this.
    for name in KINDS.keys() - {"dataset"}:
        schemas = [schema_of(name)]
        for schema in schemas:
            schemas += parts_of(schema).values()
            lists = [resolved(part) for part in schema["properties"].values()]
            assert not any("properties" in resolved(part["items"]) for part in lists if part.get("type") == "array")


def test_without_the_fast_extra_the_core_answers() -> None:
    for engine, name in (("core", "by_core"), ("jsonschema-rs", "by_schema")):
        with by(engine):
            read = inspect.getclosurevars(accepting.acceptor("partners")).nonlocals["read"]
            assert inspect.getclosurevars(read).nonlocals["engine"].__name__ == name
            accept = accepting.acceptor("partners")
            assert accept(b'{"id": "a", "name": "A"}\n{"id": "b", "name": "B"}') == ["a", "b"]
            for bad in (b'{"id": "a", "name": "A", "name": "A"}', b'{"id": "a"}', b"{"):
                assert accept(b'{"id": "a", "name": "A"}\n' + bad) is None


@pytest.mark.parametrize("name", ["A\\u003aB", "A\\u003AB", "\\u003a\\u003a", "A:B\\u003aC"])
def test_a_colon_that_is_written_as_an_escape_hides_no_key(name: str) -> None:
    twice = f'{{"id":"a","name":"{name}","name":"{name}"}}'.encode()
    unknown = f'{{"id":"a","name":"{name}","colour":1}}'.encode()
    for text in (twice, unknown):
        for engine in ENGINES:
            with by(engine):
                assert accepting.acceptor("partners")(text) is None
                assert accepting.accepted(text, "partners") is None
        assert check_lines([text], "partners")


def texts_changed(value: Any) -> Iterator[Any]:
    """The same data many times, each with a colon in another one of its texts."""
    if isinstance(value, str):
        yield from (value + ":8", "a:" + value, "https://" + value)
    elif isinstance(value, dict):
        yield from ({**value, key: changed} for key, part in value.items() for changed in texts_changed(part))
    elif isinstance(value, list):
        yield from (
            [*value[:at], each, *value[at + 1 :]] for at, part in enumerate(value) for each in texts_changed(part)
        )


@pytest.mark.parametrize("name", ["grant_program", *TABLES])
def test_a_text_with_a_colon_needs_no_model(name: str) -> None:
    full = RECORDS_OF["grant-program" if name == "grant_program" else KINDS[name].__name__.lower()][0]
    lines = [json.dumps(record).encode() for record in texts_changed(full)]
    valid = [line for line in lines if not check_lines([line], name)]
    for engine in ENGINES:
        with by(engine):
            assert [line for line in lines if accepting.acceptor(name)(line) is not None] == valid
    assert valid or name == "partnerships"  # whose texts are ids and terms


def test_a_dataset_with_its_schema_named_needs_no_model() -> None:
    url = json_schema("dataset")["$id"]
    for document in (DOCUMENT, {"$schema": url, **DOCUMENT}):
        for indent in (None, 2):
            assert accepting.accepted(json.dumps(document, indent=indent).encode(), "dataset")


def test_who_may_have_an_id_must_have_one() -> None:
    # What `accepting` takes for the ids of lines rests on this.
    for name in KINDS:
        field = KINDS[name].model_fields.get("id")
        assert field is None or field.is_required(), name
