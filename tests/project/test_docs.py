"""The project's pages are true: commands, console output, rules, exit codes, links and versions."""

import re
import shlex
from pathlib import Path
from typing import Literal, get_origin

import pytest

import eaps_data as eaps
from eaps_data import cli
from eaps_data.cli.exit_codes import MEANINGS, ExitCode
from eaps_data.rules.catalog import SECTIONS

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "reference").glob("*.md")),
]


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


EXAMPLES = [ROOT / "docs" / "validating.md", ROOT / "docs" / "reference" / "reports.md"]


def test_console_examples_print_what_the_pages_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], update_golden: bool
) -> None:
    pages = {path: path.read_text(encoding="utf-8") for path in EXAMPLES}
    for name, content in re.findall(
        r"^`(\S+)`:\n\n```json\n(.*?)```", "".join(pages.values()), re.DOTALL | re.MULTILINE
    ):
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def printed(command: str) -> str:
        assert cli.main(shlex.split(command)[1:]) == ExitCode.INVALID
        return capsys.readouterr().out

    assert [len(CONSOLE.findall(page)) for page in pages.values()] == [1, 3]
    for path, page in pages.items():
        written = CONSOLE.sub(lambda match: f"```console\n$ {match[1]}\n{printed(match[1])}```", page)
        if update_golden:
            path.write_text(written, encoding="utf-8")
        else:
            assert page == written, "update it with: pytest --update-golden"


def test_rules_page_has_every_section_of_the_catalog() -> None:
    page = text_of("docs/reference/rules.md")
    headings = re.findall(r"^## (.*)$", page, re.MULTILINE)
    assert headings == re.findall(r"^```\{eaps-rules\} (.*)$", page, re.MULTILINE) == [*SECTIONS]


def test_reports_page_lists_every_exit_code() -> None:
    listed = re.findall(r"^\| (\d+) \| ", text_of("docs/reference/reports.md"), re.MULTILINE)
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
