"""Plain text for terminals and `repr`: aligned tables, fields, constructor calls, counts and short values."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, zip_longest
from typing import Final

MAX_ROWS: Final = 20
"""The number of rows that a table shows."""
_MAX_LENGTH: Final = 120
# Characters that move a terminal's cursor, break the line or reverse the direction of the text around them. The last
# two are noncharacters, which XML does not allow.
_UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def table_text(caption: str, header: Sequence[str], rows: Iterable[Iterable[object]], total: int) -> str:
    """Return the first rows of a table in aligned columns, below its caption, and how many more there are.

    Args:
        caption: the line above the table.
        header: the columns.
        rows: the rows; only the first are read, and long values are cut.
        total: the number of rows.
    """
    shown = [tuple(map(short, row)) for row in islice(rows, MAX_ROWS)]
    parts = [caption, text_table(header, shown) if shown else "", more(total, len(shown))]
    return "\n".join(filter(None, parts))


def text_table(header: Sequence[str], rows: Iterable[Sequence[object]], width: int | None = None) -> str:
    """Align rows under a header.

    Args:
        header: the columns.
        rows: the rows.
        width: the width of the reader's terminal, in characters; the longest columns are cut to fit it. If it is
            unknown, nothing is cut.

    >>> print(text_table(["id", "county"], [("revere", "Suffolk"), ("salem", None)]))
    id      county
    revere  Suffolk
    salem   -
    >>> print(text_table(["id", "county"], [("revere", "Suffolk")], 12))
    id     coun…
    reve…  Suff…
    """
    cells = [tuple(header), *(tuple(map(cell, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    if width is not None:
        while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > 1:
            widths[widths.index(max(widths))] -= 1
    return "\n".join("  ".join(map(str.ljust, map(_cut, row, widths), widths)).rstrip() for row in cells)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def cell(value: object) -> str:
    """Return a value as text on one line; `-` for None, an empty string or an empty tuple.

    >>> cell(("transparency", "equity")), cell(())
    ('transparency, equity', '-')
    """
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    return "-" if value is None or value == "" else str(value)


def short(value: object) -> str:
    """Return a value as visible text on one line, cut if it is long."""
    return _cut(visible(cell(value)), _MAX_LENGTH)


def visible(text: str) -> str:
    """Replace the characters that could break a terminal or a page; those that join emoji are kept."""
    return _UNSAFE.sub("\ufffd", text)


def fields_text(fields: Iterable[tuple[str, object]]) -> str:
    """Return fields below each other, with one line per item of a list.

    >>> print(fields_text([("id", "revere"), ("aliases", ("Revere City", "Revere")), ("acronym", None)]))
    id       revere
    aliases  Revere City
             Revere
    acronym  -
    """
    values = dict(fields)
    width = max(map(len, values))
    lines: list[str] = []
    for name, value in values.items():
        items = value if isinstance(value, tuple) and value else (value,)
        lines += (f"{label:{width}}  {visible(cell(item))}" for label, item in zip_longest([name], items, fillvalue=""))
    return "\n".join(lines)


def call_text(name: str, arguments: Mapping[str, object], *, others: bool) -> str:
    """Return a constructor call on one line, with dots if it has other arguments; long strings are cut.

    >>> call_text("Partner", {"id": "a", "name": "A"}, others=True)
    "Partner(id='a', name='A', ...)"
    """
    shown = [f"{key}={visible(repr(_plain(value)))}" for key, value in arguments.items()]
    return f"{name}({', '.join([*shown, *(['...'] if others else [])])})"


def _plain(value: object) -> object:
    """Return a string, also a term, as a short plain string."""
    return short(str(value)) if isinstance(value, str) and value else value


def count(number: int, noun: str) -> str:
    """Return a number with its noun in the singular or plural.

    >>> count(1, "hit"), count(12_000, "hit"), count(6, "municipality"), count(2, "approach")
    ('1 hit', '12,000 hits', '6 municipalities', '2 approaches')
    """
    if number == 1:
        return f"1 {noun}"
    if noun.endswith("y"):
        return f"{number:,} {noun[:-1]}ies"
    return f"{number:,} {noun}{'es' if noun.endswith('ch') else 's'}"


def more(total: int, shown: int) -> str:
    """Return the line below a table that does not show all its rows; an empty string if it does."""
    return f"and {total - shown:,} more" if total > shown else ""
