"""Corrupt exports at random, read them back, and count the outcomes.

    cd tests && python -m support.corruption [CASES] [SEED]

Each case is an export in one format with something changed: bytes, or cells, rows, columns and tables. Reading it may
give the data that is stored there, as a plain reader of the format finds it, or an `InvalidDataError` whose problems
have places, or an `OSError`. Everything else, such as a value that is lost in silence, is a failure.
"""

import csv
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple, TypeAlias

import openpyxl
import pyarrow as pa
from pyarrow import parquet

import eaps_data as eaps
from eaps_data.errors import InvalidDataError
from eaps_data.formats.columns import Column, ItemTable, Table, relations, tables
from eaps_data.formats.registry import LOSSLESS
from eaps_data.models.table_specs import TABLE_SPECS

OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "csv": {},
    "csv for Excel": {"excel": True},
    "csv with semicolons": {"delimiter": ";"},
    "csv with tabs": {"delimiter": "\t", "excel": True},
    **{name: {} for name in ("datapackage", "json", "jsonl", "parquet", "sqlite", "xlsx")},
}
"""The formats, and the options of their exports."""
FORMATS: Final = tuple(OPTIONS)
EQUAL, REFUSED, UNREADABLE = "data as stored", "refused", "unreadable"
_AT_ONCE: Final = 250

Row: TypeAlias = tuple[Any, ...]
Relations: TypeAlias = dict[str, Any]
"""The rows of each table and of each list's table, with each cell as text."""
Grid: TypeAlias = list[list[Any]]
"""The cells of a table, its header included."""


class Failure(NamedTuple):
    """A case whose outcome is not allowed."""

    format: str
    seed: str
    what: str


# What is stored, and what was read


def text_of(column: Column | None, cell: Any) -> str:
    """Return a cell as text that is the same for equal values of all formats."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if column is not None and column.type in {"integer", "number", "boolean"}:
        if column.type == "boolean":
            return {0: "false", 1: "true"}.get(cell, str(cell).lower())
        try:
            return repr(float(cell))
        except (TypeError, ValueError, OverflowError):
            return str(cell)
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat()).removesuffix("T00:00:00")
    return str(cell)


def related(rows: Mapping[str, Sequence[dict[str, Any]]]) -> Relations:
    """Return the rows of all tables and lists of nested records."""
    found: Relations = {}
    for table in tables():
        for part in relations(table.name):
            if isinstance(part, ItemTable):
                items = [
                    (str(row.get("id")), repr(float(position)), text_of(part.columns[-1], item))
                    for row in rows.get(table.name, ())
                    for position, item in enumerate(_at(row, part.columns[-1].path) or (), start=1)
                ]
                found[part.name] = sorted(items)
            else:
                found[part.name] = [
                    tuple(text_of(column, _at(row, column.path)) for column in part.columns)
                    for row in rows.get(table.name, ())
                ]
    return found


def _at(row: Any, path: Sequence[str]) -> Any:
    for step in path:
        row = None if row is None else row.get(step)
    return row


def from_grids(grids: Mapping[str, Grid]) -> Relations:
    """Return the rows of tables of cells; empty rows, and empty columns without a name, are left out."""
    found: Relations = {}
    for table in tables():
        for part in relations(table.name):
            header, *rows = grids.get(part.name) or [[]]
            names = [str(name) if name is not None else "" for name in header]
            held = []
            for row in rows:
                if any(cell not in {None, ""} for cell in row):
                    cells = dict(zip(names, row, strict=False))
                    held.append(tuple(text_of(column, cells.get(column.name)) for column in part.columns))
                    extra = {name for name, cell in cells.items() if cell not in {None, ""}}
                    assert extra <= {column.name for column in part.columns}, f"{part.name} has more cells: {extra}"
            found[part.name] = sorted(held) if isinstance(part, ItemTable) else held
    return found


# Formats: how the cells of an export are read and written by a plain reader and writer


def _csv_grids(path: Path, delimiter: str = ",") -> dict[str, Grid]:
    grids: dict[str, Grid] = {}
    for file in sorted(path.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            grids[file.stem] = [[_unquoted(cell) for cell in row] for row in csv.reader(stream, delimiter=delimiter)]
    return grids


def _unquoted(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in {*"=+-@\uff1d\uff0b\uff0d\uff20"} else cell


def _write_csv(grids: Mapping[str, Grid], path: Path, *, excel: bool = False, delimiter: str = ",") -> None:
    for file in path.glob("*.csv"):
        file.unlink()
    for name, rows in grids.items():
        with (path / f"{name}.csv").open("w", encoding="utf-8-sig" if excel else "utf-8", newline="") as stream:
            csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)


def _sqlite_grids(path: Path) -> dict[str, Grid]:
    grids: dict[str, Grid] = {}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in {part.name for table in tables() for part in relations(table.name)} & {*names}:
            cursor = database.execute(f'SELECT * FROM "{name}" ORDER BY rowid')  # noqa: S608 - a name of ours
            grids[name] = [[column[0] for column in cursor.description], *map(list, cursor)]
            if "number" in grids[name][0]:  # of the rows, which is not part of the data
                at = grids[name][0].index("number")
                grids[name] = [[*row[:at], *row[at + 1 :]] for row in grids[name]]
    return grids


def _write_sqlite(grids: Mapping[str, Grid], path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        for name, (header, *rows) in grids.items():
            folded = [str(each).lower() for each in header]
            names = [f"{each} {at}" if folded[at] in folded[:at] else each for at, each in enumerate(header)]
            columns = ", ".join('"' + str(each).replace('"', '""') + '"' for each in names)
            database.execute(f'CREATE TABLE "{name}" ({columns})')
            marks = ", ".join("?" * len(header))
            database.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)  # noqa: S608 - values are bound
        database.commit()


def _xlsx_grids(path: Path) -> dict[str, Grid]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def _write_xlsx(grids: Mapping[str, Grid], path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in grids.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def _parquet_records(path: Path) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for table in tables():
        file = path / f"{table.name}.parquet"
        if file.exists():
            found[table.name] = [_nested(table, row) for row in parquet.ParquetFile(file).read().to_pylist()]
    return found


def _nested(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    assert row.keys() <= {column.name for column in table.columns}
    record: dict[str, Any] = {}
    for column in table.columns:
        holder = record
        for step in column.path[:-1]:
            holder = holder.setdefault(step, {})
        holder[column.path[-1]] = row.get(column.name)
    return record


def _parquet_grids(path: Path) -> dict[str, Grid]:
    grids: dict[str, Grid] = {}
    for file in sorted(path.glob("*.parquet")):
        held = parquet.ParquetFile(file).read()
        grids[file.stem] = [
            held.column_names,
            *map(list, zip(*(each.to_pylist() for each in held.columns), strict=True)),
        ]
    return grids


def _write_parquet(grids: Mapping[str, Grid], path: Path) -> None:
    for file in path.glob("*.parquet"):
        file.unlink()
    for name, (header, *rows) in grids.items():
        columns = [*zip(*rows, strict=True)] or [()] * len(header)
        arrays = []
        for cells in columns:
            try:
                arrays.append(pa.array(cells))
            except (pa.ArrowException, OverflowError):
                arrays.append(pa.array([None if cell is None else str(cell) for cell in cells]))
        parquet.write_table(pa.table(arrays, names=[str(each) for each in header]), path / f"{name}.parquet")


def _json_records(path: Path) -> dict[str, list[dict[str, Any]]]:
    document = json.loads(path.read_text(encoding="utf-8"))
    known = {name: document.get(name) for name in TABLE_SPECS}
    return {name: [held] if isinstance(held, dict) else held or [] for name, held in known.items()}


def _jsonl_records(path: Path) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for name in TABLE_SPECS:
        file = path / f"{name}.jsonl"
        lines = file.read_bytes().split(b"\n") if file.exists() else []
        found[name] = [json.loads(line) for line in lines if line]
    return found


class Storage(NamedTuple):
    """How a plain reader and writer handle a format."""

    relations: Callable[[Path], Relations]
    grids: Callable[[Path], dict[str, Grid]] | None = None
    write: Callable[[Mapping[str, Grid], Path], None] | None = None


def _csv_storage(options: Mapping[str, Any]) -> Storage:
    grids = partial(_csv_grids, delimiter=options.get("delimiter", ","))
    return Storage(lambda path: from_grids(grids(path)), grids, partial(_write_csv, **options))


STORAGES: Final[Mapping[str, Storage]] = {
    **{name: _csv_storage(options) for name, options in OPTIONS.items() if name.startswith(("csv", "datapackage"))},
    "json": Storage(lambda path: related(_json_records(path))),
    "jsonl": Storage(lambda path: related(_jsonl_records(path))),
    "parquet": Storage(lambda path: related(_parquet_records(path)), _parquet_grids, _write_parquet),
    "sqlite": Storage(lambda path: from_grids(_sqlite_grids(path)), _sqlite_grids, _write_sqlite),
    "xlsx": Storage(lambda path: from_grids(_xlsx_grids(path)), _xlsx_grids, _write_xlsx),
}


# Corruptions


def change_bytes(chance: random.Random, path: Path) -> None:
    """Change, cut, insert, move or repeat some bytes of a file, or of a part of an archive."""
    file = chance.choice(sorted(path.iterdir())) if path.is_dir() else path
    if path.suffix == ".xlsx" and chance.random() < 0.6:
        with zipfile.ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        part = chance.choice(sorted(parts))
        parts[part] = _changed(chance, parts[part])
        if chance.random() < 0.1:
            del parts[part]
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
    else:
        file.write_bytes(_changed(chance, file.read_bytes()))


def _changed(chance: random.Random, data: bytes) -> bytes:
    content = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 3, 20))):
        if not content:
            break
        reach = chance.choice((len(content), len(content), min(len(content), 4000)))
        at = len(content) - 1 - chance.randrange(reach)
        end = min(len(content), at + chance.choice((1, 1, 2, 8, 200)))
        match chance.randrange(8):
            case 0 | 1:
                content[at] ^= 1 << chance.randrange(8)
            case 2:
                content[at] = chance.randrange(256)
            case 3:
                content[at:at] = chance.choice((*_PIECES, chance.randbytes(3)))
            case 4:
                del content[at:end]
            case 5:
                content[at:at] = content[at:end]
            case 6:
                piece = content[at:end]
                del content[at:end]
                to = chance.randrange(len(content) + 1)
                content[to:to] = piece
            case _:
                content[at:end] = bytes(end - at)
    return bytes(content[: chance.randrange(len(content) + 1)] if chance.random() < 0.15 else content)


_PIECES: Final = (*(bytes([each]) for each in b"\",;\t\n\r\x00\xff'{]:\\<&9"), b"\xef\xbb\xbf")
_CELLS: Final = (
    *("", " ", "x", "=1+1", "'=1", "-", "@x", "null", "true", "TRUE", "0", "1", "007", "1.0", "1e5", "NaN", "#REF!"),
    *("2026-01-31", "a\nb", 'a"b', "a,b", "a;b", "a\tb", "é", "\u00a0", "\ufeff", "\u2028", "x" * 100_000),
    *(None, True, False, 0, 1, -1, 2.5, 1e300, 2**40),
)


def edit(chance: random.Random, path: Path, storage: Storage) -> None:
    """Edit the cells, rows, columns or tables of an export, and write it with a plain writer."""
    assert storage.grids is not None
    assert storage.write is not None
    grids = storage.grids(path)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        name = chance.choice(sorted(grids) or [""])
        if grids.get(name):
            _EDITS[chance.randrange(len(_EDITS))](chance, grids, name)
    storage.write({name: rows for name, rows in grids.items() if rows and rows[0]}, path)


def _edit_cell(chance: random.Random, grids: dict[str, Grid], name: str) -> None:
    row = chance.choice(grids[name][-1:] + grids[name])
    if row:
        at = chance.randrange(len(row))
        others = [each[at] for each in grids[name] if at < len(each)]
        text = row[at] if isinstance(row[at], str) else "x"
        row[at] = chance.choice((*_CELLS, *others[:20], text + " ", " " + text, text.upper(), text[:-1], text + "\n"))


def _move_column(chance: random.Random, grids: dict[str, Grid], name: str) -> None:
    width = min(map(len, grids[name]))
    if width:
        old, new = chance.randrange(width), chance.randrange(width)
        for row in grids[name]:
            row.insert(new, row.pop(old))


def _shift_cells(chance: random.Random, grids: dict[str, Grid], name: str) -> None:
    """Move a column's cells, but not its name."""
    width = min(map(len, grids[name]))
    if width:
        old, new = chance.randrange(width), chance.randrange(width)
        for row in grids[name][1:]:
            row.insert(new, row.pop(old))


def _insert_column(chance: random.Random, grids: dict[str, Grid], name: str) -> None:
    header = chance.choice((None, "", "note", *grids[name][0][:1]))
    at = chance.randrange(min(map(len, grids[name])) + 1)
    for number, row in enumerate(grids[name]):
        row.insert(at, chance.choice((None, None, "more")) if number else header)


def _remove_column(chance: random.Random, grids: dict[str, Grid], name: str) -> None:
    width = min(map(len, grids[name]))
    if width:
        at = chance.randrange(width)
        for row in grids[name]:
            del row[at]


def _change_rows(chance: random.Random, grids: dict[str, Grid], name: str) -> None:
    rows, at = grids[name], chance.randrange(len(grids[name]))
    match chance.randrange(5):
        case 0:
            del rows[at]
        case 1:
            rows.insert(at, [*rows[at]])
        case 2:
            rows.append(rows.pop(at))
        case 3:
            rows.insert(at, [None] * len(rows[0]))
        case _:
            rows[1:] = reversed(rows[1:])


def _change_tables(chance: random.Random, grids: dict[str, Grid], name: str) -> None:
    other = chance.choice(sorted(grids))
    match chance.randrange(4):
        case 0:
            del grids[name]
        case 1:
            grids[name], grids[other] = grids[other], grids[name]
        case 2:
            grids[name] = [[*row] for row in grids[other]]
        case _:
            grids[f"{name}2"] = grids.pop(name)


_EDITS: Final = (
    *[_edit_cell] * 6,
    _move_column,
    _shift_cells,
    _insert_column,
    _remove_column,
    _change_rows,
    _change_rows,
    _change_tables,
)


# Cases


@cache
def _exports() -> tuple[TemporaryDirectory[str], Mapping[str, Path]]:
    """Return an export in each format, made once."""
    folder = TemporaryDirectory()
    paths = {}
    for name, options in OPTIONS.items():
        format_: Any = LOSSLESS[name.split()[0]]
        paths[name] = Path(folder.name, f"{name.replace(' ', '-')}{'' if format_.folder else format_.suffix}")
        eaps.export.write(format_.name, paths[name], **options)
    return folder, paths


def case(seed: str, folder: Path) -> tuple[str, str]:
    """Run the case of a seed in a folder, and return its format and its outcome."""
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    format_ = chance.choice(FORMATS)
    original = _exports()[1][format_]
    path = folder / original.name
    (shutil.copytree if original.is_dir() else shutil.copyfile)(original, path)
    storage = STORAGES[format_]
    try:
        if storage.grids is None or chance.random() < 0.5:
            change_bytes(chance, path)
            return format_, _outcome(path, storage, may_be_original=True)
        edit(chance, path, storage)
        return format_, _outcome(path, storage, may_be_original=False)
    finally:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _outcome(path: Path, storage: Storage, *, may_be_original: bool) -> str:
    try:
        dataset = eaps.Dataset.from_path(path)
    except InvalidDataError as error:
        if all(problem.file for problem in error.problems) and error.problems:
            return REFUSED
        return f"a problem without a place: {error}"[:500]
    except OSError:
        return UNREADABLE
    except Exception as error:  # noqa: BLE001 - what is to be found
        return f"{type(error).__name__}: {error}"[:500]
    if may_be_original and dataset == eaps.load():
        return EQUAL
    try:
        stored = storage.relations(path)
    except Exception as error:  # noqa: BLE001 - such as an unknown column, or damage that only the plain reader finds
        return f"other data was read, but a plain reader finds {type(error).__name__}: {error}"[:500]
    read = related(dataset.to_rows())
    if read == stored:
        return EQUAL
    name = next(name for name in read if read[name] != stored[name])
    pair = next((pair for pair in zip(read[name], stored[name], strict=False) if pair[0] != pair[1]), None)
    return f"{name}: {len(read[name])} rows read, {len(stored[name])} stored: {pair}"[:500]


def run(seeds: Sequence[str]) -> tuple[Counter[tuple[str, str]], list[Failure]]:
    """Run some cases."""
    counts: Counter[tuple[str, str]] = Counter()
    failures = []
    with TemporaryDirectory() as folder:
        for seed in seeds:
            format_, outcome = case(seed, Path(folder))
            if outcome in {EQUAL, REFUSED, UNREADABLE}:
                counts[format_, outcome] += 1
            else:
                failures.append(Failure(format_, seed, outcome))
    return counts, failures


def seeds(count: int, seed: int) -> Iterator[list[str]]:
    """Yield the seeds of the cases, some at a time."""
    for start in range(0, count, _AT_ONCE):
        yield [f"{seed}/{number}" for number in range(start, min(start + _AT_ONCE, count))]


def _write_to(folder: str) -> None:
    """Let a worker, which ends without cleaning up, write its exports to this folder."""
    tempfile.tempdir = folder


def main(count: int = 20_000, seed: int = 0) -> int:
    """Run so many cases on all processors, print the outcomes, and return 1 if one is not allowed."""
    counts: Counter[tuple[str, str]] = Counter()
    failures: list[Failure] = []
    with (
        TemporaryDirectory() as folder,
        ProcessPoolExecutor(os.cpu_count(), initializer=_write_to, initargs=(folder,)) as pool,
    ):
        for part, failed in pool.map(run, seeds(count, seed)):
            counts += part
            failures += failed
    for format_ in FORMATS:
        parts = ", ".join(f"{counts[format_, outcome]:,} {outcome}" for outcome in (EQUAL, REFUSED, UNREADABLE))
        sys.stdout.write(f"{format_}: {parts}\n")
    sys.stdout.write(f"seed {seed}, {count:,} cases: {len(failures)} failures\n")
    sys.stdout.writelines(f"{each.seed} {each.format}: {each.what}\n" for each in failures[:50])
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
