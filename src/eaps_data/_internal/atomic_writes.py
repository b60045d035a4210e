"""Write files and folders atomically: a reader sees the old or the new content, and a failure leaves the old."""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from eaps_data.errors import ExportError


def check_destination(target: Path, what: str, *, force: bool, folder: bool = False) -> None:
    """Refuse a destination that may not be written, before any work is done.

    Args:
        target: the file or folder to write.
        what: what is to be written, for the message: `csv` or `a picture`.
        force: whether an existing file or folder may be replaced.
        folder: whether the target is a folder.

    Raises:
        ExportError: if the parent folder is missing, or the target exists and may not be replaced.
    """
    if not target.parent.is_dir():
        raise ExportError(target, f"the folder {target.parent} does not exist; create it first")
    if not target.exists():
        return
    if target.is_dir() is not folder:
        expected, found = ("folder", "file") if folder else ("file", "folder")
        raise ExportError(target, f"{what} is written as a {expected}, but this is a {found}; choose another name")
    if not force:
        raise ExportError(target, "already exists; choose another name, or replace it with --force (force=True)")


@contextmanager
def atomic_export(target: Path) -> Generator[Path]:
    """Write a file or folder that a user asked for atomically, as `atomic_write` does.

    Raises:
        ExportError: if it cannot be written; it names the destination, not the temporary path.
    """
    try:
        with atomic_write(target) as temporary:
            yield temporary
    except ExportError:
        raise
    except OSError as error:
        raise ExportError(target, f"cannot be written: {error.strerror or error}") from error


@contextmanager
def atomic_write(destination: str | PathLike[str]) -> Generator[Path]:
    """Yield a temporary path for a file or folder, which replaces the destination when the block succeeds.

    An existing destination is replaced: the caller decides whether it may be.

    Raises:
        OSError: if it cannot be written.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with atomic_write(Path(folder, "a.txt")) as path:
    ...         _ = path.write_text("done")
    ...     [file.name for file in Path(folder).iterdir()]
    ['a.txt']
    """
    target = Path(destination).resolve()  # replaces what a symbolic link points to, not the link
    # In the same folder, because a rename is atomic only within one file system.
    workspace = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    previous = workspace / f"{target.name}.previous"
    try:
        temporary = workspace / target.name
        yield temporary
        if temporary.is_dir():
            if target.is_dir():  # a folder cannot be renamed onto another
                target.rename(previous)
            temporary.rename(target)
        else:
            if target.exists():
                shutil.copymode(target, temporary)
            _sync(temporary)
            temporary.replace(target)
    finally:
        if not target.exists() and previous.exists():
            previous.rename(target)
        shutil.rmtree(workspace, ignore_errors=True)


def _sync(path: Path) -> None:
    """Flush a file's content to disk before it gets its final name."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
