"""The lossless formats: which there are, how their files are recognized, and which module reads and writes each."""

from collections.abc import Collection, Iterable, Mapping
from errno import EAGAIN
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Final, NamedTuple

from eaps_data._internal.arguments import one_of
from eaps_data.errors import InvalidDataError
from eaps_data.models.table_specs import MEMBERS, TABLES
from eaps_data.rules.problem import violation

if TYPE_CHECKING:
    from eaps_data.rules.checker import Content

_MARKERS: Final = ("release", "grant_program")
"""The tables that show that a folder holds a dataset, rather than separate files."""


class Format(NamedTuple):
    """One format.

    Attributes:
        name: its name, as in `eaps-data export csv`.
        description: what it is, in a few words.
        suffix: the end of its files' names.
        module: the name of the module that writes it, and reads it if it is lossless.
        folder: whether it is written as a folder with a file per table, rather than as one file.
        lossless: whether a dataset can be read back from it.
        tables: the tables that it can hold alone, or a part of them.
        options: the keyword arguments of its `write` that a user can give.
    """

    name: str
    description: str
    suffix: str
    module: str
    folder: bool = False
    lossless: bool = True
    tables: tuple[str, ...] = TABLES
    options: tuple[str, ...] = ()

    def load(self) -> ModuleType:
        """Import the module of the format."""
        return import_module(self.module)


_FORMATS = (
    Format(
        "csv",
        "a folder of CSV files, one per table and list",
        ".csv",
        "eaps_data.formats.csv",
        folder=True,
        options=("excel", "delimiter"),
    ),
    Format(
        "datapackage",
        "a Data Package: the CSV files, and a description of their columns",
        ".csv",
        "eaps_data.formats.datapackage",
        folder=True,
    ),
    Format("json", "the dataset document", ".json", "eaps_data.formats.json"),
    Format("jsonl", "a folder of JSON Lines files, one per table", ".jsonl", "eaps_data.formats.jsonl", folder=True),
    Format("parquet", "a folder of Parquet files, one per table", ".parquet", "eaps_data.formats.parquet", folder=True),
    Format("sqlite", "an SQLite database, with a text search and views", ".sqlite", "eaps_data.formats.sqlite"),
    Format("xlsx", "an Excel workbook", ".xlsx", "eaps_data.formats.xlsx"),
)

LOSSLESS: Final[Mapping[str, Format]] = MappingProxyType({each.name: each for each in _FORMATS})
"""Each lossless format by its name."""

_MOST_READS: Final = 10
"""How often a folder is read if it changes each time."""
_IN_FOLDERS: Final = ("csv", "json", "jsonl", "parquet")
"""The formats of folders with a file per table. JSON has a folder too, which curators keep by hand."""


def read_dataset(path: Path, format_: str | None = None, *, whole: bool = True) -> "Content":
    """Read a file or folder that holds a dataset.

    Args:
        path: the file or folder.
        format_: the name of the format; recognized by the names of the files if not given.
        whole: whether to refuse one table alone; else its content has the attribute `table`.

    Raises:
        FileNotFoundError: if there is no such file or folder.
        OSError: if it cannot be read.
        UnknownTermError: if there is no such format.
        InvalidDataError: if its format cannot be recognized, the file is damaged, or it holds one table alone.
        MissingExtraError: if the format needs a library that is not installed; it names the extra.
    """
    name = _recognize(path) if format_ is None else one_of("format", format_, LOSSLESS)
    module = LOSSLESS[name].load()
    content: Content
    if path.is_dir():
        if not hasattr(module, "read_folder"):
            raise _unrecognized(path, f"{name} is read from a file, but this is a folder")
        content = _read_folder(module, path)
    elif LOSSLESS[name].folder:
        raise _unrecognized(path, f"{name} is read from a folder with a file per table, but this is a file")
    else:
        content = module.read(path)
    table = getattr(content, "table", None)
    if whole and table is not None:
        message = f"it has only the table {table}; a dataset needs all tables"
        raise InvalidDataError([violation("missing-table", message, ()).at(str(path))])
    return content


def _read_folder(module: ModuleType, folder: Path) -> "Content":
    """Read a folder; once more if an export replaces it meanwhile, so that old and new files are not mixed.

    Raises:
        OSError: if it cannot be read, or is replaced again and again.
        InvalidDataError: if it is not a dataset.
    """
    for _ in range(_MOST_READS):
        before = _state(folder)
        try:
            content: Content = module.read_folder(folder)
        except (OSError, InvalidDataError):
            if _state(folder) == before:
                raise
        else:
            if _state(folder) == before:
                return content
    raise OSError(EAGAIN, "the folder kept changing while it was read; try again later", str(folder))


def _state(folder: Path) -> tuple[int, ...]:
    """Return what changes when a folder is replaced, or a file in it added or removed."""
    found = folder.stat()
    return found.st_dev, found.st_ino, found.st_mtime_ns


def formats_in(folder: Path, tables: tuple[str, ...] = _MARKERS) -> list[str]:
    """Return the formats in which a folder holds any of some tables, each in a file of its own.

    Args:
        folder: the folder.
        tables: the tables to look for; those that only a whole dataset has if not given.
    """
    names = {file.name for file in folder.iterdir()}
    found = _held(names, tables)
    if "datapackage.json" in names:
        held = _held(names, MEMBERS)
        if "csv" in held or not held:
            return ["datapackage", *(name for name in found if name != "csv")]
    return found


def file_names(name: str) -> frozenset[str]:
    """Return the names of the files of a dataset in a folder, in a format."""
    module = LOSSLESS[name].load()
    if hasattr(module, "file_names"):  # it has other files too
        names: frozenset[str] = module.file_names()
        return names
    return frozenset(f"{table}{LOSSLESS[name].suffix}" for table in MEMBERS)


def _held(names: Collection[str], tables: Iterable[str]) -> list[str]:
    """Return the formats in which some files hold any of some tables."""
    return [name for name in _IN_FOLDERS if any(f"{each}{LOSSLESS[name].suffix}" in names for each in tables)]


def _recognize(path: Path) -> str:
    if path.is_dir():
        found = formats_in(path, MEMBERS)
        if len(found) == 1:
            return found[0]
        suffixes = ", ".join(LOSSLESS[name].suffix for name in _IN_FOLDERS)
        what = f"files in several formats ({', '.join(found)})" if found else "no tables"
        raise _unrecognized(path, f"the folder holds {what}; keep the tables in files that end in one of {suffixes}")
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file or folder")
    files = {each.suffix: each.name for each in _FORMATS if not each.folder}
    if path.suffix.lower() not in files:
        raise _unrecognized(path, f"unknown format; the file's name must end in one of {', '.join(files)}")
    return files[path.suffix.lower()]


def _unrecognized(path: Path, message: str) -> InvalidDataError:
    return InvalidDataError([violation("shape", message, ()).at(str(path))])
