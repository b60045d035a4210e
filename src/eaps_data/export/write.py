"""Write a dataset, a table or a part of one in any format, atomically; only earlier exports are replaced."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from eaps_data._internal.arguments import expect
from eaps_data._internal.atomic_writes import atomic_export, check_destination
from eaps_data._internal.gc_pause import GcPaused
from eaps_data.errors import ExportError
from eaps_data.export import metadata
from eaps_data.export.registry import FORMATS, FormatName, format_named
from eaps_data.formats.registry import Format, file_names
from eaps_data.tables.base import Collection
from eaps_data.tables.dataset import Dataset, load


def write(
    format: FormatName,
    destination: str | PathLike[str],
    data: Dataset | Collection[Any] | None = None,
    *,
    force: bool = False,
    **options: Any,
) -> None:
    """Write a dataset, or the records of one table, to a file or a folder. The same data gives the same bytes.

    Args:
        format: the name of one of `FORMATS`.
        destination: the file or the folder to create. The records of one table are one file if the destination has
            the suffix of the format, such as `.csv`; its lists are then in the cells, with an item per line.
        data: a dataset, or a collection such as `eaps.programs.where(municipality="revere")`; the packaged dataset if
            not given. Some formats can only hold a whole dataset.
        force: whether to replace an earlier file, or the folder of an earlier export.
        **options: the options of the format. For `csv`, `excel=True` marks each file as UTF-8 for Excel, and text that
            looks like a formula as text; `delimiter=";"` separates the cells as spreadsheets of languages with a
            decimal comma expect.

    Raises:
        UnknownTermError: if there is no such format.
        ExportError: if the format cannot hold the table, or the destination exists or cannot be written.
        MissingExtraError: if the format needs a library that is not installed; it names the extra.
        TypeError: if the data is neither a dataset nor a collection, or the format has no such option.

    >>> import tempfile
    >>> import eaps_data as eaps
    >>> path = Path(tempfile.mkdtemp(), "partners.csv")
    >>> write("csv", path, eaps.partners.where(municipality="revere", kind="office"))
    >>> print(path.read_text(encoding="utf-8"))
    id,name,acronym,aliases,kind,municipality,part_of
    revere-sudhi-office,...,SUDHI,SUDHI office,office,revere,
    <BLANKLINE>
    """
    chosen = format_named(format)
    target = Path(destination)
    held = load() if data is None else data
    if not isinstance(held, Dataset | Collection):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers need not be typed
        raise TypeError(
            f"export.write() takes a Dataset or a collection such as eaps.programs, not {type(held).__name__}; "
            "Dataset.from_frames() builds a dataset from data frames"
        )
    expect("force", force, bool)
    _check_options(chosen, options)
    module, is_folder = chosen.load(), chosen.folder
    if isinstance(held, Collection):
        _check_table(chosen, target, held.table)
        # A file of CSV, for example, holds one table with its lists.
        is_folder = is_folder and not (target.suffix == chosen.suffix and hasattr(module, "write_file"))
    _check(chosen, target, force=force, folder=is_folder)
    if chosen.name == "datapackage":
        dataset = held._tables if isinstance(held, Collection) else held  # noqa: SLF001 - the dataset that it is of
        options["about"] = metadata.data_package(dataset)
    with GcPaused(), atomic_export(target) as path:
        if is_folder:
            path.mkdir()
        if isinstance(held, Collection) and chosen.folder and not is_folder:
            module.write_file(held.table, held.to_records(), path, **options)
        else:
            module.write(_content(chosen, held), path, **options)


def _content(chosen: Format, data: Dataset | Collection[Any]) -> Any:
    """Return what the module of a format writes: plain rows, the document in plain Python, or the data itself."""
    if isinstance(data, Collection):
        if chosen.name == "geojson":
            return data
        return data.to_records() if chosen.name == "json" else {data.table: data.to_records()}
    match chosen.name:
        case "json":
            return data.document.model_dump(mode="json")
        case "geojson":
            return data.municipalities
        case _:
            return data.to_rows() if chosen.lossless else data


def _check_options(chosen: Format, options: Mapping[str, Any]) -> None:
    for name in options:
        if name not in chosen.options:
            known = f"its options are {', '.join(chosen.options)}" if chosen.options else "it has none"
            raise TypeError(f"the format {chosen.name} has no option {name!r}; {known}")


def _check_table(chosen: Format, target: Path, table: str) -> None:
    if table not in chosen.tables:
        others = ", ".join(name for name, each in FORMATS.items() if table in each.tables)
        holds = ", ".join(chosen.tables) or "whole datasets only"
        raise ExportError(target, f"{chosen.name} holds {holds}, not {table}; use one of: {others}")


def _check(chosen: Format, target: Path, *, force: bool, folder: bool) -> None:
    """Refuse a destination that must not be written to, before any work is done."""
    check_destination(target, chosen.name, force=force, folder=folder)
    if folder and target.exists():
        ours = file_names(chosen.name)
        others = sorted(file.name for file in target.iterdir() if file.name not in ours)
        if others:
            message = f"the folder holds {others[0]}, which no export has written; nothing was replaced"
            raise ExportError(target, message)
