"""CSV of one table (RFC 4180), checked row by row, so that memory does not grow with the file.

The first row names the fields; those of a part, such as `identifiers`, stand as columns of their own. An empty
cell says nothing. A list has one item on each line of its cell, which loses nothing, as no item has a line break.
Codes stay text: `02108` keeps its zero.
"""

import codecs
import csv
import json
import re
from collections.abc import Hashable, Iterator
from functools import cache, partial
from typing import Any, BinaryIO, Final, get_args, get_origin

from eaps_data.errors import did_you_mean
from eaps_data.fields import Model, model_in
from eaps_data.keys import closest
from eaps_data.problems import Problem
from eaps_data.validation.kinds import best_kind, flat_fields
from eaps_data.validation.records import KINDS, problems_of
from eaps_data.validation.same_ids import SameIds

_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_LONGEST_CELL: Final = 2**20
_LONGEST_LINE: Final = 16 * 2**20


class _Lines:
    """The text's lines, of which it remembers those of the row that is being read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.row: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._stream.readline(_LONGEST_LINE):
            self.number += 1
            self.row.append("")
            mark = codecs.BOM_UTF8 if self.number == 1 else b""
            self.row[-1] = line.removeprefix(mark).decode("utf-8")
            yield self.row[-1]

    def start(self) -> int:
        """The number of the row's first line."""
        return self.number - len(self.row) + 1


def check_stream(stream: BinaryIO, kind: str | None, file: str | None) -> Iterator[Problem | int]:
    """The problems of CSV, as they are found; and after each row, how many records it held (0 or 1).

    Args:
        stream: the bytes, in UTF-8, with a byte order mark or without.
        kind: the table; recognised by the names of the columns where not given.
        file: the file's name.
    """
    lines = _Lines(stream)
    csv.field_size_limit(_LONGEST_CELL)
    rows = csv.reader(iter(lines), strict=True)
    try:
        header = next(rows, None)
        if header is None:
            yield Problem(rule="csv", message="there is nothing in it", file=file, line=1, column=1)
            return
        table = _Table(header, kind, file)
        yield from table.problems
        if table.fatal:
            return
        same_ids = SameIds(file)
        lines.row.clear()
        for cells in rows:
            yield from table.check(cells, lines)
            if "id" in header and len(cells) == len(header) and cells[header.index("id")]:
                column = header.index("id")
                yield from same_ids.check(table.kind, cells[column], partial(_cell_place, lines, column))
            yield 1
            lines.row.clear()
    except UnicodeDecodeError as error:
        message = f"the text is not UTF-8 (byte 0x{error.object[error.start]:02x}); save it as UTF-8"
        column = len(error.object[: error.start].decode("utf-8")) + 1
        yield Problem(rule="encoding", message=message, file=file, line=lines.number, column=column)
    except csv.Error as error:
        yield Problem(rule="csv", message=f"this is not CSV: {error}", file=file, line=lines.start(), column=1)


class _Table:
    """The columns of a CSV file, and the check of a row."""

    def __init__(self, header: list[str], kind: str | None, file: str | None) -> None:
        self.header, self.file = header, file
        self.kind = kind or best_kind(set(header)) or ""
        self.problems: list[Problem] = []
        self.fatal = False
        if self.kind in {"", "dataset"}:
            marks = (mark for mark in ";\t|" if header and mark in header[0])
            hint = next((f"; it seems to be parted by {mark!r}: save it with commas" for mark in marks), "")
            self._problem("shape", f"the columns are those of no table{hint}", 0)
            self.fatal = True
            return
        self._model = KINDS[self.kind]
        fields = self._model.model_fields.items()
        self._parts = {name: part for name, field in fields if (part := model_in(field.annotation))}
        self._homes = {field: name for name, part in self._parts.items() for field in part.model_fields}
        known = flat_fields(self.kind) - set(self._homes.values())
        for index, name in enumerate(header):
            if name in header[:index]:
                self._problem("repeated-key", f'the column "{name}" stands twice', index)
                self.fatal = True
            elif name not in known:
                hint = did_you_mean(closest(name, sorted(known))) or "; remove it"
                self._problem("unknown-field", f'there is no column "{name}" in {self.kind}{hint}', index)
        self._columns = [index for index, name in enumerate(header) if name in known]

    def _problem(self, rule: str, message: str, index: int) -> None:
        column = 1 + sum(len(name) + 1 for name in self.header[:index])
        self.problems.append(Problem(rule=rule, message=message, file=self.file, line=1, column=column))

    def check(self, cells: list[str], lines: _Lines) -> Iterator[Problem]:
        """The problems of one row."""
        if len(cells) != len(self.header):
            message = f"the row has {len(cells)} cells, and there are {len(self.header)} columns"
            yield Problem(rule="csv", message=message, file=self.file, line=lines.start(), column=1)
            return
        record: dict[str, Any] = {}
        for index in self._columns:
            name, cell = self.header[index], cells[index]
            if cell:
                home = self._homes.get(name)
                holder = record if home is None else record.setdefault(home, {})
                model = self._model if home is None else self._parts[home]
                holder[name] = _value(model, name, cell)
        text = json.dumps(record).encode()
        for problem in problems_of(self.kind, record, text, _Nowhere, self.file):
            yield self._placed(problem, lines)

    def _placed(self, problem: Problem, lines: _Lines) -> Problem:
        names = [step for step in reversed(problem.path) if step in self.header]
        line, column = _cell_place(lines, self.header.index(str(names[0]))) if names else (lines.start(), 1)
        return problem._replace(line=line, column=column)


class _Nowhere:
    """Leaves a problem where it is: a row knows its cells' places better."""

    def locate(self, problem: Problem, file: str | None) -> Problem:
        return problem.at(file)


def _value(model: type[Model], name: str, cell: str) -> Any:
    """A cell as JSON has it; what does not look like the field's type stays text, for the models to refuse."""
    annotation: Any = model.model_fields[name].annotation
    kinds = _kinds(annotation)
    if tuple in kinds:
        return cell.split("\n")
    if bool in kinds and cell.lower() in {"true", "false"}:
        return cell.lower() == "true"
    if {int, float} & kinds and _NUMBER.fullmatch(cell):
        return json.loads(cell)
    return cell


@cache
def _kinds(annotation: Any) -> frozenset[Any]:
    """The plain types in an annotation, however they are wrapped."""
    inner = (_kinds(each) for each in get_args(annotation) if isinstance(each, Hashable))
    return frozenset({annotation, get_origin(annotation)}).union(*inner)


def _cell_place(lines: _Lines, index: int) -> tuple[int, int]:
    """Where a cell of the row that is being read begins: the text is read again, as only a problem asks."""
    line, column, quoted, begins = lines.start(), 1, False, True
    for letter in "".join(lines.row):
        if index == 0 and begins:
            return line, column
        begins = False
        if letter == '"':
            quoted = not quoted
        elif letter == "," and not quoted:
            index, begins = index - 1, True
        line, column = (line + 1, 1) if letter == "\n" else (line, column + 1)
    return line, column
