"""Which terms of the vocabularies no record uses."""

from collections.abc import Iterator
from typing import get_args

from eaps_data.errors import Problem, pointer
from eaps_data.models.records import RECORDS, DatasetDocument
from eaps_data.models.vocabulary import Term
from eaps_data.rules.problem import shown


def unused_terms(document: DatasetDocument) -> Iterator[Problem]:
    """A warning for each vocabulary that has terms which no record uses: a term is there because a row uses it."""
    for table, kind in RECORDS.items():
        for field, spec in kind.model_fields.items():
            vocabulary = _vocabulary_in(spec.annotation)
            if vocabulary is None:
                continue
            held = [getattr(record, field) for record in getattr(document, table)]
            used = {term for value in held for term in (value if isinstance(value, tuple) else (value,))}
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


def _vocabulary_in(annotation: object) -> type[Term] | None:
    """The vocabulary in a field's annotation, be it plain, in a list, or one that may be missing."""
    options = (annotation, *get_args(annotation))
    return next((each for each in options if isinstance(each, type) and issubclass(each, Term)), None)
