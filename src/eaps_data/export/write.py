"""Write a dataset in any format: all or nothing, and over nothing that was not exported before."""

from os import PathLike
from pathlib import Path
from typing import Any

from eaps_data._internal.atomic_writes import atomic_export, check_destination
from eaps_data._internal.gc_pause import GcPaused
from eaps_data.errors import ExportError
from eaps_data.export.registry import format_named
from eaps_data.formats.registry import Format
from eaps_data.tables.dataset import Dataset, load


def write(
    format: str,
    destination: str | PathLike[str],
    dataset: Dataset | None = None,
    *,
    force: bool = False,
    **options: Any,
) -> None:
    """Write a dataset to a file or a folder. The same dataset gives the same bytes.

    Args:
        format: the name of one of `FORMATS`.
        destination: the file or the folder to create.
        dataset: what to write; the packaged dataset if not given.
        force: whether to replace an earlier file, or the folder of an earlier export.
        **options: the options of the format: `excel=True` for `csv` marks each file as UTF-8 for Excel, and text that
            looks like a formula as text.

    Raises:
        UnknownTermError: if there is no such format.
        ExportError: if the destination exists, or cannot be written.
        MissingExtraError: if the format needs a library that is not installed; it names the extra.
        TypeError: if the format has no such option.
    """
    chosen = format_named(format)
    target = Path(destination)
    _check(chosen, target, force=force)
    with GcPaused(), atomic_export(target) as path:
        if chosen.folder:
            path.mkdir()
        _write(chosen, load() if dataset is None else dataset, path, options)


def _write(chosen: Format, dataset: Dataset, path: Path, options: dict[str, Any]) -> None:
    module = chosen.load()
    match chosen.name:
        case "json":
            module.write(dataset.document.model_dump(mode="json"), path, **options)
        case "datapackage":
            from eaps_data.export import metadata

            module.write(dataset.to_rows(), path, about=metadata.data_package(dataset), **options)
        case _ if chosen.lossless:
            module.write(dataset.to_rows(), path, **options)
        case _:
            module.write(dataset, path, **options)


def _check(chosen: Format, target: Path, *, force: bool) -> None:
    """Refuse a destination that must not be written to, before any work is done."""
    check_destination(target, chosen.name, force=force, folder=chosen.folder)
    if chosen.folder and target.exists():
        ours = chosen.load().file_names()
        others = sorted(file.name for file in target.iterdir() if file.name not in ours)
        if others:
            message = f"the folder holds {others[0]}, which no export has written; nothing was replaced"
            raise ExportError(target, message)
