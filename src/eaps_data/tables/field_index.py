"""Which records hold which value in a field, so that a filter costs what its answer costs."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from eaps_data._internal.text_keys import closest, fold
from eaps_data.errors import UnknownTermError
from eaps_data.models.records import Record

Allowed: TypeAlias = frozenset[Hashable]
"""The values that meet a condition."""


class FieldIndex:
    """The places of the records that hold each value of a field; of a list, each item, and None where it is empty."""

    __slots__ = ("_places", "_spelled")

    def __init__(self, values: Iterable[Any]) -> None:
        """Index the values of one field, in the records' order."""
        places: defaultdict[Hashable, list[int]] = defaultdict(list)
        for place, value in enumerate(values):
            for item in (value or (None,)) if isinstance(value, tuple) else (value,):
                places[item].append(place)
        self._places: Mapping[Hashable, Sequence[int]] = dict(places)
        self._spelled: Mapping[str, str] | None = None

    def count(self, allowed: Allowed) -> int:
        """About how many records hold any of some values: one that holds two of them counts twice."""
        return sum(len(self._places.get(value, ())) for value in allowed)

    def places(self, allowed: Allowed) -> Sequence[int]:
        """The places of the records that hold any of some values, each once and in order."""
        if len(allowed) == 1:
            return self._places.get(next(iter(allowed)), ())
        return sorted({place for value in allowed for place in self._places.get(value, ())})

    def meant(self, name: str, given: object) -> Allowed:
        """The values that a filter asks for, given one or several, in any spelling; None is a value like others.

        Args:
            name: the filter's name, for the error.
            given: what was given for it.

        Raises:
            UnknownTermError: when no record has the value; it lists those that there are.
        """
        return frozenset(self._meant(name, one) for one in each(given))

    def _meant(self, name: str, one: object) -> Hashable:
        if one is None or (isinstance(one, str) and one in self._places):
            return one
        if self._spelled is None:
            self._spelled = {fold(value): value for value in self._places if isinstance(value, str)}
        value = self._spelled.get(fold(one)) if isinstance(one, str) else None
        if value is None:
            options = tuple(self._spelled.values())
            raise UnknownTermError(name, one, options, closest(str(one), options))
        return value


def each(given: object) -> Iterable[Any]:
    """The values of a filter that takes one or several; a record and a text, which can be iterated, are one."""
    return given if isinstance(given, Iterable) and not isinstance(given, str | Record) else (given,)


def meets(allowed: Allowed, value: object) -> bool:
    """Whether a field's value is allowed; of a list, any item."""
    if isinstance(value, tuple):
        return not allowed.isdisjoint(value or (None,))
    return value in allowed
