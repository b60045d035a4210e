"""Read a dataset back from any format that holds all of it."""

from os import PathLike
from pathlib import Path

from eaps_data._internal.gc_pause import GcPaused
from eaps_data.errors import InvalidDataError, Problem
from eaps_data.export.formats import format_named, format_of
from eaps_data.tables.dataset import Dataset


def read(path: str | PathLike[str], format: str | None = None) -> Dataset:  # noqa: A002 - as `write` has it
    """Read a dataset, as `Dataset.from_path` does.

    Args:
        path: a file or a folder, as `write` makes them.
        format: the name of one of `FORMATS`; told by the ends of the files' names where not given.

    Raises:
        FileNotFoundError: when there is none.
        OSError: when it cannot be read.
        UnknownTermError: when there is no such format.
        InvalidDataError: when it holds no valid dataset; it lists all problems, each with file, table, row and column.
        MissingExtraError: when a library is missing that the format needs; it names the extra.
    """
    source = Path(path)
    form = format_of(source) if format is None else format_named(format)
    if not form.lossless:
        raise ValueError(f"{form.name} does not hold all of a dataset, so that none can be read from it")
    try:
        with GcPaused():
            dataset: Dataset = form.module.read(source)
    except UnicodeDecodeError as error:
        message = f"the text is not UTF-8 (byte 0x{error.object[error.start]:02x}); save it as UTF-8"
        raise InvalidDataError([Problem(rule="encoding", message=message, file=str(path))]) from None
    return dataset
