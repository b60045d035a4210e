"""Formats are recognized by the names of files; what is no dataset is refused with the reason."""

import os
import sys
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data.errors import InvalidDataError, MissingExtraError, UnknownTermError
from eaps_data.export import LosslessName
from eaps_data.formats.registry import LOSSLESS
from eaps_data.validation import validate_file
from eaps_data.validation.folder import check_folder


def reason(path: Path, format_: LosslessName | None = None) -> str:
    with pytest.raises(InvalidDataError) as caught:
        eaps.Dataset.from_path(path, format_)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.file) == ("shape", str(path))
    return problem.message


def test_a_missing_path_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match="no such file or folder"):
        eaps.Dataset.from_path("no/such/folder")


def test_a_path_of_no_known_format_is_refused(tmp_path: Path) -> None:
    assert reason(tmp_path) == (
        "the folder holds no tables; keep the tables in files that end in one of .csv, .json, .jsonl, .parquet"
    )
    (tmp_path / "partners.csv").touch()
    (tmp_path / "partners.jsonl").touch()
    assert reason(tmp_path).startswith("the folder holds files in several formats (csv, jsonl); ")
    (tmp_path / "notes.txt").touch()
    assert reason(tmp_path / "notes.txt") == (
        "unknown format; the file's name must end in one of .json, .sqlite, .xlsx"
    )


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "partners.csv").touch()
    assert reason(tmp_path / "partners.csv", "csv") == (
        "csv is read from a folder with a file per table, but this is a file"
    )
    assert reason(tmp_path, "sqlite") == "sqlite is read from a file, but this is a folder"


@pytest.mark.parametrize("name", ["jsnl", "geojson", "html"])
def test_only_lossless_formats_are_read(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownTermError, match=f"'{name}'.*{', '.join(LOSSLESS)}"):
        eaps.Dataset.from_path(tmp_path, name)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize(
    ("file", "library", "extra"),
    [("partners.parquet", "pyarrow", "arrow"), ("eaps.xlsx", "python_calamine", "xlsx")],
)
def test_reading_without_the_library_names_the_extra(
    file: str, library: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / file).touch()
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=rf"\(extra '{extra}'\); install it with"):
        eaps.Dataset.from_path(tmp_path if extra == "arrow" else tmp_path / file)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
@pytest.mark.parametrize("name", [name for name, each in LOSSLESS.items() if each.folder])
def test_a_pipe_among_the_tables_is_refused_without_reading_it(name: LosslessName, tmp_path: Path) -> None:
    if name == "parquet":
        pytest.importorskip("pyarrow")
    eaps.export.write(name, tmp_path / "out")
    pipe = next((tmp_path / "out").glob("programs.*"))
    pipe.unlink()
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="it is a pipe or a device, not a file") as caught:
        eaps.Dataset.from_path(tmp_path / "out")
    assert caught.value.filename == str(pipe)
    (problem,) = validate_file(tmp_path / "out")
    assert problem.message == f"cannot be read: {pipe}: it is a pipe or a device, not a file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_among_the_tables_of_a_curator_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "programs.json")
    problems = [problem for problem in check_folder(tmp_path) if problem.rule == "unreadable"]
    assert [(problem.file, problem.message) for problem in problems] == [
        (str(tmp_path / "programs.json"), "cannot be read: it is a pipe or a device, not a file")
    ]
