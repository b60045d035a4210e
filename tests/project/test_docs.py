"""The project's pages are true: commands, console output, rules, exit codes, links and versions."""

import inspect
import re
import shlex
from pathlib import Path
from typing import Literal, get_origin

import pytest

import eaps_data as eaps
from eaps_data import cli
from eaps_data.cli.exit_codes import MEANINGS, ExitCode
from eaps_data.rules import evidence, integrity
from eaps_data.rules.catalog import RULES

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_readme_begins_with_two_one_line_commands() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", text_of("README.md"), re.DOTALL)
    assert len(blocks) == 2
    assert all(block.count("\n") == 1 for block in blocks)
    before = text_of("README.md").split("## ")[0]
    assert all(block in before for block in blocks)


@pytest.mark.parametrize("script", [".ci/run", ".github/workflows/ci.yml"])
def test_ci_runs_the_test_command_of_the_readme(script: str) -> None:
    command = re.findall(r"```sh\n(.*?)```", text_of("README.md"), re.DOTALL)[1]
    assert command in text_of(script)


CONSOLE = re.compile(r"```console\n\$ ([^\n]*)\n(.*?)```", re.DOTALL)


def test_console_examples_print_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], update_golden: bool
) -> None:
    page = text_of("docs/validating.md")
    for name, content in re.findall(r"^`(\S+)`:\n\n```json\n(.*?)```", page, re.DOTALL | re.MULTILINE):
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def printed(command: str) -> str:
        assert cli.main(shlex.split(command)[1:]) == ExitCode.INVALID
        return capsys.readouterr().out

    blocks = CONSOLE.findall(page)
    assert len(blocks) == 5
    if update_golden:
        written = CONSOLE.sub(lambda match: f"```console\n$ {match[1]}\n{printed(match[1])}```", page)
        (ROOT / "docs" / "validating.md").write_text(written, encoding="utf-8")
        return
    for command, expected in blocks:
        assert printed(command) == expected, "update it with: pytest --update-golden"


def test_schemas_page_lists_every_integrity_rule() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", text_of("docs/schemas.md"), re.MULTILINE)
    used = {name for module in (integrity, evidence) for name in re.findall(r'"([a-z-]+)"', inspect.getsource(module))}
    errors = (rule for rule in RULES.values() if rule.severity == "error")
    assert dict(listed) == {rule.name: rule.description for rule in errors if rule.name in used}


def test_validating_page_lists_every_exit_code() -> None:
    listed = re.findall(r"^\| (\d+) \| ", text_of("docs/validating.md"), re.MULTILINE)
    assert [int(code) for code in listed] == [*MEANINGS]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_resolve(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)]+)\)", page.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        assert (page.parent / path).is_file(), target
        headings = re.findall(r"^#+ (.*)$", (page.parent / path).read_text(encoding="utf-8"), re.MULTILINE)
        assert not anchor or anchor in [re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings]


def test_public_names_have_docstrings() -> None:
    for name in eaps.__all__:
        value = getattr(eaps, name)
        if callable(value) and get_origin(value) is not Literal:  # a Literal has no docstring
            assert value.__doc__, name


def test_changelog_states_the_size_of_each_table() -> None:
    words = {6: "Six", 14: "fourteen", 18: "eighteen", 23: "twenty-three"}
    tables = (eaps.municipalities, eaps.programs, eaps.partners, eaps.partnerships)
    for table in tables:
        assert f"{words[len(table)]} {table.table}" in text_of("CHANGELOG.md")
