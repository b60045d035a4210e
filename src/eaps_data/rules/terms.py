"""Find the terms of the vocabularies that no record uses, by themselves or by a narrower term."""

from collections.abc import Iterable, Iterator
from typing import Any

from eaps_data.errors import Problem
from eaps_data.models.records import RECORDS, DatasetDocument, term_fields
from eaps_data.rules.problem import shown, violation


def unused_terms(document: DatasetDocument) -> Iterator[Problem]:
    """Yield a warning for each field whose vocabulary has terms that no record uses."""
    for table in RECORDS:
        for field, vocabulary in term_fields(table).items():
            used = _used_terms(getattr(record, field) for record in getattr(document, table))
            unused = [shown(term.value) for term in vocabulary if used.isdisjoint((term, *term.narrower))]
            if unused:
                message = f"no record uses {', '.join(unused)} of {vocabulary.__name__}; remove the terms or use them"
                yield violation("unused-term", message, (table,), field=field)


def _used_terms(values: Iterable[Any]) -> set[Any]:
    """Return the terms in the values of a field, which are terms or lists of them."""
    used: set[Any] = set()
    for value in values:
        used.update(value if isinstance(value, tuple) else (value,))
    return used
