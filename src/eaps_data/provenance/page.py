"""Cut the text of a page into numbered sentences.

A line is one paragraph. A heading starts a section and is its paragraph 0. A sentence ends at a full stop, question
mark or exclamation mark that is followed by a space and a capital letter; where the page omits the full stop, two
sentences count as one.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from eaps_data._internal.text_keys import APOSTROPHES, DASHES, normalize
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
_MAX_WORDS: Final = 12  # of a quote
_CANDIDATES: Final = 20  # phrases of a sentence that are compared with a quote
_MIN_SHARE: Final = 0.4  # of a quote's words, in a phrase that may have replaced it
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
    return fold_spaces(normalize("NFKC", text.translate(_PLAIN | _INVISIBLE)).translate(_PLAIN))


def slug(name: str) -> str:
    """Return a name as an id.

    >>> slug("Mount O'Neil & Hall")
    'mount-oneil-and-hall'
    """
    plain = comparable(name).lower().replace("'", "").replace("&", " and ")
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")


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


def nearest_phrase(quote: str, sentences: Iterable[str]) -> str | None:
    """Return the phrase that is most like a quote and at most twelve words long; None if none is like it.

    >>> nearest_phrase("nurses visit residents at home", ["Since May, its nurses often see residents at home, too."])
    'nurses often see residents at home'
    """
    wanted = [*map(_plain_word, quote.split())]
    best, likeness = None, (0.0, 0, 0.0)
    for sentence in sentences:
        words = fold_spaces(sentence).split()
        plain = [*map(_plain_word, words)]
        sizes = range(max(1, len(wanted) - 3), min(_MAX_WORDS, len(words), len(wanted) + 3) + 1)
        spans = [slice(start, start + size) for size in sizes for start in range(len(words) - size + 1)]
        # Comparing the order of words and letters is slow, so only the phrases that share most words are compared.
        spans.sort(key=lambda span: -(Counter(wanted) & Counter(plain[span])).total())
        for span in spans[:_CANDIDATES]:
            phrase = plain[span]
            in_order = sum(block.size for block in SequenceMatcher(None, wanted, phrase, False).get_matching_blocks())
            if in_order < _MIN_SHARE * len(wanted):
                continue
            letters = SequenceMatcher(None, " ".join(wanted), " ".join(phrase), False).ratio()
            difference = abs(len(phrase) - len(wanted))
            score = (in_order - difference / 2, -difference, letters)
            if score > likeness:
                best, likeness = " ".join(words[span]).rstrip(",;:."), score
    return best


def _plain_word(word: str) -> str:
    return comparable(word).casefold().strip(",;:.")


class PageText:
    """The sentences of a page by location, to find quotes in.

    >>> text = PageText([(Place("Town of A", 1, 1), "A has a team."), (Place("Town of A", 1, 2), "The team is new.")])
    >>> [str(place) for place in text.places("new")]
    ['Town of A, paragraph 1, sentence 2']
    """

    def __init__(self, sentences: Iterable[tuple[Place, str]]) -> None:
        """Index the sentences."""
        self._texts = dict(sentences)
        self._plain = {place: comparable(text) for place, text in self._texts.items()}

    def places(self, quote: str) -> list[Place]:
        """Return the location of each sentence that has a quote."""
        wanted = comparable(quote)
        return [place for place, text in self._plain.items() if wanted in text] if wanted else []

    def has(self, quote: str, place: Place) -> bool:
        """Return whether a quote is in the sentence at a location."""
        return comparable(quote) in self._plain.get(place, "")

    def exact(self, quote: str, place: Place) -> str:
        r"""Return a quote with the page's own characters: its apostrophes, quotation marks and dashes.

        >>> text = PageText([(Place("Town of A", 1, 1), "A\u2019s team \u2013 the first \u2013 helps.")])
        >>> text.exact("A's team - the first", Place("Town of A", 1, 1)) == "A\u2019s team \u2013 the first"
        True
        """
        wanted, words = comparable(quote), fold_spaces(self._texts.get(place, "")).split()
        size = len(wanted.split())
        for start in range(len(words) - size + 1):
            phrase = " ".join(words[start : start + size])
            plain = comparable(phrase)
            if wanted in plain and len(plain) == len(phrase):
                at = plain.index(wanted)
                return phrase[at : at + len(wanted)]
        return quote

    def not_found(self, quote: str, section: str | None) -> str:
        """Return the message that a quote is nowhere on the page, with the phrase of a section that is most like it."""
        texts = [text for place, text in self._texts.items() if section in {None, place.section}]
        nearest = nearest_phrase(quote, texts)
        return f'the quote "{quote}" is not on the page' + (f'; the nearest phrase is "{nearest}"' if nearest else "")

    def runs(self, length: int) -> set[tuple[str, ...]]:
        """Return each run of so many words within a sentence, regardless of case."""
        words = [text.casefold().split() for text in self._plain.values()]
        return {tuple(each[at : at + length]) for each in words for at in range(len(each) - length + 1)}
