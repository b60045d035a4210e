"""JSON Lines are read in parts of whole lines."""

import io
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.errors import ExportError, InvalidDataError, Problem
from eaps_data.formats import jsonl
from eaps_data.validation import check


@given(st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")), max_size=12), st.integers(1, 9))
def test_parts_have_the_lines_of_the_file(lines: list[bytes], size: int) -> None:
    text = b"\n".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "_PART", size)
        patch.setattr(jsonl, "LONGEST_LINE", 8)
        parts = [*jsonl.read_parts(io.BytesIO(text), None)]
    found = [line for part in parts for line in part.lines]
    expected = text.removesuffix(b"\n").split(b"\n") if text else []
    # A line that is too long may be cut after the byte that shows it.
    assert [line[:9] for line in found] == [line[:9] for line in expected]
    numbers = [part.first + index for part in parts for index in range(len(part))]
    assert numbers == [*range(1, len(expected) + 1)]


def test_a_line_that_is_too_long_is_a_problem_even_if_it_is_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "LONGEST_LINE", 60)
    monkeypatch.setattr(jsonl, "_PART", 1000)
    file = tmp_path / "long.jsonl"
    lines = [b'{"id": "a", "name": "A"}', b'{"id": "b", "name": "B"}' + b" " * 60, b'{"id": "c", "name": "C"}', b"{}"]
    file.write_bytes(b"\n".join(lines))
    found = [step for step in check([str(file)], "partners") if isinstance(step, Problem)]
    assert found[0].rule == "line"
    assert {problem.line for problem in found} == {2, 4}


def test_problems_of_a_folder_have_file_line_and_column(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    eaps.export.write("jsonl", folder)
    path = folder / "partners.jsonl"
    count = len(eaps.partners)
    path.write_bytes(path.read_bytes() + b'{"id": "x", "id": "y"}\n[]\n')
    (folder / "release.jsonl").write_bytes(b"")
    (folder / "partnerships.jsonl").unlink()
    with pytest.raises(InvalidDataError) as caught:
        eaps.Dataset.from_path(folder)
    assert [str(problem) for problem in caught.value.problems] == [
        f"{folder}: the table partnerships is missing",
        f"{folder / 'release.jsonl'}: release has 0 rows; it has exactly one",
        f'{path}:{count + 1}:13: the key "id" is duplicated; remove one of the two',
        f"{path}:{count + 2}:1: the line holds an array; JSON Lines has one record per line",
    ]


def test_a_record_that_is_too_long_to_read_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "LONGEST_LINE", 900)
    with pytest.raises(ExportError, match=r"a record of .* characters is too long for JSON Lines; use another format"):
        eaps.export.write("jsonl", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
