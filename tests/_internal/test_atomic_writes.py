"""Files and folders are written atomically: a failure leaves the old content, and nothing else."""

import os
import sys
from pathlib import Path

import pytest

from eaps_data._internal import atomic_writes
from eaps_data._internal.atomic_writes import atomic_export, atomic_write, check_destination
from eaps_data.errors import ExportError


def write_folder(target: Path, content: str) -> None:
    with atomic_write(target) as path:
        path.mkdir()
        (path / "file.txt").write_text(content, encoding="utf-8")


def interrupt(target: Path) -> None:
    with atomic_write(target) as path:
        path.mkdir()
        raise RuntimeError("interrupted")


@pytest.fixture(params=["exchange", "rename"])
def replacement(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace folders in one step, where the system can, or in two."""
    if request.param == "rename":
        monkeypatch.setattr(atomic_writes, "_exchange", lambda *_: False)


@pytest.mark.usefixtures("replacement")
@pytest.mark.parametrize("name", ["out", "previous", "lock", "x" * 255])
def test_folder_replaces_an_existing_folder(tmp_path: Path, name: str) -> None:
    for content in ("old", "new"):
        write_folder(tmp_path / name, content)
    assert (tmp_path / name / "file.txt").read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions and links")
def test_file_keeps_its_permissions_and_the_links_to_it(tmp_path: Path) -> None:
    target, link = tmp_path / "a.txt", tmp_path / "link.txt"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    link.symlink_to(target)
    with atomic_write(link) as path:
        path.write_text("new", encoding="utf-8")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name == "nt", reason="Windows has other links")
def test_link_to_itself_is_refused_and_kept(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to("loop")
    message = "this is a link that leads back to itself; remove it, or choose another name"
    with pytest.raises(ExportError, match=message):
        check_destination(loop, "the output", force=True)
    with pytest.raises(ExportError, match=message), atomic_write(loop) as path:
        path.write_text("new", encoding="utf-8")
    assert [each.name for each in tmp_path.iterdir()] == ["loop"]


@pytest.mark.parametrize("existing", [True, False])
def test_failure_leaves_the_destination_as_it_was(tmp_path: Path, existing: bool) -> None:
    target = tmp_path / "out"
    if existing:
        write_folder(target, "old")
    with pytest.raises(RuntimeError, match="interrupted"):
        interrupt(target)
    assert [file.name for file in tmp_path.rglob("*")] == (["out", "file.txt"] if existing else [])


def test_failed_replacement_restores_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out"
    write_folder(target, "old")
    rename = Path.rename

    def refuse_new(self: Path, destination: Path) -> Path:
        if self.name == "out" and destination == target:
            raise OSError(28, "No space left on device")
        return rename(self, destination)

    monkeypatch.setattr(atomic_writes, "_exchange", lambda *_: False)
    monkeypatch.setattr(Path, "rename", refuse_new)
    with pytest.raises(ExportError, match="out: cannot be written: No space left"), atomic_export(target) as path:
        path.mkdir()
    assert (target / "file.txt").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(
    sys.platform not in {"linux", "darwin"}, reason="the system cannot exchange two folders in one step"
)
def test_a_folder_is_never_missing_while_it_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not atomic_writes._exchange(folder_in(tmp_path, "a"), folder_in(tmp_path, "b")):
        pytest.skip("the file system of the temporary folder cannot exchange two folders")
    target = tmp_path / "out"
    write_folder(target, "old")
    monkeypatch.delattr(Path, "rename")  # each rename by itself would leave a moment without the folder
    write_folder(target, "new")
    assert (target / "file.txt").read_text(encoding="utf-8") == "new"


def test_a_folder_that_another_process_creates_meanwhile_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, target = folder_in(tmp_path, "new"), folder_in(tmp_path, "out")
    (new / "file.txt").write_text("new", encoding="utf-8")
    (target / "file.txt").write_text("old", encoding="utf-8")
    if not atomic_writes._exchange(folder_in(tmp_path, "a"), folder_in(tmp_path, "b")):
        pytest.skip("the file system of the temporary folder cannot exchange two folders")
    exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda path: path != target and exists(path))
    atomic_writes._replace(new, target, tmp_path / "previous")
    assert (target / "file.txt").read_text(encoding="utf-8") == "new"


def folder_in(parent: Path, name: str) -> Path:
    (parent / name).mkdir()
    return parent / name


@pytest.mark.usefixtures("replacement")
def test_folder_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "out"
    write_folder(target, "old")
    target.chmod(0o750)
    write_folder(target, "new")
    assert target.stat().st_mode & 0o777 == (0o777 if os.name == "nt" else 0o750)


def test_leftovers_of_other_destinations_and_of_running_processes_are_left_alone(tmp_path: Path) -> None:
    target, other = tmp_path / "out", tmp_path / "other"
    (tmp_path / ".out.mine").mkdir()
    with atomic_write(target) as first:
        first.mkdir()
        with atomic_write(other) as second:
            second.mkdir()
        write_folder(target, "second")
        (first / "file.txt").write_text("first", encoding="utf-8")
    assert (target / "file.txt").read_text(encoding="utf-8") == "first"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out.mine", "other", "out"]


def test_files_of_others_that_look_like_a_leftover_are_not_removed(tmp_path: Path) -> None:
    target = tmp_path / "out"
    folder = folder_in(tmp_path, f"{atomic_writes._prefix(target)}notes")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    write_folder(target, "new")
    assert (folder / "notes.txt").exists()
