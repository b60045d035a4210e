"""Find a record by its key in several tables."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from eaps_data._internal.text_keys import closest
from eaps_data.errors import AmbiguousKeyError, KeyNotFoundError
from eaps_data.models.past_ids import Past, PastIds, Redirect, Tombstone, id_of, removed, warn_renamed
from eaps_data.models.records import Record
from eaps_data.tables.collection import Collection

_Found = list[tuple[str, Record]]


def find(tables: Sequence[Collection[Any]], key: str, past_ids: PastIds) -> tuple[str, Record]:
    """The one record that has a key, and the name of its table.

    Args:
        tables: the tables to look into.
        key: any key that a lookup takes, or `table/key` to look into one table only.
        past_ids: the ids that live no more. One that was renamed finds its record, with a `RenamedIdWarning`.

    Raises:
        KeyNotFoundError: when no record has the key; it names the closest.
        RemovedIdError: when the key is an id that was removed; it says since when, and why.
        AmbiguousKeyError: when more than one has it; it lists them as `table/id`.
    """
    prefix, _, rest = key.partition("/")
    if any(prefix == table.table for table in tables):
        tables, key = [table for table in tables if table.table == prefix], rest
    found = [(table.table, record) for table in tables if (record := table._by_id(key)) is not None]
    if not found:
        found = _became(tables, (past_ids.exact(table.table, key) for table in tables))
    if not found:
        found = [(table.table, record) for table in tables for record in table._with_key(key)]
    if not found:
        found = _became(tables, (past_ids.alike(table.table, key) for table in tables))
    if len(found) == 1:
        return found[0]
    if found:
        candidates = [f"{table}/{record.lookup_keys[0]}" for table, record in found]
        raise AmbiguousKeyError("the dataset", key, candidates)
    raise KeyNotFoundError("the dataset", key, closest(key, _keys(tables)))


def _keys(tables: Iterable[Collection[Any]]) -> Iterator[str]:
    return (spelling for table in tables for record in table for spelling in record.lookup_keys)


def _became(tables: Iterable[Collection[Any]], entries: Iterable[Past | None]) -> _Found:
    """The records that ids of the past have become; a warning, where it is just one."""
    held = [entry for entry in entries if entry is not None]
    redirects = {entry.new: entry for entry in held if isinstance(entry, Redirect)}
    for entry in held:
        if isinstance(entry, Tombstone) and not redirects:
            raise removed(entry)
    found = {
        new: (table.table, record)
        for new in redirects
        for table in tables
        if new.startswith(f"{table.table}/") and (record := table._by_id(id_of(new))) is not None
    }
    if len(found) == 1:
        warn_renamed(redirects[next(iter(found))])
    return list(found.values())
