"""Plain text for terminals and `repr`: tables with aligned columns, constructor calls, counts and shortened values."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from textwrap import indent
from typing import Final

MAX_ROWS: Final = 20
"""The number of rows that a table shows."""
_MAX_LENGTH: Final = 120
_WIDTH: Final = 80
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


def call_text(name: str, arguments: Sequence[str]) -> str:
    """Return a call in Python with one argument per line if it is too long for one line; without a name, a tuple.

    >>> call_text("Partner", ["id='a'", "name='A'"]), call_text("", ["1"])
    ("Partner(id='a', name='A')", '(1,)')
    """
    line = f"{name}({', '.join(arguments)}{',' if not name and len(arguments) == 1 else ''})"
    if len(line) <= _WIDTH and "\n" not in line:
        return line
    return "\n".join([f"{name}(", *(indent(f"{argument},", "    ") for argument in arguments), ")"])


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
