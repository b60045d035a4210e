"""Whether a JSON text repeats a key, told from what a parser made of it without reading it again."""

from collections.abc import Sequence


def keys_are_distinct(text: bytes, keys: int) -> bool:
    """Whether a JSON text surely has no key twice, being valid and having made so many different keys.

    Each key has a colon, and texts may have more. So there are at least as many colons as keys; if there are no more
    than different keys, no key stands twice.
    """
    return text.count(b":") == keys or _quotes_tell(text, keys)


def distinct_in_lines(lines: Sequence[bytes], keys: list[int]) -> bool:
    """The same of many lines."""
    colons = [line.count(b":") for line in lines]
    return colons == keys or all(
        number == own or _quotes_tell(line, own) for line, number, own in zip(lines, colons, keys, strict=True)
    )


def _quotes_tell(text: bytes, keys: int) -> bool:
    """The same where texts have colons: a key ends in `":`, if no space parts the two after any key."""
    if text.count(b'":') != keys or b" :" in text:
        return False
    # A byte is found many times as fast as a pair; few texts have a tab, and few lines a line break but at their end.
    return not any(text.find(space, 0, -2) >= 0 and space + b":" in text for space in (b"\n", b"\r", b"\t"))
