"""Measure the exports and the way back beside the plain library that writes and reads the same rows.

    python benchmarks/exporting.py                          # 36,000 municipalities; needs 16 GB of memory
    python benchmarks/exporting.py --municipalities 3600    # fewer
    python benchmarks/exporting.py --write                  # and replaces the table in docs/performance.md

Every number but the sizes says how many times as long ours takes: 1 is as long, 2 twice as long.
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
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import openpyxl
import pages
import pyarrow as pa
import synthetic
from pyarrow import parquet

from eaps_data import Dataset
from eaps_data.errors import ExportError
from eaps_data.export import FORMATS, write
from eaps_data.formats import columns as tidy
from eaps_data.models.table_specs import TABLES

PAGE: Final = Path(__file__).parents[1] / "docs" / "performance.md"
MARKS: Final = ("<!-- measured exports -->", "<!-- end of measured exports -->")

Rows = Mapping[str, tuple[list[str], list[tuple[Any, ...]]]]
"""The columns and rows of each table."""


def _write_csv(rows: Rows, path: Path) -> None:
    path.mkdir()
    for name, (columns, held) in rows.items():
        with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([columns, *held])


def _read_csv(path: Path) -> None:
    for file in path.iterdir():
        with file.open(encoding="utf-8", newline="") as stream:
            list(csv.reader(stream))


def _write_jsonl(rows: Rows, path: Path) -> None:
    path.mkdir()
    for name, (columns, held) in rows.items():
        with (path / f"{name}.jsonl").open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(dict(zip(columns, row, strict=True))) + "\n" for row in held)


def _read_jsonl(path: Path) -> None:
    for file in path.iterdir():
        with file.open(encoding="utf-8") as stream:
            list(map(json.loads, stream))


def _write_json(rows: Rows, path: Path) -> None:
    plain = {name: [dict(zip(columns, row, strict=True)) for row in held] for name, (columns, held) in rows.items()}
    path.write_text(json.dumps(plain, indent=2), encoding="utf-8")


def _read_json(path: Path) -> None:
    json.loads(path.read_bytes())


def _write_sqlite(rows: Rows, path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        for name, (columns, held) in rows.items():
            database.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
            database.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", held)  # noqa: S608 - our names
        database.commit()


def _read_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            database.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 - our names


def _write_parquet(rows: Rows, path: Path) -> None:
    path.mkdir()
    for name, (columns, held) in rows.items():
        table = pa.table(dict(zip(columns, map(list, zip(*held, strict=True)), strict=True))) if held else pa.table({})
        parquet.write_table(table, path / f"{name}.parquet", compression="zstd")


def _read_parquet(path: Path) -> None:
    for file in path.iterdir():
        parquet.read_table(file).to_pylist()


def _write_xlsx(rows: Rows, path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    for name, (columns, held) in rows.items():
        sheet = book.create_sheet(name)
        for row in (columns, *held):
            sheet.append(row)
    book.save(path)


def _read_xlsx(path: Path) -> None:
    for sheet in openpyxl.load_workbook(path, read_only=True):
        list(sheet.iter_rows(values_only=True))


PLAIN: Final[Mapping[str, tuple[str, Callable[[Rows, Path], None], Callable[[Path], None]]]] = {
    "csv": ("csv", _write_csv, _read_csv),
    "json": ("json", _write_json, _read_json),
    "jsonl": ("json", _write_jsonl, _read_jsonl),
    "parquet": ("pyarrow", _write_parquet, _read_parquet),
    "sqlite": ("sqlite3", _write_sqlite, _read_sqlite),
    "xlsx": ("openpyxl", _write_xlsx, _read_xlsx),
}
"""The plain library of each format: what writes rows, and what reads them into plain Python."""


def rows(dataset: Dataset, skip: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """A line of the table for each format."""
    whole, apart = _rows(dataset, apart=False), _rows(dataset, apart=True)
    gc.freeze()  # else each look for garbage goes through all of it
    smallest: int | None = None
    for name in ("json", *(each for each in PLAIN if each != "json")):
        if name in skip:
            yield name, PLAIN[name][0], "left out", "", ""
            continue
        library, write_plain, read_plain = PLAIN[name]
        with TemporaryDirectory() as folder:
            path = Path(folder, "ours" if FORMATS[name].folder else f"ours{FORMATS[name].suffix}")
            plain = path.with_stem("plain")
            print(name, file=sys.stderr, flush=True)
            try:
                written = _seconds(partial(write, name, path, dataset))
            except ExportError as error:
                yield name, library, f"skipped: {error.reason}", "", ""
                continue
            held = apart if name in {"csv", "sqlite", "xlsx"} else whole
            by_plain = _seconds(partial(write_plain, held, plain))
            read = _seconds(partial(Dataset.from_path, path))
            read_by_plain = _seconds(partial(read_plain, plain))
            size = _size(path)
            smallest = smallest or size
        yield name, library, f"{written / by_plain:.2f}", f"{read / read_by_plain:.2f}", f"{size / smallest:.2f}"


def _rows(dataset: Dataset, *, apart: bool) -> Rows:
    """The rows of all tables; lists apart, in tables of their own, or in their cells."""
    found: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
    for table in tidy.tables():
        records = tidy.records_of(dataset.document, table.name)
        for part in tidy.relations(table.name) if apart else (table,):
            found[part.name] = [column.name for column in part.columns], list(part.rows(records))
    return found


def _seconds(run: Callable[[], object]) -> float:
    gc.collect()
    begun = perf_counter()
    run()
    return perf_counter() - begun


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.iterdir()) if path.is_dir() else path.stat().st_size


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--municipalities", type=int, default=36_000, help="how many the dataset has")
    parser.add_argument("--skip", nargs="*", choices=PLAIN, default=[], help="formats that are left out")
    parser.add_argument("--write", action="store_true", help="replace the table in the page")
    options = parser.parse_args(arguments)
    dataset = Dataset.from_json(synthetic.document(options.municipalities))
    count = sum(len(getattr(dataset, table)) for table in TABLES)
    head = ("format", "plain library", "writing, times as long", "reading back, times as long", "size, to `json`")
    text = pages.table(head, rows(dataset, options.skip))
    told = f"eaps-data {version('eaps-data')}, Python {platform.python_version()}, pyarrow {pa.__version__}"
    told += f", openpyxl {openpyxl.__version__}, SQLite {sqlite3.sqlite_version}"
    data = f"{options.municipalities:,} municipalities, {count:,} records in all"
    text += f"\n\nMeasured on {datetime.now(UTC).date()} with {data}; {told}."
    print(text)
    if options.write:
        pages.write(PAGE, MARKS, text)


if __name__ == "__main__":
    main()
