"""The base of the six tables: an immutable, ordered collection of records with lookup, filters and frames."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import WRAPPER_ASSIGNMENTS, wraps
from itertools import chain
from operator import attrgetter, index
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Never, Self, TypeVar, Union, get_args, overload

from pydantic import GetCoreSchemaHandler, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from eaps_data._internal.arguments import expect, expect_items
from eaps_data._internal.text_keys import closest
from eaps_data.errors import EapsDataError, RemovedIdError, UnknownFilterError, brief
from eaps_data.models.not_stated import explanation_of
from eaps_data.models.option_names import Backend, ListsAs, TermsAs
from eaps_data.models.records import RECORDS, Record
from eaps_data.models.table_specs import TABLE_SPECS, TableName
from eaps_data.tables.conditions import ANY, Allowed, FieldIndex, condition, matcher
from eaps_data.tables.lookup import ID, KeyIndex, is_missing

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from eaps_data.display.html import RowView

R = TypeVar("R", bound=Record)
D = TypeVar("D")
K = TypeVar("K", bound=str)
Text = TypeVar("Text", bound=str)
Method = TypeVar("Method", bound=Callable[..., Any])

_LEAST_CODE = 10_000  # a larger number is more probably a code than a position


def raising_directly(method: Method) -> Method:
    """Make a method raise the errors of this package itself, so that a traceback does not show its internals."""

    @wraps(method, assigned=(*WRAPPER_ASSIGNMENTS, "__kwdefaults__"))
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except EapsDataError as error:
            raise error.with_traceback(None) from None

    return call  # type: ignore[return-value]  # it has the signature of the method


class Collection(Generic[R]):
    """An immutable, ordered set of records of one table.

    Iterate over it, take its `len()`, index it by key, position or slice, and narrow it with `where`.
    Collections are equal when their records are, hashable, and may be pickled.
    """

    __slots__ = ("_exact", "_field_indexes", "_key_index", "_records", "_tables")

    table: ClassVar[TableName]
    """The table's name, as in Python, on disk, in the schema and in every export."""

    _records: tuple[R, ...]
    _tables: Any
    # Indexes are built on first use. If several threads do so at once, they get the same result.
    _key_index: KeyIndex[R]
    _exact: dict[Any, R]  # `KeyIndex.exact`, one attribute closer for the fastest lookup
    _field_indexes: dict[str, FieldIndex]

    def __init__(self, records: Iterable[R], tables: object) -> None:
        """Create a collection.

        Args:
            records: the records, of one table and with distinct ids, in order.
            tables: the dataset that they belong to, for following references.

        Raises:
            TypeError: if the records are of another table, or `tables` is not a dataset.
        """
        if not hasattr(tables, "past_ids"):
            raise TypeError(f"tables must be Dataset, not {brief(tables)}")
        put = object.__setattr__
        put(self, "_records", tuple(expect_items("records", records, RECORDS[self.table])))
        put(self, "_tables", tables)
        put(self, "_field_indexes", {})

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"{type(self).__name__} is immutable: {name!r} cannot be set")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"{type(self).__name__} is immutable: {name!r} cannot be deleted")

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[R]:
        return iter(self._records)

    def __reversed__(self) -> Iterator[R]:
        return reversed(self._records)

    def __contains__(self, item: object) -> bool:
        """Return whether a record, or a record with a key, is in the collection."""
        if not isinstance(item, str):
            return isinstance(item, Record) and item in self._records
        try:
            return bool(self._keys.find(item))
        except RemovedIdError:
            return False

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Collection):
            return NotImplemented
        return type(self) is type(other) and self._records == other._records

    def __hash__(self) -> int:
        return hash((self.table, *(record.lookup_keys[:1] for record in self._records)))

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        # Pickle writes each record once, although the dataset has it too. Streamlit hashes what this returns.
        return type(self), (self._records, self._tables)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Serialize a collection as its records, in a field of a model and as the response of a web framework."""
        (record, *_) = [RECORDS[cls.table]] if hasattr(cls, "table") else [*get_args(source), Union[*RECORDS.values()]]
        records = handler.generate_schema(tuple[record, ...])  # type: ignore[valid-type]  # known at run time
        written = core_schema.plain_serializer_function_ser_schema(attrgetter("_records"), return_schema=records)
        return core_schema.no_info_plain_validator_function(
            cls._instance, json_schema_input_schema=records, serialization=written
        )

    @classmethod
    def _instance(cls, value: object) -> Self:
        if isinstance(value, cls):
            return value
        # A collection follows references in its dataset, which records alone do not have.
        raise PydanticCustomError(
            "collection",
            "expected {name}, a part of a dataset; accept eaps_data.Dataset, or a list of records",
            {"name": cls.__name__},
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields that are shown as columns."""
        return TABLE_SPECS[self.table].display

    def __repr__(self) -> str:
        from eaps_data.display.text import table_text

        return table_text(self._caption, self.columns, map(self._cells, self._records), len(self))

    def _repr_html_(self) -> str:
        from eaps_data.display.html import table_html

        rows = map(self._html_row, self._records)
        return table_html(self._caption, self._html_header, rows, len(self), f"There are no {self.table} here.")

    @property
    def _caption(self) -> str:
        from eaps_data.display.text import count

        return f"{self.table}: {count(len(self), 'record')}"

    @property
    def _html_header(self) -> Sequence[str]:
        return self.columns

    def _html_row(self, record: R) -> "RowView":
        """Return the record's cells, and the evidence of its claims to unfold."""
        from eaps_data.display.html import EvidenceView, RowView

        rows = self._tables.evidence.where(subject=record)
        query = f'evidence.where(subject="{record.table}/{ID(record)}")'
        return RowView(self._cells(record), EvidenceView(ID(record), rows._claims(), len(rows), query))

    def _cells(self, record: R) -> list[object]:
        return [getattr(record, name) for name in self.columns]

    # Lookup

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the records, in order."""
        return tuple(map(ID, self._records))

    @overload
    def __getitem__(self, key: str | int) -> R: ...
    @overload
    def __getitem__(self, key: slice) -> Self: ...
    def __getitem__(self, key: str | int | slice) -> R | Self:
        """Return the record with a key or at a position; for a slice, a collection.

        A key is the record's id, name, acronym, alias or code, in any case, with any apostrophe, dash and
        spacing; for a municipality also `Revere, MA` and a Census GEO_ID such as `0600000US2502556585`. An id,
        spelled exactly, always finds its record; one that was renamed does with a `RenamedIdWarning`.

        Raises:
            KeyNotFoundError: if no record has the key; it names the closest keys.
            RemovedIdError: if the key is an id that was removed; it gives the version and the reason.
            AmbiguousKeyError: if several records have the key; it names them.
            IndexError: if the position is out of range; if the number looks like a code, it shows the code.
            TypeError: if it is neither a key, a position nor a slice.
        """
        try:
            return self._exact[key]  # first, because most lookups are by an exact id
        except (AttributeError, KeyError, TypeError):  # no index yet; no such key; a slice is not hashable
            pass  # what follows may raise an error, which should not be chained to this one
        return self._get_other(key)

    def _get_other(self, key: str | int | slice) -> R | Self:
        if isinstance(key, slice):
            return type(self)(self._records[key], self._tables)
        if not isinstance(key, str):
            try:
                return self._records[key]
            except IndexError:
                hint = self._keys.code_hint(key) if abs(key) >= _LEAST_CODE else ""
                raise IndexError(
                    f"{self.table} index {brief(index(key))} is out of range: it has {len(self)} records{hint}"
                ) from None
            except TypeError:
                raise self._keys.not_a_key(key, "a string, a position or a slice") from None
        found = self._keys.find(key)
        if not found:
            raise self._keys.not_found(key)
        return self._only(key, found)

    @overload
    def get(self, key: str | float | None) -> R | None: ...
    @overload
    def get(self, key: str | float | None, default: D) -> R | D: ...
    def get(self, key: str | float | None, default: D | None = None) -> R | D | None:
        """Return the record with a key, or `default` if there is none, its id was removed, or the key is missing.

        None, NaN and the missing values of pandas are missing keys, so it can be mapped over a column.

        Raises:
            AmbiguousKeyError: if several records have the key; it names them.
            TypeError: if the key is a number; codes are strings, because their zeros count, and it shows the string.
        """
        try:
            return self._exact[key]
        except (AttributeError, KeyError, TypeError):  # no index yet; no such key; not hashable
            pass
        if not isinstance(key, str):
            if is_missing(key):
                return default
            raise self._keys.not_a_key(key)
        try:
            found = self._keys.find(key)
        except RemovedIdError:
            return default
        return self._only(key, found) if found else default

    def _only(self, key: str, found: tuple[R, ...]) -> R:
        if len(found) == 1:
            return found[0]
        raise self._keys.ambiguous(key, found)

    @property
    def _keys(self) -> KeyIndex[R]:
        try:
            return self._key_index
        except AttributeError:
            index = KeyIndex(self.table, self._records, self._tables.past_ids)
            object.__setattr__(self, "_key_index", index)
            object.__setattr__(self, "_exact", index.exact)
            return index

    # Plain data

    def to_records(self) -> list[dict[str, Any]]:
        """Return the records as plain dicts, lists and strings, ready for JSON or a data frame."""
        return [record.model_dump(mode="json") for record in self._records]

    if TYPE_CHECKING:

        @overload
        def to_frame(
            self,
            backend: Literal["pandas"],
            *,
            terms: TermsAs = ...,
            lists: ListsAs = ...,
            explode: str | Sequence[str] | None = None,
        ) -> pd.DataFrame: ...
        @overload
        def to_frame(
            self,
            backend: Literal["polars"],
            *,
            terms: TermsAs = ...,
            lists: ListsAs = ...,
            explode: str | Sequence[str] | None = None,
        ) -> pl.DataFrame: ...
        @overload
        def to_frame(
            self,
            backend: Literal["pyarrow"],
            *,
            terms: TermsAs = ...,
            lists: ListsAs = ...,
            explode: str | Sequence[str] | None = None,
        ) -> pa.Table: ...
        @overload
        def to_frame(
            self,
            backend: Backend | None = None,
            *,
            terms: TermsAs = ...,
            lists: ListsAs = ...,
            explode: str | Sequence[str] | None = None,
        ) -> Any: ...

    def to_frame(
        self,
        backend: str | None = None,
        *,
        terms: TermsAs = "categorical",
        lists: ListsAs = "list",
        explode: str | Sequence[str] | None = None,
    ) -> Any:
        """Return the records as a data frame: tidy columns, codes as strings, terms as categories, lists as lists.

        In pandas, `attrs` holds the table and the version of the data, and the licence and citation of packaged data.

        Args:
            backend: `pandas`, `polars` or `pyarrow`; the default is the first of them that is installed.
            terms: `categorical` for categories in the order of the vocabulary, or `text` for plain strings.
            lists: `list` for lists; `joined` for one string, with `; ` between the items, or a missing value for an
                empty list; or `explode` to expand all lists into one row per item.
            explode: a list column, or several, to expand into one row per item. With several, each item gets its own
                row, in which the other lists are missing: rows add up instead of multiplying. A record without items
                keeps one row, with a missing value.

        Raises:
            UnknownTermError: if an argument or list column is unknown; it lists the possible values.
            MissingExtraError: if the library is not installed; it names what to install.

        >>> import eaps_data as eaps
        >>> frame = eaps.programs.to_frame("pandas", terms="text", lists="joined")
        >>> frame["needs"].iloc[2]
        'mental-health; behavioral-health; public-health'
        """
        from eaps_data.formats.columns import table
        from eaps_data.frames import Layout, frame

        about = self._tables._about(self.table)
        return frame(table(self.table), self._records, backend, Layout(terms, lists, explode), about)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the records for any library that reads Arrow (the Arrow PyCapsule interface).

        Raises:
            MissingExtraError: if neither pyarrow nor polars is installed, which produce the stream.
        """
        from eaps_data.formats.columns import table
        from eaps_data.frames import arrow_table

        return arrow_table(table(self.table), self._records).__arrow_c_stream__(requested_schema)

    def __array__(self, dtype: object = None, copy: bool | None = None) -> Never:
        """Refuse to be an array: pandas would make a frame of nameless columns of it.

        Raises:
            TypeError: always; it names `to_frame`.
        """
        raise TypeError(
            f"{self.table} is a table of records, not an array; for a data frame, call {self.table}.to_frame('pandas')"
        )

    # Filters: each table has its own `where`

    def _narrow(
        self,
        unknown: Mapping[str, object],
        conditions: Iterable[tuple[str, Allowed]] = (),
        /,
        *,
        exact: bool = False,
        **filters: object,
    ) -> Self:
        """Return the records that match all filters.

        Args:
            unknown: keywords that are no filters of the table.
            conditions: the allowed values of fields, for filters that are not named after a field.
            exact: whether a term matches only itself, rather than its narrower terms too.
            **filters: the values that were given for each filter.

        Raises:
            UnknownFilterError: if there are unknown keywords.
        """
        for keyword in unknown:
            known = tuple(self.where.__kwdefaults__)  # type: ignore[attr-defined]  # defined by each table
            reason = explanation_of(keyword, self._tables.grant_program.source)
            raise UnknownFilterError(self.table, keyword, known, () if reason else closest(keyword, known), reason)
        expect("exact", exact, bool)
        required: dict[str, Allowed] = {}
        given_filters = ((name, given) for name, given in filters.items() if given is not ANY)
        found = (condition(self._tables, self.table, name, given, exact=exact) for name, given in given_filters)
        for field, allowed in (*conditions, *found):
            required[field] = required.get(field, allowed) & allowed
        if not required:
            return self
        # Only the records that match the rarest condition are tested.
        rarest = min(required, key=lambda field: self._index(field).count(required[field]))
        candidates = (self._records[position] for position in self._index(rarest).positions(required.pop(rarest)))
        return type(self)(filter(matcher(required), candidates) if required else candidates, self._tables)

    def _of_ids(self, *ids: Iterable[str]) -> Self:
        """Return the records with some ids, each once and in order."""
        chosen = frozenset(chain.from_iterable(ids))
        return type(self)((record for record in self._records if ID(record) in chosen), self._tables)

    def _index(self, field: str) -> FieldIndex:
        if field not in self._field_indexes:
            self._field_indexes[field] = FieldIndex(getattr(record, field) for record in self._records)
        return self._field_indexes[field]


def instance_schema(cls: type[object], built: CoreSchema, written: "core_schema.SerSchema | None" = None) -> CoreSchema:
    """Return a schema that keeps an instance of a class, and builds one from other data.

    Args:
        cls: the class.
        built: the schema of the data, after which the instance is built.
        written: how an instance is serialized; as the data if not given.
    """

    def kept_or_built(value: object, build: ValidatorFunctionWrapHandler) -> object:
        return value if isinstance(value, cls) else build(value)

    kept = core_schema.no_info_wrap_validator_function(kept_or_built, built)
    return core_schema.json_or_python_schema(json_schema=built, python_schema=kept, serialization=written)


class Keyed(Collection[R], Generic[R, K]):
    """A collection whose ids are known to type checkers, so that editors complete them."""

    __slots__ = ()

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.ids)

    if TYPE_CHECKING:
        # Any string is a key. As plain `str`, which includes every id, it would leave editors nothing to complete.
        @overload  # type: ignore[override]  # mypy does not see that a key may still be any string
        def __getitem__(self, key: K | Text | int) -> R: ...  # pyright: ignore[reportInvalidTypeVarUse]  # K is the class's
        @overload
        def __getitem__(self, key: slice) -> Self: ...
        def __getitem__(self, key: str | int | slice) -> R | Self: ...
        @overload  # type: ignore[override]  # mypy does not see that a key may still be any string
        def get(self, key: K | Text | float | None) -> R | None: ...  # pyright: ignore[reportInvalidTypeVarUse]  # K is the class's
        @overload
        def get(self, key: K | Text | float | None, default: D) -> R | D: ...  # pyright: ignore[reportInvalidTypeVarUse]  # the same
        def get(self, key: str | float | None, default: D | None = None) -> R | D | None:
            """Return the record with a key, or `default` if there is none or its id was removed."""
