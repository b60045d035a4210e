"""Each lossless format gives back the dataset that was written; nothing is lost, overwritten or half written."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

import eaps_data as eaps
from eaps_data.errors import ExportError, InvalidDataError, UnknownTermError
from eaps_data.export import FORMATS
from eaps_data.formats import columns as tidy
from eaps_data.models.records import DatasetDocument
from support.strategies import documents

LOSSLESS = [name for name, form in FORMATS.items() if form.lossless]


def destination(folder: Path, name: str) -> Path:
    if name == "parquet":
        pytest.importorskip("pyarrow")
    return folder / ("out" if FORMATS[name].folder else f"out{FORMATS[name].suffix}")


def content(path: Path) -> dict[str, bytes]:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {str(file.relative_to(path)): file.read_bytes() for file in files if file.is_file()}


@pytest.mark.parametrize("name", LOSSLESS)
@settings(max_examples=25)
@given(document=documents())
def test_a_dataset_comes_back_as_it_was(name: str, document: DatasetDocument) -> None:
    dataset = eaps.Dataset(document)
    with TemporaryDirectory() as folder:
        path = destination(Path(folder), name)
        eaps.export.write(name, path, dataset)
        assert eaps.Dataset.from_path(path).document == dataset.document


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_dataset_makes_the_same_bytes(name: str, tmp_path: Path) -> None:
    made: list[dict[str, bytes]] = []
    for attempt in ("first", "second"):
        (tmp_path / attempt).mkdir()
        eaps.export.write(name, destination(tmp_path / attempt, name))
        made.append(content(destination(tmp_path / attempt, name)))
    assert made[0] == made[1]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_overwritten_without_force(name: str, tmp_path: Path) -> None:
    path = destination(tmp_path, name)
    eaps.export.write(name, path)
    before = content(path)
    with pytest.raises(ExportError, match="already exists; choose another name, or replace it with --force"):
        eaps.export.write(name, path)
    assert content(path) == before
    eaps.export.write(name, path, force=True)
    assert content(path) == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.folder])
def test_a_folder_with_anything_else_in_it_is_never_replaced(name: str, tmp_path: Path) -> None:
    path = destination(tmp_path, name)
    eaps.export.write(name, path)
    (path / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(ExportError, match=r"such as thesis\.docx; nothing was replaced"):
        eaps.export.write(name, path, force=True)
    assert (path / "thesis.docx").exists()


@pytest.mark.parametrize("name", FORMATS)
def test_a_failure_leaves_nothing_behind_and_the_old_in_place(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = destination(tmp_path, name)
    eaps.export.write(name, path)
    before = content(path)
    whole: Callable[..., None] = FORMATS[name].module.write

    def fails_late(dataset: eaps.Dataset, target: Path) -> None:
        whole(dataset, target)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FORMATS[name].module, "write", fails_late)
    with pytest.raises(ExportError, match="cannot be written: No space left on device"):
        eaps.export.write(name, path, force=True)
    assert content(path) == before
    with pytest.raises(ExportError):
        eaps.export.write(name, path.with_name("other"))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", FORMATS)
def test_a_destination_that_cannot_be_is_refused_with_the_reason(name: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"the folder .*missing does not exist; create it first"):
        eaps.export.write(name, tmp_path / "missing" / "out")
    other = tmp_path / "other"
    if FORMATS[name].folder:
        other.write_text("", encoding="utf-8")
    else:
        other.mkdir()
    expected, found = ("folder", "file") if FORMATS[name].folder else ("file", "folder")
    with pytest.raises(ExportError, match=f"is written as a {expected}, but this is a {found}"):
        eaps.export.write(name, other, force=True)


def test_an_unknown_format_is_an_error_that_lists_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(UnknownTermError, match=r"unknown format value 'jsnl' \(did you mean 'jsonl'"):
        eaps.export.write("jsnl", tmp_path / "out")


def test_what_holds_no_dataset_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no such file or folder"):
        eaps.Dataset.from_path(tmp_path / "missing")
    with pytest.raises(InvalidDataError, match="the folder is to hold files of one format"):
        eaps.Dataset.from_path(tmp_path)
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    with pytest.raises(InvalidDataError, match="the file's name does not tell its format"):
        eaps.Dataset.from_path(tmp_path / "notes.txt")


def edited(path: Path, edit: Callable[[list[list[str]]], None]) -> Path:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    edit(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path.parent


def set_cell(column: str, value: str) -> Callable[[list[list[str]]], None]:
    def edit(rows: list[list[str]]) -> None:
        rows[2][rows[0].index(column)] = value

    return edit


@pytest.mark.parametrize(
    ("file", "edit", "message"),
    [
        ("municipalities", set_cell("ansi_code", "618335"), r'municipalities\.csv:3: .*ansi_code: .*"618335"'),
        ("municipalities", set_cell("position", "two"), r"municipalities\.csv:3: .*position: .*a whole number"),
        ("programs", set_cell("municipality", "amhurst"), r"programs\.csv:3: .*municipality: .*mean 'amherst'"),
        ("programs_needs", set_cell("need", "nothing"), r'programs_needs\.csv:3: .*needs: .*"nothing"'),
        ("programs_needs", set_cell("position", "9"), r"programs_needs\.csv:\d+: position: the list has an item 9"),
        ("programs_needs", set_cell("position", "x"), r'programs_needs\.csv:3: position: "x" is no place of its own'),
        ("programs_needs", set_cell("program", "nobody"), r'programs_needs\.csv:3: program: "nobody" is no id'),
        ("partners", lambda rows: rows[0].__setitem__(1, "nmae"), r'partners\.csv: there is no column "nmae"'),
        ("partners", lambda rows: rows[0].__setitem__(1, "nmae"), r'partners\.csv: the column "name" of partners is'),
        ("partners", lambda rows: rows[0].__setitem__(1, "id"), r'partners\.csv: the column "id" stands twice'),
        ("partners", lambda rows: rows[3].append("more"), r"partners\.csv:4: the row has \d cells"),
        ("release", lambda rows: rows.pop(), r"release\.csv: there are 0 rows in release; it has one"),
    ],
)
def test_a_problem_names_file_row_and_column(
    file: str, edit: Callable[[list[list[str]]], None], message: str, tmp_path: Path
) -> None:
    eaps.export.write("csv", tmp_path / "out")
    with pytest.raises(InvalidDataError, match=message):
        eaps.Dataset.from_path(edited(tmp_path / "out" / f"{file}.csv", edit))


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_a_folder_that_lacks_a_table_is_refused(name: str, tmp_path: Path) -> None:
    eaps.export.write(name, tmp_path / "out")
    (tmp_path / "out" / f"partnerships.{name}").unlink()
    with pytest.raises(InvalidDataError, match="out: the table partnerships is missing; is the export whole"):
        eaps.Dataset.from_path(tmp_path / "out")


def test_a_broken_line_of_json_lines_has_its_place(tmp_path: Path) -> None:
    eaps.export.write("jsonl", tmp_path / "out")
    path = tmp_path / "out" / "partners.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + '{"id": "x", "id": "y"}\n', encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"partners\.jsonl:17:13: the key \"id\" stands twice"):
        eaps.Dataset.from_path(tmp_path / "out")


def test_for_excel_each_file_begins_with_a_byte_order_mark(tmp_path: Path) -> None:
    eaps.export.write("csv", tmp_path / "out", excel=True)
    assert all(text.startswith(b"\xef\xbb\xbf") for text in content(tmp_path / "out").values())
    assert eaps.Dataset.from_path(tmp_path / "out") == eaps.load()
    with pytest.raises(TypeError, match="excel"):
        eaps.export.write("json", tmp_path / "out.json", excel=True)


def test_a_code_keeps_its_zeros_in_every_cell(tmp_path: Path) -> None:
    eaps.export.write("csv", tmp_path / "out")
    assert ",00618335," in (tmp_path / "out" / "municipalities.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", [table.name for table in tidy.tables()])
@settings(max_examples=20)
@given(document=documents())
def test_rows_and_records_are_two_forms_of_the_same(table: str, document: DatasetDocument) -> None:
    shape = tidy.table(table)
    names = [column.name for column in shape.columns]
    for record in tidy.records_of(document, table):
        (row,) = shape.rows([record])
        again = type(record).model_validate_json(json.dumps(tidy.to_record(shape, dict(zip(names, row, strict=True)))))
        assert again == record
