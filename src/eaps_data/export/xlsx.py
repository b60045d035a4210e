"""An Excel workbook: a sheet a table and one a list, with texts typed as text; needs the extra `xlsx`."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from eaps_data.errors import InvalidDataError, MissingExtraError, Problem
from eaps_data.export.assembling import Sheet, from_relations
from eaps_data.formats import columns as tidy
from eaps_data.formats.columns import Column, Table
from eaps_data.tables.dataset import Dataset

_BEGINNING: Final = datetime(1980, 1, 1)  # noqa: DTZ001 - the first day that zip knows, so that the bytes are the same
_WIDEST: Final = 60
_LONGEST: Final = 32_767  # characters in a cell
_MOST_ROWS: Final = 1_048_576  # in a sheet, its header included
_SAVED: Final = re.compile(rb"(?<=>)[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z(?=</dcterms:modified>)")
_LIKE_AN_ESCAPE: Final = re.compile("x(?=[0-9A-Fa-f]{4}_)")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE: Final = re.compile("_x([0-9A-Fa-f]{4})_")


def write(dataset: Dataset, file: Path) -> None:
    """Write the workbook."""
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingExtraError("an Excel workbook", "openpyxl", "xlsx") from None
    book = Workbook(write_only=False)
    book.remove(book.worksheets[0])
    book.properties.creator = "eaps-data"
    book.properties.created = book.properties.modified = _BEGINNING
    for table in tidy.tables():
        records = tidy.records_of(dataset.document, table.name)
        for part in tidy.relations(table.name):
            _fill(book.create_sheet(part.name), part, list(part.rows(records)))
    book.save(file)
    _without_clock(file)


def _fill(sheet: Any, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    if len(rows) >= _MOST_ROWS:
        raise OSError(f"{table.name} has {len(rows):,} rows, and a sheet of Excel no room for them; use another format")
    sheet.freeze_panes = "A2"
    for place, column in enumerate(table.columns, start=1):
        cell = sheet.cell(1, place, column.name)
        cell.font = Font(bold=True)
        longest = max((len(str(row[place - 1])) for row in rows[:100]), default=0)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(longest, len(column.name)) + 2, _WIDEST)
        if column.kind in {"text", "date"}:
            # Excel leaves alone what a person types into a column of text: its zeros, and what looks like a date.
            sheet.column_dimensions[get_column_letter(place)].number_format = "@"
    for number, row in enumerate(rows, start=2):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True), start=1):
            if value is not None:
                _put(sheet.cell(number, place), column, value)
    if rows:
        sheet.auto_filter.ref = sheet.dimensions


def _put(cell: Any, column: Column, value: Any) -> None:
    if column.kind in {"text", "date"}:
        if len(value) > _LONGEST:
            raise OSError(f"a text of {len(value):,} characters does not fit into a cell of Excel; use another format")
        cell.value = _escaped(value)
        cell.data_type = "s"  # also where it begins like a formula
        cell.number_format = "@"
    elif column.kind == "number":
        cell.value = repr(value)  # else openpyxl writes 16 digits, and some numbers need 17
        cell.data_type = "n"
    else:
        cell.value = value


def _without_clock(file: Path) -> None:
    """Have the archive's members say no time, so that the same dataset makes the same bytes."""
    with zipfile.ZipFile(file) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            if name == "docProps/core.xml":  # where openpyxl says when it was saved
                content = _SAVED.sub(_BEGINNING.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)  # noqa: PLW2901 - the same, but for its time
            info = zipfile.ZipInfo(name, _BEGINNING.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)


def _escaped(text: str) -> str:
    """A text as a workbook can hold it: what XML cannot hold is written as `_xFFFE_` (ECMA-376, ST_Xstring).

    What only looks like that has its x written so, which openpyxl, unlike an underscore, leaves alone.

    >>> _escaped("a_x0041_"), _unescaped(_escaped("a_x0041_"))
    ('a__x0078_0041_', 'a_x0041_')
    """
    text = _LIKE_AN_ESCAPE.sub("_x0078_", text)
    return _NOT_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def read(file: Path) -> Dataset:
    """Read a workbook."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise MissingExtraError("an Excel workbook", "openpyxl", "xlsx") from None
    try:
        with file.open("rb") as stream:  # opened here, as openpyxl reads no file whose name ends otherwise
            book = load_workbook(stream, read_only=True)
            sheets = {
                part.name: _sheet(book[part.name], file, part)
                for table in tidy.tables()
                for part in tidy.relations(table.name)
                if part.name in book.sheetnames
            }
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, SyntaxError) as error:
        message = f"this is no Excel workbook, or not the whole of it: {error}"
        raise InvalidDataError([Problem(rule="shape", message=message, file=str(file))]) from None
    return from_relations(sheets, str(file))


def _sheet(sheet: Any, file: Path, table: Table) -> Sheet:
    rows = sheet.iter_rows(values_only=True)
    header = [str(name) for name in next(rows, ()) if name is not None]
    columns = {column.name: column for column in table.columns}
    kinds = [columns.get(name) for name in header]
    return Sheet(f"{file}[{table.name}]", header, list(_rows(rows, kinds)))


def _rows(rows: Iterator[Sequence[Any]], columns: Sequence[Column | None]) -> Iterator[tuple[int, list[Any]]]:
    for number, row in enumerate(rows, start=2):
        cells = [*row[: len(columns)], *[None] * (len(columns) - len(row))]
        if any(cell is not None for cell in cells):  # Excel keeps empty rows at the end
            yield number, [_value(column, cell) for column, cell in zip(columns, cells, strict=True)]


def _value(column: Column | None, cell: Any) -> Any:
    """A cell as JSON has it; what is of another kind stays as it is, for the models to refuse."""
    if isinstance(cell, str):
        return _unescaped(cell) or None
    if isinstance(cell, datetime):  # a person's Excel has made a date of a text
        return cell.date().isoformat() if column is not None and column.kind == "date" else cell.isoformat()
    if isinstance(cell, float) and column is not None and column.kind == "integer" and cell.is_integer():
        return int(cell)
    if isinstance(cell, int) and column is not None and column.kind == "number" and not isinstance(cell, bool):
        return float(cell)
    return cell
