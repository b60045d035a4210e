"""JSON Lines: one record a line, checked line by line, so that memory does not grow with the file."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import SEEK_END
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, Protocol

from eaps_data._internal.gc_pause import GcPaused
from eaps_data.errors import InvalidDataError, Problem
from eaps_data.formats import strict_json
from eaps_data.formats.json_locations import Places
from eaps_data.validation.detection import recognise
from eaps_data.validation.duplicate_ids import SameIds
from eaps_data.validation.fast.acceptor import Acceptor, acceptor
from eaps_data.validation.in_order import Work

_BYTES_AT_ONCE: Final = 2**14  # for an engine: more are no faster, and one bad line has all looked at again
_BYTES_A_PART: Final = 2**19
_BYTES_A_SLICE: Final = 3 * 2**18  # what is told of it fits into a pipe, whose other end may be busy for a while
LONGEST_LINE: Final = 16 * 2**20
"""How many bytes a line may have; a longer one is a problem, and is passed over."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Part(NamedTuple):
    """What the check of some lines gives: their problems, and the id of each record, None where it has none."""

    problems: list[Problem]
    ids: list[str | None]

    def __reduce__(self) -> tuple[Any, ...]:
        # One text is sent to another process in half the time that many are.
        if None in self.ids:
            return Part, tuple(self)
        ids = "\n".join(filter(None, self.ids))
        return (_part, (self.problems, ids)) if _ids(ids) == self.ids else (Part, tuple(self))


def _part(problems: list[Problem], ids: str) -> Part:
    return Part(problems, _ids(ids))


def _ids(joined: str) -> list[str | None]:
    return [*joined.split("\n")] if joined else []


def check_stream(stream: BinaryIO, kind: str | None, file: str | None) -> Iterator[Work[Part, Problem | int]]:
    """The work of checking JSON Lines, part by part, which gives the problems and how many records were checked.

    Args:
        stream: the bytes.
        kind: the kind of the records; that of the first valid one where not given.
        file: the file's name.
    """
    return _work((partial(bytes, text) for text in _parts(stream)), kind, file)


def check_slices(path: str, kind: str | None) -> Iterator[Work[Part, Problem | int]]:
    """The same work on a file, of which each process reads its parts itself: sending them takes longer.

    Args:
        path: the file, which is not gzipped.
        kind: the kind of the records; that of the first valid one where not given.
    """
    return _work(_slices(path), kind, path)


def _work(
    parts: Iterable[Callable[[], bytes]], kind: str | None, file: str | None
) -> Iterator[Work[Part, Problem | int]]:
    joined = _Joined(file)
    for read in parts:
        kind = kind or _recognise(read())
        yield Work(partial(_check, read, kind, file), partial(joined.finish, read, kind))


def _check(read: Callable[[], bytes], kind: str | None, file: str | None) -> Part:
    return check_part(read(), kind, file)


def _recognise(text: bytes) -> str | None:
    """The kind of the first valid record."""
    return next((kind for line in _lines(text) if (kind := _kind_of(line))), None)


def _kind_of(line: bytes) -> str | None:
    if len(line) > LONGEST_LINE:
        return None
    try:
        kind = recognise(strict_json.parse(line)[0])
    except InvalidDataError:
        return None
    is_valid = acceptor(kind)(line) is not None or not check_line(line, kind, None)[1]
    return kind if is_valid else None


def check_part(text: bytes, kind: str | None, file: str | None) -> Part:
    """Check some lines, each by itself, and count them from 1.

    Args:
        text: the lines; the last may lack its end.
        kind: the kind of the records; of each by itself where not given.
        file: the file's name.
    """
    part = Part([], [])
    accept: Acceptor = acceptor(kind) if kind else lambda _: None
    with GcPaused():
        for piece in _pieces(text):
            ids = accept(piece) if len(piece) <= LONGEST_LINE else None
            if ids is not None:
                part.ids.extend(ids)
                continue
            for line in _lines(piece):
                ids = accept(line) if len(line) <= LONGEST_LINE else None
                if ids is not None:
                    part.ids.extend(ids)
                    continue
                value, problems = check_line(line, kind, file)
                part.problems.extend(problem.on_line(len(part.ids) + 1) for problem in problems)
                part.ids.append(value.get("id") if isinstance(value, dict) and not problems else None)
    return part


class _Joined:
    """What the parts give together, which are told in their order: the lines' numbers, and ids that stand twice."""

    def __init__(self, file: str | None) -> None:
        self._same_ids = SameIds(file)
        self._lines = 0

    def finish(self, read: Callable[[], bytes], kind: str | None, part: Part) -> Iterator[Problem | int]:
        problems = [_further(problem, self._lines) for problem in part.problems]
        if not self._same_ids.all_new(part.ids):
            for number, (line, key) in enumerate(zip(_lines(read()), part.ids, strict=True), self._lines + 1):
                if key is not None:
                    problems += self._same_ids.check(kind or "", key, partial(_place_of_id, line, number))
            problems.sort(key=attrgetter("line"))
        self._lines += len(part.ids)
        yield from problems
        yield len(part.ids)


def _further(problem: Problem, lines: int) -> Problem:
    return problem.on_line((problem.line or 0) + lines)


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
    text = b"".join(line if line.endswith(b"\n") else line + b"\n" for line in lines)
    return [_further(problem, first - 1) for problem in check_part(text, kind, file).problems]


def check_line(line: bytes, kind: str | None, file: str | None) -> tuple[Any, list[Problem]]:
    """The record on one line, None where there is none, and its problems."""
    if len(line) > LONGEST_LINE:
        message = f"the line has more than {LONGEST_LINE:,} bytes; a record belongs on a line of its own"
        return None, [Problem(rule="line", message=message, file=file, line=1, column=1)]
    data = line.rstrip(b"\r\n")
    if not data.strip():
        message = "the line is empty; JSON Lines has a record on each line"
        return None, [Problem(rule="line", message=message, file=file, line=1, column=1)]
    try:
        value, text = strict_json.parse(data)
        if isinstance(value, list):
            message = "this is an array; JSON Lines has one record on each line"
            return None, [Problem(rule="line", message=message, file=file, line=1, column=1)]
        name = kind or recognise(value)
        from eaps_data.validation.records import problems_of  # the models, where there is a problem to word

        problems = problems_of(name, value, data, lambda: Places(text), file)
    except InvalidDataError as error:
        value, problems = None, [problem.at(file) for problem in error.problems]
    return value, problems


def _place_of_id(line: bytes, number: int) -> tuple[int, int]:
    return number, Places(line.decode("utf-8")).of(("id",)).column


def _lines(text: bytes) -> list[bytes]:
    """The lines of a text, without their ends."""
    return text.removesuffix(b"\n").split(b"\n") if text else []


def _pieces(text: bytes) -> Iterator[bytes]:
    """A text in pieces of whole lines."""
    start = 0
    while start < len(text):
        end = text.find(b"\n", start + _BYTES_AT_ONCE) + 1 or len(text)
        yield text[start:end]
        start = end


def _parts(stream: _Readable) -> Iterator[bytes]:
    """Some whole lines at a time; of a line that is too long, enough to see it."""
    rest = b""
    while block := stream.read(_BYTES_A_PART):
        end = block.rfind(b"\n") + 1
        if end:
            yield rest + block[:end]
            rest = b""
        rest = (rest + block[end:])[: LONGEST_LINE + 1]
    if rest:
        yield rest


def _slices(path: str) -> Iterator[Callable[[], bytes]]:
    with Path(path).open("rb") as stream:
        start, size = 0, stream.seek(0, SEEK_END)
        while start < size:
            stream.seek(start + _BYTES_A_SLICE - 1)
            while (piece := stream.readline(_BYTES_A_SLICE)) and not piece.endswith(b"\n"):
                pass  # up to the end of the line, however far
            end = min(stream.tell(), size)
            yield partial(_text_between, path, start, end)
            start = end


def _text_between(path: str, start: int, end: int) -> bytes:
    with Path(path).open("rb") as stream:
        stream.seek(start)
        if end - start <= LONGEST_LINE:
            return stream.read(end - start)
        return b"".join(_parts(_Limited(stream, end - start)))


class _Limited:
    """The next bytes of a stream, up to a number of them."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._left = stream, size

    def read(self, size: int) -> bytes:
        data = self._stream.read(min(size, self._left))
        self._left -= len(data)
        return data
