"""How keys are compared: in any case, with any apostrophe, dash and spacing; and which keys resemble one."""

import unicodedata
from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase

_MARKS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u00b4`", "'"),
        **dict.fromkeys("-_\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212", " "),
        "&": " and ",
    }
)
_ASCII = str.maketrans(f"{ascii_uppercase}-_`", f"{ascii_lowercase}  '")


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
    return " ".join(unicodedata.normalize("NFKC", key.translate(_MARKS)).casefold().translate(_MARKS).split())


def closest(key: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """The known keys that resemble `key`, best first: those with all its words, then those spelled alike.

    >>> closest("reveer", ["revere", "amherst"])
    ('revere',)
    """
    import difflib  # noqa: PLC0415 - only an error needs it

    wanted = fold(key)
    spelled: dict[str, str] = {}
    for text in known:
        spelled.setdefault(fold(text), text)
    containing = [folded for folded in spelled if _contains(folded.split(), wanted.split())]
    containing.sort(key=lambda folded: -difflib.SequenceMatcher(None, wanted, folded).ratio())
    alike = difflib.get_close_matches(wanted, spelled, n=limit)
    return tuple(spelled[folded] for folded in dict.fromkeys(containing + alike))[:limit]


def _contains(words: list[str], wanted: list[str]) -> bool:
    """Whether each wanted word, or its beginning, is among the words."""
    return bool(wanted) and all(any(_begin_alike(word, one) for word in words) for one in wanted)


def _begin_alike(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) > len("the") and (one.startswith(other) or other.startswith(one)))
