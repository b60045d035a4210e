"""The tables as a curator keeps them: a folder with one file a table, as in `src/eaps_data/data/`."""

from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import Any

from eaps_data._internal import canonical_json
from eaps_data.errors import InvalidDataError, Problem
from eaps_data.formats import strict_json
from eaps_data.formats.json_locations import Places
from eaps_data.models.fields import Model
from eaps_data.models.records import DatasetDocument
from eaps_data.models.table_specs import MEMBERS, TABLE_SPECS
from eaps_data.tables.dataset import Dataset
from eaps_data.tables.loading import validated
from eaps_data.validation.inputs import missing
from eaps_data.validation.records import KINDS, between, several


class TableFile:
    """One file of a folder.

    Attributes:
        name: what it holds, one of `MEMBERS`.
        path: the file.
        text: its text; None where it cannot be read as text.
        held: its records, or its one record; None where they are not valid by themselves.
        count: how many records it holds, valid or not.
        problems: what is wrong with it by itself, each with its line.
    """

    def __init__(self, folder: Path, name: str) -> None:
        """Read the file of a folder that holds `name`."""
        self.name, self.path = name, folder / f"{name}.json"
        self.text: str | None = None
        self.held: Any = None
        self.count = 0
        try:
            data = self.path.read_bytes()
            self.text = strict_json.decode(data)
            value, _ = strict_json.parse(data)
        except OSError as error:
            self.problems = [Problem(rule="unreadable", message=_reason(error, self.path), file=str(self.path))]
        except InvalidDataError as error:
            self.problems = [problem.at(str(self.path)) for problem in error.problems]
        else:
            kind = KINDS[name] if TABLE_SPECS[name].has_one_row else several(name)
            self.count = len(value) if isinstance(value, list) else 1
            self.held, problems = validated(kind, value, data, table=name)
            self.problems = self.located(problems)

    @property
    def canonical_text(self) -> str | None:
        """The text as the package itself writes it; None where the records are not valid."""
        if self.held is None:
            return None
        if isinstance(self.held, Model):
            return canonical_json.to_json(self.held.model_dump(mode="json"))
        return canonical_json.to_json([record.model_dump(mode="json") for record in self.held])

    def located(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems of the file's records, each with its line."""
        places = Places(self.text or "null")
        return [places.locate(problem, str(self.path)) for problem in problems]


class Folder:
    """All files of a folder, and what the rules between their records say.

    Attributes:
        path: the folder.
        files: the files that it is to hold, by what they hold.
        document: the dataset that they make; None where a file is not valid by itself.
    """

    def __init__(self, folder: str | PathLike[str]) -> None:
        """Read a folder."""
        self.path = Path(folder)
        self.files = {name: TableFile(self.path, name) for name in MEMBERS}
        held = {name: file.held for name, file in self.files.items() if file.held is not None}
        self.document = DatasetDocument(**held) if len(held) == len(MEMBERS) else None

    def between(self) -> list[Problem]:
        """What the rules between records say, each with its place in the file of its record.

        Where a file is not valid by itself, the other tables are checked each by itself.
        """
        if self.document is not None:
            return self.in_files(between("dataset", self.document))
        valid = [file for file in self.files.values() if file.held is not None]
        return [problem for file in valid for problem in file.located(between(file.name, file.held))]

    def in_files(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems of the document, each with its place in the file of its record."""
        return [
            located for problem in problems for located in self.files[str(problem.path[0])].located([problem.below(1)])
        ]


def read_folder(folder: str | PathLike[str]) -> Dataset:
    """Read a dataset from a folder that holds its tables as files.

    Raises:
        InvalidDataError: when a file cannot be read, or the files are no valid dataset; it lists all problems, each
            with file and line.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as empty:
    ...     read_folder(empty)
    Traceback (most recent call last):
    eaps_data.errors.InvalidDataError: 10 problems
    ...release.json: there is no such file
    ...
    """
    read = Folder(folder)
    problems = [problem for file in read.files.values() for problem in file.problems]
    problems += [problem for problem in read.between() if problem.severity == "error"]
    if problems or read.document is None:
        raise InvalidDataError(problems)
    return Dataset(read.document)


def _reason(error: OSError, path: Path) -> str:
    if isinstance(error, FileNotFoundError):
        return missing(str(path))
    return f"cannot be read: {error.strerror or error}"
