"""Whether a JSON text repeats a key, told from what a parser made of it without reading it again."""

import re
from typing import Final

# Python's regular expressions find a pair of bytes in half the time that its bytes do.
_SAMPLE: Final = 1024
_SPACED: Final = {space: re.compile(space + b":").search for space in (b" ", b"\n", b"\r", b"\t")}


def keys_are_distinct(text: bytes, keys: int, *, joined: bool = False) -> bool:
    """Whether a JSON text surely has no key twice, and none but those that are told, being valid.

    Each key has a colon, and texts may have more. So there are at least as many colons as keys; if there are no more
    than different keys that are told, no key stands twice, and no other stands there. Where texts have colons, those
    behind a quote are counted: a key ends in `":`, if no space parts the two after any key.

    Args:
        text: the text.
        keys: how many keys the objects have that were made of it, each a key of the text.
        joined: whether line breaks stand between values only.
    """
    has_others = text.count(b":", 0, _SAMPLE) != text.count(b'":', 0, _SAMPLE)  # counting all of them is then in vain
    if not has_others and text.count(b":") == keys:
        return True
    spaces = (space for space in _SPACED if not (joined and space == b"\n"))
    return text.count(b'":') == keys and not any(space in text and _SPACED[space](text) for space in spaces)
