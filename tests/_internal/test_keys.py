"""How keys are compared."""

from hypothesis import given, strategies as st

from eaps_data._internal.text_keys import fold, fold_all

LETTERS = st.sampled_from("aBz &-_`'\n\t\u00a0\u2019\u2028\u00df\u0130\ufb01\u0301.")
USUAL = st.sampled_from(["Health-Unit", "Health & Safety", "A-B_c", "RPD", "n' Bounds"])


@given(st.lists(USUAL | st.text(LETTERS, max_size=6) | st.text(max_size=4), max_size=150))
def test_many_keys_are_folded_as_each_is(keys: list[str]) -> None:
    assert list(fold_all(keys)) == [fold(key) for key in keys]


@given(st.lists(USUAL, min_size=60, max_size=70))
def test_usual_keys_are_folded_as_each_is(keys: list[str]) -> None:
    assert list(fold_all(iter(keys))) == [fold(key) for key in keys]
