"""Which formats there are, and where each of them is written and read."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from eaps_data._internal.text_keys import closest
from eaps_data.errors import InvalidDataError, Problem, UnknownTermError


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        name: what it is called, as in `eaps-data export csv`.
        about: what it is, in a few words.
        suffix: the end of its files' names.
        folder: whether it is a folder, with a file a table, rather than one file.
        lossless: whether a dataset can be read back from it.
        mark: the file by which its folder is told from another with files of that end; None where it needs none.
    """

    name: str
    about: str
    suffix: str
    folder: bool = False
    lossless: bool = False
    mark: str | None = None

    @property
    def module(self) -> ModuleType:
        """The module that writes it, and reads it where it is lossless; imported when it is first used."""
        return import_module(f"eaps_data.export.{_MODULES.get(self.name, self.name)}")


_MODULES: Final = {"csv": "csv_folder", "json": "json_document", "jsonl": "jsonl_folder"}

FORMATS: Final[Mapping[str, Format]] = {
    form.name: form
    for form in (
        Format("csv", "a folder of CSV files, one a table and one a list", ".csv", folder=True, lossless=True),
        Format(
            "datapackage",
            "a Data Package: the CSV files, and what is in their columns",
            ".csv",
            folder=True,
            lossless=True,
            mark="datapackage.json",
        ),
        Format("geojson", "the municipalities as points on a map (RFC 7946)", ".geojson"),
        Format("hsds", "the programs as services of Open Referral's HSDS 3.1", ".json"),
        Format("html", "a page to explore, which needs no server and no network", ".html"),
        Format("json", "the dataset document", ".json", lossless=True),
        Format("jsonld", "linked data (JSON-LD 1.1) in the words of schema.org", ".jsonld"),
        Format("jsonl", "a folder of JSON Lines files, one a table", ".jsonl", folder=True, lossless=True),
        Format("parquet", "a folder of Parquet files, one a table", ".parquet", folder=True, lossless=True),
        Format("sqlite", "an SQLite database, with a text search and views", ".sqlite", lossless=True),
        Format("xlsx", "an Excel workbook", ".xlsx", lossless=True),
    )
}
"""Each format by its name."""


def format_named(name: str) -> Format:
    """A format by its name.

    Raises:
        UnknownTermError: when there is no such format; it lists those that there are.
    """
    if name not in FORMATS:
        raise UnknownTermError("format", name, tuple(FORMATS), closest(name, FORMATS))
    return FORMATS[name]


def format_of(path: Path) -> Format:
    """The format of a file or folder that holds a dataset, by the ends of the files' names.

    Raises:
        FileNotFoundError: when there is none.
        InvalidDataError: when it is in none of the formats that can be read.
    """
    readable = [form for form in FORMATS.values() if form.lossless]
    if path.is_dir():
        names = {file.name for file in path.iterdir()}
        suffixes = {Path(name).suffix for name in names}
        folders = [form for form in readable if form.folder and form.suffix in suffixes]
        found = [form for form in folders if form.mark in names] or [form for form in folders if form.mark is None]
        if len(found) == 1:
            return found[0]
        wanted = "one of " + ", ".join(form.suffix for form in readable if form.folder)
        message = f"the folder is to hold files of one format, with names that end in {wanted}"
    else:
        if not path.exists():
            raise FileNotFoundError(f"{path}: there is no such file or folder")
        for form in readable:
            if not form.folder and path.suffix.lower() == form.suffix:
                return form
        wanted = ", ".join(form.suffix for form in readable if not form.folder)
        message = f"the file's name does not tell its format: it is to end in one of {wanted}"
    raise InvalidDataError([Problem(rule="shape", message=message, file=str(path))])
