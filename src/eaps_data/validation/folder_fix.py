"""Put the files of a folder into canonical form, without ever leaving one half written."""

from os import PathLike
from pathlib import Path

from eaps_data._internal.atomic_writes import atomic_write
from eaps_data.validation.folder import Folder


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
            with atomic_write(file.path) as path:
                path.write_text(wanted, encoding="utf-8", newline="")
            written.append(file.path)
    return tuple(written)
