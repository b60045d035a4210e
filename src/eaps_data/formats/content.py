"""What a reader of tabular data found: records from columns of cells, and the location of each cell.

CSV, Parquet, SQLite, Excel and data frames differ in how they store cells; here their cells become records.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from itertools import accumulate, chain, pairwise, repeat
from math import isnan
from typing import Any, Final, TypeAlias

from eaps_data._internal.text_keys import closest, closest_of, fold
from eaps_data.errors import Path, Problem, did_you_mean
from eaps_data.formats.columns import Column, ItemTable, Table, relations, tables, to_record
from eaps_data.models.table_specs import TABLE_SPECS, TABLES
from eaps_data.rules.migration import fields_since, named_version, notice_of_tables, version_of_tables
from eaps_data.rules.problem import missing_tables, not_one_row, shown, violation
from eaps_data.schemas.document import schema_of

HEADER_RULES: Final = frozenset(("missing-column", "repeated-key", "unknown-field"))
"""The rules that the header of a table can break."""

_MOST_COLUMNS: Final = 20
"""How many wrong columns are reported one by one."""
_INDEX_OF_PANDAS: Final = re.compile(r"index|Unnamed: 0|__index_level_\d+__")
_PLAIN: Final = frozenset((str, int, float, bool, type(None)))

Locate: TypeAlias = Callable[[int, int], tuple[int | None, int | None]]
"""Takes the index of a row, -1 for the header, and of a cell; returns the line and the column."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of one table, as its format stores them.

    Attributes:
        place: what to call it in messages: its file, and the table in brackets if the file has several.
        header: the names of the columns.
        columns: the cells of each column, in plain JSON values; None for an empty cell.
        locate: finds the location of a cell.
        problems: what was found wrong while reading it.
    """

    place: str
    header: Sequence[str]
    columns: Sequence[Sequence[Any]]
    locate: Locate
    problems: Sequence[Problem] = ()

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.columns[0]) if self.columns else 0

    def column(self, name: str) -> Sequence[Any]:
        """Return the cells of a column by its name."""
        return self.columns[self.header.index(name)]


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell that has no value, or whose value cannot be read; never the same as an empty cell."""

    reason: str
    """What the cell holds instead, in words."""


def numbered(first: int, header: int | None = None) -> Locate:
    """Locate cells by the number of their row, counted from `first`, and of their column, counted from 1.

    Args:
        first: the number of the first row.
        header: the number of the header's row, if it has one.
    """

    def locate(row: int, cell: int) -> tuple[int | None, int | None]:
        line = first + row if row >= 0 else header
        return line, None if line is None else cell + 1

    return locate


def unread(table: Table, place: str, problems: Sequence[Problem]) -> Sheet:
    """Return the empty sheet of a file that cannot be read, with the problems that say why."""
    names = [column.name for column in table.columns]
    own = [problem._replace(path=(table.name,)) for problem in problems]
    return Sheet(place, names, [()] * len(names), numbered(1), own)


def joined(parts: Sequence[Sheet]) -> Sheet:
    """Return one sheet of parts of a table that were read one after the other."""
    starts = [*accumulate((part.height for part in parts), initial=0)]
    locators = [part.locate for part in parts]

    def locate(row: int, cell: int) -> tuple[int | None, int | None]:
        number = max(bisect_right(starts, row) - 1, 0)  # the header is in the first part
        return locators[number](row - starts[number], cell)

    columns = [[*chain.from_iterable(cells)] for cells in zip(*(part.columns for part in parts), strict=True)]
    problems = [problem for part in parts for problem in part.problems]
    return replace(parts[0], columns=columns, locate=locate, problems=problems)


def representable(table: Table, sheet: Sheet) -> Sheet:
    """Return a sheet without the cells that JSON cannot represent, and with a problem for each of those."""
    problems = [*sheet.problems]
    columns = [*sheet.columns]
    known = {column.name: column for column in table.columns}
    for index, (name, cells) in enumerate(zip(sheet.header, columns, strict=True)):
        if {*map(type, cells)} <= _PLAIN:
            continue
        columns[index] = [cell if _is_plain(cell) else None for cell in cells]
        for number in [number for number, cell in enumerate(cells) if not _is_plain(cell)]:
            problem = _not_plain(cells[number], table, sheet, number, known.get(name))
            problems.append(problem.at(sheet.place, *sheet.locate(number, index)))
    return replace(sheet, columns=columns, problems=problems)


def _not_plain(cell: Any, table: Table, sheet: Sheet, number: int, column: Column | None) -> Problem:
    """Return the problem of a cell that JSON cannot represent."""
    name, path = _records_of(table), column.path if column else ()
    held = f"a value of the type {type(cell).__name__}, which JSON cannot represent"
    message = f"the cell holds {cell.reason if isinstance(cell, Unusable) else held}"
    if TABLE_SPECS[name].has_one_row:
        return violation("cell-type", message, (name, *path), name, ".".join(path))
    key = table.columns[0].name
    id_ = sheet.column(key)[number] if key in sheet.header and key in {"id", TABLE_SPECS[name].singular} else None
    record = f"{name}/{id_}" if isinstance(id_, str) else name
    return violation("cell-type", message, (table.name, number, *path), record, ".".join(path))


def _is_plain(cell: Any) -> bool:
    return type(cell) in _PLAIN or (isinstance(cell, list) and {*map(type, cell)} <= _PLAIN)


class _Items:
    """The rows that held the items of a list."""

    def __init__(self, table: ItemTable, sheet: Sheet) -> None:
        self.sheet = sheet
        self._owner, self._position, self.item = (column.name for column in table.columns)

    @cached_property
    def numbers(self) -> dict[tuple[Any, Any], int]:
        """The number of the row of each item, by the id of its record and its position."""
        keys = [*zip(self.sheet.column(self._owner), self.sheet.column(self._position), strict=True)]
        return {key: number for number, key in reversed([*enumerate(keys)])}


class TableContent:
    """A dataset, or the records of one table, read from rows of cells.

    Attributes:
        value: the dataset document or the records, in plain Python.
        problems: what was found wrong, with locations.
    """

    def __init__(self, value: Any, problems: Sequence[Problem], gathered: "Mapping[str, _Gathered]") -> None:
        """Hold records, and where each was read.

        Args:
            value: a dataset document, or the records of the one table in `gathered`.
            problems: what was found wrong, with locations.
            gathered: the records of each table.
        """
        self.value = value
        self.problems = problems
        self._gathered = gathered

    @property
    def text(self) -> bytes:
        """The data as JSON."""
        return self._text

    @cached_property
    def _text(self) -> bytes:
        from pydantic_core import to_json

        return to_json(self.value)

    @property
    def table(self) -> str | None:
        """The table of the records; None for a dataset."""
        return None if isinstance(self.value, dict) else next(iter(self._gathered))

    def matches(self, _built: Any, _key_count: int, /) -> bool:
        """Return whether nothing was found wrong: the text is written from plain Python, which repeats no key."""
        return not self.problems

    def locate(self, problem: Problem) -> Problem:
        """Return a problem with the location of its cell, or else of its row."""
        if problem.rule == "old-schema":
            return notice_of_tables(problem)
        path = problem.path if self.table is None else (self.table, *problem.path)
        table = self._gathered.get(str(path[0])) if path else None
        return problem if table is None else problem.at(*table.locate(path[1:]))


@dataclass(slots=True)
class _Gathered:
    """The records of one table, and the rows that they were read from."""

    table: Table
    sheet: Sheet
    records: list[dict[str, Any]]
    is_complete: bool
    """Whether the records of all rows could be read."""
    items: dict[str, _Items] = field(default_factory=dict)

    def locate(self, path: Path) -> tuple[str, int | None, int | None]:
        """Find the file, line and column of a path within the table."""
        steps = [*path]
        if steps and isinstance(steps[0], int):
            index = int(steps.pop(0))
        elif TABLE_SPECS[_records_of(self.table)].has_one_row:
            index = 0
        else:
            return self.sheet.place, None, None
        for name, position in pairwise(steps):
            if name in self.items and isinstance(position, int):
                found = self._locate_item(self.items[str(name)], index, position)
                if found is not None:
                    return found
        names = [step for step in steps if step in self.sheet.header]
        cell = self.sheet.header.index(str(names[-1])) if names else 0
        return self.sheet.place, *self.sheet.locate(index, cell)

    def _locate_item(self, items: _Items, index: int, position: int) -> tuple[str, int | None, int | None] | None:
        number = items.numbers.get((self.records[index].get("id"), position + 1))
        if number is None:
            return None
        return items.sheet.place, *items.sheet.locate(number, items.sheet.header.index(items.item))


def of_table(table: Table, sheet: Sheet) -> TableContent:
    """Return the records of one table, some of whose optional columns may be missing.

    Args:
        table: the table, with lists in its cells; or the table of a list's items, whose records then have only the
            id and that list.
        sheet: its rows.
    """
    problems, gathered = _owners(table, sheet) if isinstance(table, ItemTable) else _gather(table, sheet, whole=False)
    within = [problem.below(1) for problem in problems]  # paths begin with the index of a record
    return TableContent(gathered.records, within, {_records_of(table): gathered})


def of_tables(sheets: Mapping[str, Sheet], source: str, names: Iterable[str] = ()) -> TableContent:
    """Return the dataset of tables that have lists in their cells.

    Args:
        sheets: the rows of each table, by its name.
        source: what to call them all in messages.
        names: the names of the tables that exist; one may be misspelled.
    """
    problems = _missing([table.name for table in tables()], sheets, source, names)
    old = version_of_tables({name: sheet.header for name, sheet in sheets.items()})
    gathered: dict[str, _Gathered] = {}
    for table in tables():
        if table.name in sheets:
            found, gathered[table.name] = _gather(_of_version(old, table), sheets[table.name], whole=True)
            problems += found
    return _dataset(gathered, problems, old)


def of_relations(sheets: Mapping[str, Sheet], source: str, names: Iterable[str] = ()) -> TableContent:
    """Return the dataset of tables each of whose lists is a table of its own, or the records of the only table.

    Args:
        sheets: the rows of each table, by its name.
        source: what to call them all in messages.
        names: the names of the tables that exist; one may be misspelled.
    """
    held_tables = [table.name for table in tables() if table.name in sheets]
    is_one = len(held_tables) == 1 and held_tables[0] in TABLES
    wanted = held_tables if is_one else [table.name for table in tables()]
    old = version_of_tables({name: _fields_in(sheets, name) for name in held_tables})
    new = fields_since(old)
    parts = {name: [part for part in relations(name) if _field_of(part) not in new.get(name, ())] for name in wanted}
    problems = _missing([part.name for each in parts.values() for part in each], sheets, source, names)
    gathered: dict[str, _Gathered] = {}
    for name in held_tables:
        whole, lists = _of_version(old, parts[name][0]), [part for part in parts[name] if isinstance(part, ItemTable)]
        found, held = _gather(whole, sheets[whole.name], whole=True)
        problems += found
        gathered[whole.name] = held
        for items in lists:
            if items.name in sheets:
                problems += _join(held, items, sheets[items.name])
    if is_one:
        return TableContent(gathered[held_tables[0]].records, [problem.below(1) for problem in problems], gathered)
    return _dataset(gathered, problems, old)


def _fields_in(sheets: Mapping[str, Sheet], name: str) -> list[str]:
    """Return the fields of a table that its sheets have: columns, and lists with a sheet of their own."""
    _, *lists = relations(name)
    return [*sheets[name].header, *(items.field for items in lists if items.name in sheets)]


def _field_of(table: Table) -> str | None:
    return table.field if isinstance(table, ItemTable) else None


def _of_version(old: str | None, table: Table) -> Table:
    """Return a table without the columns that an earlier schema version does not have."""
    new = fields_since(old).get(table.name, ())
    return replace(table, columns=tuple(column for column in table.columns if column.path[0] not in new))


def _dataset(gathered: Mapping[str, _Gathered], problems: list[Problem], old: str | None) -> TableContent:
    value: dict[str, Any] = named_version(old)
    for name, held in gathered.items():
        if not TABLE_SPECS[name].has_one_row:
            value[name] = held.records
        elif len(held.records) == 1:
            value[name] = held.records[0]
        elif not any(problem.path[:1] == (name,) and problem.severity == "error" for problem in problems):
            problems.append(not_one_row(name, len(held.records)).at(held.sheet.place))
    return TableContent(value, problems, gathered)


def _missing(wanted: Sequence[str], sheets: Mapping[str, Sheet], source: str, names: Iterable[str]) -> list[Problem]:
    return [problem.at(source) for problem in missing_tables(wanted, sheets, {*names} - {*wanted})]


def _gather(table: Table, sheet: Sheet, *, whole: bool) -> tuple[list[Problem], _Gathered]:
    """Return the records of a table, and what is wrong with its rows and columns.

    Args:
        table: the table.
        sheet: its rows.
        whole: whether each column must be present, rather than only the required ones.
    """
    problems = [*sheet.problems]
    known = {column.name: column for column in table.columns}
    required = {column.name for column in table.columns if column.required and not column.is_list}
    if not whole:
        required &= {*schema_of(table.name).get("required", ())}
    is_readable = True
    seen: set[str] = set()
    wrong = 0
    for index, name in enumerate(sheet.header):
        if name in known and name not in seen:
            seen.add(name)
            continue
        wrong += 1
        if wrong > _MOST_COLUMNS:
            message = (
                f"{table.name} has {len(sheet.header):,} columns, but it should have {len(known)}; remove the others"
            )
            found = violation("unknown-field", message, (table.name,))
        elif name in seen:
            found = violation("repeated-key", f"the column {shown(name)} is duplicated; remove one", (table.name,))
        else:
            hint = did_you_mean(closest(str(name), known)) or "; remove it"
            if _INDEX_OF_PANDAS.fullmatch(str(name)) or not (name or index):
                hint = "; remove it (in pandas: index=False)"
            found = violation("unknown-field", f"{table.name} has no column {shown(name)}{hint}", (table.name,))
        is_readable &= found.rule != "repeated-key" and wrong <= _MOST_COLUMNS
        seen.add(name)
        problems.append(found.at(sheet.place, *sheet.locate(-1, index)))
        if wrong > _MOST_COLUMNS:
            break
    for column in table.columns:
        if column.name not in sheet.header and (whole or column.name in required):
            message = f"the column {shown(column.name)} of {table.name} is missing"
            found = violation("missing-column", message, (table.name,))
            problems.append(found.at(sheet.place, *sheet.locate(-1, 0)))
            is_readable &= column.name not in required
    records = _records(table, sheet) if is_readable else []
    # A problem of the whole table is of rows or columns that cannot be read, whose ids are then unknown.
    is_complete = is_readable and not any(
        problem.path == (table.name,) and problem.severity == "error" for problem in sheet.problems
    )
    return problems, _Gathered(table, sheet, records, is_complete)


def _records_of(table: Table) -> str:
    return table.of if isinstance(table, ItemTable) else table.name


def _records(table: Table, sheet: Sheet) -> list[dict[str, Any]]:
    """Return the records that a table holds; an empty cell is null, and an empty list is left out."""
    columns = {column.name: column for column in table.columns}
    used = [columns[name] for name in sheet.header if name in columns]
    rows = map(dict, map(zip, repeat(sheet.header), zip(*sheet.columns, strict=True)))  # the fastest way
    if len(used) == len(sheet.header) and not any(column.is_list or len(column.path) > 1 for column in used):
        return [*rows]
    required = dict.fromkeys(column.name for column in used if column.required and not column.is_list)
    return [required | to_record(table, row) for row in rows]


def _join(held: _Gathered, items: ItemTable, sheet: Sheet) -> list[Problem]:
    """Put the items of a list into their records, in the order of their positions."""
    problems, _ = _gather(items, sheet, whole=True)
    if any(column.name not in sheet.header for column in items.columns):
        return problems
    held.items[items.field] = _Items(items, sheet)
    ids = [record.get("id") for record in held.records]
    indexes = {id_: index for index, id_ in enumerate(ids)}
    if not held.is_complete:
        ids += {*sheet.column(items.columns[0].name)} - {*ids}
    lists, found = _group(items, sheet, ids)
    path = items.columns[-1].path
    for id_, values in lists.items():
        if id_ not in indexes:  # its record could not be read
            continue
        holder = held.records[indexes[id_]]
        for step in path[:-1]:
            holder = holder.setdefault(step, {})
        holder[path[-1]] = values
    return [*problems, *found]


def _owners(items: ItemTable, sheet: Sheet) -> tuple[list[Problem], _Gathered]:
    """Return the records that own the items of a table, with no more than their ids and lists."""
    name = items.columns[0].name
    first: dict[Any, int] = {}
    if name in sheet.header:
        for number, id_ in enumerate(sheet.column(name)):
            first.setdefault(id_, number)
    cell, numbers = [*sheet.header, name].index(name), [*first.values()]
    owners = Sheet(sheet.place, ("id",), [[*first]], lambda row, _: sheet.locate(numbers[row], cell))
    gathered = _Gathered(items, owners, [{"id": id_} for id_ in first], is_complete=True)
    return _join(gathered, items, sheet), gathered


def _group(items: ItemTable, sheet: Sheet, ids: Sequence[Any]) -> tuple[dict[Any, list[Any]], list[Problem]]:
    """Group the items by their record, and check their positions: from 1, each once, without a gap."""
    lists: defaultdict[Any, list[Any]] = defaultdict(list)
    for owner, position, item in zip(*(sheet.column(column.name) for column in items.columns), strict=True):
        values = lists[owner]
        values.append(item)
        if position != len(values) or type(position) is not int:
            return _group_by_position(items, sheet, ids)  # the rows are not in the lists' order
    return (lists, []) if lists.keys() <= {*ids} else _group_by_position(items, sheet, ids)


def _group_by_position(
    items: ItemTable, sheet: Sheet, ids: Sequence[Any]
) -> tuple[dict[Any, list[Any]], list[Problem]]:
    """Group the items that may be in any order, and report what is wrong with them."""
    owner, place, item = (column.name for column in items.columns)
    owners = sheet.column(owner)
    placed: defaultdict[Any, dict[int, tuple[Any, int]]] = defaultdict(dict)
    problems: list[Problem] = []
    counts = Counter(ids)
    id_pattern = items.columns[0].schema["pattern"]
    invalid = {fold(str(id_)) for id_ in counts if not re.fullmatch(id_pattern, str(id_))}
    similar = closest_of([*map(str, counts)])

    def report(number: int, field: str, message: str) -> None:
        found = violation("list-item", message, (items.of,), f"{items.of}/{owners[number]}", field)
        problems.append(found.at(sheet.place, *sheet.locate(number, sheet.header.index(field))))

    rows = zip(owners, sheet.column(place), sheet.column(item), strict=True)
    for number, (id_, position, value) in enumerate(rows):
        if id_ not in counts:
            if fold(str(id_)) in invalid:
                continue  # the id in its own table is invalid, which is reported there
            message = f"unknown {TABLE_SPECS[items.of].singular} id {shown(id_)}{did_you_mean(similar(str(id_)))}"
            report(number, owner, message)
        elif type(position) is not int or position < 1:
            report(number, place, f"{shown(position)} is not a position; number the items from 1")
        elif position in placed[id_] and counts[id_] > 1:
            continue  # the id is duplicated, which is reported by itself
        elif position in placed[id_]:
            report(number, place, f"the list has two items {position}; number the items from 1")
        else:
            placed[id_][position] = value, number
    for values in placed.values():
        gap = next((position for position in range(1, len(values) + 1) if position not in values), None)
        if gap is not None:
            last = max(values)
            report(values[last][1], place, f"the list has an item {last}, but no item {gap}")
    return {id_: [values[at][0] for at in sorted(values)] for id_, values in placed.items()}, problems


def plain_value(column: Column | None, value: Any) -> Any:
    """Return a value as JSON stores it; a value of an unexpected type stays as it is, for the models to refuse.

    A storage format may have changed how a value is written, but not what it means: 2015.0 in a column of integers, a
    time of midnight in a column of dates, and NaN for a missing value.
    """
    if isinstance(value, float):
        if isnan(value):
            return None
        return int(value) if column is not None and column.type == "integer" and value.is_integer() else value
    if type(value) is int and column is not None and column.type == "number":
        return float(value)
    if isinstance(value, date) and (column is None or column.type == "date"):  # elsewhere, it was not meant as one
        if isinstance(value, datetime) and value.time() == time():
            value = value.date()
        return value.isoformat()
    return value
