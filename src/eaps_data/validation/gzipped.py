"""Gzipped input, with a bound on what it expands to."""

import gzip
import io
import zlib
from typing import BinaryIO, Final

from eaps_data.validation.inputs import UnreadableError

# Honest data compresses tenfold or so; a bomb a thousandfold. Small files may do as they like.
_MOST_EXPANSION: Final = 100
_ALWAYS_ALLOWED: Final = 64 * 2**20


class Expanded(io.RawIOBase):
    """A gzipped stream, expanded as it is read, that refuses to expand beyond measure."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._plain = gzip.GzipFile(fileobj=packed, mode="rb")
        self._expanded = 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a buffered reader gives a memoryview
        """Fill a buffer with what comes next; the bytes' number, 0 at the end.

        Raises:
            UnreadableError: when it is not whole gzip data, or expands beyond measure.
        """
        try:
            chunk = self._plain.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableError(f"it is not whole gzip data ({error})") from None
        self._expanded += len(chunk)
        if self._expanded > max(_ALWAYS_ALLOWED, _MOST_EXPANSION * self._packed.tell()):
            raise UnreadableError(f"it expands to more than {_MOST_EXPANSION} times its size")
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        """Close it, and what it is read from."""
        self._plain.close()
        self._packed.close()
        super().close()
