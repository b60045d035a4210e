"""Check the evidence against a copy of the page that it comes from, and tell what has moved on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import Final

from eaps_data.models.records import Evidence
from eaps_data.provenance.alignment import ALIKE, Pair, align
from eaps_data.provenance.fingerprints import Fingerprint, alikeness, packaged, sketch
from eaps_data.provenance.page import Place, Sentence, comparable, fold_spaces, names_a_municipality, read_page
from eaps_data.provenance.saved_page import NotAPageError, lines_of
from eaps_data.provenance.verification import (
    Change,
    CheckedRow,
    CheckedSection,
    CheckedSentence,
    Verification,
    place_of,
)
from eaps_data.tables.dataset import Dataset, load

_SOURCE: Final = "funded-municipalities"
_LEAST: Final = 0.2  # of the sentences that say something are still there, or it is another page
_MOST_LINES: Final = 20_000


def verify(
    page: bytes | str | PathLike[str],
    dataset: Dataset | None = None,
    fingerprints: Sequence[Fingerprint] | None = None,
    *,
    source: str = _SOURCE,
) -> Verification:
    """Check each evidence row of a page, and each sentence of it, against a saved copy.

    Args:
        page: the copy's bytes, or the path of its file: HTML, a web archive (MHTML), or plain text.
        dataset: the dataset to check; the packaged one where not given.
        fingerprints: of the page that it was read from; those in the package where not given.
        source: the id of the page among the dataset's sources.

    Returns:
        What was found. Nothing is written, neither to the data nor elsewhere.

    Raises:
        OSError: when the file cannot be read.
        NotAPageError: when it is no page, or another page.
        MissingExtraError: when it is HTML, and lxml is not installed.
    """
    known = packaged() if fingerprints is None else tuple(fingerprints)
    data = page if isinstance(page, bytes) else Path(page).read_bytes()
    lines = lines_of(data)
    if len(lines) > _MOST_LINES:
        raise NotAPageError(f"it has {len(lines):,} lines; a saved page has {_MOST_LINES:,} at most")
    sentences = read_page(lines, _headings(lines, known))
    pairs = _without_surroundings(align(known, sentences))
    _check_that_it_is_the_page(pairs)
    rows = (dataset or load()).evidence.where(source=source)
    return _Findings(known, sentences, pairs, rows).verification()


def _headings(lines: Iterable[str], known: Iterable[Fingerprint]) -> set[str]:
    """The headings of the page: those that it had, and lines that are one of them, altered."""
    old = {each.section: each.sketch for each in known if each.paragraph == 0}
    folded = [fold_spaces(line) for line in lines]
    there = {comparable(line) for line in folded}
    missing = {heading: text for heading, text in old.items() if comparable(heading) not in there}
    altered = {
        line
        for line in folded
        if missing and line and line[-1] not in ".!?:" and len(line) < 2 * max(map(len, missing))
        for own in [sketch(comparable(line))]
        if any(alikeness(own, text) >= ALIKE for text in missing.values())
    }
    return set(old) | altered


def _without_surroundings(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs without new sentences that belong to the site: what comes before all that was known, and after it."""
    there = [index for index, pair in enumerate(pairs) if pair.old and pair.new]
    if not there:
        return [pair for pair in pairs if pair.old]
    first, last = there[0], there[-1]
    end = pairs[last].new
    kept: list[Pair] = []
    inside = True
    for index, pair in enumerate(pairs):
        if pair.new is not None and pair.old is None:
            # After the last known sentence, a page goes on in its paragraph, or with another municipality.
            same = end is not None and pair.new.place[:2] == end.place[:2]
            inside = first < index < last or (
                index > last and (same or names_a_municipality(comparable(pair.new.section)))
            )
        if inside or pair.old is not None:
            kept.append(pair)
    return kept


def _check_that_it_is_the_page(pairs: Sequence[Pair]) -> None:
    telling = [pair for pair in pairs if pair.old and not pair.old.says_nothing and pair.old.paragraph]
    there = sum(pair.score >= ALIKE for pair in telling)
    if there < _LEAST * len(telling) or not there:
        raise NotAPageError(
            f"this seems to be another page, or a part of it: {there} of the {len(telling)} sentences that are "
            "known of it are there; save the page as a whole, as HTML or as plain text"
        )


class _Findings:
    """Puts together what the pairs say of rows, sentences and sections."""

    def __init__(
        self,
        known: Sequence[Fingerprint],
        sentences: Sequence[Sentence],
        pairs: Sequence[Pair],
        rows: Iterable[Evidence],
    ) -> None:
        self._pairs = pairs
        self._rows = tuple(rows)
        self._by_place = {pair.old.place: pair for pair in pairs if pair.old}
        self._texts: defaultdict[str, list[tuple[Place, str]]] = defaultdict(list)
        for sentence in sentences:
            self._texts[sentence.section].append((sentence.place, comparable(sentence.text)))
        self._supports: defaultdict[Place, list[Evidence]] = defaultdict(list)
        for row in self._rows:
            self._supports[place_of(row)].append(row)
        self._before = [each.section for each in known if each.paragraph == 0]
        headings = [pair for pair in pairs if pair.new and pair.new.paragraph == 0]
        # Each section under the name that it had, and where that is new, under its own; most have kept theirs.
        self._after = [pair.old.section if pair.old else pair.new.section for pair in headings if pair.new]
        self._now = {pair.old.section: pair.new.section for pair in headings if pair.old and pair.new}
        stayed = [name for name in self._before if name in self._now]
        order = [name for name in self._after if name in self._now]
        self._shifted = {name for name, other in zip(stayed, order, strict=True) if name != other}

    def verification(self) -> Verification:
        """All that was found."""
        return Verification(
            rows=tuple(map(self._check_row, self._rows)),
            sentences=tuple(map(self._check_sentence, self._pairs)),
            sections=tuple(self._check_sections()),
        )

    def _check_row(self, row: Evidence) -> CheckedRow:
        pair = self._by_place.get(place_of(row))
        quote = comparable(row.quote)
        if pair is None or pair.new is None or quote not in comparable(pair.new.text):
            # Where two sentences have become one, the quote still stands in its section.
            section = self._now.get(row.section or "", row.section)
            place = next((place for place, text in self._texts[section or ""] if quote in text), None)
            return CheckedRow(row, "missing" if place is None else "changed", place)
        if not pair.unaltered or self._is_renumbered(row):
            return CheckedRow(row, "changed", pair.new.place)
        return CheckedRow(row, "moved" if self._has_moved(pair) else "found", pair.new.place)

    def _is_renumbered(self, row: Evidence) -> bool:
        """Whether the row says where in the page's order a municipality stands, and that is elsewhere now."""
        if row.field != "position" or row.section not in self._now:
            return False
        before = [name for name in self._before if names_a_municipality(name)]
        after = [name for name in self._after if names_a_municipality(name)]
        return before.index(row.section) != after.index(row.section)

    def _has_moved(self, pair: Pair) -> bool:
        if pair.old is None or pair.new is None:
            return False
        section, paragraph, sentence = pair.old.place
        return section in self._shifted or pair.new.place != (self._now.get(section, section), paragraph, sentence)

    def _check_sentence(self, pair: Pair) -> CheckedSentence:
        if pair.old is None:
            change: Change = "new"
        elif pair.new is None:
            change = "gone"
        elif not pair.unaltered:
            change = "edited"
        else:
            change = "moved" if self._has_moved(pair) else "same"
        supported = self._supports[pair.old.place] if pair.old else ()
        return CheckedSentence(
            change=change,
            was=pair.old.place if pair.old else None,
            place=pair.new.place if pair.new else None,
            text=pair.new.text if pair.new else None,
            score=pair.score,
            supports=tuple(dict.fromkeys(f"{row.subject} {row.field}" for row in supported)),
            needs_evidence=pair.old is None or not pair.old.says_nothing,
        )

    def _check_sections(self) -> Iterator[CheckedSection]:
        for name in self._after:
            now = self._now.get(name)
            if now is None:
                yield CheckedSection("new", name, None)
            elif now != name:
                yield CheckedSection("renamed", now, name)
            else:
                yield CheckedSection("moved" if name in self._shifted else "same", name, name)
        yield from (CheckedSection("gone", None, name) for name in self._before if name not in self._now)
