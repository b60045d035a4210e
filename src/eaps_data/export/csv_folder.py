"""A folder of CSV files (RFC 4180): one a table, and one a list, with a row an item.

Text is UTF-8, lines end in a line feed, and an empty cell says nothing. Codes are text: `02108` keeps its zero.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from eaps_data.errors import InvalidDataError, Problem
from eaps_data.export.assembling import Sheet, from_relations
from eaps_data.formats import columns as tidy
from eaps_data.formats.columns import Column, Table
from eaps_data.tables.dataset import Dataset


def file_names() -> frozenset[str]:
    """The files of such a folder."""
    return frozenset(f"{part.name}.csv" for table in tidy.tables() for part in tidy.relations(table.name))


def write(dataset: Dataset, folder: Path, *, excel: bool = False) -> None:
    """Write the files; for Excel, with a byte order mark, without which it takes UTF-8 for something else."""
    for table in tidy.tables():
        records = tidy.records_of(dataset.document, table.name)
        for part in tidy.relations(table.name):
            _write(folder, part, part.rows(records), excel=excel)


def _write(folder: Path, table: Table, rows: Iterable[Sequence[Any]], *, excel: bool) -> None:
    encoding = "utf-8-sig" if excel else "utf-8"
    with (folder / f"{table.name}.csv").open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(column.name for column in table.columns)
        truths = [place for place, column in enumerate(table.columns) if column.kind == "boolean"]
        for row in rows:
            cells = list(row)
            for place in truths:
                cells[place] = "true" if cells[place] else "false"
            writer.writerow(cells)


def read(folder: Path) -> Dataset:
    """Read the files of such a folder, with a byte order mark or without."""
    sheets: dict[str, Sheet] = {}
    for table in tidy.tables():
        for part in tidy.relations(table.name):
            path = folder / f"{part.name}.csv"
            if path.exists():
                sheets[part.name] = _read(path, part)
    return from_relations(sheets, str(folder))


def _read(path: Path, table: Table) -> Sheet:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        try:
            rows = [(reader.line_num, row) for row in reader]
        except csv.Error as error:
            message = f"this is not CSV: {error}"
            problem = Problem(rule="csv", message=message, file=str(path), line=reader.line_num)
            raise InvalidDataError([problem]) from None
    header = rows[0][1] if rows else []
    for number, row in rows:
        if len(row) != len(header):
            message = f"the row has {len(row)} cells, and there are {len(header)} columns"
            raise InvalidDataError([Problem(rule="csv", message=message, file=str(path), line=number)])
    columns = {column.name: column for column in table.columns}
    kinds = [columns.get(name) for name in header]
    return Sheet(str(path), header, list(_cells(rows[1:], kinds)))


def _cells(
    rows: Iterable[tuple[int, Sequence[str]]], columns: Sequence[Column | None]
) -> Iterator[tuple[int, list[Any]]]:
    for number, row in rows:
        yield number, [tidy.from_text(column, cell) for column, cell in zip(columns, row, strict=True)]
