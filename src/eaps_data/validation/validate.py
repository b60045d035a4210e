"""Report all that is wrong with some data: bytes, a file, or many."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from os import PathLike, fspath
from typing import BinaryIO

from eaps_data import strict_json
from eaps_data.errors import InvalidDataError
from eaps_data.models import RECORDS, DatasetDocument
from eaps_data.places import Places
from eaps_data.problems import Problem
from eaps_data.validation import csv_text, json_lines
from eaps_data.validation.accepting import accepted
from eaps_data.validation.inputs import Input, UnreadableError, expand
from eaps_data.validation.records import between, check_kind, problems_of, recognise
from eaps_data.validation.yaml_text import MissingYamlError, YamlText


def validate(data: bytes, kind: str | None = None, *, file: str | None = None) -> tuple[Problem, ...]:
    """Every problem of a JSON text; none where it is valid.

    Args:
        data: a dataset document, an array of records of one table, or one record; UTF-8.
        kind: `dataset`, or the table that the records are of; recognised by its shape where not given.
        file: the file's name, for messages.

    Raises:
        KeyNotFoundError: when there is no such kind.
    """
    check_kind(kind)
    return tuple(step for step in _check_json(data, kind, file) if isinstance(step, Problem))


def validate_file(path: str | PathLike[str], kind: str | None = None) -> tuple[Problem, ...]:
    """Every problem of a file in JSON, JSON Lines, YAML or CSV, by the end of its name; none where it is valid.

    Args:
        path: the file, which may be gzipped (`.gz`).
        kind: `dataset`, or the table whose records it holds; recognised by its shape where not given.

    Raises:
        KeyNotFoundError: when there is no such kind.

    A file that cannot be read gives one problem, of the rule `unreadable`.
    """
    return tuple(step for step in check([fspath(path)], kind) if isinstance(step, Problem))


def check(names: Sequence[str], kind: str | None = None, form: str | None = None) -> Iterator[Problem | Input | int]:
    """Check many inputs, and say what is found as it is found.

    Args:
        names: files, folders, globs, or `-` for standard input.
        kind: `dataset`, or the table whose records they hold; recognised by their shape where not given.
        form: `json`, `jsonl`, `yaml` or `csv`; told by the end of a file's name where not given.

    Yields:
        The input, when its check begins; its problems; and how many records were checked since.

    Raises:
        KeyNotFoundError: when there is no such kind.
    """
    check_kind(kind)
    for entry in expand(names, form):
        if isinstance(entry, Input):
            yield entry
            try:
                yield from _check_input(entry, kind)
            except (UnreadableError, MissingYamlError) as error:
                yield _unreadable(entry.name, error)
            except OSError as error:
                yield _unreadable(entry.name, f"cannot be read: {error.strerror or error}")
        else:
            name, reason = entry
            yield _unreadable(name, reason)


def _unreadable(name: str, reason: object) -> Problem:
    return Problem(rule="unreadable", message=str(reason), file=name)


def _check_input(entry: Input, kind: str | None) -> Iterator[Problem | int]:
    with closing(entry.open()) as stream:
        if entry.format == "jsonl":
            yield from json_lines.check_stream(stream, kind, entry.name)
        elif entry.format == "csv":
            yield from csv_text.check_stream(stream, kind, entry.name)
        else:
            yield from _check_whole(stream, entry, kind)


def _check_whole(stream: BinaryIO, entry: Input, kind: str | None) -> Iterator[Problem | int]:
    data = stream.read()
    yield from (_check_yaml if entry.format == "yaml" else _check_json)(data, kind, entry.name)


def _check_json(data: bytes, kind: str | None, file: str | None) -> Iterator[Problem | int]:
    valid = accepted(data, kind)
    if valid and not between(*valid):
        yield _count(*valid)
        return
    try:
        value, text = strict_json.parse(data)
        name = kind or recognise(value)
    except InvalidDataError as error:
        yield from (problem.at(file) for problem in error.problems)
        return
    yield from problems_of(name, value, data, lambda: Places(text), file)
    yield _count(name, value)


def _check_yaml(data: bytes, kind: str | None, file: str | None) -> Iterator[Problem | int]:
    try:
        text = YamlText(strict_json.decode(data))
        name = kind or recognise(text.value)
        as_json = json.dumps(text.value).encode()
    except InvalidDataError as error:
        yield from (problem.at(file) for problem in error.problems)
        return
    yield from problems_of(name, text.value, as_json, lambda: text, file)
    yield _count(name, text.value)


def _count(name: str, value: object) -> int:
    """How many records the data holds, be it plain or made into models."""
    if isinstance(value, DatasetDocument):
        return sum(len(getattr(value, table)) for table in RECORDS)
    if name == "dataset" and isinstance(value, dict):
        return sum(len(table) for table in value.values() if isinstance(table, list))
    return len(value) if isinstance(value, list | tuple) else 1
