"""Collections as data frames: tidy columns with types of their own, of pandas, polars or pyarrow.

Codes and other texts are text, whole numbers and truths may be missing, dates are dates, terms are categories in
their vocabulary's order, and lists stay lists unless they are exploded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Literal, TypeAlias

from eaps_data._internal.text_keys import closest
from eaps_data.errors import MissingExtraError, UnknownTermError
from eaps_data.formats.columns import Table

Backend: TypeAlias = Literal["pandas", "polars", "pyarrow"]

EXTRAS: Final = {"pandas": "pandas", "polars": "polars", "pyarrow": "arrow"}
_MODULES: Final = {
    "pandas": "eaps_data.frames.pandas",
    "polars": "eaps_data.frames.polars",
    "pyarrow": "eaps_data.formats.arrow",
}
"""The libraries that frames may be of, in the order in which they are chosen, and the extra that installs each."""


def frame(
    table: Table, records: Iterable[Any], backend: str | None = None, explode: str | Sequence[str] | None = None
) -> Any:
    """Records as a data frame.

    Args:
        table: their table, as `tidy` has it.
        records: the records.
        backend: `pandas`, `polars` or `pyarrow`; whichever of them is installed, in this order, where not given.
        explode: a list column, or several, of which each item is to have a row of its own. A record whose list is
            empty keeps a row, with nothing in it.

    Raises:
        UnknownTermError: when there is no such backend, or no such list column; it lists those that there are.
        MissingExtraError: when the library is not installed; it names the extra.
    """
    rows: list[tuple[Any, ...]] = list(table.rows(records))
    for name in (explode,) if isinstance(explode, str) else explode or ():
        table, rows = _exploded(table, rows, name)
    columns = [list(values) for values in zip(*rows, strict=True)] if rows else [[] for _ in table.columns]
    return _module(backend).frame(table.columns, columns)


def _exploded(table: Table, rows: list[tuple[Any, ...]], name: str) -> tuple[Table, list[tuple[Any, ...]]]:
    lists = [column.name for column in table.columns if column.many]
    if name not in lists:
        raise UnknownTermError("explode", name, lists, closest(name, lists))
    place = [column.name for column in table.columns].index(name)
    columns = list(table.columns)
    columns[place] = replace(columns[place], many=False, required=False)
    longer = [(*row[:place], item, *row[place + 1 :]) for row in rows for item in row[place] or (None,)]
    return replace(table, columns=tuple(columns)), longer


def _module(backend: str | None) -> Any:
    if backend is None:
        backend = next((name for name in EXTRAS if find_spec(name)), None)
        if backend is None:
            raise MissingExtraError("a data frame", "pandas, polars or pyarrow", "pandas")
    if backend not in EXTRAS:
        raise UnknownTermError("backend", backend, tuple(EXTRAS), closest(backend, EXTRAS))
    try:
        return import_module(_MODULES[backend])
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != backend:
            raise
        raise MissingExtraError("such a data frame", backend, EXTRAS[backend]) from None
