"""Data frames of pandas."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from eaps_data.formats.columns import Column


def frame(columns: Sequence[Column], values: Sequence[list[Any]]) -> pd.DataFrame:
    """A data frame of columns and their values."""
    return pd.DataFrame({column.name: _series(column, held) for column, held in zip(columns, values, strict=True)})


def _series(column: Column, values: list[Any]) -> Any:
    if column.many:
        held = np.empty(len(values), dtype=object)
        held[:] = values
        return held
    if column.terms:
        return pd.Categorical(values, categories=list(column.terms))
    if column.kind == "date":
        return np.array(values, dtype="datetime64[s]")
    return pd.array(values, dtype=_DTYPES[column.kind])


_DTYPES: dict[str, Any] = {
    # Not what pandas would choose, which depends on whether pyarrow is installed.
    "text": pd.StringDtype("python"),
    "integer": pd.Int64Dtype(),
    "number": pd.Float64Dtype(),
    "boolean": pd.BooleanDtype(),
}
