"""Cut the page's text into numbered sentences.

A line is a paragraph. A heading begins a section, and is its paragraph 0. Sentences are cut where a full stop, a
question mark or an exclamation mark is followed by a space and a capital letter, and nowhere else: where the page
itself drops a full stop, two sentences count as one.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

_SENTENCE_END: Final = re.compile(r"(?<=[.!?]) (?=[A-Z])")
_MUNICIPALITY: Final = re.compile(r"(?:Town|City) of [A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,3}")
_SAME: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
_UNSEEN: Final = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))


class Place(NamedTuple):
    """Where a sentence stands: heading of the section, paragraph (0 is the heading), sentence (from 1)."""

    section: str
    paragraph: int
    sentence: int

    def __str__(self) -> str:
        if self.paragraph == 0:
            return f"{self.section or 'before the first heading'}, heading"
        return f"{self.section or 'before the first heading'}, paragraph {self.paragraph}, sentence {self.sentence}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, and its place."""

    section: str
    paragraph: int
    sentence: int
    text: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.section, self.paragraph, self.sentence)


def fold_spaces(text: str) -> str:
    r"""Make every run of white space, no-break spaces included, one space, and none at the ends.

    >>> fold_spaces("Town of Winthrop\u00a0 ")
    'Town of Winthrop'
    """
    return " ".join(text.split())


def comparable(text: str) -> str:
    r"""A text without what copying and typesetting change: spaces, curly marks, kinds of dashes, ligatures.

    >>> comparable("don\u2019t \u201cdo\u201d\u00a0it")
    'don\'t "do" it'
    """
    return fold_spaces(unicodedata.normalize("NFKC", text.translate(_SAME | _UNSEEN)).translate(_SAME))


def names_a_municipality(line: str) -> bool:
    """Whether a line is the heading of a town or city, known or new.

    >>> names_a_municipality("Town of Mount Washington"), names_a_municipality("Town of Winthrop has begun.")
    (True, False)
    """
    return _MUNICIPALITY.fullmatch(line) is not None


def read_page(lines: Iterable[str], headings: Collection[str]) -> tuple[Sentence, ...]:
    """Cut the page's text into sentences, in order.

    Args:
        lines: the page, one line a paragraph.
        headings: the headings that begin sections, with white space folded. The name of a town or city alone on a
            line is a heading in any case.

    Returns:
        The sentences; the section of what stands before the first heading is the empty text.

    >>> for sentence in read_page(["Title", "", "One. Two.", "Town of A", "Three."], headings=["Title"]):
    ...     print(sentence.text, sentence.place, sep=" | ")
    Title | Title, heading
    One. | Title, paragraph 1, sentence 1
    Two. | Title, paragraph 1, sentence 2
    Town of A | Town of A, heading
    Three. | Town of A, paragraph 1, sentence 1
    """
    known = {comparable(heading): heading for heading in headings}
    sentences: list[Sentence] = []
    section, paragraph = "", 0
    for line in filter(None, (fold_spaces(line.translate(_UNSEEN)) for line in lines)):
        plain = comparable(line)
        if plain in known or names_a_municipality(plain):
            section, paragraph = known.get(plain, plain), 0
            sentences.append(Sentence(section, 0, 1, line))
            continue
        paragraph += 1
        sentences.extend(
            Sentence(section, paragraph, number, part) for number, part in enumerate(_SENTENCE_END.split(line), start=1)
        )
    return tuple(sentences)
