"""Permanent ids: redirects from renamed ids, and tombstones of removed ones."""

import re
from collections.abc import Iterable
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from eaps_data._internal.caller_warnings import warn
from eaps_data._internal.text_keys import fold
from eaps_data.errors import RemovedIdError, RenamedIdWarning
from eaps_data.models.fields import ID, Model, Text, Version
from eaps_data.models.table_specs import LIVING

_TABLES: Final = "|".join(sorted({*LIVING} - {"partnerships"}))

Subject = Annotated[
    str, Field(pattern=rf"^(({_TABLES})/{ID}|partnerships/{ID}--{ID}--{ID})$", examples=["programs/revere-bhu"])
]
"""A reference to a record: its table and id."""


class Redirect(Model, frozen=True):
    """An id that was renamed. Lookups by the old one find the new one, and warn."""

    old: Subject = Field(description="The old id, with its table.")
    new: Subject = Field(description="The new id, with the same table.")
    since: Version = Field(description="The first version of the data that has the new id.")


class Tombstone(Model, frozen=True):
    """An id that was removed, and is not used again."""

    id: Subject = Field(description="The removed id, with its table.")
    since: Version = Field(description="The first version of the data without it.")
    why: Text = Field(description="Why it was removed, in our own words.")


Past: TypeAlias = Redirect | Tombstone


class PastIds:
    """Look up the redirects and tombstones of a dataset.

    A partnership's id contains its program's and its partner's ids and follows their redirects and tombstones. It
    needs its own entry only if the partnership itself was removed or its role changed.
    """

    __slots__ = ("_exact", "_folded")

    def __init__(self, redirects: Iterable[Redirect] = (), tombstones: Iterable[Tombstone] = ()) -> None:
        """Index the redirects and tombstones of a dataset document."""
        self._exact: dict[str, Past] = {entry.old: entry for entry in redirects}
        self._exact |= {entry.id: entry for entry in tombstones}
        self._folded = {_folded(*subject.split("/")): entry for subject, entry in self._exact.items()}

    def exact(self, table: str, key: str) -> Past | None:
        """Return the redirect or tombstone of an id, spelled exactly; None if there is none."""
        if not self._exact:
            return None
        found = self._exact.get(f"{table}/{key}")
        return self._partnership(key) if found is None and table == "partnerships" else found

    def folded(self, table: str, key: str) -> Past | None:
        """Return the redirect or tombstone of an id in any spelling; None if there is none."""
        return self._folded.get(_folded(table, key)) if self._folded else None

    def _partnership(self, key: str) -> Past | None:
        """Return the redirect or tombstone that a partnership inherits from its program or partner."""
        if not re.fullmatch(f"{ID}--{ID}--{ID}", key):
            return None
        old, (program, partner, role) = f"partnerships/{key}", key.split("--")
        entries = (self._exact.get(f"programs/{program}"), self._exact.get(f"partners/{partner}"))
        renamed = [entry for entry in entries if isinstance(entry, Redirect)]
        for entry in entries:
            if isinstance(entry, Tombstone):
                return Tombstone(id=old, since=entry.since, why=entry.why)
        if not renamed:
            return None
        parts = (
            id_of(entry.new) if isinstance(entry, Redirect) else part
            for entry, part in zip(entries, (program, partner), strict=True)
        )
        since = max((entry.since for entry in renamed), key=version_key)
        return Redirect(old=old, new=f"partnerships/{'--'.join(parts)}--{role}", since=since)


def _folded(table: str, key: str) -> str:
    return f"{table}/{fold(key)}"


def id_of(subject: str) -> str:
    """Return the id in `table/id`."""
    return subject.partition("/")[2]


def version_key(version: str) -> tuple[int, ...]:
    """Return a key that sorts versions in order.

    >>> sorted(["10.0.0", "2.1.0"], key=version_key)
    ['2.1.0', '10.0.0']
    """
    return tuple(map(int, version.split(".")))


def warn_renamed(entry: Redirect) -> None:
    """Warn that an id was renamed, at the line outside this package that used it."""
    warn(RenamedIdWarning(entry.old, entry.new, entry.since))


def removed_error(entry: Tombstone) -> RemovedIdError:
    """Return the error for a lookup by an id that was removed."""
    table, _, key = entry.id.partition("/")
    return RemovedIdError(table, key, entry.since, entry.why)
