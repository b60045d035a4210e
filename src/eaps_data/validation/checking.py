"""Check inputs: bytes, a file, or many; report each problem as it is found."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from os import PathLike, fspath
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from eaps_data._internal.arguments import expect, expect_items, one_of
from eaps_data._internal.bounded_reads import read_stream
from eaps_data._internal.gc_pause import GcPaused
from eaps_data.errors import InvalidDataError, MissingExtraError, Problem
from eaps_data.models.table_specs import DataType
from eaps_data.rules.problem import shown, violation
from eaps_data.validation import fast
from eaps_data.validation.detection import TYPES, check_type, closest_tables, detect, named, undecided
from eaps_data.validation.duplicate_ids import DuplicateIds
from eaps_data.validation.inputs import Count, Input, UnreadableError, expand

if TYPE_CHECKING:
    from eaps_data.formats.jsonl import LinesContent
    from eaps_data.rules.checker import Content

Step: TypeAlias = Problem | Input | Count
"""What a check yields: an input when its check begins, its problems, and the records that were checked."""


def validate(data: bytes, type: DataType | None = None, *, file: str | None = None) -> tuple[Problem, ...]:
    """Return every problem of a JSON text; none if it is valid.

    Args:
        data: a dataset document, an array of records of one table, or one record; in UTF-8.
        type: `dataset`, or the table of the records; detected from the shape if not given.
        file: the file's name, for messages.

    Raises:
        UnknownTermError: if there is no such type; it lists the possible ones.
    """
    expect("data", data, bytes)
    expect("file", file, str, NoneType)
    check_type(type)
    try:
        return tuple(step for step in _check_json(data, type, file) if isinstance(step, Problem))
    except InvalidDataError as error:
        return tuple(problem.at(file) for problem in error.problems)


def validate_file(path: str | PathLike[str], type: DataType | None = None) -> tuple[Problem, ...]:
    """Return every problem of a file, or of a folder that holds a dataset; none if it is valid.

    Args:
        path: the file, in a format recognized by the end of its name, or the folder.
        type: `dataset`, or the table of the records; detected from the shape if not given.

    Raises:
        UnknownTermError: if there is no such type; it lists the possible ones.

    A file that cannot be read gives one problem, of the rule `unreadable`.
    """
    return tuple(step for step in check([fspath(path)], type) if isinstance(step, Problem))


def check(
    names: Sequence[str | PathLike[str]],
    type: str | None = None,
    format: str | None = None,
    exclude: Sequence[str] = (),
) -> Iterator[Step]:
    """Check many inputs, and yield what is found as it is found.

    Args:
        names: files, folders, globs, or `-` for standard input. A folder with the tables of a dataset, in any lossless
            format, is checked as one dataset. Hidden files and folders, `node_modules` and virtual environments in a
            folder are left out.
        type: `dataset`, or the table of the records; detected from their shape if not given.
        format: `json`, `jsonl`, `yaml` or `csv`; recognized by the ends of the files' names if not given.
        exclude: globs of files and folders that are left out of folders, by name or by the path in the folder. A
            dataset keeps all its tables.

    Yields:
        The input, when its check begins; its problems; and counts of the checked records by type.

    Raises:
        UnknownTermError: if there is no such type; it lists the possible ones.
    """
    expect("names", names, list, tuple)
    check_type(type)
    return _check([fspath(name) for name in names], type, format, exclude)


def _check(names: Sequence[str], type_: str | None, format_: str | None, exclude: Sequence[str]) -> Iterator[Step]:
    for entry in expand(names, format_, exclude, whole=type_ in {None, "dataset"}):
        if isinstance(entry, Input):
            yield entry
            yield from _check_input(entry, type_)
        else:
            name, reason = entry
            yield unreadable(name, reason)


def unreadable(name: str, reason: object) -> Problem:
    """Return the problem of an input that cannot be read."""
    message = str(reason)
    if isinstance(reason, OSError):
        file = f"{reason.filename}: " if reason.filename not in {None, name} else ""  # of a folder
        message = f"cannot be read: {file}{reason.strerror or reason}"
    return violation("unreadable", message, ()).at(name)


def _check_input(entry: Input, type_: str | None) -> Iterator[Problem | Count]:
    try:
        if entry.is_dataset:
            from eaps_data.formats.registry import read_dataset

            with GcPaused():
                content = read_dataset(Path(entry.name), entry.format, whole=type_ == "dataset")
            yield from _check_content(content, type_ or getattr(content, "table", None) or "dataset")
        elif entry.format == "parquet":
            yield from _check_parquet(Path(entry.name), type_)
        else:
            with closing(entry.open()) as stream:
                yield from _check_stream(stream, entry, type_)
    except InvalidDataError as error:
        yield from (problem.at(entry.name) for problem in error.problems)
    except (UnreadableError, MissingExtraError, OSError) as error:
        yield unreadable(entry.name, error)
    except MemoryError:
        yield unreadable(entry.name, "not enough memory to read it; split it, or use JSON Lines or CSV")


def _check_stream(stream: BinaryIO, entry: Input, type_: str | None) -> Iterator[Problem | Count]:
    match entry.format:
        case "csv":
            yield from _check_csv(stream, type_, entry.name)
        case "jsonl":
            yield from _check_lines(stream, type_, entry.name)
        case "yaml":
            from eaps_data.formats import yaml

            content = yaml.YamlContent(read_stream(stream), entry.name)
            yield from _check_content(content, type_ or detect(content.value, entry.name))
        case _:
            yield from _check_json(read_stream(stream), type_, entry.name)


def _check_json(data: bytes, type_: str | None, file: str | None) -> Iterator[Problem | Count]:
    name = type_ or fast.detect(data, file)
    count = None if name is None else fast.accept(data, name)
    if count is not None:
        yield Count(count, name)
        return
    from eaps_data.formats import json

    content = json.JsonContent(data, file)
    yield from _check_content(content, type_ or detect(content.value, file))


def _check_content(content: "Content", type_: str) -> Iterator[Problem | Count]:
    from eaps_data.rules import checker  # imports pydantic, which valid data may not need

    with GcPaused():
        checked = checker.check(content, type_)
    yield from checked.found
    yield Count(checked.count, type_, checked.built is not None)


def _check_parquet(path: Path, type_: str | None) -> Iterator[Problem | Count]:
    from eaps_data.formats import parquet
    from eaps_data.formats.columns import table

    name = _table(parquet.read_header(path), type_, str(path))
    yield from _check_content(parquet.read(path, table(name)), name)


def _table(header: Sequence[str], type_: str | None, file: str) -> str:
    """The table of a file with some columns.

    Raises:
        InvalidDataError: if no table has any of them, or the type is not a table.
    """
    if type_ == "dataset":
        message = "the file holds one table; a dataset is a folder with a file per table"
        raise InvalidDataError([violation("shape", message, ()).at(file, 1, 1)])
    if type_ is not None:
        return type_
    likely = closest_tables({column.strip().lower() for column in header})  # another spelling is then reported
    if likely and (name := named(file)) is not None:
        return name
    if len(likely) == 1:
        return likely[0]
    if likely:
        message = undecided(likely)
    else:
        hint = "the first row should name the columns of a table"
        if header and "|" in header[0]:
            hint = "they seem to be separated by '|': save the file with commas"
        found = f"no table has the column {shown(header[0])}, or one of the others" if header else "it has no columns"
        message = f"{found}; {hint}"
    raise InvalidDataError([violation("shape", message, ()).at(file, 1, 1)])


def _check_csv(stream: BinaryIO, type_: str | None, file: str) -> Iterator[Problem | Count]:
    from eaps_data.formats import csv
    from eaps_data.formats.columns import items_with, table

    reader = csv.Reader(stream, file)
    items = items_with(frozenset(filter(None, reader.header)))
    if items is not None and type_ in {None, items.of}:
        from eaps_data.rules import checker

        for content in reader.read(items):
            checked = checker.check(content, items.of, between_records=False)
            # What else a record lacks is in another file.
            yield from _by_line([problem for problem in checked.problems if problem.rule != "missing-field"])
            yield Count(checked.count, items.of)
        return
    name = _table(reader.header, type_, file)
    ids = DuplicateIds()
    for content in reader.read(table(name)):
        yield from _check_part(content, len(content.value), name, ids)


def _check_lines(stream: BinaryIO, type_: str | None, file: str) -> Iterator[Problem | Count]:
    from eaps_data.formats import jsonl

    ids = DuplicateIds()
    for part in jsonl.read_parts(stream, file):
        type_ = type_ or named(file) or _detect_lines(part)
        if type_ is None:
            yield from _check_shapeless(part)
        elif type_ == "dataset":
            yield from _check_documents(part)
        else:
            yield from _check_part(part, len(part), type_, ids)


def _check_part(content: "Content", count: int, type_: str, ids: DuplicateIds) -> Iterator[Problem | Count]:
    """Check some records of a stream: each by itself, and whether their ids are new.

    Args:
        content: the records.
        count: how many there are, if all can be read.
        type_: their table.
        ids: the ids so far.
    """
    accepted = fast.accept_lines(content.text, count, type_) if not content.problems else None
    if accepted is not None and ids.add(accepted):
        yield Count(count, type_)
        return
    from eaps_data.rules import checker  # imports pydantic, which valid data does not need

    checked = checker.check(content, type_, between_records=False)
    problems = checked.problems
    broken = {problem.path[0] for problem in problems if problem.path}
    given = [record.get("id") if isinstance(record, dict) else None for record in content.value]
    found = [id_ if index not in broken and isinstance(id_, str) else None for index, id_ in enumerate(given)]
    if not ids.add(found):
        problems = [*problems, *ids.find(type_, found, content.locate)]
    yield from _by_line(problems)
    yield Count(checked.count, type_)


def _by_line(problems: Iterable[Problem]) -> list[Problem]:
    """Sort the problems of a stream, whose paths then begin within their record: they do not know its index."""
    within = [problem.below(1) if problem.path else problem for problem in problems]
    return sorted(within, key=lambda problem: problem.line or 0)


def _check_documents(part: "LinesContent") -> Iterator[Problem | Count]:
    """Check lines, each a dataset document."""
    for line in part.each():
        if not line.value:
            yield from line.problems
            continue
        for step in _check_json(line.lines[0], "dataset", part.file):
            yield step.on_line(line.first) if isinstance(step, Problem) else step


def _detect_lines(part: "LinesContent") -> str | None:
    """The type of the first valid record; if there is none, of the first that has the shape of a table."""
    first: str | None = None
    if not b"".join(part.lines).strip():
        return None
    for line in part.each():
        try:
            type_ = detect(next(iter(line.value), None))
        except InvalidDataError:
            continue
        first = first or type_
        if fast.accept_lines(line.text, 1, type_) is not None:
            return type_
        from eaps_data.rules import checker  # imports pydantic, which valid data does not need

        if not checker.check(line, type_).problems:
            return type_
    return first


def _check_shapeless(part: "LinesContent") -> Iterator[Problem | Count]:
    """Report why each line holds no record."""
    records: list[Any] = part.value
    yield from part.problems
    for index, record in enumerate(records):
        try:
            detect(record)
        except InvalidDataError as error:
            yield from (problem.at(part.file).on_line(part.line_of(index)) for problem in error.problems)
    yield Count(len(records), None)


def check_lines(lines: Iterable[bytes], type: str, *, first: int = 1, file: str | None = None) -> list[Problem]:
    """Return the problems of some lines of JSON Lines, each by itself: what a worker does with its part of a file.

    Duplicate ids are not found, as they may be in different parts.

    Args:
        lines: the lines, with or without their ends.
        type: the table of the records, or `dataset` if each line holds a dataset document.
        first: the number of the first line.
        file: the file's name, for messages.

    Raises:
        UnknownTermError: if there is no such type; it lists the possible ones.

    >>> for problem in check_lines([b'{"id": "a", "name": "A"}', b'{"id": "b"}'], "partners"):
    ...     print(problem)
    2:1: partners/b, name: the required field "name" is missing
    """
    from eaps_data.formats.jsonl import LinesContent
    from eaps_data.rules import checker

    one_of("type", type, TYPES)
    expect("first", first, int)
    expect("file", file, str, NoneType)
    part = LinesContent([line.removesuffix(b"\n") for line in expect_items("lines", lines, bytes)], file, first)
    if type == "dataset":
        return [step for step in _check_documents(part) if isinstance(step, Problem)]
    if fast.accept_lines(part.text, len(part), type) is not None:
        return []
    return _by_line(checker.check(part, type, between_records=False).problems)
