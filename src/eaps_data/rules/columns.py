"""Tables as columns: the fields that the rules between records look at, without holding the records.

The rules see columns because that is several times as fast as seeing rows, and because rows from models and rows from
plain JSON then look the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, repeat
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar

from eaps_data._internal.text_keys import fold_all
from eaps_data.models.rows import Row, keys_in
from eaps_data.models.table_specs import TABLE_SPECS

Owner = TypeVar("Owner")

Field: TypeAlias = str | tuple[str, ...]
"""A field of a row, or several that are read together as a tuple."""


def column(rows: Sequence[Row], field: Field) -> list[Any]:
    """Return the values of a field, or of several as tuples; None where a row lacks it.

    >>> column([{"id": "revere", "state": "MA"}, {"id": "lawrence"}], ("id", "state"))
    [('revere', 'MA'), ('lawrence', None)]
    """
    fields = (field,) if isinstance(field, str) else field
    try:
        return [*map(itemgetter(*fields), rows)]  # the common case: no row lacks a field
    except KeyError:
        if isinstance(field, str):
            return [row.get(field) for row in rows]
        return [tuple(map(row.get, fields)) for row in rows]


class Columns:
    """Some fields of a table's rows.

    Attributes:
        table: the table's name.
    """

    def __init__(self, table: str, fields: Iterable[Field], rows: Sequence[Row] = ()) -> None:
        """Take the fields of the given rows; more rows can be added."""
        self.table = table
        self._count = 0
        self._columns: dict[Field, list[Any]] = {field: [] for field in fields}
        self._has_shared_keys: bool | None = None
        self.add(rows)

    def add(self, rows: Sequence[Row]) -> None:
        """Take the fields of more rows."""
        self._count += len(rows)
        self._has_shared_keys = None
        for field in self._columns:
            self._columns[field] += column(rows, field)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, field: Field) -> list[Any]:
        return self._columns[field]

    def ids(self) -> list[Any]:
        """Return the id of each row; that of a partnership is composed of its fields."""
        if self.table != "partnerships":
            return self["id"]
        return [*map("--".join, zip(self["program"], self["partner"], self["role"], strict=True))]

    def subjects(self) -> list[str]:
        """Return `table/id` for each row, or the table alone where rows have no id."""
        if self.table == "evidence":
            return [self.table] * self._count
        return [*map(f"{self.table}/".__add__, self.ids())]

    def folded_keys(self, fields: Iterable[str]) -> Iterator[tuple[int, str]]:
        """Return the folded lookup keys in some fields, field by field, each after the number of its row."""
        found = [_keys(self[field]) for field in fields]
        owners = chain.from_iterable(owners for owners, _ in found)
        return zip(owners, fold_all(chain.from_iterable(keys for _, keys in found)), strict=True)

    @property
    def has_shared_keys(self) -> bool:
        """Whether two rows have a lookup key in common, in any spelling."""
        if self._has_shared_keys is None:
            owned = {*self.folded_keys(TABLE_SPECS[self.table].lookup_fields)}
            self._has_shared_keys = len({key for _, key in owned}) < len(owned)
        return self._has_shared_keys


Tables: TypeAlias = Mapping[str, Columns]
"""The members of a dataset document, as columns."""


def _keys(values: Sequence[Any]) -> tuple[Iterable[int], Iterable[str]]:
    """The lookup keys in a column, and for each the number of its row."""
    numbers, sample = range(len(values)), sample_of(values)
    if sample is None or isinstance(sample, str):
        return compress(numbers, values), filter(None, values)
    if not isinstance(sample, tuple | list):
        values = [[*keys_in(value)] for value in values]
    lists = [value or () for value in values]
    return repeat_for_items(numbers, lists), chain.from_iterable(lists)


def repeat_for_items(owners: Iterable[Owner], lists: Iterable[Sequence[Any]]) -> Iterator[Owner]:
    """Repeat each owner as often as its list has items."""
    return chain.from_iterable(map(repeat, owners, map(len, lists)))


def sample_of(values: Iterable[Any]) -> Any:
    """Return the first value in a column that is not empty; None if all are."""
    return next(filter(None, values), None)
