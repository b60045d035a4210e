"""Which sentence of a page is which of the page as it was: unaltered, moved, edited, new or gone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from eaps_data.provenance.fingerprints import Fingerprint, alikeness, fingerprint
from eaps_data.provenance.page import Place, Sentence

ALIKE: Final = 0.25
"""From which alikeness on a sentence is taken to be another one, edited."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence as it was and as it is; None where it was not, or is no more.

    Attributes:
        old: its fingerprint as it was.
        new: the sentence as it is.
        score: how alike they are: 1 where it is unaltered, 0 where one of them is missing.
    """

    old: Fingerprint | None
    new: Sentence | None
    score: float

    @property
    def unaltered(self) -> bool:
        """Whether it says the same."""
        return self.score == 1


def align(old: Sequence[Fingerprint], new: Sequence[Sentence]) -> tuple[Pair, ...]:
    """Pair the sentences of a page with those of the page as it was.

    Args:
        old: the fingerprints of the page as it was.
        new: the sentences of the page as it is.

    Returns:
        The pairs in the order of the page as it is, what is gone last.
    """
    prints = [fingerprint(sentence) for sentence in new]
    paired: dict[int, tuple[int, float]] = {}  # by the place in `new`: the place in `old`, and the score
    _pair_equals(old, prints, paired)
    _pair_alikes(old, prints, paired)
    _pair_places(old, prints, paired)
    kept = {index for index, _ in paired.values()}
    found = (
        Pair(old[paired[at][0]], sentence, paired[at][1]) if at in paired else Pair(None, sentence, 0)
        for at, sentence in enumerate(new)
    )
    gone = (Pair(each, None, 0) for index, each in enumerate(old) if index not in kept)
    return (*found, *gone)


def _pair_equals(old: Sequence[Fingerprint], new: Sequence[Fingerprint], paired: dict[int, tuple[int, float]]) -> None:
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(old):
        waiting[each.hash].append(index)
    # Where a sentence stands twice, those at their old places first.
    for at, each in sorted(enumerate(new), key=lambda item: not _stays(item[1], old, waiting[item[1].hash])):
        same = waiting[each.hash]
        if same:
            best = next((index for index in same if old[index].place == each.place), same[0])
            same.remove(best)
            paired[at] = best, 1


def _stays(each: Fingerprint, old: Sequence[Fingerprint], same: Iterable[int]) -> bool:
    return any(old[index].place == each.place for index in same)


def _pair_alikes(old: Sequence[Fingerprint], new: Sequence[Fingerprint], paired: dict[int, tuple[int, float]]) -> None:
    rest = _rest(old, paired)
    scored = [
        (score, _nearness(old[index].place, each.place), -at, -index)
        for at, each in enumerate(new)
        if at not in paired
        for index in rest
        # A heading stays a heading: the names of towns are much alike to words about them.
        if (old[index].paragraph == 0) == (each.paragraph == 0)
        for score in [alikeness(old[index].sketch, each.sketch)]
        if score >= ALIKE
    ]
    for score, _, minus_at, minus_index in sorted(scored, reverse=True):
        if -minus_at not in paired and -minus_index in rest:
            rest.remove(-minus_index)
            # A sketch may see no difference where there is one; only equal hashes are unaltered.
            paired[-minus_at] = -minus_index, min(score, 0.99)


def _pair_places(old: Sequence[Fingerprint], new: Sequence[Fingerprint], paired: dict[int, tuple[int, float]]) -> None:
    """What stands where another sentence stood, between the same neighbours, has taken its place, however unlike."""
    rest = _rest(old, paired)
    last = {index: at for at, (index, _) in paired.items()}
    for at, each in enumerate(new):
        if at in paired:
            continue
        before = paired[at - 1][0] if at - 1 in paired else -1 if at == 0 else None
        index = None if before is None else before + 1
        if index not in rest or (old[index].paragraph == 0) != (each.paragraph == 0):
            continue
        if index + 1 == len(old) or last.get(index + 1) == at + 1:
            rest.remove(index)
            paired[at] = index, min(alikeness(old[index].sketch, each.sketch), 0.99)


def _rest(old: Sequence[Fingerprint], paired: dict[int, tuple[int, float]]) -> set[int]:
    return set(range(len(old))) - {index for index, _ in paired.values()}


def _nearness(one: Place, other: Place) -> tuple[bool, int, int]:
    return one.section == other.section, -abs(one.paragraph - other.paragraph), -abs(one.sentence - other.sentence)
