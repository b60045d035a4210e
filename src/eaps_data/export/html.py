"""Export to the explorer: one HTML page with the programs, their evidence, a map, a search and filters.

The page works from disk as well as from a server, without network access. Python writes all its content as text; the
script only hides programs, so data is never interpreted as markup, and without scripts the page shows everything.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final, TypeAlias

from eaps_data._internal import resources
from eaps_data.display.html import claim_html, place_html
from eaps_data.display.text import count, visible
from eaps_data.export import explorer_map
from eaps_data.formats.columns import singular
from eaps_data.models.records import Evidence, Partnership, Program, Source, term_fields
from eaps_data.models.vocabulary import Term
from eaps_data.plot.words import TERM_LISTS, program_count, term_label
from eaps_data.tables.dataset import Dataset

_FILTERED: Final = ("approaches", "needs")
"""The lists of terms that have a filter."""
_PROMINENT: Final = ("approaches", "services", "needs", "populations")
"""The lists of terms that come first in a card; the others follow in the model's order."""

_FilterValues: TypeAlias = Mapping[str, Sequence[str]]
"""The values of one program, by the name of the filter that finds them."""


def write(dataset: Dataset, file: Path) -> None:
    """Write the page."""
    file.write_text("\n".join(_page(dataset)) + "\n", encoding="utf-8", newline="")


def _page(dataset: Dataset) -> Iterator[str]:
    script, style = resources.explorer("explorer.js"), resources.explorer("explorer.css")
    # Only this script may run, and nothing is fetched.
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    values = {program.id: _filter_values(dataset, program) for program in dataset.programs}
    yield f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{_escaped(dataset.grant_program.name)}: explorer</title>
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#programs">Skip to programs</a>
<header>
<h1>{_text(dataset.grant_program.name)}</h1>
<p>{_sizes(dataset)}. Data {dataset.release.data_version} of {dataset.release.as_of}. Summaries are in our own words;
quotations from the source are under each program's evidence. Where information is missing, the source does not state
it; that never means no.</p>
</header>
<main>"""
    yield from _form(dataset, values.values())
    drawn = explorer_map.draw(dataset)
    if drawn:
        yield f'<figure id="map">{drawn}</figure>'
    yield '<section id="programs" tabindex="-1" aria-label="Programs">'
    yield '<p id="count" role="status"></p>'
    if not dataset.programs:
        yield "<p>There are no programs yet.</p>"
    for program in dataset.programs:
        yield from _card(dataset, program, values[program.id])
    sources = "\n".join(map(_source, dataset.sources))
    yield f"</section>\n</main>\n<footer><h2>Sources</h2><ul>\n{sources}"
    yield f"</ul><p>Made with eaps-data.</p></footer>\n<script>{script}</script>\n</body>\n</html>"


def _sizes(dataset: Dataset) -> str:
    towns, partners = count(len(dataset.municipalities), "municipality"), count(len(dataset.partners), "partner")
    return f"{towns}, {program_count(dataset.programs)}, {partners}"


def _source(source: Source) -> str:
    publisher = f", {_text(source.publisher)}" if source.publisher else ""
    licence = f" ({_text(source.licence)})" if source.licence else ""
    return f"<li>{_text(source.title)}{publisher}{licence}</li>"


def _filter_values(dataset: Dataset, program: Program) -> _FilterValues:
    return {
        "municipality": [program.municipality],
        **{singular(field): _with_broader(getattr(program, field)) for field in _FILTERED},
        "partner": [partnership.partner for partnership in dataset.partnerships.where(program=program)],
    }


def _with_broader(terms: Iterable[Term]) -> list[str]:
    """Return terms and their broader terms, each once, as a filter finds a program by either."""
    return [*dict.fromkeys(each.value for term in terms for each in (term, *term.ancestors))]


def _filter_labels(dataset: Dataset) -> Mapping[str, Mapping[str, str]]:
    """Return the labels of all values of each filter, in order."""
    vocabularies = term_fields("programs")
    return {
        "municipality": {town.id: town.styled_name for town in dataset.municipalities},
        **{singular(field): {term: term_label(term) for term in sorted(vocabularies[field])} for field in _FILTERED},
        "partner": {partner.id: partner.name for partner in dataset.partners},
    }


def _form(dataset: Dataset, programs: Iterable[_FilterValues]) -> Iterator[str]:
    """Yield the search and the filters, which the script reveals; filters offer only values that some program has."""
    yield '<form id="filters" role="search" aria-label="Programs" hidden>'
    yield '<p class="wide"><label for="q">Search</label><input id="q" name="q" type="search" autocomplete="off"></p>'
    for name, labels in _filter_labels(dataset).items():
        used = {value for values in programs for value in values[name]}
        yield f'<p><label for="{name}">{name.capitalize()}</label><select id="{name}" name="{name}">'
        yield '<option value="">any</option>'
        for value, label in labels.items():
            if value in used:
                yield f'<option value="{escape(value)}">{_escaped(label)}</option>'
        yield "</select></p>"
    yield '<p><button type="reset">Show all</button></p>\n</form>'


def _card(dataset: Dataset, program: Program, values: _FilterValues) -> Iterator[str]:
    partnerships = dataset.partnerships.where(program=program)
    data = "".join(f' data-{name}="{escape(" ".join(each))}"' for name, each in values.items())
    town = dataset.municipalities[program.municipality]
    about = [_text(town.styled_name), *(term_label(term) for term in (program.kind, program.status) if term)]
    if program.plural:
        about.append("several programs")
    acronym = f" ({_text(program.acronym)})" if program.acronym else ""
    yield f'<article id="program-{program.id}" aria-labelledby="name-{program.id}"{data}>'
    yield f'<h2 id="name-{program.id}"><a href="#open={program.id}">{_text(program.name)}</a>{acronym}</h2>'
    yield f'<p class="about">{" · ".join(about)}</p>'
    if program.summary:
        yield f"<p>{_text(program.summary)}</p>"
    yield "<dl>"
    yield from _list("goals", map(_text, program.goals))
    yield from _list("activities", map(_text, program.activities))
    yield from _list("expands", (_text(dataset.programs[id_].name) for id_ in program.expands))
    for field in (*_PROMINENT, *(field for field in TERM_LISTS if field not in _PROMINENT)):
        yield from _terms(field, getattr(program, field))
    yield from _list("partners", (_partner(dataset, partnership) for partnership in partnerships))
    yield "</dl>"
    yield from _evidence(dataset, program, partnerships)
    yield "</article>"


def _list(name: str, items: Iterable[str]) -> Iterator[str]:
    content = "".join(f"<li>{item}</li>" for item in items)
    if content:
        yield f"<dt>{name}</dt><dd><ul>{content}</ul></dd>"


def _terms(field: str, terms: Iterable[Term]) -> Iterator[str]:
    content = "".join(f'<li title="{escape(term.definition)}">{term_label(term)}</li>' for term in terms)
    if content:
        yield f'<dt>{field.replace("_", " ")}</dt><dd><ul class="terms">{content}</ul></dd>'


def _partner(dataset: Dataset, partnership: Partnership) -> str:
    example = ", as one of several" if partnership.example else ""
    return f"{_text(dataset.partners[partnership.partner].name)} ({term_label(partnership.role)}{example})"


def _evidence(dataset: Dataset, program: Program, partnerships: Iterable[Partnership]) -> Iterator[str]:
    """Yield the evidence for a program and its partnerships."""
    claims = [_claim(dataset, row) for row in dataset.evidence.where(subject=program)]
    for partnership in partnerships:
        partner = _text(dataset.partners[partnership.partner].name)
        claims += [f"{partner}: {_claim(dataset, row)}" for row in dataset.evidence.where(subject=partnership)]
    label = _escaped(f"Evidence for {program.name}")
    yield f'<details><summary aria-label="{label}">Evidence: {count(len(claims), "phrase")}</summary><ul>'
    yield from (f"<li>{claim}</li>" for claim in claims)
    yield "</ul></details>"


def _claim(dataset: Dataset, row: Evidence) -> str:
    note = f". {_text(row.note)}" if row.note else ""
    claim = claim_html(row.field, row.item, row.quote)
    place = place_html(row.place or row.source, dataset.sources[row.source].url)
    return f"{claim} ({row.basis}, {place}{note})"


def _text(content: str) -> str:
    """Return text as markup, isolated so that its direction does not affect the text around it."""
    return f"<bdi>{_escaped(content)}</bdi>"


def _escaped(content: str) -> str:
    return escape(visible(content))


def _hash(script: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
