"""CSV (RFC 4180): a table per file, and a file per list, with a row per item.

Text is UTF-8, with a byte order mark or without. The first row names the columns; nested objects, such as
`identifiers`, have a column per part. An empty cell is null. In a file of one table, a list may be in its cell, with an
item per line. Codes stay strings: `02108` keeps its zero.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula. An apostrophe before these makes it text;
the reader removes one, and the writer adds one to each text that has it already, so that every text is kept.
"""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec, module_from_spec
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, TextIO, TypeAlias, get_args

from eaps_data._internal.arguments import expect, one_of
from eaps_data._internal.bounded_reads import open_in_folder
from eaps_data.errors import InvalidDataError, Problem
from eaps_data.formats.columns import Column, ItemTable, Table, from_text, relations, table as table_named, tables
from eaps_data.formats.content import HEADER_RULES, Sheet, TableContent, joined, of_relations, of_table, unread
from eaps_data.rules.problem import shown, violation

Delimiter: TypeAlias = Literal[",", ";", "\t"]
"""What separates the cells of a row. Spreadsheets of languages with a decimal comma expect a semicolon."""

_LONGEST_CELL: Final = 16 * 2**20  # characters
_BLOCK: Final = 2**20  # bytes
_ROWS_AT_ONCE: Final = 2_000
_SIGNS: Final = "-=+@\uff0d\uff1d\uff0b\uff20"  # some spreadsheets take those of full width too
_FORMULA: Final = re.compile(f"'*[{_SIGNS}]")
_QUOTED_FORMULA: Final = re.compile(f"'+[{_SIGNS}]")
_SEPARATOR_LINE: Final = re.compile("sep=.?", re.IGNORECASE)


def _own_parser() -> Any:
    """Return an instance of the parser in the standard library whose limit of a cell is not the one of the process."""
    spec: Any = find_spec("_csv")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.field_size_limit(_LONGEST_CELL)
    return module


_PARSER: Final = _own_parser()


class _Lines:
    """The lines of a file, read in blocks; those since the last `forget` are kept for locations."""

    def __init__(self, stream: BinaryIO, file: str | None) -> None:
        self._stream = stream
        self._file = file
        self.kept: list[str] = []
        self.first = 1  # the number of the first line that is kept
        self.has_quoted_formulas = False

    def blocks(self) -> Iterator[list[str]]:
        """Yield some lines at a time.

        Raises:
            InvalidDataError: if a line is not UTF-8, once the lines before it have been yielded.
        """
        mark = codecs.BOM_UTF8
        while lines := self._stream.readlines(_BLOCK):
            lines[0] = lines[0].removeprefix(mark)
            mark = b""
            try:
                block = [*map(bytes.decode, lines)]
            except UnicodeDecodeError as error:
                yield self._keep([*map(bytes.decode, lines[: lines.index(error.object)])])
                raise self._not_utf8(error) from None
            yield self._keep(block)

    def _keep(self, block: list[str]) -> list[str]:
        self.kept += block
        text = "".join(block)
        self.has_quoted_formulas = self.has_quoted_formulas or any(f"'{sign}" in text for sign in _SIGNS)
        return block

    def _not_utf8(self, error: UnicodeDecodeError) -> InvalidDataError:
        message = f"the text is not UTF-8 (byte 0x{error.object[error.start]:02x}); save it as UTF-8"
        place = self.first + len(self.kept), len(error.object[: error.start].decode()) + 1
        return InvalidDataError([violation("encoding", message, ()).at(self._file, *place)])

    def forget(self, number: int) -> None:
        """Drop the lines before a number."""
        del self.kept[: number - self.first]
        self.first = number


class Reader:
    """Reads the rows of a file, some at a time.

    Attributes:
        file: the file's name, for messages.
        header: the names of the columns.
        at_end: whether all rows have been read.
    """

    def __init__(self, stream: BinaryIO, file: str | None) -> None:
        """Read the header.

        Raises:
            InvalidDataError: if there is none, or the text is not UTF-8 or not CSV.
        """
        self.file = file
        self._lines = _Lines(stream, file)
        blocks = self._lines.blocks()
        block = next(blocks, [])
        self._delimiter = _delimiter(block)
        lines = chain.from_iterable(chain([block], blocks))
        self._reader = _PARSER.reader(lines, delimiter=self._delimiter, strict=True)
        try:
            header = next(self._reader, None)
        except _PARSER.Error as error:
            raise self._refused(_not_csv(error)) from None
        if header is None:
            raise self._refused("the file is empty")
        first = self._lines.kept[0].rstrip("\r\n")
        if _SEPARATOR_LINE.fullmatch(first):
            raise self._refused(f"the line {shown(first)} is for Excel, not CSV; remove it")
        self.header: list[str] = header
        if any("\0" in name for name in header):
            raise self._refused("the text is not UTF-8, but perhaps UTF-16; save it as UTF-8", "encoding")
        self._kept: Sequence[int] = ()  # the columns that are read, once rows are
        self._header_lines = self._lines.kept[: self._reader.line_num]
        self.at_end: bool = False

    def _refused(self, message: str, rule: str = "csv") -> InvalidDataError:
        return InvalidDataError([violation(rule, message, ()).at(self.file, 1, 1)])

    def read(self, table: Table) -> Iterator[TableContent]:
        """Read the records of a table, some rows at a time, so that memory does not grow with the file.

        Args:
            table: the table, or the table of a list's items, which is read as a whole.
        """
        if isinstance(table, ItemTable):
            yield of_table(table, self.read_whole(table))
        is_first = True
        while not self.at_end:
            sheet = self._read_rows(table)
            content = of_table(table, sheet)
            if not is_first:  # the header has been reported
                content.problems = [problem for problem in content.problems if problem.rule not in HEADER_RULES]
            yield content
            if sheet.height and not content.value:  # the columns are wrong
                return
            is_first = False

    def read_whole(self, table: Table) -> Sheet:
        """Read all rows of a table."""
        parts: list[Sheet] = []
        while not self.at_end:
            parts.append(self._read_rows(table))
        return joined(parts)

    def _read_rows(self, table: Table) -> Sheet:
        """Read the next rows; few enough to fit into the processor's caches."""
        self._lines.forget(self._reader.line_num + 1)
        first = self._lines.first
        rows, problems = self._next_rows(table.name)

        @cache
        def starts() -> list[int]:
            """Return the numbers of the lines on which rows start."""
            return [*accumulate(map(_height, rows), initial=first)]

        width = len(self.header)
        # Spreadsheets write empty columns next to a table too, which have no name.
        kept = self._kept = self._kept or [
            index for index, name in enumerate(self.header) if name or any(any(row[index : index + 1]) for row in rows)
        ]
        unnamed = {*range(width)} - {*kept}

        def fits(row: list[str]) -> bool:
            return len(row) == width and not any(row[index] for index in unnamed)

        used: Sequence[int] = range(len(rows))
        if unnamed or {*map(len, rows)} - {width} or not all(map(any, rows)):
            used = [index for index, row in enumerate(rows) if any(row) and fits(row)]
            for index in [index for index, row in enumerate(rows) if any(row) and not fits(row)]:
                count = len(rows[index])
                message = f"the row has {count} cell{'' if count == 1 else 's'}, but there are {len(kept)} columns"
                problems.append(violation("csv", message, (table.name,)).at(self.file, starts()[index], 1))
        lines = [*self._lines.kept]

        def locate(row: int, cell: int) -> tuple[int, int]:
            cell = kept[cell] if kept else cell  # without a column, the header is located
            if row < 0:
                return _locate_cell(self._header_lines, 1, cell, self._delimiter)
            line = starts()[used[row]]
            return _locate_cell(lines[line - first :], line, cell, self._delimiter)

        columns = {column.name: column for column in table.columns}
        texts = [*zip(*(rows[index] for index in used), strict=True)] or [()] * width
        if self._lines.has_quoted_formulas:
            texts = [tuple(text[1:] if _QUOTED_FORMULA.match(text) else text for text in column) for column in texts]
        header = [self.header[index] for index in kept]
        cells = [_values(columns.get(name), texts[index]) for name, index in zip(header, kept, strict=True)]
        return Sheet(self.file or "", header, cells, locate, problems)

    def _next_rows(self, table: str) -> tuple[list[list[str]], list[Problem]]:
        """Return the next rows, and why no more can be read."""
        rows: list[list[str]] = []
        try:
            rows.extend(islice(self._reader, _ROWS_AT_ONCE))  # keeps the rows before an error
            self.at_end = len(rows) < _ROWS_AT_ONCE
        except _PARSER.Error as error:
            found = violation("csv", _not_csv(error), (table,))
            return rows, [found.at(self.file, self._lines.first + sum(map(_height, rows)), 1)]
        except InvalidDataError as error:
            return rows, [problem._replace(path=(table,)) for problem in error.problems]
        last = self._lines.kept[-1] if self.at_end and self._lines.kept else "\n"
        if last.endswith("\n"):
            return rows, []
        message = "the last line does not end with a line break; the file may have been cut off"
        place = self._lines.first + len(self._lines.kept) - 1, len(last) + 1
        return rows, [violation("last-line", message, (table,)).at(self.file, *place)]


def _not_csv(error: Exception) -> str:
    if "new-line character" in str(error):
        return "the line has a carriage return without a line feed; save the file with line feeds"
    return f"this is not CSV: {error}"


def _delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter of a file: the first in its header, as no column has one in its name."""
    return next((letter for letter in "".join(lines[:1]) if letter in get_args(Delimiter)), ",")


def _height(row: Sequence[str]) -> int:
    """Return how many lines a row takes."""
    return 1 + sum(cell.count("\n") for cell in row)


def _values(column: Column | None, texts: Sequence[str]) -> Sequence[Any]:
    """Convert the cells of a column to JSON values."""
    if column is not None and (column.is_list or column.type not in {"text", "date"}):
        values = {text: from_text(column, text) for text in {*texts}}  # most cells repeat few values
        return [values[text] for text in texts]
    return [text or None for text in texts] if "" in texts else texts


def _locate_cell(lines: Sequence[str], line: int, cell: int, delimiter: str) -> tuple[int, int]:
    """Locate a cell in a row by scanning its text.

    Args:
        lines: the lines of the row, and maybe more.
        line: the number of the first one.
        cell: the index of the cell.
        delimiter: what separates the cells.
    """
    column, at_start, is_quoted, within = 1, True, False, False
    for text in lines:
        for letter in text:
            if at_start:
                if cell == 0:
                    return line, column
                is_quoted = within = letter == '"'
            elif is_quoted and letter == '"':
                within = not within
            at_start = letter == delimiter and not within
            cell -= at_start
            column += 1
        line, column = line + 1, 1
    return line, column


def read_folder(folder: Path) -> TableContent:
    """Read a dataset from a folder with a file per table and per list."""
    sheets: dict[str, Sheet] = {}
    for table in tables():
        for part in relations(table.name):
            path = folder / f"{part.name}.csv"
            if path.exists():
                sheets[part.name] = _read_sheet(path, part)
    return of_relations(sheets, str(folder), [path.stem for path in folder.glob("*.csv")])


def _read_sheet(path: Path, table: Table) -> Sheet:
    with open_in_folder(path) as stream:
        try:
            return Reader(stream, str(path)).read_whole(table)
        except InvalidDataError as error:
            return unread(table, str(path), error.problems)


def file_names() -> frozenset[str]:
    """Return the names of the files of such a folder."""
    return frozenset(f"{part.name}.csv" for table in tables() for part in relations(table.name))


def write(rows: Mapping[str, Iterable[Any]], folder: Path, *, excel: bool = False, delimiter: Delimiter = ",") -> None:
    """Write a file per table and per list.

    Args:
        rows: the records of each table, in plain Python.
        folder: where to write.
        excel: whether to begin each file with a byte order mark, without which Excel misreads UTF-8, and each text that
            a spreadsheet would take for a formula with an apostrophe.
        delimiter: what separates the cells.

    Raises:
        OSError: if a text is too long to be read back.
        UnknownTermError: if there is no such delimiter; it lists the possible ones.
    """
    for name, records in rows.items():
        held = [*records]
        for part in relations(name):
            _write(part, held, folder / f"{part.name}.csv", excel=excel, delimiter=delimiter)


def write_file(
    name: str, records: Iterable[Any], file: Path, *, excel: bool = False, delimiter: Delimiter = ","
) -> None:
    """Write the records of one table as one file, with the items of a list on the lines of its cell; see `write`."""
    _write(table_named(name), records, file, excel=excel, delimiter=delimiter)


def _write(table: Table, records: Iterable[Any], path: Path, *, excel: bool, delimiter: Delimiter) -> None:
    with path.open("w", encoding="utf-8-sig" if excel else "utf-8", newline="") as stream:
        write_rows(table, records, stream, delimiter, excel=excel)


def write_rows(
    table: Table, records: Iterable[Any], stream: TextIO, delimiter: Delimiter, *, excel: bool = False
) -> None:
    """Write the header and a row per record; see `write`."""
    one_of("delimiter", delimiter, get_args(Delimiter))
    expect("excel", excel, bool)
    quoted = _FORMULA if excel else _QUOTED_FORMULA
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    booleans = [index for index, column in enumerate(table.columns) if column.type == "boolean"]
    lists = [index for index, column in enumerate(table.columns) if column.is_list]
    for row in table.rows(records):
        cells = [*row]
        for index in booleans:
            cells[index] = {True: "true", False: "false"}.get(cells[index], cells[index])
        for index in lists:
            cells[index] = "\n".join(cells[index])
        for index, cell in enumerate(cells):
            if type(cell) is not str:
                continue
            if len(cell) > _LONGEST_CELL:
                raise OSError(f"a string of {len(cell):,} characters is too long for CSV; use another format")
            if quoted.match(cell):
                cells[index] = f"'{cell}"
        writer.writerow(cells)
