"""Find a record by its key among the records of several tables."""

from collections.abc import Sequence

from eaps_data.errors import AmbiguousKeyError, KeyNotFoundError
from eaps_data.keys import closest, fold
from eaps_data.models import Record


def find(records: Sequence[tuple[str, Record]], key: str) -> tuple[str, Record]:
    """The one record that has a key, and the name of its table.

    Args:
        records: records with the names of their tables.
        key: any key that a lookup takes, or `table/key` to look into one table only.

    Raises:
        KeyNotFoundError: when no record has the key; it names the closest.
        AmbiguousKeyError: when more than one has it; it lists them as `table/id`.
    """
    prefix, _, rest = key.partition("/")
    if prefix in {table for table, _ in records}:
        records, key = [entry for entry in records if entry[0] == prefix], rest
    found = [entry for entry in records if key == entry[1].lookup_keys[0]]
    if not found:
        wanted = fold(key)
        found = [entry for entry in records if wanted in map(fold, entry[1].lookup_keys)]
    if len(found) == 1:
        return found[0]
    if found:
        candidates = [f"{table}/{record.lookup_keys[0]}" for table, record in found]
        raise AmbiguousKeyError("the dataset", key, candidates)
    known = (spelling for _, record in records for spelling in record.lookup_keys)
    raise KeyNotFoundError("the dataset", key, closest(key, known))
