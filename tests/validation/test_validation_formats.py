"""Each format is read strictly, and each problem is told where its value stands."""

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from eaps_data.validation.json_lines import LONGEST_LINE
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.errors import Path as Steps, Problem
from eaps_data.formats.columns import relations, tables
from eaps_data.validation import Input, check, check_lines, validate, validate_file

DOCUMENT = json.loads(eaps.load().to_json())
TABLES = ("municipalities", "programs", "partners", "partnerships", "sources", "evidence")
BROKEN = "\u0000broken\u0000"


def problems_in(*names: str, kind: str | None = None, form: str | None = None) -> list[Problem]:
    return [step for step in check(names, kind, form) if isinstance(step, Problem)]


def records_in(*names: str, kind: str | None = None) -> int:
    return sum(step for step in check(names, kind) if isinstance(step, int))


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


def standing_at(text: str, problem: Problem) -> str:
    assert problem.line is not None
    assert problem.column is not None
    return text.split("\n")[problem.line - 1][problem.column - 1 :]


@st.composite
def broken_records(draw: st.DrawFn) -> tuple[str, list[Any], Steps]:
    table = draw(st.sampled_from(TABLES))
    start = draw(st.integers(0, len(DOCUMENT[table]) - 1))
    records = DOCUMENT[table][start : start + 3]
    path = draw(st.sampled_from(list(leaves(records))))
    return table, broken(records, path), path


@given(broken_records(), st.sampled_from([None, 1, 2, "\t"]))
def test_in_json_a_broken_value_is_told_where_it_stands(case: tuple[str, list[Any], Steps], indent: Any) -> None:
    table, records, path = case
    text = json.dumps(records, indent=indent, ensure_ascii=False)
    (problem,) = validate(text.encode(), table)
    assert problem.path == path
    assert standing_at(text, problem).startswith(json.dumps(BROKEN))


@given(broken_records())
def test_in_json_lines_a_broken_value_is_told_where_it_stands(case: tuple[str, list[Any], Steps]) -> None:
    table, records, path = case
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    (problem,) = check_lines([line.encode() for line in lines], table)
    assert (problem.line, problem.path) == (int(path[0]) + 1, path[1:])
    assert standing_at("\n".join(lines), problem).startswith(json.dumps(BROKEN))


@given(case=broken_records(), flow=st.sampled_from([True, False, None]), data=st.data())
def test_in_yaml_a_broken_value_is_told_where_it_stands(
    case: tuple[str, list[Any], Steps], flow: bool | None, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
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
    (problem,) = problems_in(str(file), kind=table)
    assert problem.path == path
    assert standing_at(text, problem).startswith('"\\0')  # a long line is folded in it


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
    assert problems_in(str(file)) == []
    assert records_in(str(file)) == len(rows)


@given(data=st.data())
def test_in_csv_a_broken_cell_is_told_where_it_stands(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    table = data.draw(st.sampled_from(["municipalities", "partners", "partnerships", "programs"]))
    rows = rows_of(table)
    at = data.draw(st.integers(0, len(rows) - 1))
    names = list(dict.fromkeys(name for row in rows for name in row))
    name = data.draw(st.sampled_from(names))
    rows[at] = rows[at] | {name: BROKEN}
    file = tmp_path_factory.mktemp("csv") / "table.csv"
    text = as_csv(rows, names)
    file.write_bytes(text.encode())
    (problem,) = problems_in(str(file), kind=table)
    assert standing_at(text, problem).lstrip('"').startswith(BROKEN)


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (b"", "1:1", "there is nothing in it"),
        (b"id;name\na;b\n", "1:1", "it seems to be parted by ';'"),
        (b"one,two\n1,2\n", "1:1", "the columns are those of no table"),
        (b"id,name,name\na,b,c\n", "1:9", 'the column "name" stands twice'),
        (b"id,nmae,kind\na,b,\n", "1:4", "there is no column \"nmae\" in partners (did you mean 'name'?)"),
        (b"id,name,kind\na,b\n", "2:1", "the row has 2 cells, and there are 3 columns"),
        (b"id,name,kind\na,b,\n\nc,d,\n", "3:1", "the row has 0 cells"),
        (b'id,name,kind\na,"b,\n', "2:1", "this is not CSV"),
        (b'id,name,kind\na,"b"c,\n', "2:1", "this is not CSV"),
        (b"id,name,kind\na,b\xff,\n", "2:4", "not UTF-8 (byte 0xff)"),
        (b'id,name,kind\na,"b, c",office\n"d",e,ofice\n', "3:7", "did you mean 'office'"),
        (b"id,name,kind\na,b,\na,c,\n", "3:1", 'the id "a" stands twice'),
        (b"id,name,kind\na," + b"b" * 2**21 + b",\n", "2:1", "field larger than field limit"),
        (b"id,name,kind\na,b\x00,\n", "2:3", "expected text on one line"),
        (b"id,name,municipality,started_year\na,b,c," + b"9" * 5000 + b"\n", "2:7", "expected a whole number"),
        (b"id,name,municipality,started_year\na,b,c,1e999\n", "2:7", "expected a whole number"),
    ],
)
def test_csv_that_is_wrong_is_told_where_and_why(content: bytes, place: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    file.write_bytes(content)
    found = problems_in(str(file))
    assert message in found[0].message
    assert f"{found[0].line}:{found[0].column}" == place


@pytest.mark.parametrize("excel", [False, True])
def test_a_folder_of_csv_as_it_is_exported_is_valid(excel: bool, tmp_path: Path) -> None:
    eaps.export.write("csv", tmp_path / "tables", excel=excel)
    assert problems_in(str(tmp_path / "tables")) == []
    texts = (file.read_text(encoding="utf-8") for file in (tmp_path / "tables").iterdir())
    rows = sum(len(list(csv.reader(io.StringIO(text)))) - 1 for text in texts)
    assert records_in(str(tmp_path / "tables")) == rows


ITEMS = [items for table in tables() for items in relations(table.name)[1:] if items.field != "aliases"]


@given(data=st.data())
def test_in_csv_of_a_lists_items_a_broken_cell_is_told_where_it_stands(
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
    problem, *more = problems_in(str(file))
    assert standing_at(text, problem).lstrip('"').startswith(BROKEN)
    assert {each.rule for each in more} <= {"list-item"}  # those that stood behind it in its list


@pytest.mark.parametrize(
    ("rows", "places", "message"),
    [
        (["a,1,co-respons"], ["2:5"], "\"co-respons\" is none of its terms (did you mean 'co-response'"),
        (["A,1,co-response"], ["2:1"], "expected an id"),
        (["a,0,co-response"], ["2:3"], "0 is no place of its own in the list; count from 1"),
        (["a,1.0,co-response"], ["2:3"], "1.0 is no place of its own in the list"),
        ([f"a,{'9' * 5000},co-response"], ["2:3"], "is no place of its own in the list"),
        (["a,one,co-response"], ["2:3"], '"one" is no place of its own in the list'),
        (["a,1,co-response", "a,1,deflection"], ["3:3"], "1 is no place of its own in the list"),
        (["a,1,co-response", "b,1,co-response", "a,3,deflection"], ["4:3"], "the list has an item 3, but none 2"),
        (["a,2,co-response", "a,1,deflection"], [], ""),
        (["a,1,"], ["2:5"], 'the field "approach" is required, and missing'),
        ([",1,co-response", ",1,deflection"], ["2:1", "3:1"], 'the field "program" is required, and missing'),
        (["a,,co-response"], ["2:3"], 'the field "position" is required, and missing'),
        (["a,1"], ["2:1"], "the row has 2 cells, and there are 3 columns"),
    ],
)
def test_the_items_of_a_list_are_checked_by_themselves(
    rows: list[str], places: list[str], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "programs_approaches.csv"
    file.write_text("\n".join(["program,position,approach", *rows, ""]), encoding="utf-8")
    for kind in (None, "programs"):
        found = problems_in(str(file), kind=kind)
        assert [f"{problem.line}:{problem.column}" for problem in found] == places
        assert all(message in problem.message for problem in found)
    assert "there is no column" in problems_in(str(file), kind="partners")[0].message


def test_codes_in_csv_keep_their_zeros(tmp_path: Path) -> None:
    file = tmp_path / "towns.csv"
    file.write_text("id,name,styled_name,style,position,ansi_code\na,A,Town of A,town,1,00618195\n", encoding="utf-8")
    assert problems_in(str(file)) == []
    file.write_text("id,name,styled_name,style,position,ansi_code\na,A,Town of A,town,1,618195\n", encoding="utf-8")
    (problem,) = problems_in(str(file))
    assert '"618195" does not match ^[0-9]{8}$, as in "00619465"' in problem.message


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "1:1", "there is nothing in it"),
        ("# only a comment\n", "1:1", "there is nothing in it"),
        ("a: 1\n---\nb: 2\n", "2:1", "a second document begins"),
        ("- &x {id: a, name: A}\n- *x\n", "1:3", "aliases and anchors are not read"),
        ("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", "1:4", "aliases and anchors are not read"),
        ("- !!python/object/apply:os.system ['true']\n", "1:3", "tags are not read"),
        ("- id: !!str 5\n  name: A\n", "1:7", "tags are not read"),
        ("- id: a\n  id: b\n", "2:3", 'the key "id" stands twice'),
        ("- ? [a, b]\n  : c\n", "1:5", "a key is to be plain text"),
        ("- id: a\n\tname: b\n", "2:1", "this is not YAML"),
        ("- id: [a\n", "2:1", "this is not YAML"),
        ("- {id: a, name: .nan}\n", "1:17", ".nan is no number that JSON has"),
        ("[" * 200 + "]" * 200, "1:102", "nested too deeply"),
        ("- id: a\n  name: " + "9" * 5000 + "\n", "2:9", "a number of 5000 digits is too long"),
        ("- id: a\x00\n", "1:8", "this is not YAML"),
    ],
)
def test_yaml_that_is_wrong_is_told_where_and_why(text: str, place: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "records.yaml"
    file.write_text(text, encoding="utf-8")
    (problem, *_) = problems_in(str(file))
    assert message in problem.message
    assert f"{problem.line}:{problem.column}" == place


def test_plain_words_in_yaml_are_never_guessed_at(tmp_path: Path) -> None:
    file = tmp_path / "source.yaml"
    file.write_text(
        "- id: 02108\n  title: no\n  retrieved: 2026-01-31\n  licence: 1_000\n  fields: [on, 12:30]\n", encoding="utf-8"
    )
    assert problems_in(str(file), kind="sources") == []


def test_yaml_without_its_reader_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "records.yaml"
    file.write_text("- id: a\n", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "yaml", None)
    (problem,) = problems_in(str(file))
    assert problem.rule == "unreadable"
    assert "pip install 'eaps-data[yaml]'" in problem.message


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (b'{"id": "a", "name": "A"}\n\n{"id": "b", "name": "B"}\n', "2:1", "the line is empty"),
        (b'{"id": "a", "name": "A"}\n[]\n', "2:1", "this is an array"),
        (b'{"id": "a", "name": "A"}\n{"name": "B", "id": "a"}\n', "2:21", 'the id "a" stands twice'),
        (b'{"id": "a", "name": "A"}\r\n{"id": "b", "name": \r\n', "2:21", "this is not JSON"),
        (b'{"id": "a", "name": "A"}\n{"id": "b", "name": "B", "name": "C"}\n', "2:26", 'the key "name" stands twice'),
        (b'{"id": "a", "name": "A"}\n{"id": "b", "name" : "B", "name" : "C"}\n', "2:27", 'the key "name" stands twice'),
        (b'{"id": "a", "name": "A"}\n{"id": "b", "name": "\xff"}\n', "2:22", "not UTF-8"),
        (
            b'{"id": "a", "name": "A"}\n"' + b"b" * (LONGEST_LINE + 10) + b'"\n{"id": "c"}',
            "2:1",
            "more than 16,777,216 bytes",
        ),
    ],
)
def test_json_lines_that_are_wrong_are_told_where_and_why(
    content: bytes, place: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "partners.jsonl"
    file.write_bytes(content)
    problem = problems_in(str(file))[0]
    assert message in problem.message
    assert f"{problem.line}:{problem.column}" == place


def test_a_line_that_is_too_long_does_not_hide_those_after_it(tmp_path: Path) -> None:
    file = tmp_path / "partners.jsonl"
    file.write_bytes(b'"' + b"b" * (2 * LONGEST_LINE) + b'"\n{"id": "c"}\n')
    assert [(problem.line, problem.rule) for problem in problems_in(str(file), kind="partners")] == [
        (1, "line"),
        (2, "missing-field"),
    ]


@pytest.mark.parametrize("ending", ["json", "jsonl", "yaml", "csv"])
def test_gzip_makes_no_difference(ending: str, tmp_path: Path) -> None:
    text = {
        "json": '[{"id": "a", "nmae": "A", "name": "A"}]',
        "jsonl": '{"id": "a", "nmae": "A", "name": "A"}',
        "yaml": "- {id: a, nmae: A, name: A}",
        "csv": "id,nmae,name,kind\na,A,A,\n",
    }[ending]
    plain, packed = tmp_path / f"x.{ending}", tmp_path / f"x.{ending}.gz"
    plain.write_text(text, encoding="utf-8")
    packed.write_bytes(gzip.compress(text.encode()))
    (before,), (after,) = problems_in(str(plain)), problems_in(str(packed))
    assert (before.line, before.column, before.message) == (after.line, after.column, after.message)


@pytest.mark.parametrize("ending", ["json", "jsonl", "yaml"])
def test_a_gzip_bomb_is_refused(ending: str, tmp_path: Path) -> None:
    bomb = tmp_path / f"bomb.{ending}.gz"
    with gzip.open(bomb, "wb") as out:
        for _ in range(100):
            out.write(b"0" * 2**20)
    (problem, *_) = [each for each in problems_in(str(bomb)) if each.rule == "unreadable"]
    assert "expands to more than 100 times its size" in problem.message


@pytest.mark.parametrize("content", [b"no gzip", b"", gzip.compress(b"[1, 2, 3]" * 100, mtime=0)[:-12]])
def test_broken_gzip_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.json.gz"
    file.write_bytes(content)
    (problem,) = problems_in(str(file))
    assert problem.rule in {"unreadable", "not-json"}


def test_names_stand_for_files_folders_and_globs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name in ("b.json", "a.jsonl", "deep/c.yaml", "deep/er/d.csv.gz", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    found = [step.name for step in check([".", "*.json", "deep/**/*.gz"]) if isinstance(step, Input)]
    assert found == ["a.jsonl", "b.json", "deep/c.yaml", "deep/er/d.csv.gz", "b.json", "deep/er/d.csv.gz"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no.json", "there is no such file (did you mean 'on.json'?)"),
        ("*.nothing", "no file matches"),
        ("empty", "there is no file in it that ends in .json, .jsonl"),
        ("notes.txt", "its name does not end in .json"),
        ("no/such/folder/x.json", "there is no such file"),
    ],
)
def test_a_name_that_stands_for_nothing_is_a_problem(
    name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "on.json").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_bytes(b"")
    (problem,) = problems_in(name)
    assert (problem.rule, problem.file) == ("unreadable", name)
    assert message in problem.message


def test_a_format_may_be_said(tmp_path: Path) -> None:
    file = tmp_path / "partners.txt"
    file.write_text("id,name,kind\na,A,office\n", encoding="utf-8")
    assert problems_in(str(file), form="csv") == []


def test_a_kind_that_there_is_not_is_an_error() -> None:
    with pytest.raises(eaps.KeyNotFoundError, match=r"did you mean .*'programs'"):
        validate(b"[]", "programms")
    with pytest.raises(eaps.KeyNotFoundError, match=r"did you mean .*'programs'"):
        validate_file("x.json", "programms")


def test_warnings_are_told_apart_and_only_of_sound_datasets() -> None:
    document = json.loads(eaps.load().to_json())
    document["sources"].append({"id": "unused", "title": "Never cited"})
    (problem,) = validate(json.dumps(document).encode())
    assert (problem.rule, problem.severity, problem.record) == ("unused-source", "warning", "sources/unused")
    assert ": warning: " in str(problem)
    document["programs"][0]["municipality"] = "nowhere"
    assert {problem.severity for problem in validate(json.dumps(document).encode())} == {"error"}


def test_a_dataset_on_a_line_is_checked_by_all_rules() -> None:
    sound = json.dumps(DOCUMENT).encode()
    assert check_lines([sound], "dataset") == []
    unsound = sound.replace(b'"municipality": "winthrop"', b'"municipality": "wintrop"')
    assert [problem.rule for problem in check_lines([unsound], "dataset")] == ["dangling-reference"]
