"""Find out whether a JSON text repeats a key, without reading it again: by counting colons."""

import re
from typing import Final

# A regular expression finds two bytes in half the time that `in` does.
_SPACED: Final = {space: re.compile(space + b":").search for space in (b" ", b"\n", b"\r", b"\t")}


def keys_are_distinct(text: bytes, key_count: int) -> bool:
    """Return whether a text certainly repeats no key, and has no other keys than those that a parser kept.

    Each key has a colon, so a text has at least as many colons as keys. If it has just as many as the parser kept,
    all of them distinct, no key is repeated. If it has more, some are in strings; then the colons right after a quote
    are counted, provided that no key is separated from its colon by a space.

    Args:
        text: the text, which a parser has accepted.
        key_count: how many keys the parser kept.
    """
    if text.count(b":") == key_count:
        return True
    return text.count(b'":') == key_count and not any(space in text and _SPACED[space](text) for space in _SPACED)
