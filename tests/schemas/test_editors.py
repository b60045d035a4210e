"""VS Code's JSON service and the YAML language server help with our exports and with a curator's folder."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import eaps_data as eaps
from eaps_data._internal.canonical_json import to_json
from eaps_data.models.table_specs import MEMBERS
from eaps_data.models.vocabulary import ProgramStatus
from eaps_data.schemas.published import ARRAYS, TITLES, schema_named
from support.javascript import node, project

pytestmark = [pytest.mark.node, pytest.mark.slow]

HERE = Path(__file__).parents[1]
PAGE = (HERE.parent / "docs" / "schemas.md").read_text(encoding="utf-8")
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
SETTINGS: dict[str, Any] = {key: value for block in BLOCKS for key, value in block.items() if ".schemas" in key}
MODELINE = "# yaml-language-server: $schema=./schemas/program.schema.json\n"
RECORD = {"id": "salem-outreach", "name": "Outreach Team", "municipality": "salem", "status": "planned"}
TERMS = {f'"{term}"' for term in ProgramStatus}


class Editor:
    """An editor of a folder, which has the schemas next to its files."""

    def __init__(self, folder: Path) -> None:
        project(folder, "vscode-json-languageservice", "yaml-language-server")
        shutil.copy(HERE / "node" / "editor.mjs", folder)
        (folder / "schemas").mkdir()
        for name in (*TITLES, *ARRAYS):
            (folder / "schemas" / f"{name}.schema.json").write_text(to_json(schema_named(name)), encoding="utf-8")
        self._folder = folder

    def open(self, file: str, text: str, settings: Any = SETTINGS) -> dict[str, Any]:
        """Return the problems of a file, and what completes and describes the text at the mark `|`, if it has one."""
        return self.open_all([(file, text)], settings)[0]

    def open_all(self, files: Sequence[tuple[str, str]], settings: Any = SETTINGS) -> list[dict[str, Any]]:
        """Return the same for several files."""
        questions: list[dict[str, Any]] = []
        for file, text in files:
            before, mark, after = text.partition("|")
            questions.append({"file": file, "text": before + after, **({"at": len(before)} if mark else {})})
        asked = {"folder": str(self._folder), "settings": settings, "questions": questions}
        (self._folder / "questions.json").write_text(json.dumps(asked), encoding="utf-8")
        ran = node(self._folder, "editor.mjs", "questions.json")
        assert ran.returncode == 0, ran.stderr
        answers: list[dict[str, Any]] = json.loads(ran.stdout)
        return answers


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    return Editor(tmp_path)


def messages(answer: dict[str, Any]) -> Sequence[str]:
    return [message for _, message in answer["problems"]]


@pytest.mark.parametrize("settings", [SETTINGS, {}], ids=["with settings", "without settings"])
def test_an_exported_document_has_no_warning(editor: Editor, settings: Any) -> None:
    assert editor.open("eaps.json", eaps.load().to_json(), settings)["problems"] == []


def test_the_settings_cover_each_file_of_a_curators_folder(editor: Editor) -> None:
    data = Path(eaps.__file__).parent / "data"
    assert {path.stem for path in data.glob("*.json")} == {*MEMBERS}
    files = [(f"data/{name}.json", (data / f"{name}.json").read_text(encoding="utf-8")) for name in MEMBERS]
    assert [answer["problems"] for answer in editor.open_all(files)] == [[]] * len(MEMBERS)
    wrong = [(file, text.replace("{", '{"invented": 1, ', 1) if "{" in text else "{}") for file, text in files]
    assert all(answer["problems"] for answer in editor.open_all(wrong))


def test_an_editor_helps_with_a_document(editor: Editor) -> None:
    answer = editor.open("eaps.json", eaps.load().to_json().replace('"established"', '"estab|lished"', 1))
    assert answer["problems"] == []
    assert {*answer["completions"]} == {*TERMS, "null"}
    assert "Has been created or established" in answer["hover"]


def test_an_editor_helps_with_a_file_of_records(editor: Editor) -> None:
    misspelled, described, short, another = editor.open_all(
        [
            ("data/programs.json", json.dumps([{**RECORD, "status": "plan|nd"}], indent=2)),
            ("data/programs.json", json.dumps([RECORD]).replace("municipality", "munici|pality")),
            ("data/programs.json", json.dumps([{"id": "x"}])),
            ("data/programs.json", json.dumps([{**RECORD, "|": 0}])),
        ]
    )
    terms = ", ".join(f'"{term}"' for term in ProgramStatus)
    assert misspelled["problems"] == [[6, f"Value is not accepted. Valid values: {terms}."]]
    assert {*misspelled["completions"]} >= TERMS
    assert (described["problems"], described["hover"]) == ([], "Id of the municipality\\.")
    assert messages(short) == ['Missing property "name".', 'Missing property "municipality".']
    assert "needs" in another["completions"]


def test_an_editor_helps_with_one_record_that_names_its_schema(editor: Editor) -> None:
    (record,) = (block for block in BLOCKS if "$schema" in block)
    assert editor.open("one.json", json.dumps(record), {})["problems"] == []
    answer = editor.open("one.json", json.dumps({**record, "status": "|"}), {})
    assert len(answer["problems"]) == 1
    assert {*answer["completions"]} >= TERMS


@pytest.mark.parametrize("file", ["programs.yaml", "other.yaml"], ids=["by the settings", "by a comment"])
def test_an_editor_helps_with_yaml(editor: Editor, file: str) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    text = block if file == "other.yaml" else block.partition("\n")[2]
    assert editor.open(file, text)["problems"] == []
    answer = editor.open(file, text.replace("planned", "pla|ned"))
    assert answer["problems"][0][0] == text.count("\n")
    assert "planned" in messages(answer)[0]
    assert {*answer["completions"]} >= {*ProgramStatus}
    assert "Will be developed" in answer["hover"]
    assert "needs" in editor.open(file, text + "  |")["completions"]
    assert editor.open("unknown.yaml", "- id: x\n")["problems"] == []


def test_the_entry_for_a_catalog_is_what_schemastore_requires() -> None:
    (entry,) = (block for block in BLOCKS if "fileMatch" in block)
    assert [*entry] == ["name", "description", "fileMatch", "url"]
    assert entry["url"].startswith("https://")
    assert entry["url"].rpartition("/")[2] == "dataset.schema.json"
    assert all(re.fullmatch(r"\*\.[a-z]+\.json", pattern) for pattern in entry["fileMatch"])
