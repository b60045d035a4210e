"""Report all that is wrong with some data: bytes, a file, or many."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from os import PathLike, fspath
from typing import Any, TypeAlias

from eaps_data.errors import InvalidDataError, MissingExtraError, Problem
from eaps_data.formats import strict_json
from eaps_data.formats.json_locations import Places
from eaps_data.models.table_specs import TABLES
from eaps_data.validation.detection import check_kind, recognise
from eaps_data.validation.fast.acceptor import accepted
from eaps_data.validation.in_order import Work, in_order
from eaps_data.validation.inputs import Input, UnreadableError, expand


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


Step: TypeAlias = Problem | Input | int


def check(names: Sequence[str], kind: str | None = None, form: str | None = None, *, jobs: int = 1) -> Iterator[Step]:
    """Check many inputs, and say what is found as it is found.

    Args:
        names: files, folders, globs, or `-` for standard input.
        kind: `dataset`, or the table whose records they hold; recognised by their shape where not given.
        form: `json`, `jsonl`, `yaml` or `csv`; told by the end of a file's name where not given.
        jobs: how many processes share the work: files, and the parts of a large file in JSON Lines. What is found
            is the same, in the same order. A script that asks for more than 1 needs `if __name__ == "__main__":`.

    Yields:
        The input, when its check begins; its problems; and how many records were checked since.

    Raises:
        KeyNotFoundError: when there is no such kind.
        ValueError: when `jobs` is less than 1.
    """
    check_kind(kind)
    if jobs < 1:
        raise ValueError(f"jobs is {jobs}; give how many processes are to share the work, 1 or more")
    return in_order(_work(names, kind, form, sliced=jobs > 1), jobs)


def _work(
    names: Sequence[str], kind: str | None, form: str | None, *, sliced: bool
) -> Iterator[Work[Any, Step] | Step]:
    for entry in expand(names, form):
        if isinstance(entry, Input):
            yield entry
            if entry.format == "jsonl":
                yield from _work_on_lines(entry, kind, sliced=sliced and entry.is_plain_file)
            else:
                yield Work(partial(_check_input, entry, kind), iter)
        else:
            name, reason = entry
            yield _unreadable(name, reason)


def _work_on_lines(entry: Input, kind: str | None, *, sliced: bool) -> Iterator[Work[Any, Step] | Step]:
    from eaps_data.validation import json_lines  # each format is imported where there is a file of it

    try:
        if sliced:
            yield from json_lines.check_slices(entry.name, kind)
            return
        with closing(entry.open()) as stream:
            yield from json_lines.check_stream(stream, kind, entry.name)
    except (UnreadableError, OSError) as error:
        yield _unreadable(entry.name, error)


def _check_input(entry: Input, kind: str | None) -> Iterator[Step]:
    try:
        with closing(entry.open()) as stream:
            if entry.format == "csv":
                from eaps_data.validation import csv_text

                yield from csv_text.check_stream(stream, kind, entry.name)
            elif entry.format == "yaml":
                yield from _check_yaml(stream.read(), kind, entry.name)
            else:
                yield from _check_json(stream.read(), kind, entry.name)
    except (UnreadableError, MissingExtraError, OSError) as error:
        yield _unreadable(entry.name, error)


def _unreadable(name: str, reason: object) -> Problem:
    message = f"cannot be read: {reason.strerror or reason}" if isinstance(reason, OSError) else str(reason)
    return Problem(rule="unreadable", message=message, file=name)


def _check_json(data: bytes, kind: str | None, file: str | None) -> Iterator[Problem | int]:
    count = accepted(data, kind)
    if count is not None:
        yield count
        return
    from eaps_data.validation.records import problems_of  # the models are imported where there is a problem to word

    try:
        value, text = strict_json.parse(data)
        name = kind or recognise(value, file)
    except InvalidDataError as error:
        yield from (problem.at(file) for problem in error.problems)
        return
    yield from problems_of(name, value, data, lambda: Places(text), file)
    yield _count(name, value)


def _check_yaml(data: bytes, kind: str | None, file: str | None) -> Iterator[Problem | int]:
    from eaps_data.formats.yaml import YamlText
    from eaps_data.validation.records import problems_of

    try:
        text = YamlText(strict_json.decode(data))
        name = kind or recognise(text.value, file)
        as_json = json.dumps(text.value).encode()
    except InvalidDataError as error:
        yield from (problem.at(file) for problem in error.problems)
        return
    yield from problems_of(name, text.value, as_json, lambda: text, file)
    yield _count(name, text.value)


def _count(name: str, value: Any) -> int:
    """How many records some plain data holds."""
    if name == "dataset" and isinstance(value, dict):
        return sum(len(value[table]) for table in TABLES if isinstance(value.get(table), list))
    return len(value) if isinstance(value, list) else 1
