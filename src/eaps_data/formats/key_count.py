"""Find out whether a JSON text repeats a key, without parsing it again: by counting colons."""

import re
from typing import Final

# The colon comes first, so that the search only stops at colons.
_INSIDE_STRINGS: Final = re.compile(rb':(?<![" \t\n\r]:)').findall


def keys_are_distinct(text: bytes, key_count: int) -> bool:
    """Return whether a text certainly repeats no key, and has no other keys than those that a parser kept.

    Each key has a colon, which follows a quote or white space; any other colon is inside a string. So a text without
    those has at least as many colons as keys. If it has just as many as the parser kept, all of them distinct, then no
    key is repeated.

    Args:
        text: the text, which a parser has accepted.
        key_count: how many keys the parser kept.
    """
    colons = text.count(b":")
    return colons == key_count or colons - len(_INSIDE_STRINGS(text)) == key_count
