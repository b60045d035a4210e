"""Find the terms of the vocabularies that no record uses, and the retired ones that a record uses."""

from collections.abc import Iterable, Iterator
from typing import Any

from eaps_data.errors import Problem
from eaps_data.models.records import RECORDS, DatasetDocument, term_fields
from eaps_data.models.rows import subject_of
from eaps_data.rules.problem import shown, violation


def unused_terms(document: DatasetDocument) -> Iterator[Problem]:
    """Yield a warning for each field whose vocabulary has terms that no record uses."""
    for table in RECORDS:
        for field, vocabulary in term_fields(table).items():
            used = _used_terms(getattr(record, field) for record in getattr(document, table))
            unused = [
                shown(term.value) for term in vocabulary if not term.retired and used.isdisjoint((term, *term.narrower))
            ]
            if unused:
                message = f"no record uses {', '.join(unused)} of {vocabulary.__name__}; retire the terms or use them"
                yield violation("unused-term", message, (table,), field=field)


def retired_terms(document: DatasetDocument) -> Iterator[Problem]:
    """Yield a warning for each use of a retired term."""
    for table in RECORDS:
        for field in term_fields(table):
            for index, record in enumerate(getattr(document, table)):
                value = getattr(record, field)
                for term in value if isinstance(value, tuple) else (value,):
                    if term is not None and term.retired:
                        message = f"{shown(term.value)} is retired since schema {term.retired}; use another term"
                        subject = subject_of(table, vars(record))
                        yield violation("retired-term", message, (table, index, field), subject, field)


def _used_terms(values: Iterable[Any]) -> set[Any]:
    """Return the terms in the values of a field, which are terms or lists of them."""
    used: set[Any] = set()
    for value in values:
        used.update(value if isinstance(value, tuple) else (value,))
    return used
