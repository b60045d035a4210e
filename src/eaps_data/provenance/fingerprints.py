"""Fingerprints: what the package keeps of each sentence of the page instead of its text, and how to find it again."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from eaps_data._internal import canonical_json, resources
from eaps_data.errors import EapsDataError, Problem
from eaps_data.models.records import Evidence
from eaps_data.provenance.page import Place, Sentence, comparable, place_of, split_sentences, visible_lines
from eaps_data.rules.problem import violation

_NOWHERE: Final = -2
"""The index of an unmatched sentence: neither it nor the ones next to it are on the page."""


class Fingerprint(NamedTuple):
    """One sentence of the page as it was read.

    Attributes:
        section: The heading of its section.
        paragraph: The paragraph of the section; 0 is the heading.
        sentence: The sentence of the paragraph, from 1.
        hash: The first 16 hexadecimal digits of the SHA-256 of its text.
        needs_evidence: False for a label and for text about the site.
    """

    section: str
    paragraph: int
    sentence: int
    hash: str
    needs_evidence: bool

    @property
    def place(self) -> Place:
        """The sentence's location."""
        return Place(self.section, self.paragraph, self.sentence)


def hash_sentence(text: str) -> str:
    """Return the hash of a sentence, which spaces, curly quotes and dashes do not change."""
    return hashlib.sha256(comparable(text).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def take_fingerprints(
    sentences: Iterable[tuple[Place, str]], without_evidence: Collection[Place] = ()
) -> tuple[Fingerprint, ...]:
    """Take the fingerprints of a page.

    Args:
        sentences: The location and the text of each sentence.
        without_evidence: The locations of the sentences that need no evidence.
    """
    return tuple(Fingerprint(*place, hash_sentence(text), place not in without_evidence) for place, text in sentences)


def packaged() -> tuple[Fingerprint, ...]:
    """Return the fingerprints of the page that the packaged data comes from."""
    return tuple(Fingerprint(**row) for row in json.loads(resources.fingerprints()))


def of_folder(folder: Path) -> tuple[Fingerprint, ...]:
    """Return the fingerprints of the page that the data of a folder comes from; none if the folder has none yet.

    Raises:
        EapsDataError: If the file does not hold fingerprints.
    """
    path = folder / resources.FINGERPRINTS
    try:
        return tuple(Fingerprint(**row) for row in json.loads(path.read_bytes())) if path.exists() else ()
    except (ValueError, TypeError):
        raise EapsDataError(
            f"{path}: the file does not hold fingerprints; restore it: git -C {folder} checkout -- {path.name}"
        ) from None


def gaps(known: Sequence[Fingerprint], rows: Iterable[Evidence], source: str) -> Iterator[Problem]:
    """Yield a problem for each row in a sentence that is not known, and for each sentence that needs evidence."""
    places = {each.place for each in known}
    quoted: set[Place] = set()
    for index, row in enumerate(rows):
        if row.source != source:
            continue
        place = place_of(row)
        quoted.add(place)
        if place not in places:
            message = f"the page has no sentence at {place}; find the sentence with: eaps-data check --page PAGE --fix"
            yield violation("page-quote", message, ("evidence", index), row.subject, row.field)
    for each in known:
        if each.needs_evidence and each.place not in quoted:
            message = f"no evidence quotes {each.place}; add its claims with: eaps-data draft PAGE"
            yield violation("page-sentence", message, ("evidence",))


def to_json(fingerprints: Iterable[Fingerprint]) -> str:
    """Return the content of the file of fingerprints."""
    return canonical_json.to_json([each._asdict() for each in fingerprints])


def find_headings(lines: Iterable[str], known: Sequence[Fingerprint]) -> set[str]:
    """Return the headings of a page: the known ones, and new lines that replaced one of them.

    A line replaced a missing heading if it is right before the first paragraph of that heading's section, and is
    neither a known sentence nor a whole one. If nothing is known yet, the first line is the title of the page.
    """
    visible = visible_lines(lines)
    if not known:
        return {*visible[:1]}
    present = {comparable(line) for line in visible}
    headings = {each.section for each in known}
    missing = {heading for heading in headings if comparable(heading) not in present}
    known_hashes = {each.hash for each in known}
    first_paragraphs = {each.hash for each in known if each.section in missing and each.paragraph == 1}
    return headings | {
        line
        for line, following in pairwise(visible)
        if line[-1] not in ".!?:"
        and hash_sentence(line) not in known_hashes
        and any(hash_sentence(sentence) in first_paragraphs for sentence in split_sentences(following))
    }


def match_sentences(
    known: Sequence[Fingerprint], page: Sequence[Sentence], quotes: Mapping[Place, Collection[str]]
) -> dict[int, int]:
    """Match the sentences of a page with the known ones, one to one.

    The rules, each for what those before it left:

    1. Equal hashes match; of equal sentences, those at the same place first.
    2. A sentence matches one that still has a quote from it; in another section, one that has more than half of its
       quoted text. The one that has most of it comes first, then the nearest.
    3. A heading matches the new heading under which at least half of its section's sentences are now.
    4. A sentence matches the only one between the matches of its two neighbors, or between one and the end of the
       section, however different.

    Args:
        known: The fingerprints of the page as it was read.
        page: The sentences of the page as it is.
        quotes: The quotes from each known sentence, as `comparable` returns them.

    Returns:
        Indexes of `known`, each with the index of `page` that it matches.
    """
    matching = _Matching(known, page)
    matching.add(matching.by_hash())
    matching.add(matching.by_quotes(quotes))
    matching.add(matching.by_section())
    matching.add(matching.by_neighbors())
    return matching.matches


class _Matching:
    """The matches so far; each rule returns pairs of indexes, best first, and those that are still free are added."""

    def __init__(self, known: Sequence[Fingerprint], page: Sequence[Sentence]) -> None:
        self.known, self.page = known, page
        self.matches: dict[int, int] = {}
        self.free = dict.fromkeys(range(len(page)))

    def add(self, pairs: Iterable[tuple[int, int]]) -> None:
        for old, new in pairs:
            if old not in self.matches and new in self.free:
                self.matches[old] = new
                del self.free[new]

    def by_hash(self) -> list[tuple[int, int]]:
        positions: defaultdict[str, list[int]] = defaultdict(list)
        for new, sentence in enumerate(self.page):
            positions[hash_sentence(sentence.text)].append(new)
        pairs = [(old, new) for old, each in enumerate(self.known) for new in positions[each.hash]]
        return sorted(pairs, key=lambda pair: self.known[pair[0]].place != self.page[pair[1]].place)

    def by_quotes(self, quotes: Mapping[Place, Collection[str]]) -> list[tuple[int, int]]:
        texts = {new: comparable(self.page[new].text) for new in self.free if self.page[new].paragraph}
        found: list[tuple[int, tuple[bool, int, int], int, int]] = []
        for old, each in enumerate(self.known):
            if old in self.matches or not each.paragraph:
                continue
            quoted = quotes.get(each.place, ())
            half = sum(map(len, quoted)) / 2
            for new, text in texts.items():
                place = self.page[new].place
                kept = sum(len(quote) for quote in quoted if quote in text)
                if kept > (0 if place.section == each.section else half):
                    found.append((-kept, _distance(each.place, place), old, new))
        return [(old, new) for _, _, old, new in sorted(found)]

    def by_section(self) -> Iterator[tuple[int, int]]:
        old_headings = {each.section: old for old, each in enumerate(self.known) if not each.paragraph}
        new_headings = {self.page[new].section: new for new in self.free if not self.page[new].paragraph}
        sizes = Counter(each.section for each in self.known if each.paragraph)
        moves = Counter(
            (self.known[old].section, self.page[new].section)
            for old, new in self.matches.items()
            if self.known[old].paragraph
        )
        for (was, now), count in moves.most_common():
            if was in old_headings and now in new_headings and 2 * count >= sizes[was]:
                yield old_headings[was], new_headings[now]

    def by_neighbors(self) -> Iterator[tuple[int, int]]:
        last_of_section = {
            new for new in range(len(self.page)) if new + 1 == len(self.page) or not self.page[new + 1].paragraph
        }
        for old, each in enumerate(self.known):
            new = self.matches.get(old - 1, _NOWHERE) + 1 if old else self.matches.get(1, _NOWHERE) - 1
            following = self.matches.get(old + 1, _NOWHERE) if old + 1 < len(self.known) else new + 1
            ends_section = each.paragraph and following != new + 1 and not self.known[old + 1].paragraph
            if new not in self.free or (not each.paragraph) != (not self.page[new].paragraph):
                continue
            if following == new + 1 or (ends_section and new in last_of_section):
                yield old, new


def _distance(one: Place, other: Place) -> tuple[bool, int, int]:
    return one.section != other.section, abs(one.paragraph - other.paragraph), abs(one.sentence - other.sentence)
