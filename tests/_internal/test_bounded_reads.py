"""Endless streams end at a bound, and huge files are refused before they are read."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data._internal import bounded_reads
from eaps_data._internal.bounded_reads import BoundedLines, read_file, read_stream
from support.commands import Runner


class Endless(io.RawIOBase):
    """A stream of zeros, or of one line after the other, that counts what is read."""

    def __init__(self, block: bytes = b"0") -> None:
        self.count = 0
        self._block = block

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = (self._block * (len(buffer) // len(self._block) + 1))[: len(buffer)]
        buffer[:] = block
        self.count += len(block)
        return len(block)


@pytest.fixture(autouse=True)
def bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_reads, "MOST_BYTES", 3_000_000)
    monkeypatch.setattr(bounded_reads, "LONGEST_LINE", 2_000_000)


@pytest.mark.parametrize("format_", ["json", "yaml", "csv", "jsonl"])
def test_an_endless_stream_ends_at_the_bound(format_: str, run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = Endless()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(endless)))
    code, out, err = run("validate", "--as", format_, "-")
    assert (code, err) == (2, "")
    assert out.startswith("-: ")
    assert ("it has more than 3,000,000 bytes" if format_ in {"json", "yaml"} else "a line has more than 2,000") in out
    assert endless.count < 5_000_000


@pytest.mark.parametrize("read", [eaps.Dataset.from_path, eaps.Dataset.from_file, read_file])
def test_a_huge_file_is_refused_before_it_is_read(read: Callable[[Path], object], tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as stream:
        stream.truncate(2**40)  # without content, it takes no space
    with pytest.raises(OSError, match="it has more than 3,000,000 bytes; split it, or use JSON Lines or CSV"):
        read(path)


def test_what_is_within_the_bounds_is_read(tmp_path: Path) -> None:
    data = b"x" * 3_000_000
    (tmp_path / "data").write_bytes(data)
    assert read_file(tmp_path / "data") == data
    assert read_stream(io.BytesIO(data)) == data
    with pytest.raises(OSError, match="it has more than"):
        read_stream(io.BytesIO(data + b"x"))
    lines = (b"x" * 1_999_999 + b"\n") * 3
    assert io.BufferedReader(BoundedLines(io.BytesIO(lines))).read() == lines


def test_a_file_for_which_the_memory_is_too_small_is_one_problem(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.json").write_text("[]", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"id": "b", "name": "B"}\n', encoding="utf-8")

    def too_large(_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr("eaps_data.validation.checking.read_stream", too_large)
    code, out, _ = run("validate", str(tmp_path))
    assert code == 2
    assert "a.json: not enough memory to read it; split it, or use JSON Lines or CSV\n" in out
    assert "1 file, 1 record checked: 1 file unreadable" in out
