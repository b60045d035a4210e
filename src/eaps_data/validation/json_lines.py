"""JSON Lines: one record a line, checked line by line, so that memory does not grow with the file."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, BinaryIO, Final

from eaps_data import strict_json
from eaps_data.errors import InvalidDataError
from eaps_data.places import Places
from eaps_data.problems import Problem
from eaps_data.validation.accepting import Acceptor, acceptor
from eaps_data.validation.records import problems_of, recognise
from eaps_data.validation.same_ids import SameIds

_AT_ONCE: Final = 1000
LONGEST_LINE: Final = 16 * 2**20
"""How many bytes a line may have; a longer one is a problem, and is passed over."""


def check_stream(stream: BinaryIO, kind: str | None, file: str | None) -> Iterator[Problem | int]:
    """The problems of JSON Lines, as they are found; and now and then, how many records were checked since.

    Args:
        stream: the bytes.
        kind: the kind of the records; recognised by the first where not given.
        file: the file's name.
    """
    same_ids = SameIds(file)
    accept: Acceptor | None = acceptor(kind) if kind else None
    records = 0
    for number, line in enumerate(_lines(stream), start=1):
        key = accept(line) if accept else False
        if key is False:
            value, problems = check_line(line, kind, file, number)
            yield from problems
            if value is None:
                continue
            if isinstance(value, dict) and not problems:
                kind = kind or recognise(value)
                accept = acceptor(kind)
            key = value.get("id") if isinstance(value, dict) and not problems else None
        if key is not None:
            yield from same_ids.check(kind or "", key, partial(_place_of_id, line, number))
        records += 1
        if records == _AT_ONCE:
            yield records
            records = 0
    yield records


def check_lines(lines: Iterable[bytes], kind: str, *, first: int = 1, file: str | None = None) -> list[Problem]:
    """The problems of some lines of JSON Lines, each by itself: what a worker does with its part of a file.

    Ids that stand twice are not looked for, as they may stand in different parts.

    Args:
        lines: the lines, with or without their ends.
        kind: the table that the records are of.
        first: the number of the first line.
        file: the file's name.

    >>> for problem in check_lines([b'{"id": "a", "name": "A"}', b'{"id": "b"}'], "partners"):
    ...     print(problem)
    2:1: partners/b, name: the field "name" is required, and missing
    """
    accept = acceptor(kind)
    return [
        problem
        for number, line in enumerate(lines, first)
        if accept(line) is False
        for problem in check_line(line, kind, file, number)[1]
    ]


def check_line(line: bytes, kind: str | None, file: str | None, number: int) -> tuple[Any, list[Problem]]:
    """The record on one line, None where there is none, and its problems."""
    if len(line) > LONGEST_LINE:
        message = f"the line has more than {LONGEST_LINE:,} bytes; a record belongs on a line of its own"
        return None, [Problem(rule="line", message=message, file=file, line=number, column=1)]
    data = line.rstrip(b"\r\n")
    if not data.strip():
        message = "the line is empty; JSON Lines has a record on each line"
        return None, [Problem(rule="line", message=message, file=file, line=number, column=1)]
    try:
        value, text = strict_json.parse(data)
        if isinstance(value, list):
            message = "this is an array; JSON Lines has one record on each line"
            return None, [Problem(rule="line", message=message, file=file, line=number, column=1)]
        name = kind or recognise(value)
        problems = problems_of(name, value, data, lambda: Places(text), file)
    except InvalidDataError as error:
        value, problems = None, [problem.at(file) for problem in error.problems]
    return value, [problem.on_line(number) for problem in problems]


def _place_of_id(line: bytes, number: int) -> tuple[int, int]:
    return number, Places(line.decode("utf-8")).of(("id",)).column


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines; of one that is too long, enough to see that it is."""
    while line := stream.readline(LONGEST_LINE + 1):
        yield line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE + 1)  # pass over the rest
