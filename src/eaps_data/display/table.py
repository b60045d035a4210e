"""Rows of text in aligned columns, for terminals and `repr`."""

from collections.abc import Iterable, Sequence


def text_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Align rows under a header. Nothing is cut, as the width that a reader has is not known.

    >>> print(text_table(["id", "county"], [("revere", "Suffolk"), ("salem", None)]))
    id      county
    revere  Suffolk
    salem   -
    """
    cells = [tuple(header), *(tuple(map(cell, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)


def cell(value: object) -> str:
    """One value as text on one line; `-` for what the source does not say.

    >>> cell(("transparency", "equity")), cell(())
    ('transparency, equity', '-')
    """
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    return "-" if value is None or value == "" else str(value)
