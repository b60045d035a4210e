"""Data frames of polars."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from eaps_data.formats.columns import Column

_TYPES: Final = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
}


def frame(columns: Sequence[Column], values: Sequence[list[Any]]) -> pl.DataFrame:
    """Return a data frame of columns and their values."""
    return pl.DataFrame([_series(column, cells) for column, cells in zip(columns, values, strict=True)])


def _series(column: Column, values: list[Any]) -> pl.Series:
    if column.type == "date":
        values = [None if value is None else date.fromisoformat(value) for value in values]
    dtype: pl.DataType = pl.Enum(list(column.terms)) if column.terms else _TYPES[column.type]
    return pl.Series(column.name, values, dtype=pl.List(dtype) if column.is_list else dtype)
