"""Compare keys regardless of case, apostrophes, dashes and spacing, and find the keys closest to a misspelled one."""

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final, Literal

APOSTROPHES: Final = "\u2018\u2019\u201b\u02bc\u2032\u00b4`"
"""The characters that are written for an apostrophe, except the apostrophe itself."""
DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
"""The hyphens, dashes and minus signs, except the ASCII hyphen."""
# In keys, dashes and underscores separate words, as spaces do.
_MARKS: Final = str.maketrans(
    {**dict.fromkeys(APOSTROPHES, "'"), **dict.fromkeys(f"-_\u00ad{DASHES}", " "), "&": " and "}
)
_ASCII: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_`", "abcdefghijklmnopqrstuvwxyz  '")
_CHUNK: Final = 256
_MOST_MARKS: Final = 30


def fold(key: str) -> str:
    r"""Return a key in the form that all its spellings share.

    Case, the type of apostrophe, and whether words are separated by spaces, dashes or underscores make no difference,
    nor does `&` for `and`. Everything else does.

    >>> fold("LLEAPS n\u2019  BOUNDS") == fold("lleaps N' Bounds")
    True
    >>> fold("Health & Safety") == fold("health-and-safety")
    True
    """
    if key.isascii():  # most keys are: same result, several times as fast
        plain = key.replace("&", " and ") if "&" in key else key
        return " ".join(plain.translate(_ASCII).split())
    return " ".join(normalize("NFKC", key.translate(_MARKS)).casefold().translate(_MARKS).split())


def fold_all(keys: Iterable[str]) -> Iterator[str]:
    """Fold many keys, several times as fast as `fold` on each: most are translated in one call per chunk.

    >>> [*fold_all(["Health-Unit", "n\u2019 BOUNDS"])]
    ['health unit', "n' bounds"]
    """
    remaining = iter(keys)
    while chunk := [*islice(remaining, _CHUNK)]:
        text = "\n".join(chunk)
        plain = text.replace(" & ", " and ").translate(_ASCII)
        folded = plain.split("\n")
        is_plain = text.isascii() and "&" not in plain and len(folded) == len(chunk)
        yield from folded if is_plain and _is_single_spaced(plain) else map(fold, chunk)


def _is_single_spaced(lines: str) -> bool:
    """Return whether each line consists of printable words separated by single spaces."""
    words = f" {lines} ".replace("\n", " ")
    return words.isprintable() and "  " not in words


def closest(key: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Return the known keys most like `key`, best first: those that contain all its words, then similar spellings.

    >>> closest("reveer", ["revere", "amherst"])
    ('revere',)
    """
    import difflib

    wanted = fold(key)
    spellings: dict[str, str] = {}
    for text in known:
        spellings.setdefault(fold(text), text)
    containing = [folded for folded in spellings if _contains(folded.split(), wanted.split())]
    containing.sort(key=lambda folded: -difflib.SequenceMatcher(None, wanted, folded).ratio())
    similar = difflib.get_close_matches(wanted, spellings, n=limit)
    return tuple(spellings[folded] for folded in dict.fromkeys(containing + similar))[:limit]


def closest_of(known: Collection[str], most: int = 20) -> Callable[[str], tuple[str, ...]]:
    """Return a function that finds the closest of many known keys, for the first `most` distinct keys only.

    Each search compares a key with all known ones, so thousands of misspelled keys would take too long.
    """
    found: dict[str, tuple[str, ...]] = {}

    def find(key: str) -> tuple[str, ...]:
        if key not in found and len(found) < most:
            found[key] = closest(key, known)
        return found.get(key, ())

    return find


def _contains(words: list[str], wanted: list[str]) -> bool:
    """Return whether each wanted word, or a word that shares its beginning, is among the words."""
    return bool(wanted) and all(any(_share_beginning(word, one) for word in words) for one in wanted)


def _share_beginning(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) > len("the") and (one.startswith(other) or other.startswith(one)))


def normalize(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    r"""Return text in a Unicode normalization form, in linear time.

    Sorting the marks on one character takes quadratic time. Of more than 30, which no language uses, the rest is
    dropped; Unicode's stream-safe text format has the same bound.

    >>> normalize("NFC", "Caf" + "e\u0301"), len(normalize("NFC", "e" + "\u0316\u0301" * 100_000))
    ('Caf\xe9', 30)
    """
    import unicodedata  # which most keys do not need

    if len(text) > _MOST_MARKS and not text.isascii():
        kept: list[str] = []
        marks = 0
        for one in text:
            marks = marks + 1 if _is_mark(one) else 0
            if marks <= _MOST_MARKS:
                kept.append(one)
        text = "".join(kept)
    return unicodedata.normalize(form, text)


@lru_cache(maxsize=4096)
def _is_mark(one: str) -> bool:
    import unicodedata

    return unicodedata.combining(unicodedata.normalize("NFKD", one)[0]) != 0
