"""Whether a JSON text repeats a key, told from what a parser made of it without reading it again."""

import re
from collections.abc import Callable, Iterable
from typing import Final

# Python's regular expressions find a pair of bytes in half the time that its bytes do.
_SPACED: Final = {space: re.compile(space + b":").search for space in (b" ", b"\n", b"\r", b"\t")}
_ESCAPED: Final = b"\\u003"  # how a colon may be written, and some other signs


def keys_are_distinct(text: bytes, keys: int, texts: Callable[[], Iterable[str]] | None = None) -> bool:
    """Whether a JSON text surely has no key twice, and none but those that are told, being valid.

    Each key has a colon, and texts may have more. So there are at least as many colons as keys; if there are no more
    than different keys that are told, no key stands twice, and no other stands there. Where there are more colons,
    those of the texts are counted, if none is written as an escape: a key that is not told has a colon besides.
    Without the texts, colons behind a quote are counted: a key ends in `":`, if no space parts the two after any key.

    Args:
        text: the text.
        keys: how many keys the objects have that were made of it, each a key of the text.
        texts: gives texts of the values that were made of it, each once, alone or many together; where some that
            have colons are left out, the answer may be no in vain.
    """
    colons = text.count(b":")
    if colons == keys:
        return True
    if texts is not None:
        if b"\\" in text and _ESCAPED in text:  # a single byte is found many times as fast
            return False
        left = colons - keys
        for some in texts():
            left -= some.count(":")
            if left == 0:
                return True
        return False
    return text.count(b'":') == keys and not any(space in text and _SPACED[space](text) for space in _SPACED)
