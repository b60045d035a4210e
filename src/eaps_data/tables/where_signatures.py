"""The filters of each table, read from the signature and the docstring of its `where`, where one adds a filter."""

import inspect
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar, get_args

from eaps_data.models.records import Record
from eaps_data.models.vocabulary import Term
from eaps_data.tables.base import Collection

T = TypeVar("T")


class FilterSpec(NamedTuple):
    """A keyword of `where`."""

    name: str
    description: str
    """Its line in the docstring, without the final period."""
    types: frozenset[object]
    """The types in its annotation."""

    @property
    def vocabulary(self) -> type[Term] | None:
        """The vocabulary of its values, if they are terms."""
        return next(self._types_of(Term), None)

    @property
    def record(self) -> type[Record] | None:
        """The model of the records that are its values, if they are records."""
        return next(self._types_of(Record), None)

    def _types_of(self, base: type[T]) -> Iterator[type[T]]:
        return (each for each in self.types if isinstance(each, type) and issubclass(each, base))


def filter_specs(collection: Collection[Any]) -> tuple[FilterSpec, ...]:
    """Return the filters of a collection in the order of its `where`, `exact` included.

    >>> from eaps_data.tables.dataset import load
    >>> [spec.name for spec in filter_specs(load().municipalities)]
    ['style', 'county', 'state', 'government_form', 'exact']
    """
    where: Any = getattr(collection, "where")  # noqa: B009 - a collection of any table has one
    described = dict(re.findall(r"^ +(\w+): (.+)$", inspect.getdoc(where) or "", re.MULTILINE))
    return tuple(
        FilterSpec(name, described.get(name, "").removesuffix("."), frozenset(_types(keyword.annotation)))
        for name, keyword in inspect.signature(where).parameters.items()
        if keyword.kind is keyword.KEYWORD_ONLY
    )


def _types(annotation: object) -> Iterator[object]:
    """Yield the types in an annotation."""
    yield annotation
    for each in get_args(annotation):
        yield from _types(each)
