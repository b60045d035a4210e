"""Excel: a workbook with a sheet per table and per list; needs the extra `xlsx`."""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from eaps_data.errors import InvalidDataError, MissingExtraError
from eaps_data.formats.columns import Column, Table, relations, tables
from eaps_data.formats.content import Sheet, TableContent, Unusable, of_relations, plain_value, representable
from eaps_data.rules.problem import shown, violation

_CREATED: Final = datetime(1980, 1, 1, tzinfo=UTC)  # fixed, so that equal data has equal bytes
_WIDEST: Final = 60
_LONGEST: Final = 32_767  # characters in a cell
_MOST_ROWS: Final = 1_048_576  # in a sheet, its header included
# Honest workbooks expand about tenfold, a bomb a thousandfold. Small files may expand freely.
_MOST_EXPANSION: Final = 100
_ALWAYS_ALLOWED: Final = 64 * 2**20
_BLOCK: Final = 2**20
# calamine holds the whole area of a sheet, up to its farthest cell; most of that is not in the file if it is a trap.
_MOST_CELLS: Final = 2**20
_COLUMN_BEYOND_Z: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{2,3})[0-9]{1,7}["']""")
_ROW: Final = re.compile(rb"""\br\s*=\s*["'][A-Z]{0,3}([0-9]{1,7})["']""")
_FAR_ROW: Final = re.compile(rb"""\br\s*=\s*["'][A-Z]{0,3}([0-9]{5,7})["']""")
# calamine reads other names too, as cells that may be so far away that their area ends the process.
_WRONG_NAME: Final = re.compile(
    rb"""<(?:\w+:)?(?:c|row)\b[^<>]*?(?<![:\w])r\s*=\s*["'](?![A-Z]{0,3}[0-9]{1,7}["'])([^<>"']*)"""
)
_CELL_NAME: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ERROR: Final = re.compile(
    rb"""<(?:\w+:)?c\b([^<>]*\bt\s*=\s*["']e["'][^<>]*)>(?:\s*<(?:\w+:)?f\b[^<>]*>(?:[^<]*</(?:\w+:)?f>)?)?"""
    rb"""\s*(?:<(?:\w+:)?v>([^<]*))?"""
)
_FORMULA_WITHOUT_VALUE: Final = re.compile(
    rb"""<(?:\w+:)?c\b((?![^<>]*\bt\s*=\s*["']str["'])[^<>]*)>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</|</)"""
)
_BAD_TEXT: Final = re.compile(rb"""<(?:\w+:)?c\b([^<>]*\bt\s*=\s*["']s["'][^<>]*)>\s*<(?:\w+:)?v>(?!\s*[0-9]+\s*<)""")
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NONCHARACTERS: Final = frozenset("\ufffe\uffff")  # which XML cannot hold


class _Exact(float):
    """A number that is written with all its digits; XlsxWriter writes 16, and some need 17."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


def write(rows: Mapping[str, Sequence[Any]], file: Path) -> None:
    """Write a workbook in which strings are typed as text, so that Excel keeps them as they are.

    Args:
        rows: the records of each table, in plain Python.
        file: where to write.

    Raises:
        OSError: if a table or a string is too large for Excel, or the file cannot be written.
    """
    try:
        from xlsxwriter import Workbook  # pyright: ignore[reportMissingTypeStubs]  # it has none
    except ImportError:
        raise MissingExtraError("writing an Excel workbook", "XlsxWriter", "xlsx") from None
    written = BytesIO()  # a full disk is then an OSError, without a damaged archive that complains once more
    with Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"author": "eaps-data", "created": _CREATED})
        formats = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        for table in filter(lambda table: table.name in rows, tables()):
            for part in relations(table.name):
                _write_sheet(book.add_worksheet(part.name), part, [*part.rows(rows[table.name])], *formats)
    file.write_bytes(written.getvalue())


def _write_sheet(sheet: Any, table: Table, rows: Sequence[Sequence[Any]], bold: Any, text: Any) -> None:
    if len(rows) >= _MOST_ROWS:
        raise OSError(f"{table.name} has {len(rows):,} rows, too many for a sheet of Excel; use another format")
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(table.columns):
        longest = max((len(str(row[index])) for row in rows[:100]), default=0)
        width = min(max(longest, len(column.name)) + 2, _WIDEST)
        is_text = column.type in {"text", "date"}
        # Excel leaves alone what a person types into a column of text: zeros, and what looks like a date.
        sheet.set_column(index, index, width, text if is_text else None)
        sheet.write_string(0, index, column.name, bold)
        write = {"boolean": sheet.write_boolean, "integer": sheet.write_number, "number": sheet.write_number}
        put = write.get(column.type, partial(sheet.write_string, cell_format=text))
        for number, row in enumerate(rows, start=1):
            if row[index] is not None:
                put(number, index, _written(column, row[index]))
    if rows:
        sheet.autofilter(0, 0, len(rows), len(table.columns) - 1)


def _written(column: Column, value: Any) -> Any:
    """Return a value as Excel can store it."""
    if isinstance(value, float):
        return _Exact(value)
    if column.type in {"text", "date"}:
        if len(value) > _LONGEST:
            raise OSError(f"a string of {len(value):,} characters is too long for Excel; use another format")
        if not _NONCHARACTERS.isdisjoint(value):
            raise OSError(f"Excel cannot store U+FFFE or U+FFFF, as in {shown(value)}; use another format")
    return value


def read(file: Path) -> TableContent:
    """Read a dataset from a workbook.

    Raises:
        InvalidDataError: if it is no workbook, or damaged.
    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum
    except ImportError:
        raise MissingExtraError("reading an Excel workbook", "python-calamine", "xlsx") from None
    sheets: dict[str, Sheet] = {}
    try:
        with ZipFile(file) as archive:
            unusable = _check(file, archive)
        book = CalamineWorkbook.from_path(file)
        names = {sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet}
        for table in tables():
            for part in relations(table.name):
                if part.name in names:
                    rows: list[list[Any]] = book.get_sheet_by_name(part.name).to_python(skip_empty_area=False)
                    for (row, column), cell in unusable[part.name].items():
                        if row < len(rows) and column < len(rows[row]):
                            rows[row][column] = cell
                    sheets[part.name] = _sheet(part, f"{file}[{part.name}]", rows)
    # All but the first are of archives and XML that are damaged, encrypted, or packed in an unknown way.
    except (CalamineError, *_DAMAGES) as error:
        message = f"this is not an Excel workbook, or the file is incomplete: {error}"
        raise InvalidDataError([violation("damaged-file", message, ()).at(str(file))]) from None
    return of_relations(sheets, str(file), names)


def _parse(text: bytes) -> None:
    """Refuse what is not XML, which calamine reads past."""
    try:
        expat.ParserCreate().Parse(text, True)
    except (LookupError, ValueError) as error:  # an unknown encoding, or one that expat cannot read
        raise expat.ExpatError(str(error)) from None


_DAMAGES: Final = (
    BadZipFile,
    ET.ParseError,
    EOFError,
    expat.ExpatError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    zlib.error,
)


def _check(file: Path, archive: ZipFile) -> Mapping[str, Mapping[tuple[int, int], Unusable]]:
    """Check that a workbook does not fill the memory, and return the cells without a value, by sheet, row and column.

    Raises:
        InvalidDataError: if it expands too far, or has a cell so far from the others that the area is too large.
    """
    most = max(_ALWAYS_ALLOWED, _MOST_EXPANSION * file.stat().st_size)
    found: dict[str, dict[tuple[int, int], Unusable]] = {}
    for info in archive.infolist():
        parts: list[bytes] = []
        # The stated size is not to be trusted, and zipfile stops there; the parser does not.
        stated, info.file_size = info.file_size, most + 2 * _BLOCK
        with archive.open(info) as stream:
            while block := stream.read(_BLOCK):
                most -= len(block)
                if most < 0:
                    raise _unreadable(file, f"it expands to more than {_MOST_EXPANSION} times its size")
                parts.append(block)
        info.file_size = stated
        text = b"".join(parts)
        if info.filename.endswith(".xml") or b"sheetData" in text:
            _parse(text)
        if b"sheetData" not in text:  # a sheet may have any name
            continue
        _check_area(file, info.filename, text)
        found[info.filename] = dict(_unusable(text))
    if not any(found.values()):
        return defaultdict(dict)
    return defaultdict(dict, {name: found.get(path, {}) for name, path in _sheet_paths(archive).items()})


def _unreadable(file: Path, message: str) -> InvalidDataError:
    return InvalidDataError([violation("unreadable", message, ()).at(str(file))])


def _check_area(file: Path, name: str, text: bytes) -> None:
    """Refuse a sheet with a cell so far from the others that the area between them would fill the memory.

    Raises:
        InvalidDataError: if there is such a cell, or one whose place is unknown.
    """
    if wrong := _WRONG_NAME.search(text):
        raise _unreadable(file, f"{name} has a cell named {shown(wrong[1].decode('utf-8', 'replace'))}; it is damaged")
    column = max(_COLUMN_BEYOND_Z.findall(text), key=_number, default=None)
    row = max(map(int, (_ROW if column else _FAR_ROW).findall(text)), default=0)
    if row * _number(column or b"Z") > max(_MOST_CELLS, len(text)):
        last = f"column {column.decode()} and row {row}" if column else f"row {row}"
        raise _unreadable(file, f"{name} has cells up to {last}; delete those outside the table")


def _unusable(text: bytes) -> Iterator[tuple[tuple[int, int], Unusable]]:
    """Yield row and column, from 0, of the cells of a sheet that hold an error, or a formula without its value."""
    # Most sheets have neither, and finding that out is much faster than a pattern.
    errors = _ERROR.findall(text) if b'"e"' in text or b"'e'" in text else ()
    found = [(attributes, f"the error {error.decode('utf-8', 'replace')}") for attributes, error in errors]
    # calamine takes a text without its number for the first one.
    found += [(attributes, "the number of a text, but it is damaged") for attributes in _BAD_TEXT.findall(text)]
    formulas = _FORMULA_WITHOUT_VALUE.findall(text) if b"<f" in text or b":f" in text else ()
    reason = "a formula whose value is not stored; save the file in Excel, or write the value"
    found += [(attributes, reason) for attributes in formulas]
    for attributes, reason in found:
        if cell := _CELL_NAME.search(attributes):
            yield (int(cell[2]) - 1, _number(cell[1]) - 1), Unusable(reason)


def _sheet_paths(archive: ZipFile) -> dict[str, str]:
    """Return the path in the archive of each sheet by its name."""
    related = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {each.get("Id"): each.get("Target", "") for each in related}
    book = ET.fromstring(archive.read("xl/workbook.xml"))
    return {
        each.get("name", ""): f"xl/{targets.get(each.get(_RELATIONSHIP), '').removeprefix('/xl/')}"
        for each in book.iter()
        if each.tag.endswith("}sheet")
    }


def _number(column: bytes) -> int:
    """Return the number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _sheet(table: Table, place: str, rows: Sequence[Sequence[Any]]) -> Sheet:
    """Read the cells of a sheet; rows without a value, and columns without a name or a value, are skipped."""
    names = [str(name) for name in rows[0]] if rows else []
    columns = {column.name: column for column in table.columns}
    filled = [number for number, row in enumerate(rows) if number and any(cell != "" for cell in row)]
    used = [index for index, name in enumerate(names) if name or any(rows[number][index] != "" for number in filled)]
    header = [names[index] for index in used]
    cells = [[_value(columns.get(names[index]), rows[number][index]) for number in filled] for index in used]

    def locate(row: int, cell: int) -> tuple[int, int]:
        return (filled[row] if row >= 0 else 0) + 1, used[cell] + 1 if used else 1

    return representable(table, Sheet(place, header, cells, locate))


def _value(column: Column | None, cell: Any) -> Any:
    if isinstance(cell, str):
        return cell or None
    if type(cell) is float and column is not None and column.type == "text" and cell.is_integer():
        return int(cell)  # a code that has become a number; the models refuse it
    return plain_value(column, cell)
