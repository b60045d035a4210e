"""Build a dataset document from any content: loading is validating, and then building."""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from eaps_data._internal.caller_warnings import warn
from eaps_data._internal.gc_pause import GcPaused
from eaps_data.errors import InvalidDataError, OldSchemaWarning
from eaps_data.formats.registry import read_dataset
from eaps_data.models.records import DatasetDocument
from eaps_data.rules.checker import check

if TYPE_CHECKING:
    from eaps_data.rules.checker import Content


def load_path(path: str | PathLike[str], format_: str | None = None) -> DatasetDocument:
    """Load a dataset document from a file or folder in any lossless format; see `Dataset.from_path`."""
    with GcPaused():
        return build(read_dataset(Path(path), format_))


def build(content: "Content", *, warns: bool = True) -> DatasetDocument:
    """Build a dataset document.

    Args:
        content: the data, as a reader found it.
        warns: whether to warn if it follows an earlier schema.

    Raises:
        InvalidDataError: if there are errors; it lists all of them, with locations.
    """
    with GcPaused():
        checked = check(content, "dataset")
    if checked.errors:
        raise InvalidDataError(checked.errors)
    for problem in checked.problems if warns else ():
        if problem.rule == "old-schema":
            warn(OldSchemaWarning(problem))
    document: DatasetDocument = checked.built
    return document
