"""Shell completion: what the shell gets for a command line, through argcomplete's protocol."""

import os
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data import cli
from eaps_data.cli.datasets import _PACKAGE
from eaps_data.cli.parser import COMMANDS
from support.commands import process


def completions(line: str, folder: Path) -> list[str]:
    """Return the completions of a command line, as the shell gets them."""
    pytest.importorskip("argcomplete")
    file = folder / "completions"
    shell = {"COMP_LINE": line, "COMP_POINT": str(len(line)), "_ARGCOMPLETE_STDOUT_FILENAME": str(file)}
    ran = process(data=b"", _ARGCOMPLETE="1", _ARGCOMPLETE_IFS="\n", _ARGCOMPLETE_SUPPRESS_SPACE="1", **shell)
    assert (ran.returncode, ran.stdout) == (0, b"")
    return [each.strip() for each in file.read_text(encoding="utf-8").splitlines()]


def test_commands_are_completed(tmp_path: Path) -> None:
    assert set(completions("eaps-data ", tmp_path)) == {*COMMANDS, "--help", "--version"}
    assert completions("eaps-data val", tmp_path) == ["validate"]
    assert completions("eaps-data li", tmp_path) == ["list"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("list prog", {"programs"}),
        ("list programs --stat", {"--status"}),
        ("list programs --format j", {"json", "jsonl"}),
        ("list programs --status ex", {"existing", "expanding", "expanded"}),
        ("list programs --status existing --need opi", {"opioid-epidemic"}),
        ("list programs --started-year 2", set[str]()),
        ("why no-such-record ", {"--format", "--from", "--help", "--json", "--output"}),
        ("search revere", set[str]()),
        ("export sq", {"sqlite"}),
        ("plot m", {"map", "matrix"}),
        ("validate --format s", {"sarif"}),
    ],
)
def test_arguments_are_completed(line: str, expected: set[str], tmp_path: Path) -> None:
    assert set(completions(f"eaps-data {line}", tmp_path)) == expected


def test_every_record_and_schema_is_completed(tmp_path: Path) -> None:
    found = set(completions("eaps-data show ", tmp_path))
    packaged = eaps.Dataset.from_path(_PACKAGE)  # which the process completes; this test sees the sample
    for table in (packaged.municipalities, packaged.programs, packaged.partners, packaged.sources):
        assert {*table.ids} <= found
    town, program = packaged.municipalities[0].id, packaged.programs[0].id
    assert town in completions(f"eaps-data list programs --municipality {town[:-1]}", tmp_path)
    fields = {"staff_roles", "started_year", "status"}
    assert set(completions(f"eaps-data why {program} sta", tmp_path)) == fields
    assert {"Program", "programs", "dataset"} <= set(completions("eaps-data schema ", tmp_path))


def test_the_records_of_your_dataset_are_completed(tmp_path: Path) -> None:
    assert cli.main(["init", str(tmp_path / "own")]) == 0
    own, folder = eaps.Dataset.from_path(tmp_path / "own"), (tmp_path / "own").as_posix()
    town, program = own.municipalities[0].id, own.programs[0].id
    found = {each for each in completions(f"eaps-data show --from {folder} ", tmp_path) if not each.startswith("-")}
    assert found == {*own.municipalities.ids, *own.programs.ids, *own.partners.ids, *own.sources.ids}
    assert completions(f"eaps-data why --from {folder} {program} start", tmp_path) == ["started_year"]
    assert town in completions(f"eaps-data list programs --from {folder} --municipality {town[:-1]}", tmp_path)
    assert completions(f"eaps-data show --from {folder}x re", tmp_path) == []


def test_files_are_completed(tmp_path: Path) -> None:
    (tmp_path / "mine.json").touch()
    assert completions(f"eaps-data validate {tmp_path.as_posix()}/mi", tmp_path) == [f"{tmp_path.as_posix()}/mine.json"]


def test_without_argcomplete_nothing_is_completed(tmp_path: Path) -> None:
    (tmp_path / "argcomplete.py").write_text("raise ImportError", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    ran = process("--version", _ARGCOMPLETE="1", COMP_LINE="eaps-data li", COMP_POINT="12", PYTHONPATH=path)
    assert (ran.returncode, ran.stdout) == (
        0,
        f"eaps-data {eaps.__version__}\n".encode().replace(b"\n", os.linesep.encode()),
    )


def test_other_commands_do_not_import_it() -> None:
    imported = process("--version", PYTHONPROFILEIMPORTTIME="1").stderr
    assert b"eaps_data.cli" in imported
    assert b"argcomplete" not in imported
    assert b"completion" not in imported
