"""An immutable, ordered, keyed set of records: the parts that all tables share."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Literal, Never, Self, TypeAlias, TypeVar, overload

from eaps_data._internal.text_keys import closest, fold
from eaps_data.errors import (
    AmbiguousKeyError,
    KeyNotFoundError,
    RemovedIdError,
    UnknownFilterError,
)
from eaps_data.models.past_ids import PastIds, Tombstone, id_of, removed, warn_renamed
from eaps_data.models.records import Record
from eaps_data.models.vocabulary import Term
from eaps_data.tables.field_index import Allowed, FieldIndex, each, meets

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

R = TypeVar("R", bound=Record)
D = TypeVar("D")
V = TypeVar("V")
K = TypeVar("K", bound=str)
Text = TypeVar("Text", bound=str)


class _Filter(Enum):
    """The value of a filter that is not given; None is a value of its own: the source does not say."""

    ANY = "any"

    def __repr__(self) -> str:
        return self.name


ANY: Final = _Filter.ANY
AnyValue: TypeAlias = Literal[_Filter.ANY]
Several: TypeAlias = V | Iterable[V]

_MOST_SPELLINGS: Final = 1_000

_Allowed: TypeAlias = Allowed | None


class Collection(Generic[R]):
    """An immutable, ordered set of records of one table.

    Iterate over it, take its `len()`, index it by key, position or slice, and narrow it with `where`.
    Collections are equal when their records are, hashable, and may be pickled.
    """

    __slots__ = ("_by_field", "_by_key", "_exact", "_ids", "_records", "_tables")

    table: ClassVar[str]
    """The table's name, as in Python, on disk, in the schema and in every export."""
    columns: ClassVar[tuple[str, ...]]
    """The fields that tell the most, for showing the collection."""

    _records: tuple[R, ...]
    _tables: Any
    # Indexes, each made when it is first asked for; the same whichever thread comes last.
    _ids: Mapping[str, R]
    _exact: dict[Any, R]  # the ids, and once the other keys are indexed, those that mean one record
    _by_key: Mapping[str, tuple[R, ...]]
    _by_field: dict[str, FieldIndex]

    def __init__(self, records: Iterable[R], tables: object) -> None:
        """Hold `records`, in their order.

        Args:
            records: the records, of one table and with distinct ids.
            tables: the dataset that they belong to, for following references.
        """
        put = object.__setattr__
        put(self, "_records", tuple(records))
        put(self, "_tables", tables)
        put(self, "_by_field", {})

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"{type(self).__name__} is immutable: {name!r} cannot be set")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"{type(self).__name__} is immutable: {name!r} cannot be deleted")

    # A set of records

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[R]:
        return iter(self._records)

    def __reversed__(self) -> Iterator[R]:
        return reversed(self._records)

    def __contains__(self, item: object) -> bool:
        """Whether a record, or a record with a key, is in the collection."""
        if not isinstance(item, str):
            return item in self._records
        try:
            return bool(self._find(item))
        except RemovedIdError:
            return False

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Collection):
            return NotImplemented
        return type(self) is type(other) and self._records == other._records

    def __hash__(self) -> int:
        return hash((self.table, *self.ids))

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[object, ...]]:
        # Pickled as positions in the dataset, so that a record is not written twice and references still work.
        whole = getattr(self._tables, self.table)
        where = {id(record): position for position, record in enumerate(whole)}
        positions = tuple(where[id(record)] for record in self._records)
        return _restore, (self._tables, self.table, positions)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self

    def __repr__(self) -> str:
        from eaps_data.display.text import collection_text

        return collection_text(self)

    def _repr_html_(self) -> str:
        from eaps_data.display.html import collection_html

        return collection_html(self, self._tables)

    # Lookup

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the records, in order; empty for a table whose rows have none."""
        return tuple(record.lookup_keys[0] for record in self._records if record.lookup_keys)

    @overload
    def __getitem__(self, key: str | int) -> R: ...
    @overload
    def __getitem__(self, key: slice) -> Self: ...
    def __getitem__(self, key: str | int | slice) -> R | Self:
        """The record with a key, or at a position; for a slice, a collection.

        A key is the record's id, name, acronym, alias or code, in any case, with any apostrophe, dash and
        spacing. An id, spelled exactly, always finds its record; one that was renamed does with a
        `RenamedIdWarning`.

        Raises:
            KeyNotFoundError: when no record has the key; it names the closest.
            RemovedIdError: when the key is an id that was removed; it says since when, and why.
            AmbiguousKeyError: when more than one record has it; it names them.
            IndexError: when there is no such position.
        """
        try:
            return self._exact[key]  # nothing before it: most lookups are by an id, and end here
        except (AttributeError, KeyError, TypeError):  # there is no index yet; it has no such key; a slice is no key
            return self._other(key)

    def _other(self, key: str | int | slice) -> R | Self:
        if isinstance(key, str):
            found = self._find(key)
            if len(found) == 1:
                return found[0]
            raise self._ambiguous(key, found) if found else self._missing(key)
        if isinstance(key, slice):
            return type(self)(self._records[key], self._tables)
        return self._records[key]

    @overload
    def get(self, key: str) -> R | None: ...
    @overload
    def get(self, key: str, default: D) -> R | D: ...
    def get(self, key: str, default: D | None = None) -> R | D | None:
        """The record with a key, or `default` where there is none, or no longer.

        Raises:
            AmbiguousKeyError: when more than one record has the key; it names them.
        """
        try:
            found = self._find(key)
        except RemovedIdError:
            return default
        if len(found) > 1:
            raise self._ambiguous(key, found)
        return found[0] if found else default

    def _find(self, key: str) -> tuple[R, ...]:
        record = self._by_id(key)
        if record is not None:
            return (record,)
        past: PastIds = self._tables.past_ids
        # An id of the past comes before other keys: what once was an id of one record never finds another.
        became = past.exact(self.table, key)
        if became is None:
            found = self._with_key(key)
            became = None if found else past.alike(self.table, key)
            if became is None:
                self._remember(key, found)
                return found
        if isinstance(became, Tombstone):
            raise removed(became)
        record = self._by_id(id_of(became.new))
        if record is None:  # it is not in this part of the table
            return ()
        warn_renamed(became)
        return (record,)

    def _remember(self, key: str, found: tuple[R, ...]) -> None:
        """Find a spelling faster the next time, as most come again; only so many, as there is no end to spellings."""
        if len(found) == 1 and len(self._exact) < 2 * len(self._by_key) + _MOST_SPELLINGS:
            self._exact[key] = found[0]

    def _by_id(self, id_: str) -> R | None:
        try:
            return self._ids.get(id_)
        except AttributeError:
            return self._index_ids().get(id_)

    def _index_ids(self) -> dict[str, R]:
        ids = {record.lookup_keys[0]: record for record in self._records if record.lookup_keys}
        object.__setattr__(self, "_ids", ids)
        object.__setattr__(self, "_exact", ids)
        return ids

    def _with_key(self, key: str) -> tuple[R, ...]:
        try:
            return self._by_key.get(fold(key), ())
        except AttributeError:
            index: defaultdict[str, dict[str, R]] = defaultdict(dict)
            exact: dict[str, R] = {}
            for record in self._records:
                for spelling in record.lookup_keys:
                    index[fold(spelling)][record.lookup_keys[0]] = record
                    exact[spelling] = record
            by_key = {folded: tuple(records.values()) for folded, records in index.items()}
            past: PastIds = self._tables.past_ids
            sure = {
                spelling: record
                for spelling, record in exact.items()
                if len(by_key[fold(spelling)]) == 1 and past.exact(self.table, spelling) is None
            }
            ids = self._index_ids()
            object.__setattr__(self, "_exact", {**sure, **ids})
            object.__setattr__(self, "_by_key", by_key)
            return by_key.get(fold(key), ())

    def _missing(self, key: str) -> KeyNotFoundError:
        best: dict[str, str] = {}  # one key a record, so that a suggestion is a choice
        for spelling in closest(key, (text for record in self for text in record.lookup_keys), limit=9):
            best.setdefault(self._with_key(spelling)[0].lookup_keys[0], spelling)
        return KeyNotFoundError(self.table, key, tuple(best.values())[:3])

    def _ambiguous(self, key: str, found: tuple[R, ...]) -> AmbiguousKeyError:
        return AmbiguousKeyError(self.table, key, tuple(record.lookup_keys[0] for record in found))

    # Plain data

    def to_records(self) -> list[dict[str, Any]]:
        """The records as plain dicts, lists and texts, ready for JSON or a data frame."""
        return [record.model_dump(mode="json") for record in self._records]

    if TYPE_CHECKING:

        @overload
        def to_frame(
            self, backend: Literal["pandas"], *, explode: str | Sequence[str] | None = None
        ) -> pd.DataFrame: ...
        @overload
        def to_frame(
            self, backend: Literal["polars"], *, explode: str | Sequence[str] | None = None
        ) -> pl.DataFrame: ...
        @overload
        def to_frame(self, backend: str | None = None, *, explode: str | Sequence[str] | None = None) -> Any: ...

    def to_frame(self, backend: str | None = None, *, explode: str | Sequence[str] | None = None) -> Any:
        """The records as a data frame: tidy columns, codes as text, terms as categories, lists as lists.

        Args:
            backend: `pandas`, `polars` or `pyarrow`; whichever of them is installed, in this order, where not given.
            explode: a list column, or several, of which each item is to have a row of its own. A record whose list
                is empty keeps a row, with nothing in it.

        Raises:
            UnknownTermError: when there is no such backend, or no such list column; it lists those that there are.
            MissingExtraError: when the library is not installed; it names the extra.
        """
        from eaps_data import frames
        from eaps_data.formats import columns as tidy

        return frames.frame(tidy.table(self.table), self._records, backend, explode)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The records for any library that reads Arrow (the Arrow PyCapsule interface); needs pyarrow.

        Raises:
            MissingExtraError: when pyarrow is not installed.
        """
        return self.to_frame("pyarrow").__arrow_c_stream__(requested_schema)

    # For the tables' own `where`

    def _narrow(self, unknown: Mapping[str, object], **conditions: _Allowed) -> Self:
        """The records of which each field holds one of its allowed values; None allows any."""
        for keyword in unknown:
            known = tuple(self.where.__kwdefaults__)  # type: ignore[attr-defined]  # each table has a `where` of its own, with its own filters
            raise UnknownFilterError(self.table, keyword, known, closest(keyword, known))
        asked = {name: allowed for name, allowed in conditions.items() if allowed is not None}
        if not asked:
            return self
        # Only the records that meet the rarest condition are looked at.
        rarest = min(asked, key=lambda name: self._index(name).count(asked[name]))
        found = (self._records[place] for place in self._index(rarest).places(asked.pop(rarest)))
        others = [(attrgetter(name), allowed) for name, allowed in asked.items()]
        return type(self)((row for row in found if all(meets(own, get(row)) for get, own in others)), self._tables)

    def _index(self, field: str) -> FieldIndex:
        if field not in self._by_field:
            self._by_field[field] = FieldIndex(getattr(record, field) for record in self._records)
        return self._by_field[field]


class Keyed(Collection[R], Generic[R, K]):
    """A collection of records whose ids a type checker knows, so that an editor completes them."""

    __slots__ = ()

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.ids)

    if TYPE_CHECKING:
        # Any text is a key. Written `str`, which takes in every id, it would leave an editor nothing to complete.
        @overload  # type: ignore[override]  # mypy does not see that a key may be any text still
        def __getitem__(self, key: K | Text | int) -> R: ...  # pyright: ignore[reportInvalidTypeVarUse]
        @overload
        def __getitem__(self, key: slice) -> Self: ...
        def __getitem__(self, key: str | int | slice) -> R | Self: ...
        @overload  # type: ignore[override]  # mypy does not see that a key may be any text still
        def get(self, key: K | Text) -> R | None: ...  # pyright: ignore[reportInvalidTypeVarUse]
        @overload
        def get(self, key: K | Text, default: D) -> R | D: ...  # pyright: ignore[reportInvalidTypeVarUse]
        def get(self, key: str, default: D | None = None) -> R | D | None:
            """The record with a key, or `default` where there is none, or no longer."""


def _restore(tables: object, table: str, positions: tuple[int, ...]) -> Any:
    whole: Collection[Any] = getattr(tables, table)
    if positions == tuple(range(len(whole))):
        return whole
    return type(whole)((whole[position] for position in positions), tables)


def ids_of(collection: Collection[Any], given: Several[str | Record | None] | AnyValue) -> _Allowed:
    """The ids of the records that a filter refers to, by any of their keys or by themselves.

    Raises:
        KeyNotFoundError: when a key finds no record.
        AmbiguousKeyError: when a key finds more than one.
    """
    if given is ANY:
        return None
    return frozenset(
        None if one is None else collection[one.lookup_keys[0] if isinstance(one, Record) else one].lookup_keys[0]
        for one in each(given)
    )


def terms_of(vocabulary: type[Term], name: str, given: Several[str | None] | AnyValue) -> _Allowed:
    """The terms that a filter asks for, each given as the member or its text in any spelling.

    Raises:
        UnknownTermError: when the vocabulary has no such term; it lists those that there are.
    """
    return None if given is ANY else _spelled(vocabulary).meant(name, given)


@cache
def _spelled(vocabulary: type[Term]) -> FieldIndex:
    return FieldIndex(term.value for term in vocabulary)


def texts_of(collection: Collection[Any], field: str, name: str, given: Several[str | None] | AnyValue) -> _Allowed:
    """The texts that a filter asks for, each of them in a field of some record, in any spelling.

    Raises:
        UnknownTermError: when no record has the text; it lists those that there are.
    """
    return None if given is ANY else collection._index(field).meant(name, given)
