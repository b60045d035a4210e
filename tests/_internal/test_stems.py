"""Stems join the forms of a word, and keep words of different meanings apart."""

from itertools import combinations
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data._internal.stems import singular, stem
from eaps_data.tables.search import TextIndex

GOLDEN = Path(__file__).parents[1] / "golden" / "stems.txt"


@pytest.mark.parametrize(
    "forms",
    [
        "evaluate evaluates evaluated evaluating evaluation evaluations evaluator evaluative",
        "racism racist racists",
        "hospital hospitals hospitalize hospitalized hospitalization",
        "prevent prevents prevented preventing prevention preventive preventative",
        "respond responds responder responders responding",
        "response responses responsive",
        "recover recovers recovery recovering",
        "create created creating creation creator",
        "coordinate coordination coordinator coordinators",
        "behavior behaviors behavioral",
        "equity equities equitable",
        "map maps mapped mapping",
        "care cares cared caring",
        "base bases based",
        "house houses housed housing",
        "homeless homelessness",
        "vulnerable vulnerability",
        "municipal municipality municipalities",
        "clinic clinics clinical",
        "coach coaches coached coaching",
        "crisis",
    ],
)
def test_forms_of_a_word_have_the_same_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "words",
    [
        "university universe",
        "police policy",
        "community communication commune",
        "diversion diverse divert",
        "unit unity",
        "mental mention",
        "initiative initial",
        "officer office",
        "public publish",
        "safe save",
        "partner part party",
        "need needle",
        "care career car",
        "service server",
        "response responsible",
        "race racism",
        "ems em",
    ],
)
def test_words_of_different_meanings_have_different_stems(words: str) -> None:
    for one, other in combinations(words.split(), 2):
        assert stem(one) != stem(other)


@pytest.mark.parametrize("word", ["ems", "dcc", "status", "crisis", "process", "us", "needs'"])
def test_words_that_are_not_plurals_are_singular(word: str) -> None:
    assert singular(word) in {word, "need"}


def test_joined_words_of_the_data_were_reviewed(*, update_golden: bool) -> None:
    # A new line is a family of words that the search treats as the same: read it before updating the file.
    families = TextIndex(eaps.load())._forms
    lines = [" ".join(words) for words in sorted(families.values()) if len({singular(word) for word in words}) > 1]
    text = "".join(f"{line}\n" for line in lines)
    if update_golden:
        GOLDEN.write_text(text, encoding="utf-8", newline="\n")
    assert text == GOLDEN.read_text(encoding="utf-8"), "read the families, then: pytest --update-golden"
