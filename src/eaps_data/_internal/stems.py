"""Stems of English words, so that `evaluate` finds `evaluation`: a short list of endings, for search only.

The steps follow Porter's stemmer, with fewer endings. Endings that would merge words of different meanings, such as
`police` and `policy`, `diversion` and `diverse`, or `community` and `communication`, are left alone.
"""

import re
from typing import Final

_MIN_WORD: Final = 4  # shorter words are often acronyms: EMS is no plural
_MIN_STEM: Final = 4
_MIN_REPLACED: Final = 5  # `unity` is not `unit`, and `mention` is not `ment`
WHOLE: Final = frozenset(("career", "officer"))
"""Words that keep their ending, because without it they would be another word."""
_VOWEL: Final = re.compile("[aeiouy]")
_SHORT: Final = re.compile("[^aeiou][aeiou][^aeiouwxy]")  # what is left of `caring` and `based`
_SIBILANTS: Final = ("ches", "shes", "sses", "xes", "zzes")
ENDINGS: Final = (
    # Each replacement may end in another ending of the list: hospitalization, hospital, hospit.
    ("ization", ""),
    ("ability", ""),
    ("ically", "ic"),
    ("ative", ""),
    ("ation", ""),
    ("ality", "al"),
    ("ator", ""),
    ("able", ""),
    ("ment", ""),
    ("ness", ""),
    ("ical", "ic"),
    ("tion", "t"),
    ("ssion", "ss"),
    ("ate", ""),
    ("ery", ""),
    ("ial", ""),
    ("ist", "ism"),
    ("ity", "it"),
    ("ive", ""),
    ("ize", ""),
    ("al", ""),
    ("er", ""),
    ("ly", ""),
    ("or", ""),
    ("e", ""),
)


def singular(word: str) -> str:
    """Return a word in lower case without the ending of a plural or possessive.

    >>> [singular(word) for word in ("inequities", "coaches", "clinicians", "lawrence's", "ems")]
    ['inequity', 'coach', 'clinician', 'lawrence', 'ems']
    """
    word = word.removesuffix("'s").removesuffix("'")
    if len(word) < _MIN_WORD or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > len("ties"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(_SIBILANTS) else word[:-1]


def stem(word: str) -> str:
    """Return what a word in lower case has in common with its other forms. It is often not a word itself.

    >>> stem("evaluate") == stem("evaluation") == stem("evaluating"), stem("racist") == stem("racism")
    (True, True)
    >>> stem("university") == stem("universe"), stem("police") == stem("policy")
    (False, False)
    """
    word = _without_inflection(singular(word))
    while word not in WHOLE and (shorter := _without_ending(word)):
        word = shorter
    return word


def _without_ending(word: str) -> str | None:
    for ending, replacement in ENDINGS:
        if word.endswith(ending):
            shorter = word[: -len(ending)] + replacement
            if len(shorter) >= (_MIN_REPLACED if replacement else _MIN_STEM):
                return shorter
    return None


def _without_inflection(word: str) -> str:
    """Return a verb without `ing` or `ed`: `mapping` is `map`, `creating` is `create`."""
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest == word or len(rest) < len("map") or not _VOWEL.search(rest) or word.endswith("eed"):
            continue
        if rest[-1] == rest[-2] and rest[-1] not in "lsz":
            return rest[:-1]
        return rest + "e" if rest.endswith(("at", "iz", "bl")) or _SHORT.fullmatch(rest) else rest
    return word
