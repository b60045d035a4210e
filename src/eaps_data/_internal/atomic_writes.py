"""Write files and folders atomically: a reader sees the old or the new content, and a failure leaves the old.

The new content is written to a hidden folder next to its destination, and then renamed. The hidden folder is locked by
the process that writes. If that process is killed, the next one that writes to the same destination finds the folder
unlocked, puts back what it may have moved away, and removes the rest.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Final
from zlib import crc32

from eaps_data.errors import ExportError

_LOCK: Final = "lock"
_NEW: Final = "new"
_PREVIOUS: Final = "previous"
_HERE: Final = -100  # AT_FDCWD of Linux: a relative path starts at the working directory
_EXCHANGE: Final = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


def check_destination(target: Path, what: str, *, force: bool, folder: bool = False) -> None:
    """Refuse a destination that may not be written, before any work is done.

    Args:
        target: the file or folder to write.
        what: what is to be written, for the message: `csv` or `a chart`.
        force: whether an existing file or folder may be replaced.
        folder: whether the target is a folder.

    Raises:
        ExportError: if the parent folder is missing, or the target exists and may not be replaced; a device never may.
    """
    if not target.parent.is_dir():
        raise ExportError(target, f"the folder {target.parent} does not exist; create it first")
    _recover(_resolved(target))
    if not target.exists():
        return
    if not (target.is_file() or target.is_dir()):  # replacing /dev/null breaks a machine
        raise ExportError(target, "this is a device or a pipe, not a file; choose another name")
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
    target = _resolved(Path(destination))
    _recover(target)
    workspace, lock = _workspace(target)
    temporary = workspace / _NEW / target.name
    try:
        temporary.parent.mkdir()
        yield temporary
        _sync(temporary)
        if target.exists():
            shutil.copymode(target, temporary)
        _replace(temporary, target, workspace / _PREVIOUS)
    finally:
        _remove(workspace, lock, target)


def write_texts(files: Mapping[Path, str]) -> None:
    """Write text files in UTF-8, all or none: each is complete before the first one is replaced.

    Raises:
        ExportError: if one of them cannot be written.
        OSError: if a folder cannot be created.
    """
    before = {path: path.read_bytes() if path.exists() else None for path in files}
    new_folders = [folder for folder in dict.fromkeys(path.parent for path in files) if not folder.exists()]
    try:
        with ExitStack() as stack:
            for path, text in files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                stack.enter_context(atomic_export(path)).write_text(text, encoding="utf-8", newline="\n")
    except BaseException:
        for path, data in before.items():
            if data is None:
                path.unlink(missing_ok=True)
            elif path.read_bytes() != data:
                path.write_bytes(data)
        for folder in new_folders:
            with suppress(OSError):  # it was not created
                folder.rmdir()
        raise


def _resolved(target: Path) -> Path:
    """Return the destination itself, as what a symbolic link points to is replaced, and not the link."""
    found = Path(os.path.realpath(target))  # unlike `resolve`, it never raises RuntimeError
    if found.is_symlink():
        raise ExportError(target, "this is a link that leads back to itself; remove it, or choose another name")
    return found


def _replace(new: Path, target: Path, previous: Path) -> None:
    if not new.is_dir():
        new.replace(target)
        return
    if target.exists():
        if _exchange(new, target):
            return
        target.rename(previous)  # a folder cannot be renamed onto another
    try:
        new.rename(target)
    except OSError:  # another process has created it in the meantime
        if not _exchange(new, target):
            raise


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, and return whether the system can."""
    paths = os.fsencode(one), os.fsencode(other)
    try:
        import ctypes

        libc: Any = ctypes.CDLL(None)
        if sys.platform == "darwin":
            return bool(libc.renamex_np(*paths, _EXCHANGE) == 0)
        return bool(libc.renameat2(_HERE, paths[0], _HERE, paths[1], _EXCHANGE) == 0)
    except (ImportError, AttributeError, OSError, TypeError):  # another system, or an old library
        return False


def _sync(path: Path) -> None:
    """Flush the content of a file, or of the files in a folder, to disk before it gets its final name."""
    for file in (each for each in (path, *path.rglob("*")) if each.is_file()):
        with file.open("rb+") as stream:
            os.fsync(stream.fileno())


def _workspace(target: Path) -> tuple[Path, BinaryIO]:
    """Create a hidden folder next to a destination, as a rename is atomic only in one file system, and lock it."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_prefix(target), dir=target.parent))
        try:
            lock = (folder / _LOCK).open("xb")
        except FileNotFoundError:  # another process took the empty folder for a leftover
            continue
        except OSError:
            folder.rmdir()
            raise
        _lock(lock, wait=True)
        if (folder / _LOCK).exists():  # and here a locked one
            return folder, lock
        lock.close()


def _recover(target: Path) -> None:
    """Remove what killed processes left next to a destination, after putting back a folder that they moved away."""
    for folder in [*target.parent.glob(f"{_prefix(target)}*")]:
        with suppress(OSError):  # it belongs to another user, or another process removes it now
            _remove_leftover(folder, target)


def _remove_leftover(folder: Path, target: Path) -> None:
    if not (folder / _LOCK).exists():
        folder.rmdir()  # which fails if there is anything in it
        return
    with (folder / _LOCK).open("rb+") as lock:
        if _lock(lock, wait=False):
            _remove(folder, lock, target)


def _remove(workspace: Path, lock: BinaryIO, target: Path) -> None:
    """Remove a workspace, its lock last, so that what a killed process leaves of it is recognized."""
    if (workspace / _PREVIOUS).exists() and not target.exists():
        (workspace / _PREVIOUS).rename(target)
    for name in (_NEW, _PREVIOUS):
        shutil.rmtree(workspace / name, ignore_errors=True)
    lock.close()
    with suppress(OSError):  # another process removes it now
        (workspace / _LOCK).unlink()
        workspace.rmdir()


def _prefix(target: Path) -> str:
    # Not the name itself, which may be as long as the file system allows.
    return f".eaps-data-{crc32(os.fsencode(target.name)):08x}-"


def _lock(stream: BinaryIO, *, wait: bool) -> bool:
    """Lock a file until it is closed or the process ends; return False if it is locked, or locks are not supported."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except (ImportError, OSError):
        return False
    return True
