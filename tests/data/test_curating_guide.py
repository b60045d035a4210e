"""The curator's guide is true: its steps work, and its commands print the output it shows."""

import os
import re
import shlex
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data import cli
from eaps_data._internal import canonical_json
from eaps_data.models.table_specs import MEMBERS
from eaps_data.rules.catalog import RULES

GUIDE = Path(__file__).parents[2] / "docs" / "curating.md"
STEP = re.compile(
    r"`(?P<add>\w+\.json)`:\n\n```json\n(?P<rows>.*?)```"
    r"|`(?P<edit>\w+\.json)`:\n\n```diff\n(?P<lines>.*?)```"
    r"|```console\n\$ (?P<command>[^\n]*)\n(?P<output>.*?)```",
    re.DOTALL,
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tables of data release 2.0.0, where the guide begins, so that later data does not change it."""
    folder = tmp_path / "src" / "eaps_data" / "data"
    folder.mkdir(parents=True)
    document = eaps.Dataset.from_release("2.0.0").document.model_dump(mode="json")
    for name in MEMBERS:
        (folder / f"{name}.json").write_text(canonical_json.to_json(document[name]), encoding="utf-8", newline="\n")
    monkeypatch.chdir(tmp_path)
    return folder


def add(path: Path, rows: str) -> None:
    before = path.read_text(encoding="utf-8").rstrip().removesuffix("]").rstrip()
    path.write_text(f"{before},\n{rows.rstrip()}\n]\n", encoding="utf-8", newline="\n")


def edit(path: Path, lines: str) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in re.findall(r"^-(.*)\n\+(.*)$", lines, re.MULTILINE):
        head, found, tail = text.rpartition(old)  # the newest record is the last
        assert found, old
        text = head + new + tail
    path.write_text(text, encoding="utf-8", newline="\n")


def test_guide_leads_from_a_new_section_to_a_release(
    data: Path, capsys: pytest.CaptureFixture[str], update_golden: bool
) -> None:
    commands: list[str] = []

    def run(step: re.Match[str]) -> str:
        if step["add"]:
            add(data / step["add"], step["rows"])
        elif step["edit"]:
            edit(data / step["edit"], step["lines"])
        else:
            commands.append(step["command"])
            cli.main(shlex.split(step["command"])[1:])
            captured = capsys.readouterr()
            output = (captured.err + captured.out).replace(
                f"src{os.sep}eaps_data{os.sep}data{os.sep}", "src/eaps_data/data/"
            )
            return f"```console\n$ {step['command']}\n{output}```"
        return step[0]

    guide = GUIDE.read_text(encoding="utf-8")
    written = STEP.sub(run, guide)
    assert commands == [
        "eaps-data check",
        *["eaps-data check --fix"] * 3,
        "eaps-data check",
        "eaps-data diff 2.0.0 src/eaps_data/data",
    ]
    assert written.count("checked: valid (a dataset: references checked)\n") == 1
    if update_golden:
        GUIDE.write_text(written, encoding="utf-8", newline="\n")
        return
    assert written == guide, "update it with: pytest --update-golden"


def test_guide_lists_the_rules_that_apply_only_to_curators() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {rule: text for rule, text in listed if rule in RULES} == {
        rule: RULES[rule].description for rule in ("not-canonical", "stray-file", "unused-term")
    }
