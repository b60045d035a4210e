"""Exports are deterministic, lossless where promised, and all or nothing; nothing is overwritten by accident."""

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from hypothesis import given

import eaps_data as eaps
from eaps_data.errors import ExportError, MissingExtraError, UnknownTermError
from eaps_data.export import FORMATS, FormatName, LosslessName
from eaps_data.formats import registry
from eaps_data.models.records import DatasetDocument
from eaps_data.tables.base import Collection
from eaps_data.validation import validate_file
from support.strategies import documents

LOSSLESS: tuple[LosslessName, ...] = get_args(LosslessName)


def destination(folder: Path, name: FormatName) -> Path:
    if name == "parquet":
        pytest.importorskip("pyarrow")
    return folder / ("out" if FORMATS[name].folder else f"out{FORMATS[name].suffix}")


def content(path: Path) -> dict[str, bytes]:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {str(file.relative_to(path)): file.read_bytes() for file in files if file.is_file()}


def test_the_type_of_the_names_has_every_format() -> None:
    assert {*get_args(FormatName)} == {each.name for each in FORMATS.values()}
    assert [*LOSSLESS] == [*registry.LOSSLESS] == [name for name, each in FORMATS.items() if each.lossless]


@pytest.mark.parametrize("name", LOSSLESS)
@given(document=documents())
def test_a_dataset_survives_a_round_trip(name: FormatName, document: DatasetDocument) -> None:
    dataset = eaps.Dataset(document)
    with TemporaryDirectory() as folder:
        path = destination(Path(folder), name)
        eaps.export.write(name, path, dataset)
        assert eaps.Dataset.from_path(path).document == dataset.document


@pytest.mark.parametrize("name", FORMATS)
def test_equal_datasets_give_equal_bytes(name: FormatName, tmp_path: Path) -> None:
    made: list[dict[str, bytes]] = []
    for attempt in ("first", "second"):
        (tmp_path / attempt).mkdir()
        eaps.export.write(name, destination(tmp_path / attempt, name))
        made.append(content(destination(tmp_path / attempt, name)))
    assert made[0] == made[1]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_overwritten_without_force(name: FormatName, tmp_path: Path) -> None:
    path = destination(tmp_path, name)
    eaps.export.write(name, path)
    before = content(path)
    with pytest.raises(ExportError, match="already exists; choose another name, or replace it with --force"):
        eaps.export.write(name, path)
    assert content(path) == before
    eaps.export.write(name, path, force=True)
    assert content(path) == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if each.folder])
def test_a_folder_with_other_files_is_not_replaced(name: FormatName, tmp_path: Path) -> None:
    path = destination(tmp_path, name)
    eaps.export.write(name, path)
    (path / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(ExportError, match=r"the folder holds thesis\.docx, which no export has written; nothing"):
        eaps.export.write(name, path, force=True)
    assert (path / "thesis.docx").exists()


@pytest.mark.parametrize("name", FORMATS)
def test_a_failure_leaves_the_old_export_and_no_other_files(
    name: FormatName, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = destination(tmp_path, name)
    eaps.export.write(name, path)
    before = content(path)
    module = FORMATS[name].load()
    write: Callable[..., None] = module.write

    def write_and_fail(data: object, target: Path, **options: object) -> None:
        write(data, target, **options)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write", write_and_fail)
    with pytest.raises(ExportError, match="cannot be written: No space left on device"):
        eaps.export.write(name, path, force=True)
    assert content(path) == before
    with pytest.raises(ExportError):
        eaps.export.write(name, path.with_name("other"))
    assert list(tmp_path.iterdir()) == [path]


def test_a_destination_that_cannot_be_replaced_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = destination(tmp_path, "csv")
    eaps.export.write("csv", path)
    before = content(path)
    rename = Path.rename

    def rename_others(self: Path, target: Path) -> Path:
        if target == path and self.name == path.name:  # the old folder may come back
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr("eaps_data._internal.atomic_writes._exchange", lambda *_: False)
        patch.setattr(Path, "rename", rename_others)
        with pytest.raises(ExportError, match=r"out: cannot be written: Permission denied"):
            eaps.export.write("csv", path, force=True)
    assert content(path) == before


@pytest.mark.parametrize("name", FORMATS)
def test_an_impossible_destination_is_refused(name: FormatName, tmp_path: Path) -> None:
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
        eaps.export.write("jsnl", tmp_path / "out")  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize(("name", "library"), [("parquet", "pyarrow"), ("xlsx", "xlsxwriter")])
def test_writing_without_the_library_names_the_extra(
    name: FormatName, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(
        MissingExtraError, match=rf"\(extra '{'arrow' if name == 'parquet' else name}'\); install it with"
    ):
        eaps.export.write(name, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_csv_for_excel_begins_with_a_byte_order_mark(tmp_path: Path) -> None:
    eaps.export.write("csv", tmp_path / "out", excel=True)
    assert all(text.startswith(b"\xef\xbb\xbf") for text in content(tmp_path / "out").values())
    assert eaps.Dataset.from_path(tmp_path / "out") == eaps.load()
    with pytest.raises(TypeError, match="the format json has no option 'excel'; it has none"):
        eaps.export.write("json", tmp_path / "out.json", excel=True)
    with pytest.raises(TypeError, match="the format csv has no option 'sep'; its options are excel, delimiter"):
        eaps.export.write("csv", tmp_path / "new", sep=";")


def test_data_of_another_type_is_an_error_that_names_what_is_accepted(tmp_path: Path) -> None:
    for data in (eaps.programs.to_records(), eaps.programs[0], type("DataFrame", (), {})()):
        name = type(data).__name__
        message = rf"takes a Dataset or a collection such as eaps\.programs, not {name}; Dataset\.from_frames\(\)"
        with pytest.raises(TypeError, match=message):
            eaps.export.write("json", tmp_path / "out.json", data)  # type: ignore[arg-type]  # what is tested
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("name", LOSSLESS)
def test_read_recognizes_the_format(name: LosslessName, tmp_path: Path) -> None:
    path = destination(tmp_path, name)
    eaps.export.write(name, path)
    assert eaps.export.read(path) == eaps.export.read(path, name) == eaps.load()


PARTS = [
    eaps.programs.where(municipality="revere"),
    eaps.municipalities.where(county="Suffolk"),
    eaps.partners[:0],
    eaps.partnerships,
    eaps.sources[1:],
    eaps.evidence.where(basis="inferred"),
]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.table)
@pytest.mark.parametrize("name", LOSSLESS)
def test_a_part_of_a_table_can_be_exported(name: FormatName, part: Collection[Any], tmp_path: Path) -> None:
    path = destination(tmp_path, name)
    eaps.export.write(name, path, part)
    match name:
        case "json":
            assert json.loads(path.read_bytes()) == part.to_records()
            assert not validate_file(path, part.table)
        case "jsonl":
            assert [*map(json.loads, (path / f"{part.table}.jsonl").read_text(encoding="utf-8").splitlines())] == (
                part.to_records()
            )
        case "sqlite":
            with closing(sqlite3.connect(path)) as database:
                assert not [*database.execute("PRAGMA foreign_key_check")]
                (count,) = database.execute(f"SELECT count(*) FROM {part.table}").fetchone()  # noqa: S608 - our table
                assert count == len(part)
        case "xlsx":
            pandas = pytest.importorskip("pandas")
            pytest.importorskip("python_calamine")
            sheets = pandas.read_excel(path, sheet_name=None, engine="calamine")
            assert len(sheets[part.table]) == len(part)
            assert all(sheet.startswith(part.table) for sheet in sheets)
        case "datapackage":
            frictionless = pytest.importorskip("frictionless")
            package = frictionless.Package(str(path / "datapackage.json"))
            assert package.validate().valid
            assert len(package.get_resource(part.table).read_rows()) == len(part)
        case _:
            assert {file.stem.partition("_")[0] for file in path.iterdir()} == {part.table}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.table)
@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet"])
def test_a_table_is_one_file_if_the_destination_has_the_suffix(
    name: FormatName, part: Collection[Any], tmp_path: Path
) -> None:
    destination(tmp_path, name)  # skips if its library is missing
    file = tmp_path / f"mine{FORMATS[name].suffix}"
    eaps.export.write(name, file, part)
    assert not validate_file(file, part.table)
    with pytest.raises(ExportError, match="already exists"):
        eaps.export.write(name, file, part)
    eaps.export.write(name, file, part, force=True)


@pytest.mark.parametrize("name", ["hsds", "html", "jsonld"])
def test_a_format_of_whole_datasets_refuses_a_table(name: FormatName, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=f"{name} holds whole datasets only, not programs; use one of: csv, "):
        eaps.export.write(name, tmp_path / "x", eaps.programs)
    assert not [*tmp_path.iterdir()]


def test_geojson_holds_some_municipalities(tmp_path: Path) -> None:
    eaps.export.write("geojson", tmp_path / "a.geojson", eaps.municipalities.where(county="Suffolk"))
    features = json.loads((tmp_path / "a.geojson").read_bytes())["features"]
    assert [feature["id"] for feature in features] == ["winthrop", "revere"]
    assert features[1]["properties"]["programs"] == ["revere-bhu"]
    with pytest.raises(ExportError, match="geojson holds municipalities, not programs; use one of: csv, "):
        eaps.export.write("geojson", tmp_path / "b.geojson", eaps.programs)


def test_csv_has_three_delimiters(tmp_path: Path) -> None:
    for number, delimiter in enumerate((",", ";", "\t")):
        eaps.export.write("csv", tmp_path / str(number), delimiter=delimiter)
        assert eaps.Dataset.from_path(tmp_path / str(number)) == eaps.load()
    with pytest.raises(UnknownTermError, match="unknown delimiter value '#'; expected one of: "):
        eaps.export.write("csv", tmp_path / "other", delimiter="#")
