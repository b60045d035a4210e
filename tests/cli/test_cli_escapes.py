"""No control character, change of direction or command to a CI service is printed, whatever data and names hold."""

import io
import json
import re
import sys
import unicodedata
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data.cli.output import EscapedStream
from support.commands import Runner

NASTY = "::error::\x1b[31mred\u202eemit\u2066\r\n::warning::x ##[group]y\x07\x9b2J\u2028z"
SENDABLE = NASTY.translate({ord(one): " " for one in "\x1b\x07\x9b\r\n\u2028"})  # what a record may hold
COMMAND = re.compile(r"\s*::|.*##\[")


def hostile_characters(text: str) -> list[str]:
    """Return the characters that a terminal would act on."""
    return [
        one for one in text if one not in "\t\n" and unicodedata.category(one) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
    ]


def assert_harmless(printed: str, *, has_commands: bool = False) -> None:
    assert hostile_characters(printed) == []
    commands = [line for line in printed.split("\n") if COMMAND.match(line)]
    if has_commands:
        commands = [line for line in commands if not re.match(r"::(error|warning|notice) (file=[^:,]+,)?[^:]*::", line)]
    assert commands == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with hostile names: a valid dataset, an invalid one, a page, and records of a table."""
    folder = tmp_path_factory.mktemp("hostile")
    document = json.loads(eaps.load().to_json())
    for table in ("municipalities", "programs", "partners"):
        for number, record in enumerate(document[table]):
            record["name"] = f"{SENDABLE} {number}"
    (folder / "valid.json").write_text(json.dumps(document), encoding="utf-8")
    document["programs"][0] |= {"status": NASTY, NASTY: NASTY, "id": NASTY}
    document["schema_version"] = NASTY
    (folder / f"{NASTY.replace('/', '')}.json").write_text(json.dumps(document), encoding="utf-8")
    (folder / "partners.csv").write_text(f'id,name,{NASTY[:8]}\n"{NASTY}","{NASTY}",x\n', encoding="utf-8", newline="")
    (folder / "partners.jsonl").write_bytes(b"\x1b[31m\n" + json.dumps({"id": NASTY, NASTY: 1}).encode())
    (folder / "page.txt").write_text(f"Town of Nowhere\n{NASTY}\n" * 40, encoding="utf-8", newline="")
    return folder


@pytest.mark.parametrize("report_format", ["text", "json", "github", "sarif", "junit"])
def test_reports(run: Runner, folder: Path, report_format: str) -> None:
    printed = run("validate", "--format", report_format, str(folder), NASTY, f"{NASTY}*")
    assert printed.code == 2
    assert_harmless(printed.out + printed.err, has_commands=report_format == "github")
    if report_format in {"json", "sarif"}:
        assert json.loads(printed.out)
    assert_harmless(run("check", "--format", report_format, str(folder)).out, has_commands=report_format == "github")


@pytest.mark.parametrize(
    "command",
    [
        *(f"{command} NASTY" for command in ("show", "why", "why BHU", "search", "list", "schema", "plot", "upgrade")),
        *(f"{command} NASTY" for command in ("verify", "draft", "export", "validate --type", "--NASTY")),
        *(f"diff valid.json {new}{option}" for new in ("NASTY", "2.0.0") for option in ("", " --json")),
        *(f"{command} page.txt" for command in ("verify", "verify --json", "draft")),
        "search NASTY --json",
        "list partners --name-contains NASTY",
        "export csv NASTY/out",
        *(f"{command} --from NASTY.json" for command in ("list programs", "show a", "search a", "why a")),
        "export --from NASTY.json csv out",
        "plot --from NASTY.json map out.svg",
        "export --from partners.jsonl csv out",
        "NASTY",
    ],
)
def test_other_commands(run: Runner, folder: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    printed = run(*(word.replace("NASTY", NASTY.replace("/", "")) for word in command.split()))
    assert printed.code in {0, 1, 2}
    assert printed.out + printed.err
    assert_harmless(printed.out + printed.err)


def test_a_bug_is_escaped(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError(NASTY)

    monkeypatch.setattr("eaps_data.tables.dataset.load", broken)
    printed = run("show", "revere-bhu")
    assert printed.code == 3
    assert_harmless(printed.err)


def test_what_other_code_prints_is_escaped(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def chatty(_: object) -> int:
        sys.stdout.write(NASTY)
        sys.stdout.writelines([NASTY, "\n"])
        return 0

    monkeypatch.setattr("eaps_data.cli.records.show", chatty)
    printed = run("show", "revere-bhu")
    assert printed.out.count("red") == 2
    assert_harmless(printed.out)


def test_a_stream_escapes_commands_only_where_a_line_begins() -> None:
    out = io.StringIO()
    stream = EscapedStream(out)
    for text in ("a", "::b\n", "::c", "\n", "", " ::d", " ##[e]\n"):
        stream.write(text)
    stream.writelines(["::f\n", "g::\n"])
    assert out.getvalue() == "a::b\n\\x3a:c\n \\x3a:d \\x23#[e]\n\\x3a:f\ng::\n"


@pytest.mark.parametrize(
    "command",
    [
        *("list partners", "list partners --json", "list partners --format csv", "show BHU", "why BHU"),
        *("search peer --json", "diff 2.0.0 2.0.0", "cite", "cite --format bibtex"),
        *("validate -", "validate --format sarif -", "check --format junit"),
    ],
)
def test_output_goes_to_a_file_in_utf8(
    run: Runner, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def words(*more: str) -> list[str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'[{"id": "a", "nmae": "\xe2\x80\x99"}]')))
        return [*command.split(), *more]

    file = tmp_path / "out"
    file.write_text("old", encoding="utf-8")
    printed = run(*words())
    code, out, err = run(*words("--output", str(file)))
    assert (code, out, err) == (printed.code, "", printed.err)
    assert file.read_bytes() == printed.out.encode()
    assert [*tmp_path.iterdir()] == [file]
    code, out, err = run(*words("--output", str(tmp_path / "missing" / "out")))
    assert (code, out) == (2, "")
    assert "missing does not exist; create it first" in err


@pytest.mark.parametrize("command", ["list partners", "show revere-bhu --json", "schema Program"])
def test_output_to_a_hyphen_is_standard_output(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*command.split(), "--output", "-") == run(*command.split())
    assert not [*tmp_path.iterdir()]


def test_a_failed_command_leaves_the_output_file_alone(run: Runner, tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.write_text("old", encoding="utf-8")
    assert run("show", "nothing", "--output", str(file)).code == 2
    assert file.read_text(encoding="utf-8") == "old"
    assert [*tmp_path.iterdir()] == [file]


def test_the_packaged_data_needs_no_escapes() -> None:
    assert hostile_characters(json.dumps(json.loads(eaps.load().to_json()), ensure_ascii=False)) == []
