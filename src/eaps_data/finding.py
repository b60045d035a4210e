"""Find a record by its key among the records of several tables."""

from collections.abc import Iterable, Sequence

from eaps_data.errors import AmbiguousKeyError, KeyNotFoundError
from eaps_data.keys import closest, fold
from eaps_data.models import RECORDS, Record
from eaps_data.past_ids import Past, PastIds, Redirect, Tombstone, removed, warn_renamed


def find(records: Sequence[tuple[str, Record]], key: str, past_ids: PastIds) -> tuple[str, Record]:
    """The one record that has a key, and the name of its table.

    Args:
        records: records with the names of their tables.
        key: any key that a lookup takes, or `table/key` to look into one table only.
        past_ids: the ids that live no more. One that was renamed finds its record, with a `RenamedIdWarning`.

    Raises:
        KeyNotFoundError: when no record has the key; it names the closest.
        RemovedIdError: when the key is an id that was removed; it says since when, and why.
        AmbiguousKeyError: when more than one has it; it lists them as `table/id`.
    """
    tables: Sequence[str] = (*RECORDS, "grant_program")
    prefix, _, rest = key.partition("/")
    if prefix in tables:
        records, tables, key = [entry for entry in records if entry[0] == prefix], (prefix,), rest
    found = [entry for entry in records if key == entry[1].lookup_keys[0]]
    if not found:
        found = _became(records, (past_ids.exact(table, key) for table in tables))
    if not found:
        wanted = fold(key)
        found = [entry for entry in records if wanted in map(fold, entry[1].lookup_keys)]
    if not found:
        found = _became(records, (past_ids.alike(table, key) for table in tables))
    if len(found) == 1:
        return found[0]
    if found:
        candidates = [f"{table}/{record.lookup_keys[0]}" for table, record in found]
        raise AmbiguousKeyError("the dataset", key, candidates)
    known = (spelling for _, record in records for spelling in record.lookup_keys)
    raise KeyNotFoundError("the dataset", key, closest(key, known))


def _became(records: Sequence[tuple[str, Record]], entries: Iterable[Past | None]) -> list[tuple[str, Record]]:
    """The records that ids of the past have become; a warning, where it is just one."""
    held = [entry for entry in entries if entry is not None]
    redirects = {entry.new: entry for entry in held if isinstance(entry, Redirect)}
    for entry in held:
        if isinstance(entry, Tombstone) and not redirects:
            raise removed(entry)
    subjects = {f"{table}/{record.lookup_keys[0]}": (table, record) for table, record in records if redirects}
    found = {subject: subjects[subject] for subject in redirects if subject in subjects}
    if len(found) == 1:
        warn_renamed(redirects[next(iter(found))])
    return list(found.values())
