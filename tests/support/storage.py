"""Store rows in every format as they are, valid or not, and find the value at a location."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from python_calamine import CalamineWorkbook

from eaps_data.errors import Problem
from eaps_data.formats import csv, jsonl, xlsx
from eaps_data.formats.columns import columns_of, relations, table, tables
from eaps_data.models.table_specs import SCHEMA_VERSION, TABLE_SPECS

Rows = Mapping[str, Sequence[dict[str, Any]]]

_ARROW_TYPES: Final = {"text": "string", "date": "string", "integer": "int64", "number": "float64", "boolean": "bool"}


def store(rows: Rows, format_: str, folder: Path) -> Path:
    """Write rows in a format, without its constraints, and return the file or folder."""
    path = folder / f"dataset.{format_}"
    if format_ in {"tables", "csv", "jsonl", "parquet"}:
        path.mkdir()
    _WRITERS[format_](rows, path)
    return path


def document(rows: Rows) -> dict[str, Any]:
    """Return the dataset document of the rows."""
    members = {name: table[0] if TABLE_SPECS[name].has_one_row else list(table) for name, table in rows.items()}
    return {"schema_version": SCHEMA_VERSION, **members}


def _write_json(rows: Rows, path: Path) -> None:
    path.write_text(json.dumps(document(rows), ensure_ascii=False, indent=1), encoding="utf-8")


def _write_tables(rows: Rows, path: Path) -> None:
    for name, value in document(rows).items():
        if name != "schema_version":
            text = json.dumps(value, ensure_ascii=False, indent=1)
            (path / f"{name}.json").write_text(text, encoding="utf-8")


def _write_parquet(rows: Rows, path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    for each in tables():
        parquet.write_table(_arrow(each.name, rows), path / f"{each.name}.parquet")


def _arrow(name: str, rows: Rows) -> Any:
    pa = pytest.importorskip("pyarrow")
    columns = table(name).columns
    types = [pa.type_for_alias(_ARROW_TYPES[column.type]) for column in columns]
    arrays = [
        pa.array(values, pa.list_(type_) if column.is_list else type_)
        for column, type_, values in zip(columns, types, columns_of(table(name), rows[name]), strict=True)
    ]
    return pa.table(arrays, names=[column.name for column in columns])


def _write_sqlite(rows: Rows, path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        for each in tables():
            for part in relations(each.name):
                names = ", ".join(f'"{column.name}"' for column in part.columns)
                database.execute(f'CREATE TABLE "{part.name}" ({names})')
                marks = ", ".join("?" * len(part.columns))
                database.executemany(f'INSERT INTO "{part.name}" VALUES ({marks})', part.rows(rows[each.name]))  # noqa: S608
        database.commit()


_WRITERS: Final[Mapping[str, Callable[[Rows, Path], None]]] = {
    "json": _write_json,
    "tables": _write_tables,
    "csv": csv.write,
    "jsonl": jsonl.write,
    "parquet": _write_parquet,
    "sqlite": _write_sqlite,
    "xlsx": xlsx.write,
}


def text_at(problem: Problem) -> str:
    """Return the text at a problem's location in a file, to the end of the line; or the value of a cell."""
    assert problem.file is not None
    assert problem.line is not None
    assert problem.column is not None
    file, _, name = problem.file.partition("[")
    name = name.removesuffix("]")
    path = Path(file)
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as database:
            row = database.execute(f'SELECT * FROM "{name}" LIMIT 1 OFFSET {problem.line - 1}').fetchone()  # noqa: S608
        return str(row[problem.column - 1])
    if path.suffix == ".xlsx":
        cells = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)
        return str(cells[problem.line - 1][problem.column - 1])
    if path.suffix == ".parquet":
        stored = pytest.importorskip("pyarrow.parquet").ParquetFile(path).read()
        return str(stored.column(problem.column - 1)[problem.line - 1].as_py())
    line = path.read_text(encoding="utf-8").split("\n")[problem.line - 1]
    return line[problem.column - 1 :]
