"""What differs between two datasets, as records to work with and as text to read."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal, TypeAlias, get_args

from eaps_data.errors import printable
from eaps_data.models.records import Release

What: TypeAlias = Literal["added", "removed", "renamed", "changed", "reordered"]

_WIDTH: Final = max(map(len, get_args(What)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change from an old dataset to a new one.

    Attributes:
        table: the table, or `grant_program`, or `release`.
        id: the record's id, the new one unless the record is removed. A row of evidence has no id: it is told by
            its subject, field, item (where it has one) and quote, as in `programs/a services "triage" "will sort"`.
            None for the release, and for the order of a table.
        what: `added`, `removed` or `renamed` for a record; `changed` for the value of a field; `reordered` for a
            list, or a table where `field` is None, whose items stand in another order.
        field: the field that changed, its part after a dot, as in `identifiers.place_geoid`; else None.
        old: the old value, as plain data: of a record that is removed, the record; of one that is renamed, its
            old id; of a list that changed, the items removed; of what is reordered, the items in their old order,
            from the first to the last one that moved.
        new: the new value likewise: of a list that changed, the items added. Of a record that is removed, the
            record that a redirect leads to, as `table/id`, if there is one.
        redirected: true where a redirect says that the record was renamed or taken into another; false where
            it is called renamed because the same content stands under another id.
    """

    table: str
    id: str | None
    what: What
    field: str | None = None
    old: Any = None
    new: Any = None
    redirected: bool = False

    def __str__(self) -> str:
        about = ", ".join(part for part in (self.id, self.field) if part is not None)
        return printable(f"{self.what:{_WIDTH}}  " + self._told(about))

    def _told(self, about: str) -> str:
        match self.what:
            case "added":
                return about + _name(self.new)
            case "removed":
                return about + _name(self.old) + (f"; see {self.new}" if self.new else "")
            case "renamed":
                return f"{self.old} -> {self.id}" + ("" if self.redirected else " (same content; no redirect says so)")
            case "reordered" if self.field is None:
                return f"{len(self.new)} records now stand in another order"
            case "changed" if isinstance(self.old, list) and isinstance(self.new, list):
                parts = (("removed", self.old), ("added", self.new))
                return f"{about}: " + "; ".join(f"{word} {_shown(items)}" for word, items in parts if items)
            case _:
                return f"{about}: {_shown(self.old)} -> {_shown(self.new)}"

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data, ready for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Difference:
    """All changes from one dataset to another: false where there is none.

    Iterate over it, take its `len()`, print it, or write it as JSON with `to_dict`.

    Attributes:
        old: the edition of the old dataset.
        new: the edition of the new dataset.
        changes: each change: the release first, then table by table, in the new dataset's order; what is removed
            stands at its table's end.
    """

    old: Release
    new: Release
    changes: tuple[Change, ...]

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def __repr__(self) -> str:
        versions = f"{self.old.data_version} -> {self.new.data_version}"
        return f"<Difference {versions}: {_counted(self.changes) or 'nothing changed'}>"

    def __str__(self) -> str:
        return self.to_text()

    def to_dict(self) -> dict[str, Any]:
        """The difference as plain data, ready for JSON: both editions, how many changes there are, and each."""
        counts = Counter(change.what for change in self.changes)
        return {
            "old": self.old.model_dump(mode="json"),
            "new": self.new.model_dump(mode="json"),
            "counts": {what: counts[what] for what in get_args(What)},
            "changes": [change.to_dict() for change in self.changes],
        }

    def to_text(self) -> str:
        """The difference for a reader: the counts on top, then one line a change, table by table.

        No value is cut. What the source does not say is written `not said`.
        """
        if not self.changes:
            return "nothing changed"
        editions = " -> ".join(f"{edition.data_version} ({edition.as_of})" for edition in (self.old, self.new))
        lines = [f"Data {editions}", _counted(self.changes)]
        for table, changes in groupby(self.changes, key=lambda change: change.table):
            held = tuple(changes)
            lines += ["", f"{table}: {_counted(held)}", *(f"  {change}" for change in held)]
        return "\n".join(lines)


def _counted(changes: tuple[Change, ...]) -> str:
    counts = Counter(change.what for change in changes)
    return ", ".join(f"{counts[what]} {what}" for what in get_args(What) if counts[what])


def _name(row: dict[str, Any]) -> str:
    """What a record is called, beside its id."""
    name = row.get("name", row.get("title"))
    return "" if name is None else f", {_shown(name)}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return "not said" if value is None else json.dumps(value, ensure_ascii=False)
