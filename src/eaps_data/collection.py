"""An immutable, ordered, keyed set of records: the parts that all tables share."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Literal, Never, Self, TypeAlias, TypeVar, overload

from eaps_data.errors import (
    AmbiguousKeyError,
    KeyNotFoundError,
    RemovedIdError,
    UnknownFilterError,
    UnknownTermError,
)
from eaps_data.keys import closest, fold
from eaps_data.models import Record
from eaps_data.past_ids import PastIds, Tombstone, id_of, removed, warn_renamed
from eaps_data.text_table import text_table
from eaps_data.vocabulary import Term

R = TypeVar("R", bound=Record)
D = TypeVar("D")
V = TypeVar("V")
K = TypeVar("K", bound=str)
Text = TypeVar("Text", bound=str)

_SHOWN = 20


class _Filter(Enum):
    """The value of a filter that is not given; None is a value of its own: the source does not say."""

    ANY = "any"

    def __repr__(self) -> str:
        return self.name


ANY: Final = _Filter.ANY
AnyValue: TypeAlias = Literal[_Filter.ANY]
Several: TypeAlias = V | Iterable[V]

_Allowed: TypeAlias = frozenset[Hashable] | None


class Collection(Generic[R]):
    """An immutable, ordered set of records of one table.

    Iterate over it, take its `len()`, index it by key, position or slice, and narrow it with `where`.
    Collections are equal when their records are, hashable, and may be pickled.
    """

    __slots__ = ("_by_id", "_by_key", "_records", "_tables")

    table: ClassVar[str]
    """The table's name, as in Python, on disk, in the schema and in every export."""
    columns: ClassVar[tuple[str, ...]]
    """The fields that tell the most, for showing the collection as text."""

    _records: tuple[R, ...]
    _tables: Any
    _by_id: Mapping[str, R]
    _by_key: Mapping[str, tuple[R, ...]] | None

    def __init__(self, records: Iterable[R], tables: object) -> None:
        """Hold `records`, in their order.

        Args:
            records: the records, of one table and with distinct ids.
            tables: the dataset that they belong to, for following references.
        """
        held = tuple(records)
        put = object.__setattr__
        put(self, "_records", held)
        put(self, "_tables", tables)
        put(self, "_by_id", {record.lookup_keys[0]: record for record in held if record.lookup_keys})
        put(self, "_by_key", None)

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
        title = f"{self.table}: {len(self)} record{'' if len(self) == 1 else 's'}"
        rows = [[getattr(record, name) for name in self.columns] for record in self._records[:_SHOWN]]
        rest = [f"and {len(self) - _SHOWN} more"] if len(self) > _SHOWN else []
        return "\n".join([title, *([text_table(self.columns, rows)] if rows else []), *rest])

    # Lookup

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the records, in order; empty for a table whose rows have none."""
        return tuple(self._by_id)

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
        record = self._by_id.get(key)
        if record is not None:
            return (record,)
        past: PastIds = self._tables.past_ids
        # An id of the past comes before other keys: what once was an id of one record never finds another.
        became = past.exact(self.table, key)
        if became is None:
            found = self._with_key(key)
            became = None if found else past.alike(self.table, key)
            if became is None:
                return found
        if isinstance(became, Tombstone):
            raise removed(became)
        record = self._by_id.get(id_of(became.new))
        if record is None:  # it is not in this part of the table
            return ()
        warn_renamed(became)
        return (record,)

    def _with_key(self, key: str) -> tuple[R, ...]:
        if self._by_key is None:
            index: defaultdict[str, dict[str, R]] = defaultdict(dict)
            for record in self._records:
                for spelling in record.lookup_keys:
                    index[fold(spelling)][record.lookup_keys[0]] = record
            by_key = {spelling: tuple(records.values()) for spelling, records in index.items()}
            object.__setattr__(self, "_by_key", by_key)  # the same whichever thread comes last
            return by_key.get(fold(key), ())
        return self._by_key.get(fold(key), ())

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

    # For the tables' own `where`

    def _narrow(self, unknown: Mapping[str, object], *conditions: tuple[_Allowed, Callable[[R], object]]) -> Self:
        """The records that meet all conditions, each of them allowed values and how to get a record's own."""
        for keyword in unknown:
            known = tuple(self.where.__kwdefaults__)  # type: ignore[attr-defined]  # each table has a `where` of its own, with its own filters
            raise UnknownFilterError(self.table, keyword, known, closest(keyword, known))
        asked = [(allowed, value_of) for allowed, value_of in conditions if allowed is not None]
        kept = (record for record in self._records if all(_meets(a, value_of(record)) for a, value_of in asked))
        return type(self)(kept, self._tables)


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


def _meets(allowed: frozenset[Hashable], value: object) -> bool:
    if isinstance(value, tuple):
        return not allowed.isdisjoint(value or (None,))
    return value in allowed


def each(given: object) -> Iterable[Any]:
    """The values of a filter that takes one or several; a record and a text, which can be iterated, are one."""
    return given if isinstance(given, Iterable) and not isinstance(given, str | Record) else (given,)


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
    return texts_of([term.value for term in vocabulary], name, given)


def texts_of(known: Iterable[str], name: str, given: Several[str | None] | AnyValue) -> _Allowed:
    """The texts that a filter asks for, each of them one of `known`, in any spelling.

    Raises:
        UnknownTermError: when a text is none of them; it lists those that there are.
    """
    if given is ANY:
        return None
    spelled = {fold(text): text for text in known}
    asked: set[str | None] = set()
    for one in each(given):
        text = spelled.get(fold(one)) if isinstance(one, str) else None
        if text is None and one is not None:
            options = tuple(spelled.values())
            raise UnknownTermError(name, one, options, closest(str(one), options))
        asked.add(text)
    return frozenset(asked)
