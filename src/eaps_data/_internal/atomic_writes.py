"""Write files and folders in one step: a reader sees the old or the new, and a failure leaves what there was."""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from eaps_data.errors import ExportError


def check_destination(target: Path, what: str, *, force: bool, folder: bool = False) -> None:
    """Refuse a destination that is not to be written to, before any work is done.

    Args:
        target: the file, or the folder, to make.
        what: what it is to be, in a word.
        force: whether what is there may be replaced.
        folder: whether it is to be a folder.

    Raises:
        ExportError: when there is no folder to put it in, or something else is there.
    """
    if not target.parent.is_dir():
        raise ExportError(target, f"there is no folder {target.parent}; make it first")
    if not target.exists():
        return
    if target.is_dir() is not folder:
        kind = "a folder" if folder else "a file"
        raise ExportError(target, f"{what} is {kind}, and there is something else of that name; choose another")
    if not force:
        raise ExportError(target, "exists already; choose another name, or replace it with --force (force=True)")


@contextmanager
def exported(target: Path) -> Generator[Path]:
    """As `in_one_step`, for what a user asked for.

    Raises:
        ExportError: when it cannot be written; it names the destination, not what is beside it on the way.
    """
    try:
        with in_one_step(target) as made:
            yield made
    except ExportError:
        raise
    except OSError as error:
        raise ExportError(target, f"cannot be written: {error.strerror or error}") from error


@contextmanager
def in_one_step(destination: str | PathLike[str]) -> Generator[Path]:
    """A path at which to make a file or a folder; it becomes the destination when all went well.

    Where there is something at the destination, it is replaced; what may be replaced is for the caller to say.

    Raises:
        OSError: when it cannot be written.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with in_one_step(Path(folder, "a.txt")) as path:
    ...         _ = path.write_text("done")
    ...     [file.name for file in Path(folder).iterdir()]
    ['a.txt']
    """
    target = Path(destination).resolve()  # a link stays a link
    # In the same folder, as only within one file system something can be renamed in one step.
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        made = aside / target.name
        yield made
        if made.is_dir():
            if target.is_dir():  # a folder is not renamed over another
                target.rename(aside / "old")
            made.rename(target)
        else:
            if target.exists():
                shutil.copymode(target, made)
            _keep(made)
            made.replace(target)
    finally:
        if not target.exists() and (aside / "old").exists():
            (aside / "old").rename(target)
        shutil.rmtree(aside, ignore_errors=True)


def _keep(path: Path) -> None:
    """Have the content on the disk before the name is."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
