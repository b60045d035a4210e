"""Measure `eaps-data validate` against other validators, and print the ratios as a Markdown table.

    python benchmarks/validation.py            # prints
    python benchmarks/validation.py --write    # also updates the tables in docs/performance.md
    python benchmarks/validation.py --quick    # takes seconds, to show that it runs; ignore its numbers

Every number says how many times as fast `eaps-data` is. Rows that cannot be measured are skipped with the reason.
"""

import argparse
import json
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import report
import synthetic
import timing
from competitors import VALIDATORS, schema_of

HERE: Final = Path(__file__).parent
NODE: Final = HERE.parent / "tests" / "node"
OURS, AJV, CHECK = "eaps-data", "ajv", "check-jsonschema"
PEERS: Final = (*(name for name in VALIDATORS if name != OURS), AJV, CHECK)
SLOW: Final = {"jsonschema", "frictionless"}
"""These validate a twentieth of the records; the time per record is compared."""


@dataclass(frozen=True, slots=True)
class Workload:
    """A file of records, and the validators to compare with, each with its target."""

    name: str
    type: str
    suffix: str
    peers: dict[str, float | None]


ENGINES: Final[dict[str, float | None]] = {
    "pydantic": 0.9,
    "jsonschema-rs with orjson": None,
    AJV: None,
    "jsonschema": None,
}
WORKLOADS: Final = (
    Workload("JSON Lines of programs", "programs", ".jsonl", ENGINES),
    Workload("JSON Lines of evidence", "evidence", ".jsonl", ENGINES),
    Workload("a JSON array of programs", "programs", ".json", ENGINES),
    Workload("a dataset document", "dataset", ".json", ENGINES),
    Workload("CSV of programs", "programs", ".csv", {"frictionless": None}),
)
WHOLE_PROCESS: Final = {
    "one small file, whole process": 2,
    "a large JSON array, whole process": 10,
    "the same, without the starts": 10,
}
"""The rows that compare commands, with their targets."""

Row = tuple[str, str, str]


class Benchmark:
    """One run of all measurements, in a temporary folder."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        """Measure with files in `folder`, with the options of the command line."""
        self._folder, self._options = folder, options
        self.versions: list[str] = []

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the table as they are measured."""
        for workload in WORKLOADS:
            yield from self._throughput(workload)
        yield from self._whole_process()

    def memory(self) -> Iterator[tuple[str, ...]]:
        """Yield the peak memory for files of growing size.

        Raises:
            SkippedError: if the system does not report it.
        """
        for name, table, suffix in (
            ("JSON Lines of programs", "programs", ".jsonl"),
            ("JSON Lines of evidence", "evidence", ".jsonl"),
            ("CSV of programs", "programs", ".csv"),
        ):
            peaks: list[float] = []
            for size in self._options.memory:
                _progress(f"memory: {name}, {size} MB")
                file = self._large(table, suffix, size * 1_000_000)
                peaks.append(timing.peak_memory(file))
                file.unlink()
            yield name, *(f"{peak:.0f} MB" for peak in peaks), f"{peaks[-1] / peaks[0]:.2f}"

    def _throughput(self, load: Workload) -> Iterator[Row]:
        file, count = self._file(load.type, load.suffix, self._options.records)
        small_file, small_count = self._file(load.type, load.suffix, max(100, self._options.records // 20))
        workers: dict[str, tuple[Sequence[str], int]] = {}
        skipped: dict[str, str] = {}
        for name in (OURS, *load.peers):
            path, records = (small_file, small_count) if name in SLOW else (file, count)
            try:
                workers[name] = self._command(name, load.type, path), records
            except timing.SkippedError as error:
                skipped[name] = str(error)
        _progress(f"{load.name}: {count:,} records")
        results = timing.best_of_workers(workers, self._options.rounds)
        _, ours = results[OURS]
        for name, target in load.peers.items():
            text, theirs = results.get(name, (skipped.get(name, ""), None))
            if theirs is None or ours is None:
                yield load.name, name, f"skipped: {text}"
            else:
                self.versions.append(text)
                yield load.name, name, report.ratio(theirs / ours, target)

    def _command(self, name: str, type_: str, file: Path) -> list[str]:
        """Return the command that runs a validator.

        Raises:
            SkippedError: if it is excluded or not installed.
        """
        if name in self._options.skip:
            raise timing.SkippedError("excluded")
        if name != AJV:
            return [sys.executable, str(HERE / "competitors.py"), name, type_, str(file)]
        node = shutil.which("node")
        if node is None:
            raise timing.SkippedError("node is not installed")
        if not (NODE / "node_modules" / "ajv").is_dir():
            raise timing.SkippedError("ajv is not installed; run npm ci --prefix tests/node")
        return [node, str(HERE / "ajv.mjs"), str(NODE), str(self._schema(type_, file.suffix)), str(file)]

    def _whole_process(self) -> Iterator[Row]:
        """Compare with check-jsonschema from the start of the process to its end: a small file and a large one."""
        reason = "excluded" if CHECK in self._options.skip else None
        if reason is None and find_spec("check_jsonschema") is None:
            reason = "check_jsonschema is not installed"
        if reason is not None:
            yield from ((name, CHECK, f"skipped: {reason}") for name in WHOLE_PROCESS)
            return
        self.versions.append(f"{CHECK} {version(CHECK)}")
        small, _ = self._file("programs", ".json", 14)
        large, count = self._file("programs", ".json", self._options.records)
        _progress(f"whole process: {count:,} records")
        starts = self._medians(small, 3 * self._options.rounds)
        wholes = self._medians(large, min(3, self._options.rounds))
        rests = {name: whole - starts[name] for name, whole in wholes.items()}
        for (name, target), times in zip(WHOLE_PROCESS.items(), (starts, wholes, rests), strict=True):
            if min(times.values()) > 0:
                yield name, CHECK, report.ratio(times[CHECK] / times[OURS], target)
            else:  # a start varies by more than a small file takes
                yield name, CHECK, "skipped: the file is too small to measure"

    def _medians(self, file: Path, rounds: int) -> dict[str, float]:
        schema = str(self._schema("programs", ".json"))
        commands = {
            CHECK: (*timing.CHECK_JSONSCHEMA, "--schemafile", schema, str(file)),
            OURS: (*timing.VALIDATE, str(file)),
        }
        return timing.median_of_commands(commands, rounds)

    def _file(self, type_: str, suffix: str, records: int) -> tuple[Path, int]:
        """Write a file of about so many records, and return it with their number."""
        file = self._folder / f"{type_}-{records}{suffix}"
        with file.open("wb") as out:
            if type_ == "dataset":
                return file, synthetic.write_document(out, max(1, records // 72))  # about 72 records per municipality
            return file, synthetic.WRITERS[suffix](out, islice(synthetic.rows(type_, records), records))

    def _large(self, table: str, suffix: str, size: int) -> Path:
        """Write a file of about so many bytes, in which each record has its own id."""
        sample, count = self._file(table, suffix, self._options.records)
        copies = max(1, size // sample.stat().st_size)
        file = self._folder / f"{table}-large{suffix}"
        records = [*islice(synthetic.rows(table, count), count)]
        with file.open("wb") as out:
            synthetic.WRITERS[suffix](out, synthetic.copied(records, copies))
        return file

    def _schema(self, type_: str, suffix: str) -> Path:
        file = self._folder / f"{type_}{suffix}.schema.json"
        file.write_text(json.dumps(schema_of(type_, suffix)), encoding="utf-8")
        return file


def tables(benchmark: Benchmark, sizes: Sequence[int]) -> str:
    """Measure everything, and return the results as Markdown."""
    parts = [report.table(("checked", "compared with", "times as fast"), benchmark.rows())]
    if sizes:
        head = ("peak memory, checking", *(f"{size} MB" for size in sizes), "largest to smallest")
        try:
            parts.append(report.table(head, benchmark.memory()))
        except timing.SkippedError as error:
            parts.append(f"Memory was not measured: {error}.")
    parts.append(report.measured(f"{OURS} {version(OURS)}", f"Python {platform.python_version()}", *benchmark.versions))
    return "\n\n".join(parts)


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print the tables, and update the page if requested."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=30_000, help="number of records in a file")
    parser.add_argument("--rounds", type=int, default=5, help="number of rounds")
    parser.add_argument(
        "--memory", type=int, nargs="*", metavar="MB", default=[20, 100, 400], help="file sizes for peak memory"
    )
    parser.add_argument("--skip", nargs="*", choices=PEERS, default=[], help="validators to exclude")
    parser.add_argument("--quick", action="store_true", help="tiny files, one round")
    parser.add_argument("--write", action="store_true", help="update docs/performance.md")
    options = parser.parse_args()
    if options.quick:
        options.records, options.rounds, options.memory = 200, 1, [1, 2]
    with TemporaryDirectory() as folder:
        text = tables(Benchmark(Path(folder), options), options.memory)
    print(text)
    if options.write:
        report.update("measured", text)


if __name__ == "__main__":
    main()
