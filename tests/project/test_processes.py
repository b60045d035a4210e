"""Many threads and processes at once, forks, and unusual settings of the interpreter."""

import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data.cli.datasets import _PACKAGE
from support import sample

SOURCES = str(Path(eaps.__file__).parents[1])
RUN = f"import sys; sys.path.insert(0, {SOURCES!r}); from eaps_data.cli import run; run()"
COMMANDS = [
    "list partners --format csv",
    "search peer",
    f"why BHU --from {sample.VERSION}",
    "validate --type partners -",
]


def run(
    command: str, options: Sequence[str] = (), data: bytes = b"[{}]", cwd: str | None = None, **environment: str
) -> tuple[int, bytes, bytes]:
    ran = subprocess.run(
        [sys.executable, *options, "-c", RUN, *command.split()],
        input=data,
        capture_output=True,
        check=False,
        cwd=cwd,
        env={**os.environ, **environment},
    )
    return ran.returncode, ran.stdout, ran.stderr


@cache
def usual(command: str) -> tuple[int, bytes, bytes]:
    return run(command)


def python(code: str) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {SOURCES!r})\n{code}"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_waits_for_a_thread_that_loads() -> None:
    code = """
import os, threading
from eaps_data.tables import dataset
begun, packaged = threading.Event(), dataset._packaged
def load_slowly():
    begun.set()
    return packaged()
dataset._packaged = load_slowly
loader = threading.Thread(target=dataset.load)
loader.start()
begun.wait()
process = os.fork()
if process == 0:
    os._exit(0 if len(dataset._loaded) == 1 and dataset.load() is dataset._loaded[0] else 1)
_, status = os.waitpid(process, 0)
loader.join()
print(os.waitstatus_to_exitcode(status), dataset.load() is dataset._loaded[0])
"""
    ran = python(f"import warnings; warnings.simplefilter('ignore')\n{code}")  # Python 3.12 warns of forks with threads
    assert (ran.stdout, ran.stderr) == ("0 True\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_waits_for_a_thread_that_imports() -> None:
    code = """
import os, sys, threading
import eaps_data
begun = threading.Event()
def hook(event, args):
    if event == "import" and args[0] == "pydantic":
        begun.set()
sys.addaudithook(hook)
loader = threading.Thread(target=lambda: eaps_data.programs)
loader.start()
begun.wait()
process = os.fork()
if process == 0:
    os._exit(0 if "programs" in vars(eaps_data) and eaps_data.municipalities[0] in eaps_data.municipalities else 1)
_, status = os.waitpid(process, 0)
loader.join()
print(os.waitstatus_to_exitcode(status))
"""
    ran = python(f"import warnings; warnings.simplefilter('ignore')\n{code}")
    assert (ran.stdout, ran.stderr) == ("0\n", "")


def test_fifty_threads_load_once() -> None:
    code = """
import threading
import eaps_data
start, found = threading.Barrier(50), []
names = ["programs", "municipalities", "load", "search", "partners"]
def work(number):
    start.wait()
    getattr(eaps_data, names[number % 5])
    found.append(eaps_data.load())
threads = [threading.Thread(target=work, args=[number]) for number in range(50)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(found), len({*map(id, found)}))
"""
    ran = python(code)
    assert (ran.stdout, ran.stderr) == ("50 1\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_twenty_processes_replace_one_export(name: str, tmp_path: Path) -> None:
    target = tmp_path / ("out" if name == "jsonl" else "out.json")
    command = [sys.executable, "-c", RUN, "export", name, str(target), "--force"]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(20)]
    ended = [(each.communicate()[1], each.returncode) for each in started]
    assert ended == [(f"{target}: the dataset as {name}\n".encode(), 0)] * 20
    assert eaps.Dataset.from_path(target) == eaps.Dataset.from_path(_PACKAGE)  # as the processes see it
    assert [*tmp_path.iterdir()] == [target]


@pytest.mark.parametrize("options", [["-OO"], ["-I"], ["-W", "error"], ["-bb"]], ids=" ".join)
def test_options_of_the_interpreter_change_nothing(options: list[str]) -> None:
    for command in COMMANDS:
        assert run(command, options) == usual(command)


@pytest.mark.parametrize("digits", ["0", "640"])
@pytest.mark.parametrize("format_", ["json", "jsonl", "yaml", "csv"])
def test_a_number_beyond_the_limit_of_digits_is_a_problem(format_: str, digits: str) -> None:
    for number in (640, 641, 100_000):
        year = "9" * number
        data = f'{{"id": "a", "name": "A", "municipality": "b", "kind": "team", "started_year": {year}}}'
        if format_ == "csv":
            data = f"id,name,municipality,kind,started_year\na,A,b,team,{year}\n"
        command = f"validate --type programs --as {format_} -"
        code, out, err = run(command, data=data.encode(), PYTHONINTMAXSTRDIGITS=digits)
        assert (code, err) == (1, b"")
        assert out.startswith(b"-:2:12: " if format_ == "csv" else b"-:1:79: ")
        assert b"too long" in out or b"expected a whole number" in out


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc, a file system that cannot be written")
def test_nothing_is_written_to_a_read_only_file_system() -> None:
    for command in COMMANDS:
        assert run(command, cwd="/proc", TMPDIR="/proc", HOME="/proc") == usual(command)
    code, _, message = run("export json /proc/eaps.json", TMPDIR="/proc")
    assert code == 2
    assert message.startswith(b"eaps-data: /proc/eaps.json: cannot be written: ")
