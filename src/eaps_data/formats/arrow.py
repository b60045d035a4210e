"""Arrow tables of pyarrow: rows of records to columns with types, and back."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from eaps_data.formats.columns import Column, Table
from eaps_data.formats.content import Sheet, numbered, plain_value, unread
from eaps_data.rules.problem import shown, violation

if TYPE_CHECKING:
    from eaps_data.errors import Problem

_TYPES: dict[str, Any] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
_DICTIONARY: Final = re.compile(r"dictionary<values=([^,<>]*), indices=\w*, ordered=\d>")
_MIDNIGHT: Final = re.compile(r" 00:00:00([.]0+)?([-+Z].*)?$")


def frame(columns: Sequence[Column], values: Sequence[list[Any]]) -> Any:
    """Return an Arrow table of columns and their values."""
    arrays = [_array(column, held) for column, held in zip(columns, values, strict=True)]
    return pa.table(arrays, names=[column.name for column in columns])


def _array(column: Column, values: list[Any]) -> Any:
    if not column.is_list:
        return _items(column, values)
    offsets = pa.array(accumulate(map(len, values), initial=0), pa.int32())
    return pa.ListArray.from_arrays(offsets, _items(column, (item for items in values for item in items)))


def _items(column: Column, values: Iterable[Any]) -> Any:
    if column.terms:
        places = {term: place for place, term in enumerate(column.terms)}
        indices = pa.array(map(places.get, values), pa.int8())
        return pa.DictionaryArray.from_arrays(indices, pa.array(column.terms, pa.string()))
    if column.type == "date":
        values = (None if value is None else dt.date.fromisoformat(value) for value in values)
    return pa.array(values, _TYPES[column.type])


def sheet(table: Table, place: str, held: Any, *, first: int) -> Sheet:
    """Read the columns of an Arrow table.

    Args:
        table: the table that it holds.
        place: what to call it in messages.
        held: the Arrow table.
        first: the number of the first row in messages.
    """
    columns = {column.name: column for column in table.columns}
    cells: list[Sequence[Any]] = []
    problems: list[Problem] = []
    for field, values in zip(held.schema, held.columns, strict=True):
        column = columns.get(field.name)
        if column is None:
            cells.append([None] * held.num_rows)
        elif _is_plain(column, field.type):
            cells.append(_values(column, values, field.type))
        else:
            type_ = _DICTIONARY.sub(r"\1", str(field.type))
            message = f"the column {shown(field.name)} has the type {type_}, which JSON cannot represent"
            problems.append(violation("cell-type", message, ()).at(place))
    return unread(table, place, problems) if problems else Sheet(place, held.column_names, cells, numbered(first))


def _is_plain(column: Column, type_: Any) -> bool:
    """Return whether JSON can represent the values of a type; a date only in a column of dates."""
    if pa.types.is_list(type_) or pa.types.is_large_list(type_):
        return _is_plain(column, type_.value_type) and not pa.types.is_nested(type_.value_type)
    if pa.types.is_dictionary(type_):
        return _is_plain(column, type_.value_type)
    if pa.types.is_date(type_) or pa.types.is_timestamp(type_):
        return column.type == "date"
    checks = (
        pa.types.is_null,
        pa.types.is_boolean,
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
    )
    return any(check(type_) for check in checks)


def text_size(held: Any) -> int:
    """Return how many bytes the strings of an Arrow table take once each is written out.

    A string that is stored once in a dictionary may be in millions of cells.
    """
    return sum(_text_size(chunk) for column in held.columns for chunk in column.chunks)


def _text_size(array: Any) -> int:
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        return _text_size(array.flatten())
    if not pa.types.is_dictionary(array.type):
        return int(array.nbytes)
    if not (pa.types.is_string(array.type.value_type) or pa.types.is_large_string(array.type.value_type)):
        return len(array)
    lengths = pc.binary_length(array.dictionary)
    return pc.sum(lengths.take(array.indices)).as_py() or 0


def _values(column: Column, held: Any, type_: Any) -> list[Any]:
    """Return the values of a column in plain Python."""
    if pa.types.is_dictionary(type_):
        held, type_ = held.cast(type_.value_type), type_.value_type
    is_list = pa.types.is_list(type_) or pa.types.is_large_list(type_)
    of = type_.value_type if is_list else type_
    if pa.types.is_date(of) or pa.types.is_timestamp(of):  # Python's own types have fewer years and digits
        held = held.cast(pa.list_(pa.string()) if is_list else pa.string())
    values: list[Any] = held.to_pylist()
    if pa.types.is_timestamp(of) and not is_list:
        return [value and _MIDNIGHT.sub("", value) for value in values]
    if not (pa.types.is_floating(of) or pa.types.is_integer(of)):
        return values
    plain = partial(plain_value, column)
    return [items and [*map(plain, items)] for items in values] if is_list else [*map(plain, values)]
