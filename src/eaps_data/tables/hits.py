"""What a search found: hits, which show themselves as a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Self, SupportsIndex, TypeAlias, overload

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from eaps_data.models.records import GrantProgram, Municipality, Partner, Program
from eaps_data.tables.base import instance_schema

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from eaps_data.models.option_names import Backend

Findable: TypeAlias = Municipality | Program | Partner | GrantProgram
"""A record that a search can find."""

_HIT_COLUMNS: Final = ("id", "name", "table", "score", "matched")


@dataclass(frozen=True, slots=True)
class Match:
    """A field of a record in which the query was found."""

    field: str
    """The record's field, `definition` for the definitions of its terms, or `quote` for the quotes of its evidence."""
    words: tuple[str, ...]
    """The words of the record that matched, or the whole key."""
    note: str | None = None
    """The correction of a typo in the query, such as `'recovry' read as 'recovery'`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that matched a query."""

    record: Findable
    """The record."""
    score: float
    """3 for a key as written, 2 for a key in another spelling, from 0 to 1 for words; see `eaps_data.search`."""
    matches: tuple[Match, ...]
    """The fields that matched, with the words found, in descending order of weight."""

    @property
    def matched(self) -> str:
        """The matches on one line.

        >>> import eaps_data as eaps
        >>> eaps.search("shanon", limit=1)[0].matched
        "id: shannon; name: shannon; aliases: shannon; quote: shannon ('shanon' read as 'shannon')"
        """
        text = "; ".join(f"{match.field}: {' '.join(match.words)}" for match in self.matches)
        notes = dict.fromkeys(match.note for match in self.matches if match.note)
        return f"{text} ({'; '.join(notes)})" if notes else text

    def to_dict(self) -> dict[str, Any]:
        """Return the hit as plain data, ready for JSON: table, id, name, score and matches.

        >>> import eaps_data as eaps
        >>> eaps.search("BHU")[0].to_dict()["matches"]
        [{'field': 'acronym', 'words': ['BHU'], 'note': None}]
        """
        return {
            "table": self.record.table,
            "id": self.record.id,
            "name": self.record.name,
            "score": self.score,
            "matches": [{"field": match.field, "words": [*match.words], "note": match.note} for match in self.matches],
        }

    def __repr__(self) -> str:
        from eaps_data.display.text import short

        key, _, table, score, matched = map(short, self._row())
        return f"<Hit {score} of {table}/{key}: {matched}>"

    def _repr_html_(self) -> str:
        return Hits([self])._repr_html_()

    def _row(self) -> tuple[str, ...]:
        """Return the cells of the hit in a table of hits."""
        return self.record.id, self.record.name, self.record.table, f"{self.score:.2f}", self.matched


class Hits(tuple[Hit, ...]):  # noqa: SLOT001 - a tuple with an attribute cannot have slots
    """A tuple of hits, best first, that is displayed as a table."""

    tried: str
    """The words that were tried if there is no hit, with their stems and similar words of the dataset."""

    def __new__(cls, hits: Iterable[Hit] = (), tried: str = "") -> Self:
        """Create a tuple of hits."""
        self = super().__new__(cls, hits)
        self.tried = tried
        return self

    @overload
    def __getitem__(self, at: SupportsIndex) -> Hit: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: SupportsIndex | slice) -> Hit | Self:
        found = super().__getitem__(at)
        return found if isinstance(found, Hit) else type(self)(found, self.tried)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic and web frameworks treat the hits as `tuple[Hit, ...]`."""
        hits = handler.generate_schema(tuple[Hit, ...])
        return instance_schema(cls, core_schema.no_info_after_validator_function(cls, hits))

    @property
    def records(self) -> tuple[Findable, ...]:
        """The records, best first.

        >>> import eaps_data as eaps
        >>> [record.id for record in eaps.search("homelessness", limit=1).records]
        ['revere-sudhi-office']
        """
        return tuple(hit.record for hit in self)

    if TYPE_CHECKING:

        @overload
        def to_frame(self, backend: Literal["pandas"]) -> pd.DataFrame: ...
        @overload
        def to_frame(self, backend: Literal["polars"]) -> pl.DataFrame: ...
        @overload
        def to_frame(self, backend: Literal["pyarrow"]) -> pa.Table: ...
        @overload
        def to_frame(self, backend: Backend | None = None) -> Any: ...

    def to_frame(self, backend: str | None = None) -> Any:
        """Return the hits as a data frame with the columns `id`, `name`, `table`, `score` and `matched`.

        Args:
            backend: `pandas`, `polars` or `pyarrow`; the default is the first of them that is installed.

        Raises:
            UnknownTermError: if the backend is unknown; it lists the possible values.
            MissingExtraError: if the library is not installed; it names the extra.

        >>> import eaps_data as eaps
        >>> eaps.search("youth", limit=1).to_frame("pandas")["id"].tolist()
        ['new-bedford-ssyi']
        """
        from eaps_data.frames import plain_frame

        cells = zip(*(hit._row() for hit in self), strict=True) if self else ((),) * len(_HIT_COLUMNS)
        columns = dict(zip(_HIT_COLUMNS, map(list, cells), strict=True))
        scores = [hit.score for hit in self]
        return plain_frame({**columns, "score": scores}, {"score": "number"}, backend)

    def __repr__(self) -> str:
        from eaps_data.display.text import count, table_text, visible

        if not self:
            return visible(f"0 hits; {self.tried}") if self.tried else "0 hits"
        return table_text(count(len(self), "hit"), _HIT_COLUMNS, (hit._row() for hit in self), len(self))

    def _repr_html_(self) -> str:
        from html import escape

        from eaps_data.display.html import RowView, table_html
        from eaps_data.display.text import count, visible

        rows = (RowView(hit._row()) for hit in self)
        empty = f"No record matches{'; ' if self.tried else ''}{escape(visible(self.tried))}."
        return table_html(count(len(self), "hit"), _HIT_COLUMNS, rows, len(self), empty)
