"""Duplicate ids are found in a stream that is checked part by part."""

from hypothesis import given, strategies as st

from eaps_data.errors import Problem
from eaps_data.validation.duplicate_ids import DuplicateIds

KEYS = st.lists(st.none() | st.integers(0, 40).map(str), max_size=12)


def located(problem: Problem) -> Problem:
    return problem.at("a.jsonl", 1, 1)


@given(st.lists(KEYS, max_size=8))
def test_exactly_the_repeated_ids_are_reported(parts: list[list[str | None]]) -> None:
    ids = DuplicateIds()
    before: set[str] = set()
    for part in parts:
        keys = [key for key in part if key is not None]
        is_new = len({*keys}) == len(keys) and not before & {*keys}
        assert ids.add(part) is is_new
        repeated = [index for index, key in enumerate(part) if key is not None and key in {*before, *part[:index]}]
        if not is_new:
            found = list(ids.find("partners", part, located))
            assert [problem.path for problem in found] == [(index, "id") for index in repeated]
            assert [problem.record for problem in found] == [f"partners/{part[index]}" for index in repeated]
        before |= {*keys}


def test_problem_names_the_id_and_its_location() -> None:
    ids = DuplicateIds()
    assert ids.add(["a", None, "b"])
    (problem,) = ids.find("partners", ["c", "b"], located)
    assert str(problem) == 'a.jsonl:1:1: partners/b, id: the id "b" is used already; change or remove it'
    assert problem.rule == "duplicate-id"
