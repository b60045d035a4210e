"""Measure `eaps-data validate` against what one would take instead, and print the ratios as a table in Markdown.

    python benchmarks/validation.py            # prints
    python benchmarks/validation.py --write    # and replaces the table in docs/performance.md
    python benchmarks/validation.py --quick    # shows in seconds that it runs; its numbers mean nothing

Every number says how many times as fast ours is. What cannot be measured is skipped, and the table says why.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import measuring
import pages
import synthetic
from contestants import CONTESTANTS, FAST, schema_of

from eaps_data._internal import resources

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "performance.md"
MARKS: Final = ("<!-- measured -->", "<!-- end of what is measured -->")
NODE: Final = ROOT / "tests" / "node"

PLAIN, EXTRA = "eaps-data", "eaps-data[fast]"
AJV, CHECK = "ajv", "check-jsonschema"
PEERS: Final = (*(name for name in CONTESTANTS if name not in {PLAIN, EXTRA}), AJV, CHECK)
SLOW: Final = {"jsonschema", "frictionless"}
"""These validate a part of the records only; the time for a record is what is compared."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: how many times as fast ours is, without the extra and with it."""

    checked: str
    peer: str
    ratios: tuple[float | None, float | None] = (None, None)
    targets: tuple[float | None, float | None] = (None, None)
    skipped: str | None = None

    def cells(self) -> tuple[str, str, str, str]:
        """The texts of its cells."""
        if self.skipped is not None:
            return self.checked, self.peer, f"skipped: {self.skipped}", ""
        first, second = map(_told, self.ratios, self.targets)
        return self.checked, self.peer, first, second


def _told(ratio: float | None, target: float | None) -> str:
    if ratio is None:
        return "skipped"
    text = f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"  # noqa: PLR2004 - three digits tell enough
    return text if target is None else f"{text} (target {target:g}: {'met' if ratio >= target else 'not met'})"


@dataclass(frozen=True, slots=True)
class Workload:
    """A file of records, and whom ours is compared with."""

    name: str
    kind: str
    form: str
    peers: dict[str, tuple[float | None, float | None]]
    """Each peer, with the targets without the extra and with it."""


ENGINES: Final[dict[str, tuple[float | None, float | None]]] = {
    "pydantic": (0.9, None),
    "jsonschema-rs with orjson": (None, 0.8),
    AJV: (None, None),
    "jsonschema": (None, None),
}
WORKLOADS: Final = (
    Workload("JSON Lines of programs", "programs", ".jsonl", ENGINES),
    Workload("JSON Lines of evidence", "evidence", ".jsonl", ENGINES),
    Workload("a JSON array of programs", "programs", ".json", ENGINES),
    Workload("a dataset document", "dataset", ".json", ENGINES),
    Workload("CSV of programs", "programs", ".csv", {"frictionless": (None, None)}),
)


class Benchmark:
    """One run of all, in a folder that is thrown away."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        """Measure with files in `folder`, as the command line says."""
        self._folder, self._options = folder, options
        self.versions: dict[str, str] = {}

    def rows(self) -> Iterator[Row]:
        """All lines of the table, each as it is measured."""
        for workload in WORKLOADS:
            yield from self._throughput(workload)
        yield from self._whole_process()
        yield self._jobs()

    def memory(self) -> Iterator[tuple[str, list[float]]]:
        """For each form of file, the peaks of memory over files of growing size.

        Raises:
            SkippedError: where the system does not tell.
        """
        for name, table, form in (
            ("JSON Lines of programs", "programs", ".jsonl"),
            ("JSON Lines of evidence", "evidence", ".jsonl"),
            ("CSV of programs", "programs", ".csv"),
        ):
            peaks: list[float] = []
            for size in self._options.memory:
                file = self._large(table, form, size * 1_000_000)
                _progress(f"memory: {name}, {size} MB")
                peaks.append(measuring.peak(file))
                file.unlink()
            yield name, peaks

    def _throughput(self, load: Workload) -> Iterator[Row]:
        records = self._options.records
        file, count = self._file(load.kind, load.form, records)
        some, few = self._file(load.kind, load.form, max(100, records // 20))
        contestants: dict[str, tuple[Sequence[str], int]] = {}
        skipped: dict[str, str] = {}
        for name in (PLAIN, EXTRA, *load.peers):
            taken, held = (some, few) if name in SLOW else (file, count)
            try:
                contestants[name] = self._command(name, load.kind, taken), held
            except measuring.SkippedError as error:
                skipped[name] = str(error)
        _progress(f"{load.name}: {count:,} records")
        found = measuring.best(contestants, self._options.rounds)
        ours = [found[name][1] for name in (PLAIN, EXTRA)]
        for name, targets in load.peers.items():
            told, theirs = found.get(name, (skipped.get(name), None))
            if theirs is None:
                yield Row(load.name, name, skipped=told)
                continue
            self.versions[name] = told or ""
            plain, extra = (None if each is None else theirs / each for each in ours)
            yield Row(load.name, name, (plain, extra), targets)

    def _command(self, name: str, kind: str, file: Path) -> list[str]:
        """What runs a contestant.

        Raises:
            SkippedError: when it is not to run, or cannot.
        """
        if name in self._options.skip:
            raise measuring.SkippedError("left out")
        if name != AJV:
            return [sys.executable, str(measuring.HERE / "contestants.py"), name, kind, str(file)]
        node = shutil.which("node")
        if node is None:
            raise measuring.SkippedError("node is not installed")
        if not (NODE / "node_modules" / "ajv").is_dir():
            raise measuring.SkippedError("ajv is not installed; run npm ci --prefix tests/node")
        return [node, str(measuring.HERE / "ajv.mjs"), str(NODE), str(self._schema(kind, file.suffix)), str(file)]

    def _whole_process(self) -> Iterator[Row]:
        """Against check-jsonschema, from a process's start to its end: one small file, and a large one."""
        small, large = "one small file, whole process", "a large JSON array, whole process"
        rest = "the same, without the starts"
        reason = "left out" if CHECK in self._options.skip else None
        if reason is None and find_spec("check_jsonschema") is None:
            reason = "check_jsonschema is not installed"
        if reason is not None:
            yield from (Row(checked, CHECK, skipped=reason) for checked in (small, large, rest))
            return
        self.versions[CHECK] = f"{CHECK} {version(CHECK)}"
        file = self._folder / "small.json"
        file.write_bytes(resources.data("programs"))
        _progress(small)
        starts = self._medians(file, 3 * self._options.rounds)
        yield Row(small, CHECK, _ratios(starts), (2, 4))
        file, count = self._file("programs", ".json", self._options.records)
        _progress(f"{large}: {count:,} records")
        wholes = self._medians(file, min(3, self._options.rounds))
        yield Row(large, CHECK, _ratios(wholes), (10, 10))
        rests = {name: whole - starts[name] for name, whole in wholes.items()}
        yield Row(rest, CHECK, _ratios(rests), (10, 10))

    def _medians(self, file: Path, rounds: int) -> dict[str, float]:
        commands: dict[str, measuring.Command] = {
            CHECK: ((*measuring.THEIRS, "--schemafile", str(self._schema("programs", ".json")), str(file)), None),
            **self._ours(str(file)),
        }
        return measuring.medians(commands, rounds)

    def _ours(self, *words: str) -> dict[str, measuring.Command]:
        """Our command without the extra and, where it is installed, with it."""
        commands: dict[str, measuring.Command] = {PLAIN: ((*measuring.OURS, *words), measuring.without_extra())}
        if all(find_spec(name) for name in FAST):
            commands[EXTRA] = ((*measuring.OURS, *words), None)
        return commands

    def _jobs(self) -> Row:
        """Two processes against one, on a large file."""
        size = self._options.large
        checked, peer = f"JSON Lines of programs, {size} MB, whole process, `--jobs 2`", "`--jobs 1`"
        told = subprocess.run((*measuring.OURS, "--help"), capture_output=True, encoding="utf-8", check=True).stdout
        if "--jobs" not in told:
            return Row(checked, peer, skipped="`eaps-data validate` has no option `--jobs`")
        if (os.cpu_count() or 1) < 2:  # noqa: PLR2004 - two are what it is about
            return Row(checked, peer, skipped="there is one processor only")
        file = self._large("programs", ".jsonl", size * 1_000_000)
        _progress(checked)
        commands = {
            f"{name} {jobs}": ([*words, "--jobs", jobs], environment)
            for name, (words, environment) in self._ours(str(file)).items()
            for jobs in ("1", "2")
        }
        times = measuring.medians(commands, min(3, self._options.rounds))
        file.unlink()
        plain, extra = (_ratio(times.get(f"{name} 1"), times.get(f"{name} 2")) for name in (PLAIN, EXTRA))
        return Row(checked, peer, (plain, extra), (1.7, 1.7))

    def _file(self, kind: str, form: str, records: int) -> tuple[Path, int]:
        """A file of about so many records, and their number."""
        file = self._folder / f"{kind}-{records}{form}"
        if kind == "dataset":
            with file.open("wb") as out:
                return file, synthetic.write_document(out, max(1, records // 72))  # so many come with a municipality
        with file.open("wb") as out:
            return file, synthetic.WRITERS[form](out, islice(synthetic.rows(kind, records), records))

    def _large(self, kind: str, form: str, size: int) -> Path:
        """A file of about so many bytes, in which each record has an id of its own."""
        sample, count = self._file(kind, form, self._options.records)
        copies = max(1, size // sample.stat().st_size)
        file = self._folder / f"{kind}-large{form}"
        rows = [*islice(synthetic.rows(kind, count), count)]
        with file.open("wb") as out:
            synthetic.WRITERS[form](out, synthetic.copied(rows, copies))
        return file

    def _schema(self, kind: str, form: str) -> Path:
        file = self._folder / f"{kind}{form}.schema.json"
        file.write_text(json.dumps(schema_of(kind, form)), encoding="utf-8")
        return file


def _ratios(times: dict[str, float]) -> tuple[float | None, float | None]:
    return _ratio(times[CHECK], times[PLAIN]), _ratio(times[CHECK], times.get(EXTRA))


def _ratio(theirs: float | None, ours: float | None) -> float | None:
    return theirs / ours if theirs and ours and ours > 0 else None


def tables(benchmark: Benchmark, sizes: Sequence[int]) -> str:
    """Measure all, and write what is found as Markdown."""
    head = ("checked", "compared with", f"`{PLAIN}`", f"`{EXTRA}`")
    lines = [pages.table(head, (row.cells() for row in benchmark.rows()))]
    if sizes:
        lines += ["", *_memory(benchmark, sizes)]
    python = f"Python {platform.python_version()}"
    date = datetime.now(UTC).date()
    told = ", ".join(dict.fromkeys([f"{PLAIN} {version(PLAIN)}", python, *benchmark.versions.values()]))
    return "\n".join([*lines, "", f"Measured on {date} with {told}."])


def _memory(benchmark: Benchmark, sizes: Sequence[int]) -> Iterator[str]:
    head = ("the most memory held, checking", *(f"{size} MB" for size in sizes), "largest to smallest")
    try:
        rows = [
            (name, *(f"{peak:.0f} MB" for peak in peaks), f"{peaks[-1] / peaks[0]:.2f}")
            for name, peaks in benchmark.memory()
        ]
    except measuring.SkippedError as error:
        yield f"Memory: skipped: {error}."
        return
    yield pages.table(head, rows)


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print or write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=30_000, help="how many records a file holds")
    parser.add_argument("--rounds", type=int, default=5, help="how often each takes its turn")
    parser.add_argument("--large", type=int, default=400, metavar="MB", help="the size of the file for --jobs")
    parser.add_argument("--memory", type=int, nargs="*", metavar="MB", help="sizes (20 100 400); none: skip")
    parser.add_argument("--skip", nargs="*", choices=PEERS, default=[], help="peers that are left out")
    parser.add_argument("--quick", action="store_true", help="tiny files, one round")
    parser.add_argument("--write", action="store_true", help=f"replace the tables in {PAGE.relative_to(ROOT)}")
    options = parser.parse_args(arguments)
    if options.quick:
        options.records, options.rounds, options.large = 200, 1, 1
    if options.memory is None:
        options.memory = [1, 2] if options.quick else [20, 100, 400]
    with TemporaryDirectory() as folder:
        text = tables(Benchmark(Path(folder), options), options.memory)
    print(text)
    if options.write:
        pages.write(PAGE, MARKS, text)


if __name__ == "__main__":
    main()
