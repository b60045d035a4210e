"""The workbook keeps texts as texts, whatever they look like; and what a person's Excel did to them is told."""

import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.errors import ExportError, InvalidDataError, MissingExtraError
from eaps_data.export import xlsx


@pytest.fixture
def file(tmp_path: Path) -> Path:
    eaps.export.write("xlsx", tmp_path / "eaps.xlsx")
    return tmp_path / "eaps.xlsx"


def test_a_code_is_text_in_a_column_of_text(file: Path) -> None:
    sheet: Any = openpyxl.load_workbook(file)["municipalities"]
    column = [cell.value for cell in sheet[1]].index("ansi_code") + 1
    cell = sheet.cell(2, column)
    assert (cell.value, cell.data_type, cell.number_format) == ("00618335", "s", "@")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_can_be_written_and_read(text: str) -> None:
    escaped = xlsx._escaped(text)
    assert "x005F_" not in escaped  # which openpyxl takes out
    assert xlsx._unescaped(escaped) == text


@pytest.mark.parametrize("name", ["=1+1", "+1", "@x", "-1", "#N/A", "TRUE", "1e5", "_x0041_", "x005F_", "\ufffe", "'a"])
def test_what_looks_like_something_else_stays_text(name: str, tmp_path: Path) -> None:
    document = eaps.load().document
    partners = tuple(
        each.model_copy(update={"name": name}) if each.id == "northstar-learning-centers" else each
        for each in document.partners
    )
    dataset = eaps.Dataset(document.model_copy(update={"partners": partners}))
    eaps.export.write("xlsx", tmp_path / "own.xlsx", dataset)
    assert eaps.Dataset.from_path(tmp_path / "own.xlsx") == dataset


def edited(file: Path, table: str, column: str, change: Callable[[Any], Any]) -> Path:
    book = openpyxl.load_workbook(file)
    sheet: Any = book[table]
    cell = sheet.cell(2, [cell.value for cell in sheet[1]].index(column) + 1)
    cell.value = change(cell.value)
    book.save(file)
    return file


@pytest.mark.parametrize(
    ("table", "column", "change", "message"),
    [
        ("municipalities", "ansi_code", int, r"\[municipalities\]:2: .*ansi_code: expected text, found 618335"),
        (
            "municipalities",
            "ansi_code",
            lambda code: code.lstrip("0"),
            r'\[municipalities\]:2: .*"618335" does not match',
        ),
        ("programs", "status", lambda _: "begun", r'\[programs\]:2: .*status: "begun" is none of its terms'),
        ("programs_needs", "position", lambda _: 7, r"\[programs_needs\]:2: position: the list has an item 7"),
        ("release", "data_version", lambda _: 1.0, r"\[release\]:2: .*data_version: expected text"),
    ],
)
def test_what_was_edited_wrongly_is_told_with_sheet_row_and_column(
    file: Path, table: str, column: str, change: Callable[[Any], Any], message: str
) -> None:
    with pytest.raises(InvalidDataError, match=message):
        eaps.Dataset.from_path(edited(file, table, column, change))


def test_a_workbook_that_a_person_has_saved_again_says_the_same(file: Path) -> None:
    openpyxl.load_workbook(file).save(file)
    assert eaps.Dataset.from_path(file) == eaps.load()


def test_what_is_no_workbook_or_half_of_one_is_told(file: Path) -> None:
    whole = file.read_bytes()
    for content in (b"not a workbook at all", whole[: len(whole) // 2]):
        file.write_bytes(content)
        with pytest.raises(InvalidDataError, match=r"eaps\.xlsx: this is no Excel workbook"):
            eaps.Dataset.from_path(file)


def test_without_openpyxl_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match=r"eaps-data\[xlsx\]"):
        eaps.export.write("xlsx", tmp_path / "out.xlsx")


def test_a_table_or_text_that_excel_has_no_room_for_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit, message in (
        ("_MOST_ROWS", "evidence has .* rows, and a sheet of Excel no room"),
        ("_LONGEST", "a text of"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(xlsx, limit, 200 if limit == "_MOST_ROWS" else 20)
            with pytest.raises(ExportError, match=message):
                eaps.export.write("xlsx", tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_the_workbook_does_not_say_when_it_was_made(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        assert archive.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
