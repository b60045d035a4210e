"""Controlled terms: each is defined."""

import copy
import pickle
import re
from enum import StrEnum
from typing import Any

import pytest

import eaps_data as eaps
from eaps_data._internal.text_keys import fold
from eaps_data.models.vocabulary import VOCABULARIES, Need, Term

TERMS = [term for vocabulary_ in VOCABULARIES for term in vocabulary_]


@pytest.mark.parametrize("terms", VOCABULARIES, ids=lambda terms: terms.__name__)
def test_a_name_means_one_term(terms: type[Term]) -> None:
    names = [fold(name).replace("-", " ") for term in terms for name in (term.value, *term.synonyms)]
    assert len(names) == len({*names})


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_broader_terms_have_no_circle(term: Term) -> None:
    above = [term]
    while (broader := above[-1].broader) is not None:
        assert broader not in above
        above.append(broader)
    assert all(term in each.narrower for each in above[1:])


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
    assert {role.value for role in eaps.Role} == {"lead", "creator", "developer", "expander", "partner", "collaborator"}
    assert {basis.value for basis in eaps.Basis} == {"stated", "named", "inferred"}
    assert {status.value for status in eaps.ProgramStatus} == {
        "existing",
        "expanding",
        "expanded",
        "in-development",
        "established",
        "planned",
    }


def test_terms_and_vocabularies_are_shown_readably() -> None:
    assert repr([eaps.Need.SUBSTANCE_USE, eaps.Role.LEAD]) == "[Need.SUBSTANCE_USE, Role.LEAD]"
    assert repr(eaps.GovernmentForm) == "<GovernmentForm: city, town-with-city-form>"
    assert repr(eaps.Need).startswith("<Need: basic-needs, behavioral-health, ")
    assert repr(eaps.Term) == "<Term: no terms>"
    for term in eaps.Need:
        assert eval(repr(term), {"Need": eaps.Need}) is term  # noqa: S307 - it is valid Python


def test_terms_cannot_be_changed() -> None:
    term: Any = Need("mental-health")
    with pytest.raises(AttributeError, match="cannot set 'definition': the term 'mental-health' cannot be changed"):
        term.definition = "x"
