"""The curator's guide is true: its steps work in order, and its commands print the output it shows."""

import os
import re
import shlex
from pathlib import Path

import pytest

from eaps_data import cli
from eaps_data.rules.catalog import RULES

GUIDE = Path(__file__).parents[2] / "docs" / "curating.md"
STEP = re.compile(r"```diff (?P<file>\S+)\n(?P<hunks>.*?)```|```console\n(?P<commands>.*?)```", re.DOTALL)
CURATORS_RULES = (
    *("not-canonical", "stray-file", "incomplete-municipality", "retired-term", "unused-term"),
    *("draft", "page-hash", "page-order", "page-quote", "page-sentence", "page-words", "release"),
)


def edit(path: Path, hunks: str) -> None:
    """Apply hunks, separated by empty lines, which replace their lines with - by those with +."""
    text = path.read_text(encoding="utf-8")
    for hunk in hunks.strip("\n").split("\n\n"):
        lines = hunk.split("\n")
        old, new = ("".join(f"{line[1:]}\n" for line in lines if line[0] in marks) for marks in (" -", " +"))
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8", newline="\n")


def test_guide_leads_from_a_changed_page_to_a_verified_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], update_golden: bool
) -> None:
    monkeypatch.chdir(tmp_path)

    def printed(command: str) -> str:
        program, *arguments = shlex.split(command)
        if program == "cat":
            return Path(arguments[0]).read_text(encoding="utf-8")
        assert program == "eaps-data"
        cli.main(arguments)
        captured = capsys.readouterr()
        return (captured.err + captured.out).replace(f"my-state{os.sep}", "my-state/")

    def run(step: re.Match[str]) -> str:
        if step["file"]:
            edit(Path(step["file"]), step["hunks"])
            return step[0]
        commands = re.findall(r"^\$ (.*)$", step["commands"], re.MULTILINE)
        return "```console\n" + "".join(f"$ {command}\n{printed(command)}" for command in commands) + "```"

    guide = GUIDE.read_text(encoding="utf-8")
    written = STEP.sub(run, guide)
    assert cli.main(["verify", "my-state/page.txt", "--data", "my-state"]) == 0
    assert cli.main(["check", "my-state", "--page", "my-state/page.txt"]) == 0
    if update_golden:
        GUIDE.write_text(written, encoding="utf-8", newline="\n")
        return
    assert written == guide, "update it with: pytest --update-golden"


def test_guide_lists_the_rules_that_apply_only_to_curators() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {rule: text for rule, text in listed if rule in RULES} == {
        rule: RULES[rule].description for rule in CURATORS_RULES
    }
