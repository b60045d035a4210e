"""The command `upgrade`: rewrites documents of schema 1.0.0, all of them or none."""

import json
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data._internal import resources
from support.commands import Runner

OLD = resources.release("1.0.0")


def test_an_old_document_is_rewritten_in_canonical_form(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(OLD)
    assert run("upgrade", str(path)).code == 0
    assert path.read_text(encoding="utf-8") == eaps.Dataset.from_release("1.0.0").to_json()
    assert eaps.Dataset.from_file(path) == eaps.Dataset.from_release("1.0.0")


def test_a_current_document_is_left_alone(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    text = json.dumps(json.loads(eaps.load().to_json()))
    path.write_text(text, encoding="utf-8")
    result = run("upgrade", str(path))
    assert (result.code, path.read_text(encoding="utf-8")) == (0, text)
    assert "already follows schema" in result.err


def test_if_one_document_is_invalid_none_is_written(run: Runner, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(OLD)
    document = json.loads(OLD)
    document["partnerships"][0]["role"] = "sponsor"
    bad.write_text(json.dumps(document, indent=2), encoding="utf-8")
    before = bad.read_bytes()
    result = run("upgrade", str(good), str(bad))
    line = next(number for number, text in enumerate(before.decode().split("\n"), 1) if '"sponsor"' in text)
    assert result.code == 1
    assert f'{bad}:{line}:15: partnerships, role: "sponsor" is not a valid term of schema 1.0.0' in result.err
    assert (good.read_bytes(), bad.read_bytes()) == (OLD, before)


def test_a_missing_file_and_another_format_are_errors(run: Runner, tmp_path: Path) -> None:
    assert run("upgrade", str(tmp_path / "nothing.json")).code == 2
    table = tmp_path / "partners.csv"
    table.write_text("id,name\na,A\n", encoding="utf-8")
    assert run("upgrade", str(table)).code == 2
    assert table.read_text(encoding="utf-8") == "id,name\na,A\n"


@pytest.mark.parametrize(
    ("name", "command"), [("partners.json", "check {} --fix"), ("partners.csv", "export FORMAT NEW --from {}")]
)
def test_the_error_of_a_folder_names_the_command_to_use(name: str, command: str, run: Runner, tmp_path: Path) -> None:
    (tmp_path / name).write_text("[]", encoding="utf-8")
    result = run("upgrade", str(tmp_path))
    assert result.code == 2
    assert result.err.endswith(f"rewrite tables with: eaps-data {command.format(tmp_path)}\n")
