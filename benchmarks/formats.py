"""Measure writing and reading each lossless format, and print the ratios as Markdown tables.

    python benchmarks/formats.py                          # 36,000 municipalities; needs 16 GB of memory
    python benchmarks/formats.py --municipalities 3600    # fewer
    python benchmarks/formats.py --write                  # also updates the tables in docs/performance.md

The first table compares `Dataset.from_path` of each format with `Dataset.from_file` of the same dataset as JSON. The
second one compares with a plain library that writes and reads the same rows, without keys, types or checks. Except for
the sizes, every number says how many times as long `eaps-data` takes: 1 is as long, 2 twice as long.
"""

import argparse
import csv
import gc
import json
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import openpyxl
import pyarrow as pa
import report
import synthetic
import timing
from pyarrow import parquet

import eaps_data as eaps
from eaps_data.export import LosslessName

Tables = dict[str, list[Any]]
"""The rows of each table, as a plain library reads them."""


def _read_csv(path: Path) -> Tables:
    tables: Tables = {}
    for file in path.iterdir():
        with file.open(encoding="utf-8", newline="") as stream:
            tables[file.name] = list(csv.reader(stream))
    return tables


def _write_csv(tables: Tables, path: Path) -> None:
    path.mkdir()
    for name, rows in tables.items():
        with (path / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)


def _read_jsonl(path: Path) -> Tables:
    tables: Tables = {}
    for file in path.iterdir():
        with file.open(encoding="utf-8") as stream:
            tables[file.name] = list(map(json.loads, stream))
    return tables


def _write_jsonl(tables: Tables, path: Path) -> None:
    path.mkdir()
    for name, rows in tables.items():
        with (path / name).open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(row) + "\n" for row in rows)


def _read_json(path: Path) -> Tables:
    return json.loads(path.read_bytes())  # type: ignore[no-any-return]


def _write_json(tables: Tables, path: Path) -> None:
    path.write_text(json.dumps(tables, indent=2), encoding="utf-8")


def _read_parquet(path: Path) -> Tables:
    return {file.name: parquet.read_table(file).to_pylist() for file in path.iterdir()}


def _write_parquet(tables: Tables, path: Path) -> None:
    path.mkdir()
    for name, rows in tables.items():
        parquet.write_table(pa.Table.from_pylist(rows), path / name, compression="zstd")


def _read_sqlite(path: Path) -> Tables:
    with closing(sqlite3.connect(path)) as database:
        names = database.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'")
        return {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in names.fetchall()}  # noqa: S608 - our names


def _write_sqlite(tables: Tables, path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        for number, rows in enumerate(filter(None, tables.values())):
            database.execute(f"CREATE TABLE t{number} ({', '.join(f'c{index}' for index in range(len(rows[0])))})")
            database.executemany(f"INSERT INTO t{number} VALUES ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608 - our names
        database.commit()


def _read_xlsx(path: Path) -> Tables:
    book = openpyxl.load_workbook(path, read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def _write_xlsx(tables: Tables, path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


PLAIN: Final[Mapping[LosslessName, tuple[str, Callable[[Path], Tables], Callable[[Tables, Path], None]]]] = {
    "json": ("json", _read_json, _write_json),
    "csv": ("csv", _read_csv, _write_csv),
    "jsonl": ("json", _read_jsonl, _write_jsonl),
    "parquet": ("pyarrow", _read_parquet, _write_parquet),
    "sqlite": ("sqlite3", _read_sqlite, _write_sqlite),
    "xlsx": ("openpyxl", _read_xlsx, _write_xlsx),
}
"""For each format, the plain library and the functions that read and write with it."""
TARGETS: Final = {"csv": 1.5, "jsonl": 1.5, "parquet": 1.5, "sqlite": 1.5, "xlsx": 8}
"""How many times as long as JSON each format may take to load."""


def loading(municipalities: int, rounds: int) -> Iterator[tuple[str, ...]]:
    """Yield how long each format takes to load, compared with JSON."""
    dataset = eaps.Dataset.from_json(synthetic.document(municipalities))
    with TemporaryDirectory() as folder:
        paths: dict[LosslessName, Path] = {name: _path(folder, name) for name in PLAIN}
        for name, path in paths.items():
            eaps.export.write(name, path, dataset)
        del dataset
        runs: dict[str, Any] = {name: partial(eaps.Dataset.from_path, path) for name, path in paths.items()}
        times = timing.best({**runs, "json": partial(eaps.Dataset.from_file, paths["json"])}, rounds)
    for key, target in TARGETS.items():
        yield f"`Dataset.from_path` of {key}", report.ratio(times[key] / times["json"], target, at_most=True)


def exports(dataset: eaps.Dataset, skip: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield how long writing and reading takes, compared with the plain library; and the size, compared with JSON."""
    gc.freeze()  # else each garbage collection walks through the whole dataset
    json_size = 0
    for name, (library, read, write) in PLAIN.items():
        if name in skip:
            yield name, library, "excluded", "", ""
            continue
        _progress(f"exports: {name}")
        with TemporaryDirectory() as folder:
            path, plain_path = _path(folder, name), _path(folder, name, "plain")
            try:
                ours = timing.seconds(partial(eaps.export.write, name, path, dataset))
            except eaps.ExportError as error:
                yield name, library, f"skipped: {error.reason}", "", ""
                continue
            tables = read(path)
            theirs = timing.seconds(partial(write, tables, plain_path))
            del tables
            our_reading = timing.seconds(partial(eaps.Dataset.from_path, path))
            their_reading = timing.seconds(partial(read, path))
            size = _size(path)
        json_size = json_size or size
        ratios = (ours / theirs, our_reading / their_reading, size / json_size)
        yield name, library, *(f"{ratio:.2f}" for ratio in ratios)


def _path(folder: str, name: str, stem: str = "dataset") -> Path:
    """Return a path with the suffix of a format, or without one for the formats that are folders."""
    return Path(folder, f"{stem}.{name}" if name in {"json", "sqlite", "xlsx"} else f"{stem}-{name}")


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.iterdir()) if path.is_dir() else path.stat().st_size


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print the tables, and update the page if requested."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--municipalities", type=int, default=36_000, help="size of the dataset to export")
    parser.add_argument("--loaded", type=int, default=1_000, help="municipalities in the dataset to load")
    parser.add_argument("--rounds", type=int, default=5, help="how often each format is loaded")
    parser.add_argument("--skip", nargs="*", choices=PLAIN, default=[], help="formats not to export")
    parser.add_argument("--quick", action="store_true", help="tiny datasets, one round")
    parser.add_argument("--write", action="store_true", help="update docs/performance.md")
    options = parser.parse_args()
    if options.quick:
        options.municipalities, options.loaded, options.rounds = 5, 5, 1
    _progress("loading")
    loading_head = (f"{options.loaded:,} municipalities", "times as long as `Dataset.from_file` of JSON")
    loading_table = report.table(loading_head, loading(options.loaded, options.rounds))
    dataset = eaps.Dataset.from_json(synthetic.document(options.municipalities))
    head = ("format", "plain library", "writing, times as long", "reading, times as long", "size, to `json`")
    exports_table = report.table(head, exports(dataset, options.skip))
    size = f"{options.municipalities:,} municipalities, {sum(map(len, dataset.to_rows().values())):,} records"
    versions = [f"{name} {version(name)}" for name in ("pyarrow", "XlsxWriter", "python-calamine")]
    measured = report.measured(
        f"eaps-data {version('eaps-data')}",
        f"Python {platform.python_version()}",
        *versions,
        f"SQLite {sqlite3.sqlite_version}",
    )
    print(loading_table, f"{exports_table}\n\nThe exported dataset has {size}. {measured}", sep="\n\n")
    if options.write:
        report.update("measured loading", loading_table)
        report.update("measured exports", f"{exports_table}\n\nThe exported dataset has {size}. {measured}")


if __name__ == "__main__":
    main()
