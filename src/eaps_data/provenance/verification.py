"""Verify the evidence against a saved copy of the page, and report what changed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

from eaps_data._internal.arguments import expect, expect_items
from eaps_data.display.text import count
from eaps_data.errors import printable
from eaps_data.models.records import Evidence
from eaps_data.provenance.fingerprints import Fingerprint, find_headings, hash_sentence, match_sentences, packaged
from eaps_data.provenance.page import (
    Place,
    Sentence,
    comparable,
    names_a_municipality,
    nearest_phrase,
    place_of,
    read_page,
    split_sentences,
    visible_lines,
)
from eaps_data.provenance.saved_page import NotAPageError, read_bytes, read_paragraphs
from eaps_data.tables.dataset import Dataset, load

RowStatus: TypeAlias = Literal["found", "moved", "changed", "missing"]
SentenceChange: TypeAlias = Literal["same", "moved", "edited", "new", "gone"]
SectionChange: TypeAlias = Literal["same", "moved", "renamed", "new", "gone"]

_Pair: TypeAlias = tuple[Fingerprint | None, Sentence | None]
"""A sentence as it was and as it is."""
_MAX_SENTENCES: Final = 20_000
_MIN_SHARE: Final = 0.2  # of the sentences that need evidence; with fewer of them, it is another page


class CheckedRow(NamedTuple):
    """One evidence row.

    Attributes:
        row: The row.
        status: `found` (where the row says), `moved` (its sentence is unchanged in another place), `changed` (its
            sentence changed, but the quote is still there) or `missing` (the quote is no longer in its section).
        place: Where the quote is now; None if it is missing.
        nearest: The phrase of the page that is most like a missing quote.
        positions: The position that a municipality has in the dataset and on the page, if they differ.
    """

    row: Evidence
    status: RowStatus
    place: Place | None
    nearest: str | None = None
    positions: tuple[int, int] | None = None

    def __str__(self) -> str:
        claim = " ".join(filter(None, (self.row.subject, self.row.field, self.row.item)))
        if self.positions:
            return "{} {} → {}".format(claim, *self.positions)
        state = {"moved": f"has moved to {self.place}", "changed": "is kept; read it again"}.get(self.status)
        elsewhere = f" ({self.place})" if self.status == "changed" and self.place != place_of(self.row) else ""
        nearest = f'; nearest phrase: "{self.nearest}"' if self.nearest else ""
        return f'{claim}: "{self.row.quote}" {state or f"is {self.status}"}{elsewhere}{nearest}'


class CheckedSentence(NamedTuple):
    """One sentence of the page, as it was and as it is.

    Attributes:
        change: `same`, `moved`, `edited`, `new` or `gone`.
        was: Where it was; None if it is new.
        place: Where it is; None if it is gone.
        text: Its text now; None if it is gone.
        supports: The records and fields that it is evidence for, as in `programs/revere-bhu goals`.
        needs_evidence: False for a label and for text about the site.
    """

    change: SentenceChange
    was: Place | None
    place: Place | None
    text: str | None
    supports: tuple[str, ...]
    needs_evidence: bool

    @property
    def unreached(self) -> bool:
        """Whether the sentence is on the page and needs evidence, but none cites it."""
        return self.place is not None and self.needs_evidence and not self.supports

    def __str__(self) -> str:
        elsewhere = f" to {self.place}" if self.change == "moved" and self.place != self.was else ""
        return f"{self.was or self.place}: {self.change}{elsewhere}"


class CheckedSection(NamedTuple):
    """One section of the page.

    Attributes:
        change: `same`, `moved` (in the order of the sections), `renamed`, `new` or `gone`.
        name: Its heading now; None if it is gone.
        was: The heading that it had; None if it is new.
    """

    change: SectionChange
    name: str | None
    was: str | None

    def __str__(self) -> str:
        if self.change == "renamed":
            return f"{self.was}: renamed to {self.name}"
        return f"{self.name or self.was}: {self.change} section"


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of checking a page. It is true if nothing changed and every sentence that needs evidence has it.

    Attributes:
        rows: The evidence rows that cite the page, in the dataset's order.
        sentences: The sentences in the page's order, then those that are gone.
    """

    rows: tuple[CheckedRow, ...]
    sentences: tuple[CheckedSentence, ...]

    def __bool__(self) -> bool:
        return not (self.affected or self.unreached or self.drift or self.moved_sections)

    @property
    def affected(self) -> tuple[CheckedRow, ...]:
        """The evidence rows that are not found where they say."""
        return tuple(row for row in self.rows if row.status != "found")

    @property
    def drift(self) -> tuple[CheckedSentence, ...]:
        """The sentences that changed or moved."""
        return tuple(sentence for sentence in self.sentences if sentence.change != "same")

    @property
    def sections(self) -> tuple[CheckedSection, ...]:
        """The sections in the page's order, then those that are gone."""
        return tuple(
            CheckedSection(
                "renamed" if each.change == "edited" else each.change,
                name=each.place and each.place.section,
                was=each.was and each.was.section,
            )
            for each in self.sentences
            if any(place and place.paragraph == 0 for place in (each.was, each.place))
        )

    @property
    def moved_sections(self) -> tuple[CheckedSection, ...]:
        """The sections that changed or moved."""
        return tuple(section for section in self.sections if section.change != "same")

    @property
    def unreached(self) -> tuple[CheckedSentence, ...]:
        """The sentences that need evidence and have none."""
        return tuple(sentence for sentence in self.sentences if sentence.unreached)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data, ready for JSON."""
        return {
            "summary": {
                "verified": bool(self),
                "rows": dict.fromkeys(get_args(RowStatus), 0) | Counter(row.status for row in self.rows),
                "sentences": dict.fromkeys(get_args(SentenceChange), 0)
                | Counter(each.change for each in self.sentences),
                "unreached": len(self.unreached),
            },
            "sections": [section._asdict() for section in self.moved_sections],
            "sentences": [
                {
                    "change": each.change,
                    "was": each.was and each.was._asdict(),
                    "place": each.place and each.place._asdict(),
                    "text": each.text,
                    "supports": list(each.supports),
                    "reached": bool(each.supports) or not each.needs_evidence,
                }
                for each in self.sentences
                if each.change != "same" or each.unreached
            ],
            "rows": [
                {
                    "status": each.status,
                    "place": each.place and each.place._asdict(),
                    "nearest": each.nearest,
                    "positions": each.positions and list(each.positions),
                    **each.row.model_dump(mode="json"),
                }
                for each in self.affected
            ],
        }

    def __str__(self) -> str:
        return "\n".join(map(printable, self._lines()))

    def _lines(self) -> Iterator[str]:
        yield from map(str, self.moved_sections)
        rows: defaultdict[Place | None, list[CheckedRow]] = defaultdict(list)
        for row in self.affected:
            if row.status != "moved" or row.place != place_of(row.row):  # else the whole section moved
                rows[place_of(row.row)].append(row)
        for sentence in self.sentences:
            affected = rows.pop(sentence.was, [])
            changed = sentence.change not in {"same", "moved"} or sentence.was != sentence.place
            if changed or affected or sentence.unreached:
                yield f"{sentence}{'; without evidence' if sentence.unreached else ''}"
                if sentence.change in {"new", "edited"}:
                    yield f"  now: {sentence.text}"
                yield from (f"  {row}" for row in affected)
        yield from (str(row) for rest in rows.values() for row in rest)
        yield f"{count(len(self.rows), 'evidence row')}: {_counts(row.status for row in self.rows)}"
        changes = _counts(sentence.change for sentence in self.sentences)
        yield f"{count(len(self.sentences), 'sentence')}: {changes}; {len(self.unreached)} without evidence"


def _counts(names: Iterable[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in Counter(names).most_common()) or "none"


def verify(
    page: bytes | str | PathLike[str],
    dataset: Dataset | None = None,
    fingerprints: Sequence[Fingerprint] | None = None,
) -> Verification:
    """Check the evidence rows that cite a page, and every sentence of the page, against a saved copy.

    Args:
        page: The bytes of the copy, or the path of its file: HTML, a web archive (MHTML), or plain text.
        dataset: The dataset to check; by default the packaged one. The page is the source of its grant program.
        fingerprints: The fingerprints of the page that the dataset comes from; by default the packaged ones.

    Returns:
        The result. Nothing is written.

    Raises:
        OSError: If the file cannot be read.
        NotAPageError: If it is not a page, or is another page.
        MissingExtraError: If it is HTML or not in UTF-8, and the extra `html` is not installed.
    """
    known = packaged() if fingerprints is None else expect_items("fingerprints", fingerprints, Fingerprint)
    dataset = load() if dataset is None else dataset
    expect("dataset", dataset, Dataset)
    rows = dataset.evidence.where(source=dataset.grant_program.source)
    if not isinstance(page, bytes):
        with Path(page).open("rb") as file:
            page = read_bytes(file)
    lines = visible_lines(read_paragraphs(page))
    if (size := sum(len(split_sentences(line)) for line in lines)) > _MAX_SENTENCES:
        raise NotAPageError(f"the page has {size:,} sentences; the maximum is {_MAX_SENTENCES:,}")
    sentences = read_page(lines, find_headings(lines, known))
    quotes: defaultdict[Place, set[str]] = defaultdict(set)
    for row in rows:
        quotes[place_of(row)].add(comparable(row.quote))
    matches = match_sentences(known, sentences, quotes)
    expected = [old for old, each in enumerate(known) if each.needs_evidence and each.paragraph]
    found = sum(old in matches for old in expected)
    if known and (found < _MIN_SHARE * len(expected) or not found):
        raise NotAPageError(
            f"this seems to be another page, or part of the page: it has {found} of the {len(expected)} known "
            "sentences; save the whole page as HTML or as plain text, or give the folder of its tables"
        )
    positions = {f"municipalities/{each.id}": each.position for each in dataset.municipalities}
    return _compare(known, sentences, matches, tuple(rows), positions)


def _compare(
    known: Sequence[Fingerprint],
    page: Sequence[Sentence],
    matches: Mapping[int, int],
    rows: Sequence[Evidence],
    positions: Mapping[str, int],
) -> Verification:
    known_at = {new: known[old] for old, new in matches.items()}
    present = [(known_at.get(new), page[new]) for new in _without_site(page, known_at)]
    gone = [each for old, each in enumerate(known) if old not in matches]
    pairs: list[_Pair] = [*present, *((each, None) for each in gone)]
    sections = _Sections(known, present)
    checked = tuple(_check_rows(rows, pairs, sections, positions))
    supports: defaultdict[tuple[bool, Place | None], dict[str, None]] = defaultdict(dict)
    for each in checked:
        for place in ((True, place_of(each.row)), (False, each.place)):
            supports[place][f"{each.row.subject} {each.row.field}"] = None
    sentences = tuple(
        CheckedSentence(
            change=sections.change_of(old, new),
            was=old and old.place,
            place=new and new.place,
            text=new and new.text,
            supports=tuple(supports[True, old.place] if old else supports[False, new and new.place]),
            needs_evidence=old is None or old.needs_evidence,
        )
        for old, new in pairs
    )
    return Verification(rows=checked, sentences=sentences)


def _without_site(page: Sequence[Sentence], known_at: Mapping[int, Fingerprint]) -> Iterator[int]:
    """Return the indexes of the sentences that are part of the page, not of the site around it.

    New sentences are part of the page between the known ones, and also after the last one if they continue its
    paragraph or are about a municipality.
    """
    if not known_at:
        yield from range(len(page))
        return
    first, last = min(known_at), max(known_at)
    for index in range(first, len(page)):
        in_last_paragraph = page[index].place[:2] == page[last].place[:2]
        if index <= last or in_last_paragraph or names_a_municipality(comparable(page[index].section)):
            yield index


class _Sections:
    """The sections of the page as it was and as it is."""

    def __init__(self, known: Sequence[Fingerprint], present: Iterable[tuple[Fingerprint | None, Sentence]]) -> None:
        self._before = [*dict.fromkeys(each.section for each in known if not each.paragraph)]
        self._now = [(old.section if old else None, new.section) for old, new in present if not new.paragraph]
        self.names = {was: name for was, name in self._now if was is not None}
        stayed = [was for was in self._before if was in self.names]
        self._moved = {was for was, other in zip(stayed, self.names, strict=True) if was != other}
        towns = dict.fromkeys(name for _, name in self._now if names_a_municipality(comparable(name)))
        self.numbers = {section: number for number, section in enumerate(towns, start=1)}

    def change_of(self, old: Fingerprint | None, new: Sentence | None) -> SentenceChange:
        if old is None or new is None:
            return "new" if old is None else "gone"
        if old.hash != hash_sentence(new.text):
            return "edited"
        unmoved = old.place._replace(section=self.names.get(old.section, old.section))
        return "moved" if old.section in self._moved or new.place != unmoved else "same"


def _check_rows(
    rows: Iterable[Evidence],
    pairs: Sequence[_Pair],
    sections: _Sections,
    positions: Mapping[str, int],
) -> Iterator[CheckedRow]:
    sentence_at: dict[Place, tuple[SentenceChange, Sentence | None]]
    sentence_at = {old.place: (sections.change_of(old, new), new) for old, new in pairs if old}
    texts: defaultdict[str, dict[Place, str]] = defaultdict(dict)
    for _, new in pairs:
        if new:
            texts[new.section][new.place] = comparable(new.text)
    everywhere = {place: text for section in texts.values() for place, text in section.items()}
    statuses: dict[SentenceChange, RowStatus] = {"edited": "changed", "moved": "moved", "same": "found"}
    for row in rows:
        was, quote = place_of(row), comparable(row.quote)
        name = sections.names.get(was.section, was.section)
        section = texts[name] if row.section else everywhere
        change, sentence = sentence_at.get(was) or (None, None)
        position, number = positions.get(row.subject), sections.numbers.get(name)
        if row.field == "position" and position and number and position != number:
            yield CheckedRow(row, "changed", sentence and sentence.place, positions=(position, number))
        elif change and sentence and quote in comparable(sentence.text):
            yield CheckedRow(row, statuses[change], sentence.place)
        elif was not in sentence_at and quote in section.get(was, ""):
            yield CheckedRow(row, "found", was)  # a row for a new sentence
        else:  # it is still in its section if two sentences were joined, for example
            place = next((place for place, text in section.items() if quote in text), None)
            nearest = None if place else nearest_phrase(row.quote, [sentence.text] if sentence else section.values())
            yield CheckedRow(row, "missing" if place is None else "changed", place, nearest)
