"""Keys are compared regardless of spelling, one by one or many at once."""

import pytest
from hypothesis import given, strategies as st

from eaps_data._internal.text_keys import APOSTROPHES, DASHES, closest_of, fold, fold_all

CHARACTERS = st.sampled_from("aBz &-_`'\n\t\u00a0\u2019\u2028\u00df\u0130\ufb01\u0301.")
COMMON_KEYS = st.sampled_from(["Health-Unit", "Health & Safety", "A-B_c", "RPD", "n' Bounds"])


@given(st.lists(COMMON_KEYS | st.text(CHARACTERS, max_size=6) | st.text(max_size=4), max_size=150))
def test_fold_all_equals_fold_of_each_key(keys: list[str]) -> None:
    assert list(fold_all(keys)) == [fold(key) for key in keys]


@given(st.lists(COMMON_KEYS, min_size=60, max_size=70))
def test_fold_all_equals_fold_of_each_common_key(keys: list[str]) -> None:
    assert list(fold_all(iter(keys))) == [fold(key) for key in keys]


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
def test_fold_ignores_the_type_of_apostrophe(apostrophe: str) -> None:
    assert fold(f"n{apostrophe} Bounds") == fold("n' bounds")


@pytest.mark.parametrize("separator", [*DASHES, "-", "_", "\u00ad", "\u00a0", "  "])
def test_fold_treats_dashes_and_underscores_as_spaces(separator: str) -> None:
    assert fold(f"New{separator}Bedford") == fold("new bedford")


def test_closest_of_stops_after_the_given_number_of_keys() -> None:
    find = closest_of(["revere", "amherst"], most=2)
    assert find("reveer") == find("reveer") == ("revere",)
    assert find("amhrest") == ("amherst",)
    assert find("revree") == ()
    assert find("reveer") == ("revere",)
