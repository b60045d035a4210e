"""Tables of pyarrow."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate
from typing import Any, Final

import pyarrow as pa

from eaps_data.formats.columns import Column

_TYPES: Final[dict[str, Any]] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}


def frame(columns: Sequence[Column], values: Sequence[list[Any]]) -> Any:
    """A table of columns and their values."""
    arrays = [_array(column, held) for column, held in zip(columns, values, strict=True)]
    return pa.table(arrays, names=[column.name for column in columns])


def _array(column: Column, values: list[Any]) -> Any:
    if not column.many:
        return _items(column, values)
    offsets = pa.array(accumulate(map(len, values), initial=0), pa.int32())
    return pa.ListArray.from_arrays(offsets, _items(column, (item for items in values for item in items)))


def _items(column: Column, values: Iterable[Any]) -> Any:
    if column.terms:
        places = {term: place for place, term in enumerate(column.terms)}
        indices = pa.array(map(places.get, values), pa.int8())
        return pa.DictionaryArray.from_arrays(indices, pa.array(column.terms, pa.string()))
    if column.kind == "date":
        values = (None if value is None else date.fromisoformat(value) for value in values)
    return pa.array(values, _TYPES[column.kind])
