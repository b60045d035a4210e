"""pandas, polars and pyarrow data frames: tidy, typed columns.

Codes and other strings are strings, whole numbers and booleans may be missing, dates are dates, terms are categories in
the order of their vocabulary, and lists are lists. A `Layout` writes terms and lists in other ways.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from itertools import chain, repeat
from typing import Any, Final, NamedTuple, get_args

from eaps_data._internal.arguments import each, one_of
from eaps_data.errors import MissingExtraError
from eaps_data.formats.columns import Column, ColumnType, Table, columns_of
from eaps_data.models.option_names import ListsAs, TermsAs

JOINT: Final = "; "
"""What separates the items of a joined list."""


class Layout(NamedTuple):
    """How a data frame holds terms and lists.

    Attributes:
        terms: `categorical` for categories in the order of the vocabulary, or `text` for plain strings.
        lists: `list` for lists, `joined` for one string of the items, separated by `; `, or `explode` for one row per
            item of each list.
        explode: a list column, or several, to expand into one row per item; the others are as `lists` says.
    """

    terms: TermsAs = "categorical"
    lists: ListsAs = "list"
    explode: str | Sequence[str] | None = None


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
    table: Table,
    records: Iterable[Any],
    backend: str | None = None,
    layout: Layout = Layout(),  # noqa: B008 - it is immutable
    about: Mapping[str, str] | None = None,
) -> Any:
    """Return records as a data frame.

    Args:
        table: the table that holds the records.
        records: the records, as models or plain JSON.
        backend: `pandas`, `polars` or `pyarrow`; the default is the first of them that is installed.
        layout: the format of terms and lists. With several exploded lists, each item gets its own row, in which the
            other lists are missing. A record whose lists are all empty keeps one row.
        about: facts about the data, for the `attrs` of a pandas frame.

    Raises:
        UnknownTermError: if the backend, a part of the layout or a list column is unknown; it lists the possible
            values.
        MissingExtraError: if the library is not installed; it names what to install.
    """
    one_of("terms", layout.terms, get_args(TermsAs))
    one_of("lists", layout.lists, get_args(ListsAs))
    module = _module(backend)
    columns, values = _laid_out(table.columns, columns_of(table, records), layout)
    made = module.frame(columns, values)
    if about and hasattr(made, "attrs"):
        made.attrs.update(about)
    return made


def with_points(frame: Any) -> Any:
    """Return a data frame of municipalities, of pandas, as a GeoDataFrame of GeoPandas.

    Raises:
        MissingExtraError: if GeoPandas is not installed.
    """
    try:
        module = import_module("eaps_data.frames.geopandas")
    except ModuleNotFoundError as error:
        if error.name != "geopandas":
            raise
        raise MissingExtraError("a GeoDataFrame", "geopandas", "geo") from None
    return module.with_points(frame)


def arrow_table(table: Table, records: Iterable[Any]) -> Any:
    """Return records as an object that exports a stream of Arrow data: of pyarrow, or else of polars.

    Raises:
        MissingExtraError: if neither is installed; it names what to install.
    """
    backend = next(filter(find_spec, ("pyarrow", "polars")), None)
    if backend is None:
        raise MissingExtraError("a stream of Arrow data", "pyarrow or polars", "arrow")
    # Until version 1.30 at least, polars crashes if it exports lists of categories.
    return frame(table, records, backend, Layout(terms="categorical" if backend == "pyarrow" else "text"))


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
    described = [Column(name, types.get(name, "text"), (name,)) for name in columns]
    return _module(backend).frame(described, [*columns.values()])


def _laid_out(
    columns: Sequence[Column], values: list[list[Any]], layout: Layout
) -> tuple[Sequence[Column], list[list[Any]]]:
    lists = [column.name for column in columns if column.is_list]
    exploded = [] if layout.explode is None else [one_of("explode", name, lists) for name in each(layout.explode)]
    if layout.lists == "explode":
        exploded = lists
    if exploded:
        columns, values = _exploded(columns, values, exploded)
    if layout.lists == "joined":
        values = [
            [JOINT.join(items) or None for items in held] if column.is_list else held
            for column, held in zip(columns, values, strict=True)
        ]
        columns = [replace(column, is_list=False, terms=()) if column.is_list else column for column in columns]
    if layout.terms == "text":
        columns = [replace(column, terms=()) for column in columns]
    return columns, values


def _exploded(
    columns: Sequence[Column], values: Sequence[list[Any]], names: Sequence[str]
) -> tuple[Sequence[Column], list[list[Any]]]:
    """Return a row per item of some lists: first the items of the first list, then of the next, one below the other."""
    places = [place for place, column in enumerate(columns) if column.name in names]
    counts = [[*map(len, values[place])] for place in places]
    totals = [max(1, sum(lengths)) for lengths in zip(*counts, strict=True)]
    exploded = [[*chain.from_iterable(map(repeat, held, totals))] for held in values]
    before = [0] * len(totals)
    for place, lengths in zip(places, counts, strict=True):
        exploded[place] = []
        for items, start, total in zip(values[place], before, totals, strict=True):
            exploded[place] += [*[None] * start, *items, *[None] * (total - start - len(items))]
        before = [*map(sum, zip(before, lengths, strict=True))]
    described = [
        replace(column, is_list=False, required=False) if column.name in names else column for column in columns
    ]
    return described, exploded


def _module(backend: str | None) -> Any:
    if backend is None:
        backend = next(filter(find_spec, _BACKENDS), None)
        if backend is None:
            raise MissingExtraError("a data frame", "pandas, polars or pyarrow", "pandas")
    one_of("backend", backend, _BACKENDS)
    if find_spec(backend) is None:
        raise MissingExtraError(f"a {backend} data frame", backend, _BACKENDS[backend].extra)
    return import_module(_BACKENDS[backend].module)
