"""The fast path accepts only valid data: with it and without it, the answers are the same."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

import eaps_data as eaps
from eaps_data.formats import jsonl
from eaps_data.formats.columns import table as columns_table
from eaps_data.models.records import DatasetDocument
from eaps_data.models.table_specs import CLAIM, MEMBERS, REFERENCES, TABLE_SPECS, TABLES
from eaps_data.rules.checker import TYPES
from eaps_data.schemas.document import nested, schema_of
from eaps_data.schemas.published import json_schema, record_schema_name
from eaps_data.validation import check_lines, fast, validate
from eaps_data.validation.fast import chunks
from support.example_files import INVALID, VALID, Invalid, Valid, name_of
from support.fast_path import Result, check_csv, check_json, check_jsonl, in_chunks, without_fast_path
from support.mutations import RECORDS_OF, case, sweep
from support.strategies import documents

DOCUMENT = json.loads(eaps.load().to_json())
COUNT = sum(len(DOCUMENT[table]) for table in TABLES)
TYPE_OF_SCHEMA = {record_schema_name(name): name for name in TYPES}
COMMON_FORMATTINGS: list[dict[str, Any]] = [{}, {"indent": 2}, {"indent": 0}, {"separators": (",", ":")}]
FORMATTINGS = [*COMMON_FORMATTINGS, {"separators": (" ,\t", " :\r\n")}]
sizes = st.integers(1, 4000)
formattings = st.sampled_from(FORMATTINGS)
common_formattings = st.sampled_from(COMMON_FORMATTINGS)

fewer_examples = settings(max_examples=settings().max_examples // 3)
"""Each example is a whole dataset."""


def copy_of_document() -> Any:
    return json.loads(json.dumps(DOCUMENT))


def assert_same_answer(text: bytes, type_: str | None, size: int = 100) -> Result:
    """Check a JSON text with the fast path, with it in small chunks, and without it; return the result."""
    with without_fast_path():
        expected = check_json(text, type_)
    assert check_json(text, type_) == expected
    with in_chunks(size):
        assert check_json(text, type_) == expected
    return expected


def assert_same_answer_for_csv(text: str) -> None:
    with without_fast_path():
        expected = check_csv(text.encode(), None)
    assert check_csv(text.encode(), None) == expected


def assert_same_answer_for_lines(text: bytes, type_: str | None) -> None:
    with without_fast_path():
        expected = check_jsonl(text, type_)
    assert check_jsonl(text, type_) == expected


# With and without the fast path


@pytest.mark.parametrize("example", [*VALID, *INVALID], ids=name_of)
def test_example_files_have_the_same_problems_without_the_fast_path(example: Valid | Invalid) -> None:
    assert_same_answer(example.data, example.type)
    assert_same_answer(example.data, None)
    for type_ in {example.type, None} - {"dataset"}:
        assert_same_answer_for_lines(example.data, type_)  # most have several lines, which are broken JSON Lines
        assert_same_answer_for_lines(b" ".join(example.data.split(b"\n")), type_)
    try:
        value = json.loads(example.data)
    except ValueError:
        return
    if isinstance(value, list):
        lines = b"\n".join(json.dumps(record).encode() for record in value)
        assert_same_answer_for_lines(lines, example.type)
        assert_same_answer_for_lines(lines, None)


@pytest.mark.parametrize("part", range(4))
def test_mutated_records_have_the_same_problems_without_the_fast_path(part: int) -> None:
    swept = len(sweep())
    cases = [case(0, number) for number in (*range(part * 37, swept, 4 * 37), *range(swept + part, swept + 1500, 4))]
    accepted = 0
    for name, text in cases:
        type_ = TYPE_OF_SCHEMA[name]
        _, count = assert_same_answer(text.encode(), type_)
        assert_same_answer(b"[%s]" % text.encode(), None if type_ == "dataset" else type_)
        if type_ != "dataset":
            assert_same_answer_for_lines(text.encode(), type_)
        accepted += fast.accept(text.encode(), type_) == count
    assert len(cases) / 20 < accepted < len(cases) * 19 / 20


def test_lines_have_the_same_problems_without_the_fast_path() -> None:
    lines = [json.dumps(record).encode() for table in TABLES for record in DOCUMENT[table][:10]]
    lines += [json.dumps(record).encode() for record in DOCUMENT["partners"]]
    lines += [b'{"id": "a", "name": "A", "name": "B"}', b'{"id": "a", "name": "\\":"}', b"{", b'{"id": "a"}']
    found = [check_lines([line], "partners") for line in lines], check_lines(lines, "partners")
    with without_fast_path():
        assert found == ([check_lines([line], "partners") for line in lines], check_lines(lines, "partners"))
    assert any(found[0])
    assert not all(found[0])
    assert_same_answer_for_lines(b"\n".join(lines), "partners")
    assert_same_answer_for_lines(b"\n".join(lines), None)


CELLS = ["", "revere", "Revere", "a", "true", "1", "2.5", "No such term", "team", "lead", " ", '"', "a\nb", "2015"]


@given(st.sampled_from(TABLES), st.data())
def test_csv_has_the_same_problems_without_the_fast_path(table: str, data: st.DataObject) -> None:
    columns = columns_table(table)
    rows = [*columns.rows(DOCUMENT[table][:8])]
    cells = [["\n".join(cell) if isinstance(cell, list) else cell for cell in row] for row in rows]
    for _ in range(data.draw(st.integers(0, 2))):
        row = data.draw(st.sampled_from(cells))
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(st.sampled_from([*CELLS, *cells[0]]))
    out = io.StringIO()
    csv.writer(out).writerows([[column.name for column in columns.columns], *cells])
    assert_same_answer_for_csv(out.getvalue())


@fewer_examples
@given(documents(), sizes, formattings)
def test_documents_have_the_same_problems_without_the_fast_path(
    document: DatasetDocument, size: int, formatting: dict[str, Any]
) -> None:
    assert_same_answer(json.dumps(document.model_dump(mode="json"), **formatting).encode(), "dataset", size)


EDITS = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b'"',
    b"\\",
    b" ",
    b"\n",
    b"\x0b",
    b"\xc2\xa0",
    b"}, {",
    b"}]",
    b"[{",
    b"0",
]


@fewer_examples
@given(documents(), sizes, formattings, st.data())
def test_edited_documents_have_the_same_problems_without_the_fast_path(
    document: DatasetDocument, size: int, formatting: dict[str, Any], data: st.DataObject
) -> None:
    text = json.dumps(document.model_dump(mode="json"), **formatting).encode()
    marks = [at for at, one in enumerate(text) if one in b"{}[],"]  # where a cut may be made
    at = data.draw(st.sampled_from(marks)) + data.draw(st.integers(-1, 1))
    end = at + data.draw(st.integers(0, 3))
    edit = data.draw(st.sampled_from([b"", *EDITS, text[at - 20 : at], text[at : at + 40]]))
    assert_same_answer(text[:at] + edit + text[end:], "dataset", size)


# What must not be accepted

REDIRECT = {"old": "programs/old-unit", "new": "programs/no-such-program", "since": "2.0.0"}


def with_evidence(change: Callable[[Any], object]) -> Callable[[Any], object]:
    """Apply a change to the first row of evidence that has a section and is not inferred."""

    def apply(document: Any) -> None:
        rows = document["evidence"]
        change(next(row for row in rows if row["section"] is not None and row["basis"] != "inferred"))

    return apply


# Each is the only problem of a dataset that is otherwise valid.
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (with_evidence(lambda row: row.update(section=None)), "evidence-place"),
        (with_evidence(lambda row: row.update(paragraph=None, sentence=None)), "evidence-place"),
        (with_evidence(lambda row: row.update(basis="inferred", note=None)), "evidence-note"),
        (with_evidence(lambda row: row.update(source="no-such-source")), "dangling-reference"),
        (with_evidence(lambda row: row.pop("quote")), "missing-field"),
        (lambda document: document["evidence"].append(document["evidence"][0]), "duplicate-id"),
        (lambda document: document["evidence"].pop(), "evidence-missing"),
        (lambda document: document["programs"][0].update(colour="blue"), "unknown-field"),
        (lambda document: document.update(colour="blue"), "unknown-field"),
        (lambda document: document["municipalities"][0]["identifiers"].update(colour="blue"), "unknown-field"),
        (lambda document: document["programs"][0]["services"].append("no-such-term"), "term"),
        (lambda document: document["programs"][0]["needs"].append(document["programs"][0]["needs"][0]), "value"),
        (lambda document: document["programs"][0].update(summary="two  spaces"), "value"),
        (lambda document: document["municipalities"][0].update(position=2), "duplicate-position"),
        (lambda document: document.pop("evidence"), "missing-table"),
        (lambda document: document["partnerships"].append(document["partnerships"][0]), "duplicate-id"),
        (lambda document: document["redirects"].append(REDIRECT), "redirect-target"),
        (lambda document: document["release"].update(as_of="2026-02-30"), "value"),
        (lambda document: document["sources"].append({"id": "unused", "title": "Unused"}), "unused-source"),
    ],
)  # fmt: skip
def test_the_only_problem_of_a_dataset_is_never_accepted(change: Callable[[Any], object], rule: str) -> None:
    document = copy_of_document()
    change(document)
    text = json.dumps(document).encode()
    assert fast.accept(text, "dataset") is None
    problems, _ = assert_same_answer(text, "dataset", 300)
    assert [problem.rule for problem in problems] == [rule]


KEY = "a key that is written as another"


@st.composite
def records_with_an_extra_key(draw: st.DrawFn) -> tuple[str, list[Any], str]:
    """A table, its records, and a key to write for the extra one."""
    table = draw(st.sampled_from(TABLES))
    records = json.loads(json.dumps(DOCUMENT[table][:5]))
    record = draw(st.sampled_from(records))
    part = draw(st.sampled_from([record, *(value for value in record.values() if isinstance(value, dict))]))
    key = draw(st.sampled_from([*part, "colour", '":', "", ":"]))
    part[KEY] = part.get(key, draw(st.sampled_from([None, [], {}, {"id": "a"}, "a: b", '":', 1])))
    return table, records, json.dumps(key)


def accept_lines(text: bytes, table: str) -> list[bool]:
    """Whether each part of a JSON Lines text is accepted."""
    parts = jsonl.read_parts(io.BytesIO(text), None)
    return [fast.accept_lines(part.text, len(part), table) is not None for part in parts]


@fewer_examples
@given(records_with_an_extra_key(), st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : "), (",\n", "\n:")]))
def test_a_repeated_or_unknown_key_is_never_accepted(
    case: tuple[str, list[Any], str], separators: tuple[str, str]
) -> None:
    table, records, key = case
    whole = {**DOCUMENT, table: [*records, *DOCUMENT[table][5:]]}

    def written(value: Any) -> bytes:
        return json.dumps(value, separators=separators).replace(json.dumps(KEY), key).encode()

    assert not all(accept_lines(b"\n".join(map(written, records)), table))
    assert fast.accept(written(records), table) is None
    assert fast.accept(written(whole), "dataset") is None
    with in_chunks(100):
        assert fast.accept(written(records), table) is None
        assert fast.accept(written(whole), "dataset") is None


# Each line is invalid by itself, although together the lines are a valid array.
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
def test_lines_that_are_valid_only_together_are_never_accepted(lines: list[bytes], end: bytes) -> None:
    ended = [line + end for line in lines]
    for text in (b"".join(ended) if end else b"\n".join(lines), b"\n".join([*lines, b""])):
        assert not all(accept_lines(text, "partners"))
        assert check_jsonl(text, "partners")[0]
    assert check_lines(ended, "partners")


@pytest.mark.parametrize("name", ["A\\u003aB", "A\\u003AB", "\\u003a\\u003a", "A:B\\u003aC"])
def test_an_escaped_colon_hides_no_key(name: str) -> None:
    repeated = f'{{"id":"a","name":"{name}","name":"{name}"}}'.encode()
    unknown = f'{{"id":"a","name":"{name}","colour":1}}'.encode()
    for text in (repeated, unknown):
        assert accept_lines(text, "partners") == [False]
        assert fast.accept(text, "partners") is None
        assert check_lines([text], "partners")


# What should be accepted


def with_colons(value: Any) -> Iterator[Any]:
    """Yield the same data many times, each with a colon in another one of its strings."""
    if isinstance(value, str):
        yield from (value + ":8", "a:" + value, "https://" + value)
    elif isinstance(value, dict):
        yield from ({**value, key: changed} for key, part in value.items() for changed in with_colons(part))
    elif isinstance(value, list):
        yield from (
            [*value[:at], each, *value[at + 1 :]] for at, part in enumerate(value) for each in with_colons(part)
        )


@pytest.mark.parametrize("table", ["grant_program", *TABLES])
def test_strings_with_colons_are_accepted(table: str) -> None:
    full = RECORDS_OF[record_schema_name(table)][0]
    lines = [json.dumps(record).encode() for record in with_colons(full)]
    valid = [line for line in lines if not check_lines([line], table)]
    assert [line for line in lines if accept_lines(line, table) == [True]] == valid
    assert valid or table == "partnerships"  # whose strings are ids and terms


def test_a_dataset_that_names_its_schema_is_accepted() -> None:
    url = json_schema("dataset")["$id"]
    for document in (DOCUMENT, {"$schema": url, **DOCUMENT}, {**DOCUMENT, "$schema": "./dataset.schema.json"}):
        for indent in (None, 2):
            assert fast.accept(json.dumps(document, indent=indent).encode(), "dataset") == COUNT


@pytest.mark.parametrize(("table", "field"), [("municipalities", "position"), ("programs", "started_year")])
def test_a_whole_number_with_a_fraction_of_zero_is_accepted(table: str, field: str) -> None:
    records = [record | {field: record[field] and float(record[field])} for record in DOCUMENT[table]]
    assert any(isinstance(record[field], float) for record in records)
    text = json.dumps(DOCUMENT | {table: records}).encode()
    assert fast.accept(text, "dataset") == COUNT
    assert validate(text) == ()


@fewer_examples
@given(sizes, common_formattings, st.permutations(["schema_version", *MEMBERS]))
def test_a_valid_document_is_accepted_in_chunks(size: int, formatting: dict[str, Any], order: list[str]) -> None:
    text = json.dumps({name: DOCUMENT[name] for name in order if name in DOCUMENT}, **formatting).encode()
    rest, cut = chunks.of_document(text)
    assert set(cut) == set(TABLES)
    assert len(rest) < len(text) / 10
    with in_chunks(size):
        assert fast.detect(text) == "dataset"
        assert fast.accept(text, "dataset") == COUNT


@given(sizes, common_formattings, st.sampled_from(["programs", "partners", "evidence", "municipalities"]))
def test_a_valid_array_is_accepted_in_chunks(size: int, formatting: dict[str, Any], table: str) -> None:
    text = b" \n" + json.dumps(DOCUMENT[table], **formatting).encode() + b"\r\n\t"
    records = chunks.of_array(text)
    assert records is not None
    with in_chunks(size):
        found = [json.loads(chunk) for chunk in records.chunks(text)]
        assert [record for chunk in found for record in chunk] == DOCUMENT[table]
        assert len(found) > 1 or size > len(text) / 3
        assert fast.detect(text) == table
        assert fast.accept(text, table) == len(DOCUMENT[table])


@fewer_examples
@given(sizes, st.randoms(use_true_random=False))
def test_evidence_may_be_in_any_order_but_not_repeated(size: int, random: Random) -> None:
    document = DOCUMENT | {"evidence": [*DOCUMENT["evidence"]]}
    random.shuffle(document["evidence"])
    assert assert_same_answer(json.dumps(document).encode(), "dataset", size) == ((), COUNT)
    rows = [*document["evidence"]]
    rows.insert(random.randrange(len(rows)), random.choice(rows))
    problems, _ = assert_same_answer(json.dumps(document | {"evidence": rows}).encode(), "dataset", size)
    assert [problem.rule for problem in problems] == ["duplicate-id"]


@fewer_examples
@given(sizes, st.randoms(use_true_random=False))
def test_a_claim_may_have_several_quotes(size: int, random: Random) -> None:
    rows = [*DOCUMENT["evidence"]]
    for _ in range(20):
        index = random.randrange(len(rows))
        rows.insert(index + random.choice([0, 1]), rows[index] | {"quote": f"Another quote {len(rows)}"})
    text = json.dumps(DOCUMENT | {"evidence": rows}).encode()
    assert assert_same_answer(text, "dataset", size) == ((), COUNT + 20)
    with in_chunks(size):
        assert fast.accept(text, "dataset") == COUNT + 20


# They may be mistaken for the beginning or end of a table or a record.
@pytest.mark.parametrize(
    "text",
    ['"programs": [{', '"evidence": [{"a": 1}], "', "}, {", "},{", "}]", "], [", '\\"partners":[{', '"sources":[{}]\\'],
)
@pytest.mark.parametrize("formatting", FORMATTINGS)
def test_a_string_that_looks_like_a_boundary_is_valid(text: str, formatting: dict[str, Any]) -> None:
    document = copy_of_document()
    for table in ("municipalities", "programs"):
        document[table][1]["summary"] = text
    document["grant_program"]["goal"] = text
    assert assert_same_answer(json.dumps(document, **formatting).encode(), "dataset", 200) == ((), COUNT)
    programs = json.dumps(document["programs"], **formatting).encode()
    assert assert_same_answer(programs, "programs", 200) == ((), len(DOCUMENT["programs"]))
    if ":" not in text and formatting in COMMON_FORMATTINGS:
        with in_chunks(200):
            assert fast.accept(json.dumps(document, **formatting).encode(), "dataset") == COUNT


# Chunks of a document

UNUSUAL: list[Any] = [
    "no-such-record",
    "Revere",
    "revere\n",
    " revere",
    "",
    "a" * 200,
    "\u00e9",
    "programs/revere-bhu--x",
    None,
    5,
    [],
]


@pytest.mark.parametrize(("table", "field"), [*REFERENCES, *(("evidence", field) for field in CLAIM)])
def test_references_and_claims_are_checked_across_chunks(table: str, field: str) -> None:
    document = copy_of_document()
    rows = [document[table]] if TABLE_SPECS[table].has_one_row else document[table]
    row = next(row for row in rows if row.get(field))
    for unusual in UNUSUAL:
        row[field] = unusual
        problems, _ = assert_same_answer(json.dumps(document).encode(), "dataset", 300)
        assert problems or unusual is None


@pytest.mark.parametrize("table", TABLES)
def test_a_repeated_table_is_never_accepted(table: str) -> None:
    text = json.dumps(DOCUMENT)[:-1]
    again: list[Any]
    for again in (DOCUMENT[table], DOCUMENT[table][:1], []):
        for written in (f'{text}, "{table}": {json.dumps(again)}}}', f'{{"{table}": {json.dumps(again)}, {text[1:]}}}'):
            problems, _ = assert_same_answer(written.encode(), "dataset", 300)
            assert [problem.rule for problem in problems] == ["repeated-key"]


@pytest.mark.parametrize("place", ["release", "grant_program", "redirects", "evidence"])
def test_a_table_within_a_record_is_never_accepted(place: str) -> None:
    for table in TABLES:
        document = copy_of_document()
        records = document.pop(table)
        document[place] = document.get(place) or [{}]
        holder = document[place] if TABLE_SPECS[place].has_one_row else document[place][0]
        holder[table] = records
        problems, _ = assert_same_answer(json.dumps(document).encode(), "dataset", 300)
        assert problems


def test_a_text_that_begins_many_tables_is_cut_once() -> None:
    rest, cut = chunks.of_document(b'{"programs":[{}],' * 50_000)
    assert set(cut) == {"programs"}
    assert len(rest) > 800_000 - 20


# What the fast path relies on


def nested_schemas(table: str) -> Iterator[Any]:
    """Yield the schema of a table's records, and those of the objects in them; and whether they are in arrays."""
    waiting = [(schema_of(table), False)]
    while waiting:
        described, is_array = waiting.pop()
        yield described, is_array
        waiting += nested(described).values()


def test_no_record_holds_an_array_of_objects() -> None:
    # Otherwise an object could begin on one line and end on another.
    assert not any(is_array for table in MEMBERS for _, is_array in nested_schemas(table))


def test_no_field_has_the_name_of_a_table() -> None:
    # Otherwise `chunks.of_document` could cut within a record.
    for table in MEMBERS:
        assert not any({*described["properties"]} & {*TABLES} for described, _ in nested_schemas(table))


def test_an_id_is_required_if_there_is_one() -> None:
    # Otherwise a valid record without an id could not be distinguished from a table without ids.
    for model in TYPES.values():
        field = model.model_fields.get("id")
        assert field is None or field.is_required(), model
