"""The command line: readable, honest in its exit codes, and quiet when nobody reads."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

import eaps_data as eaps
from eaps_data import cli
from eaps_data._internal import resources
from eaps_data.models.records import RECORDS

GOLDEN = Path(__file__).parents[1] / "golden"
COMMANDS = ("list", "show", "search", "why", "diff", "cite", "schema", "export", "plot", "validate", "check")


class Ran:
    """What a command printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def run_it(*arguments: str) -> Ran:
        code = cli.main(arguments)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run_it


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "eaps_data", *arguments]
    return subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment})


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_as_published(command: str, run: Any, update_golden: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    printed = run(*filter(None, [command]), "--help")
    golden = GOLDEN / f"help{'-' + command if command else ''}.txt"
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(printed.out, encoding="utf-8")
    assert printed.code == 0
    assert printed.out == golden.read_text(encoding="utf-8"), "write it anew with: pytest --update-golden"


def test_version(run: Any) -> None:
    assert run("--version").out == f"eaps-data {eaps.__version__}\n"


@pytest.mark.parametrize("table", RECORDS)
def test_list_prints_every_record(table: str, run: Any) -> None:
    printed = run("list", table)
    assert printed.code == 0
    assert len(printed.out.splitlines()) == len(getattr(eaps, table)) + 1
    assert json.loads(run("list", table, "--json").out) == getattr(eaps, table).to_records()


def test_show_prints_a_record_by_any_key(run: Any) -> None:
    by_acronym, by_id = run("show", "BHU"), run("show", "programs/revere-bhu")
    assert by_acronym.out == by_id.out
    assert "status           established" in by_acronym.out
    assert "staff_roles      behavioral-health-specialist\n                 case-worker\n" in by_acronym.out
    assert json.loads(run("show", "BHU", "--json").out) == eaps.programs["BHU"].model_dump(mode="json")
    assert "identifiers.county_geoid              25025" in run("show", "revere").out
    assert "contact.fax      (617) 624-5075" in run("show", "EAPS").out


def test_search_prints_ranked_hits(run: Any) -> None:
    printed = run("search", "peer", "recovery")
    assert printed.out.splitlines()[1].startswith("0.70   winthrop-public-health-and-safety-team")
    found = json.loads(run("search", "peer recovery", "--json").out)
    assert found[0]["id"] == "winthrop-public-health-and-safety-team"
    assert found[0]["matches"][0]["words"] == ["peer", "recovery"]
    nothing = run("search", "xylophone")
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "no record matches\n")


def test_schema_prints_the_published_bytes(run: Any) -> None:
    assert run("schema").out.encode() == resources.schema("dataset")
    assert run("schema", "Program").out.encode() == resources.schema("program")


def test_validate_accepts_our_own_data(run: Any, tmp_path: Path) -> None:
    folder = Path(cli.__file__).parents[1] / "data"
    files = [str(path) for path in sorted(folder.glob("*.json"))]
    printed = run("validate", *files)
    records = 2 + sum(len(getattr(eaps, table)) for table in RECORDS)
    assert (printed.code, printed.out) == (0, f"{len(files)} files, {records} records checked: valid\n")
    whole = tmp_path / "dataset.json"
    whole.write_text(eaps.load().to_json(), encoding="utf-8")
    assert run("validate", str(whole)).out == f"1 file, {records - 2} records checked: valid\n"
    for option in ("--json", "--format=json"):
        report = json.loads(run("validate", str(whole), option).out)
        assert report["problems"] == []
        assert report["summary"]["files"] == 1


def test_validate_reports_each_problem_with_its_place(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "partners.json"
    path.write_text('[\n {"id": "a", "name": "A", "kind": "polise-department"},\n {"id": "a", "nmae": "A"}\n]\n')
    printed = run("validate", str(path))
    assert printed.code == 1
    assert f'{path}:2:35: partners/a, kind: "polise-department" is none of its terms' in printed.out
    assert f'{path}:3:2: partners/a, name: the field "name" is required, and missing' in printed.out
    assert f"{path}:3:14: partners/a, nmae: there is no field \"nmae\" (did you mean 'name'?)" in printed.out
    assert printed.out.endswith("1 file, 2 records checked: 3 errors\n")
    rows = json.loads(run("validate", str(path), "--json").out)["problems"]
    assert {(row["line"], row["column"], row["rule"]) for row in rows} == {
        (2, 35, "term"),
        (3, 2, "missing-field"),
        (3, 14, "unknown-field"),
    }


def test_records_of_one_table_are_checked_among_themselves(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "partners.json"
    path.write_text('[{"id": "a", "name": "A"},\n {"id": "a", "name": "B"}]')
    printed = run("validate", str(path))
    assert printed.code == 1
    assert f"{path}:2:9: partners/a, id: the same row stands at partners[0]" in printed.out


def test_what_data_is_can_be_said(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "empty.json"
    path.write_text("[]")
    assert run("validate", str(path)).code == 1
    assert "say which with a type" in run("validate", str(path)).out
    assert run("validate", "--type", "programs", str(path)).code == 0
    record = tmp_path / "one.json"
    record.write_text('{"id": "a", "name": "A"}')
    assert run("validate", str(record)).code == 0
    assert run("validate", "--type", "programs", str(record)).code == 1


def test_why_prints_what_a_record_rests_on(run: Any) -> None:
    printed = run("why", "BHU", "goals")
    assert (printed.code, printed.out) == (0, f"{eaps.why('BHU', 'goals')}\n")
    assert run("why", "BHU").out == f"{eaps.why('BHU')}\n"
    assert json.loads(run("why", "BHU", "goals", "--json").out) == eaps.why("BHU", "goals").to_dict()


def test_diff_takes_documents_and_folders_of_tables(run: Any, tmp_path: Path) -> None:
    document = json.loads(eaps.load().to_json())
    path = tmp_path / "new.json"
    document["programs"][0]["summary"] = "Another summary."
    path.write_text(json.dumps(document), encoding="utf-8")
    old = str(Path(cli.__file__).parents[1] / "data")
    printed = run("diff", old, str(path))
    expected = eaps.diff(eaps.load(), eaps.Dataset.from_file(path))
    assert (printed.code, printed.out) == (0, f"{expected}\n")
    assert json.loads(run("diff", old, str(path), "--json").out) == expected.to_dict()
    same = run("diff", str(path), str(path))
    assert (same.code, same.out) == (0, "nothing changed\n")


def test_diff_of_an_invalid_dataset_gives_its_problems_and_exit_1(run: Any, tmp_path: Path) -> None:
    whole, folder = tmp_path / "whole.json", tmp_path / "data"
    whole.write_text(eaps.load().to_json().replace('"status": "established"', '"status": "estblished"'), "utf-8")
    shutil.copytree(Path(cli.__file__).parents[1] / "data", folder)
    broken = run("diff", str(folder), str(whole))
    assert (broken.code, broken.out) == (1, "")
    assert re.search(r'whole\.json:\d+:\d+: programs/revere-bhu, status: "estblished" is none of its terms', broken.err)
    (folder / "partners.json").write_text("[]", encoding="utf-8")
    dangling = run("diff", str(folder), str(whole))
    assert dangling.code == 1
    assert re.search(r"partnerships\.json:\d+:\d+: .* is no id of partners", dangling.err)
    (folder / "partners.json").unlink()
    assert run("diff", str(folder), str(whole)).code == 2


def test_cite_prints_each_form(run: Any) -> None:
    citation = eaps.cite()
    assert run("cite").out == run("cite", "--format", "text").out == citation.text + "\n"
    assert run("cite", "--format", "bibtex").out == citation.bibtex
    assert json.loads(run("cite", "--format", "csl-json").out) == [citation.csl]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["invented"], "invalid choice: 'invented'"),
        (["list", "citys"], "invalid choice: 'citys'"),
        (["show", "reveer"], "unknown dataset key 'reveer' (did you mean 'revere'"),
        (["show", "City of Northampton"], "municipalities/northampton, partners/city-of-northampton"),
        (["search", ""], "the query contains no words"),
        (["schema", "programm"], "did you mean 'program'"),
        (["why", "reveer"], "unknown dataset key 'reveer' (did you mean 'revere'"),
        (["why", "BHU", "gaols"], "unknown programs field value 'gaols' (did you mean 'goals'?)"),
        (["diff", "pyproject.tom", "x"], "pyproject.tom: there is no such file (did you mean 'pyproject.toml'?)"),
        (["diff", "pyproject.toml/x", "x"], "pyproject.toml/x: cannot be read: "),
        (["diff", "9.9.9", "x"], "unknown data_version value '9.9.9'"),
        (["cite", "--format", "ris"], "invalid choice: 'ris'"),
        (["check", "a", "b"], "unrecognized arguments: b"),
        (["validate"], "the following arguments are required: FILE"),
        (["validate", "--type", "citys", "x.json"], "invalid choice: 'citys'"),
        (["validate", "--format", "xml", "x.json"], "invalid choice: 'xml'"),
    ],
    ids=str,
)
def test_wrong_usage_is_one_message_and_exit_2(run: Any, arguments: list[str], message: str) -> None:
    printed = run(*arguments)
    assert printed.code == 2
    assert message in printed.err
    assert printed.err.count("eaps-data") <= 2  # argparse's usage line, and the message
    assert "Traceback" not in printed.err
    assert not printed.out


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no-such-file.json", "there is no such file"),
        ("*.nothing", "no file matches"),
        ("tests/node/package.txt", "there is no such file"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit"])
def test_an_input_that_cannot_be_read_is_exit_2_in_every_report(run: Any, name: str, message: str, form: str) -> None:
    printed = run("validate", "--format", form, name)
    assert printed.code == 2
    assert message in printed.out


def test_an_unreadable_file_does_not_hide_the_problems_of_the_others(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "partners.json"
    path.write_text('[{"id": "A", "name": "A"}]')
    for names in (("no-such-file.json", str(path)), (str(path), "no-such-file.json")):
        printed = run("validate", *names)
        assert printed.code == 2
        assert "no-such-file.json: there is no such file" in printed.out
        assert "expected an id" in printed.out
        assert printed.out.endswith("1 file, 1 record checked: 1 error, 1 file unreadable\n")


def test_standard_input_is_checked_as_what_it_is_said_to_be() -> None:
    command = [sys.executable, "-m", "eaps_data", "validate", "-", "--as", "csv"]
    ran = subprocess.run(command, input=b"id,name,kind\na,A,ofice\n", capture_output=True, check=False)
    assert ran.returncode == 1
    assert ran.stdout.startswith(b"-:2:5: partners/a, kind: \"ofice\" is none of its terms (did you mean 'office'?)")


def test_warnings_do_not_fail(run: Any, tmp_path: Path) -> None:
    document = json.loads(eaps.load().to_json())
    document["sources"].append({"id": "unused", "title": "Never cited"})
    path = tmp_path / "dataset.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    printed = run("validate", str(path))
    assert printed.code == 0
    assert "warning: sources/unused: no evidence comes from this source" in printed.out
    assert printed.out.endswith("checked: valid, 1 warning\n")


def test_a_defect_of_ours_is_exit_3_with_what_to_report(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(eaps, "load", broken)
    printed = run("show", "revere-bhu")
    assert printed.code == 3
    assert "boom" in printed.err
    assert "please report it" in printed.err


def test_an_interrupt_is_clean(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(eaps, "load", interrupted)
    printed = run("show", "revere-bhu")
    assert (printed.code, printed.out, printed.err) == (130, "", "")


@pytest.mark.skipif(os.name != "posix", reason="pipes close differently elsewhere")
def test_a_closed_pipe_is_silent() -> None:
    reading, writing = os.pipe()
    os.close(reading)  # nobody will ever read
    with subprocess.Popen(
        [sys.executable, "-m", "eaps_data", "list", "evidence"], stdout=writing, stderr=subprocess.PIPE
    ) as started:
        os.close(writing)
        _, err = started.communicate()
    assert err == b""
    assert started.returncode == 141


@pytest.mark.skipif(os.name != "posix", reason="signals differ elsewhere")
def test_control_c_ends_a_process_without_a_traceback() -> None:
    code = (
        "import os, signal, sys, eaps_data; from eaps_data import cli\n"
        "eaps_data.load = lambda: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.argv = ['eaps-data', 'show', 'revere-bhu']; cli.run()"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (128 + signal.SIGINT, b"", b"")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_any_console_encoding_will_do(encoding: str) -> None:
    shown = process("show", "LLEAPS", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert shown.returncode == 0
    written = {"ascii": rb"LLEAPS n\u2019 BOUNDS", "cp1252": b"LLEAPS n\x92 BOUNDS"}
    assert written.get(encoding, "LLEAPS n\u2019 BOUNDS".encode()) in shown.stdout
    as_json = process("show", "LLEAPS", "--json", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert json.loads(as_json.stdout.decode(encoding)) == eaps.programs["LLEAPS"].model_dump(mode="json")


def test_the_installed_command_is_this_one() -> None:
    command = Path(sys.executable).with_name("eaps-data")
    ran = subprocess.run([command, "--version"], capture_output=True, check=True, text=True)
    assert ran.stdout == f"eaps-data {eaps.__version__}\n"


def test_a_warning_is_one_line_for_the_user(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def warn(_: object) -> int:
        warnings.warn("the id was renamed", UserWarning, stacklevel=1)
        return 0

    monkeypatch.setattr("eaps_data.cli.records.show", warn)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert cli.main(["show", "revere"]) == 0
    assert capsys.readouterr().err == "eaps-data: warning: the id was renamed\n"
