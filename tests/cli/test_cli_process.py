"""A command as a process: exit codes, encodings, and streams that are closed, full or not read."""

import json
import os
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data._internal import resources
from eaps_data.cli.exit_codes import MEANINGS, ExitCode
from eaps_data.schemas.typescript import typescript
from eaps_data.validation.report import FORMATS
from support.commands import Runner, process

posix_only = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")


def test_every_exit_code_that_users_meet_has_a_meaning() -> None:
    assert [*MEANINGS] == [ExitCode.OK, ExitCode.INVALID, ExitCode.UNUSABLE, ExitCode.DEFECT] == [0, 1, 2, 3]


def test_the_installed_command_is_this_one() -> None:
    command = Path(sys.executable).with_name("eaps-data")
    ran = subprocess.run([command, "--version"], capture_output=True, check=True, text=True)
    assert ran.stdout == f"eaps-data {eaps.__version__}\n"


def test_a_bug_is_exit_3_with_what_to_report(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("eaps_data.tables.dataset.load", broken)
    printed = run("show", "revere-bhu")
    assert (printed.code, printed.out) == (3, "")
    assert "RuntimeError: boom" in printed.err
    assert "please report it" in printed.err


def test_an_interrupt_is_quiet(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("eaps_data.tables.dataset.load", interrupted)
    assert run("show", "revere-bhu") == (130, "", "")


@posix_only
def test_control_c_ends_a_process_without_a_traceback() -> None:
    code = (
        "import os, signal, sys; from eaps_data import cli; from eaps_data.tables import dataset\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs of a shell ignore it\n"
        "dataset.load = lambda: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.argv = ['eaps-data', 'show', 'revere-bhu']; cli.run()"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (128 + signal.SIGINT, b"", b"")


INTERRUPTED = """
import itertools, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs of a shell ignore it
sys.argv = ["eaps-data", *sys.argv[2:]]
number, count = int(sys.orig_argv[3]), itertools.count(1)
def hook(event, _):
    if event in {"import", "open", "compile"} and next(count) == number:
        os.kill(os.getpid(), signal.SIGINT)
from eaps_data.cli import run
sys.addaudithook(hook)
run()
"""
"""A process that presses Ctrl-C at the n-th event of its command."""


@posix_only
@pytest.mark.parametrize(
    "number", [1, 4, 16, 64, 256, *(pytest.param(number, marks=pytest.mark.slow) for number in range(3, 500, 25))]
)
def test_control_c_is_quiet_at_any_moment(number: int, tmp_path: Path) -> None:
    command = ["export", "csv", str(tmp_path / "out")]
    ended = subprocess.run([sys.executable, "-c", INTERRUPTED, str(number), *command], capture_output=True, check=False)
    assert (ended.stdout, ended.stderr) == (b"", b"")
    assert ended.returncode in {128 + signal.SIGINT, -signal.SIGINT, 0}
    assert [*tmp_path.iterdir()] == ([] if ended.returncode else [tmp_path / "out"])


@posix_only
def test_control_c_after_the_command_ends_the_process() -> None:
    code = (
        "import os, signal, sys; from eaps_data import cli\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "exit, sys.exit = sys.exit, lambda code: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.argv = ['eaps-data', '--version']; cli.run()"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, b"")


@posix_only
def test_control_c_stays_ignored_in_the_background() -> None:
    code = (
        "import os, signal, sys; from eaps_data import cli\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "exit, sys.exit = sys.exit, lambda code: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.argv = ['eaps-data', '--version']; cli.run(); exit(7)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 7


@posix_only
@pytest.mark.parametrize(
    "command", ["list partners", "validate --format junit -", "export csv out", "verify -", "plot map map.svg"]
)
def test_no_environment_is_needed(command: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "eaps_data", *command.split()],
        input=b"{}",
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(eaps.__file__).parents[1])},  # no HOME, PATH, LANG, TMPDIR
    )
    assert ran.returncode in {0, 1, 2}
    assert b"Traceback" not in ran.stderr


def test_a_warning_is_one_line(monkeypatch: pytest.MonkeyPatch, run: Runner) -> None:
    def warn(_: object) -> ExitCode:
        warnings.warn("the id was renamed", UserWarning, stacklevel=1)
        return ExitCode.OK

    monkeypatch.setattr("eaps_data.cli.records.show", warn)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert run("show", "revere") == (0, "", "eaps-data: warning: the id was renamed\n")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_text_fits_the_encoding_of_the_console(encoding: str) -> None:
    shown = process("show", "LLEAPS", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert shown.returncode == 0
    expected = {"ascii": rb"LLEAPS n\u2019 BOUNDS", "cp1252": b"LLEAPS n\x92 BOUNDS"}
    assert expected.get(encoding, "LLEAPS n\u2019 BOUNDS".encode()) in shown.stdout


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_what_programs_read_is_utf8_in_any_console(encoding: str, tmp_path: Path) -> None:
    def output(*arguments: str) -> bytes:
        printed: bytes = process(*arguments, PYTHONIOENCODING=encoding, PYTHONUTF8="0").stdout
        return printed

    shown = output("show", "LLEAPS", "--json")
    assert shown == process("show", "LLEAPS", "--json", PYTHONUTF8="1").stdout
    assert "LLEAPS n\u2019 BOUNDS" in json.loads(shown)["aliases"]
    assert output("schema") == resources.schema("dataset")
    assert output("schema", "--typescript") == typescript().encode()
    file = tmp_path / "town\u2019s.json"
    file.write_text("[]", encoding="utf-8")
    for name in ("json", "github", "sarif", "junit"):
        report = output("validate", "--format", name, str(file))
        assert ("town%E2%80%99s" if name == "sarif" else "town\u2019s").encode() in report


BUFFERED = {"PYTHONUNBUFFERED": ""}
COMMANDS = ["list evidence", "list evidence --json", "cite", "schema", "--help", "list --help"]


def shell(script: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a script in which `E` is the command."""
    define = f'E() {{ "{sys.executable}" -m eaps_data "$@"; }}; '
    return subprocess.run(
        ["/bin/sh", "-c", define + script], capture_output=True, check=False, env={**os.environ, **environment}
    )


@posix_only
@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_pipe_is_quiet(command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)  # nobody will ever read
    with subprocess.Popen(
        [sys.executable, "-m", "eaps_data", *command.split()],
        stdout=writing,
        stderr=subprocess.PIPE,
        env={**os.environ, **BUFFERED},
    ) as started:
        os.close(writing)
        _, err = started.communicate()
    assert err == b""
    assert started.returncode == 141


@posix_only
@pytest.mark.parametrize("command", COMMANDS)
def test_closed_output_is_quiet(command: str) -> None:
    ran = shell(f"E {command} >&-")
    assert (ran.returncode, ran.stderr) == (0, b"")


@posix_only
@pytest.mark.parametrize(
    ("script", "code", "message"),
    [
        ("E verify - <&-", 2, b"eaps-data: -: cannot be read: Bad file descriptor\n"),
        ("E draft - <&-", 2, b"eaps-data: -: cannot be read: Bad file descriptor\n"),
        ("E validate - <&- >&2", 2, b"-: cannot be read: Bad file descriptor\n0 files checked: 1 file unreadable\n"),
        ("E show nothing 2>&-", 2, b""),
        ("E list partners <&- >&- 2>&-", 0, b""),
        ("echo '[{}]' | E validate --type partners - >&-", 1, b""),
        *((f"echo '[{{}}]' | E validate --type partners --format {name} - >&-", 1, b"") for name in FORMATS),
        ("E list partners --json >&-", 0, b""),
        ("E schema >&- 2>&-", 0, b""),
        ("E cite --format bibtex --output /dev/null/x <&- >&- 2>&-", 2, b""),
        ("E nothing >&- 2>&-", 2, b""),
    ],
)
def test_closed_streams_keep_the_exit_code(script: str, code: int, message: bytes) -> None:
    ran = shell(script)
    assert (ran.returncode, ran.stdout, ran.stderr) == (code, b"", message)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_one_message(command: str) -> None:
    ran = shell(f"E {command} >/dev/full", **BUFFERED)
    assert (ran.returncode, ran.stderr) == (2, b"eaps-data: standard output: No space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_message_that_cannot_be_written_keeps_the_exit_code() -> None:
    assert shell("E show nothing 2>/dev/full").returncode == 2


@posix_only
@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["upgrade", "/dev/zero"], "/dev/zero: it has more than 536,870,912 bytes; split it, or use JSON Lines or CSV"),
        (["export", "csv", "out"], "No such file or directory"),
    ],
)
def test_an_error_of_a_file_does_not_name_standard_output(command: list[str], message: str, tmp_path: Path) -> None:
    folder = tmp_path / "removed"
    folder.mkdir()
    # Python 3.13 cannot load pydantic's core once the current folder is gone.
    code = (
        "import os, sys, pydantic; from eaps_data.cli import main; os.rmdir(os.getcwd()); sys.exit(main(sys.argv[1:]))"
    )
    ran = subprocess.run([sys.executable, "-c", code, *command], cwd=folder, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr.decode()) == (2, f"eaps-data: {message}\n")
