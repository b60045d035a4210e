"""CSV of one table (RFC 4180), checked row by row, so that memory does not grow with the file.

The first row names the fields; those of a part, such as `identifiers`, stand as columns of their own. An empty
cell says nothing. A list has one item on each line of its cell, which loses nothing, as no item has a line break; or
it is a table of its own, as in the export, with a row an item. Codes stay text: `02108` keeps its zero.
"""

import codecs
import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO, Final

from eaps_data._internal.text_keys import closest
from eaps_data.errors import Problem, did_you_mean
from eaps_data.formats import columns as tidy
from eaps_data.rules.problem import shown
from eaps_data.validation.detection import best_kind
from eaps_data.validation.duplicate_ids import Numbers, SameIds
from eaps_data.validation.records import problems_of

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
        yield from table.ended()
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
        items = tidy.items_with(frozenset(header))
        if items and kind not in {None, items.of}:
            items = None
        self._items = _Items(items) if items else None
        self.kind = items.of if items else kind or best_kind(set(header)) or ""
        self.problems: list[Problem] = []
        self.fatal = False
        if self.kind in {"", "dataset"}:
            marks = (mark for mark in ";\t|" if header and mark in header[0])
            hint = next((f"; it seems to be parted by {mark!r}: save it with commas" for mark in marks), "")
            self._problem("shape", f"the columns are those of no table{hint}", 0)
            self.fatal = True
            return
        self._table = tidy.table(self.kind)
        columns = {column.name: column for column in (items or self._table).columns}
        for index, name in enumerate(header):
            if name in header[:index]:
                self._problem("repeated-key", f'the column "{name}" stands twice', index)
                self.fatal = True
            elif name not in columns:
                hint = did_you_mean(closest(name, columns)) or "; remove it"
                self._problem("unknown-field", f'there is no column "{name}" in {self.kind}{hint}', index)
        self._columns = [(index, columns[name]) for index, name in enumerate(header) if name in columns]

    def _problem(self, rule: str, message: str, index: int) -> None:
        column = 1 + sum(len(name) + 1 for name in self.header[:index])
        self.problems.append(Problem(rule=rule, message=message, file=self.file, line=1, column=column))

    def check(self, cells: list[str], lines: _Lines) -> Iterator[Problem]:
        """The problems of one row."""
        if len(cells) != len(self.header):
            message = f"the row has {len(cells)} cells, and there are {len(self.header)} columns"
            yield Problem(rule="csv", message=message, file=self.file, line=lines.start(), column=1)
            return
        values = {column.name: tidy.from_text(column, cells[index]) for index, column in self._columns}
        if self._items:
            for column, problem in self._items.check(values, self._problems, partial(self._place, lines)):
                yield problem.at(self.file, *self._place(lines, column))
            return
        for problem in self._problems(values):
            yield self._placed(problem, lines)

    def _problems(self, values: Mapping[str, Any]) -> list[Problem]:
        """What is wrong with the record that some values make."""
        record = tidy.to_record(self._table, values)
        return problems_of(self.kind, record, json.dumps(record).encode(), _Nowhere, self.file)

    def _placed(self, problem: Problem, lines: _Lines) -> Problem:
        names = [step for step in reversed(problem.path) if step in self.header]
        line, column = self._place(lines, str(names[0])) if names else (lines.start(), 1)
        return problem._replace(line=line, column=column)

    def _place(self, lines: _Lines, column: str) -> tuple[int, int]:
        return _cell_place(lines, self.header.index(column))

    def ended(self) -> Iterator[Problem]:
        """The problems that show when there are no more rows."""
        for problem in self._items.gaps() if self._items else ():
            yield problem.at(self.file)


class _Items:
    """The check of a table of the items of lists, which has a row an item."""

    def __init__(self, table: tidy.ItemTable) -> None:
        self._table = table
        self._owner, _, self._item = (column.name for column in table.columns)
        self._seen = Numbers()
        self._awaited: dict[int, Problem] = {}

    def check(
        self,
        values: Mapping[str, Any],
        problems: Callable[[Mapping[str, Any]], list[Problem]],
        place: Callable[[str], tuple[int, int]],
    ) -> Iterator[tuple[str, Problem]]:
        """The problems of one row, each beside the column that it is in.

        Args:
            values: the row's, by the names of the columns.
            problems: tells what is wrong with the record that some values make.
            place: tells where the cell of a column begins.
        """
        owner, position, item = (values[column.name] for column in self._table.columns)
        record = f"{self._table.of}/{owner}"
        for name in (name for name, value in values.items() if value is None):
            message = f'the field "{name}" is required, and missing'
            yield name, Problem(rule="missing-field", message=message, record=record, field=name)
        # Of the record, there are its id and this item; what else it lacks is in another file.
        for problem in problems({"id": owner, self._table.field: None if item is None else [item]}):
            if self._table.field in problem.path:
                yield self._item, problem
            elif problem.path == ("id",) and owner is not None:
                yield self._owner, problem
        if owner is None or position is None:
            return
        this = hash((owner, position))
        if type(position) is not int or position < 1 or this in self._seen:
            message = f"{shown(position)} is no place of its own in the list; count from 1"
            yield "position", Problem(rule="list-item", message=message, record=record, field="position")
            return
        self._seen.update((this,))
        self._awaited.pop(this, None)
        before = hash((owner, position - 1))
        if position > 1 and before not in self._seen:
            line, column = place("position")
            message = f"the list has an item {position}, but none {position - 1}"
            self._awaited[before] = Problem(
                rule="list-item", message=message, record=record, field="position", line=line, column=column
            )

    def gaps(self) -> Iterable[Problem]:
        """A problem for each item that has none before it, though it is not the first."""
        return self._awaited.values()


class _Nowhere:
    """Leaves a problem where it is: a row knows its cells' places better."""

    def locate(self, problem: Problem, file: str | None) -> Problem:
        return problem.at(file)


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
