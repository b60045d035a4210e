"""A dataset as data frames, one a table, and back: what a frame has lost on its way is told with its row and column."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eaps_data.errors import InvalidDataError, MissingExtraError, Problem
from eaps_data.export.assembling import Sheet, from_tables
from eaps_data.formats import columns as tidy
from eaps_data.formats.columns import Column, Table
from eaps_data.frames import frame
from eaps_data.rules.problem import shown
from eaps_data.tables.dataset import Dataset


def to_frames(dataset: Dataset, backend: str | None = None) -> dict[str, Any]:
    """The frame of each table of a dataset, those of one row and the ids of the past included; see `from_frames`."""
    return {table.name: frame(table, tidy.records_of(dataset.document, table.name), backend) for table in tidy.tables()}


def from_frames(frames: Mapping[str, Any]) -> Dataset:
    """A dataset of the frames of its tables; see `Dataset.from_frames`."""
    sheets: dict[str, Sheet] = {}
    problems: list[Problem] = []
    for table in tidy.tables():
        if table.name in frames:
            names, rows = _read(frames[table.name])
            sheets[table.name], found = _sheet(table, f"frame {table.name}", names, rows)
            problems += found
    if problems:
        raise InvalidDataError(problems)
    return from_tables(sheets, "the frames")


def from_arrow(table: Table, place: str, held: Any) -> tuple[Sheet, list[Problem]]:
    """What was read of one table into a table of pyarrow, and a problem for each text that has become a number.

    Args:
        table: the table.
        place: what to call it in messages.
        held: the table of pyarrow.
    """
    return _sheet(table, place, held.column_names, _rows(held))


def _sheet(
    table: Table, place: str, names: Sequence[str], rows: Iterator[Sequence[Any]]
) -> tuple[Sheet, list[Problem]]:
    columns = {column.name: column for column in table.columns}
    kinds = [columns.get(name) for name in names]
    cells = [
        (number, [_plain(column, cell) for column, cell in zip(kinds, row, strict=True)])
        for number, row in enumerate(rows)  # counted from 0, as frames do
    ]
    problems = [
        _lost(table, place, column, cell, number)
        for number, row in cells
        for column, cell in zip(kinds, row, strict=True)
        if column is not None and column.kind == "text" and not column.many and isinstance(cell, int | float)
    ]
    return Sheet(place, names, cells), problems


def _lost(table: Table, place: str, column: Column, cell: object, number: int) -> Problem:
    message = f"expected text, found {shown(cell)}; a code is text, as its zeros count: read it as such (dtype=str)"
    record = f"{table.name}[{number}]"
    return Problem(rule="value", message=message, record=record, field=column.name, file=place, line=number)


def _read(frame: Any) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
    """The names of a frame's columns, and its rows."""
    if hasattr(frame, "itertuples"):  # pandas
        return list(frame.columns), frame.itertuples(index=False, name=None)
    if hasattr(frame, "iter_rows"):  # polars
        return frame.columns, frame.iter_rows()
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtraError("a frame that is neither of pandas nor of polars", "pyarrow", "arrow") from None
    table = pa.table(frame)
    return table.column_names, _rows(table)


def _rows(table: Any) -> Iterator[Sequence[Any]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _plain(column: Column | None, cell: Any) -> Any:
    """A cell as JSON has it; what is of another kind stays as it is, for the models to refuse."""
    if cell is None or type(cell).__name__ in {"NAType", "NaTType"}:
        return None
    if hasattr(cell, "tolist"):  # numpy's arrays and numbers
        cell = cell.tolist()
    if isinstance(cell, list | tuple):
        return [_plain(None, item) for item in cell]
    if isinstance(cell, float):
        if cell != cell:  # noqa: PLR0124 - what is not a number is unlike itself, and stands for nothing in a frame
            return None
        return int(cell) if column is not None and column.kind == "integer" and cell.is_integer() else cell
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
    return cell.isoformat() if isinstance(cell, dt.date) else cell
