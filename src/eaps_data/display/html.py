"""How collections, records, search hits and datasets look in a notebook: HTML, without a script or a dependency.

It takes its colours from the page around it, light or dark. A table is as bounded as its text is (`reprs`), so that
showing it costs the same however large the dataset is; a record shows all that it says.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from eaps_data.display.table import cell
from eaps_data.display.text import HIT_COLUMNS, ROWS, count, hit_row, more, short, title, visible
from eaps_data.models.fields import Model
from eaps_data.models.vocabulary import Term

if TYPE_CHECKING:
    from eaps_data.models.records import Evidence, Record
    from eaps_data.tables.collection import Collection
    from eaps_data.tables.collections import Tables
    from eaps_data.tables.dataset import Dataset
    from eaps_data.tables.search import Hit

_PHRASES: Final = 10  # of each record, so that a table stays small
_URL: Final = re.compile("https?://[!-~]+")  # and no other scheme, as some of them run scripts

# A notebook may set every table to the right, by a rule that outdoes this one if it is not important.
_STYLE: Final = """<style>
.eaps-data{overflow-x:auto}
.eaps-data table{border-collapse:collapse;margin:0}
.eaps-data caption{font-weight:bold;padding:.3em .6em;text-align:start}
.eaps-data :is(th,td){padding:.3em .6em;text-align:start!important;vertical-align:top}
.eaps-data :is(th,td):not([colspan]){max-width:26em;overflow-wrap:break-word}
.eaps-data :is(th,td):not([colspan]){border-top:1px solid color-mix(in srgb,currentColor 25%,transparent)}
.eaps-data [colspan]{overflow-wrap:anywhere}
.eaps-data details{max-width:60vw}
.eaps-data summary{cursor:pointer}
.eaps-data ul{margin:0}
.eaps-data p{margin:.3em .6em}
</style>"""


def collection_html(collection: "Collection[Any]", tables: "Tables") -> str:
    """The first records, each with the evidence of its claims to unfold."""
    table, columns = collection.table, collection.columns
    if not collection:
        return _view(f"<p>There are no {table} here.</p>")
    rows: list[str] = []
    for record in collection[:ROWS]:
        cells = [_short(getattr(record, name)) for name in columns]
        if table == "evidence":
            rows.append(_row(*cells, place_html(record, tables)))
        elif table == "sources":  # a source is where claims end
            rows.append(_row(*cells))
        else:
            rows.append(_row(*cells, below=_evidence(record, tables)))
    header = (*columns, "place") if table == "evidence" else columns
    return _table(title(collection), header, rows, more(len(collection), ROWS))


def hits_html(hits: "Sequence[Hit]") -> str:
    """The best hits, each with the words that matched."""
    if not hits:
        return _view("<p>No record matches.</p>")
    rows = (_row(*map(_short, hit_row(hit))) for hit in hits[:ROWS])
    return _table(count(len(hits), "hit"), HIT_COLUMNS, rows, more(len(hits), ROWS))


def record_html(record: "Record") -> str:
    """All that a record says, in full."""
    parts = list(_parts(record))
    rows = (_row(name, _whole(value)) for name, value in parts if value not in (None, ()))
    empty = ", ".join(name for name, value in parts if value in (None, ()))
    name = " ".join([type(record).__name__, *record.lookup_keys[:1]])
    return _table(name, ("field", "value"), rows, f"No value: {empty}" if empty else "")


def dataset_html(dataset: "Dataset") -> str:
    """The tables of a dataset, with their sizes."""
    release = dataset.release
    listed = (dataset.municipalities, dataset.programs, dataset.partners, dataset.partnerships)
    tables = (*listed, dataset.sources, dataset.evidence)
    name = f"Dataset {release.data_version} of {release.as_of}: {short(dataset.grant_program.name)}"
    rows = (_row(table.table, f"{len(table):,}", _short(type(table).__doc__)) for table in tables)
    empty = "" if any(listed) else "It has no municipalities, programs, partners or partnerships yet."
    return _table(name, ("table", "records", "what they are"), rows, empty)


def _evidence(record: "Record", tables: "Tables") -> str:
    rows = tables.evidence.where(subject=record)
    items = [f"{claim_html(row)} ({row.basis}, {place_html(row, tables)})" for row in rows[:_PHRASES]]
    if len(rows) > _PHRASES:
        items.append(f"{more(len(rows), _PHRASES)}: <code>evidence.where(subject=&quot;{rows[0].subject}&quot;)</code>")
    summary = f"evidence: {count(len(rows), 'phrase')}"
    label = escape(f"{summary} for {record.lookup_keys[0]}")  # to tell one from another where they are listed
    return f'<details><summary aria-label="{label}">{summary}</summary>{_list(items)}</details>'


def claim_html(row: "Evidence") -> str:
    """What a phrase is evidence for, and the phrase."""
    item = "" if row.item is None else f": {_short(row.item)}"
    return f"{row.field}{item} “{_short(row.quote)}”"


def place_html(row: "Evidence", tables: "Tables") -> str:
    """Where a phrase stands, linked to its source."""
    if row.section is None:
        place = row.source
    elif row.paragraph == 0:
        place = f"{row.section}, heading"
    else:
        place = f"{row.section}, paragraph {row.paragraph}, sentence {row.sentence}"
    return _text(short(place), link=tables.sources[row.source].url)


def _parts(model: Model, prefix: str = "") -> Iterator[tuple[str, object]]:
    """The fields of a record, and of its fields that have parts, the parts."""
    for name, value in model:
        if isinstance(value, Model):
            yield from _parts(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _whole(value: object) -> str:
    """A value in full; of a list of texts, each on a line."""
    if isinstance(value, tuple) and not all(isinstance(item, Term) for item in value):
        return _list(_text(str(item)) for item in value)
    return _text(cell(value), link=cell(value))


def _short(value: object) -> str:
    return _text(short(value))


def _text(text: str, link: str | None = None) -> str:
    """A text that is no markup and, whichever way it runs, turns nothing around it; linked, if `link` is an address."""
    safe = f"<bdi>{escape(visible(text))}</bdi>"
    return f'<a href="{escape(link)}">{safe}</a>' if link and _URL.fullmatch(link) else safe


def _list(items: Iterable[str]) -> str:
    # A notebook that its reader does not trust yet is shown without the style sheet, and may set cells to the right.
    return f'<ul style="text-align:left">{"".join(f"<li>{item}</li>" for item in items)}</ul>'


def _table(caption: str, header: Iterable[str], rows: Iterable[str], below: str) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in header)
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return _view(f"<table><caption>{_text(caption)}</caption>{body}</table>{f'<p>{below}</p>' if below else ''}")


def _row(first: str, *others: str, below: str = "") -> str:
    """A row under its first cell's heading, and what stands below the other cells."""
    cells = "".join(f"<td>{other}</td>" for other in others)
    if not below:
        return f'<tr><th scope="row">{first}</th>{cells}</tr>'
    spread = f'<tr><td colspan="{len(others)}">{below}</td></tr>'
    return f'<tr><th scope="row" rowspan="2">{first}</th>{cells}</tr>{spread}'


def _view(body: str) -> str:
    return f'<div class="eaps-data">{_STYLE}{body}</div>'
