"""Find the terms of the vocabularies that no record uses, by themselves or by a narrower term."""

from collections.abc import Iterator

from eaps_data.errors import Problem
from eaps_data.models.records import RECORDS, DatasetDocument, term_fields
from eaps_data.rules.problem import shown, violation


def unused_terms(document: DatasetDocument) -> Iterator[Problem]:
    """Yield a warning for each field whose vocabulary has terms that no record uses."""
    for table in RECORDS:
        for field, vocabulary in term_fields(table).items():
            values = [getattr(record, field) for record in getattr(document, table)]
            used = {term for value in values for term in (value if isinstance(value, tuple) else (value,))}
            unused = [shown(term.value) for term in vocabulary if used.isdisjoint((term, *term.narrower))]
            if unused:
                message = f"no record uses {', '.join(unused)} of {vocabulary.__name__}; remove the terms or use them"
                yield violation("unused-term", message, (table,), field=field)
