"""Each text format is read strictly, and each problem is reported at its value."""

import csv
import gc
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.errors import Path as Steps, Problem
from eaps_data.formats.columns import relations, tables
from eaps_data.formats.jsonl import LONGEST_LINE
from eaps_data.models.table_specs import TableName
from eaps_data.rules import checker
from eaps_data.validation import Count, check, check_lines, validate, validate_file
from support.commands import Runner
from support.example_files import INVALID

DOCUMENT = json.loads(eaps.load().to_json())
TABLES = ("municipalities", "programs", "partners", "partnerships", "sources", "evidence")
BROKEN = "\u0000broken\u0000"


def problems_in(path: Path, type_: str | None = None) -> list[Problem]:
    return [step for step in check([str(path)], type_) if isinstance(step, Problem)]


def count_records(path: Path, type_: str | None = None) -> int:
    return sum(step.records for step in check([str(path)], type_) if isinstance(step, Count))


def leaves(value: Any, path: Steps = ()) -> Iterator[Steps]:
    if isinstance(value, dict | list):
        for step in value if isinstance(value, dict) else range(len(value)):
            yield from leaves(value[step], (*path, step))
    else:
        yield path


def broken(value: Any, path: Steps) -> Any:
    """The same data, with a value at a path that is valid nowhere."""
    if not path:
        return BROKEN
    step, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {key: broken(part, rest) if key == step else part for key, part in value.items()}
    return [broken(part, rest) if index == step else part for index, part in enumerate(value)]


def text_at(text: str, problem: Problem) -> str:
    assert problem.line is not None
    assert problem.column is not None
    return text.split("\n")[problem.line - 1][problem.column - 1 :]


Broken: TypeAlias = tuple[TableName, list[Any], Steps]
"""Records of a table, and the path to a value of theirs that is invalid."""


@st.composite
def broken_records(draw: st.DrawFn) -> Broken:
    table: TableName = draw(st.sampled_from(TABLES))
    start = draw(st.integers(0, len(DOCUMENT[table]) - 1))
    records = DOCUMENT[table][start : start + 3]
    path = draw(st.sampled_from(list(leaves(records))))
    return table, broken(records, path), path


@given(broken_records(), st.sampled_from([None, 1, 2, "\t"]))
def test_json_problem_is_located_at_its_value(case: Broken, indent: Any) -> None:
    table, records, path = case
    text = json.dumps(records, indent=indent, ensure_ascii=False)
    (problem,) = validate(text.encode(), table)
    assert problem.path == path
    assert text_at(text, problem).startswith(json.dumps(BROKEN))


@given(broken_records())
def test_json_lines_problem_is_located_at_its_value(case: Broken) -> None:
    table, records, path = case
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    (problem,) = check_lines([line.encode() for line in lines], table)
    assert (problem.line, problem.path) == (int(path[0]) + 1, path[1:])
    assert text_at("\n".join(lines), problem).startswith(json.dumps(BROKEN))


@given(case=broken_records(), flow=st.sampled_from([True, False, None]), data=st.data())
def test_yaml_problem_is_located_at_its_value(
    case: Broken,
    flow: bool | None,
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    table, records, path = case
    text = yaml.safe_dump(
        records,
        default_flow_style=flow,
        sort_keys=False,
        allow_unicode=True,
        indent=data.draw(st.integers(2, 5)),
        width=200,
    )
    file = tmp_path_factory.mktemp("yaml") / "records.yaml"
    file.write_text(text, encoding="utf-8")
    (problem,) = problems_in(file, table)
    assert problem.path == path
    assert text_at(text, problem).startswith('"\\0')  # a long line is folded in it


def rows_of(table: str) -> list[dict[str, str]]:
    """A table as CSV has it: parts as columns, and a list's items on lines of their own."""
    rows: list[dict[str, str]] = []
    for record in DOCUMENT[table]:
        row: dict[str, str] = {}
        for name, value in record.items():
            parts = value.items() if isinstance(value, dict) else [(name, value)]
            for part, held in parts:
                text = "\n".join(held) if isinstance(held, list) else "" if held is None else str(held)
                row[part] = text.lower() if isinstance(held, bool) else text
        rows.append(row)
    return rows


def as_csv(rows: list[dict[str, str]], names: list[str] | None = None) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, names or list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_of_each_table_is_valid(table: str, mark: str, tmp_path: Path) -> None:
    rows = rows_of(table)
    names = list(dict.fromkeys(name for row in rows for name in row))
    file = tmp_path / "table.csv"
    file.write_bytes((mark + as_csv(rows, names)).encode())
    assert problems_in(file) == []
    assert count_records(file) == len(rows)


@given(data=st.data())
def test_csv_problem_is_located_at_its_cell(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    table = data.draw(st.sampled_from(["municipalities", "partners", "partnerships", "programs"]))
    rows = rows_of(table)
    at = data.draw(st.integers(0, len(rows) - 1))
    names = list(dict.fromkeys(name for row in rows for name in row))
    name = data.draw(st.sampled_from(names))
    rows[at] = rows[at] | {name: BROKEN}
    file = tmp_path_factory.mktemp("csv") / "table.csv"
    text = as_csv(rows, names)
    file.write_bytes(text.encode())
    (problem,) = problems_in(file, table)
    assert text_at(text, problem).lstrip('"').startswith(BROKEN)


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (b"", "1:1", "the file is empty"),
        (b"id|name\na|b\n", "1:1", "they seem to be separated by '|': save the file with commas"),
        (b"one,two\n1,2\n", "1:1", 'no table has the column "one", or one of the others; the first row should name'),
        (b"\nid,name\na,b\n", "1:1", "it has no columns; the first row should name the columns of a table"),
        (b"ID,name\na,b\n", "1:1", "partners has no column \"ID\" (did you mean 'id' or "),
        (b"id, name\na,b\n", "1:4", "partners has no column \" name\" (did you mean 'name'?)"),
        (b"id,name\ra,b\r", "1:1", "the line has a carriage return without a line feed"),
        (b"id,name\na\n", "2:1", "the row has 1 cell, but there are 2 columns"),
        (b"id,name,name\na,b,c\n", "1:9", 'the column "name" is duplicated'),
        (b"id,nmae,kind\na,b,\n", "1:4", 'partners has no column "nmae" (did you mean'),
        (b"id,name,kind\na,b\n", "2:1", "the row has 2 cells, but there are 3 columns"),
        (b'id,name,kind\na,"b,\n', "2:1", "this is not CSV"),
        (b'id,name,kind\na,"b"c,\n', "2:1", "this is not CSV"),
        (b"id,name,kind\na,b\xff,\n", "2:4", "not UTF-8 (byte 0xff)"),
        (b'id,name,kind\na,"b, c",office\n"d",e,ofice\n', "3:7", "did you mean 'office'"),
        (b"id,name,kind\na,b,\na,c,\n", "3:1", 'the id "a" is used already'),
        (b"id,name,kind\na," + b"b" * 2**24 + b"b,\n", "2:1", "field larger than field limit"),
        (b"id,name,kind\na,b\x00,\n", "2:3", "expected one line of text"),
        (b"id,name,municipality,started_year\na,b,c," + b"9" * 5000 + b"\n", "2:7", "expected a whole number"),
        (b"id,name,municipality,started_year\na,b,c,1e999\n", "2:7", "expected a whole number"),
    ],
)
def test_broken_csv_is_reported_with_its_location(content: bytes, place: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(content)
    found = problems_in(file)
    assert message in found[0].message
    assert f"{found[0].line}:{found[0].column}" == place


ITEMS = [items for table in tables() for items in relations(table.name)[1:] if items.field != "aliases"]


@given(data=st.data())
def test_problem_in_csv_of_list_items_is_located_at_its_cell(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    items = data.draw(st.sampled_from(ITEMS))
    records = [DOCUMENT[items.of]] if items.of == "grant_program" else DOCUMENT[items.of]
    names = [column.name for column in items.columns]
    rows = [dict(zip(names, map(str, row), strict=True)) for row in items.rows(records)]
    at = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from(names))
    rows[at][name] = BROKEN
    if name == names[0]:  # another record's list has no item before it then
        rows[at]["position"] = "1"
    text = as_csv(rows, data.draw(st.permutations(names)))
    file = tmp_path_factory.mktemp("csv") / "items.csv"
    file.write_bytes(text.encode())
    problem, *more = problems_in(file)
    assert text_at(text, problem).lstrip('"').startswith(BROKEN)
    assert {each.rule for each in more} <= {"list-item"}  # the items after it in its list


@pytest.mark.parametrize(
    ("rows", "places", "message"),
    [
        (["a,1,co-respons"], ["2:5"], '"co-respons" is not a valid term (did you mean'),
        (["A,1,co-response"], ["2:1"], "expected an id"),
        (["a,0,co-response"], ["2:3"], "0 is not a position; number the items from 1"),
        (["a,1.0,co-response"], ["2:3"], "1.0 is not a position"),
        ([f"a,{'9' * 5000},co-response"], ["2:3"], "is not a position"),
        (["a,one,co-response"], ["2:3"], '"one" is not a position; number the items from 1'),
        (["a,1,co-response", "a,1,deflection"], ["3:3"], "the list has two items 1; number the items from 1"),
        (["a,1,co-response", "b,1,co-response", "a,3,deflection"], ["4:3"], "the list has an item 3, but no item 2"),
        (["a,2,co-response", "a,1,deflection"], [], ""),
        (["a,1,"], ["2:5"], "null is not a valid term"),
        ([",1,co-response", ",2,deflection"], ["2:1"], "expected a string, found null"),
        (["a,,co-response"], ["2:3"], "null is not a position"),
        (["a,1"], ["2:1"], "the row has 2 cells, but there are 3 columns"),
    ],
)
def test_a_file_of_list_items_is_checked_by_itself(
    rows: list[str], places: list[str], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "programs_approaches.csv"
    file.write_text("\n".join(["program,position,approach", *rows, ""]), encoding="utf-8")
    for type_ in (None, "programs"):
        found = problems_in(file, type_)
        assert [f"{problem.line}:{problem.column}" for problem in found] == places
        assert all(message in problem.message for problem in found)
    assert "partners has no column" in problems_in(file, "partners")[0].message


def test_codes_in_csv_keep_their_zeros(tmp_path: Path) -> None:
    file = tmp_path / "towns.csv"
    file.write_text("id,name,styled_name,style,position,ansi_code\na,A,Town of A,town,1,00618195\n", encoding="utf-8")
    assert problems_in(file) == []
    file.write_text("id,name,styled_name,style,position,ansi_code\na,A,Town of A,town,1,618195\n", encoding="utf-8")
    (problem,) = problems_in(file)
    assert '"618195" does not match ^[0-9]{8}$, as in "00619465"' in problem.message


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "1:1", "the file is empty"),
        ("# only a comment\n", "1:1", "the file is empty"),
        ("a: 1\n---\nb: 2\n", "2:1", "a second document begins"),
        ("- &x {id: a, name: A}\n- *x\n", "1:3", "aliases and anchors are not supported"),
        ("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", "1:4", "aliases and anchors are not supported"),
        ("- !!python/object/apply:os.system ['true']\n", "1:3", "tags are not supported"),
        ("- id: !!str 5\n  name: A\n", "1:7", "tags are not supported"),
        ("- id: a\n  id: b\n", "2:3", 'the key "id" is duplicated'),
        ("- ? [a, b]\n  : c\n", "1:5", "a key must be a plain string"),
        ("- id: a\n\tname: b\n", "2:1", "this is not YAML"),
        ("- id: [a\n", "2:1", "this is not YAML"),
        ("- {id: a, name: .nan}\n", "1:17", ".nan is not a JSON number"),
        ("[" * 200 + "]" * 200, "1:102", "nested too deeply"),
        ("- id: a\n  name: " + "9" * 5000 + "\n", "2:9", "a number of 5000 digits is too long"),
        ("- id: a\x00\n", "1:8", "this is not YAML"),
    ],
)
def test_broken_yaml_is_reported_with_its_location(text: str, place: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "records.yaml"
    file.write_text(text, encoding="utf-8")
    (problem, *_) = problems_in(file)
    assert message in problem.message
    assert f"{problem.line}:{problem.column}" == place


@pytest.mark.parametrize("levels", [150, 198, 199, 200, 255, 1000, 100_000])
def test_a_line_that_nests_deeply_is_refused_and_the_others_are_still_checked(levels: int, tmp_path: Path) -> None:
    file = tmp_path / "partners.jsonl"
    file.write_text('{"id": 1, "name": "A"}\n{"id": ' + "[" * levels + "]" * levels + "}\n", encoding="utf-8")
    places = [(problem.line, problem.column, problem.rule) for problem in problems_in(file)]
    assert (1, 8, "value") in places
    assert ((2, 206, "not-json") if levels > 198 else (2, 8, "value")) in places


def test_plain_words_in_yaml_are_strings(tmp_path: Path) -> None:
    file = tmp_path / "source.yaml"
    file.write_text(
        "- id: 02108\n  title: no\n  retrieved: 2026-01-31\n  licence: 1_000\n  fields: [on, 12:30]\n", encoding="utf-8"
    )
    assert problems_in(file, "sources") == []


def test_yaml_without_pyyaml_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "records.yaml"
    file.write_text("- id: a\n", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "yaml", None)
    (problem,) = problems_in(file)
    assert problem.rule == "unreadable"
    assert problem.message.endswith("needs PyYAML (extra 'yaml'); install it with: pip install PyYAML")


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (b'{"id": "a", "name": "A"}\n\n{"id": "b", "name": "B"}\n', "2:1", "the line is empty"),
        (b'{"id": "a", "name": "A"}\n[]\n', "2:1", "the line holds an array"),
        (b'{"id": "a", "name": "A"}\n{"name": "B", "id": "a"}\n', "2:21", 'the id "a" is used already'),
        (b'{"id": "a", "name": "A"}\r\n{"id": "b", "name": \r\n', "2:21", "this is not JSON"),
        (b'{"id": "a", "name": "A"}\n{"id": "b", "name": "B", "name": "C"}\n', "2:26", 'the key "name" is duplicated'),
        (
            b'{"id": "a", "name": "A"}\n{"id": "b", "name" : "B", "name" : "C"}\n',
            "2:27",
            'the key "name" is duplicated',
        ),
        (b'{"id": "a", "name": "A"}\n{"id": "b", "name": "\xff"}\n', "2:22", "not UTF-8"),
        (
            b'{"id": "a", "name": "A"}\n"' + b"b" * (LONGEST_LINE + 10) + b'"\n{"id": "c"}',
            "2:1",
            "more than 16,777,216 bytes",
        ),
    ],
)
def test_broken_json_lines_are_reported_with_their_location(
    content: bytes, place: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "partners.jsonl"
    file.write_bytes(content)
    problem = problems_in(file)[0]
    assert message in problem.message
    assert f"{problem.line}:{problem.column}" == place


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_line_of_several_megabytes_is_read(end: bytes, tmp_path: Path) -> None:
    file = tmp_path / "partners.jsonl"
    long = json.dumps({"id": "a", "name": "A" * (5 * 2**20)}).encode()
    file.write_bytes(long + b'\n{"id": "b", "nmae": "B", "name": "B"}\n' + long + end)
    assert [(problem.line, problem.rule) for problem in problems_in(file)] == [
        (2, "unknown-field"),
        (3, "duplicate-id"),
    ]
    assert count_records(file) == 3


def test_csv_with_a_cell_of_several_lines_counts_lines(tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    file.write_text('id,name,aliases\na,A,"one\ntwo"\nb,B,"three\nfour  x"\n', encoding="utf-8")
    (problem,) = problems_in(file)
    assert (problem.line, problem.column, problem.field) == (4, 5, "aliases")


def test_csv_of_many_megabytes_is_read_in_parts(tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    rows = [f"partner-{number},{'long name ' * 40}{number}" for number in range(6000)]  # 2.5 MB, three times 2,000 rows
    rows[4500] = "partner-7,Duplicate id"
    rows[5000] = "Partner-5000,Wrong id"
    file.write_text("\n".join(["id,name", *rows, ""]), encoding="utf-8")
    found = [(problem.rule, problem.line, problem.column, problem.pointer) for problem in problems_in(file)]
    assert found == [("duplicate-id", 4502, 1, "/id"), ("value", 5002, 1, "/id")]
    assert count_records(file) == 6000


# A spreadsheet writes empty rows as commas.
@pytest.mark.parametrize("empty", ["", ",,", ",,\n,,\n", "\n\n"])
def test_empty_rows_of_csv_are_skipped(empty: str, tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    file.write_text(f"id,name,kind\na,A,office\n{empty}\nb,B,ofice\n{empty}\n", encoding="utf-8")
    (problem,) = problems_in(file)
    assert problem.rule == "term"
    assert problem.line == file.read_text(encoding="utf-8").split("\n").index("b,B,ofice") + 1
    assert count_records(file) == 2


def test_a_quote_within_a_cell_of_csv_does_not_move_the_location(tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    text = 'id,name,kind\nx,6" Pipe Team,ofice\n'
    file.write_text(text, encoding="utf-8")
    (problem,) = problems_in(file)
    assert (problem.rule, problem.field) == ("term", "kind")
    assert text_at(text, problem).startswith("ofice")


@pytest.mark.parametrize(("header", "missing"), [("id", ["name"]), ("kind", ["id", "name"]), ("name,kind", ["id"])])
def test_csv_without_a_required_column_is_reported_once(header: str, missing: list[str], tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    file.write_text(f"{header}\n" + f"{header}\n" * 3, encoding="utf-8")
    found = problems_in(file, "partners")
    assert [problem.rule for problem in found] == ["missing-column"] * len(missing)
    for problem, name in zip(found, missing, strict=True):
        assert problem.message == f'the column "{name}" of partners is missing'
        assert problem.line == 1


def test_csv_may_leave_out_columns_that_its_schema_does_not_require(tmp_path: Path) -> None:
    file = tmp_path / "programs.csv"
    file.write_text("id,name,municipality\na,A,revere\n", encoding="utf-8")
    assert problems_in(file, "programs") == []


@pytest.mark.parametrize(
    ("text", "column"),
    [("[1,]", 3), ('{"a":1,}', 7), ('[{"id":"a",}]', 11), ('{"a": [1, 2 , ] }', 13), ("[[],]", 4)],
)
def test_a_trailing_comma_is_located_at_the_comma(text: str, column: int) -> None:
    (problem,) = validate(text.encode())
    assert (problem.rule, problem.line, problem.column) == ("not-json", 1, column)
    assert problem.message == "this is not JSON: trailing comma before the closing bracket"
    assert text[column - 1] == ","


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- id: a\n  name: A\n  knid: office\n", "3:3"),
        ("- {id: a, name: A, knid: office}\n", "1:20"),
        ("- id: a\n  name: A\n  ? knid\n  : office\n", "3:5"),
    ],
)
def test_an_unknown_field_of_yaml_is_located_at_its_key(text: str, place: str, tmp_path: Path) -> None:
    file = tmp_path / "partners.yaml"
    file.write_text(text, encoding="utf-8")
    (problem,) = problems_in(file)
    assert (problem.rule, f"{problem.line}:{problem.column}") == ("unknown-field", place)


def test_a_control_character_in_yaml_is_located_in_characters(tmp_path: Path) -> None:
    file = tmp_path / "partners.yaml"
    file.write_text('éééééé: "\x01"', encoding="utf-8")
    (problem,) = problems_in(file)
    assert (problem.rule, problem.line, problem.column) == ("not-yaml", 1, 10)


def test_the_first_valid_record_of_json_lines_decides_their_table(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    partner = '{"id": "a", "name": "A", "kind": "office"}'
    for first in (
        '{"subject": "programs/a", "quote": "q"}',
        '{"program": "A", "partner": "b", "role": "lead"}',
        "[",
        "",
    ):
        file.write_text(f"{first}\n{partner}\n", encoding="utf-8")
        found = problems_in(file)
        assert {problem.line for problem in found} == {1}
        assert {problem.record for problem in found} <= {"partners", None}


def test_json_lines_of_no_table_are_reported_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    file.write_text('{"colour": 1}\n7\n[\n{}\n', encoding="utf-8")
    found = {(problem.rule, problem.line) for problem in problems_in(file)}
    assert found == {("shape", 1), ("shape", 2), ("not-json", 3), ("shape", 4)}


def test_a_file_of_one_record_may_name_a_schema_for_editors() -> None:
    record = b'"id": "x", "name": "X", "municipality": "x", "goals": []}'
    for type_ in ("programs", None):
        assert validate(b'{"$schema": "./program.schema.json", ' + record, type_) == ()
        (problem,) = validate(b'{"$schema": 1, ' + record, type_)
        assert (problem.rule, problem.field, problem.column) == ("unknown-field", "$schema", 2)
        (problem,) = validate(b'[{"$schema": "./program.schema.json", ' + record + b"]", type_)
        assert (problem.rule, problem.field, problem.column) == ("unknown-field", "$schema", 3)


def test_a_line_that_is_too_long_does_not_hide_those_after_it(tmp_path: Path) -> None:
    file = tmp_path / "partners.jsonl"
    file.write_bytes(b'"' + b"b" * (2 * LONGEST_LINE) + b'"\n{"id": "c"}\n')
    assert [(problem.line, problem.rule) for problem in problems_in(file, "partners")] == [
        (1, "line"),
        (2, "missing-field"),
    ]


def test_an_unknown_type_is_an_error() -> None:
    with pytest.raises(eaps.UnknownTermError, match=r"did you mean .*'programs'"):
        validate(b"[]", "programms")  # type: ignore[arg-type]  # what is tested
    with pytest.raises(eaps.UnknownTermError, match=r"did you mean .*'programs'"):
        validate_file("x.json", "programms")  # type: ignore[arg-type]  # what is tested


def test_warnings_are_reported_only_if_there_are_no_errors() -> None:
    document = json.loads(eaps.load().to_json())
    document["sources"].append({"id": "unused", "title": "Never cited"})
    (problem,) = validate(json.dumps(document).encode())
    assert (problem.rule, problem.severity, problem.record) == ("unused-source", "warning", "sources/unused")
    assert ": warning: " in str(problem)
    document["programs"][0]["municipality"] = "nowhere"
    assert {problem.severity for problem in validate(json.dumps(document).encode())} == {"error"}


def test_a_dataset_on_a_line_is_checked_with_all_rules() -> None:
    sound = json.dumps(DOCUMENT).encode()
    assert check_lines([sound], "dataset") == []
    unsound = sound.replace(b'"municipality": "winthrop"', b'"municipality": "wintrop"', 1)
    assert [problem.rule for problem in check_lines([unsound], "dataset")] == ["dangling-reference"]
    broken_line = b'{"release": 1,}'
    assert [problem.line for problem in check_lines([sound, b"", broken_line], "dataset")] == [2, 3]


def test_a_file_of_datasets_is_checked_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "datasets.jsonl"
    sound = json.dumps(DOCUMENT)
    unsound = sound.replace('"municipality": "winthrop"', '"municipality": "wintrop"', 1)
    file.write_text(f"{sound}\n{unsound}\n", encoding="utf-8")
    for type_ in (None, "dataset"):
        (problem,) = problems_in(file, type_)
        assert (problem.rule, problem.line) == ("dangling-reference", 2)
        assert text_at(file.read_text(encoding="utf-8"), problem).startswith('"wintrop"')


@pytest.mark.parametrize("name", ["partners.csv", "partners.parquet"])
def test_a_file_of_one_table_is_no_dataset(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    if file.suffix == ".parquet":
        pytest.importorskip("pyarrow", reason="it writes Parquet")
        eaps.export.write("parquet", tmp_path / "tables")
        file = tmp_path / "tables" / name
    else:
        file.write_text("id,name\na,A\n", encoding="utf-8")
    assert problems_in(file) == []
    (problem,) = problems_in(file, "dataset")
    assert (problem.rule, problem.message) == (
        "shape",
        "the file holds one table; a dataset is a folder with a file per table",
    )


def many_problems(count: int) -> bytes:
    partners = [{"id": f"a-{number}", "name": 0, "unknown": 0} for number in range(count)]
    return json.dumps(partners).encode()


@pytest.mark.parametrize("is_dataset", [False, True])
def test_problems_need_no_memory_once_they_are_reported(is_dataset: bool, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    partners = json.loads(many_problems(20_000))
    path.write_text(json.dumps({**DOCUMENT, "partners": partners} if is_dataset else partners), encoding="utf-8")
    found, kept = 0, [count_problem_objects()]
    for step in check([str(path)], "dataset" if is_dataset else "partners"):
        found += isinstance(step, Problem)
        if isinstance(step, Problem) and found % 4_000 == 0:
            kept.append(count_problem_objects())
    assert found >= 40_000
    assert max(kept) < kept[0] + 100


def count_problem_objects() -> int:
    return sum(isinstance(each, Problem) for each in gc.get_objects())


PEAK = f"""
import resource, sys
sys.path.insert(0, {str(Path(eaps.__file__).parents[1])!r})
from eaps_data.validation import check
_ = [step for step, _ in zip(check(sys.argv[1:2], sys.argv[2]), range(10))]
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("is_dataset", [False, True])
def test_many_errors_need_no_more_memory_than_one(is_dataset: bool, tmp_path: Path) -> None:
    """The memory of a process is measured, as Python does not count the errors that pydantic's core collects."""
    pytest.importorskip("resource", reason="it is not part of Python on Windows")
    right, wrong = ({"id": "a", "name": "A", "aliases": [*map(as_, range(30))]} for as_ in (str, int))
    peaks: list[int] = []
    for partners in [wrong, *[right] * 9_999], [wrong] * 10_000:
        path = tmp_path / "data.json"
        path.write_text(json.dumps({**DOCUMENT, "partners": partners} if is_dataset else partners), encoding="utf-8")
        command = [sys.executable, "-c", PEAK, str(path), "dataset" if is_dataset else "partners"]
        peaks.append(int(subprocess.run(command, capture_output=True, check=True).stdout))
    assert peaks[1] < 1.2 * peaks[0]


def test_many_problems_are_those_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records are checked again in parts if there are many problems; the result is the same."""
    document: dict[str, Any] = {
        **DOCUMENT,
        "partners": json.loads(many_problems(10)),
        "programs": [0, *DOCUMENT["programs"]],
        "x": 0,
    }
    document["partners"][3:4] = [{"id": "a", "name": "A"}, [], {"id": "a", "name": ["A"], "aliases": [1, 2]}]
    del document["sources"]
    texts = [json.dumps(document).encode(), json.dumps(document["partners"]).encode()]
    texts += [example.data for example in INVALID]
    few = [validate(text) for text in texts]
    monkeypatch.setattr(checker, "_AT_ONCE", 2)
    assert [sorted(validate(text)) for text in texts] == [sorted(problems) for problems in few]


RECORD = {"id": "salem-outreach", "name": "Outreach", "municipality": "salem"}


@pytest.mark.parametrize(
    ("name", "schema", "type_"),
    [
        ("programs.json", None, "programs"),
        ("partners.json", None, "partners"),
        ("mine.json", "./schemas/program.schema.json", "programs"),
        ("partners.json", "urn:eaps-data:schema:program:2.0.0", "programs"),
    ],
)
def test_a_records_schema_and_the_name_of_a_file_say_what_it_holds(
    name: str, schema: str | None, type_: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    record = RECORD | ({} if schema is None else {"$schema": schema})
    file.write_text(json.dumps(record if schema else [record]), encoding="utf-8")
    assert [step.type for step in check([str(file)]) if isinstance(step, Count)] == [type_]


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".csv"])
def test_records_that_may_be_of_two_tables_need_a_type(suffix: str, tmp_path: Path) -> None:
    file, named = tmp_path / f"mine{suffix}", tmp_path / f"programs{suffix}"
    text = {".json": json.dumps([RECORD]), ".jsonl": json.dumps(RECORD) + "\n"}.get(
        suffix, ",".join(RECORD) + "\n" + ",".join(RECORD.values()) + "\n"
    )
    for each in (file, named):
        each.write_text(text, encoding="utf-8")
    (found,) = problems_in(file)
    assert (found.rule, found.line) == ("shape", 1)
    assert (
        found.message == "these may be records of programs or of partners; give the type: --type programs, for example"
    )
    assert problems_in(named) == []


def test_the_report_says_that_references_were_not_checked(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    for status, result in (
        ("estblished", "1 error (references not checked: fix these errors first)"),
        ("established", "valid (a dataset: references checked)"),
    ):
        path.write_text(eaps.load().to_json().replace('"status": "established"', f'"status": "{status}"', 1), "utf-8")
        assert run("validate", str(path)).out.splitlines()[-1].endswith(f"records checked: {result}")
