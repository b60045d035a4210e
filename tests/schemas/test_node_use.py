"""The JavaScript and TypeScript snippets of `docs/schemas.md` run and compile."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

import eaps_data as eaps
from eaps_data import cli
from support.javascript import compile_strictly, node, project

pytestmark = [pytest.mark.node, pytest.mark.slow]

PAGE = (Path(__file__).parents[2] / "docs" / "schemas.md").read_text(encoding="utf-8")
SNIPPETS = dict(re.findall(r"```(?:js|ts)\n(?=// (\S+)\n)(.*?)```", PAGE, re.DOTALL))


def test_each_snippet_is_named() -> None:
    assert set(SNIPPETS) == {"check.mjs", "dataset.ts", "statuses.ts"}


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with the files that the page's commands write, and with its snippets."""
    project(tmp_path, "ajv", "ajv-formats", "typescript")
    monkeypatch.chdir(tmp_path)
    for command in re.findall(r"^eaps-data (.*)$", PAGE, re.MULTILINE):
        words, _, file = command.partition(" > ")
        assert cli.main(shlex.split(words)) == 0
        if file:
            (tmp_path / file).write_text(capsys.readouterr().out, encoding="utf-8")
    for name, snippet in SNIPPETS.items():
        (tmp_path / name).write_text(snippet, encoding="utf-8")
    return tmp_path


def without_empty(value: Any) -> Any:
    """Return the data without null and empty lists, which are optional."""
    if isinstance(value, dict):
        return {key: without_empty(part) for key, part in value.items() if part not in (None, [])}
    return [without_empty(part) for part in value] if isinstance(value, list) else value


def test_the_validator_accepts_the_packaged_data(folder: Path) -> None:
    ran = node(folder, "check.mjs", "eaps.json")
    assert (ran.returncode, ran.stdout) == (0, f"{len(eaps.programs)} programs\n"), ran.stderr


def test_the_validator_reports_an_invalid_value(folder: Path) -> None:
    data = json.loads(eaps.load().to_json())
    data["programs"][1]["id"] = "Amherst CRESS"
    (folder / "wrong.json").write_text(json.dumps(data), encoding="utf-8")
    ran = node(folder, "check.mjs", "wrong.json")
    assert ran.returncode == 1
    assert ran.stdout.startswith("/programs/1/id: must match pattern")


@pytest.mark.parametrize("module", ["nodenext", "preserve"])
def test_the_typescript_snippets_compile(folder: Path, module: str) -> None:
    assert compile_strictly(folder, "dataset.ts", "statuses.ts", module=module) == ""


def test_omitted_fields_get_their_defaults(folder: Path) -> None:
    assert compile_strictly(folder, "dataset.ts") == ""
    (folder / "short.json").write_text(json.dumps(without_empty(json.loads(eaps.load().to_json()))), encoding="utf-8")
    code = """
import { readFileSync } from "node:fs";
import { dataset } from "./compiled/dataset.js";

console.log(JSON.stringify(dataset(readFileSync("short.json", "utf8"))));
"""
    ran = node(folder, "--no-warnings", "--input-type=module", "--eval", code)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == json.loads(eaps.load().to_json())
