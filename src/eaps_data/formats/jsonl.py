"""JSON Lines: one record per line; a file holds records of one table, and a folder has a file per table."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, Final

from eaps_data._internal.bounded_reads import open_in_folder
from eaps_data.errors import InvalidDataError, Problem
from eaps_data.formats import strict_json
from eaps_data.formats.json import document_text
from eaps_data.formats.json_locations import DEPTH, JsonLocations
from eaps_data.formats.key_count import keys_are_distinct
from eaps_data.models.rows import Row
from eaps_data.models.table_specs import MEMBERS, TABLE_SPECS
from eaps_data.rules.problem import missing_tables, not_one_row, violation

LONGEST_LINE: Final = 16 * 2**20
"""The most bytes of a line; a longer one is a problem, and is skipped."""

_PART: Final = 2**15  # bytes: more fit no better into the processor's caches


class LinesContent:
    """The records on some lines of a file of one table.

    Attributes:
        file: the file's name, for messages.
        first: the number of the first line.
        lines: the lines, without their ends.
        problems: what is wrong with the lines themselves, once they have been parsed.
    """

    def __init__(self, lines: list[bytes], file: str | None, first: int = 1) -> None:
        """Hold lines, without their ends."""
        self.file: str | None = file
        self.first: int = first
        self.problems: list[Problem] = []
        self.lines = lines
        self._numbers: list[int] = []  # the line of each record

    @property
    def text(self) -> bytes:
        """The records as one JSON array, or nothing if a line cannot be an object."""
        return self._text

    @cached_property
    def _text(self) -> bytes:
        if not {line[:1] for line in self.lines} <= {b"{"} or max(map(len, self.lines), default=0) > LONGEST_LINE:
            return b""
        return b"[%s]" % b",\n".join(self.lines)

    def matches(self, built: Any, key_count: int, /) -> bool:
        """Return whether the lines certainly hold one record each, and repeat no key.

        An array with as many records as there are lines has one on each: no line ends inside a string, which holds no
        line break; nor inside an object, as the next line begins with a brace, which is no key; nor inside an array, as
        arrays in records hold no objects.
        """
        return len(built) == len(self) and keys_are_distinct(self.text, key_count)

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.lines)

    def each(self) -> Iterator["LinesContent"]:
        """Yield each line by itself."""
        for number, line in enumerate(self.lines, start=self.first):
            yield LinesContent([line], self.file, number)

    @cached_property
    def value(self) -> list[Any]:
        """The records in plain Python, without the lines that hold none."""
        records: list[Any] = []
        numbered = enumerate(self.lines, start=self.first)
        for is_empty, lines in groupby(numbered, lambda line: not line[1].strip()):
            if is_empty:
                self.problems.append(_empty([number for number, _ in lines]).at(self.file))
                continue
            for number, line in lines:
                try:
                    records.append(_parse(line))
                    self._numbers.append(number)
                except InvalidDataError as error:
                    self.problems += [problem.on_line(number).at(self.file) for problem in error.problems]
        return records

    def line_of(self, index: int) -> int:
        """Return the number of the line of a record."""
        return self._numbers[index] if self._numbers else self.first + index

    def locate(self, problem: Problem) -> Problem:
        """Return a problem with its location; its path begins with the index of the record."""
        if not problem.path or not isinstance(problem.path[0], int):
            return problem.at(self.file)
        number = self.line_of(problem.path[0])
        locations = JsonLocations(self.lines[number - self.first].decode("utf-8"))
        within = locations.locate(problem._replace(path=problem.path[1:]), self.file)
        return problem.at(self.file, number, within.column)


class LinesFolder:
    """A dataset in a folder with a file of lines per table.

    Attributes:
        problems: tables that are missing, and what is wrong with lines themselves.
    """

    def __init__(self, contents: Mapping[str, LinesContent], problems: Iterable[Problem]) -> None:
        """Hold the lines of each table."""
        self._contents = contents
        self._missing = [*problems]

    @property
    def text(self) -> bytes:
        """All tables as one dataset document."""
        return self._text

    @cached_property
    def _text(self) -> bytes:
        parts = {name: held.text for name, held in self._contents.items()}
        for name in parts:
            if TABLE_SPECS[name].has_one_row:
                parts[name] = parts[name][1:-1]
        return document_text(parts)

    def matches(self, built: Any, key_count: int, /) -> bool:
        """Return whether the lines certainly hold one record each, and repeat no key; see `LinesContent`."""
        counts = {name: len(held) if isinstance(held := getattr(built, name), tuple) else 1 for name in self._contents}
        return (
            not self._missing
            and all(counts[name] == len(held) for name, held in self._contents.items())
            and keys_are_distinct(self.text, key_count)
        )

    @cached_property
    def value(self) -> dict[str, Any]:
        """The dataset document in plain Python."""
        value: dict[str, Any] = {name: content.value for name, content in self._contents.items()}
        for name in [name for name in value if TABLE_SPECS[name].has_one_row]:
            if len(value[name]) == 1:
                value[name] = value[name][0]
            else:
                self._missing.append(not_one_row(name, len(value[name])).at(self._contents[name].file))
                del value[name]
        from eaps_data.rules.migration import named_version, version_of_records  # needs pydantic

        return named_version(version_of_records(value)) | value

    @property
    def problems(self) -> list[Problem]:
        """What was found wrong while reading."""
        found = [
            problem._replace(path=(name,)) for name, content in self._contents.items() for problem in content.problems
        ]
        return [*self._missing, *found]

    def locate(self, problem: Problem) -> Problem:
        """Return a problem with its location in the file of its table."""
        if problem.rule == "old-schema":
            from eaps_data.rules.migration import notice_of_tables

            return notice_of_tables(problem)
        content = self._contents.get(str(problem.path[0])) if problem.path else None
        if content is None:
            return problem
        steps = (0, *problem.path[1:]) if TABLE_SPECS[str(problem.path[0])].has_one_row else problem.path[1:]
        located = content.locate(problem._replace(path=steps))
        return problem.at(located.file, located.line, located.column)


def read_parts(stream: BinaryIO, file: str | None) -> Iterator[LinesContent]:
    """Read the records of one table, some lines at a time, so that memory does not grow with the file."""
    first = 1
    for part in _parts(stream):
        lines = part.removesuffix(b"\n").split(b"\n")
        yield LinesContent(lines, file, first)
        first += len(lines)


def read_folder(folder: Path) -> LinesFolder:
    """Read a dataset from a folder with a file per table."""
    contents: dict[str, LinesContent] = {}
    for name in MEMBERS:
        path = folder / f"{name}.jsonl"
        if path.exists():
            with open_in_folder(path) as stream:
                text = stream.read()
            lines = text.removesuffix(b"\n").split(b"\n") if text else []
            contents[name] = LinesContent(lines, str(path))
    others = {path.stem for path in folder.glob("*.jsonl")} - {*MEMBERS}
    return LinesFolder(contents, [problem.at(str(folder)) for problem in missing_tables(MEMBERS, contents, others)])


def write(rows: Mapping[str, Iterable[Row]], folder: Path) -> None:
    """Write a file of lines per table.

    Args:
        rows: the records of each table, in plain Python.
        folder: where to write.

    Raises:
        OSError: if a line is too long to be read back.
    """
    for name, records in rows.items():
        write_file(name, records, folder / f"{name}.jsonl")


def write_file(_name: str, records: Iterable[Row], file: Path) -> None:
    """Write the records of one table as lines."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(map(_line, records))


def _line(record: Row) -> str:
    text = json.dumps(record, ensure_ascii=False)
    if len(text.encode()) > LONGEST_LINE:
        raise OSError(f"a record of {len(text):,} characters is too long for JSON Lines; use another format")
    return f"{text}\n"


def _parse(line: bytes) -> Any:
    """Parse the record on a line.

    Raises:
        InvalidDataError: if the line holds no record.
    """
    text = line.rstrip(b"\r")
    if len(line) > LONGEST_LINE:
        raise _refused(f"the line has more than {LONGEST_LINE:,} bytes; write one record per line")
    if text.count(b"[") + text.count(b"{") >= DEPTH:  # lines are joined to an array, which is one level more
        place = JsonLocations(strict_json.decode(text)).too_deep(DEPTH - 1)
        if place is not None:
            raise InvalidDataError([violation("not-json", "the values are nested too deeply", ()).at(None, *place)])
    value, _ = strict_json.parse(text)
    if isinstance(value, list):
        raise _refused("the line holds an array; JSON Lines has one record per line")
    return value


def _empty(numbers: Sequence[int]) -> Problem:
    """Return the problem of lines that follow each other and are empty."""
    lines = "the line is" if len(numbers) == 1 else f"{len(numbers):,} lines from here on are"
    return violation("line", f"{lines} empty; JSON Lines has a record on each line", ()).on_line(numbers[0])


def _refused(message: str) -> InvalidDataError:
    return InvalidDataError([violation("line", message, ())])


def _parts(stream: BinaryIO) -> Iterator[bytes]:
    """Yield some whole lines at a time; of a line that is too long, enough to see that."""
    rest = b""
    while block := stream.read(_PART):
        end = block.rfind(b"\n") + 1
        if end:
            yield rest + block[:end]
            rest = b""
        if len(rest) <= LONGEST_LINE:
            rest += block[end:]
    if rest:
        yield rest
