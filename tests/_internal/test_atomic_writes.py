"""Files and folders are written atomically: a failure leaves the old content, and nothing else."""

import os
from pathlib import Path

import pytest

from eaps_data._internal.atomic_writes import atomic_export, atomic_write
from eaps_data.errors import ExportError


def write_folder(target: Path, content: str) -> None:
    with atomic_write(target) as path:
        path.mkdir()
        (path / "file.txt").write_text(content, encoding="utf-8")


def interrupt(target: Path) -> None:
    with atomic_write(target) as path:
        path.mkdir()
        raise RuntimeError("interrupted")


@pytest.mark.parametrize("name", ["out", "previous", "out.previous"])
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

    monkeypatch.setattr(Path, "rename", refuse_new)
    with pytest.raises(ExportError, match="out: cannot be written: No space left"), atomic_export(target) as path:
        path.mkdir()
    assert (target / "file.txt").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
