"""A Data Package describes its tables so well that frictionless finds what is wrong in them."""

import csv
import json
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft7Validator

import eaps_data as eaps
from eaps_data.formats import csv as csv_format
from eaps_data.formats.columns import relations, tables
from eaps_data.models.records import DatasetDocument
from support.strategies import documents


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    eaps.export.write("datapackage", tmp_path / "out")
    return tmp_path / "out"


def descriptor(folder: Path) -> Any:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def errors(folder: Path) -> list[tuple[str, str]]:
    """The table and the type of each error that frictionless finds."""
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    found = [("", error.type) for error in report.errors]
    found += [(task.name, error.type) for task in report.tasks for error in task.errors]
    assert report.valid is not bool(found)
    return found


def edit(path: Path, change: Callable[[list[list[str]]], None]) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def cell(row: int, column: str, value: str) -> Callable[[list[list[str]]], None]:
    def change(rows: list[list[str]]) -> None:
        rows[row][rows[0].index(column)] = value

    return change


def test_the_packaged_data_is_valid(folder: Path) -> None:
    assert errors(folder) == []


@settings(max_examples=settings().max_examples // 6)
@given(document=documents())
def test_any_dataset_gives_a_valid_package(document: DatasetDocument) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name, "out")
        eaps.export.write("datapackage", folder, eaps.Dataset(document))
        assert errors(folder) == []


def test_the_descriptor_conforms_to_the_profile(folder: Path) -> None:
    check_datapackage = pytest.importorskip("check_datapackage", reason="it needs Python 3.12")
    profile = files(check_datapackage).joinpath("schemas", "data-package-2-0.json").read_text(encoding="utf-8")
    Draft7Validator(json.loads(profile)).validate(descriptor(folder))


@pytest.mark.parametrize(
    ("table", "change", "error"),
    [
        ("programs", cell(1, "municipality", "amhurst"), "foreign-key"),
        ("programs", cell(12, "part_of", "nothing"), "foreign-key"),
        ("programs_needs", cell(1, "program", "nothing"), "foreign-key"),
        ("partnerships", cell(1, "partner", "nobody"), "foreign-key"),
        ("partners", lambda rows: rows.append(rows[1]), "primary-key"),
        ("partnerships", lambda rows: rows.append(rows[1]), "primary-key"),
        ("programs", cell(1, "status", "expanding soon"), "constraint-error"),
        ("programs_needs", cell(1, "need", "nothing"), "constraint-error"),
        ("municipalities", cell(1, "ansi_code", "618335"), "constraint-error"),
        ("municipalities", cell(1, "name", ""), "constraint-error"),
        ("municipalities", cell(1, "latitude", "90.5"), "constraint-error"),
        ("programs", cell(1, "started_year", "then"), "type-error"),
        ("release", cell(1, "as_of", "23 November 2026"), "type-error"),
    ],
)
def test_the_validator_finds_each_error(
    table: str, change: Callable[[list[list[str]]], None], error: str, folder: Path
) -> None:
    edit(folder / f"{table}.csv", change)
    assert (table, error) in errors(folder)


def test_the_tables_equal_the_csv_export(folder: Path, tmp_path: Path) -> None:
    eaps.export.write("csv", tmp_path / "csv")
    ours = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".csv"}
    assert ours == {path.name: path.read_bytes() for path in (tmp_path / "csv").iterdir()}
    assert {resource["path"] for resource in descriptor(folder)["resources"]} == csv_format.file_names()


def test_a_folder_is_read_with_and_without_its_descriptor(folder: Path) -> None:
    assert eaps.Dataset.from_path(folder) == eaps.load()
    (folder / "datapackage.json").unlink()
    assert eaps.Dataset.from_path(folder) == eaps.load()


def test_each_column_has_its_description_and_constraints(folder: Path) -> None:
    fields = {
        (resource["name"], field["name"]): field
        for resource in descriptor(folder)["resources"]
        for field in resource["schema"]["fields"]
    }
    for table in tables():
        for part in relations(table.name):
            for column in part.columns:
                field = fields.pop((part.name, column.name))
                assert field.get("description", "") == column.description
                constraints = field.get("constraints", {})
                assert constraints.get("required", False) is column.required
                assert constraints.get("enum", []) == list(column.terms)
                for bound in ("minimum", "maximum"):
                    assert constraints.get(bound) == column.schema.get(bound)
    assert not fields


def test_patterns_are_valid_in_xml_schema(folder: Path) -> None:
    """They have neither anchors nor character codes, and every alternative is within brackets."""
    patterns = [
        field["constraints"]["pattern"]
        for resource in descriptor(folder)["resources"]
        for field in resource["schema"]["fields"]
        if "pattern" in field.get("constraints", {})
    ]
    assert patterns
    for pattern in patterns:
        assert not re.search(r"\\|(?<!\[)\^|\$|\(\?", pattern)
        outside = re.sub(r"\[[^]]*]", "", pattern)
        while (inner := re.sub(r"\([^()]*\)", "", outside)) != outside:
            outside = inner
        assert "|" not in outside


def test_only_the_packaged_data_has_a_license_and_contributors(folder: Path, tmp_path: Path) -> None:
    ours = descriptor(folder)
    assert [licence["name"] for licence in ours["licenses"]] == ["CC-BY-4.0"]
    assert ours["version"] == eaps.release.data_version
    document = json.loads(eaps.load().to_json())
    document["release"]["data_version"] = "9.0.0"
    eaps.export.write("datapackage", tmp_path / "other", eaps.Dataset.from_json(json.dumps(document)))
    theirs = descriptor(tmp_path / "other")
    assert theirs["version"] == "9.0.0"
    assert theirs["id"] != ours["id"]
    assert not {"licenses", "contributors", "created"} & theirs.keys()
