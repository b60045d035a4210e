"""Each term of a vocabulary is used by the packaged data or was used by a release."""

import pytest

import eaps_data as eaps
from eaps_data._internal import resources
from eaps_data.models.records import RECORDS
from eaps_data.models.vocabulary import VOCABULARIES, Term


def used_terms(dataset: eaps.Dataset) -> set[tuple[type[Term], str]]:
    # Terms of two vocabularies with the same text are equal, so the vocabulary distinguishes them.
    records = [record for table in RECORDS for record in getattr(dataset, table)]
    values = (value for record in (dataset.grant_program, *records) for _, value in record)
    items = (item for value in values for item in (value if isinstance(value, tuple) else (value,)))
    return {(type(item), item.value) for item in items if isinstance(item, Term)}


@pytest.mark.parametrize("terms", VOCABULARIES, ids=lambda terms: terms.__name__)
def test_every_term_or_a_narrower_one_is_used_or_was_in_a_release(terms: type[Term]) -> None:
    releases = map(eaps.Dataset.from_release, resources.releases()["data"])
    used = set().union(*map(used_terms, (eaps.load(), *releases)))
    assert [term for term in terms if used.isdisjoint((terms, each.value) for each in (term, *term.narrower))] == []
