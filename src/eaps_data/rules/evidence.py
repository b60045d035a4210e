"""The rules between the evidence and the claims that it supports."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain
from operator import itemgetter
from typing import Final, TypeAlias

from eaps_data._internal.text_keys import closest, closest_of
from eaps_data.errors import Path, Problem, did_you_mean
from eaps_data.models.table_specs import CLAIM, CLAIMING, TABLE_SPECS
from eaps_data.rules.claims import claims_in
from eaps_data.rules.columns import Columns, Tables
from eaps_data.rules.problem import shown, violation

Claim: TypeAlias = tuple[str, str, str | None]

_PLACE: Final = ("section", "paragraph", "sentence", "basis", "note")
EVIDENCE: Final = (CLAIM, "quote", "source", _PLACE)
"""The fields of the evidence that the rules look at."""


def duplicate_rows(evidence: Columns) -> Iterator[int]:
    """Yield the index of each evidence row that repeats an earlier one."""
    if len({*evidence[CLAIM]}) == len(evidence):  # rows that support different claims differ
        return
    seen: set[object] = set()
    for index, row in enumerate(zip(*(evidence[field] for field in EVIDENCE), strict=True)):
        if row in seen:
            yield index
        seen.add(row)


def evidence_problems(tables: Tables) -> Iterator[Problem]:
    """Yield what is wrong between the evidence and the claims.

    Args:
        tables: the fields of each table that the rules look at.
    """
    evidence = tables["evidence"]
    claimed = {*claims_of(tables)}
    missing = claimed.difference(evidence[CLAIM])
    if missing or len(claimed) != len(evidence):  # else each row supports a claim, and each claim has one row
        yield from _idle(evidence, claimed)
    yield from _incomplete(evidence)
    for columns in [tables[table] for table in CLAIMING] if missing else ():
        yield from _missing(columns, missing)


def claims_of(tables: Tables) -> Iterator[Claim]:
    """Yield each claim that the records of a dataset make, as its subject, field and item."""
    return chain.from_iterable(claims_in(tables[table], tables[table].subjects()) for table in CLAIMING)


def _missing(columns: Columns, missing: Collection[Claim]) -> Iterator[Problem]:
    """Yield a problem for each claim of a table that no evidence supports."""
    subjects = columns.subjects()
    unsupported = [
        (index, field, item)
        for index, field, item in claims_in(columns, range(len(columns)))
        if (subjects[index], field, item) in missing
    ]
    for index, field, item in sorted(unsupported, key=itemgetter(0)):
        place: Path = (columns.table,) if TABLE_SPECS[columns.table].has_one_row else (columns.table, index)
        about = "" if item is None else f" {shown(item)}"
        message = f"the claim{about} has no evidence; add an evidence row"
        yield violation("evidence-missing", message, (*place, field), subjects[index], field)


def _incomplete(evidence: Columns) -> Iterator[Problem]:
    """Yield a problem for each row with half a place, and for each inferred row without a note."""
    unusual = [
        index
        for index, (section, paragraph, sentence, basis, _) in enumerate(evidence[_PLACE])
        if section is None or paragraph is None or sentence is None or basis == "inferred"
    ]
    for index in unusual:
        (subject, field, _), (*place, basis, note) = evidence[CLAIM][index], evidence[_PLACE][index]
        path: Path = ("evidence", index)
        if {part is None for part in place} == {True, False}:
            message = "give section, paragraph and sentence together, or none of them"
            yield violation("evidence-place", message, path, subject, field)
        if basis == "inferred" and note is None:
            message = f"the quote {shown(evidence['quote'][index])} is inferred; add a note that explains it"
            yield violation("evidence-note", message, path, subject, field)


def _idle(evidence: Columns, claimed: Collection[Claim]) -> Iterator[Problem]:
    """Yield a problem for each row that supports no claim."""
    idle = {*evidence[CLAIM]}.difference(claimed)
    if not idle:
        return
    known = _items_of_fields(claimed)
    suggest = closest_of(known)
    for index, claim in enumerate(evidence[CLAIM]):
        if claim in idle:
            yield violation("evidence-idle", _why_idle(claim, known, suggest), ("evidence", index), claim[0], claim[1])


def _items_of_fields(claimed: Iterable[Claim]) -> Mapping[str, dict[str, list[str]]]:
    """The claims by subject and field, as their items."""
    known: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for subject, field, item in sorted(claimed, key=str):
        known[subject].setdefault(field, []).extend([] if item is None else [item])
    return known


def _why_idle(
    claim: Claim, known: Mapping[str, dict[str, list[str]]], suggest: Callable[[str], tuple[str, ...]]
) -> str:
    subject, field, item = claim
    if subject not in known:
        return f"no record {shown(subject)} makes a claim{did_you_mean(suggest(subject))}"
    fields = known[subject]
    if field not in fields:
        return f"{subject} makes no claim in the field {shown(field)}{did_you_mean(closest(field, fields))}"
    items = fields[field]
    if item is None:
        return f"{field} has several items; set item to one of: {', '.join(map(shown, items))}"
    return f"{field} of {subject} has no item {shown(item)}{did_you_mean(closest(item, items))}"
