"""The rules between the evidence and the records that it is of."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, Final, TypeAlias

from eaps_data._internal.text_keys import closest, closest_of
from eaps_data.errors import Path, Problem, did_you_mean
from eaps_data.models.rows import Row
from eaps_data.models.table_specs import CLAIM, CLAIMING, TABLE_SPECS
from eaps_data.rules.claims import claims_in
from eaps_data.rules.columns import Columns, Tables, column
from eaps_data.rules.problem import breach, repeated, shown

Claim: TypeAlias = tuple[str, str, str | None]

_PLACE: Final = ("section", "paragraph", "sentence", "basis", "note")
EVIDENCE: Final = (CLAIM, "quote", "source", _PLACE)
"""The fields of the evidence as the rules look at them."""


class Support:
    """Whether evidence, seen a part at a time, is surely as the rules have it; nothing but the last part is held.

    Where it is not sure, `duplicate_evidence` and `evidence_problems` say what is wrong, if anything is. It is sure of
    sound evidence that it sees in one part, or whose rows of one claim stand together.

    Attributes:
        cited: the sources that it comes from.
    """

    def __init__(self, tables: Tables) -> None:
        """Look for the evidence of what these tables claim, from the sources that they have."""
        self._unsupported = {*_claims(tables[table] for table in CLAIMING)}
        self._sources = {*tables["sources"].ids()}
        self._rows: list[tuple[Claim, str]] = []
        self._is_odd = False
        self._count = 0
        self.cited: set[str] = set()

    def __len__(self) -> int:
        return self._count

    def add(self, evidence: Sequence[Row]) -> None:
        """See more rows of the evidence."""
        claims = column(evidence, CLAIM)
        rows = [*zip(claims, column(evidence, "quote"), strict=True)]
        before = len(self._unsupported)
        self._unsupported.difference_update(claims)
        supported = before - len(self._unsupported)
        # Where as many claims are new as there are rows, no two rows are alike; else those of the part before matter.
        if supported != len(rows):
            others = {*claims}.difference(claim for claim, _ in self._rows)
            self._is_odd |= supported != len(others) or len({*self._rows, *rows}) != len(self._rows) + len(rows)
        self._is_odd |= not _are_told(column(evidence, _PLACE))
        self.cited.update(map(itemgetter("source"), evidence))
        self._count += len(rows)
        self._rows = rows

    @property
    def is_sound(self) -> bool:
        """Whether each claim has evidence, each row has its claim and its source, and no two rows are alike."""
        return not self._is_odd and not self._unsupported and self.cited <= self._sources


def _claims(claiming: Iterable[Columns]) -> Iterator[Claim]:
    return chain.from_iterable(claims_in(columns, columns.subjects()) for columns in claiming)


def _are_told(places: Iterable[tuple[Any, ...]]) -> bool:
    """Whether each row of the evidence says all of its place or nothing, and why, where it is inferred."""
    return all(
        (section is None) is (paragraph is None) is (sentence is None) and (basis != "inferred" or note is not None)
        for section, paragraph, sentence, basis, note in places
        if section is None or paragraph is None or sentence is None or basis == "inferred"
    )


def duplicate_evidence(evidence: Columns) -> Iterator[Problem]:
    """The rows of the evidence, of which there are the fields `EVIDENCE`, that stand twice."""
    if len({*evidence[CLAIM]}) < len(evidence):  # rows that are of different claims need no other look
        rows = [*zip(*(evidence[field] for field in EVIDENCE), strict=True)]
        yield from repeated("evidence", evidence.subjects(), rows)


def evidence_problems(tables: Tables) -> Iterator[Problem]:
    """What is wrong between the evidence, of which there are the fields `EVIDENCE`, and what it is of."""
    evidence, claiming = tables["evidence"], [tables[table] for table in CLAIMING]
    made, claimed = {*evidence[CLAIM]}, {*_claims(claiming)}
    yield from _odd_evidence(evidence, made - claimed, claimed)
    missing = claimed - made
    for columns in claiming if missing else ():
        subjects = columns.subjects()
        lost = [
            (index, field, item)
            for index, field, item in claims_in(columns, range(len(columns)))
            if (subjects[index], field, item) in missing
        ]
        for index, field, item in sorted(lost, key=itemgetter(0)):
            place: Path = (columns.table,) if TABLE_SPECS[columns.table].has_one_row else (columns.table, index)
            about = "" if item is None else f" of {shown(item)}"
            message = f"the claim{about} has no evidence; add a row"
            yield breach("evidence-missing", message, (*place, field), subjects[index], field)


def _odd_evidence(evidence: Columns, idle: Collection[Claim], claimed: Collection[Claim]) -> Iterator[Problem]:
    known = _claims_of(claimed) if idle else {}
    near = closest_of(known)
    rows = zip(evidence[CLAIM], evidence["quote"], evidence[_PLACE], strict=True)
    for index, (claim, quote, (section, paragraph, sentence, basis, note)) in enumerate(rows):
        path = ("evidence", index)
        subject, field, _ = claim
        if claim in idle:
            yield breach("evidence-idle", _idle(claim, known, near), path, subject, field)
        if {section is None, paragraph is None, sentence is None} == {True, False}:
            message = "give the section, the paragraph and the sentence, or none of them"
            yield breach("evidence-place", message, path, subject, field)
        if basis == "inferred" and note is None:
            message = f"the quote {shown(quote)} is inferred; add a note that says why"
            yield breach("evidence-note", message, path, subject, field)


def _claims_of(claimed: Iterable[Claim]) -> Mapping[str, list[tuple[str, str | None]]]:
    found: defaultdict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for subject, field, item in sorted(claimed, key=str):
        found[subject].append((field, item))
    return found


def _idle(
    claim: Claim, known: Mapping[str, list[tuple[str, str | None]]], near: Callable[[str], tuple[str, ...]]
) -> str:
    subject, field, item = claim
    if subject not in known:
        return f"no record {shown(subject)} makes a claim{did_you_mean(near(subject))}"
    fields = [other for other, _ in known[subject]]
    if field not in fields:
        return f"{subject} claims nothing in {shown(field)}{did_you_mean(closest(field, fields))}"
    items = [part for other, part in known[subject] if other == field and part is not None]
    if item is None:
        return f"{field} has items; say which one in item: {', '.join(map(shown, items))}"
    return f"{field} of {subject} has no item {shown(item)}{did_you_mean(closest(item, items))}"
