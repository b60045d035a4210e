"""Help, usage errors and options that all commands share."""

import json
import shlex
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data import plot
from eaps_data.cli.exit_codes import ExitCode
from eaps_data.cli.output import escaped_streams, print_text
from eaps_data.cli.parser import _PICTURES, COMMANDS, parse
from eaps_data.models.table_specs import TABLES
from eaps_data.tables.where_signatures import filter_specs
from support.commands import Runner

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_matches_golden_file(
    command: str, run: Runner, update_golden: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    printed = run(*filter(None, [command]), "--help")
    golden = GOLDEN / f"help{'-' + command if command else ''}.txt"
    if update_golden:
        golden.write_text(printed.out, encoding="utf-8", newline="\n")
    assert printed.code == 0
    assert printed.out == golden.read_text(encoding="utf-8"), "update it with: pytest --update-golden"


def test_version_is_the_packages(run: Runner) -> None:
    assert run("--version").out == f"eaps-data {eaps.__version__}\n"


def test_charts_are_those_of_the_plot_module() -> None:
    assert set(_PICTURES) == set(plot.__all__)


@pytest.mark.parametrize(
    "command",
    [
        ("list", "partners"),
        ("show", "BHU"),
        ("search", "peer"),
        ("why", "BHU", "goals"),
        ("diff", "1.0.0", "1.0.0"),
        ("check",),
    ],
    ids=lambda words: words[0],
)
def test_json_is_short_for_format_json(run: Runner, command: tuple[str, ...]) -> None:
    printed = run(*command, "--json")
    assert json.loads(printed.out) is not None
    assert run(*command, "--format", "json") == printed
    assert run(*command, "--format", "table" if command[0] == "list" else "text") == run(*command) != printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["invented"], "unknown command 'invented'; --help lists all"),
        (["lst"], "unknown command 'lst' (did you mean 'list'?)"),
        (["validat", "x.json"], "unknown command 'validat' (did you mean 'validate'?)"),
        (["list", "citys"], "invalid choice: 'citys'"),
        (["list", "partners", "--program=--"], "--program=--: -- is not a value"),
        (["list", "partners", "--format", "sarif"], "invalid choice: 'sarif'"),
        (["show", "reveer"], "unknown dataset key 'reveer' (did you mean 'revere'"),
        (["show", "City of Northampton"], "municipalities/northampton, partners/city-of-northampton"),
        (["search", ""], "the query contains no words"),
        (["schema", "programm"], "did you mean 'program'"),
        (
            ["schema", "--output", "no-such-folder/x.json"],
            "no-such-folder/x.json: the folder no-such-folder does not exist",
        ),
        (["why", "reveer"], "unknown dataset key 'reveer' (did you mean 'revere'"),
        (["why", "BHU", "gaols"], "unknown programs field value 'gaols' (did you mean 'goals'?)"),
        (["diff", "pyproject.tom", "x"], "pyproject.tom: no such file (did you mean 'pyproject.toml'?)"),
        (["diff", "pyproject.toml/x", "x"], "pyproject.toml/x: cannot be read: "),
        (["diff", "a" * 300, "x"], "cannot be read: File name too long"),
        (["diff", "9.9.9", "x"], "unknown data_version value '9.9.9'"),
        (["cite", "--format", "ris"], "invalid choice: 'ris'"),
        (["export", "odt", "x"], "invalid choice: 'odt'"),
        (["plot", "pie", "x.svg"], "invalid choice: 'pie'"),
        (["check", "a", "b"], "unrecognized arguments: b"),
        (["validate"], "the following arguments are required: FILE"),
        (["validate", "--type", "citys", "x.json"], "invalid choice: 'citys'"),
        (["validate", "--as", "toml", "x.json"], "invalid choice: 'toml'"),
        (["validate", "--format", "xml", "x.json"], "invalid choice: 'xml'"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_message_and_exit_2(run: Runner, arguments: list[str], message: str) -> None:
    printed = run(*arguments)
    assert printed.code == 2
    assert message in printed.err
    assert printed.err.count("eaps-data") <= 2  # argparse's usage line, and the message
    assert "Traceback" not in printed.err
    assert not printed.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "\x1b[31m"),
        ("list", "\x1b[31m"),
        ("list", "partners", "--\x1b[31m"),
        ("schema", "\x1b[31m"),
        ("diff", "\x1b[31m", "1.0.0"),
        ("verify", "\x1b[31m"),
        ("export", "json", "no-such-folder/\x1b[31m"),
        ("show", "a\n::error::\x1b[31m"),
        ("show", "##[error]\x1b[31m"),
    ],
    ids=repr,
)
def test_messages_escape_control_characters_and_workflow_commands(run: Runner, arguments: tuple[str, ...]) -> None:
    printed = run(*arguments)
    assert printed.code == 2
    assert r"\x1b[31m" in printed.err
    assert "\x1b" not in printed.err + printed.out
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in printed.err.splitlines())


def test_text_escapes_control_characters_and_workflow_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with escaped_streams():
        print_text("a \x1b[31m\n  ::error::b\n##[error]c\nd::e \u2019")
    assert capsys.readouterr().out == "a \\x1b[31m\n  \\x3a:error::b\n\\x23#[error]c\nd::e \u2019\n"


def test_no_arguments_print_help_and_are_no_success(run: Runner) -> None:
    nothing, help_ = run(), run("--help")
    assert nothing.out == help_.out
    assert nothing.code == ExitCode.UNUSABLE


@pytest.mark.parametrize("table", TABLES)
def test_help_for_a_table_describes_its_filters_as_options(table: str, run: Runner) -> None:
    help_ = " ".join(run("list", table, "--help").out.partition("\nfilters:\n")[2].split())
    for spec in filter_specs(getattr(eaps, table)):
        assert f"--{spec.name.replace('_', '-')}" in help_
    assert not any(words in help_ for words in ("as a record", "None", "`"))


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_of_the_help_are_valid_command_lines(command: str, run: Runner) -> None:
    lines = run(command, "--help").out.partition("examples:\n")[2].partition("\n\n")[0].splitlines()
    assert lines
    for line in lines:
        program, *arguments = shlex.split(line)
        assert (program, arguments[0]) == ("eaps-data", command)
        parse(arguments)  # exits if the arguments are invalid
