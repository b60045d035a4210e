"""Find the municipalities without a field that most others have."""

from collections.abc import Iterator
from typing import Any

from eaps_data.errors import Problem
from eaps_data.models.records import DatasetDocument
from eaps_data.models.table_specs import TABLE_SPECS
from eaps_data.rules.problem import violation


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
            message = f"{town['name']} lacks what most other municipalities have: {', '.join(missing)}"
            path = ("municipalities", index)
            yield violation("incomplete-municipality", message, path, f"municipalities/{town['id']}")


def _is_known(value: Any) -> bool:
    return any(map(_is_known, value.values())) if isinstance(value, dict) else value not in (None, [])
