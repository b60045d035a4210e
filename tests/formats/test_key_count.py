"""The count of a JSON text's keys finds each repeated key, however the text is spaced and whatever its strings hold."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, strategies as st

from eaps_data.formats.key_count import keys_are_distinct

STRINGS = st.text(st.sampled_from('ab:" \\\n\u2019'), max_size=5)
SPACES = st.text(st.sampled_from(" \t\n\r"), max_size=2)


@st.composite
def objects(draw: st.DrawFn) -> str:
    members = draw(st.lists(st.tuples(st.sampled_from("abc"), SPACES, SPACES, STRINGS), min_size=1, max_size=5))
    parts = [f'"{key}"{before}:{after}{json.dumps(value)}' for key, before, after, value in members]
    return f"{{{','.join(parts)}}}"


@given(objects())
def test_text_with_a_repeated_key_is_never_accepted(text: str) -> None:
    pairs: list[tuple[str, Any]] = json.loads(text, object_pairs_hook=list)
    kept: Mapping[str, Any] = dict(pairs)
    if keys_are_distinct(text.encode(), len(kept)):
        assert len(pairs) == len(kept)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":"b"}',
        '{"a": "b", "c": ["d"]}',
        '{"a" :"https://example.org",\n"b"\n:\t"urn:c"}',
        '{"a":"b:", "c":"d::e"}',
        '{"a":"\u2019:"}',
    ],
)
def test_common_text_is_accepted_without_parsing_it_again(text: str) -> None:
    assert keys_are_distinct(text.encode(), len(json.loads(text)))
