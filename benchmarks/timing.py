"""Timing: all candidates take turns, round by round, so that a busy moment of the machine affects each of them."""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final, Self

VALIDATE: Final = (sys.executable, "-c", "from eaps_data.cli import run; run()", "validate")
"""The command `eaps-data validate`."""
CHECK_JSONSCHEMA: Final = (sys.executable, "-c", "from check_jsonschema import main; main()")
"""The command `check-jsonschema`."""
_PEAK: Final = """
import sys
from eaps_data.cli import main
code = main(["validate", *sys.argv[1:]])
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(status["VmHWM"].split()[0], file=sys.stderr)
sys.exit(code)
"""


class SkippedError(Exception):
    """A measurement is not possible; the message says why."""


class Worker:
    """A process that validates a file whenever it reads a line, and reports the time; see competitors.py."""

    def __init__(self, command: Sequence[str], records: int) -> None:
        """Start the process.

        Args:
            command: the command of the process.
            records: the number of records that it must accept.
        """
        self._records = records
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def version(self) -> str:
        """Wait until the process is ready, and return the version of its validator.

        Raises:
            SkippedError: if the validator is not installed.
        """
        reply = self._read()
        if "skipped" in reply:
            raise SkippedError(reply["skipped"])
        return str(reply["version"])

    def run(self) -> float:
        """Validate the file once, and return the seconds per record."""
        if self._process.stdin is None:
            raise RuntimeError("the process was started without standard input")
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        reply = self._read()
        if reply["records"] != self._records:
            raise RuntimeError(f"{self._process.args!r} accepted {reply['records']} of {self._records} records")
        return float(reply["seconds"]) / self._records

    def _read(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended; its stderr says why")
        reply: dict[str, Any] = json.loads(line)
        return reply


def best_of_workers(
    workers: Mapping[str, tuple[Sequence[str], int]], rounds: int
) -> dict[str, tuple[str, float | None]]:
    """Return each worker's version and best time per record; without a time, the reason why it was skipped.

    Args:
        workers: by name, the command and the number of records in its file.
        rounds: how often each validates its file; one more run warms it up.
    """
    results: dict[str, tuple[str, float | None]] = {}
    ready: dict[str, Callable[[], float]] = {}
    with ExitStack() as stack:
        started = {name: stack.enter_context(Worker(*each)) for name, each in workers.items()}
        for name, worker in started.items():
            try:
                results[name] = worker.version(), None
            except SkippedError as error:
                results[name] = str(error), None
            else:
                ready[name] = worker.run
        for name, times in take_turns(ready, rounds).items():
            results[name] = results[name][0], min(times)
    return results


def best(runs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the best time of each function in seconds, after a run that is not counted: it builds indexes."""
    timed = {name: (lambda run=run: seconds(run)) for name, run in runs.items()}
    return {name: min(times) for name, times in take_turns(timed, rounds).items()}


def median_of_commands(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, float]:
    """Return the median time of each command from its start to its end, after a run that is not counted."""
    timed = {name: (lambda words=words: seconds(lambda: run_command(words))) for name, words in commands.items()}
    return {name: median(times) for name, times in take_turns(timed, rounds).items()}


def seconds(run: Callable[[], object]) -> float:
    """Return how long one run takes."""
    gc.collect()
    start = perf_counter()
    run()
    return perf_counter() - start


def peak_memory(file: Path) -> float:
    """Return the most memory, in MB, that the process uses to validate a file.

    Raises:
        SkippedError: if the system does not report it.
    """
    if not Path("/proc/self/status").exists():
        raise SkippedError("this system does not report a process's peak memory in /proc")
    # Not resource.getrusage: on Linux, a new process inherits the peak of its parent.
    ended = run_command((sys.executable, "-c", _PEAK, str(file)))
    return int(ended.stderr.split()[-1]) / 1024


def take_turns(runs: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Run all once without counting, then in each round, every other round backwards; return the times of each."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name in reversed([*runs]) if number % 2 else runs:
            times[name].append(runs[name]())
    return {name: counted for name, (_, *counted) in times.items()}


def run_command(words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command.

    Raises:
        RuntimeError: if it fails.
    """
    # With PYTHONDONTWRITEBYTECODE, each start would compile our modules again, but not those of the peers.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    ended = subprocess.run(words, env=environment, capture_output=True, encoding="utf-8", check=False)
    if ended.returncode:
        raise RuntimeError(f"{words!r} ended with {ended.returncode}: {ended.stdout}{ended.stderr}")
    return ended
