"""JSON Lines are read in parts, which is not visible in what is found."""

import io
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from eaps_data.errors import Problem
from eaps_data.validation import check, json_lines


@given(st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")), max_size=12), st.integers(1, 9))
def test_parts_have_the_lines_of_the_file(lines: list[bytes], size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lines, "_BYTES_A_PART", size)
        patch.setattr(json_lines, "LONGEST_LINE", 8)
        text = b"\n".join(lines)
        found = [line for part in json_lines._parts(io.BytesIO(text)) for line in json_lines._lines(part)]
    expected = text.removesuffix(b"\n").split(b"\n") if text else []
    # A line that is too long may be cut after the byte that shows it.
    assert [line[:9] for line in found] == [line[:9] for line in expected]


def test_a_line_that_is_too_long_is_a_problem_even_if_it_is_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "LONGEST_LINE", 60)
    monkeypatch.setattr(json_lines, "_BYTES_A_PART", 1000)
    file = tmp_path / "long.jsonl"
    lines = [b'{"id": "a", "name": "A"}', b'{"id": "b", "name": "B"}' + b" " * 60, b'{"id": "c", "name": "C"}', b"{}"]
    file.write_bytes(b"\n".join(lines))
    found = [step for step in check([str(file)], "partners") if isinstance(step, Problem)]
    assert found[0].rule == "line"
    assert {problem.line for problem in found} == {2, 4}
