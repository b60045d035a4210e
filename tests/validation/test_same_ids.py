"""Ids are remembered alike, be they few, in a set, or many, in far less memory."""

from collections import Counter

import pytest
from hypothesis import given, strategies as st

from eaps_data.validation import duplicate_ids as same_ids
from eaps_data.validation.duplicate_ids import SameIds

KEYS = st.lists(st.none() | st.integers(0, 40).map(str), max_size=12)


@given(st.lists(KEYS, max_size=8), st.integers(0, 30), st.sampled_from([1, 3, 4096]))
def test_just_the_ids_that_stood_before_are_told(parts: list[list[str | None]], most: int, buckets: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(same_ids, "_MOST_IN_A_SET", most)
        patch.setattr(same_ids, "_BUCKETS", buckets)
        remembered = SameIds("a.jsonl")
        before: set[str] = set()
        for part in parts:
            keys = [key for key in part if key is not None]
            is_new = len({*keys}) == len(keys) and not before & {*keys}
            assert remembered.all_new(part) is is_new
            for key in () if is_new else keys:
                told = [problem.message for problem in remembered.check("partners", key, lambda: (1, 1))]
                assert len(told) == (key in before)
                before.add(key)
            before |= {*keys}


def test_many_ids_are_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(same_ids, "_MOST_IN_A_SET", 1000)
    remembered = SameIds(None)
    assert remembered.all_new([str(number) for number in range(1001)])
    assert remembered.all_new([str(number) for number in range(1001, 30_000)])
    assert isinstance(remembered._seen._held, same_ids._Packed)
    sizes = Counter(len(bucket) for bucket in remembered._seen._held._buckets)
    assert sum(size * count for size, count in sizes.items()) == 30_000
    assert max(sizes) < 40
    assert not remembered.all_new(["a", "29999"])
    assert remembered.all_new(["a"])
