"""Exports that are killed, and disks that are full: the old or the new content is left, and nothing else."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

import eaps_data as eaps
from eaps_data.errors import ExportError
from eaps_data.export import FORMATS, FormatName

ROOT = Path(__file__).parents[2]
LIBRARIES = {"parquet": "pyarrow", "xlsx": "xlsxwriter", ".json": "altair", ".svg": "vl_convert"}
FOLDERS = [name for name, each in FORMATS.items() if each.folder]
NEW = eaps.Dataset.from_json(eaps.load().to_json().replace('"name": "Winthrop', '"name": "New Winthrop'))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("jsonl", []),
        pytest.param("jsonl", ["--no-exchange"], marks=pytest.mark.slow),
        ("json", []),
        *(pytest.param(name, [], marks=pytest.mark.slow) for name in sorted({*FORMATS} - {"json", "jsonl"})),
        *(pytest.param(suffix, [], marks=pytest.mark.slow) for suffix in (".json", ".svg")),  # of charts
    ],
)
def test_no_fault_leaves_a_mixture_or_other_files(name: str, options: list[str], tmp_path: Path) -> None:
    pytest.importorskip(LIBRARIES.get(name, "json"))
    command = [sys.executable, "-m", "support.faults", name, str(tmp_path), *options]
    ran = subprocess.run(command, cwd=ROOT / "tests", capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert int(ran.stdout) > 2 * 12  # a full disk and a kill at each size, and some kills between calls


@contextmanager
def small_disk(folder: Path, size: int) -> Generator[Path]:
    """Mount a file system of some bytes."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    command = [str(mount), "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if not (mount and unmount) or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a file system")
    try:
        yield folder
    finally:
        subprocess.run([unmount, str(folder)], check=True)


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs tmpfs")
@pytest.mark.parametrize("name", FORMATS)
def test_a_full_disk_is_an_export_error(name: FormatName, tmp_path: Path) -> None:
    pytest.importorskip(LIBRARIES.get(name, "json"))
    written: list[int] = []
    errors: list[str] = []
    target = tmp_path / f"out{FORMATS[name].suffix}"
    for size in (4096 * 2**step for step in range(11)):
        with small_disk(tmp_path, size) as folder:
            try:
                eaps.export.write(name, target)
            except ExportError as error:
                errors.append(str(error))
            else:
                written.append(size)
            assert [*folder.iterdir()] == ([target] if size in written else [])
    assert written
    assert errors
    assert {error.partition(" cannot be written: ")[0] for error in errors} == {f"{target}:"}


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize("fails", [False, True])
def test_a_folder_that_is_replaced_while_it_is_read_is_read_again(
    name: FormatName, fails: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(LIBRARIES.get(name, "json"))
    target = tmp_path / "out"
    eaps.export.write(name, target)
    module: ModuleType = FORMATS[name].load()
    read: Callable[[Path], object] = module.read_folder
    reads: list[Path] = []

    def read_slowly(folder: Path) -> object:
        reads.append(folder)
        found = read(folder)
        if len(reads) == 1:
            eaps.export.write(name, target, NEW, force=True)
            if fails:
                raise FileNotFoundError(2, "No such file or directory")
        return found

    monkeypatch.setattr(module, "read_folder", read_slowly)
    assert eaps.Dataset.from_path(target) == NEW
    assert len(reads) == 2


def test_a_folder_that_is_replaced_again_and_again_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out"
    eaps.export.write("jsonl", target)
    module = FORMATS["jsonl"].load()
    read: Callable[[Path], object] = module.read_folder

    def read_slowly(folder: Path) -> object:
        eaps.export.write("jsonl", target, force=True)
        return read(folder)

    monkeypatch.setattr(module, "read_folder", read_slowly)
    with pytest.raises(OSError, match="the folder kept changing while it was read"):
        eaps.Dataset.from_path(target)


def test_an_error_of_a_folder_that_does_not_change_is_raised_at_once(tmp_path: Path) -> None:
    (tmp_path / "release.jsonl").mkdir()
    with pytest.raises(OSError, match=r"directory|Permission"):
        eaps.Dataset.from_path(tmp_path)
