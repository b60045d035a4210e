"""What the check of a page found: its evidence rows, its sentences and its sections."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from eaps_data.display.text import count
from eaps_data.errors import printable
from eaps_data.models.records import Evidence
from eaps_data.provenance.page import Place

Status: TypeAlias = Literal["found", "moved", "changed", "missing"]
Change: TypeAlias = Literal["same", "moved", "edited", "new", "gone"]
SectionChange: TypeAlias = Literal["same", "moved", "renamed", "new", "gone"]

_SHOWN = 70


def place_of(row: Evidence) -> Place:
    """Where an evidence row says that its quote stands."""
    return Place(row.section or "", row.paragraph or 0, row.sentence or 0)


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One evidence row.

    Attributes:
        row: the row.
        status: `found`, where it says; `moved`, its sentence unaltered in another place; `changed`, its sentence
            altered, but the quote still there; `missing`, the quote no longer in its section.
        place: where the quote stands now, None if it does not.
    """

    row: Evidence
    status: Status
    place: Place | None

    def __str__(self) -> str:
        item = "" if self.row.item is None else f" {self.row.item}"
        return f'{self.row.subject} {self.row.field}{item}: "{self.row.quote}" is {self.status}'


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """One sentence of the page, as it was and as it is.

    Attributes:
        change: `same`, `moved`, `edited`, `new` or `gone`.
        was: where it stood, None if it is new.
        place: where it stands, None if it is gone.
        text: what it says now, None if it is gone.
        score: how alike it is to what it was, from 0 to 1.
        supports: the records and fields that it is evidence of, such as `programs/revere-bhu goals`.
        needs_evidence: whether it says something, rather than being a label or the site's own words.
    """

    change: Change
    was: Place | None
    place: Place | None
    text: str | None
    score: float
    supports: tuple[str, ...]
    needs_evidence: bool

    @property
    def unreached(self) -> bool:
        """Whether it stands there and says something, and no evidence reaches it."""
        return self.place is not None and self.needs_evidence and not self.supports

    def __str__(self) -> str:
        what: str = f"edited ({self.score:.2f} alike)" if self.change == "edited" else self.change
        if self.change == "moved":
            what = f"moved to {self.place}"
        return f"{self.was or self.place}: {what}"


@dataclass(frozen=True, slots=True)
class CheckedSection:
    """One section of the page.

    Attributes:
        change: `same`, `moved` (in the order of the sections), `renamed`, `new` or `gone`.
        name: its heading now, None if it is gone.
        was: the heading that it had, None if it is new.
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
    """What the check of a page found. It is true if nothing has changed and each sentence has its evidence.

    Attributes:
        rows: each evidence row that comes from the page, in the dataset's order.
        sentences: each sentence in the page's order, and then those that are gone.
        sections: each section in the page's order, and then those that are gone.
    """

    rows: tuple[CheckedRow, ...]
    sentences: tuple[CheckedSentence, ...]
    sections: tuple[CheckedSection, ...]

    def __bool__(self) -> bool:
        return not (self.affected or self.unreached or self.drift or self.moved_sections)

    @property
    def affected(self) -> tuple[CheckedRow, ...]:
        """The rows that are not found where they say."""
        return tuple(row for row in self.rows if row.status != "found")

    @property
    def drift(self) -> tuple[CheckedSentence, ...]:
        """The sentences that are not what they were, where they were."""
        return tuple(sentence for sentence in self.sentences if sentence.change != "same")

    @property
    def moved_sections(self) -> tuple[CheckedSection, ...]:
        """The sections that are not what they were, where they were."""
        return tuple(section for section in self.sections if section.change != "same")

    @property
    def unreached(self) -> tuple[CheckedSentence, ...]:
        """The sentences that say something, and that no evidence reaches."""
        return tuple(each for each in self.sentences if each.unreached)

    def to_dict(self) -> dict[str, Any]:
        """What was found, as plain data."""
        return {
            "summary": {
                "verified": bool(self),
                "rows": _counts((row.status for row in self.rows), ("found", "moved", "changed", "missing")),
                "sentences": _counts(
                    (each.change for each in self.sentences), ("same", "moved", "edited", "new", "gone")
                ),
                "unreached": len(self.unreached),
            },
            "sections": [
                {"change": section.change, "name": section.name, "was": section.was} for section in self.moved_sections
            ],
            "sentences": [
                {
                    "change": each.change,
                    "was": each.was and each.was._asdict(),
                    "place": each.place and each.place._asdict(),
                    "text": each.text,
                    "score": round(each.score, 2),
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
                    **each.row.model_dump(mode="json"),
                }
                for each in self.affected
            ],
        }

    def __str__(self) -> str:
        return "\n".join(map(printable, self._lines()))

    def _lines(self) -> Iterator[str]:
        yield from map(str, self.moved_sections)
        rows: dict[Place, list[CheckedRow]] = {}
        for row in self.affected:
            rows.setdefault(place_of(row.row), []).append(row)
        for sentence in self.sentences:
            touched = rows.pop(sentence.was, []) if sentence.was else []
            if sentence.change != "same" or touched or sentence.unreached:
                yield from _told(sentence)
                yield from (f"  {row}" for row in touched)
        yield from (str(row) for left in rows.values() for row in left)
        statuses = Counter(row.status for row in self.rows)
        changes = Counter(each.change for each in self.sentences)
        yield f"{count(len(self.rows), 'evidence row')}: {_counted(statuses)}"
        yield f"{count(len(self.sentences), 'sentence')}: {_counted(changes)}; {len(self.unreached)} without evidence"


def _told(sentence: CheckedSentence) -> Iterator[str]:
    supports = f"; supports {', '.join(sentence.supports)}" if sentence.supports else ""
    if sentence.unreached:
        supports = "; no evidence reaches it"
    yield f"{sentence}{supports}"
    if sentence.change in {"new", "edited"} and sentence.text:
        text = sentence.text
        yield f"  now: {text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}"


def _counts(found: Iterator[str], names: tuple[str, ...]) -> dict[str, int]:
    counter = Counter(found)
    return {name: counter[name] for name in names}


def _counted(counter: "Counter[str] | Counter[Status] | Counter[Change]") -> str:
    return (
        ", ".join(f"{number} {name}" for name, number in sorted(counter.items(), key=lambda item: -item[1])) or "none"
    )
