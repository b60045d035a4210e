"""Put the files of a folder into canonical form, without ever leaving one half written."""

import os
import shutil
import tempfile
from os import PathLike
from pathlib import Path

from eaps_data.curation.folder import Folder


def fix_folder(folder: str | PathLike[str]) -> tuple[Path, ...]:
    """Write each file of a folder as the package itself would write it: the same records, in canonical form.

    A file that is not valid by itself is left as it is: its problems are for a person to mend. Each file is replaced
    as a whole, so that a failure on the way leaves the old one.

    Args:
        folder: the folder, which holds the tables as files.

    Returns:
        The files that were written; none where all were in canonical form.

    Raises:
        OSError: when a file cannot be written.
    """
    written: list[Path] = []
    for file in Folder(folder).files.values():
        wanted = file.canonical_text
        if wanted is not None and wanted != file.text:
            _replace(file.path, wanted.encode("utf-8"))
            written.append(file.path)
    return tuple(written)


def _replace(path: Path, content: bytes) -> None:
    """Replace a file in one step: a reader sees the old content or the new, and a failure changes nothing."""
    target = path.resolve()  # a link stays a link
    # In the same folder, as only within one file system a file can be renamed in one step.
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(target, name)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
