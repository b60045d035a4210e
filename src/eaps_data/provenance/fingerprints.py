"""What the package keeps of the page: not its text, but what tells whether a text is the same, or much the same.

Of each sentence, a hash says whether it stands unaltered, and a sketch how much of it does. The sketch is a MinHash
of the sentence's pairs of words (Broder 1997, "On the resemblance and containment of documents").
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Final

from eaps_data._internal import resources
from eaps_data.provenance.page import Place, Sentence, comparable

_SIZE: Final = 48  # of a sketch: its error is about 0.07
_PRIME: Final = 2**61 - 1
_WORD: Final = re.compile(r"\w+(?:'\w+)*")


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=7).digest(), "big")


_SHUFFLES: Final = [(_number(f"times {index}"), _number(f"plus {index}")) for index in range(_SIZE)]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One sentence of the page.

    Attributes:
        section: the heading of its section.
        paragraph: the paragraph of the section; 0 is the heading.
        sentence: the sentence of the paragraph, from 1.
        characters: how long it is.
        hash: the first 16 digits of its SHA-256.
        sketch: tells how alike it is to another one.
        says_nothing: whether it is a label, or the site's own words, so that no evidence needs to reach it.
    """

    section: str
    paragraph: int
    sentence: int
    characters: int
    hash: str
    sketch: str
    says_nothing: bool = False

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.section, self.paragraph, self.sentence)


def fingerprint(sentence: Sentence, *, says_nothing: bool = False) -> Fingerprint:
    """Take the fingerprint of a sentence."""
    text = comparable(sentence.text)
    return Fingerprint(
        section=sentence.section,
        paragraph=sentence.paragraph,
        sentence=sentence.sentence,
        characters=len(text),
        hash=hash_of(text),
        sketch=sketch(text),
        says_nothing=says_nothing,
    )


def hash_of(text: str) -> str:
    """The hash of a text that `comparable` has made."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def sketch(text: str) -> str:
    """The sketch of a text, in hexadecimal: four digits a part."""
    words = ["", *_WORD.findall(text.casefold()), ""]
    pairs = [_number(f"{one} {other}") for one, other in pairwise(words)]
    return "".join(f"{min((times * pair + plus) % _PRIME for pair in pairs) & 0xFFFF:04x}" for times, plus in _SHUFFLES)


def alikeness(one: str, other: str) -> float:
    """How alike two texts are by their sketches: from 0, nothing in common, to 1, the same pairs of words.

    >>> alikeness(sketch("the team helps residents"), sketch("the team helps residents today")) > 0.4
    True
    """
    return sum(one[at : at + 4] == other[at : at + 4] for at in range(0, 4 * _SIZE, 4)) / _SIZE


def fingerprints_of(sentences: Iterable[Sentence], says_nothing: Collection[str] = ()) -> tuple[Fingerprint, ...]:
    """Take the fingerprints of a page.

    Args:
        sentences: the page's sentences, from `read_page`.
        says_nothing: the hashes of those that no evidence needs to reach.
    """
    return tuple(fingerprint(each, says_nothing=hash_of(comparable(each.text)) in says_nothing) for each in sentences)


def packaged() -> tuple[Fingerprint, ...]:
    """The fingerprints of the page that the packaged data was read from."""
    return tuple(Fingerprint(**row) for row in json.loads(resources.fingerprints()))


def to_rows(fingerprints: Iterable[Fingerprint]) -> list[dict[str, Any]]:
    """The fingerprints as plain data."""
    return [asdict(each) for each in fingerprints]
