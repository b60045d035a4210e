"""The values of options, as types of parameters: names of formats, and how data frames hold data."""

from typing import Literal, TypeAlias

LosslessName: TypeAlias = Literal["csv", "datapackage", "json", "jsonl", "parquet", "sqlite", "xlsx"]
"""The name of a lossless format."""
Backend: TypeAlias = Literal["pandas", "polars", "pyarrow"]
"""The name of a library of data frames."""
TermsAs: TypeAlias = Literal["categorical", "text"]
"""How a data frame holds terms."""
ListsAs: TypeAlias = Literal["list", "joined", "explode"]
"""How a data frame holds lists."""
