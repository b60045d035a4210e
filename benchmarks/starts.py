"""Measure the first import and the first record on several Pythons and in Pyodide, and print the ratios as Markdown.

    python benchmarks/starts.py                                         # this Python
    python benchmarks/starts.py --python ~/venv314/bin/python           # and another one that has the package
    python benchmarks/starts.py --pyodide wheels                        # and Pyodide, with the wheels of a folder
    python benchmarks/starts.py --write                                 # also updates the table in docs/performance.md

The folder for Pyodide needs the wheels of eaps-data, micropip, and pydantic for Pyodide (docs/pyodide.md). Each time is
taken inside a new process, so that the start of the interpreter does not count.
"""

import argparse
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import report
import timing

import eaps_data as eaps

NODE: Final = Path(__file__).parents[1] / "tests" / "node" / "pyodide.mjs"
HEAD: Final = (
    "in a new process",
    "`import eaps_data`, to `from pydantic import BaseModel`",
    "the first record, to pydantic with the same models and data",
)
_CODES: Final[Mapping[str, str]] = {
    "pydantic": "from pydantic import BaseModel",
    "models": "from eaps_data.models.records import DatasetDocument; DatasetDocument.model_validate_json(text)",
    "import": "import eaps_data",
    "record": "import eaps_data; eaps_data.programs['revere-bhu']",
}
_TIMED: Final = """
import platform
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
text = Path(find_spec("eaps_data").origin).with_name("releases").joinpath({release!r}).read_bytes()
start = perf_counter()
{code}
print(perf_counter() - start, platform.python_version())
"""


def row(name: str, command: Callable[[str], list[str]], rounds: int) -> tuple[str, str, str]:
    """Return a Python's name and version, and its ratios of the first import and of the first record."""
    release = f"{eaps.load().release.data_version}.json"
    commands = {each: command(_TIMED.format(release=release, code=code)) for each, code in _CODES.items()}
    versions: set[str] = set()

    def time(words: Sequence[str]) -> float:
        seconds, python = timing.run_command(words).stdout.split()
        versions.add(python)
        return float(seconds)

    turns = timing.take_turns({each: partial(time, words) for each, words in commands.items()}, rounds)
    times = {each: median(counted) for each, counted in turns.items()}
    return (
        f"{name} {', '.join(versions)}",
        report.ratio(times["import"] / times["pydantic"]),
        report.ratio(times["record"] / times["models"]),
    )


def in_python(words: Sequence[str], code: str) -> list[str]:
    """Return the command that runs code in a Python."""
    return [*words, "-c", code]


def in_pyodide(wheels: Path, folder: Path, code: str) -> list[str]:
    """Return the command that runs code in Pyodide."""
    file = folder / f"{len([*folder.iterdir()])}.py"
    file.write_text(code, encoding="utf-8")
    return ["node", str(NODE), str(wheels.resolve()), str(file)]


def main() -> None:
    """Measure, print, and update the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", default=[], help="the command of another Python (repeatable)")
    parser.add_argument("--pyodide", type=Path, metavar="WHEELS", help="a folder of wheels to install in Pyodide")
    parser.add_argument("--rounds", type=int, default=15, help="how often each is measured (default: 15)")
    parser.add_argument("--write", action="store_true", help="update docs/performance.md")
    parser.add_argument("--quick", action="store_true", help="measure once, to show that it runs; ignore its numbers")
    options = parser.parse_args()
    rounds = 1 if options.quick else options.rounds
    pythons = [[sys.executable], *map(shlex.split, options.python)]
    rows = [row("Python", partial(in_python, words), rounds) for words in pythons]
    if options.pyodide:
        with TemporaryDirectory() as folder:
            rows.append(row("Pyodide", partial(in_pyodide, options.pyodide, Path(folder)), rounds))
    text = f"{report.table(HEAD, rows)}\n\n{report.measured(f'eaps-data {eaps.__version__}')}"
    print(text)
    if options.write:
        report.update("measured starts", text)


if __name__ == "__main__":
    main()
