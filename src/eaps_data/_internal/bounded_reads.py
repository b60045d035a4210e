"""Read files and streams up to a bound, so that an endless stream ends and a huge file does not fill the memory."""

import io
import os
import stat
from contextlib import suppress
from errno import EFBIG, EINVAL
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_BYTES: Final = 2**29
"""The most bytes of a file that is read as a whole."""
LONGEST_LINE: Final = 2**26
"""The most bytes of a line of a file that is read line by line."""

_BLOCK: Final = 2**20


def read_file(path: str | PathLike[str]) -> bytes:
    """Read a file as a whole.

    Raises:
        OSError: if it cannot be read, or has too many bytes.
    """
    try:
        with Path(path).open("rb") as stream:
            return read_stream(stream)
    except OSError as error:
        error.filename = error.filename or fspath(path)
        raise


def open_in_folder(path: Path) -> BinaryIO:
    """Open a file of a folder, where a pipe would block and a device would never end.

    Raises:
        OSError: if it cannot be opened, or is a pipe or a device.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(EINVAL, "it is a pipe or a device, not a file", str(path))
    return path.open("rb")


def read_stream(stream: BinaryIO) -> bytes:
    """Read the rest of a stream.

    Raises:
        OSError: if it cannot be read, or has too many bytes.
    """
    size = _size(stream)
    if size is not None and size <= MOST_BYTES:
        return stream.read()
    blocks: list[bytes] = []
    rest = 0 if size is not None else MOST_BYTES + 1  # of a large file, nothing needs to be read
    while rest and (block := stream.read(min(rest, _BLOCK))):
        blocks.append(block)
        rest -= len(block)
    if not rest:
        raise OSError(EFBIG, f"it has more than {MOST_BYTES:,} bytes; split it, or use JSON Lines or CSV")
    return b"".join(blocks)


def _size(stream: BinaryIO) -> int | None:
    """Return the size of a regular file; None for anything else."""
    with suppress(OSError):
        found = os.fstat(stream.fileno())
        if stat.S_ISREG(found.st_mode):
            return found.st_size
    return None


class BoundedLines(io.RawIOBase):
    """A stream whose lines are not too long."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read from `stream`."""
        self._stream = stream
        self._length = 0  # of the line so far

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill a buffer with the next bytes, and return their number, 0 at the end.

        Raises:
            OSError: if the line is too long.
        """
        view = memoryview(buffer)
        block = self._stream.read(len(view))
        end = block.rfind(b"\n") + 1
        self._length = len(block) - end + (0 if end else self._length)
        if self._length > LONGEST_LINE:
            raise OSError(EFBIG, f"a line has more than {LONGEST_LINE:,} bytes")
        view[: len(block)] = block
        return len(block)

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()
        super().close()
