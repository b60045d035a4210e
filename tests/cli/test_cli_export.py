"""The commands export, plot and schema."""

import json
import os
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data._internal import resources
from eaps_data.export import LosslessName
from eaps_data.models.table_specs import TABLES, TableName
from eaps_data.schemas.published import ARRAYS, TITLES
from eaps_data.schemas.typescript import typescript
from support.commands import Runner


@pytest.mark.parametrize("name", ["json", "csv", "sqlite"])
def test_export_writes_the_packaged_data(name: LosslessName, run: Runner, tmp_path: Path) -> None:
    path = tmp_path / f"eaps.{name}"
    assert run("export", name, str(path)) == (0, "", f"{path}: the dataset as {name}\n")
    assert eaps.Dataset.from_path(path, name) == eaps.load()


def test_export_replaces_a_file_only_with_force(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "eaps.json"
    path.write_text("precious", encoding="utf-8")
    refused = run("export", "json", str(path))
    assert (refused.code, path.read_text(encoding="utf-8")) == (2, "precious")
    assert f"eaps-data: {path}: already exists" in refused.err
    assert run("export", "json", str(path), "--force").code == 0
    assert eaps.Dataset.from_file(path) == eaps.load()


def test_export_does_not_write_to_standard_output(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run("export", "json", "-")
    assert (code, out) == (2, "")
    assert "-: export writes a file or a folder, not standard output; give its name" in err
    assert not [*tmp_path.iterdir()]


def test_export_from_writes_the_users_dataset(run: Runner, tmp_path: Path) -> None:
    document = json.loads(eaps.load().to_json())
    document["programs"][0]["summary"] = "Another summary."
    own = tmp_path / "own.json"
    own.write_text(json.dumps(document), encoding="utf-8")
    assert run("export", "jsonl", str(tmp_path / "lines"), "--from", str(own)).code == 0
    assert eaps.Dataset.from_path(tmp_path / "lines") == eaps.Dataset.from_file(own)
    own.write_text(json.dumps({**document, "partners": []}), encoding="utf-8")
    invalid = run("export", "jsonl", str(tmp_path / "more"), "--from", str(own))
    assert (invalid.code, (tmp_path / "more").exists()) == (1, False)
    assert f"{own}:1:" in invalid.err
    missing = run("export", "jsonl", str(tmp_path / "more"), "--from", str(tmp_path / "owm.json"))
    assert missing.code == 2
    assert "no such file (did you mean" in missing.err


def test_excel_is_an_option_of_csv(run: Runner, tmp_path: Path) -> None:
    assert run("export", "csv", str(tmp_path / "csv"), "--excel").code == 0
    assert (tmp_path / "csv" / "programs.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert run("export", "json", str(tmp_path / "a.json"), "--excel").code == 2
    assert not (tmp_path / "a.json").exists()


def test_export_writes_one_table_for_spreadsheets_with_a_semicolon(run: Runner, tmp_path: Path) -> None:
    file = tmp_path / "programs.csv"
    options = ("--table", "programs", "--delimiter", ";", "--excel")
    assert run("export", "csv", str(file), *options) == (0, "", f"{file}: programs as csv\n")
    assert file.read_bytes().startswith(b"\xef\xbb\xbfid;name;")
    assert run("validate", str(file)).code == 0
    file.write_text(file.read_text(encoding="utf-8-sig").replace(";unit;", ";unti;"), encoding="utf-8")
    assert f"{file}:" in run("validate", str(file)).out
    assert "did you mean 'unit'" in run("validate", str(file)).out
    whole = tmp_path / "whole"
    assert run("export", "csv", str(whole), "--delimiter", "tab").code == 0
    assert eaps.Dataset.from_path(whole) == eaps.load()
    refused = run("export", "json", str(tmp_path / "a.json"), "--delimiter", ";")
    assert (refused.code, refused.err) == (2, "eaps-data: --delimiter is an option of csv only; leave it out\n")
    html = run("export", "html", str(tmp_path / "a.html"), "--table", "programs")
    assert (html.code, (tmp_path / "a.html").exists()) == (2, False)
    assert "html holds whole datasets only, not programs; use one of: csv, datapackage, json," in html.err


def test_schema_prints_the_published_bytes(run: Runner) -> None:
    assert run("schema").out.encode() == resources.schema("dataset")
    assert run("schema", "Program").out.encode() == resources.schema("program")


@pytest.mark.parametrize("table", TABLES)
def test_schema_prints_the_schema_of_a_file_of_each_table(table: TableName, run: Runner) -> None:
    assert json.loads(run("schema", table).out) == eaps.json_schema(table)


def test_schema_writes_all_schemas_to_a_folder(run: Runner, tmp_path: Path) -> None:
    assert run("schema", "--output", f"{tmp_path}/new/schemas/") == (0, "", "")
    names = {path.name for path in Path(tmp_path, "new", "schemas").iterdir()}
    assert names == {f"{name}.schema.json" for name in (*TITLES, *ARRAYS)}
    assert (tmp_path / "new" / "schemas" / "program.schema.json").read_bytes() == resources.schema("program")
    assert run("schema", "Evidence", "--output", str(tmp_path)) == (0, "", "")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["evidence-row.schema.json"]
    refused = run("schema", "--typescript", "--output", str(tmp_path))
    assert (refused.code, refused.err) == (
        2,
        f"eaps-data: {tmp_path}: TypeScript types are one file; --output must name a file\n",
    )


def test_a_schema_that_cannot_be_written_leaves_the_old_file(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "program.schema.json"
    path.write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    for destination in (str(path), f"{tmp_path}/"):
        refused = run("schema", "Program", "--output", destination)
        assert refused == (2, "", f"eaps-data: {path}: cannot be written: No space left on device\n")
        assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [(path.name, b"old")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
@pytest.mark.parametrize(
    "command",
    [
        ("export", "json", "--force", "FILE"),
        ("export", "csv", "--table", "programs", "--force", "FILE"),
        ("plot", "map", "--force", "FILE"),
        ("schema", "--output", "FILE"),
        ("list", "programs", "--json", "--output", "FILE"),
        ("validate", "FILE", "--output", "FILE"),
    ],
    ids=" ".join,
)
def test_no_command_replaces_a_device_or_a_pipe(command: tuple[str, ...], run: Runner, tmp_path: Path) -> None:
    """As root, a file renamed to `/dev/null` would replace it for the whole machine."""
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    refused = run(*(str(pipe) if part == "FILE" else part for part in command))
    message = f"eaps-data: {pipe}: this is a device or a pipe, not a file; choose another name\n"
    assert refused == (2, "", message)
    assert pipe.is_fifo()
    assert [*tmp_path.iterdir()] == [pipe]


def test_schema_writes_to_a_file(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "program.schema.json"
    for _ in range(2):  # like a shell's redirection, it replaces the file
        assert run("schema", "Program", "--output", str(path)) == (0, "", "")
        assert path.read_bytes() == resources.schema("program")
    assert run("schema", "--typescript", "--output", str(path)).code == 0
    assert path.read_text(encoding="utf-8") == typescript()
