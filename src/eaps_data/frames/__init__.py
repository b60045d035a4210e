"""Data frames of pandas, polars or pyarrow: tidy, typed columns.

Codes and other strings are strings, whole numbers and booleans may be missing, dates are dates, terms are categories in
the order of their vocabulary, and lists are lists unless they are exploded.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from itertools import chain, repeat
from typing import Any, Final, NamedTuple

from eaps_data._internal.text_keys import closest
from eaps_data.errors import MissingExtraError, UnknownTermError
from eaps_data.formats.columns import Column, ColumnType, Table, columns_of


class _Backend(NamedTuple):
    """The module that builds the frames of a library, and the extra that installs the library."""

    module: str
    extra: str


_BACKENDS: Final = {
    "pandas": _Backend("eaps_data.frames.pandas", "pandas"),
    "polars": _Backend("eaps_data.frames.polars", "polars"),
    "pyarrow": _Backend("eaps_data.formats.arrow", "arrow"),
}
"""The libraries in the order of preference."""


def frame(
    table: Table, records: Iterable[Any], backend: str | None = None, explode: str | Sequence[str] | None = None
) -> Any:
    """Return records as a data frame.

    Args:
        table: the table that holds the records.
        records: the records, as models or plain JSON.
        backend: `pandas`, `polars` or `pyarrow`; the default is the first of them that is installed.
        explode: a list column, or several, to expand into one row per item. A record whose list is empty keeps one
            row, with a missing value.

    Raises:
        UnknownTermError: if the backend or list column is unknown; it lists the possible values.
        MissingExtraError: if the library is not installed; it names the extra.
    """
    columns, values = table.columns, columns_of(table, records)
    for name in (explode,) if isinstance(explode, str) else explode or ():
        columns, values = _exploded(columns, values, name)
    return _module(backend).frame(columns, values)


def plain_frame(columns: Mapping[str, list[Any]], types: Mapping[str, ColumnType], backend: str | None = None) -> Any:
    """Return a data frame of columns that belong to no table.

    Args:
        columns: the values of each column by its name.
        types: the types of the columns that do not hold text.
        backend: `pandas`, `polars` or `pyarrow`; the default is the first of them that is installed.

    Raises:
        UnknownTermError: if the backend is unknown; it lists the possible values.
        MissingExtraError: if the library is not installed; it names the extra.
    """
    described = [
        Column(
            name=name,
            type=types.get(name, "text"),
            description="",
            path=(name,),
            is_list=False,
            required=True,
            vocabulary=None,
            terms=(),
            schema={},
            refers_to=None,
        )
        for name in columns
    ]
    return _module(backend).frame(described, [*columns.values()])


def _exploded(
    columns: Sequence[Column], values: Sequence[list[Any]], name: str
) -> tuple[tuple[Column, ...], list[list[Any]]]:
    lists = [column.name for column in columns if column.is_list]
    if name not in lists:
        raise UnknownTermError("explode", name, lists, closest(name, lists))
    position = [column.name for column in columns].index(name)
    items = [list_ or [None] for list_ in values[position]]
    rows = [*map(len, items)]
    exploded = [[*chain.from_iterable(map(repeat, column, rows))] for column in values]
    exploded[position] = [*chain.from_iterable(items)]
    item_column = replace(columns[position], is_list=False, required=False)
    return (*columns[:position], item_column, *columns[position + 1 :]), exploded


def _module(backend: str | None) -> Any:
    if backend is None:
        backend = next(filter(find_spec, _BACKENDS), None)
        if backend is None:
            raise MissingExtraError("a data frame", "pandas, polars or pyarrow", "pandas")
    if backend not in _BACKENDS:
        raise UnknownTermError("backend", backend, tuple(_BACKENDS), closest(backend, _BACKENDS))
    if find_spec(backend) is None:
        raise MissingExtraError(f"a data frame of {backend}", backend, _BACKENDS[backend].extra)
    return import_module(_BACKENDS[backend].module)
