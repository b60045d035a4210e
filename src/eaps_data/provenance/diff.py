"""Find what differs between two datasets: records added, removed and renamed, and fields changed."""

import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, TypeVar

from eaps_data.models.records import RECORDS
from eaps_data.models.table_specs import REFERENCES
from eaps_data.provenance.difference import Change, Difference
from eaps_data.tables.dataset import Dataset

_Item = TypeVar("_Item")
_Row: TypeAlias = dict[str, Any]
_Tables: TypeAlias = dict[str, list[_Row]]
_Ids: TypeAlias = dict[str, dict[str, str]]
"""Of each table, the new id of each old one that is no more."""

_TABLES: Final = ("grant_program", *RECORDS)
_KEYED: Final = ("sources", "municipalities", "grant_program", "programs", "partners")
"""The tables whose records have an id of their own, each after those that it refers to."""


def diff(old: Dataset, new: Dataset, *, renamed: Mapping[str, str] | None = None) -> Difference:
    """Find what changed from one dataset to another.

    Records are told apart by their ids, whatever their order, and compared by value. A record is renamed where
    a redirect says so, or where the very same content, its evidence included, stands under just one other id
    (`Change.redirected` tells which); likeness is not enough. References that merely follow a rename are no
    changes.

    Args:
        old: the dataset as it was.
        new: the dataset as it is.
        renamed: redirects from old ids to new ones, both as `table/id`; those of the new dataset where not given.
            Chains are followed. A redirect from an id that the new dataset still has, or to one that it has not,
            says nothing. Partnerships have no id of their own: they follow their program and partner.

    Raises:
        ValueError: when a redirect is not from `table/id` to `table/id`.

    >>> import eaps_data as eaps
    >>> old = eaps.load()
    >>> partner = old.partners["RPD"].model_copy(update={"kind": None})
    >>> partners = tuple(partner if each.id == partner.id else each for each in old.partners)
    >>> evidence = tuple(row for row in old.evidence if (row.subject, row.field) != ("partners/" + partner.id, "kind"))
    >>> new = eaps.Dataset(old.document.model_copy(update={"partners": partners, "evidence": evidence}))
    >>> print(diff(old, new))
    Data 1.0.0 (2026-11-23) -> 1.0.0 (2026-11-23)
    1 removed, 1 changed
    <BLANKLINE>
    partners: 1 changed
      changed    revere-police-department, kind: "police-department" -> not said
    <BLANKLINE>
    evidence: 1 removed
      removed    partners/revere-police-department kind "Revere Police Department"
    >>> bool(diff(old, old))
    False
    """
    before, after = _rows(old), _rows(new)
    if renamed is None:
        renamed = {redirect.old: redirect.new for redirect in new.document.redirects}
    redirected = _redirected(renamed, before, after)
    ids = _with_same_content(before, after, redirected)
    was, now = (dataset.release.model_dump(mode="json") for dataset in (old, new))
    changes = list(_field_changes("release", None, was, now))
    for table in _TABLES:
        told = {row: f"{table}/{target}" for row, target in redirected[table].items()}
        changes += _table_changes(
            table, [(row, _following(table, row, ids)) for row in before[table]], after[table], told
        )
    return Difference(old=old.release, new=new.release, changes=tuple(changes))


def _rows(dataset: Dataset) -> _Tables:
    plain = dataset.document.model_dump(mode="json")
    return {table: plain[table] if table in RECORDS else [plain[table]] for table in _TABLES}


def _identity(table: str, row: _Row) -> str:
    """What tells a row from the others of its table."""
    if table == "partnerships":
        return f"{row['program']}--{row['partner']}--{row['role']}"
    if table == "evidence":
        texts = [json.dumps(row[name], ensure_ascii=False) for name in ("item", "quote") if row[name] is not None]
        return " ".join([row["subject"], row["field"], *texts])
    return str(row["id"])


def _following(table: str, row: _Row, ids: _Ids) -> _Row:
    """The row as it would read if only ids had changed: its own, and those that it refers to."""
    row = row.copy()
    for (owner, field), target in REFERENCES.items():
        if owner == table:
            row[field] = ids[target].get(row[field], row[field])
    if "id" in row:
        row["id"] = ids[table].get(row["id"], row["id"])
    if table == "evidence":
        subject, _, key = row["subject"].partition("/")
        if subject == "partnerships":
            program, partner, role = key.split("--")
            key = _identity(subject, _following(subject, {"program": program, "partner": partner, "role": role}, ids))
        row["subject"] = f"{subject}/{ids[subject].get(key, key)}"
    return row


# Which id became which


def _redirected(renamed: Mapping[str, str], before: _Tables, after: _Tables) -> _Ids:
    """Each old id that is no more, and the new one of the same table that redirects lead to, if they do."""
    for redirect in (text for pair in renamed.items() for text in pair):
        table, _, key = redirect.partition("/")
        if table not in _TABLES or not key:
            raise ValueError(
                f'a redirect is from table/id to table/id, as in "programs/revere-bhu"; found "{redirect}"'
            )
    ids: _Ids = {table: {} for table in _TABLES}
    for table in _KEYED:
        there = {f"{table}/{row['id']}" for row in after[table]}
        for row in before[table]:
            seen: set[str] = set()
            target = f"{table}/{row['id']}"
            while target not in there and target in renamed and target not in seen:
                seen.add(target)  # redirects that go in a circle lead nowhere
                target = renamed[target]
            if seen and target in there:
                ids[table][row["id"]] = target.partition("/")[2]
    return ids


def _with_same_content(before: _Tables, after: _Tables, redirected: _Ids) -> _Ids:
    """The redirected ids, and with them the ids of which one became another while the content stayed."""
    ids = {table: dict(known) for table, known in redirected.items()}
    for table in _KEYED:
        old_ids = {row["id"] for row in before[table]}
        lost = old_ids - {row["id"] for row in after[table]} - set(ids[table])
        found = {row["id"] for row in after[table]} - old_ids - set(ids[table].values())
        if not lost or not found:
            continue
        proofs = _evidence_of(table, after["evidence"])
        contents = {key: _content(row, proofs[key]) for row in after[table] if (key := row["id"]) in found}
        now = {content: key for key, content in _alone(contents).items()}
        proofs = _evidence_of(table, before["evidence"])
        for level in _wholes_before_parts([row for row in before[table] if row["id"] in lost]):
            contents = {}
            for row in level:
                evidence = [_following("evidence", each, ids) for each in proofs[row["id"]]]
                contents[row["id"]] = _content(_following(table, row, ids), evidence)
            ids[table] |= {key: now[content] for key, content in _alone(contents).items() if content in now}
    return ids


def _evidence_of(table: str, evidence: Iterable[_Row]) -> Mapping[str, list[_Row]]:
    rows: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in evidence:
        subject, _, key = row["subject"].partition("/")
        if subject == table:
            rows[key].append(row)
    return rows


def _content(row: _Row, evidence: Iterable[_Row]) -> str:
    """What a record says, and on what grounds, whatever its id."""
    grounds = sorted(json.dumps({**each, "subject": None}) for each in evidence)
    return json.dumps([{**row, "id": None}, grounds])


def _alone(contents: Mapping[str, str]) -> dict[str, str]:
    """Those contents that only one record has: which of two alike became which cannot be told."""
    times = Counter(contents.values())
    return {key: content for key, content in contents.items() if times[content] == 1}


def _wholes_before_parts(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    """The rows, level by level: what a part belongs to may be renamed as well, which has to be known first."""
    parts: defaultdict[str | None, list[_Row]] = defaultdict(list)
    held = list(rows)
    names = {row["id"] for row in held}
    for row in held:
        whole = row.get("part_of")
        parts[whole if whole in names else None].append(row)
    level = parts[None]
    while level:
        yield level
        level = [part for row in level for part in parts[row["id"]]]


# What changed


def _table_changes(
    table: str, before: Sequence[tuple[_Row, _Row]], after: Sequence[_Row], redirects: Mapping[str, str]
) -> Iterator[Change]:
    """The changes of one table.

    Args:
        table: the table.
        before: the old rows, each as it was and as it reads once ids have followed.
        after: the new rows.
        redirects: the redirects from old ids, as `table/id`.
    """
    old_of = _pairs(table, before, after)
    for position, row in enumerate(after):
        key = _identity(table, row)
        if position not in old_of:
            yield Change(table=table, id=key, what="added", new=row)
            continue
        was, followed = before[old_of[position]]
        if was.get("id") != row.get("id"):
            old_id = was["id"]
            yield Change(table=table, id=key, what="renamed", old=old_id, new=key, redirected=old_id in redirects)
        yield from _field_changes(table, key, followed, row)
    new_of = {old: new for new, old in old_of.items()}
    for position, (was, _) in enumerate(before):
        if position not in new_of:
            key = _identity(table, was)
            target = redirects.get(key)
            yield Change(table=table, id=key, what="removed", old=was, new=target, redirected=target is not None)
    # Rows of evidence may be told by the same words, so it is their positions that are compared.
    moved = _moved([new_of[old] for old in sorted(new_of)], sorted(old_of))
    if moved:
        was_order, now_order = ([_identity(table, after[position]) for position in order] for order in moved)
        yield Change(table=table, id=None, what="reordered", old=was_order, new=now_order)


def _pairs(table: str, before: Sequence[tuple[_Row, _Row]], after: Sequence[_Row]) -> dict[int, int]:
    """The position of each new row that was there before, and its old position.

    Rows of evidence may share their claim and quote, and records may be redirected to one and the same. Then equal
    rows belong together first, and a record whose id stayed comes before those taken into it.
    """

    def identity(row: _Row) -> Hashable:
        return _identity(table, row)

    def whole(row: _Row) -> Hashable:
        return tuple(row.values())  # rows of evidence are flat

    order = sorted(
        range(len(before)), key=lambda position: before[position][0].get("id") != before[position][1].get("id")
    )
    pairs: dict[int, int] = {}
    ways: list[Callable[[_Row], Hashable]] = [whole, identity] if table == "evidence" else [identity]
    for way in ways:
        taken = set(pairs.values())
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for position in order:
            if position not in taken:
                waiting[way(before[position][1])].append(position)
        for position, row in enumerate(after):
            if position not in pairs and waiting[way(row)]:
                pairs[position] = waiting[way(row)].popleft()
    return pairs


def _field_changes(table: str, key: str | None, old: _Row, new: _Row, within: str = "") -> Iterator[Change]:
    for name, now in new.items():
        was, field = old[name], within + name
        if isinstance(was, dict) and isinstance(now, dict):
            yield from _field_changes(table, key, was, now, f"{field}.")
        elif isinstance(was, list) and isinstance(now, list):
            removed, added = _without(was, now), _without(now, was)
            if removed or added:
                yield Change(table=table, id=key, what="changed", field=field, old=removed, new=added)
            moved = _moved(_without(was, removed), _without(now, added))
            if moved:
                yield Change(table=table, id=key, what="reordered", field=field, old=moved[0], new=moved[1])
        elif was != now:
            yield Change(table=table, id=key, what="changed", field=field, old=was, new=now)


def _without(items: Iterable[str], others: Iterable[str]) -> list[str]:
    unwanted = set(others)
    return [item for item in items if item not in unwanted]


def _moved(old: list[_Item], new: list[_Item]) -> tuple[list[_Item], list[_Item]] | None:
    """Of the same items in two orders, those from the first that moved to the last; None where none did."""
    moved = [index for index, (was, now) in enumerate(zip(old, new, strict=True)) if was != now]
    if not moved:
        return None
    span = slice(moved[0], moved[-1] + 1)
    return old[span], new[span]
