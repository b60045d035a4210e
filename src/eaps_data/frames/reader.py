"""Read a dataset from data frames of pandas, polars, or any library that speaks Arrow."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final

from eaps_data._internal.text_keys import closest
from eaps_data.errors import InvalidDataError, MissingExtraError, did_you_mean
from eaps_data.formats.columns import Column, Table, tables
from eaps_data.formats.content import Sheet, TableContent, Unusable, numbered, of_tables, plain_value, representable
from eaps_data.rules.problem import shown, violation

_ALL: Final = "the frames"


def read(frames: Mapping[str, Any]) -> TableContent:
    """Read a dataset from the frames of its tables, by their names; rows are counted from 0, as frames count them.

    Raises:
        InvalidDataError: if a name is no table's, or a value is not a data frame.
        MissingExtraError: if a frame is neither of pandas nor of polars, and pyarrow is not installed.
        TypeError: if the frames are not a mapping.
    """
    if not isinstance(frames, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers need not be typed
        raise TypeError(f"expected a mapping of table names to data frames, got {type(frames).__name__}")
    known = [table.name for table in tables()]
    unknown = [
        violation("unknown-field", f"unknown table {shown(name)}{did_you_mean(closest(str(name), known))}", ()).at(_ALL)
        for name in frames
        if name not in known
    ]
    if unknown:
        raise InvalidDataError(unknown)
    return of_tables(
        {table.name: _sheet(table, frames[table.name]) for table in tables() if table.name in frames}, _ALL
    )


def _sheet(table: Table, frame: Any) -> Sheet:
    place = f"frame {table.name}"
    if hasattr(frame, "itertuples"):  # pandas
        values = [frame.iloc[:, index].tolist() for index in range(len(frame.columns))]
        return _of_columns(table, place, [*map(str, frame.columns)], values)
    if hasattr(frame, "iter_rows"):  # polars
        return _of_columns(table, place, frame.columns, [frame[name].to_list() for name in frame.columns])
    if not hasattr(frame, "__arrow_c_stream__"):
        raise _not_a_frame(place, frame)
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtraError("a data frame of another library", "pyarrow", "arrow") from None
    from eaps_data.formats import arrow

    try:
        held = pa.table(frame)
    except (TypeError, ValueError, pa.ArrowException):  # such as a single column
        raise _not_a_frame(place, frame) from None
    return arrow.sheet(table, place, held, first=0)


def _not_a_frame(place: str, given: object) -> InvalidDataError:
    hint = "; call its collect()" if hasattr(given, "collect") else ""
    message = f"expected a data frame of pandas, polars or Arrow, found {type(given).__name__}{hint}"
    return InvalidDataError([violation("damaged-file", message, ()).at(place)])


def _of_columns(table: Table, place: str, names: Sequence[str], values: Sequence[list[Any]]) -> Sheet:
    columns = {column.name: column for column in table.columns}
    plain = [[_plain(columns.get(name), value) for value in held] for name, held in zip(names, values, strict=True)]
    return representable(table, Sheet(place, names, plain, numbered(0)))


def _plain(column: Column | None, value: Any) -> Any:
    """Return a value as JSON stores it."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if hasattr(value, "tolist"):  # arrays and numbers of numpy
        value = value.tolist()
    if isinstance(value, list | tuple):
        items = [_plain(column, item) for item in value]
        return next((item for item in items if isinstance(item, Unusable)), items)
    if isinstance(value, Enum):  # a term
        return value.value
    if isinstance(value, str) and not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        return Unusable("half of a surrogate pair, which is not a character")
    return plain_value(column, value)
