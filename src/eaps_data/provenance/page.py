"""Read a saved copy of the page, as plain text, into numbered sentences.

A line is a paragraph. A line that is one of the known headings begins a section, and is its paragraph 0.
Sentences are cut where a full stop, a question mark or an exclamation mark is followed by a space and a
capital letter, and nowhere else: where the page itself drops a full stop, two sentences count as one.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, and its place: heading of the section, paragraph (0 is the heading), sentence (from 1)."""

    section: str
    paragraph: int
    sentence: int
    text: str


def fold_spaces(text: str) -> str:
    r"""Make every run of white space, no-break spaces included, one space, and none at the ends.

    >>> fold_spaces("Town of Winthrop\u00a0 ")
    'Town of Winthrop'
    """
    return " ".join(text.split())


def read_page(text: str, headings: Collection[str]) -> tuple[Sentence, ...]:
    r"""Cut the page's text into sentences, in order.

    Args:
        text: the page, one line a paragraph.
        headings: the headings that begin sections, with white space folded.

    Raises:
        ValueError: when words stand before the first heading.

    >>> for sentence in read_page("Title\n\nOne. Two.", headings=["Title"]):
    ...     print(sentence.section, sentence.paragraph, sentence.sentence, sentence.text)
    Title 0 1 Title
    Title 1 1 One.
    Title 1 2 Two.
    """
    sentences: list[Sentence] = []
    section, paragraph = None, 0
    for line in filter(None, map(fold_spaces, text.splitlines())):
        if line in headings:
            section, paragraph = line, 0
            sentences.append(Sentence(line, 0, 1, line))
            continue
        if section is None:
            raise ValueError(f"the page begins with {line[:40]!r}, which is none of its headings")
        paragraph += 1
        sentences.extend(
            Sentence(section, paragraph, number, part) for number, part in enumerate(_SENTENCE_END.split(line), start=1)
        )
    return tuple(sentences)
