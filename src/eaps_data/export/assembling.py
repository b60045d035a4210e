"""Make a dataset of the rows of its tables, whatever format they came in; say of each problem in which row it is."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from eaps_data._internal.text_keys import closest
from eaps_data.errors import InvalidDataError, Problem, did_you_mean
from eaps_data.formats import columns as tidy
from eaps_data.formats.columns import ItemTable, Table
from eaps_data.models.records import DatasetDocument
from eaps_data.models.table_specs import TABLE_SPECS
from eaps_data.rules.problem import shown
from eaps_data.tables.dataset import Dataset
from eaps_data.tables.loading import validated

RULES: Final[Mapping[str, str]] = {
    "missing-table": "A dataset that was exported has all its tables.",
    "missing-column": "A table has all its columns.",
    "row-count": "A table of one row has one row.",
}
"""Each rule by its name that tables can break, beside those of records."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read of one table.

    Attributes:
        place: what to call it in messages: its file, and the table where the file has several.
        header: the names of its columns.
        rows: each row's number, as a person counts them there, and its cells; None for a cell that is empty.
    """

    place: str
    header: Sequence[str]
    rows: Iterable[tuple[int, Sequence[Any]]]


@dataclass(slots=True)
class Gathered:
    """The records of one table as JSON has them, and where each was read.

    Attributes:
        place: what to call the table in messages.
        records: the records.
        numbers: the number of each record's row.
        items: for an item of a list, by record, column and position: the place and the number of its row.
    """

    place: str
    records: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    items: dict[tuple[int, str, int], tuple[str, int]] = field(default_factory=dict)


def from_tables(sheets: Mapping[str, Sheet], source: str) -> Dataset:
    """A dataset of tables that have lists in their cells.

    Raises:
        InvalidDataError: when they make none; it lists all problems, each with its table and row.
    """
    problems = missing_tables(sheets, [table.name for table in tidy.tables()], source)
    gathered: dict[str, Gathered] = {}
    for table in tidy.tables():
        if table.name in sheets:
            sheet = sheets[table.name]
            problems += _columns(table, sheet)
            gathered[table.name] = _gather(table, sheet)
    return assemble(gathered, problems)


def from_relations(sheets: Mapping[str, Sheet], source: str) -> Dataset:
    """A dataset of tables each of whose lists is a table of its own.

    Raises:
        InvalidDataError: when they make none; it lists all problems, each with its table and row.
    """
    relations = {table.name: tidy.relations(table.name) for table in tidy.tables()}
    problems = missing_tables(sheets, [each.name for parts in relations.values() for each in parts], source)
    gathered: dict[str, Gathered] = {}
    for name, (table, *lists) in relations.items():
        if name not in sheets:
            continue
        problems += _columns(table, sheets[name])
        held = gathered[name] = _gather(table, sheets[name])
        for items in lists:
            if items.name in sheets:
                problems += _columns(items, sheets[items.name]) or list(_join(held, items, sheets[items.name]))
    return assemble(gathered, problems)


def assemble(gathered: Mapping[str, Gathered], problems: Sequence[Problem] = ()) -> Dataset:
    """A dataset of the records of its tables.

    Args:
        gathered: the records of each table.
        problems: what was found wrong before, such as a missing column.

    Raises:
        InvalidDataError: when the problems, the models or the rules between records forbid it.
    """
    found = list(problems)
    found += _row_counts(gathered)
    if found:
        raise InvalidDataError(found)
    value: dict[str, Any] = {
        name: table.records[0] if TABLE_SPECS[name].has_one_row else table.records for name, table in gathered.items()
    }
    document, invalid = validated(DatasetDocument, value, json.dumps(value).encode(), table=None)
    if not invalid:
        try:
            return Dataset(document)
        except InvalidDataError as error:
            invalid = list(error.problems)
    raise InvalidDataError([_placed(problem, gathered) for problem in invalid])


def missing_tables(held: Mapping[str, object], names: Sequence[str], source: str) -> list[Problem]:
    """A problem for each table that there is none of."""
    return [
        Problem(rule="missing-table", message=f"the table {name} is missing; is the export whole?", file=source)
        for name in names
        if name not in held
    ]


def _columns(table: Table, sheet: Sheet) -> list[Problem]:
    """What is wrong with the names of a table's columns."""
    known = [column.name for column in table.columns]
    found: list[tuple[str, str]] = []
    for index, name in enumerate(sheet.header):
        if name in sheet.header[:index]:
            found.append(("repeated-key", f'the column "{name}" stands twice'))
        elif name not in known:
            hint = did_you_mean(closest(str(name), known)) or "; remove it"
            found.append(("unknown-field", f'there is no column "{name}" in {table.name}{hint}'))
    found += [
        ("missing-column", f'the column "{name}" of {table.name} is missing')
        for name in known
        if name not in sheet.header
    ]
    return [Problem(rule=rule, message=message, file=sheet.place) for rule, message in found]


def _gather(table: Table, sheet: Sheet) -> Gathered:
    gathered = Gathered(sheet.place)
    for number, cells in sheet.rows:
        gathered.records.append(tidy.to_record(table, dict(zip(sheet.header, cells, strict=False))))
        gathered.numbers.append(number)
    return gathered


def _join(held: Gathered, items: ItemTable, sheet: Sheet) -> Iterator[Problem]:
    """Put the items of a list into their records."""
    owner, _, item = (column.name for column in items.columns)
    path = items.columns[-1].path
    indexes = {record.get("id"): index for index, record in enumerate(held.records)}
    found: dict[int, dict[Any, tuple[Any, int]]] = {}
    for number, cells in sheet.rows:
        row = dict(zip(sheet.header, cells, strict=False))
        index = indexes.get(row[owner])
        if index is None:
            message = f"{shown(row[owner])} is no id of {items.of}"
            yield Problem(rule="list-item", message=message, field=owner, file=sheet.place, line=number)
            continue
        position = row["position"]
        if type(position) is not int or position < 1 or position in found.get(index, ()):
            message = f"{shown(position)} is no place of its own in the list; count from 1"
            yield Problem(rule="list-item", message=message, field="position", file=sheet.place, line=number)
            continue
        found.setdefault(index, {})[position] = (row[item], number)
    for index, listed in found.items():
        last = max(listed)
        if last != len(listed):
            gap = next(position for position in range(1, last) if position not in listed)
            message = f"the list has an item {last}, but none {gap}"
            yield Problem(rule="list-item", message=message, field="position", file=sheet.place, line=listed[last][1])
            continue
        holder = held.records[index]
        for step in path[:-1]:
            holder = holder.setdefault(step, {})
        holder[path[-1]] = [listed[position][0] for position in range(1, last + 1)]
        for position in range(1, last + 1):
            held.items[index, items.field, position - 1] = (sheet.place, listed[position][1])


def _row_counts(gathered: Mapping[str, Gathered]) -> Iterator[Problem]:
    for name in (name for name in gathered if TABLE_SPECS[name].has_one_row):
        table = gathered[name]
        if len(table.records) != 1:
            message = f"there are {len(table.records)} rows in {name}; it has one"
            yield Problem(rule="row-count", message=message, file=table.place)


def _placed(problem: Problem, gathered: Mapping[str, Gathered]) -> Problem:
    """A problem of the document, with the table and the row that it came from."""
    name, *steps = problem.path or ("",)
    table = gathered.get(str(name))
    if table is None:
        return problem
    index = 0 if TABLE_SPECS[str(name)].has_one_row else steps.pop(0) if steps else None
    if not isinstance(index, int):
        return problem.at(table.place)
    for column, position in pairwise(steps):
        if isinstance(position, int) and (index, str(column), position) in table.items:
            return problem.at(*table.items[index, str(column), position])
    names = [step for step in steps if isinstance(step, str)]
    told = problem._replace(field=names[-1]) if names else problem
    return told.at(table.place, table.numbers[index])
