"""A folder of CSV files is read as one dataset; each problem has its file, row and column."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import eaps_data as eaps
from eaps_data.errors import ExportError, InvalidDataError
from eaps_data.formats import content
from eaps_data.formats.columns import relations
from eaps_data.formats.csv import Reader
from eaps_data.validation import validate_file
from support.places import assert_problems


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    eaps.export.write("csv", tmp_path / "out")
    return tmp_path / "out"


def edit(path: Path, change: Callable[[list[list[str]]], object]) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def set_cell(column: str, value: str) -> Callable[[list[list[str]]], None]:
    def change(rows: list[list[str]]) -> None:
        rows[2][rows[0].index(column)] = value

    return change


def rename(old: str, new: str) -> Callable[[list[list[str]]], None]:
    def change(rows: list[list[str]]) -> None:
        rows[0][rows[0].index(old)] = new

    return change


def cell_place(table: str, column: str) -> int:
    """Return where in its line the cell of a column begins, from 1, in the second row of a table."""
    whole = relations(table)[0]
    (row,) = whole.rows([eaps.load().to_rows()[table][1]])
    stream = io.StringIO()
    csv.writer(stream).writerow(row[: [each.name for each in whole.columns].index(column)])
    return len(stream.getvalue().rstrip("\r\n")) + 2


def revere_place() -> tuple[int, int]:
    """Return the line and the column of the third byte after the beginning of the first "Revere" in the partners."""
    rows = eaps.load().to_rows()["partners"]
    row = next(index for index, row in enumerate(rows) if "Revere" in row["name"])
    return row + 2, len(f"{rows[row]['id']},{rows[row]['name'].partition('Revere')[0]}Rev") + 1


@pytest.mark.parametrize(
    ("table", "change", "messages"),
    [
        (
            "municipalities",
            set_cell("ansi_code", "618335"),
            [
                ':3:71: municipalities/amherst, identifiers.ansi_code: "618335" does not match ^[0-9]{8}$, as in ',
            ],
        ),
        (
            "municipalities",
            set_cell("position", "two"),
            [':3:51: municipalities/amherst, position: expected a whole number from 1 to 1000000, found "two"'],
        ),
        (
            "programs",
            set_cell("municipality", "amhurst"),
            [
                (
                    f":3:{cell_place('programs', 'municipality')}: programs/amherst-cress, municipality: "
                    'unknown municipality id "amhurst" (did you mean \'am'
                ),
            ],
        ),
        (
            "programs_needs",
            set_cell("need", "housing"),
            [':3:17: programs/amherst-cress, needs: "housing" is not a valid term; valid terms: basic-needs, '],
        ),
        (
            "programs_needs",
            set_cell("position", "9"),
            [":3:15: programs/amherst-cress, position: the list has an item 9, but no item 1"],
        ),
        (
            "programs_needs",
            set_cell("position", "x"),
            [':3:15: programs/amherst-cress, position: "x" is not a position; number the items from 1'],
        ),
        (
            "programs_needs",
            lambda rows: rows.append(rows[-1]),
            [
                (
                    f":{2 + sum(len(program.needs) for program in eaps.programs)}:17: "
                    f"programs/lawrence-lleaps, position: the list has two items {len(eaps.programs[-1].needs)}; "
                    "number the items from 1"
                )
            ],
        ),
        (
            "programs_needs",
            set_cell("program", "nobody"),
            [':3:1: programs/nobody, program: unknown program id "nobody"'],
        ),
        (
            "programs_needs",
            rename("position", "psoition"),
            [
                ":1:9: programs_needs has no column \"psoition\" (did you mean 'position'?)",
                ':1:1: the column "position" of programs_needs is missing',
            ],
        ),
        (
            "partners",
            rename("name", "nmae"),
            [
                ":1:4: partners has no column \"nmae\" (did you mean 'name'?)",
                ':1:1: the column "name" of partners is missing',
            ],
        ),
        (
            "partners",
            rename("name", "id"),
            [
                ':1:4: the column "id" is duplicated; remove one',
                ':1:1: the column "name" of partners is missing',
            ],
        ),
        ("partners", lambda rows: rows[3].append("more"), [":4:1: the row has 7 cells, but there are 6 columns"]),
        ("release", lambda rows: rows.pop(), [": release has 0 rows; it has exactly one"]),
        ("release", lambda rows: rows.append(["1.0.0", "2026-01-01"]), [": release has 2 rows; it has exactly one"]),
        ("release", lambda rows: rows.clear(), [":1:1: the file is empty"]),
    ],
)
def test_each_problem_has_its_file_row_and_column(
    table: str, change: Callable[[list[list[str]]], object], messages: list[str], folder: Path
) -> None:
    path = folder / f"{table}.csv"
    edit(path, change)
    assert_problems(folder, [f"{path}{message}" for message in messages])


@pytest.mark.parametrize(
    ("change", "rule", "location"),
    [
        (lambda _: b"", "csv", (1, 1)),
        (lambda _: b'"id', "csv", (1, 1)),
        (lambda data: data + b'"open', "csv", (2 + len(eaps.partners), 1)),
        (lambda data: data.replace(b"Revere", b"Rev\xe9re", 1), "encoding", revere_place()),
        (lambda data: b"\xff\xfe" + data, "encoding", (1, 1)),
    ],
)
def test_a_file_that_is_not_csv_is_one_problem(
    change: Callable[[bytes], bytes], rule: str, location: tuple[int, int], folder: Path
) -> None:
    path = folder / "partners.csv"
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(InvalidDataError) as caught:
        eaps.Dataset.from_path(folder)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.file, (problem.line, problem.column)) == (rule, str(path), location)


@pytest.mark.parametrize("table", ["release", "partnerships", "programs_needs"])
def test_a_missing_table_is_reported(table: str, folder: Path) -> None:
    (folder / f"{table}.csv").unlink()
    with pytest.raises(InvalidDataError) as caught:
        eaps.Dataset.from_path(folder)
    assert [str(problem) for problem in caught.value.problems] == [f"{folder}: the table {table} is missing"]


def test_the_tables_of_past_ids_may_be_missing(folder: Path) -> None:
    for table in ("redirects", "tombstones"):
        (folder / f"{table}.csv").unlink()
    document = eaps.load().document.model_copy(update={"redirects": (), "tombstones": ()})
    assert eaps.Dataset.from_path(folder).document == document


def test_rows_may_be_in_any_order_and_columns_too(folder: Path) -> None:
    def turn(rows: list[list[str]]) -> None:
        rows[1:] = reversed(rows[1:])
        for row in rows:
            row.reverse()

    edit(folder / "programs_needs.csv", turn)
    assert eaps.Dataset.from_path(folder) == eaps.load()


def put_column(at: int, name: str, cells: Callable[[int], str]) -> Callable[[list[list[str]]], None]:
    def change(rows: list[list[str]]) -> None:
        for number, row in enumerate(rows):
            row.insert(at, cells(number) if number else name)

    return change


@pytest.mark.parametrize("table", ["partners", "programs_needs"])
def test_empty_columns_without_a_name_are_skipped_as_spreadsheets_write_them(table: str, folder: Path) -> None:
    file = folder / f"{table}.csv"
    for at in (99, 99, 1, 0):
        edit(file, put_column(at, "", lambda _: ""))
    assert eaps.Dataset.from_path(folder) == eaps.load()
    assert not validate_file(file)
    edit(file, set_cell("name" if table == "partners" else "program", "Two  Spaces"))
    (found,) = [problem for problem in validate_file(file) if problem.severity == "error"]
    cells = file.read_text(encoding="utf-8").splitlines()[2]
    assert cells[(found.column or 0) - 1 :].startswith("Two  Spaces")


@pytest.mark.parametrize("header", ["", ",,", '""', ",,\n,,"])
def test_a_file_without_a_named_column_lacks_the_required_ones(header: str, folder: Path) -> None:
    (folder / "redirects.csv").write_text(f"{header}\n", encoding="utf-8")
    missing = [f'{folder / "redirects.csv"}:1:1: the column "{name}"' for name in ("old", "new", "since")]
    assert_problems(folder, missing)


def test_a_value_far_below_an_empty_column_is_not_lost(tmp_path: Path) -> None:
    rows = 5_000
    lines = [f"a-{number},A,{'x' if number == rows - 1 else ''}\n" for number in range(rows)]
    (tmp_path / "partners.csv").write_text(f"id,name,\n{''.join(lines)}", encoding="utf-8")
    (found,) = map(str, validate_file(tmp_path / "partners.csv"))
    assert found.endswith(f"partners.csv:{rows + 1}:1: the row has 3 cells, but there are 2 columns")


def test_the_index_of_a_data_frame_is_named(folder: Path) -> None:
    file = folder / "partners.csv"
    edit(file, put_column(0, "", str))
    assert_problems(folder, [f'{file}:1:1: partners has no column ""; remove it (in pandas: index=False)'])
    edit(file, rename("", "index"))
    assert_problems(folder, [f'{file}:1:1: partners has no column "index"; remove it (in pandas: index=False)'])


def test_utf_16_without_a_mark_is_named(folder: Path) -> None:
    file = folder / "partners.csv"
    file.write_bytes(file.read_text(encoding="utf-8").encode("utf-16-le"))
    assert_problems(folder, [f"{file}:1:1: the text is not UTF-8, but perhaps UTF-16; save it as UTF-8"])


def test_a_code_keeps_its_zeros(folder: Path) -> None:
    assert ",00618335," in (folder / "municipalities.csv").read_text(encoding="utf-8")


def with_names(*names: str) -> eaps.Dataset:
    """Return the dataset with other names for the first partners."""
    document = eaps.load().document
    partners = [each.model_copy(update={"name": name}) for each, name in zip(document.partners, names, strict=False)]
    return eaps.Dataset(document.model_copy(update={"partners": (*partners, *document.partners[len(partners) :])}))


FORMULAS = ("=1+1", "+1 617", "-x", "@x", "\uff1d1", "'=1", "''-1", "'tis", "x=1", "'")


@pytest.mark.parametrize("excel", [True, False])
def test_a_text_that_looks_like_a_formula_is_kept(excel: bool, tmp_path: Path) -> None:
    dataset = with_names(*FORMULAS)
    eaps.export.write("csv", tmp_path / "out", dataset, excel=excel)
    assert eaps.Dataset.from_path(tmp_path / "out") == dataset


def test_no_cell_of_an_export_for_excel_begins_as_a_formula(tmp_path: Path) -> None:
    eaps.export.write("csv", tmp_path / "out", with_names(*FORMULAS), excel=True)
    with (tmp_path / "out" / "partners.csv").open(encoding="utf-8-sig", newline="") as stream:
        names = [row["name"] for row in csv.DictReader(stream)]
    assert names[: len(FORMULAS)] == ["'=1+1", "'+1 617", "'-x", "'@x", "'\uff1d1", "''=1", "'''-1", "'tis", "x=1", "'"]
    numbers = (tmp_path / "out" / "municipalities.csv").read_text(encoding="utf-8-sig")
    assert ",-7" in numbers  # a longitude stays a number


@pytest.fixture
def limit() -> Iterator[int]:
    """Python's limit for a cell, which other libraries raise for the whole process."""
    before = csv.field_size_limit(131_072)
    yield 131_072
    csv.field_size_limit(before)


def test_a_long_text_makes_the_round_trip_and_the_limit_of_the_process_stays(tmp_path: Path, limit: int) -> None:
    dataset = with_names("x" * (limit * 10))
    eaps.export.write("csv", tmp_path / "out", dataset)
    with (tmp_path / "out" / "partners.csv").open("rb") as stream:
        parts = Reader(stream, None).read(relations("partners")[0])
        assert len(next(parts).value[0]["name"]) == limit * 10
        assert csv.field_size_limit() == limit
    assert eaps.Dataset.from_path(tmp_path / "out") == dataset


def test_a_text_that_is_too_long_to_read_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eaps_data.formats.csv._LONGEST_CELL", 1000)
    with pytest.raises(ExportError, match="a string of 1,001 characters is too long for CSV; use another format"):
        eaps.export.write("csv", tmp_path / "out", with_names("x" * 1001))


@pytest.mark.parametrize("line", ["sep=,", "sep=;", "SEP=\t", "sep=;\r"])
def test_a_line_that_names_the_separator_is_reported(line: str, folder: Path) -> None:
    path = folder / "partners.csv"
    path.write_bytes(f"{line}\n".encode() + path.read_bytes())
    shown = line.rstrip("\r").replace("\t", "\\t")
    assert_problems(folder, [f'{path}:1:1: the line "{shown}" is for Excel, not CSV; remove it'])


def test_a_file_that_is_cut_off_in_its_last_line_is_reported(folder: Path) -> None:
    path = folder / "partners.csv"
    whole = path.read_bytes()
    last = whole.rstrip(b"\n").rpartition(b"\n")[2]
    for count in range(1, len(last) + 1):
        path.write_bytes(whole[:-count])
        problems = validate_file(path)
        place = 1 + len(eaps.partners), len(last) - count + 2
        found = [(each.rule, each.line, each.column) for each in problems if each.rule == "last-line"]
        assert found == [("last-line", *place)]


def test_a_dataset_whose_last_lines_have_no_line_break_is_valid(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    assert {problem.rule for problem in validate_file(folder)} == {"last-line"}
    assert eaps.Dataset.from_path(folder) == eaps.load()


@pytest.mark.parametrize(("count", "are_rows_checked"), [(1, True), (20, True), (21, False)])
def test_rows_are_checked_unless_very_many_columns_are_unknown(
    count: int, are_rows_checked: bool, folder: Path
) -> None:
    def change(rows: list[list[str]]) -> None:
        rows[0] += [f"x{number}" for number in range(count)]
        for row in rows[1:]:
            row.extend([""] * count)
        rows[1][rows[0].index("kind")] = "invented"

    edit(folder / "partners.csv", change)
    problems = validate_file(folder / "partners.csv")
    assert sum("x" in problem.message and problem.line == 1 for problem in problems) == min(count, 20)
    assert any("invented" in problem.message for problem in problems) is are_rows_checked


def test_a_wrong_header_is_reported_once_however_many_rows_are_read_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(rows: list[list[str]]) -> None:
        for number, row in enumerate(rows):
            row.append("" if number else "x")

    monkeypatch.setattr("eaps_data.formats.csv._ROWS_AT_ONCE", 3)
    edit(folder / "partners.csv", change)
    (problem,) = validate_file(folder / "partners.csv")
    assert problem.rule == "unknown-field"


def test_an_unknown_column_that_is_repeated_is_duplicated(folder: Path) -> None:
    def change(rows: list[list[str]]) -> None:
        for number, row in enumerate(rows):
            row.extend(["", ""] if number else ["x", "x"])

    path = folder / "partners.csv"
    edit(path, change)
    assert [problem.message for problem in validate_file(path)] == [
        'partners has no column "x"; remove it',
        'the column "x" is duplicated; remove one',
    ]


def test_a_file_with_very_many_columns_has_few_problems(folder: Path) -> None:
    path = folder / "partners.csv"
    path.write_text("id,name," + ",".join(f"x{number}" for number in range(200_000)) + "\n", encoding="utf-8")
    problems = validate_file(path)
    assert len(problems) == 21
    assert problems[-1].message == "partners has 200,002 columns, but it should have 7; remove the others"


def test_the_work_of_locating_problems_grows_with_their_number_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each problem of an item must not search all items, nor each unknown id all ids.
    looked_up: list[str] = []
    column = content.Sheet.column

    def counted(sheet: content.Sheet, name: str) -> Sequence[Any]:
        looked_up.append(name)
        return column(sheet, name)

    monkeypatch.setattr(content.Sheet, "column", counted)
    path = folder / "programs_needs.csv"
    counts = []
    for rows in (10, 1000):
        bad = [f"amherst-cress,{number + 1},bad-{number}\n" for number in range(rows)]
        unknown = [f"nobody-{number},1,conflict\n" for number in range(rows)]
        path.write_text("".join(["program,position,need\n", *bad, *unknown]), encoding="utf-8")
        looked_up.clear()
        with pytest.raises(InvalidDataError) as caught:
            eaps.Dataset.from_path(folder)
        assert len(caught.value.problems) >= 2 * rows
        counts.append(len(looked_up))
    assert counts[0] == counts[1]
