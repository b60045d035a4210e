"""Arrow tables of pyarrow: rows of records to columns with types, and back."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from eaps_data.formats.columns import Column, Table
from eaps_data.formats.content import Sheet, numbered, plain_value
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
    for index, name in enumerate(held.column_names):
        column, type_ = columns.get(name), held.schema.field(index).type
        if _is_plain(column, type_):
            cells.append(_values(column, held.column(index), type_))
        else:
            message = f"the column {shown(name)} has the type {type_}, which JSON cannot represent"
            problems.append(violation("cell-type", message, (table.name,)).at(place, None, None))
            cells.append([None] * held.num_rows)
    return Sheet(place, held.column_names, cells, numbered(first), problems)


def _is_plain(column: Column | None, type_: Any) -> bool:
    """Return whether JSON can represent the values of a type; a date only in a column of dates."""
    if pa.types.is_list(type_) or pa.types.is_large_list(type_):
        return _is_plain(column, type_.value_type) and not pa.types.is_nested(type_.value_type)
    if pa.types.is_dictionary(type_):
        return _is_plain(column, type_.value_type)
    if pa.types.is_date(type_) or pa.types.is_timestamp(type_):
        return column is None or column.type == "date"
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


def _values(column: Column | None, held: Any, type_: Any) -> list[Any]:
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
