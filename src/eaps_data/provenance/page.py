"""Cut the text of a page into numbered sentences.

A line is one paragraph. A heading starts a section and is its paragraph 0. A sentence ends at a full stop, question
mark or exclamation mark that is followed by a space and a capital letter; where the page omits the full stop, two
sentences count as one.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from eaps_data._internal.text_keys import APOSTROPHES, DASHES
from eaps_data.models.records import Evidence, place_text

_SENTENCE_END: Final = re.compile(r"(?<=[.!?]) (?=[A-Z])")
_MUNICIPALITY: Final = re.compile(r"(?:Town|City) of [A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,3}")
_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys(APOSTROPHES, "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
        **dict.fromkeys(DASHES, "-"),
    }
)
_INVISIBLE: Final = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))


class Place(NamedTuple):
    """The location of a sentence: the section's heading, the paragraph (0 is the heading), the sentence (from 1)."""

    section: str
    paragraph: int
    sentence: int

    def __str__(self) -> str:
        return place_text(self.section or "before the first heading", self.paragraph, self.sentence)


def place_of(row: Evidence) -> Place:
    """Return the location of an evidence row's quote."""
    return Place(row.section or "", row.paragraph or 0, row.sentence or 0)


class Sentence(NamedTuple):
    """One sentence of a page and its location."""

    section: str
    paragraph: int
    sentence: int
    text: str

    @property
    def place(self) -> Place:
        """The sentence's location."""
        return Place(self.section, self.paragraph, self.sentence)


def fold_spaces(text: str) -> str:
    r"""Replace every run of white space, no-break spaces included, by one space, and strip the ends.

    >>> fold_spaces("Town of Winthrop\u00a0 ")
    'Town of Winthrop'
    """
    return " ".join(text.split())


def comparable(text: str) -> str:
    r"""Remove the differences that copying and typesetting make: spaces, curly quotes, dashes, ligatures.

    >>> comparable("don\u2019t \u201cdo\u201d\u00a0it")
    'don\'t "do" it'
    """
    return fold_spaces(unicodedata.normalize("NFKC", text.translate(_PLAIN | _INVISIBLE)).translate(_PLAIN))


def names_a_municipality(line: str) -> bool:
    """Return whether a line is the heading of a town or city, known or new.

    >>> names_a_municipality("Town of Mount Washington"), names_a_municipality("Town of Winthrop has begun.")
    (True, False)
    """
    return _MUNICIPALITY.fullmatch(line) is not None


def visible_lines(lines: Iterable[str]) -> list[str]:
    """Return the lines that have text, with white space folded and invisible characters removed."""
    return [*filter(None, (fold_spaces(line.translate(_INVISIBLE)) for line in lines))]


def split_sentences(paragraph: str) -> list[str]:
    """Split a paragraph, with white space folded, into its sentences."""
    return _SENTENCE_END.split(paragraph)


def read_page(lines: Iterable[str], headings: Collection[str]) -> tuple[Sentence, ...]:
    """Cut a page into sentences, in order.

    Args:
        lines: The page, one paragraph per line.
        headings: The headings that start sections. A line that is just the name of a town or city is always one.

    Returns:
        The sentences. The section of those before the first heading is the empty string.

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
    for line in visible_lines(lines):
        plain = comparable(line)
        if plain in known or names_a_municipality(plain):
            section, paragraph = known.get(plain, plain), 0
            sentences.append(Sentence(section, 0, 1, line))
        else:
            paragraph += 1
            parts = enumerate(split_sentences(line), start=1)
            sentences.extend(Sentence(section, paragraph, number, part) for number, part in parts)
    return tuple(sentences)
