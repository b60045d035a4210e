"""Lookups: find a record by any of its keys, in one table or in all tables of a dataset."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from numbers import Number
from operator import attrgetter
from typing import Any, Final, Generic, TypeAlias, TypeVar

from eaps_data._internal.text_keys import closest, fold
from eaps_data.errors import AmbiguousKeyError, KeyNotFoundError, brief
from eaps_data.models.past_ids import Past, PastIds, Redirect, Tombstone, id_of, removed_error, warn_renamed
from eaps_data.models.records import Identified, Record
from eaps_data.models.table_specs import LIVING

R = TypeVar("R", bound=Record)

ID: Final[Callable[[Any], str]] = attrgetter("id")
"""Return the id of a record of any table but evidence."""

_MAX_EXTRA_SPELLINGS: Final = 1_000

# The Census Bureau's prefix: the summary level (county subdivision or place), the variant, the component, `US`.
_GEO_ID: Final = re.compile(r"060[0-9]{4}US([0-9]{10})|160[0-9]{4}US([0-9]{7})", re.IGNORECASE)

_Found: TypeAlias = list[tuple[str, Identified]]


class KeyIndex(Generic[R]):
    """The records of one table by their ids and, once needed, by all other keys."""

    __slots__ = ("_folded", "_past_ids", "_records", "exact", "table")

    _folded: Mapping[str, tuple[R, ...]]

    def __init__(self, table: str, records: Sequence[R], past_ids: PastIds) -> None:
        """Index the ids of the records."""
        self.table: str = table
        self._records, self._past_ids = records, past_ids
        self.exact: dict[Any, R] = dict(zip(map(ID, records), records, strict=True)) if table in LIVING else {}
        """The record of each id and, once other keys are indexed, of each spelling that finds exactly one record."""

    def find(self, key: str) -> tuple[R, ...]:
        """Return the records with a key in any spelling, or with the id that it was renamed to.

        Raises:
            RemovedIdError: if the key is an id that was removed.
        """
        record = self.by_id(key)
        if record is not None:
            return (record,)
        # Past ids take precedence over other keys: a former id of one record never finds another.
        past = self._past_ids.exact(self.table, key)
        if past is None:
            found = self.by_key(key)
            past = None if found else self._past_ids.folded(self.table, key)
            if past is None:
                self._remember(key, found)
                return found
        if isinstance(past, Tombstone):
            raise removed_error(past)
        record = self.by_id(id_of(past.new))
        if record is None:  # it is not in this part of the table
            return ()
        warn_renamed(past)
        return (record,)

    def by_id(self, id_: str) -> R | None:
        """Return the record with an id, spelled exactly."""
        record: Any = self.exact.get(id_)
        return record if record is not None and record.id == id_ else None

    def by_key(self, key: str) -> tuple[R, ...]:
        """Return the records with a key, in any spelling."""
        try:
            folded = self._folded
        except AttributeError:
            folded = self._index_keys()
        return folded.get(fold(key)) or (self._by_place_key(key) if self.table == "municipalities" else ())

    def _by_place_key(self, key: str) -> tuple[R, ...]:
        """Return the municipalities with a key of the form `Revere, MA`, or with a Census GEO_ID."""
        geo_id = _GEO_ID.fullmatch(key.strip())
        if geo_id is not None:
            return self._folded.get(geo_id[1] or geo_id[2], ())
        name, _, state = key.rpartition(",")
        found = self._folded.get(fold(name), ())
        return tuple(record for record in found if vars(record)["state"] == state.strip().upper())

    def _index_keys(self) -> Mapping[str, tuple[R, ...]]:
        """Index all keys. If several threads do so at once, they get the same result."""
        folded: defaultdict[str, dict[str, R]] = defaultdict(dict)
        exact: dict[str, R] = {}
        for record in self._records:
            keys = record.lookup_keys
            for key in keys:
                folded[fold(key)][keys[0]] = record
                exact[key] = record
        by_key = {key: tuple(records.values()) for key, records in folded.items()}
        for key, record in exact.items():
            if len(by_key[fold(key)]) == 1 and self._past_ids.exact(self.table, key) is None:
                self.exact.setdefault(key, record)
        self._folded = by_key
        return by_key

    def _remember(self, key: str, found: tuple[R, ...]) -> None:
        """Speed up the next lookup by the same spelling, for a limited number of spellings."""
        if len(found) == 1 and len(self.exact) < 2 * len(self._folded) + _MAX_EXTRA_SPELLINGS:
            self.exact[key] = found[0]

    def all_keys(self) -> Iterator[str]:
        """Iterate over all keys of the records."""
        return (key for record in self._records for key in record.lookup_keys)

    def not_found(self, key: str) -> KeyNotFoundError:
        """Return the error for an unknown key, with one suggestion per record."""
        suggestions: dict[str, str] = {}
        for spelling in closest(key, self.all_keys(), limit=9):
            suggestions.setdefault(ID(self.by_key(spelling)[0]), spelling)
        return KeyNotFoundError(self.table, key, tuple(suggestions.values())[:3])

    def ambiguous(self, key: str, found: Iterable[R]) -> AmbiguousKeyError:
        """Return the error for a key that matches several records."""
        return AmbiguousKeyError(self.table, key, tuple(map(ID, found)))

    def not_a_key(self, given: object, expected: str = "a string") -> TypeError:
        """Return the error for a value that cannot be a key; for a number, it shows the code that was meant."""
        is_number = type(given) is not bool and isinstance(given, Number) and not is_missing(given)
        hint = self.code_hint(given) if is_number else ""
        return TypeError(f"a key of {self.table} is {expected}, not {brief(given)}{hint}")

    def code_hint(self, number: Any) -> str:
        """Return a hint to append to the error for a number: codes are strings, and the code that was meant."""
        try:
            digits = str(int(number)) if number == int(number) else str(number)
        except (OverflowError, TypeError):  # infinity; a complex number
            digits = str(number)
        except ValueError:  # more digits than Python writes
            return ""
        code = next((key for key in self.all_keys() if key.isdigit() and key.lstrip("0") == digits), digits)
        return f"; codes are strings, as in {code!r}"


def is_missing(key: object) -> bool:
    """Return whether a key that is not a string is a missing value: None, NaN, or the NA or NaT of pandas."""
    is_nan = isinstance(key, Number) and key != key  # noqa: PLR0124 - only NaN differs from itself
    return key is None or is_nan or type(key).__name__ in {"NAType", "NaTType"}


def find_in(indexes: Sequence[KeyIndex[Any]], key: str, past_ids: PastIds) -> tuple[str, Identified]:
    """Find the one record with a key in several tables, and return it after the name of its table.

    Args:
        indexes: the key index of each table.
        key: any key of the record.
        past_ids: the redirects and tombstones; a renamed id finds its record, with a `RenamedIdWarning`.

    Raises:
        KeyNotFoundError: if no record has the key; it names the closest keys.
        RemovedIdError: if the key is an id that was removed; it gives the version and the reason.
        AmbiguousKeyError: if several records have the key; it lists them as `table/id`.
    """
    found: _Found = [(index.table, record) for index in indexes if (record := index.by_id(key)) is not None]
    if not found:
        found = _renamed(indexes, [past_ids.exact(index.table, key) for index in indexes])
    if not found:
        found = [(index.table, record) for index in indexes for record in index.by_key(key)]
    if not found:
        found = _renamed(indexes, [past_ids.folded(index.table, key) for index in indexes])
    if len(found) == 1:
        return found[0]
    if found:
        raise AmbiguousKeyError("dataset", key, [f"{table}/{record.id}" for table, record in found])
    raise KeyNotFoundError("dataset", key, closest(key, (known for index in indexes for known in index.all_keys())))


def _renamed(indexes: Iterable[KeyIndex[Any]], past: Iterable[Past | None]) -> _Found:
    """Return the records that past ids were renamed to, and warn if there is just one."""
    redirects = {entry.new: entry for entry in past if isinstance(entry, Redirect)}
    tombstone = next((entry for entry in past if isinstance(entry, Tombstone)), None)
    if tombstone is not None and not redirects:
        raise removed_error(tombstone)
    found = {
        new: (index.table, record)
        for new in redirects
        for index in indexes
        if new.startswith(f"{index.table}/") and (record := index.by_id(id_of(new))) is not None
    }
    if len(found) == 1:
        warn_renamed(redirects[next(iter(found))])
    return list(found.values())
