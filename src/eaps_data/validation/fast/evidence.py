"""Check evidence while it is read, without keeping it: most of a dataset is evidence."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from eaps_data.models.rows import Row
from eaps_data.models.table_specs import CLAIM
from eaps_data.rules.columns import Columns, column
from eaps_data.rules.evidence import claims_of

_PLACE: Final = ("section", "paragraph", "sentence", "basis", "note")


class EvidenceStream:
    """Finds out whether evidence, seen a part at a time, certainly breaks no rule.

    It is certain of sound evidence whose rows for one claim are next to each other.
    """

    def __init__(self, tables: Mapping[str, Columns]) -> None:
        """Take the tables that make the claims."""
        self._unsupported = {*claims_of(tables)}
        self._previous: list[tuple[Any, str]] = []
        self._is_unsure = False
        self._cited: set[str] = set()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, rows: Sequence[Row]) -> None:
        """See more rows."""
        claims = column(rows, CLAIM)
        quoted = [*zip(claims, column(rows, "quote"), strict=True)]
        before = len(self._unsupported)
        self._unsupported.difference_update(claims)
        supported = before - len(self._unsupported)
        # If each row supports a claim that had no evidence, there is no duplicate, and no row without a claim.
        if supported != len(rows):
            distinct = {*claims}.difference(claim for claim, _ in self._previous)
            both = [*self._previous, *quoted]
            self._is_unsure |= supported != len(distinct) or len({*both}) != len(both)
        self._is_unsure |= not _are_complete(column(rows, _PLACE))
        self._cited.update(column(rows, "source"))
        self._count += len(rows)
        self._previous = quoted

    @property
    def is_sound(self) -> bool:
        """Whether each claim has evidence, and each row a claim and all that it needs."""
        return not self._is_unsure and not self._unsupported

    def sources(self) -> Columns:
        """Return the sources that are cited, as the column of a table with a row for each."""
        return Columns("evidence", ("source",), [{"source": source} for source in self._cited])


def _are_complete(places: Iterable[tuple[Any, ...]]) -> bool:
    return all(
        (section is None) is (paragraph is None) is (sentence is None) and (basis != "inferred" or note is not None)
        for section, paragraph, sentence, basis, note in places
        if section is None or paragraph is None or sentence is None or basis == "inferred"
    )
