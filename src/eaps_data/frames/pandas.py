"""pandas data frames."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from eaps_data.formats.columns import Column

_DTYPES: Final[dict[str, Any]] = {
    # Explicit, because the default of pandas depends on whether pyarrow is installed.
    "text": pd.StringDtype("python"),
    "integer": pd.Int64Dtype(),
    "number": pd.Float64Dtype(),
    "boolean": pd.BooleanDtype(),
}


def frame(columns: Sequence[Column], values: Sequence[list[Any]]) -> pd.DataFrame:
    """Return a data frame of columns and their values."""
    return pd.DataFrame({column.name: _series(column, cells) for column, cells in zip(columns, values, strict=True)})


def _series(column: Column, values: list[Any]) -> Any:
    if column.is_list:
        lists = np.empty(len(values), dtype=object)
        lists[:] = values
        return lists
    if column.terms:
        return pd.Categorical(values, categories=list(column.terms))
    if column.type == "date":
        return np.array(values, dtype="datetime64[s]")
    return pd.array(values, dtype=_DTYPES[column.type])
