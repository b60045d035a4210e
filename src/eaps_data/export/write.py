"""Write a dataset in any format: in one step, and over nothing that is not to be lost."""

from os import PathLike
from pathlib import Path
from typing import Any

from eaps_data._internal.atomic_writes import atomic_export, check_destination
from eaps_data._internal.gc_pause import GcPaused
from eaps_data.errors import ExportError
from eaps_data.export.formats import Format, format_named
from eaps_data.tables.dataset import Dataset, load


def write(
    format: str,  # noqa: A002 - it is what users call it
    destination: str | PathLike[str],
    dataset: Dataset | None = None,
    *,
    force: bool = False,
    **options: Any,
) -> None:
    """Write a dataset to a file or a folder. The same dataset makes the same bytes.

    Args:
        format: the name of one of `FORMATS`.
        destination: the file or the folder to make.
        dataset: what to write; the packaged dataset where not given.
        force: whether an earlier file, or the folder of an earlier export, may be replaced.
        **options: what the format offers: `excel=True` with `csv` begins each file with a byte order mark.

    Raises:
        UnknownTermError: when there is no such format.
        ExportError: when the destination exists, or cannot be written.
        MissingExtraError: when a library is missing that the format needs; it names the extra.
        TypeError: for an option that the format does not have.
    """
    form = format_named(format)
    target = Path(destination)
    _check(form, target, force=force)
    held = load() if dataset is None else dataset
    with GcPaused(), atomic_export(target) as path:
        if form.folder:
            path.mkdir()
        form.module.write(held, path, **options)


def _check(form: Format, target: Path, *, force: bool) -> None:
    """Refuse a destination that is not to be written to, before any work is done."""
    check_destination(target, form.name, force=force, folder=form.folder)
    if form.folder and target.exists():
        ours = form.module.file_names()
        others = sorted(file.name for file in target.iterdir() if file.name not in ours)
        if others:
            message = f"the folder holds what is no export of ours, such as {others[0]}; nothing was replaced"
            raise ExportError(target, message)
