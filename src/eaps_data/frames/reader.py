"""Read a dataset from data frames of pandas, polars, or any library that speaks Arrow."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from eaps_data.errors import MissingExtraError
from eaps_data.formats.columns import Column, Table, tables
from eaps_data.formats.content import Sheet, TableContent, numbered, of_tables, plain_value, representable


def read(frames: Mapping[str, Any]) -> TableContent:
    """Read a dataset from the frames of its tables, by their names; rows are counted from 0, as frames count them.

    Raises:
        MissingExtraError: if a frame is neither of pandas nor of polars, and pyarrow is not installed.
    """
    sheets = {table.name: _sheet(table, frames[table.name]) for table in tables() if table.name in frames}
    return of_tables(sheets, "the frames")


def _sheet(table: Table, frame: Any) -> Sheet:
    place = f"frame {table.name}"
    if hasattr(frame, "itertuples"):  # pandas
        values = [frame.iloc[:, index].tolist() for index in range(len(frame.columns))]
        return _of_columns(table, place, [*map(str, frame.columns)], values)
    if hasattr(frame, "iter_rows"):  # polars
        return _of_columns(table, place, frame.columns, [frame[name].to_list() for name in frame.columns])
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtraError("a frame that is neither of pandas nor of polars", "pyarrow", "arrow") from None
    from eaps_data.formats import arrow

    return arrow.sheet(table, place, pa.table(frame), first=0)


def _of_columns(table: Table, place: str, names: Sequence[str], values: Sequence[list[Any]]) -> Sheet:
    columns = {column.name: column for column in table.columns}
    plain = [[_plain(columns.get(name), value) for value in held] for name, held in zip(names, values, strict=True)]
    return representable(table, Sheet(place, names, plain, numbered(0)))


def _plain(column: Column | None, value: Any) -> Any:
    """Return a value as JSON has it."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if hasattr(value, "tolist"):  # arrays and numbers of numpy
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(column, item) for item in value]
    if isinstance(value, Enum):  # a term
        return value.value
    return plain_value(column, value)
