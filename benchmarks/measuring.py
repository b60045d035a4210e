"""How it is measured: all that are compared take turns, round by round, so that a busy moment is everyone's."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final, Self, TypeAlias

HERE: Final = Path(__file__).parent
OURS: Final = (sys.executable, "-c", "from eaps_data.cli import run; run()", "validate")
"""What the command `eaps-data validate` runs, with this Python."""
THEIRS: Final = (sys.executable, "-c", "from check_jsonschema import main; main()")
"""What the command `check-jsonschema` runs, with this Python."""
_PEAK: Final = """
import sys
from eaps_data.cli import main
code = main(["validate", *sys.argv[1:]])
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(status["VmHWM"].split()[0], file=sys.stderr)
sys.exit(code)
"""

Command: TypeAlias = tuple[Sequence[str], Mapping[str, str] | None]
"""The words of a command, and the environment that it runs in; ours where None."""


class SkippedError(Exception):
    """Something cannot be measured; the message says why."""


class Contestant:
    """A process that validates a file as often as it is asked, and times itself."""

    def __init__(self, command: Sequence[str], records: int) -> None:
        """Start it.

        Args:
            command: what speaks as contestants.py does.
            records: how many records there are to accept.
        """
        self._records = records
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def version(self) -> str:
        """Wait until it is ready, and say what it is.

        Raises:
            SkippedError: when it cannot run.
        """
        answer = self._answer()
        if "skipped" in answer:
            raise SkippedError(answer["skipped"])
        return str(answer["version"])

    def seconds(self) -> float:
        """Validate once, and say how long it took for each record."""
        if self._process.stdin is None:
            raise RuntimeError("the process was started without its standard input")
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        answer = self._answer()
        if answer["records"] != self._records:
            raise RuntimeError(f"{self._process.args!r} accepted {answer['records']} records of {self._records}")
        return float(answer["seconds"]) / self._records

    def _answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended; what it wrote to stderr says why")
        answer: dict[str, Any] = json.loads(line)
        return answer


def best(contestants: Mapping[str, tuple[Sequence[str], int]], rounds: int) -> dict[str, tuple[str, float | None]]:
    """The best time for a record of each contestant, with its version; without a time, why it was skipped.

    A first run is not counted: what is made once, such as the engines, is made in it.

    Args:
        contestants: by name, the command and how many records its file holds.
        rounds: how often each validates its file.
    """
    found: dict[str, tuple[str, float | None]] = {}
    ready: dict[str, Callable[[], float]] = {}
    with ExitStack() as stack:
        started = {name: stack.enter_context(Contestant(*each)) for name, each in contestants.items()}
        for name, contestant in started.items():
            try:
                found[name] = contestant.version(), None
            except SkippedError as error:
                found[name] = str(error), None
            else:
                ready[name] = contestant.seconds
        in_turns(ready, 1)
        for name, times in in_turns(ready, rounds).items():
            found[name] = found[name][0], min(times)
    return found


def in_turns(runs: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Run all, as often as there are rounds, every other round backwards; and give the times of each."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds):
        for name in reversed([*runs]) if number % 2 else runs:
            times[name].append(runs[name]())
    return times


def medians(commands: Mapping[str, Command], rounds: int) -> dict[str, float]:
    """The median time of each command, from its start to its end, after one that is not counted."""

    def timed(words: Sequence[str], environment: Mapping[str, str] | None) -> float:
        begun = perf_counter()
        _run(words, environment)
        return perf_counter() - begun

    runs = {name: lambda command=command: timed(*command) for name, command in commands.items()}
    in_turns(runs, 1)
    return {name: median(times) for name, times in in_turns(runs, rounds).items()}


def peak(file: Path, environment: Mapping[str, str] | None = None) -> float:
    """The most memory, in MB, that the validation of a file has held in its process.

    Raises:
        SkippedError: where the system does not tell.
    """
    if not Path("/proc/self/status").exists():
        raise SkippedError("this system does not tell a process's peak of memory in /proc")
    # Not by resource.getrusage: on Linux, a new process inherits the peak of the one that started it.
    ended = _run((sys.executable, "-c", _PEAK, str(file)), environment)
    return int(ended.stderr.split()[-1]) / 1024


def without_extra() -> dict[str, str]:
    """The environment in which no process finds the modules of the extra `fast`."""
    folders = [str(HERE / "without_extra"), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}


def _run(words: Sequence[str], environment: Mapping[str, str] | None) -> subprocess.CompletedProcess[str]:
    # A user's Python keeps compiled code; one that must not would compile ours anew each time, and not the peers'.
    usual = {key: value for key, value in (environment or os.environ).items() if key != "PYTHONDONTWRITEBYTECODE"}
    ended = subprocess.run(words, env=usual, capture_output=True, encoding="utf-8", check=False)
    if ended.returncode:
        raise RuntimeError(f"{words!r} ended with {ended.returncode}: {ended.stdout}{ended.stderr}")
    return ended
