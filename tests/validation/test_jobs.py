"""Several processes find what one finds, in the same order."""

import gzip
import json
import pickle
import subprocess
import sys
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from eaps_data.validation.in_order import Work, _Begun, in_order
from eaps_data.validation.json_lines import Part, check_part
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.cli import main
from eaps_data.validation import Problem, check, json_lines

EXAMPLES = Path(__file__).parents[1] / "examples"
SOUND = [json.dumps(record) for record in eaps.partners.to_records()]


@pytest.fixture(autouse=True)
def _short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "_BYTES_A_PART", 70)
    monkeypatch.setattr(json_lines, "_BYTES_A_SLICE", 700)


def faulty_lines() -> list[str]:
    numbered = [line.replace('"id": "', f'"id": "n{number}-') for number in range(5) for line in SOUND]
    numbered[0] = "{"
    numbered[20] = '{"id": "a"}'
    numbered[33] = numbered[2]  # the same id in another part
    numbered[34] = '{"id": "b", "id": "b", "name": "B"}'
    numbered[40] = numbered[39]  # and in the same part
    numbered[50] = ""
    return numbered


def test_many_processes_find_what_one_finds_in_its_order(tmp_path: Path) -> None:
    lines = "\n".join(faulty_lines()).encode()
    (tmp_path / "lines.jsonl").write_bytes(lines)
    (tmp_path / "lines.jsonl.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(lines)[:-20])
    (tmp_path / "empty.jsonl").write_bytes(b"")
    (tmp_path / "no-kind.jsonl").write_bytes(b'{"x": 1}\n' * 20)
    (tmp_path / "broken.json").write_bytes(b"[1,")
    names = [str(tmp_path), str(tmp_path / "missing.json"), str(EXAMPLES)]
    one, three = list(check(names)), list(check(names, jobs=3))
    assert [step for step in three if not isinstance(step, int)] == [step for step in one if not isinstance(step, int)]
    assert sum(step for step in three if isinstance(step, int)) == sum(step for step in one if isinstance(step, int))
    assert [step.line for step in one if isinstance(step, Problem) and (step.file or "").endswith("/lines.jsonl")] == [
        1,
        21,
        34,
        35,
        41,
        51,
    ]


@given(st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")), max_size=12), st.integers(1, 9))
def test_slices_are_the_lines_of_the_file(lines: list[bytes], size: int) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lines, "_BYTES_A_SLICE", size)
        patch.setattr(json_lines, "LONGEST_LINE", 8)
        file = Path(folder) / "a.jsonl"
        file.write_bytes(b"\n".join(lines))
        whole = file.read_bytes().split(b"\n")
        with file.open("rb") as stream:
            streamed = [line for part in json_lines._parts(stream) for line in json_lines._lines(part)]
        sliced = [line for read in json_lines._slices(str(file)) for line in json_lines._lines(read())]
    wanted = whole if whole[-1] else whole[:-1]
    for found in (streamed, sliced):  # of a line that is too long, there may be just enough to see that it is
        assert [line[:9] for line in found] == [line[:9] for line in wanted]


IDS = st.none() | st.text("ab\n-", max_size=3)


@given(st.lists(IDS, max_size=4))
def test_a_part_is_the_same_when_another_process_has_sent_it(ids: list[str | None]) -> None:
    for part in (Part([], ids), Part([Problem(rule="line", message="m", line=3)], ids)):
        assert pickle.loads(pickle.dumps(part)) == part  # noqa: S301 - our own bytes


def test_of_valid_lines_one_text_is_sent() -> None:
    part = check_part("\n".join(SOUND).encode(), "partners", None)
    assert part.ids == [*eaps.partners.ids]
    assert part.__reduce__()[1] == ([], "\n".join(eaps.partners.ids))


def test_the_report_is_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(faulty_lines()), encoding="utf-8")
    reports, interval = [], sys.getswitchinterval()
    for jobs in ("1", "2"):
        assert main(["validate", str(file), "--format", "json", "--jobs", jobs]) == 1
        reports.append(capsys.readouterr().out)
    assert reports[0] == reports[1]
    assert sys.getswitchinterval() == interval


@pytest.mark.parametrize("jobs", ["0", "-1", "two"])
def test_no_processes_are_a_wrong_usage(jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(EXAMPLES), "--jobs", jobs]) == 2
    assert "--jobs" in capsys.readouterr().err


def test_no_processes_are_a_wrong_argument() -> None:
    with pytest.raises(ValueError, match="jobs is 0"):
        check([str(EXAMPLES)], jobs=0)


def test_a_reader_may_stop_early() -> None:
    steps = check([str(EXAMPLES)] * 20, jobs=2)
    next(iter(steps))
    steps.close()  # type: ignore[attr-defined]  # a generator, though it need not be


def test_an_error_of_a_process_is_raised_here() -> None:
    def finish(_: object) -> list[str]:
        raise AssertionError

    with pytest.raises(FileNotFoundError):
        list(in_order(["first", Work(Path("/no/such/file").read_bytes, finish)], 2))


def test_a_script_may_share_its_work(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from eaps_data.validation import check\n"
        f'if __name__ == "__main__":\n    print(len(list(check([{str(EXAMPLES)!r}], jobs=2))))\n',
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(list(check([str(EXAMPLES)])))


def test_what_no_other_process_has_begun_is_done_here() -> None:
    done: list[str] = []

    def do(text: str) -> int:
        done.append(text)
        return int(text)

    free, failing, taken = (_Begun(Work(partial(do, text), lambda n: [n]), Future()) for text in ("3", "x", "5"))
    taken._future.set_running_or_notify_cancel()
    for each in (free, failing, taken, free):
        each.do_here()
    assert done == ["3", "x"]
    assert [each.is_done for each in (free, failing, taken)] == [True, True, False]
    assert list(free.finish()) == [3]
    with pytest.raises(ValueError, match="'x'"):
        failing.finish()


def test_many_pieces_keep_their_order() -> None:
    pieces = [number if number % 7 == 0 else Work(partial(int, number), lambda n: [n]) for number in range(200)]
    assert list(in_order(pieces, 3)) == list(range(200))


def test_a_line_is_too_long_whatever_is_on_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "LONGEST_LINE", 60)
    monkeypatch.setattr(json_lines, "_BYTES_A_PART", 1000)
    file = tmp_path / "long.jsonl"
    lines = [b'{"id": "a", "name": "A"}', b'{"id": "b", "name": "B"}' + b" " * 60, b'{"id": "c", "name": "C"}', b"{}"]
    file.write_bytes(b"\n".join(lines))
    found = [step for step in check([str(file)], "partners") if isinstance(step, Problem)]
    assert [(problem.rule, problem.line) for problem in found][:1] == [("line", 2)]
    assert {problem.line for problem in found} == {2, 4}
