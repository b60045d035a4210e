"""The TypeScript types match their golden file, describe the packaged data, and reject misuse."""

from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data import cli
from eaps_data.models.table_specs import SCHEMA_VERSION
from eaps_data.schemas import published
from eaps_data.schemas.typescript import typescript
from support.javascript import compile_strictly, project

HERE = Path(__file__).parents[1]
GOLDEN = HERE / "golden" / "types.ts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a project with the types."""
    project(tmp_path, "typescript")
    (tmp_path / "eaps-data.ts").write_text(typescript(), encoding="utf-8")
    return tmp_path


def test_the_types_match_the_golden_file(update_golden: bool) -> None:
    if update_golden:
        GOLDEN.write_text(typescript(), encoding="utf-8")
    assert typescript() == GOLDEN.read_text(encoding="utf-8"), "update it with: pytest --update-golden"


@pytest.mark.parametrize("arguments", [(), ("Program",), ("report",)])
def test_the_command_prints_the_types(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(("schema", *arguments, "--typescript")) == 0
    assert capsys.readouterr().out == typescript(*arguments)


def test_an_unknown_schema_is_an_error() -> None:
    with pytest.raises(eaps.UnknownTermError, match="did you mean 'program'"):
        typescript("Programm")


def test_a_published_version_can_be_selected() -> None:
    assert "schema:program:1.0.0" in typescript("Program", "1.0.0")
    assert f"schema:program:{SCHEMA_VERSION}" in typescript("Program", SCHEMA_VERSION) == typescript("Program")


def test_a_description_cannot_close_its_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    edited = {**eaps.json_schema("Partnership"), "description": "Up to here */ and on."}
    monkeypatch.setattr("eaps_data.schemas.typescript.schema_named", lambda *_: edited)
    assert r"/** Up to here *\/ and on. */" in typescript("Partnership")


@pytest.mark.node
@pytest.mark.slow
def test_the_packaged_data_has_these_types(folder: Path) -> None:
    head = 'import type { DatasetDocument } from "./eaps-data.js";\nexport const data: DatasetDocument = '
    (folder / "data.ts").write_text(head + eaps.load().to_json(), encoding="utf-8")
    assert compile_strictly(folder, "data.ts") == ""


@pytest.mark.node
@pytest.mark.slow
def test_misuse_does_not_compile(folder: Path) -> None:
    (folder / "uses.ts").write_text((HERE / "node" / "uses.ts").read_text(encoding="utf-8"), encoding="utf-8")
    assert compile_strictly(folder, "uses.ts") == ""


@pytest.mark.node
@pytest.mark.slow
def test_the_types_of_each_schema_compile(folder: Path) -> None:
    for name in (*published.TITLES, *published.ARRAYS):
        (folder / f"{name}.ts").write_text(typescript(name), encoding="utf-8")
    assert compile_strictly(folder, *(f"{name}.ts" for name in (*published.TITLES, *published.ARRAYS))) == ""
