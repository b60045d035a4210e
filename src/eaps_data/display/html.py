"""HTML for notebooks, without scripts or dependencies.

Colors come from the page, light or dark. Tables show as many rows as in a terminal, so their cost does not grow with
the dataset; a record is shown in full.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice
from typing import Final, NamedTuple

from eaps_data.display.text import MAX_ROWS, cell, count, more, short, visible

_MAX_CLAIMS: Final = 10
_URL: Final = re.compile("https?://[!-~]+")  # other schemes, such as `javascript:`, can run code

# Notebooks may align the cells of every table to the right, with a rule that wins unless ours is `!important`.
_STYLE: Final = """<style>
.eaps-data{overflow-x:auto}
.eaps-data table{border-collapse:collapse;margin:0}
.eaps-data caption{font-weight:bold;padding:.3em .6em;text-align:start}
.eaps-data :is(th,td){padding:.3em .6em;text-align:start!important;vertical-align:top}
.eaps-data :is(th,td):not([colspan]){max-width:26em;overflow-wrap:break-word}
.eaps-data td:last-child:nth-child(2){max-width:44em}
.eaps-data :is(th,td):not([colspan]){border-top:1px solid color-mix(in srgb,currentColor 25%,transparent)}
.eaps-data [colspan]{overflow-wrap:anywhere}
.eaps-data details{max-width:60vw}
.eaps-data td>details{font-size:smaller}
.eaps-data bdi+details{display:inline-block;margin-inline-start:1em;vertical-align:top}
.eaps-data summary{cursor:pointer}
.eaps-data ul{margin:0}
.eaps-data p{margin:.3em .6em}
</style>"""


class Link(NamedTuple):
    """Text that links to a URL, if it has one."""

    text: str
    url: str | None


class ClaimView(NamedTuple):
    """A quote, the field and item that it supports, the basis, and the place in the source."""

    field: str
    item: str | None
    quote: str
    basis: str
    place: Link


class FieldView(NamedTuple):
    """A field of a record, or records related to it: the name, the value, and the claims that support it."""

    name: str
    value: object
    claims: Sequence[ClaimView] = ()


class EvidenceView(NamedTuple):
    """The claims of a record, shown below its row when unfolded.

    Attributes:
        key: the record's key, which distinguishes its evidence from that of other rows.
        claims: the claims; only the first are read.
        total: the number of claims.
        query: the Python expression that returns all of them.
    """

    key: str
    claims: Iterable[ClaimView]
    total: int
    query: str


class RowView(NamedTuple):
    """A row of a table: its cells, and the evidence to unfold below them."""

    cells: Sequence[object]
    evidence: EvidenceView | None = None


def table_html(caption: str, header: Sequence[str], rows: Iterable[RowView], total: int, empty: str) -> str:
    """Return the first rows of a table.

    Args:
        caption: the line above the table.
        header: the columns.
        rows: the rows; only the first are read, and long values are cut.
        total: the number of rows.
        empty: the sentence to show instead of a table without rows.
    """
    if not total:
        return _view(f"<p>{empty}</p>")
    shown = [_row(*map(_cell, row.cells), below=_details(row.evidence)) for row in islice(rows, MAX_ROWS)]
    return _table(caption, header, shown, more(total, len(shown)))


def record_html(name: str, fields: Iterable[FieldView], empty: Sequence[str]) -> str:
    """Return the fields of a record in full, each with its evidence to unfold; tuples are shown as lists.

    Args:
        name: the line above the table.
        fields: the fields that have a value.
        empty: the names of the fields without one, which the source does not state.
    """
    rows = [_row(field.name, _full(field.value) + _unfold(name, field)) for field in fields]
    note = f"Not stated by the source: {', '.join(empty)}" if empty else ""
    return _table(name, ("field", "value"), rows, note)


def dataset_html(name: str, tables: Iterable[tuple[str, int, str]], note: str) -> str:
    """Return the tables of a dataset by name, number of records and description, with a note below them."""
    rows = [_row(table, f"{size:,}", _cell(description)) for table, size, description in tables]
    return _table(name, ("table", "records", "what they are"), rows, note)


def claim_html(field: str, item: str | None, quote: str) -> str:
    """Return what a quote supports, and the quote."""
    return f"{field}{'' if item is None else f': {_cell(item)}'} “{_cell(quote)}”"


def place_html(place: str, url: str | None) -> str:
    """Return the place of a quote, linked to its source."""
    return _cell(Link(place, url))


def _details(evidence: EvidenceView | None) -> str:
    if evidence is None:
        return ""
    shown = list(islice(evidence.claims, _MAX_CLAIMS))
    items = [_claim(claim) for claim in shown]
    if evidence.total > len(shown):
        items.append(f"{more(evidence.total, len(shown))}: <code>{escape(evidence.query)}</code>")
    return _unfolding(evidence.total, evidence.key, items)


def _unfold(record: str, field: FieldView) -> str:
    """Return the claims of one field, to unfold below its value."""
    if not field.claims:
        return ""
    return _unfolding(len(field.claims), f"{field.name} of {record}", map(_claim, field.claims))


def _claim(claim: ClaimView) -> str:
    return f"{claim_html(*claim[:3])} ({claim.basis}, {_cell(claim.place)})"


def _unfolding(total: int, subject: str, items: Iterable[str]) -> str:
    summary = f"evidence: {count(total, 'phrase')}"
    label = escape(visible(f"{summary} for {subject}"))  # distinguishes the summaries in a screen reader's list
    return f'<details><summary aria-label="{label}">{summary}</summary>{_list(items)}</details>'


def _full(value: object) -> str:
    if isinstance(value, tuple) and len(value) > 1:
        return _list(_text(str(item)) for item in value)
    return _text(cell(value), url=cell(value))


def _cell(value: object) -> str:
    return _text(short(value.text), value.url) if isinstance(value, Link) else _text(short(value))


def _text(text: str, url: str | None = None) -> str:
    """Return escaped text, isolated so that its direction does not affect its surroundings, and linked to a web URL."""
    safe = f"<bdi>{escape(visible(text))}</bdi>"
    return f'<a href="{escape(url)}">{safe}</a>' if url and _URL.fullmatch(url) else safe


def _list(items: Iterable[str]) -> str:
    # Untrusted notebooks are shown without the style sheet, and may align cells to the right.
    return f'<ul style="text-align:left">{"".join(f"<li>{item}</li>" for item in items)}</ul>'


def _table(caption: str, header: Iterable[str], rows: Iterable[str], note: str) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in header)
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return _view(f"<table><caption>{_text(caption)}</caption>{body}</table>{f'<p>{note}</p>' if note else ''}")


def _row(first: str, *others: str, below: str = "") -> str:
    """Return a row whose first cell is its heading, with content below the other cells."""
    cells = "".join(f"<td>{other}</td>" for other in others)
    if not below:
        return f'<tr><th scope="row">{first}</th>{cells}</tr>'
    spread = f'<tr><td colspan="{len(others)}">{below}</td></tr>'
    return f'<tr><th scope="row" rowspan="2">{first}</th>{cells}</tr>{spread}'


def _view(body: str) -> str:
    return f'<div class="eaps-data">{_STYLE}{body}</div>'
