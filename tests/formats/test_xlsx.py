"""The workbook keeps strings as strings, whatever they look like; problems have their sheet, row and column."""

import re
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.errors import ExportError, InvalidDataError
from eaps_data.formats import xlsx
from support.damage import assert_refused_or_valid, damaged
from support.places import column_of

openpyxl = pytest.importorskip("openpyxl")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    eaps.export.write("xlsx", tmp_path / "eaps.xlsx")
    return tmp_path / "eaps.xlsx"


def test_a_code_is_a_string_in_a_column_of_text(file: Path) -> None:
    sheet: Any = openpyxl.load_workbook(file)["municipalities"]
    column = [cell.value for cell in sheet[1]].index("ansi_code") + 1
    cell = sheet.cell(2, column)
    assert (cell.value, cell.data_type, cell.number_format) == ("00618335", "s", "@")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions


def with_name(name: str) -> eaps.Dataset:
    document = eaps.load().document
    partners = tuple(
        each.model_copy(update={"name": name}) if each.id == "northstar-learning-centers" else each
        for each in document.partners
    )
    return eaps.Dataset(document.model_copy(update={"partners": partners}))


@pytest.mark.parametrize("name", ["=1+1", "+1", "@x", "-1", "#N/A", "TRUE", "1e5", "_x0041_", "x005F_", "'a"])
def test_a_string_that_looks_like_something_else_stays_a_string(name: str, tmp_path: Path) -> None:
    dataset = with_name(name)
    eaps.export.write("xlsx", tmp_path / "own.xlsx", dataset)
    assert eaps.Dataset.from_path(tmp_path / "own.xlsx") == dataset


@given(st.text(st.characters(exclude_categories=["Cs", "C", "Z"]), min_size=1, max_size=20))
def test_any_name_survives_a_round_trip(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    path = tmp_path_factory.mktemp("names") / "own.xlsx"
    rows = {**eaps.load().to_rows(), "evidence": [], "partners": [eaps.partners[0].model_dump(mode="json")]}
    rows["partners"][0]["name"] = name
    xlsx.write(rows, path)
    assert xlsx.read(path).value["partners"][0]["name"] == name


def open_sheet(file: Path, table: str) -> tuple[Any, Any]:
    book = openpyxl.load_workbook(file)
    return book, book[table]


def edit(file: Path, table: str, column: str, change: Callable[[Any], Any]) -> None:
    book, sheet = open_sheet(file, table)
    cell = sheet.cell(2, [cell.value for cell in sheet[1]].index(column) + 1)
    cell.value = change(cell.value)
    book.save(file)


def problems_of(file: Path) -> list[str]:
    with pytest.raises(InvalidDataError) as caught:
        eaps.Dataset.from_path(file)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("table", "column", "change", "message"),
    [
        (
            "municipalities",
            "ansi_code",
            int,
            (
                f"[municipalities]:2:{column_of('municipalities', 'ansi_code')}: municipalities/winthrop, "
                "identifiers.ansi_code: expected a string, found 618335"
            ),
        ),
        (
            "municipalities",
            "ansi_code",
            lambda code: code.lstrip("0"),
            (
                f"[municipalities]:2:{column_of('municipalities', 'ansi_code')}: municipalities/winthrop, "
                'identifiers.ansi_code: "618335" does not match '
            ),
        ),
        (
            "programs",
            "status",
            lambda _: "begun",
            f"[programs]:2:{column_of('programs', 'status')}: programs/winthrop-public-health-and-safety-team, ",
        ),
        (
            "programs_needs",
            "position",
            lambda _: 7,
            "[programs_needs]:2:2: programs/winthrop-public-health-and-safety-team, position: the list has an item 7",
        ),
        ("release", "data_version", lambda _: 1.0, "[release]:2:1: release, data_version: expected a string, found 1"),
        (
            "release",
            "data_version",
            lambda _: True,
            "[release]:2:1: release, data_version: expected a string, found ",
        ),
        (
            "release",
            "as_of",
            lambda _: datetime(2026, 11, 23, 8, 30),  # noqa: DTZ001 - Excel has no time zones
            "[release]:2:2: release, as_of: ",
        ),
        (
            "release",
            "as_of",
            lambda _: time(8, 30),
            "[release]:2:2: release, as_of: the cell holds a value of the type time, which JSON cannot represent",
        ),
        (
            "grant_program",
            "name",
            lambda _: date(2026, 11, 23),
            "[grant_program]:2:2: grant_program, name: the cell holds a value of the type date, which JSON ",
        ),
    ],
)
def test_each_problem_has_its_sheet_row_and_column(
    file: Path, table: str, column: str, change: Callable[[Any], Any], message: str
) -> None:
    edit(file, table, column, change)
    (found,) = problems_of(file)
    assert found.startswith(f"{file}{message}")


def test_a_code_that_became_a_number_is_shown_as_it_looks(file: Path) -> None:
    edit(file, "municipalities", "ansi_code", float)
    (found,) = problems_of(file)
    assert " 618335;" in found or " 618335 " in found, found
    assert "618335.0" not in found


def test_a_cell_with_a_date_is_read_in_a_column_of_dates(file: Path) -> None:
    edit(file, "release", "as_of", date.fromisoformat)
    assert eaps.Dataset.from_path(file) == eaps.load()


def test_a_workbook_that_another_program_saved_is_read(file: Path) -> None:
    openpyxl.load_workbook(file).save(file)
    assert eaps.Dataset.from_path(file) == eaps.load()


def test_blank_rows_and_columns_are_skipped(file: Path) -> None:
    book, sheet = open_sheet(file, "municipalities")
    sheet.insert_cols([cell.value for cell in sheet[1]].index("summary") + 1)
    sheet.insert_rows(4)
    sheet.cell(50, 50).value = ""
    book.save(file)
    assert eaps.Dataset.from_path(file) == eaps.load()
    edit(file, "municipalities", "government_form", lambda _: "kingdom")
    (found,) = problems_of(file)
    column = [cell.value for cell in open_sheet(file, "municipalities")[1][1]].index("government_form") + 1
    assert found.startswith(f'{file}[municipalities]:2:{column}: municipalities/winthrop, government_form: "kingdom"')


def test_a_column_with_values_but_no_name_is_refused(file: Path) -> None:
    book, sheet = open_sheet(file, "partnerships")
    sheet.cell(3, 6).value = "note"
    book.save(file)
    assert problems_of(file) == [f'{file}[partnerships]:1:6: partnerships has no column ""; remove it']


@pytest.mark.parametrize("table", ["release", "partners", "programs_needs"])
def test_a_missing_sheet_is_reported(table: str, file: Path) -> None:
    book, sheet = open_sheet(file, table)
    book.remove(sheet)
    book.create_chartsheet(table)  # a sheet without cells
    book.save(file)
    assert problems_of(file) == [f"{file}: the table {table} is missing"]


def test_an_empty_sheet_lacks_all_columns(file: Path) -> None:
    book, sheet = open_sheet(file, "partnerships")
    sheet.delete_rows(1, sheet.max_row)
    book.save(file)
    found = [message for message in problems_of(file) if "[partnerships]" in message]
    names = ("program", "partner", "role", "example")
    assert found == [f'{file}[partnerships]:1:1: the column "{name}" of partnerships is missing' for name in names]


def test_a_file_that_is_no_workbook_is_one_problem(file: Path) -> None:
    whole = file.read_bytes()
    for content in (b"", b"not a workbook at all", whole[: len(whole) // 2]):
        file.write_bytes(content)
        (found,) = problems_of(file)
        assert found.startswith(f"{file}: this is not an Excel workbook, or the file is incomplete: ")


def test_a_workbook_with_a_far_cell_is_refused_before_it_fills_the_memory(file: Path) -> None:
    book, sheet = open_sheet(file, "partnerships")
    sheet.cell(1_000_000, 16_384).value = "note"
    book.save(file)
    (found,) = problems_of(file)
    assert found.startswith(f"{file}: xl/worksheets/")
    assert found.endswith(" has cells up to column XFD and row 1000000; delete those outside the table")


@pytest.mark.parametrize("count", [50, pytest.param(500, marks=pytest.mark.slow)])
def test_a_damaged_workbook_is_refused_or_valid(count: int, file: Path) -> None:
    assert_refused_or_valid(file, damaged(file.read_bytes(), count))
    eaps.export.write("xlsx", file, force=True)
    assert_refused_or_valid(file, damaged_parts(file, count))


def damaged_parts(file: Path, count: int) -> Iterator[bytes]:
    """Yield workbooks in which one of the XML files is damaged, but the archive is not."""
    random = Random(0)  # noqa: S311 - not for secrets
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = [name for name in parts if "docProps" not in name and "theme" not in name]
    for number in range(count):
        name = random.choice(names)
        (content,) = damaged(parts[name], 1, seed=number)
        with zipfile.ZipFile(file, "w") as archive:
            for each, held in parts.items():
                archive.writestr(each, content if each == name else held)
        yield file.read_bytes()


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [
        ("_MOST_ROWS", 200, "evidence has .* rows, too many for a sheet of Excel; use another format"),
        ("_LONGEST", 20, "a string of .* characters is too long for Excel; use another format"),
    ],
)
def test_a_table_or_string_that_is_too_large_for_excel_is_refused(
    limit: str, value: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, limit, value)
    with pytest.raises(ExportError, match=message):
        eaps.export.write("xlsx", tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_character_that_xml_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"Excel cannot store U\+FFFE or U\+FFFF"):
        eaps.export.write("xlsx", tmp_path / "out.xlsx", with_name("\ufffe"))


def test_the_workbook_has_no_time_of_creation(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        assert archive.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


FORMULA = "the cell holds a formula whose value is not stored; save the file in Excel, or write the value"


@pytest.mark.parametrize(
    ("table", "column", "value", "message"),
    [
        ("programs", "summary", "=A1", FORMULA),
        ("programs", "started_year", "=2000+15", FORMULA),
        ("programs", "summary", "#REF!", "the cell holds the error #REF!"),
        ("programs", "summary", datetime(2026, 1, 31, 8, 30), "the cell holds a value of the type datetime, which"),  # noqa: DTZ001
        ("programs", "summary", timedelta(hours=30), "the cell holds a value of the type timedelta, which JSON"),
        ("municipalities", "longitude", "#N/A", "the cell holds the error #N/A"),
    ],
)
def test_a_cell_without_a_value_is_not_an_empty_cell(
    table: str, column: str, value: Any, message: str, file: Path
) -> None:
    edit(file, table, column, lambda _: value)
    (found,) = problems_of(file)
    subject = f"{table}/{eaps.load().to_rows()[table][0]['id']}"
    assert found.startswith(f"{file}[{table}]:2:{column_of(table, column)}: {subject}, ")
    assert message in found


def test_the_stored_value_of_a_formula_is_read(file: Path) -> None:
    rewrite(file, "municipalities", lambda text: text.replace(b"<v>1</v>", b"<f>2-1</f><v>1</v>"))
    assert eaps.Dataset.from_path(file) == eaps.load()


def test_a_formula_beyond_the_columns_of_the_table_does_not_matter(file: Path) -> None:
    book, sheet = open_sheet(file, "partners")
    for distance in (1, 2):
        sheet.cell(2, sheet.max_column + distance).value = "=A1"
    sheet.cell(sheet.max_row + 1, 1).value = "=A1"
    book.save(file)
    assert eaps.Dataset.from_path(file) == eaps.load()


def test_a_formula_in_a_sheet_of_notes_does_not_matter(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    book.create_sheet("my notes", 0)["A1"] = "=1/0"
    book.save(file)
    assert eaps.Dataset.from_path(file) == eaps.load()


@pytest.mark.parametrize("title", ["redirects2", "redirect"])
def test_a_sheet_with_a_misspelled_name_is_not_left_out(title: str, file: Path) -> None:
    book = openpyxl.load_workbook(file)
    book["redirects"].title = title
    book.save(file)
    assert problems_of(file) == [f"{file}: the table redirects is missing (did you mean {title!r}?)"]


def rewrite(file: Path, table: str, change: Callable[[bytes], bytes], claim: int | None = None) -> None:
    """Change the XML of a sheet, and optionally the size that the archive states."""
    name = f"xl/worksheets/sheet{openpyxl.load_workbook(file).sheetnames.index(table) + 1}.xml"
    with zipfile.ZipFile(file) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    before = parts[name]
    parts[name] = change(before)
    assert parts[name] != before
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
        if claim is not None:
            archive.getinfo(name).file_size = claim


@pytest.mark.parametrize("claim", [None, 1000])
def test_a_workbook_that_expands_without_bound_is_refused(
    claim: int | None, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "_ALWAYS_ALLOWED", 2**20)
    rewrite(file, "partners", lambda text: text + b" " * (file.stat().st_size * 150), claim)
    tracemalloc.start()
    (found,) = problems_of(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == f"{file}: it expands to more than 100 times its size"
    assert peak < 200 * file.stat().st_size


def test_a_workbook_of_few_cells_in_a_large_area_is_refused(file: Path) -> None:
    rewrite(file, "partners", lambda text: text.replace(b'r="B3"', b'r="Z1048576"'))
    (found,) = problems_of(file)
    assert found.startswith(f"{file}: xl/worksheets/sheet")
    assert found.endswith(" has cells up to row 1048576; delete those outside the table")


@pytest.mark.parametrize("name", ["eDocumenA3", "b1048576", "B10485760", "AAAA3", "3B", ""])
def test_a_cell_with_a_damaged_name_is_refused(name: str, file: Path) -> None:
    rewrite(file, "partners", lambda text: text.replace(b'r="B3"', f'r="{name}"'.encode()))
    (found,) = problems_of(file)
    assert found.startswith(f"{file}: xl/worksheets/sheet")
    assert found.endswith(f' has a cell named "{name}"; it is damaged')


def test_a_sheet_under_any_name_is_checked(file: Path) -> None:
    whole = file.read_bytes()
    with zipfile.ZipFile(BytesIO(whole)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            content = old.read(part).replace(b"worksheets/sheet1.xml", b"other.xml")
            is_first = part.endswith("worksheets/sheet1.xml")
            new.writestr(
                "xl/other.xml" if is_first else part,
                content.replace(b'r="B2"', b'r="XFD1048576"') if is_first else content,
            )
    (found,) = problems_of(file)
    assert found == f"{file}: xl/other.xml has cells up to column XFD and row 1048576; delete those outside the table"


def test_an_encrypted_workbook_is_one_problem(file: Path) -> None:
    file.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096))  # what Office stores encrypted files in
    (found,) = problems_of(file)
    assert found.startswith(f"{file}: this is not an Excel workbook, or the file is incomplete: ")


@pytest.mark.parametrize("number", ["1:2", "x", "", "-1", "1.5"])
def test_a_damaged_number_of_a_text_is_not_taken_for_another_text(number: str, file: Path) -> None:
    def damage(text: bytes) -> bytes:
        return re.sub(rb'(r="B3"[^>]*t="s"><v>)[0-9]+', rb"\g<1>" + number.encode(), text)

    rewrite(file, "partners", damage)
    (found,) = problems_of(file)
    assert found.startswith(
        f"{file}[partners]:3:2: partners/{eaps.partners[1].id}, name: the cell holds the number of "
    )


def test_a_number_of_a_text_that_there_is_not_is_refused(file: Path) -> None:
    rewrite(file, "partners", lambda text: re.sub(rb'(r="B3"[^>]*t="s"><v>)[0-9]+', rb"\g<1>999999", text))
    assert len(problems_of(file)) == 1


def test_a_cell_whose_tag_is_damaged_is_not_left_out(file: Path) -> None:
    rewrite(file, "partners", lambda text: text.replace(b'<c r="B2"', b'<k r="B2"'))
    (problem,) = problems_of(file)
    assert "the file is incomplete: mismatched tag" in problem


@pytest.mark.parametrize("encoding", [b"UrF-8", b"utf-7"])
def test_an_encoding_that_cannot_be_read_is_a_damage(file: Path, encoding: bytes) -> None:
    rewrite(file, "partners", lambda text: text.replace(b"UTF-8", encoding, 1))
    (problem,) = problems_of(file)
    assert "the file is incomplete: " in problem
