"""Ids that stand twice in a stream of records."""

from collections.abc import Callable, Iterator, Sequence

from eaps_data.problems import Problem, shown


class SameIds:
    """Remembers ids by a number each, which takes far less memory than the records."""

    def __init__(self, file: str | None) -> None:
        """Begin with no ids."""
        self._file = file
        self._seen: set[int] = set()

    def all_new(self, keys: Sequence[str | None]) -> bool:
        """Whether no record had any of these ids, and none stands twice among them; if so, remember them."""
        known = [key for key in keys if key is not None] if None in keys else keys
        numbers = {*map(hash, known)}
        if len(numbers) < len(known) or not self._seen.isdisjoint(numbers):
            return False
        self._seen |= numbers
        return True

    def check(self, table: str, key: str, place: Callable[[], tuple[int, int]]) -> Iterator[Problem]:
        """A problem, if a record before had this id.

        Args:
            table: the table that the record is of.
            key: its id.
            place: tells the line and column of the id; asked only where there is a problem.
        """
        number = hash(key)
        if number in self._seen:
            line, column = place()
            yield Problem(
                rule="duplicate-id",
                message=f"the id {shown(key)} stands twice; give the record an id of its own, or remove it",
                record=f"{table}/{key}",
                field="id",
                pointer="/id",
                file=self._file,
                line=line,
                column=column,
            )
        self._seen.add(number)
