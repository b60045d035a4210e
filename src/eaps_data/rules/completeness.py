"""Find what looks incomplete to a curator: municipalities without a field that most others have, and unused terms."""

from collections.abc import Iterator
from typing import Any

from eaps_data.errors import Problem
from eaps_data.models.not_stated import PAGE
from eaps_data.models.records import DatasetDocument
from eaps_data.models.table_specs import TABLE_SPECS
from eaps_data.rules.problem import violation
from eaps_data.rules.terms import retired_terms, unused_terms


def curators_warnings(document: DatasetDocument) -> Iterator[Problem]:
    """Yield what is valid, and what a curator should know of."""
    if document.grant_program.source == PAGE:  # the vocabularies are those of its page
        yield from retired_terms(document)
        yield from unused_terms(document)
    yield from incomplete_municipalities(document)


def incomplete_municipalities(document: DatasetDocument) -> Iterator[Problem]:
    """Yield a warning for each municipality that lacks fields that more than half of the others have."""
    towns = [town.model_dump(mode="json") for town in document.municipalities]
    for index, town in enumerate(towns):
        others = [*towns[:index], *towns[index + 1 :]]
        missing = [
            field
            for field in TABLE_SPECS["municipalities"].claims
            if not _is_known(town[field]) and 2 * sum(_is_known(other[field]) for other in others) > len(others)
        ]
        if missing:
            message = (
                f"{town['name']} lacks what most other municipalities have: {', '.join(missing)}; add it from its "
                "source, with a line in a draft for each"
            )
            path = ("municipalities", index)
            yield violation("incomplete-municipality", message, path, f"municipalities/{town['id']}")


def _is_known(value: Any) -> bool:
    return any(map(_is_known, value.values())) if isinstance(value, dict) else value not in (None, [])
