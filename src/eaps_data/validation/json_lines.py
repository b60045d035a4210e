"""JSON Lines: one record a line, checked line by line, so that memory does not grow with the file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, Protocol

from eaps_data import strict_json
from eaps_data.errors import InvalidDataError
from eaps_data.places import Places
from eaps_data.problems import Problem
from eaps_data.validation.accepting import acceptor
from eaps_data.validation.in_order import Work
from eaps_data.validation.kinds import recognise
from eaps_data.validation.same_ids import SameIds

_AT_ONCE: Final = 32  # lines for an engine to look at: more are no faster, and one bad line has all looked at again
_BYTES_A_PART: Final = 2**19
_BYTES_A_SLICE: Final = 2**22
LONGEST_LINE: Final = 16 * 2**20
"""How many bytes a line may have; a longer one is a problem, and is passed over."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Part(NamedTuple):
    """What the check of some lines gives: their problems, and the id of each record, None where it has none."""

    problems: list[Problem]
    ids: list[str | None]


def check_stream(stream: BinaryIO, kind: str | None, file: str | None) -> Iterator[Work[Part, Problem | int]]:
    """The work of checking JSON Lines, part by part, which gives the problems and how many records were checked.

    Args:
        stream: the bytes.
        kind: the kind of the records; that of the first valid one where not given.
        file: the file's name.
    """
    return _work(((partial(list, lines), first) for lines, first in _parts(stream)), kind, file)


def check_slices(path: str, kind: str | None) -> Iterator[Work[Part, Problem | int]]:
    """The same work on a file, of which each process reads its parts itself: sending them takes longer.

    Args:
        path: the file, which is not gzipped.
        kind: the kind of the records; that of the first valid one where not given.
    """
    return _work(_slices(path), kind, path)


def _work(
    parts: Iterable[tuple[Callable[[], list[bytes]], int]], kind: str | None, file: str | None
) -> Iterator[Work[Part, Problem | int]]:
    same_ids = SameIds(file)
    for read, first in parts:
        kind = kind or _recognise(read(), first)
        yield Work(partial(_check, read, kind, first, file), partial(_finish, read, kind, first, same_ids))


def _check(read: Callable[[], list[bytes]], kind: str | None, first: int, file: str | None) -> Part:
    return check_part(read(), kind, first, file)


def _recognise(lines: Sequence[bytes], first: int) -> str | None:
    for number, line in enumerate(lines, first):
        value, problems = check_line(line, None, None, number)
        if value is not None and not problems:
            return recognise(value)
    return None


def check_part(lines: Sequence[bytes], kind: str | None, first: int, file: str | None) -> Part:
    """Check some lines, each by itself.

    Args:
        lines: the lines, with or without their ends.
        kind: the kind of the records; of each by itself where not given.
        first: the number of the first line.
        file: the file's name.
    """
    part = Part([], [])
    for start in range(0, len(lines), _AT_ONCE):
        some = lines[start : start + _AT_ONCE]
        ids = acceptor(kind)(some) if kind else None
        if ids is not None:
            part.ids.extend(ids)
            continue
        for number, line in enumerate(some, first + start):
            ids = acceptor(kind)([line]) if kind else None
            if ids is not None:
                part.ids.extend(ids)
                continue
            value, problems = check_line(line, kind, file, number)
            part.problems.extend(problems)
            part.ids.append(value.get("id") if isinstance(value, dict) and not problems else None)
    return part


def _finish(
    read: Callable[[], list[bytes]], kind: str | None, first: int, same_ids: SameIds, part: Part
) -> Iterator[Problem | int]:
    problems = part.problems
    if not same_ids.all_new(part.ids):
        for number, (line, key) in enumerate(zip(read(), part.ids, strict=True), first):
            if key is not None:
                problems += same_ids.check(kind or "", key, partial(_place_of_id, line, number))
        problems.sort(key=attrgetter("line"))
    yield from problems
    yield len(part.ids)


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
    return check_part(list(lines), kind, first, file).problems


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
        from eaps_data.validation.records import problems_of  # the models, where there is a problem to word

        problems = problems_of(name, value, data, lambda: Places(text), file)
    except InvalidDataError as error:
        value, problems = None, [problem.at(file) for problem in error.problems]
    return value, [problem.on_line(number) for problem in problems]


def _place_of_id(line: bytes, number: int) -> tuple[int, int]:
    return number, Places(line.decode("utf-8")).of(("id",)).column


def _parts(stream: _Readable) -> Iterator[tuple[list[bytes], int]]:
    """Some lines at a time, without their ends, and the number of the first; of a line too long, enough to see it."""
    first, rest = 1, b""
    while block := stream.read(_BYTES_A_PART):
        *lines, rest = (rest + block).split(b"\n")
        rest = rest[: LONGEST_LINE + 1]
        yield lines, first
        first += len(lines)
    yield [rest] if rest else [], first


def _slices(path: str) -> Iterator[tuple[Callable[[], list[bytes]], int]]:
    with Path(path).open("rb") as stream:
        first, start = 1, 0
        while piece := stream.read(_BYTES_A_SLICE):
            lines = piece.count(b"\n")
            while piece and not piece.endswith(b"\n"):  # up to the end of the line, however far
                piece = stream.readline(_BYTES_A_SLICE)
                lines += piece.endswith(b"\n")
            yield partial(_lines_between, path, start, stream.tell()), first
            first, start = first + lines, stream.tell()


def _lines_between(path: str, start: int, end: int) -> list[bytes]:
    with Path(path).open("rb") as stream:
        stream.seek(start)
        return [line for lines, _ in _parts(_Limited(stream, end - start)) for line in lines]


class _Limited:
    """The next bytes of a stream, up to a number of them."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._left = stream, size

    def read(self, size: int) -> bytes:
        data = self._stream.read(min(size, self._left))
        self._left -= len(data)
        return data
