"""Compare two datasets: records added, removed and renamed, and fields changed."""

import dataclasses
import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from os import PathLike
from types import NoneType
from typing import Any, Final, Literal, TypeAlias, TypeVar, get_args

from eaps_data._internal.arguments import expect
from eaps_data.errors import printable
from eaps_data.models.records import Release
from eaps_data.models.rows import partnership_id
from eaps_data.models.table_specs import LIVING, TABLE_SPECS, TABLES
from eaps_data.tables.dataset import Dataset, opened

What: TypeAlias = Literal["added", "removed", "renamed", "changed", "reordered"]

_Item = TypeVar("_Item")
_Row: TypeAlias = dict[str, Any]
_Ids: TypeAlias = Mapping[tuple[str, str], str]
"""The new id of each renamed record, by its table and old id."""

_SAME_COPY: Final = "The source {} is the same copy in both: what changed is how it was read."
_OTHER_COPY: Final = "The source {} is another copy: it may have changed too."
_WIDTH: Final = max(map(len, get_args(What)))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change from an old dataset to a new one.

    Attributes:
        table: The table, `grant_program` or `release`.
        id: The record's id, the new one unless the record was removed. An evidence row has no id: it is identified by
            its subject, field, item (if it has one) and quote, as in `programs/a services "triage" "will sort"`. None
            for the release and for the order of a table.
        what: `added`, `removed` or `renamed` for a record; `changed` for the value of a field; `reordered` for a list,
            or for a table (`field` is None), with the same items in another order.
        field: The field that changed, with its part after a dot, as in `identifiers.place_geoid`; else None.
        old: The old value, as plain data. For a removed record, the record; for a renamed one, its old id; for a
            changed list, the items removed; for a new order, the items from the first to the last that moved.
        new: The new value, likewise; for a changed list, the items added. For a removed record, the record that a
            redirect leads to, as `table/id`, if there is one.
    """

    table: str
    id: str | None
    what: What
    field: str | None = None
    old: Any = dataclasses.field(default=None, hash=False)  # lists and dictionaries have no hash
    new: Any = dataclasses.field(default=None, hash=False)

    def __str__(self) -> str:
        return printable(f"{self.what:{_WIDTH}}  {self._detail()}")

    def _detail(self) -> str:
        about = ", ".join(part for part in (self.id, self.field) if part is not None)
        match self.what:
            case "added":
                return about + _name(self.new)
            case "removed":
                return about + _name(self.old) + (f"; redirects to {self.new}" if self.new else "")
            case "renamed":
                return f"{self.old} -> {self.id}"
            case "reordered" if self.field is None:
                return f"{len(self.new)} records are in another order"
            case "changed" if isinstance(self.old, list) and isinstance(self.new, list):
                parts = (("removed", self.old), ("added", self.new))
                return f"{about}: " + "; ".join(f"{word} {_shown(items)}" for word, items in parts if items)
            case _:
                return f"{about}: {_shown(self.old)} -> {_shown(self.new)}"

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain data, ready for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Difference:
    """All changes from one dataset to another; false if there are none.

    It is shown as a summary. Iterate over it, take its `len()`, print it, or write it as JSON with `to_dict`.

    Attributes:
        old: The edition of the old dataset.
        new: The edition of the new dataset.
        changes: The changes of the release, then of each table in the new dataset's order, removed records last.
        unchanged_sources: The ids of the sources with the same SHA-256 in both datasets.
        changed_sources: The ids of the sources with different SHA-256. A source without one is in neither list.
    """

    old: Release
    new: Release
    changes: tuple[Change, ...]
    unchanged_sources: tuple[str, ...]
    changed_sources: tuple[str, ...]

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def __repr__(self) -> str:
        return self._text(is_summary=True)

    def __str__(self) -> str:
        return self.to_text()

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as plain data, ready for JSON: editions, sources, counts and changes."""
        counts = Counter(change.what for change in self.changes)
        return {
            "old": self.old.model_dump(mode="json"),
            "new": self.new.model_dump(mode="json"),
            "sources": {"unchanged": [*self.unchanged_sources], "changed": [*self.changed_sources]},
            "counts": {what: counts[what] for what in get_args(What)},
            "changes": [change.to_dict() for change in self.changes],
        }

    def to_text(self) -> str:
        """Return the difference as text: a summary, then one line per change, table by table; no value is cut."""
        return self._text(is_summary=False)

    def _text(self, *, is_summary: bool) -> str:
        if not self.changes:
            return "nothing changed"
        editions = " -> ".join(f"{edition.data_version} ({edition.as_of})" for edition in (self.old, self.new))
        lines = [f"Data {editions}", _counts(self.changes)]
        lines += [*map(_SAME_COPY.format, self.unchanged_sources), *map(_OTHER_COPY.format, self.changed_sources)]
        for table, group in groupby(self.changes, key=lambda change: change.table):
            changes = tuple(group)
            heading = f"{table}: {_counts(changes)}"
            lines += [f"  {heading}"] if is_summary else ["", heading, *(f"  {change}" for change in changes)]
        return "\n".join(lines) + "\nPrint it to see each change." * is_summary


def diff(
    old: Dataset | str | PathLike[str],
    new: Dataset | str | PathLike[str],
    *,
    renamed: Mapping[str, str] | None = None,
) -> Difference:
    """Compare two datasets.

    Records are matched by their ids, whatever their order, and compared by value. A record whose id is gone is
    renamed if a redirect leads to its new id; otherwise it is removed. References that follow a rename are no changes.

    Args:
        old: The old dataset; or the file or folder that holds it, in any lossless format; or the version of a release.
        new: The new dataset, likewise.
        renamed: Redirects from old ids to new ones, both as `table/id`; by default those of the new dataset. Chains
            are followed. A redirect is ignored if the new dataset still has the old id, or lacks the new one.
            Partnerships follow their program and partner, and then their own redirect.

    Raises:
        OSError: If a file cannot be read.
        InvalidDataError: If a file is not a valid dataset.
        UnknownTermError: If there is no release of a version; it lists those that exist.
        ValueError: If a redirect is not from `table/id` to `table/id`.

    >>> import eaps_data as eaps
    >>> old = eaps.load()
    >>> partner = old.partners["RPD"].model_copy(update={"kind": None})
    >>> partners = tuple(partner if each.id == partner.id else each for each in old.partners)
    >>> evidence = tuple(row for row in old.evidence if (row.subject, row.field) != ("partners/" + partner.id, "kind"))
    >>> new = eaps.Dataset(old.document.model_copy(update={"partners": partners, "evidence": evidence}))
    >>> print(diff(old, new))
    Data 2.0.0 (2026-11-26) -> 2.0.0 (2026-11-26)
    1 removed, 1 changed
    The source funded-municipalities is the same copy in both: what changed is how it was read.
    <BLANKLINE>
    partners: 1 changed
      changed    revere-police-department, kind: "police-department" -> not stated
    <BLANKLINE>
    evidence: 1 removed
      removed    partners/revere-police-department kind "Revere Police Department"
    >>> bool(diff(old, old))
    False
    >>> diff("1.0.0", old).old.data_version
    '1.0.0'
    """
    expect("renamed", renamed, Mapping, NoneType)
    old, new = opened(old), opened(new)
    before, after = old.document.model_dump(mode="json"), new.document.model_dump(mode="json")
    before["grant_program"], after["grant_program"] = [before["grant_program"]], [after["grant_program"]]
    if renamed is None:
        renamed = {redirect.old: redirect.new for redirect in new.document.redirects}
    ids = _renamed_ids(renamed, before, after)
    changes = [*_field_changes("release", None, before["release"], after["release"])]
    for table in ("grant_program", *TABLES):
        changes += _table_changes(table, before[table], after[table], ids)
    copies = {ids.get(("sources", row["id"]), row["id"]): row["sha256"] for row in before["sources"]}
    known = [row for row in after["sources"] if row["sha256"] and copies.get(row["id"])]
    unchanged = tuple(row["id"] for row in known if row["sha256"] == copies[row["id"]])
    return Difference(
        old=old.release,
        new=new.release,
        changes=tuple(changes),
        unchanged_sources=unchanged,
        changed_sources=tuple(row["id"] for row in known if row["id"] not in unchanged),
    )


def _renamed_ids(redirects: Mapping[str, str], before: _Row, after: _Row) -> _Ids:
    for subject in (*redirects, *redirects.values()):
        table, _, id_ = str(subject).partition("/")
        if table not in LIVING or not id_:
            raise ValueError(f'a redirect is from table/id to table/id, as in "programs/revere-bhu"; found "{subject}"')
    ids: dict[tuple[str, str], str] = {}
    for table in sorted(LIVING, key=lambda table: TABLE_SPECS[table].key != ("id",)):  # partnerships follow the others
        existing = {f"{table}/{_identity(table, row)}" for row in after[table]}
        for row in before[table]:
            id_ = _redirected_id(table, row, ids)
            target = f"{table}/{id_}"
            followed: set[str] = set()  # to leave a circle
            while target not in existing and target in redirects and target not in followed:
                followed.add(target)
                target = redirects[target]
            if followed and target in existing:
                ids[table, id_] = target.partition("/")[2]
    return ids


def _table_changes(table: str, before: Sequence[_Row], after: Sequence[_Row], ids: _Ids) -> Iterator[Change]:
    followed = [_follow(table, row, ids) for row in before]
    redirected = [_redirected_id(table, row, ids) for row in before]
    renamed = {position for position, id_ in enumerate(redirected) if (table, id_) in ids}
    old_of = _match_rows(table, followed, after, renamed)
    for position, row in enumerate(after):
        id_ = _identity(table, row)
        if position not in old_of:
            yield Change(table=table, id=id_, what="added", new=row)
            continue
        if old_of[position] in renamed:
            yield Change(table=table, id=id_, what="renamed", old=redirected[old_of[position]], new=id_)
        yield from _field_changes(table, id_, followed[old_of[position]], row)
    new_of = {old: new for new, old in old_of.items()}
    for position, row in enumerate(before):
        if position not in new_of:
            id_ = _identity(table, row)
            target = ids.get((table, redirected[position]))
            yield Change(table=table, id=id_, what="removed", old=row, new=target and f"{table}/{target}")
    # Evidence rows may have the same identity, so their positions are compared.
    moved = _moved([new_of[old] for old in sorted(new_of)], sorted(old_of))
    if moved:
        was, now = ([_identity(table, after[position]) for position in order] for order in moved)
        yield Change(table=table, id=None, what="reordered", old=was, new=now)


def _follow(table: str, row: _Row, ids: _Ids) -> _Row:
    """Return the row with renamed ids replaced by the new ones: its own id, and those that it refers to."""
    row = _follow_references(table, row, ids)
    if table == "evidence":
        subject, _, id_ = row["subject"].partition("/")
        target = TABLE_SPECS[subject].references.get(row["field"])
        if target is not None and row["item"] is not None:
            row["item"] = ids.get((target, row["item"]), row["item"])
        if subject == "partnerships":
            id_ = _redirected_id(subject, _partnership(id_), ids)
        row["subject"] = f"{subject}/{ids.get((subject, id_), id_)}"
    elif table == "partnerships":
        id_ = partnership_id(row)
        row |= _partnership(ids.get((table, id_), id_))
    elif "id" in row:
        row["id"] = ids.get((table, row["id"]), row["id"])
    return row


def _follow_references(table: str, row: _Row, ids: _Ids) -> _Row:
    row = row.copy()
    for field, target in TABLE_SPECS[table].references.items():
        if isinstance(row[field], list):
            row[field] = [ids.get((target, id_), id_) for id_ in row[field]]
        else:
            row[field] = ids.get((target, row[field]), row[field])
    return row


def _redirected_id(table: str, row: _Row, ids: _Ids) -> str:
    """Return the id that the redirect of an old row starts from: that of a partnership follows what it refers to."""
    return _identity(table, _follow_references(table, row, ids) if table == "partnerships" else row)


def _partnership(id_: str) -> _Row:
    return dict(zip(TABLE_SPECS["partnerships"].key, id_.split("--"), strict=True))


def _identity(table: str, row: _Row) -> str:
    """Return what identifies a row in its table: its id, or what an evidence row supports and quotes."""
    if table == "partnerships":
        return partnership_id(row)
    if table == "evidence":
        strings = [json.dumps(row[name], ensure_ascii=False) for name in ("item", "quote") if row[name] is not None]
        return " ".join([row["subject"], row["field"], *strings])
    return str(row["id"])


def _match_rows(
    table: str, followed: Sequence[_Row], after: Sequence[_Row], renamed: Collection[int]
) -> dict[int, int]:
    """Return the positions of the new rows that have an old one, with its position.

    Several evidence rows may have one identity: equal rows match first. Several records may be redirected to one id:
    the record that had it matches first.
    """
    keys: list[Callable[[_Row], Hashable]] = [lambda row: _identity(table, row)]
    if table == "evidence":
        keys.insert(0, lambda row: (*row.values(),))  # the rows are flat, so their values can be hashed
    order = sorted(range(len(followed)), key=lambda position: position in renamed)
    old_of: dict[int, int] = {}
    for key in keys:
        matched = set(old_of.values())
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for position in order:
            if position not in matched:
                waiting[key(followed[position])].append(position)
        for position, row in enumerate(after):
            if position not in old_of and waiting[key(row)]:
                old_of[position] = waiting[key(row)].popleft()
    return old_of


def _field_changes(table: str, id_: str | None, old: _Row, new: _Row, prefix: str = "") -> Iterator[Change]:
    for name, now in new.items():
        was, field = old[name], prefix + name
        if isinstance(was, dict) and isinstance(now, dict):
            yield from _field_changes(table, id_, was, now, f"{field}.")
        elif isinstance(was, list) and isinstance(now, list):
            removed, added = _without(was, now), _without(now, was)
            if removed or added:
                yield Change(table=table, id=id_, what="changed", field=field, old=removed, new=added)
            moved = _moved(_without(was, removed), _without(now, added))
            if moved:
                yield Change(table=table, id=id_, what="reordered", field=field, old=moved[0], new=moved[1])
        elif was != now:
            yield Change(table=table, id=id_, what="changed", field=field, old=was, new=now)


def _without(items: Iterable[str], others: Iterable[str]) -> list[str]:
    unwanted = set(others)
    return [item for item in items if item not in unwanted]


def _moved(old: list[_Item], new: list[_Item]) -> tuple[list[_Item], list[_Item]] | None:
    """Return the items from the first to the last that moved, in both orders; None if none did."""
    moved = [index for index, (was, now) in enumerate(zip(old, new, strict=True)) if was != now]
    if not moved:
        return None
    span = slice(moved[0], moved[-1] + 1)
    return old[span], new[span]


def _counts(changes: Iterable[Change]) -> str:
    counts = Counter(change.what for change in changes)
    return ", ".join(f"{counts[what]} {what}" for what in get_args(What) if counts[what])


def _name(row: _Row) -> str:
    name = row.get("name", row.get("title"))
    return "" if name is None else f", {_shown(name)}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return "not stated" if value is None else json.dumps(value, ensure_ascii=False)
