"""Parquet: a table per file, with lists in the cells; needs the extra `arrow`."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from eaps_data._internal.bounded_reads import open_in_folder
from eaps_data.errors import InvalidDataError, MissingExtraError, Problem
from eaps_data.formats.columns import Table, columns_of, table, tables
from eaps_data.formats.content import Sheet, TableContent, of_table, of_tables, unread
from eaps_data.rules.problem import violation

# A row has an id of its own, so honest files take at least a byte for a hundred values. Small files may hold more.
_MOST_EXPANSION: Final = 100
_ALWAYS_ALLOWED: Final = 64 * 2**20
_VALUES_ALWAYS_ALLOWED: Final = 2**20


def read(path: Path, table_: Table) -> TableContent:
    """Read the records of one table from a file."""
    return of_table(table_, _read_sheet(path, table_))


def read_header(path: Path) -> list[str]:
    """Read the names of the columns of a file.

    Raises:
        InvalidDataError: if it is damaged.
    """
    parquet, errors = _library()
    try:
        return [*parquet.read_schema(path).names]
    except errors as error:
        raise InvalidDataError([_damaged(str(path), error)]) from None


def read_folder(folder: Path) -> TableContent:
    """Read a dataset from a folder with a file per table."""
    paths = {each.name: folder / f"{each.name}.parquet" for each in tables()}
    found = {name: path for name, path in paths.items() if path.exists()}
    for path in found.values():
        open_in_folder(path).close()
    sheets = {name: _read_sheet(path, table(name)) for name, path in found.items()}
    return of_tables(sheets, str(folder), [path.stem for path in folder.glob("*.parquet")])


def _read_sheet(path: Path, table_: Table) -> Sheet:
    parquet, errors = _library()
    from eaps_data.formats import arrow

    place = str(path)
    try:
        most = path.stat().st_size * _MOST_EXPANSION
        metadata = parquet.read_metadata(path)
        # Reading a damaged description of a column makes pyarrow end the process, so only the groups are read.
        groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
        size, rows = sum(group.total_byte_size for group in groups), sum(group.num_rows for group in groups)
        if size > max(_ALWAYS_ALLOWED, most) or rows * metadata.num_columns > max(_VALUES_ALWAYS_ALLOWED, most):
            return unread(table_, place, [_too_large(place)])
        columns = map(metadata.schema.column, range(metadata.num_columns))
        texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
        held = parquet.ParquetFile(path, read_dictionary=texts, page_checksum_verification=True).read()
        held.validate(full=True)  # strings are UTF-8, and terms are in their dictionaries
        if arrow.text_size(held) > max(_ALWAYS_ALLOWED, most):
            return unread(table_, place, [_too_large(place)])
        return arrow.sheet(table_, place, held, first=1)
    except errors as error:
        return unread(table_, place, [_damaged(place, error)])


def _damaged(place: str, error: Exception) -> Problem:
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    return violation("damaged-file", f"this is not Parquet, or the file is incomplete: {reason}", ()).at(place)


def _too_large(place: str) -> Problem:
    return violation("unreadable", "its values take more than a hundred times its size; split the file", ()).at(place)


def write(rows: Mapping[str, Any], folder: Path) -> None:
    """Write a file per table, with checksums by which a damaged page is found.

    Args:
        rows: the records of each table, in plain Python.
        folder: where to write.
    """
    for name, records in rows.items():
        write_file(name, records, folder / f"{name}.parquet")


def write_file(name: str, records: Iterable[Any], file: Path) -> None:
    """Write the records of one table as one file."""
    parquet, _ = _library()
    from eaps_data.formats import arrow

    held = arrow.frame(table(name).columns, columns_of(table(name), records))
    parquet.write_table(held, file, compression="zstd", write_page_checksum=True)


def _library() -> tuple[Any, tuple[type[Exception], ...]]:
    """Import pyarrow's reader and writer, and the errors that a damaged file may raise."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise MissingExtraError("Parquet", "pyarrow", "arrow") from None
    return parquet, (ArrowException, OSError, ValueError)
