"""Find ids that are duplicated in a stream of records."""

from collections.abc import Callable, Iterator, Sequence

from eaps_data.errors import Path, Problem
from eaps_data.rules.problem import shown, violation


class DuplicateIds:
    """Remembers a number for each id, which takes less memory than the id."""

    def __init__(self) -> None:
        """Start with no ids."""
        self._seen: set[int] = set()

    def add(self, ids: Sequence[str | None]) -> bool:
        """Remember ids if all of them are new; return whether they were."""
        known = [id_ for id_ in ids if id_ is not None] if None in ids else ids
        numbers = {*map(hash, known)}
        if len(numbers) < len(known) or not self._seen.isdisjoint(numbers):
            return False
        self._seen |= numbers
        return True

    def find(self, table: str, ids: Sequence[str | None], locate: Callable[[Problem], Problem]) -> Iterator[Problem]:
        """Remember ids, and yield a problem for each that is not new.

        Args:
            table: the table of the records.
            ids: the id of each record, None if it has none.
            locate: adds the location to a problem whose path begins with the index of a record.
        """
        for index, id_ in enumerate(ids):
            if id_ is None or self.add([id_]):
                continue
            message = f"the id {shown(id_)} is used already; change or remove it"
            path: Path = (index, "id")
            yield locate(violation("duplicate-id", message, path, f"{table}/{id_}", "id"))
