"""Conditions: the values of a field that match what a filter was given.

The filters are the keywords of each table's `where` in `collections.py`, where new ones are added. A filter is named
after a field of the records; for a list field, in the singular. Its values are keys of records, terms, or other values:
the model and the table spec decide.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from enum import Enum
from functools import cache
from numbers import Integral
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple, TypeAlias, TypeVar

from eaps_data._internal import arguments
from eaps_data._internal.text_keys import closest, fold
from eaps_data.errors import UnknownTermError, brief
from eaps_data.models.past_terms import renamed
from eaps_data.models.records import RECORDS, Record, term_fields
from eaps_data.models.table_specs import REFERENCES
from eaps_data.models.vocabulary import Term
from eaps_data.tables.lookup import ID

V = TypeVar("V")

_BOOLS: Final = frozenset((True, False))  # a set, as the missing value of pandas cannot be compared


class _Filter(Enum):
    """The default of every filter; not None, which matches fields without a value."""

    ANY = "any"

    def __repr__(self) -> str:
        return self.name


ANY: Final = _Filter.ANY
AnyValue: TypeAlias = Literal[_Filter.ANY]
Filter: TypeAlias = V | Iterable[V] | AnyValue
"""What a filter accepts: a value, or several of them."""

Allowed: TypeAlias = frozenset[Hashable]
"""The values of a field that match a filter."""


class FieldIndex:
    """The positions of the records by the value of one field; by each item of a list, and by None if it is empty."""

    __slots__ = ("_positions", "_spellings")

    def __init__(self, values: Iterable[Any]) -> None:
        """Index the values of one field, in the order of the records."""
        positions: defaultdict[Hashable, list[int]] = defaultdict(list)
        for position, value in enumerate(values):
            for item in (value or (None,)) if isinstance(value, tuple) else (value,):
                positions[item].append(position)
        self._positions: Mapping[Hashable, Sequence[int]] = dict(positions)
        self._spellings: Mapping[str, str] | None = None

    def count(self, allowed: Allowed) -> int:
        """Return the number of matching records; one that holds two of the values counts twice."""
        return sum(len(self._positions.get(value, ())) for value in allowed)

    def positions(self, allowed: Allowed) -> Sequence[int]:
        """Return the positions of the matching records, each once and in order."""
        if len(allowed) == 1:
            return self._positions.get(next(iter(allowed)), ())
        return sorted({position for value in allowed for position in self._positions.get(value, ())})

    def values(self, name: str, given: object) -> Allowed:
        """Return the indexed values that are given, one or several, in any spelling; None is a value like others.

        Args:
            name: the filter's name, for the error.
            given: the given value or values.

        Raises:
            UnknownTermError: if no record has a value; it lists the possible values.
        """
        return frozenset(self._value(name, one) for one in each(given))

    def _value(self, name: str, given: object) -> Hashable:
        if given is None or (isinstance(given, str) and given in self._positions):
            return given
        if type(given) is not bool and isinstance(given, Integral) and given in self._positions:
            return int(given)  # also one of numpy, as in a data frame
        if self._spellings is None:
            self._spellings = {fold(value): value for value in self._positions if isinstance(value, str)}
        value = self._spellings.get(fold(given)) if isinstance(given, str) else None
        if value is None:
            known = tuple(str(value) for value in self._positions if value is not None)
            number = next((value for value in self._positions if type(value) is int), None)
            if number is not None and type(given) is not int:
                raise UnknownTermError(name, given, known, hint=f"it takes an int, as in {number}")
            raise UnknownTermError(name, given, known, closest(_text(given), known))
        return value


def condition(tables: Any, table: str, name: str, given: object, *, exact: bool) -> tuple[str, Allowed]:
    """Return the field that a filter compares, and the values that match: ids of records, terms or other values.

    Args:
        tables: the tables of the dataset.
        table: the name of the filtered table.
        name: the filter.
        given: what it was given, one or several values.
        exact: whether a term matches only itself, rather than its narrower terms too.

    Raises:
        UnknownTermError: if a value is unknown; it lists the possible values. Or if it is None, but the field is always
            stated.
        KeyNotFoundError: if a key finds no record.
        AmbiguousKeyError: if a key finds several records.
    """
    filter_ = _filter(table, name)
    field = filter_.field
    values = [*each(given)]
    if not filter_.is_optional and any(value is None for value in values):
        raise always_stated(table, name)
    if filter_.target is not None:
        collection = getattr(tables, filter_.target)
        return field, frozenset([_id_of(collection, name, one) for one in values])
    if filter_.terms is not None:
        terms = frozenset([_term(filter_.terms, table, name, field, one) for one in values])
        return field, terms if exact else terms.union(*(filter_.narrower[term] for term in terms if term is not None))
    if filter_.is_bool:
        for value in values:
            if not isinstance(value, Hashable) or value not in _BOOLS:
                raise UnknownTermError(name, value, ("True", "False"), hint="it takes a bool")
        return field, frozenset(values)
    index: FieldIndex = getattr(tables, table)._index(field)
    return field, index.values(name, values)


def always_stated(table: str, name: str) -> UnknownTermError:
    """Return the error about None as the value of a filter whose field every record has."""
    hint = f"it is always stated in {table}: to match any value, leave the filter out"
    return UnknownTermError(name, None, (), hint=hint)


class _FilterType(NamedTuple):
    """The field that a filter compares, and the type of its values."""

    field: str
    target: str | None
    """The table whose ids the field holds."""
    terms: Mapping[str, Term] | None
    """The terms of the field's vocabulary, by their folded values and synonyms."""
    narrower: Mapping[Term, Sequence[Term]]
    is_bool: bool
    is_optional: bool
    """Whether a record may lack a value."""


@cache
def _filter(table: str, name: str) -> _FilterType:
    from eaps_data.formats.columns import singular

    fields = RECORDS[table].model_fields
    field = name if name in fields else next(field for field in fields if singular(field) == name)
    vocabulary = term_fields(table).get(field)
    names = [(name, term) for term in vocabulary or () for name in (term.value, *term.synonyms)]
    terms = None if vocabulary is None else {fold(name): term for name, term in names}
    narrower = {term: term.narrower for term in vocabulary or ()}
    is_bool, is_optional = fields[field].annotation is bool, fields[field].default in (None, ())
    return _FilterType(field, REFERENCES.get((table, field)), terms, narrower, is_bool, is_optional)


def _term(terms: Mapping[str, Term], table: str, name: str, field: str, given: object) -> Term | None:
    """Return the term with a value or synonym in any spelling, or the one that it was renamed to.

    Raises:
        UnknownTermError: if the vocabulary has no such term; it lists the terms.
    """
    if given is None:
        return None
    folded = fold(given) if isinstance(given, str) else ""
    if folded in terms:
        return terms[folded]
    past = renamed(table, field, folded.replace(" ", "-"))
    if past is not None and past.field == field:
        return terms[fold(past.term)]
    known = tuple(dict.fromkeys(term.value + " (retired)" * bool(term.retired) for term in terms.values()))
    names = [
        name for term in dict.fromkeys(terms.values()) if not term.retired for name in (term.value, *term.synonyms)
    ]
    similar = (f"{past.field}: {past.term}",) if past else closest(_text(given), names)
    raise UnknownTermError(name, given, known, similar)


def _id_of(collection: Any, name: str, given: object) -> str | None:
    """Return the id of a record that is given by any of its keys or as itself."""
    if given is None:
        return None
    if isinstance(given, Record):  # of another table, it might have the same id
        arguments.expect(name, given, str, RECORDS[collection.table])
        given = ID(given)
    if not isinstance(given, str):  # a number would be a position
        raise collection._keys.not_a_key(given)
    return ID(collection[given])


def _text(given: object) -> str:
    return given if isinstance(given, str) else brief(given)


def each(given: object) -> Iterable[Any]:
    """Return the values of a filter that takes one or several; strings and records are iterable, but are one value."""
    if isinstance(given, str):  # tested first, because most are
        return (given,)
    return (given,) if isinstance(given, Record) else arguments.each(given)


def matcher(conditions: Mapping[str, Allowed]) -> Callable[[Record], bool]:
    """Return a function that tests whether each field of a record has an allowed value; of a list, any item."""
    tests = [(attrgetter(field), allowed) for field, allowed in conditions.items()]

    def matches(record: Record) -> bool:
        for get, allowed in tests:
            value = get(record)
            items = (value or (None,)) if isinstance(value, tuple) else (value,)
            if allowed.isdisjoint(items):
                return False
        return True

    return matches
