"""Recognise what some JSON is meant to be, and report all that is wrong with it."""

from os import PathLike
from pathlib import Path
from typing import Any

from eaps_data import integrity, strict_json
from eaps_data.dataset import read
from eaps_data.errors import InvalidDataError, KeyNotFoundError
from eaps_data.fields import Model
from eaps_data.keys import closest
from eaps_data.models import RECORDS, DatasetDocument, GrantProgram, Record, Release
from eaps_data.problems import Problem, pointer

_KINDS: dict[str, type[Model]] = {
    "dataset": DatasetDocument,
    "release": Release,
    "grant_program": GrantProgram,
    **RECORDS,
}


def validate_file(path: str | PathLike[str], kind: str | None = None) -> tuple[Problem, ...]:
    """Every problem of a JSON file; none where it is valid.

    Args:
        path: the file.
        kind: `dataset`, or the table whose records it holds; recognised by its shape where not given.

    Raises:
        OSError: when the file cannot be read.
        KeyNotFoundError: when there is no such kind.
    """
    return validate(Path(path).read_bytes(), kind, file=str(path))


def validate(data: bytes, kind: str | None = None, *, file: str | None = None) -> tuple[Problem, ...]:
    """Every problem of a JSON text; none where it is valid.

    Args:
        data: a dataset document, an array of records of one table, or one record; UTF-8.
        kind: `dataset`, or the table that the records are of; recognised by its shape where not given.
        file: the file's name, for messages.

    Raises:
        KeyNotFoundError: when there is no such kind.
    """
    if kind is not None and kind not in _KINDS:
        raise KeyNotFoundError("the kinds of data", kind, closest(kind, _KINDS))
    try:
        value, _ = strict_json.parse(data)
        name = kind or recognise(value)
        if name == "dataset":
            read(DatasetDocument, data, file=file, check=integrity.check)
        elif isinstance(value, list):
            _read_records(name, data, file)
        else:
            read(_KINDS[name], data, file=file, table=name, check=lambda _: [])
    except InvalidDataError as error:
        return tuple(problem.at(file) for problem in error.problems)
    return ()


def _read_records(name: str, data: bytes, file: str | None) -> None:
    def check(records: tuple[Record, ...]) -> list[Problem]:
        # In a file of one table, a place does not begin with the table's name.
        return [problem.below(1) for problem in integrity.check_table(name, records)] if name in RECORDS else []

    kind: Any = tuple[_KINDS[name], ...]  # type: ignore[valid-type]  # a type that is made as it is needed
    read(kind, data, file=file, table=name, check=check)


def recognise(value: Any) -> str:
    """What plain data is meant to be, by its shape: `dataset`, or the name of a table.

    Raises:
        InvalidDataError: when it has no such shape.

    >>> recognise([{"program": "revere-bhu", "partner": "rpd", "role": "creator"}])
    'partnerships'
    """
    sample: Any = value[0] if isinstance(value, list) and value else value
    if isinstance(sample, dict):
        keys = set(sample)
        if not isinstance(value, list) and keys & {"$schema", *_KINDS}:
            return "dataset"
        fields = {name: set(kind.model_fields) for name, kind in _KINDS.items() if name != "dataset"}
        # Of the kinds that share the most fields, the one that has the fewest others.
        best = max(fields, key=lambda name: (len(fields[name] & keys), -len(fields[name] - keys)))
        if fields[best] & keys:
            return best
    message = "this is neither a dataset document nor records of a table; say which with a type: " + ", ".join(_KINDS)
    raise InvalidDataError([Problem(rule="shape", message=message, pointer=pointer(()), line=1, column=1)])
