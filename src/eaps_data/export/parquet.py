"""A folder of Parquet files, one a table, with lists in their cells; needs the extra `arrow`."""

from pathlib import Path
from typing import Any

from eaps_data.errors import InvalidDataError, MissingExtraError, Problem
from eaps_data.export.assembling import Sheet, from_tables
from eaps_data.export.frames import from_arrow, to_frames
from eaps_data.formats import columns as tidy
from eaps_data.tables.dataset import Dataset


def file_names() -> frozenset[str]:
    """The files of such a folder."""
    return frozenset(f"{table.name}.parquet" for table in tidy.tables())


def write(dataset: Dataset, folder: Path) -> None:
    """Write the files."""
    parquet = _library()
    for name, table in to_frames(dataset, "pyarrow").items():
        parquet.write_table(table, folder / f"{name}.parquet", compression="zstd")


def read(folder: Path) -> Dataset:
    """Read the files of such a folder."""
    parquet = _library()
    sheets: dict[str, Sheet] = {}
    problems: list[Problem] = []
    for table in tidy.tables():
        path = folder / f"{table.name}.parquet"
        if not path.exists():
            continue
        try:
            held = parquet.read_table(path)
        except (ValueError, OSError) as error:  # as pyarrow has it
            message = f"this is not Parquet, or not the whole of it: {str(error).splitlines()[0]}"
            raise InvalidDataError([Problem(rule="shape", message=message, file=str(path))]) from None
        sheets[table.name], found = from_arrow(table, str(path), held)
        problems += found
    if problems:
        raise InvalidDataError(problems)
    return from_tables(sheets, str(folder))


def _library() -> Any:
    try:
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("Parquet", "pyarrow", "arrow") from None
    return parquet
