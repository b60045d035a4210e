"""The command validate; the command check is tested with the check of a folder."""

import itertools
import json
import sys
from io import StringIO
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data import cli
from eaps_data.validation.report import FORMATS
from support.commands import Runner, process


def test_each_problem_has_its_location(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "partners.json"
    path.write_text('[\n {"id": "a", "name": "A", "kind": "polise-department"},\n {"id": "a", "nmae": "A"}\n]\n')
    printed = run("validate", str(path))
    assert printed.code == 1
    assert f'{path}:2:35: partners/a, kind: "polise-department" is not a valid term' in printed.out
    assert f'{path}:3:2: partners/a, name: the required field "name" is missing' in printed.out
    assert f"{path}:3:14: partners/a, nmae: unknown field \"nmae\" (did you mean 'name'?)" in printed.out
    assert printed.out.endswith("1 file, 2 records checked: 3 errors\n")
    rows = json.loads(run("validate", str(path), "--json").out)["problems"]
    assert {(row["line"], row["column"], row["rule"]) for row in rows} == {
        (2, 35, "term"),
        (3, 2, "missing-field"),
        (3, 14, "unknown-field"),
    }


def test_records_of_one_table_are_compared_with_each_other(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "partners.json"
    path.write_text('[{"id": "a", "name": "A"},\n {"id": "a", "name": "B"}]')
    printed = run("validate", str(path))
    assert printed.code == 1
    assert f"{path}:2:9: partners/a, id: " in printed.out


def test_type_names_what_the_data_is(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "empty.json"
    path.write_text("[]")
    assert run("validate", str(path)).code == 1
    assert "give its type" in run("validate", str(path)).out
    assert run("validate", "--type", "programs", str(path)).code == 0
    record = tmp_path / "one.json"
    record.write_text('{"id": "a", "name": "A"}')
    assert run("validate", str(record)).code == 0
    assert run("validate", "--type", "programs", str(record)).code == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no-such-file.json", "no such file"),
        ("*.nothing", "no file matches"),
        ("tests/node/package.txt", "no such file"),
    ],
)
@pytest.mark.parametrize("report", FORMATS)
def test_an_unreadable_input_is_exit_2_in_every_report(run: Runner, name: str, message: str, report: str) -> None:
    printed = run("validate", "--format", report, name)
    assert printed.code == 2
    assert message in printed.out


def test_an_unreadable_file_does_not_hide_the_problems_of_others(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "partners.json"
    path.write_text('[{"id": "A", "name": "A"}]')
    for names in (("no-such-file.json", str(path)), (str(path), "no-such-file.json")):
        printed = run("validate", *names)
        assert printed.code == 2
        assert "no-such-file.json: no such file" in printed.out
        assert "expected an id" in printed.out
        assert printed.out.endswith("1 file, 1 record checked: 1 error, 1 file unreadable\n")


def test_standard_input_is_read_in_the_format_given_with_as() -> None:
    ran = process("validate", "-", "--as", "csv", data=b"id,name,kind\na,A,commision\n")
    assert ran.returncode == 1
    assert ran.stdout.startswith(
        b"-:2:5: partners/a, kind: \"commision\" is not a valid term (did you mean 'commission'?)"
    )


def test_warnings_do_not_fail(run: Runner, tmp_path: Path) -> None:
    document = json.loads(eaps.load().to_json())
    document["sources"].append({"id": "unused", "title": "Never cited"})
    path = tmp_path / "dataset.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    printed = run("validate", str(path))
    assert printed.code == 0
    assert "warning: sources/unused: no evidence cites this source" in printed.out
    assert printed.out.endswith("checked: valid, 1 warning (a dataset: references checked)\n")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("no_color", ["", "1"])
def test_only_a_terminal_without_no_color_has_colors(
    no_color: str, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    assert "\x1b" not in run("validate", "no-such-file.json").out
    for report in FORMATS:
        terminal = Terminal()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", terminal)
            assert cli.main(["validate", "no-such-file.json", "--format", report]) == 2
        assert ("\x1b" in terminal.getvalue()) == (report == "text" and not no_color)


def test_progress_is_shown_at_a_terminal_and_nowhere_else(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(Path(__file__).parents[1] / "examples" / "valid")
    expected = run("validate", folder)
    monkeypatch.setattr("tqdm.std.time", itertools.count(step=1.0).__next__)  # every step takes a second
    shown: list[str] = []
    for screen in (StringIO(), Terminal()):
        monkeypatch.setattr(sys, "stderr", screen)
        assert run("validate", folder)[:2] == expected[:2]
        shown.append(screen.getvalue())
    assert shown[0] == ""
    assert "records/s" in shown[1]


def test_problems_beyond_the_limit_are_counted(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "partners.json"
    path.write_text("[" + ", ".join(f'{{"id": "p-{number}"}}' for number in range(1002)) + "]", encoding="utf-8")

    def lines(*options: str) -> list[str]:
        return run("validate", "--type", "partners", str(path), *options).out.splitlines()

    more = f"{path}: 2 more problems; raise --max-problems to list them"
    assert lines()[1000:] == [more, "1 file, 1002 records checked: 1002 errors"]
    assert len(lines("--max-problems", "1")) == 3
    assert len(lines("--max-problems=0")) == 2
    assert len(lines("--max-problems", "2000")) == 1003
    assert run("validate", str(path), "--max-problems=-1").code == 2
