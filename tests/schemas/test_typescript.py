"""The TypeScript types: as published, true of the whole data, and of use to a compiler."""

from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data import cli
from eaps_data.schemas import published
from eaps_data.schemas.typescript import typescript
from support.javascript import compile_strictly, project

HERE = Path(__file__).parents[1]
GOLDEN = HERE / "golden" / "types.ts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with the types in it."""
    project(tmp_path, "typescript")
    (tmp_path / "eaps-data.ts").write_text(typescript(), encoding="utf-8")
    return tmp_path


def test_the_types_are_as_published(update_golden: bool) -> None:
    if update_golden:
        GOLDEN.write_text(typescript(), encoding="utf-8")
    assert typescript() == GOLDEN.read_text(encoding="utf-8"), "write it anew with: pytest --update-golden"


@pytest.mark.parametrize("arguments", [(), ("Program",), ("report",)])
def test_the_command_prints_them(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(("schema", *arguments, "--typescript")) == cli.OK
    assert capsys.readouterr().out == typescript(*arguments)


def test_an_unknown_schema_has_no_types() -> None:
    with pytest.raises(eaps.KeyNotFoundError, match='did you mean "program"'):
        typescript("Programm")


def test_a_published_version_has_types_of_its_own() -> None:
    assert typescript("Program", "1.0.0") == typescript("Program")


def test_a_description_cannot_end_its_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    edited = {**eaps.json_schema("Partnership"), "description": "Up to here */ and on."}
    monkeypatch.setattr("eaps_data.schemas.typescript.json_schema", lambda *_: edited)
    assert r"/** Up to here *\/ and on. */" in typescript("Partnership")


@pytest.mark.node
@pytest.mark.slow
def test_the_whole_dataset_is_of_these_types(folder: Path) -> None:
    head = 'import type { DatasetDocument } from "./eaps-data.js";\nexport const data: DatasetDocument = '
    (folder / "data.ts").write_text(head + eaps.load().to_json(), encoding="utf-8")
    assert compile_strictly(folder, "data.ts") == ""


@pytest.mark.node
@pytest.mark.slow
def test_misuses_do_not_compile(folder: Path) -> None:
    (folder / "uses.ts").write_text((HERE / "node" / "uses.ts").read_text(encoding="utf-8"), encoding="utf-8")
    assert compile_strictly(folder, "uses.ts") == ""


@pytest.mark.node
@pytest.mark.slow
def test_the_types_of_every_schema_compile(folder: Path) -> None:
    for name in published.TITLES:
        (folder / f"{name}.ts").write_text(typescript(name), encoding="utf-8")
    assert compile_strictly(folder, *(f"{name}.ts" for name in published.TITLES)) == ""
