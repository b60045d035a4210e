"""Controlled terms: each is defined and used."""

import copy
import pickle
import re
from enum import StrEnum

import pytest

import eaps_data as eaps
from eaps_data.models import vocabulary
from eaps_data.models.vocabulary import Term

VOCABULARIES = [
    value
    for value in vars(vocabulary).values()
    if isinstance(value, type) and issubclass(value, Term) and value is not Term
]
TERMS = [term for vocabulary_ in VOCABULARIES for term in vocabulary_]


def used_terms() -> set[tuple[type, str]]:
    # Terms of two vocabularies with the same text are equal, so the vocabulary distinguishes them.
    found: set[tuple[type, str]] = set()
    for table in ("municipalities", "programs", "partners", "partnerships", "evidence"):
        for record in getattr(eaps, table):
            for _, value in record:
                items = value if isinstance(value, tuple) else (value,)
                found |= {(type(item), str(item)) for item in items if isinstance(item, Term)}
    return found


@pytest.mark.parametrize("terms", VOCABULARIES, ids=lambda terms: terms.__name__)
def test_every_term_is_used(terms: type[Term]) -> None:
    assert [term for term in terms if (terms, term.value) not in used_terms()] == []


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_term_is_kebab_case_and_has_a_definition(term: Term) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", term.value)
    assert term.name == term.value.upper().replace("-", "_")
    assert re.fullmatch(r"[A-Z].{8,118}\.", term.definition)


def test_definitions_in_a_vocabulary_are_distinct() -> None:
    for terms in VOCABULARIES:
        definitions = [term.definition for term in terms]
        assert len(set(definitions)) == len(definitions)


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_term_equals_its_text_and_survives_copying(term: Term) -> None:
    assert isinstance(term, StrEnum)
    assert term == term.value == str(term)
    assert {each.value: each for each in type(term)}[term.value] is term
    assert copy.deepcopy(term) is term
    assert pickle.loads(pickle.dumps(term)) is term  # noqa: S301 - our own bytes


def test_terms_that_other_code_relies_on_exist() -> None:
    assert eaps.Approach.CO_RESPONSE.definition
    assert {role.value for role in eaps.Role} == {"lead", "creator", "partner", "collaborator", "developer"}
    assert {basis.value for basis in eaps.Basis} == {"stated", "named", "inferred"}
    assert {status.value for status in eaps.ProgramStatus} == {
        "existing",
        "expanding",
        "expanded",
        "in-development",
        "established",
        "planned",
    }
