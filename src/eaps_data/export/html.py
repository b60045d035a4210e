"""Export to the explorer: one HTML page with the records, their evidence, a map, a search and filters.

The page works from disk as well as from a server, without network access. Python writes all its content as text; the
script hides, sorts and links it, so data is never interpreted as markup. Without scripts the page shows everything.
"""

import hashlib
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from eaps_data._internal import resources
from eaps_data.display.html import place_html
from eaps_data.display.text import count, visible
from eaps_data.export import explorer_map, metadata
from eaps_data.export.explorer_data import VIEWS, filters_of, label_of, name_of, script_data, unstated_topics
from eaps_data.formats.columns import singular
from eaps_data.models.records import Evidence, Partnership, Program, Record, Source
from eaps_data.models.table_specs import REFERENCES, TABLE_SPECS
from eaps_data.models.vocabulary import Term
from eaps_data.plot.words import program_count, term_label
from eaps_data.provenance.citation import cite
from eaps_data.tables.dataset import Dataset

_PROMINENT: Final = ("needs", "approaches", "services", "populations")
"""The lists of terms that a program shows before it is unfolded."""
_ABOUT: Final = ("county", "kind", "status", "government_form")
"""The fields in the line below a name."""


def write(dataset: Dataset, file: Path) -> None:
    """Write the page."""
    file.write_text("\n".join(_Page(dataset).lines()) + "\n", encoding="utf-8", newline="")


class _Page:
    """The page of one dataset."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._filters = {name: {spec.name for spec in filters_of(getattr(dataset, name))} for name in VIEWS}
        self._evidence: defaultdict[str, list[Evidence]] = defaultdict(list)
        for row in dataset.evidence:
            self._evidence[row.subject].append(row)
        self._partnerships: defaultdict[str, list[Partnership]] = defaultdict(list)
        for partnership in dataset.partnerships:
            self._partnerships[f"programs/{partnership.program}"].append(partnership)
            self._partnerships[f"partners/{partnership.partner}"].append(partnership)
        self._terms: dict[str, Term] = {}
        """The terms that the page mentions, by the ids of their definitions."""

    def lines(self) -> Iterator[str]:
        """Yield the lines of the page."""
        script = resources.explorer("explorer_search.js") + resources.explorer("explorer.js")
        # Only this script may run, and nothing is fetched.
        policy = (
            f"default-src 'none'; style-src 'unsafe-inline'; script-src '{_hash(script)}'; "
            "base-uri 'none'; form-action 'none'"
        )
        grant = self._dataset.grant_program
        yield f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{_escaped(grant.name)}: explorer</title>
<style>
{resources.explorer("explorer.css")}</style>
</head>
<body>
<a class="skip" href="#results">Skip to results</a>
<header>
<h1>{_text(grant.name)}</h1>
<p>Funded programs, their municipalities and partners, with a quotation for each fact. {self._notice()}</p>
</header>
<nav aria-label="Views"><ul>"""
        for name in VIEWS:
            total = len(getattr(self._dataset, name))
            yield f'<li><a href="#{name}">{label_of(name)} <span class="number">{total}</span></a></li>'
        yield "</ul></nav>\n<main>"
        yield from self._side()
        yield '<div id="results" tabindex="-1">'
        yield from _controls()
        for name in VIEWS:
            yield f'<section id="{name}" aria-labelledby="heading-{name}"><h2 id="heading-{name}">{label_of(name)}</h2>'
            for record in getattr(self._dataset, name):
                yield from self._card(record)
            if not getattr(self._dataset, name):
                yield f"<p>There are no {name} yet.</p>"
            yield "</section>"
        yield "</div>\n</main>\n<footer>"
        yield "<h2>About the grant program</h2>"
        yield from self._card(grant)
        yield from self._glossary()
        yield f"<h2>Sources</h2><ul>{''.join(map(_source, self._dataset.sources))}</ul>"
        yield from self._unknown()
        yield from self._citation()
        yield self._imprint()
        yield '</footer>\n<div id="tip" role="tooltip" hidden></div>'
        yield f'<script type="application/json" id="data">{script_data(self._dataset)}</script>'
        yield f"<script>{script}</script>\n</body>\n</html>"

    def _notice(self) -> str:
        source = self._dataset.sources[self._dataset.grant_program.source]
        return (
            f"<strong>Not an official page</strong>: compiled from {_text(source.publisher or source.title)}, which "
            "has not reviewed it."
        )

    def _imprint(self) -> str:
        release, license_ = self._dataset.release, metadata.license_of(self._dataset)
        author = metadata.author(self._dataset)
        by = f", published by {_text(author)}" if author else ""
        terms = f' License of the data: <a href="{license_.url}">{license_.title}</a>.' if license_ else ""
        return (
            f"<p>Data {release.data_version} of {release.as_of}{by}.{terms} Made with eaps-data. This is not an "
            "official page of any source or funder. Summaries, goals and activities are paraphrased; quotations are "
            "exact. Missing information means that the source does not state it; it never means no.</p>"
        )

    def _unknown(self) -> Iterator[str]:
        """Yield what users look for and the page of the packaged data does not state."""
        topics = unstated_topics(self._dataset)
        if topics:
            items = "".join(f"<li>{_escaped(topic.explanation)}</li>" for topic in topics)
            yield f'<h2 id="unknown">What is not known</h2><ul>{items}</ul>'

    def _citation(self) -> Iterator[str]:
        with suppress(ValueError):  # the title and the author of other datasets are not part of the data
            yield f"<h2>How to cite</h2><p>{_escaped(cite(self._dataset).text)}</p>"

    def _side(self) -> Iterator[str]:
        """Yield the map, and the place for the filters that the script builds."""
        drawn = explorer_map.draw(self._dataset)
        yield f'<details id="side"{"" if drawn else " hidden"}><summary>Map<span class="filtering"> and filters</span>'
        yield f'</summary><div id="map">{drawn}</div><form id="filters" aria-label="Filters" hidden></form></details>'

    def _card(self, record: Any) -> Iterator[str]:
        """Yield a record: what it is, its terms, and all its claims, each with its evidence to unfold."""
        key = f"{record.table}/{record.id}"
        acronym = f" ({_text(record.acronym)})" if getattr(record, "acronym", None) else ""
        yield f'<article id="{key}" aria-labelledby="name/{key}">'
        name = _text(name_of(record))
        yield f'<h3 id="name/{key}"><a href="#{key}">{name}</a>{acronym}</h3>'
        about = " · ".join(self._about(record))
        yield f'<p class="about">{about}</p>' if about else ""
        yield f"<p>{_text(record.summary)}</p>" if getattr(record, "summary", None) else ""
        if isinstance(record, Program):
            yield from self._prominent(record)
        claims = [*self._claims(record, key)]
        total = sum(number for *_, number in claims)
        is_open = "" if record.table in VIEWS else " open"
        summary = f"All details, {count(total, 'phrase')} of evidence"
        label = _escaped(f"{summary}: {name_of(record)}")
        yield f'<details class="more"{is_open}><summary aria-label="{label}">{summary}</summary><dl>'
        for field, items, _ in claims:
            yield f"<dt>{label_of(field)}</dt><dd><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul></dd>"
        yield "</dl></details></article>"

    def _about(self, record: Any) -> Iterator[str]:
        if getattr(record, "municipality", None):
            yield self._link("municipalities", record.municipality)
        for field in _ABOUT:
            value = getattr(record, field, None)
            if value:
                yield term_label(value) if isinstance(value, Term) else f"{_text(value)} {label_of(field)}"
        if getattr(record, "started_year", None):
            yield f"since {record.started_year}"
        if getattr(record, "plural", False):
            yield "several programs"
        if record.table in ("municipalities", "partners"):
            filter_ = TABLE_SPECS[record.table].singular
            programs = self._dataset.programs.where(**{filter_: record.id})
            yield f'<a href="#programs?{filter_}={record.id}">{program_count(programs)}</a>'

    def _prominent(self, program: Program) -> Iterator[str]:
        yield '<dl class="terms">'
        for field in _PROMINENT:
            terms = [self._value("programs", field, term) for term in getattr(program, field)]
            if terms:
                yield f"<div><dt>{label_of(field)}</dt>{''.join(f'<dd>{term}</dd>' for term in terms)}</div>"
        yield "</dl>"

    def _claims(self, record: Record, key: str) -> Iterator[tuple[str, Sequence[str], int]]:
        """Yield the fields that have a value, with their items and the number of phrases that support them."""
        rows = self._evidence[key]
        for field in TABLE_SPECS[record.table].claims:
            value = vars(record)[field]
            held = [row for row in rows if row.field == field]
            items: list[str] = []
            if isinstance(value, BaseModel):
                for part, each in value.model_dump().items():
                    if each not in (None, ()):
                        evidence = [row for row in held if row.item == part]
                        text = each.values() if isinstance(each, dict) else each if isinstance(each, tuple) else (each,)
                        shown = f"{part.replace('_', ' ')}: {', '.join(_text(str(one)) for one in text)}"
                        items.append(shown + _evidence(self._dataset, evidence, f"{part} of {name_of(record)}"))
            elif value not in (None, (), False):
                for each in value if isinstance(value, tuple) else (value,):
                    evidence = [row for row in held if row.item is None or row.item == str(each)]
                    shown = self._value(record.table, field, each)
                    items.append(shown + _evidence(self._dataset, evidence, f"{field}: {each}"))
            if items:
                yield field, items, len(held)
        yield from self._partners(record, key)

    def _partners(self, record: Record, key: str) -> Iterator[tuple[str, Sequence[str], int]]:
        """Yield the partners of a program, or the programs of a partner."""
        other, total, items = ("partners" if record.table == "programs" else "programs"), 0, list[str]()
        for row in self._partnerships[key]:
            evidence = self._evidence[f"partnerships/{row.id}"]
            role = f"{term_label(row.role)}{', as one of several' if row.example else ''}"
            link = self._link(other, row.partner if other == "partners" else row.program)
            items.append(f"{link} ({role}){_evidence(self._dataset, evidence, f'{row.role}: {row.partner}')}")
            total += len(evidence)
        if items:
            yield other, items, total

    def _link(self, table: str, id_: str) -> str:
        return f'<a href="#{table}/{id_}">{_text(name_of(getattr(self._dataset, table)[id_]))}</a>'

    def _value(self, table: str, field: str, value: object) -> str:
        """Return a value: a term with its definition and its filter, a reference as a link, or text."""
        if isinstance(value, Term):
            id_ = f"terms/{type(value).__name__}/{value}"
            self._terms[id_] = value
            filter_ = singular(field)
            data = f' data-filter="{filter_}" data-value="{value}"' if filter_ in self._filters.get(table, ()) else ""
            return f'<a class="term" href="#{id_}" aria-describedby="{id_}"{data}>{term_label(value)}</a>'
        if (table, field) in REFERENCES:
            return self._link(REFERENCES[table, field], str(value))
        return "yes" if value is True else _text(str(value))

    def _glossary(self) -> Iterator[str]:
        yield '<h2>Terms</h2><details id="terms"><summary>Definitions of all terms on this page</summary><dl>'
        for id_, term in sorted(self._terms.items(), key=lambda item: item[1]):
            yield f'<dt>{term_label(term)}</dt><dd id="{id_}">{_escaped(term.definition)}</dd>'
        yield "</dl></details>"


def _controls() -> Iterator[str]:
    """Yield the search and what acts on the results, which the script reveals."""
    yield '<form id="controls" role="search" aria-label="Records" hidden>'
    yield '<p><label for="q">Search</label><input id="q" type="search" autocomplete="off" spellcheck="false" '
    yield 'placeholder="Names, needs, goals, quotations"></p>'
    yield '<p><label for="sort">Sort by</label><select id="sort"></select></p>'
    yield '<ul id="chosen" aria-label="Selected filters"></ul>'
    yield '<div><p id="count" role="status"></p><button type="button" id="clear">Clear all</button>'
    yield '<button type="button" data-download="csv"><span>Download </span>CSV</button>'
    yield '<button type="button" data-download="json"><span>Download </span>JSON</button></div><p id="also"></p></form>'


def _evidence(dataset: Dataset, rows: Iterable[Evidence], subject: str) -> str:
    """Return the evidence for a claim, to unfold below it."""
    items: list[str] = []
    for row in rows:
        place = place_html(row.place or row.source, dataset.sources[row.source].url)
        note = f". {_text(row.note)}" if row.note else ""
        items.append(f"<li>“{_text(row.quote)}” <small>{row.basis}, {place}{note}</small></li>")
    label = _escaped(f"{count(len(items), 'phrase')} of evidence for {subject}")
    summary = f'<summary aria-label="{label}">{count(len(items), "phrase")}</summary>'
    return f' <details class="evidence">{summary}<ul>{"".join(items)}</ul></details>' if items else ""


def _source(source: Source) -> str:
    title = place_html(source.title, source.url)
    publisher = f", {_text(source.publisher)}" if source.publisher else ""
    licence = f" ({_text(source.licence)})" if source.licence else ""
    return f"<li>{title}{publisher}{licence}</li>"


def _text(content: str) -> str:
    """Return text as markup, isolated so that its direction does not affect the text around it."""
    return f"<bdi>{_escaped(content)}</bdi>"


def _escaped(content: str) -> str:
    return escape(visible(content))


def _hash(script: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
