"""Which terms of the vocabularies no record uses."""

from collections.abc import Iterator

from eaps_data.errors import Problem, pointer
from eaps_data.models.records import RECORDS, DatasetDocument, term_fields
from eaps_data.rules.problem import shown


def unused_terms(document: DatasetDocument) -> Iterator[Problem]:
    """A warning for each vocabulary that has terms which no record uses: a term is there because a row uses it."""
    for table in RECORDS:
        for field, vocabulary in term_fields(table).items():
            values = [getattr(record, field) for record in getattr(document, table)]
            used = {term for value in values for term in (value if isinstance(value, tuple) else (value,))}
            unused = [shown(term.value) for term in vocabulary if term not in used]
            if unused:
                message = f"no record has {', '.join(unused)} of {vocabulary.__name__}; a term is there to be used"
                path = (table,)
                yield Problem(
                    rule="unused-term",
                    message=message,
                    severity="warning",
                    field=field,
                    pointer=pointer(path),
                    path=path,
                )
