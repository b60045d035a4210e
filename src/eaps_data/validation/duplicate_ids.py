"""Ids that stand twice in a stream of records."""

from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from eaps_data.errors import Problem
from eaps_data.rules.problem import shown

_MOST_IN_A_SET: Final = 2**20
_BUCKETS: Final = 2**12


class SameIds:
    """Remembers ids by a number each, which takes far less memory than the records."""

    def __init__(self, file: str | None) -> None:
        """Begin with no ids."""
        self._file = file
        self._seen = Numbers()

    def all_new(self, keys: Sequence[str | None]) -> bool:
        """Whether no record had any of these ids, and none stands twice among them; if so, remember them."""
        known = [key for key in keys if key is not None] if None in keys else keys
        numbers = {*map(hash, known)}
        if len(numbers) < len(known) or not self._seen.isdisjoint(numbers):
            return False
        self._seen.update(numbers)
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
        else:
            self._seen.update((number,))


class Numbers:
    """Whole numbers of 64 bits, in a set while they are few, and in far less memory where they are many."""

    def __init__(self) -> None:
        """Begin with none."""
        self._held: set[int] | _Packed = set()

    def __contains__(self, number: int) -> bool:
        return number in self._held

    def isdisjoint(self, numbers: Iterable[int]) -> bool:
        """Whether none of some numbers is among them."""
        return self._held.isdisjoint(numbers)

    def update(self, numbers: Iterable[int]) -> None:
        """Put in numbers of which none is there yet."""
        self._held.update(numbers)
        if isinstance(self._held, set) and len(self._held) > _MOST_IN_A_SET:
            self._held = _Packed(self._held)


class _Packed:
    """Many whole numbers, in a tenth of the memory that a set of them takes; it is slower, and so for many only."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self._buckets = [array("q") for _ in range(_BUCKETS)]
        for number in sorted(numbers):
            self._buckets[number % _BUCKETS].append(number)

    def __contains__(self, number: int) -> bool:
        bucket = self._buckets[number % _BUCKETS]
        place = bisect_left(bucket, number)
        return place < len(bucket) and bucket[place] == number

    def isdisjoint(self, numbers: Iterable[int]) -> bool:
        return not any(map(self.__contains__, numbers))

    def update(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            insort(self._buckets[number % _BUCKETS], number)
