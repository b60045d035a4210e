"""The texts by which records, collections and search hits show themselves in a terminal.

A table shows a bounded number of rows, and of a long text the beginning; a record shows all that it says.
"""

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import islice
from textwrap import indent
from typing import TYPE_CHECKING, Any, Final

from eaps_data.display.table import cell, text_table
from eaps_data.models.fields import Model

if TYPE_CHECKING:
    from eaps_data.tables.collection import Collection
    from eaps_data.tables.search import Hit

ROWS: Final = 20
"""How many rows a table shows."""
HIT_COLUMNS: Final = ("id", "name", "record", "score", "matched")
"""What a table of hits shows of each."""
_LONGEST: Final = 120
_WIDTH: Final = 80
# These would move a terminal's cursor, break the line, or turn the direction of what stands beside them; the last two
# are no characters, and may stand in no XML.
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def collection_text(collection: "Collection[Any]") -> str:
    """The first records in aligned columns, and how many there are in all."""
    rows = ([getattr(record, name) for name in collection.columns] for record in islice(collection, ROWS))
    return _text(title(collection), collection.columns, rows, len(collection))


def hits_text(hits: "Sequence[Hit]") -> str:
    """The best hits in aligned columns, and how many there are in all."""
    return _text(count(len(hits), "hit"), HIT_COLUMNS, map(hit_row, hits[:ROWS]), len(hits))


def hit_text(hit: "Hit") -> str:
    """One hit on one line."""
    key, _, kind, score, matched = map(short, hit_row(hit))
    return f"<Hit {score} of {kind} {key}: {matched}>"


def hit_row(hit: "Hit") -> tuple[object, ...]:
    """One hit as the cells of a row."""
    matched = "; ".join(f"{match.field}: {' '.join(match.words)}" for match in hit.matches)
    return hit.record.id, hit.record.name, type(hit.record).__name__, f"{hit.score:.2f}", matched


def record_text(value: object) -> str:
    """The Python that makes a record, without its empty fields; a field a line where it is long for one line.

    >>> from eaps_data.models.records import Location, Partner
    >>> from eaps_data.models.vocabulary import PartnerKind
    >>> print(record_text(Location(latitude=42.4, longitude=-71.0)))
    Location(latitude=42.4, longitude=-71.0)
    >>> print(record_text(Partner(id="a", name="A" * 80, kind=PartnerKind.OFFICE)))
    Partner(
        id='a',
        name='AAA...AAA',
        kind=PartnerKind.OFFICE,
    )
    """
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, Model):
        start = f"{type(value).__name__}("
        parts = [f"{name}={record_text(held)}" for name, held in value.__repr_args__()]
    elif isinstance(value, tuple):
        start, parts = "(", [record_text(item) for item in value]
    else:
        return repr(value)
    line = f"{start}{', '.join(parts)}{',' if start == '(' and len(parts) == 1 else ''})"
    if len(line) <= _WIDTH and "\n" not in line:
        return line
    return "\n".join([start, *(indent(f"{part},", "    ") for part in parts), ")"])


def title(collection: "Collection[Any]") -> str:
    """A table's name and size."""
    return f"{collection.table}: {count(len(collection), 'record')}"


def count(number: int, noun: str) -> str:
    """A number of things.

    >>> count(1, "hit"), count(12_000, "hit"), count(6, "municipality"), count(2, "approach")
    ('1 hit', '12,000 hits', '6 municipalities', '2 approaches')
    """
    if number == 1:
        return f"1 {noun}"
    if noun.endswith("y"):
        return f"{number:,} {noun[:-1]}ies"
    return f"{number:,} {noun}{'es' if noun.endswith('ch') else 's'}"


def more(total: int, shown: int) -> str:
    """What stands below a table that does not show all; nothing below one that does."""
    return f"and {total - shown:,} more" if total > shown else ""


def short(value: object) -> str:
    """A value as visible text on one line, cut where it is long."""
    text = visible(cell(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def visible(text: str) -> str:
    """A text without the characters that would break a terminal or a page; those that join an emoji stay."""
    return _UNSEEN.sub("\ufffd", text)


def _text(heading: str, header: Sequence[str], rows: Iterable[Iterable[object]], total: int) -> str:
    shown = [tuple(map(short, row)) for row in rows]
    parts = [heading, text_table(header, shown) if shown else "", more(total, len(shown))]
    return "\n".join(filter(None, parts))
