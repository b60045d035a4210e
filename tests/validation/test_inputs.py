"""Inputs are files, folders, globs and standard input; a folder with the tables of a dataset is one input."""

import gzip
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pytest

import eaps_data as eaps
from eaps_data.errors import Problem
from eaps_data.export import LosslessName
from eaps_data.models.table_specs import MEMBERS, TABLES
from eaps_data.validation import Count, Input, check
from support import sample
from support.commands import Runner, process

COUNT = sum(len(getattr(eaps, table)) for table in TABLES)
Name: TypeAlias = LosslessName | Literal["tables"]
LIBRARIES = {"parquet": "pyarrow", "xlsx": "python_calamine"}


def problems_in(*paths: Path | str, type_: str | None = None, format_: str | None = None) -> list[Problem]:
    return [step for step in check([*map(str, paths)], type_, format_) if isinstance(step, Problem)]


def inputs_in(*paths: Path | str, type_: str | None = None) -> list[tuple[str, str]]:
    return [(step.name, step.format) for step in check([*map(str, paths)], type_) if isinstance(step, Input)]


def count_records(*paths: Path | str) -> int:
    return sum(step.records for step in check([*map(str, paths)]) if isinstance(step, Count))


def export(format_: Name, folder: Path) -> Path:
    """Export the packaged data; `tables` is the curator's folder of JSON files."""
    if format_ in LIBRARIES:
        pytest.importorskip(LIBRARIES[format_], reason="the format needs it")
    if format_ == "tables":
        return sample.write_tables(folder / "tables")
    path = folder / (f"dataset.{format_}" if format_ in {"json", "sqlite", "xlsx"} else format_)
    eaps.export.write(format_, path)
    return path


def replace(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


# Files


@pytest.mark.parametrize("suffix", ["json", "jsonl", "yaml", "csv"])
def test_gzipped_files_have_the_same_problems(suffix: str, tmp_path: Path) -> None:
    text = {
        "json": '[{"id": "a", "nmae": "A", "name": "A"}]',
        "jsonl": '{"id": "a", "nmae": "A", "name": "A"}',
        "yaml": "- {id: a, nmae: A, name: A}",
        "csv": "id,nmae,name,kind\na,A,A,\n",
    }[suffix]
    plain, packed = tmp_path / f"x.{suffix}", tmp_path / f"x.{suffix}.gz"
    plain.write_text(text, encoding="utf-8")
    packed.write_bytes(gzip.compress(text.encode()))
    (before,), (after,) = problems_in(plain), problems_in(packed)
    assert (before.line, before.column, before.message) == (after.line, after.column, after.message)


@pytest.mark.parametrize("suffix", ["json", "jsonl", "yaml", "csv"])
def test_a_gzip_bomb_is_refused(suffix: str, tmp_path: Path) -> None:
    bomb = tmp_path / f"bomb.{suffix}.gz"
    with gzip.open(bomb, "wb") as out:
        for _ in range(100):
            out.write(b"0" * 2**20)
    (problem, *_) = [each for each in problems_in(bomb) if each.rule == "unreadable"]
    assert "expands to more than 100 times its size" in problem.message


@pytest.mark.parametrize(
    ("content", "rule"),
    [(b"no gzip", "unreadable"), (b"", "not-json"), (gzip.compress(b"[1, 2, 3]" * 100, mtime=0)[:-12], "unreadable")],
    ids=["not gzip", "empty", "truncated"],
)
def test_broken_gzip_is_a_problem(content: bytes, rule: str, tmp_path: Path) -> None:
    file = tmp_path / "x.json.gz"
    file.write_bytes(content)
    assert [problem.rule for problem in problems_in(file)] == [rule]


def test_names_are_files_folders_and_globs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name in ("b.json", "a.jsonl", "deep/c.yaml", "deep/er/d.csv.gz", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    found = [name for name, _ in inputs_in(".", "*.json", "deep/**/*.gz")]
    assert found == ["a.jsonl", "b.json", "deep/c.yaml", "deep/er/d.csv.gz", "b.json", "deep/er/d.csv.gz"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no.json", "no such file (did you mean 'on.json'?)"),
        ("*.nothing", "no file matches"),
        ("empty", "no file in it ends in .json, .jsonl"),
        ("notes.txt", "its name does not end in .json"),
        ("no/such/folder/x.json", "no such file"),
    ],
)
def test_a_name_without_a_file_is_a_problem(
    name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "on.json").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_bytes(b"")
    (problem,) = problems_in(name)
    assert (problem.rule, problem.file) == ("unreadable", name)
    assert message in problem.message


def test_a_given_format_replaces_the_suffix(tmp_path: Path) -> None:
    file = tmp_path / "partners.txt"
    file.write_text("id,name,kind\na,A,office\n", encoding="utf-8")
    assert problems_in(file, format_="csv") == []


# Datasets


@pytest.mark.parametrize("format_", ["tables", "csv", "datapackage", "jsonl", "parquet"])
def test_a_folder_of_a_dataset_is_one_input(format_: Name, tmp_path: Path) -> None:
    folder = export(format_, tmp_path)
    expected = "json" if format_ == "tables" else format_
    assert inputs_in(folder) == [(str(folder), expected)]
    assert problems_in(folder) == []
    assert count_records(folder) == COUNT


@pytest.mark.parametrize("excel", [False, True])
def test_exported_csv_is_valid_with_and_without_a_byte_order_mark(excel: bool, tmp_path: Path) -> None:
    eaps.export.write("csv", tmp_path / "tables", excel=excel)
    assert problems_in(tmp_path / "tables") == []


@pytest.mark.parametrize("format_", ["tables", "csv", "datapackage", "jsonl"])
def test_other_files_of_the_folder_are_checked_separately(format_: Name, tmp_path: Path) -> None:
    folder = export(format_, tmp_path)
    (folder / "more.json").write_text('[{"id": "A", "name": "A"}]', encoding="utf-8")
    (folder / "deeper").mkdir()
    (folder / "deeper" / "partners.csv").write_text("id,name\nb,B\n", encoding="utf-8")
    (folder / "notes.txt").write_text("nothing to check", encoding="utf-8")
    found = [Path(name).relative_to(tmp_path) for name, _ in inputs_in(folder)]
    assert found == [Path(folder.name), Path(folder.name, "more.json"), Path(folder.name, "deeper", "partners.csv")]
    (problem,) = problems_in(folder)
    assert (problem.rule, problem.file) == ("value", str(folder / "more.json"))


def test_a_folder_that_holds_a_dataset_deeper_down_has_it_as_one_input(tmp_path: Path) -> None:
    first, second = export("csv", tmp_path), export("jsonl", tmp_path)
    assert inputs_in(tmp_path) == [(str(first), "csv"), (str(second), "jsonl")]


def test_a_dataset_in_two_formats_is_checked_in_each(tmp_path: Path) -> None:
    folder = export("csv", tmp_path)
    for file in export("jsonl", tmp_path).iterdir():
        shutil.copy(file, folder)
    assert inputs_in(folder) == [(str(folder), "csv"), (str(folder), "jsonl")]
    replace(folder / "programs.jsonl", b'"municipality": "winthrop"', b'"municipality": "wintrop"')
    (problem,) = problems_in(folder)
    assert problem.file == str(folder / "programs.jsonl")


def test_single_tables_are_separate_inputs(tmp_path: Path) -> None:
    folder, whole = tmp_path / "some", export("csv", tmp_path)
    folder.mkdir()
    names = ["partners.csv", "programs.csv", "programs_goals.csv"]
    for name in names:
        shutil.copy(whole / name, folder)
    assert inputs_in(folder) == [(str(folder / name), "csv") for name in names]
    assert problems_in(folder) == []  # what the programs refer to may be elsewhere
    (problem,) = problems_in(folder, type_="dataset")[:1]
    assert "holds one table" in problem.message


def test_a_table_as_type_reads_each_file_by_itself(tmp_path: Path) -> None:
    folder = export("jsonl", tmp_path)
    assert len(inputs_in(folder, type_="programs")) == len(MEMBERS)
    assert problems_in(folder / "programs.jsonl", type_="programs") == []


def test_a_given_format_reads_each_file_by_itself(tmp_path: Path) -> None:
    folder = export("jsonl", tmp_path)
    replace(folder / "programs.jsonl", b'"municipality": "winthrop"', b'"municipality": "wintrop"')
    assert [problem.rule for problem in problems_in(folder)] == ["dangling-reference"]
    assert problems_in(folder, format_="jsonl") == []


BREAKS: dict[str, Callable[[Path], Any]] = {
    "csv": lambda path: replace(path / "programs.csv", b",winthrop,", b",wintrhop,"),
    "datapackage": lambda path: replace(path / "programs.csv", b",winthrop,", b",wintrhop,"),
    "jsonl": lambda path: replace(
        path / "programs.jsonl", b'"municipality": "winthrop"', b'"municipality": "wintrhop"'
    ),
    "tables": lambda path: replace(
        path / "programs.json", b'"municipality": "winthrop"', b'"municipality": "wintrhop"'
    ),
    "json": lambda path: replace(path, b'"municipality": "winthrop"', b'"municipality": "wintrhop"'),
}


def break_parquet(path: Path) -> None:
    pa: Any = pytest.importorskip("pyarrow", reason="it edits Parquet")
    parquet: Any = pytest.importorskip("pyarrow.parquet", reason="it edits Parquet")
    file = path / "programs.parquet"
    held = parquet.ParquetFile(file).read()
    column = held.schema.get_field_index("municipality")
    values = pa.array(["wintrhop", *held.column(column).to_pylist()[1:]])
    parquet.write_table(held.set_column(column, "municipality", values), file)


def break_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE programs SET municipality = 'wintrhop' WHERE municipality = 'winthrop'")
        database.commit()


def break_xlsx(path: Path) -> None:
    openpyxl: Any = pytest.importorskip("openpyxl", reason="it edits a workbook")
    book = openpyxl.load_workbook(path)
    (header, first, *_) = book["programs"].iter_rows()
    first[[cell.value for cell in header].index("municipality")].value = "wintrhop"
    book.save(path)


BREAKS.update(parquet=break_parquet, sqlite=break_sqlite, xlsx=break_xlsx)


@pytest.mark.parametrize("format_", BREAKS)
def test_one_broken_reference_is_one_problem_and_exit_1(format_: Name, run: Runner, tmp_path: Path) -> None:
    path = export(format_, tmp_path)
    assert run("validate", str(path)).code == 0
    BREAKS[format_](path)
    (problem,) = problems_in(path)
    assert (problem.rule, problem.field) == ("dangling-reference", "municipality")
    assert problem.record == "programs/winthrop-public-health-and-safety-team"
    assert problem.line
    assert problem.file
    assert problem.file.startswith(str(path))
    code, out, _ = run("validate", str(path))
    assert code == 1
    assert out.count("""unknown municipality id "wintrhop" (did you mean 'winthrop'?)""") == 1


# One table in a format of datasets


def export_programs(format_: LosslessName, folder: Path) -> Path:
    pytest.importorskip(LIBRARIES.get(format_, "json"), reason="the format needs it")
    path = folder / (format_ if format_ == "datapackage" else f"one.{format_}")
    eaps.export.write(format_, path, eaps.programs)
    return path


@pytest.mark.parametrize("format_", ["xlsx", "sqlite", "datapackage"])
def test_one_table_is_checked_as_its_records(format_: LosslessName, tmp_path: Path) -> None:
    path = export_programs(format_, tmp_path)
    assert [step for step in check([str(path)]) if not isinstance(step, Input)] == [Count(14, "programs")]
    assert problems_in(path, type_="programs") == []
    whole = ("missing-table", "it has only the table programs; a dataset needs all tables", str(path))
    assert [(each.rule, each.message, each.file) for each in problems_in(path, type_="dataset")] == [whole]
    with pytest.raises(eaps.InvalidDataError, match="it has only the table programs; a dataset needs all tables"):
        eaps.Dataset.from_path(path)


def test_problems_of_one_table_have_their_location(tmp_path: Path) -> None:
    path = export_programs("sqlite", tmp_path)
    with closing(sqlite3.connect(path)) as database:
        database.executescript("UPDATE programs SET acronym = ' ' WHERE rowid = 2; DROP TABLE programs_needs")
    missing, invalid = problems_in(path)
    assert str(missing) == f"{path}: the table programs_needs is missing"
    assert (invalid.file, invalid.line, invalid.record) == (f"{path}[programs]", 2, f"programs/{eaps.programs[1].id}")


# Folders that cannot be read as they are


@pytest.mark.parametrize(
    ("format_", "name", "line"),
    [
        ("csv", "programs.csv", 2),
        ("csv", "programs_goals.csv", 2),
        ("jsonl", "programs.jsonl", 1),
        ("tables", "programs.json", 4),
    ],
)
def test_bytes_that_are_not_utf8_are_one_problem_of_the_folder(
    format_: Name, name: str, line: int, tmp_path: Path
) -> None:
    folder = export(format_, tmp_path)
    phrase = b"Winthrop" if name.startswith("programs.") else b"diversion"
    replace(folder / name, phrase, b"\xff" + phrase)
    problem, *others = problems_in(folder)
    assert (problem.rule, problem.file, problem.line) == ("encoding", str(folder / name), line)
    assert problem.column
    assert "byte 0xff" in problem.message
    assert others == []


def test_text_that_is_not_csv_is_one_problem_of_the_folder(tmp_path: Path) -> None:
    folder = export("csv", tmp_path)
    replace(folder / "programs.csv", b",Winthrop", b',"Win"throp')
    (problem,) = problems_in(folder)
    assert (problem.rule, problem.file, problem.line) == ("csv", str(folder / "programs.csv"), 2)
    assert problem.message.startswith("this is not CSV: ")


def test_an_empty_file_is_a_problem_of_the_folder(tmp_path: Path) -> None:
    folder = export("csv", tmp_path)
    (folder / "partners.csv").write_bytes(b"")
    assert ("csv", "the file is empty") in {(problem.rule, problem.message) for problem in problems_in(folder)}


def test_a_wrong_id_is_reported_instead_of_the_items_of_its_lists(tmp_path: Path) -> None:
    folder = export("csv", tmp_path)
    replace(
        folder / "programs.csv",
        b"\nwinthrop-public-health-and-safety-team,",
        b"\nwinthrop-public-health-and-safety-team ,",
    )
    (problem,) = problems_in(folder)
    assert (problem.rule, problem.file, problem.line, problem.column) == ("value", str(folder / "programs.csv"), 2, 1)


def test_a_wrong_id_in_a_list_is_reported_there(tmp_path: Path) -> None:
    folder = export("csv", tmp_path)
    replace(folder / "programs_needs.csv", b"\nrevere-bhu,1,", b"\nRevere-BHU,1,")
    (problem, *_) = problems_in(folder)
    assert (problem.rule, problem.file) == ("list-item", str(folder / "programs_needs.csv"))
    assert "unknown program id \"Revere-BHU\" (did you mean 'revere-bhu'?)" in problem.message


@pytest.mark.parametrize("format_", ["tables", "csv", "jsonl", "parquet"])
def test_a_missing_table_is_a_problem_of_the_folder(format_: Name, tmp_path: Path) -> None:
    folder = export(format_, tmp_path)
    next(folder.glob("partners.*")).unlink()
    found = {(problem.rule, problem.file) for problem in problems_in(folder)}
    assert ("missing-table", str(folder)) in found


def test_a_descriptor_of_another_data_package_is_reported_as_such(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": []}), encoding="utf-8")
    (tmp_path / "roads.csv").write_text("name,length\na,1\n", encoding="utf-8")
    assert "missing-table" in {problem.rule for problem in problems_in(tmp_path)}


# Folders with more than data


VALID = '{"id": "a", "name": "A"}'


def names_and_problems(*names: str, exclude: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    """Return the inputs that were checked, and the problems as text."""
    steps = list(check(names, exclude=exclude))
    return [step.name for step in steps if isinstance(step, Input)], [
        str(step) for step in steps if isinstance(step, Problem)
    ]


def test_hidden_files_and_folders_and_those_of_tools_are_left_out(tmp_path: Path) -> None:
    for folder in (".git", "node_modules/deep", "env/lib", "kept"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "bad.json").write_text("{", encoding="utf-8")
    (tmp_path / "env" / "pyvenv.cfg").touch()
    for name in (".hidden.json", "._partners.csv", "~$programs.xlsx"):
        (tmp_path / name).write_text("{", encoding="utf-8")
    checked, problems = names_and_problems(str(tmp_path))
    assert checked == [str(tmp_path / "kept" / "bad.json")]
    assert len(problems) == 1


def test_excluded_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for name in ("a.json", "drafts/b.json", "drafts/deep/c.json", "kept/a.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(VALID, encoding="utf-8")
    found = {
        (): {"a.json", "drafts/b.json", "drafts/deep/c.json", "kept/a.json"},
        ("drafts",): {"a.json", "kept/a.json"},
        ("drafts/",): {"a.json", "kept/a.json"},
        ("a.json",): {"drafts/b.json", "drafts/deep/c.json"},
        ("kept/*", "[bc].json"): {"a.json"},
    }
    for exclude, expected in found.items():
        checked, _ = names_and_problems(str(tmp_path), exclude=exclude)
        assert {Path(name).relative_to(tmp_path).as_posix() for name in checked} == expected
    assert names_and_problems(str(tmp_path / "a.json"), exclude=("a.json",))[0]  # a file that is named is checked


def test_an_excluded_table_is_still_a_part_of_its_dataset(tmp_path: Path) -> None:
    folder = export("csv", tmp_path)
    replace(folder / "programs.csv", b",expanding,", b",expnding,")
    checked, problems = names_and_problems(str(folder), exclude=("programs.csv",))
    assert checked == [str(folder)]
    assert problems
    assert names_and_problems(str(tmp_path), exclude=(folder.name,))[0] == []


def test_broken_and_looping_links_and_links_to_folders_are_reported(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(VALID, encoding="utf-8")
    (tmp_path / "gone.json").symlink_to(tmp_path / "nothing")
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    (tmp_path / "elsewhere").symlink_to(tmp_path.parent, target_is_directory=True)
    (tmp_path / "notes.txt").symlink_to(tmp_path / "nothing")  # of no known format
    result = run("validate", str(tmp_path))
    assert result.code == 2
    for name in ("gone.json", "loop.json", "elsewhere"):
        assert str(tmp_path / name) in result.out + result.err
    assert "notes.txt" not in result.out + result.err
    assert "1 record checked" in result.out


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that cannot be listed, even by an administrator."""
    folder, scan = tmp_path / "closed", os.scandir
    folder.mkdir()

    def denied(path: str) -> Any:
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", denied)
    return folder


def test_a_folder_that_cannot_be_listed_is_reported_and_the_rest_is_checked(tmp_path: Path, closed: Path) -> None:
    (tmp_path / "open.json").write_text(VALID, encoding="utf-8")
    checked, problems = names_and_problems(str(tmp_path))
    assert checked == [str(tmp_path / "open.json")]
    assert problems == [f"{closed}: cannot be opened: Permission denied"]


@pytest.mark.parametrize(
    ("name", "reason"), [("", "the name is empty"), ("a" * 300 + ".json", "File name too long")], ids=["empty", "long"]
)
def test_a_bad_name_is_one_problem_of_a_complete_report(name: str, reason: str, tmp_path: Path) -> None:
    good = tmp_path / "a.json"
    good.write_text(VALID, encoding="utf-8")
    checked, problems = names_and_problems(str(good), name, str(good))
    assert checked == [str(good)] * 2
    assert len(problems) == 1
    assert reason in problems[0]


def test_standard_input_is_read_once() -> None:
    done = process("validate", "-", "-", data=VALID.encode())
    assert done.returncode == 2
    assert b"standard input can be read only once" in done.stdout + done.stderr
    assert b"1 record checked" in done.stdout


def test_a_suffix_in_capitals_is_recognized(tmp_path: Path) -> None:
    (tmp_path / "A.JSON").write_text(VALID, encoding="utf-8")
    assert names_and_problems(str(tmp_path)) == ([str(tmp_path / "A.JSON")], [])


def test_a_folder_with_nothing_but_a_closed_one_has_one_problem(tmp_path: Path, closed: Path) -> None:
    assert names_and_problems(str(tmp_path)) == ([], [f"{closed}: cannot be opened: Permission denied"])


def test_a_descriptor_is_not_data(run: Runner, tmp_path: Path) -> None:
    folder = tmp_path / "package"
    eaps.export.write("datapackage", folder)
    descriptor = folder / "datapackage.json"
    assert run("validate", str(folder)).out.endswith("checked: valid (a dataset: references checked)\n")
    assert run("validate", str(descriptor)).out.endswith("checked: valid (a dataset: references checked)\n")
    assert run("validate", str(folder / "*.json")).out.endswith("checked: valid (a dataset: references checked)\n")
    (folder / "release.csv").unlink()
    assert "the table release is missing" in run("validate", str(folder)).out
    for path in folder.glob("*.csv"):
        path.unlink()
    (folder / "partners.json").write_text('[{"id": "a", "name": "A"}]', encoding="utf-8")
    assert run("validate", str(folder)).out.startswith("1 file, 1 record checked: valid")


def test_a_run_of_empty_lines_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "partners.jsonl"
    line = b'{"id": "a", "name": "A"}\n'
    path.write_bytes(b"\n \n" + line + b"\n" + line + b"\n\n\t\r\n")
    found = [(step.line, step.message) for step in check([str(path)]) if isinstance(step, Problem)]
    assert found == [
        (1, "2 lines from here on are empty; JSON Lines has a record on each line"),
        (4, "the line is empty; JSON Lines has a record on each line"),
        (5, 'the id "a" is used already; change or remove it'),
        (6, "3 lines from here on are empty; JSON Lines has a record on each line"),
    ]


def test_a_small_compressed_file_does_not_make_a_large_report(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "partners.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n" * 2_000_000))
    printed = run("validate", str(path))
    assert printed.code == 1
    assert len(printed.out) < path.stat().st_size * 10


def test_a_gzipped_file_names_its_table(tmp_path: Path) -> None:
    text = b"id,name,municipality\na,A,revere\n"  # of programs or partners
    (tmp_path / "partners.csv").write_bytes(text)
    (tmp_path / "partners.csv.GZ").write_bytes(gzip.compress(text))
    assert names_and_problems(str(tmp_path))[1] == []


def test_a_suffix_in_capitals_is_known(tmp_path: Path) -> None:
    text = b'[{"id": "a", "name": "A"}]'
    (tmp_path / "A.JSON").write_bytes(text)
    (tmp_path / "B.Json.GZ").write_bytes(gzip.compress(text))
    assert count_records(tmp_path) == count_records(*tmp_path.iterdir()) == 2
    assert [step for step in check([str(tmp_path)]) if isinstance(step, Problem)] == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has other links")
def test_no_match_of_a_glob_is_left_out(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"id": "a", "name": "A"}]', encoding="utf-8")
    (tmp_path / "b.json").symlink_to(tmp_path / "missing")
    (tmp_path / "b.txt").write_text("", encoding="utf-8")
    (tmp_path / "c.json").write_text('[{"id": "c", "name": "C"}]', encoding="utf-8")
    os.mkfifo(tmp_path / "d.json")
    code, out, _ = run("validate", f"{tmp_path}/*")
    assert code == 2
    assert f"{tmp_path / 'd.json'}: it is not a regular file; fix it" in out
    assert f"{tmp_path / 'b.json'}: it is a broken link; fix it" in out
    assert f"{tmp_path / 'b.txt'}: its name does not end in .json" in out
    assert "2 files, 2 records checked: 3 files unreadable" in out


@pytest.mark.skipif(os.name == "nt", reason="Windows has other links")
def test_a_link_that_may_have_led_to_a_folder_is_reported(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"id": "a", "name": "A"}]', encoding="utf-8")
    (tmp_path / "more").symlink_to(tmp_path / "missing")
    (tmp_path / "loop").symlink_to("loop")
    code, out, _ = run("validate", str(tmp_path))
    assert code == 2
    for name in ("loop", "more"):
        assert f"{tmp_path / name}: it is a broken link; fix it" in out
