"""How keys are compared: in any case, with any apostrophe, dash and spacing; and which keys resemble one."""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import Final

APOSTROPHES: Final = "\u2018\u2019\u201b\u02bc\u2032\u00b4`"
"""The characters that are written for an apostrophe, except the apostrophe itself."""
DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
"""The hyphens, dashes and minus signs, except the ASCII hyphen."""

_MARKS = str.maketrans(
    {
        **dict.fromkeys(APOSTROPHES, "'"),
        **dict.fromkeys("-_\u00ad" + DASHES, " "),
        "&": " and ",
    }
)
_ASCII = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_`", "abcdefghijklmnopqrstuvwxyz  '")
_AT_ONCE = 256


def fold(key: str) -> str:
    r"""Reduce a key to what it has in common with its other spellings.

    Case, the kind of apostrophe, and whether words are parted by spaces, hyphens or underscores make no
    difference, nor does `&` for `and`. Everything else does.

    >>> fold("LLEAPS n\u2019  BOUNDS") == fold("lleaps N' Bounds")
    True
    >>> fold("Health & Safety") == fold("health-and-safety")
    True
    """
    if key.isascii():  # as most keys are: the same, but several times as fast
        plain = key.replace("&", " and ") if "&" in key else key
        return " ".join(plain.translate(_ASCII).split())
    import unicodedata

    return " ".join(unicodedata.normalize("NFKC", key.translate(_MARKS)).casefold().translate(_MARKS).split())


def fold_all(keys: Iterable[str]) -> Iterator[str]:
    """What `fold` makes of each key, several times as fast: most need no more than other letters.

    >>> [*fold_all(["Health-Unit", "n\u2019 BOUNDS"])]
    ['health unit', "n' bounds"]
    """
    left = iter(keys)
    while some := [*islice(left, _AT_ONCE)]:
        text = "\n".join(some)
        plain = text.replace(" & ", " and ").translate(_ASCII)
        folded = plain.split("\n")
        is_plain = text.isascii() and "&" not in plain and len(folded) == len(some)
        yield from folded if is_plain and _are_words(plain) else map(fold, some)


def _are_words(lines: str) -> bool:
    """Whether each line is made of words with single spaces between them, and of nothing else."""
    words = f" {lines} ".replace("\n", " ")
    return words.isprintable() and "  " not in words


def closest(key: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """The known keys that resemble `key`, best first: those with all its words, then those spelled alike.

    >>> closest("reveer", ["revere", "amherst"])
    ('revere',)
    """
    import difflib

    wanted = fold(key)
    spelled: dict[str, str] = {}
    for text in known:
        spelled.setdefault(fold(text), text)
    containing = [folded for folded in spelled if _contains(folded.split(), wanted.split())]
    containing.sort(key=lambda folded: -difflib.SequenceMatcher(None, wanted, folded).ratio())
    alike = difflib.get_close_matches(wanted, spelled, n=limit)
    return tuple(spelled[folded] for folded in dict.fromkeys(containing + alike))[:limit]


def closest_of(known: Collection[str], most: int = 20) -> Callable[[str], tuple[str, ...]]:
    """What finds the closest of many keys, but not for every one of thousands: each takes a look at all."""
    told: dict[str, tuple[str, ...]] = {}

    def find(key: str) -> tuple[str, ...]:
        if key not in told and len(told) < most:
            told[key] = closest(key, known)
        return told.get(key, ())

    return find


def _contains(words: list[str], wanted: list[str]) -> bool:
    """Whether each wanted word, or its beginning, is among the words."""
    return bool(wanted) and all(any(_begin_alike(word, one) for word in words) for one in wanted)


def _begin_alike(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) > len("the") and (one.startswith(other) or other.startswith(one)))
