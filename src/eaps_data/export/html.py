"""A page to explore: the programs with their evidence, a map, a search and filters, in one file.

It is opened from a disk as well as from a server, and asks no network. All that it shows is written by Python as text;
the script only hides what is not asked for, so that no text of the data is ever taken for markup, and without a script
the page shows everything.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path

from eaps_data import plot
from eaps_data._internal import resources
from eaps_data.display.html import claim_html, place_html
from eaps_data.display.text import count, visible
from eaps_data.models.records import Evidence, Partnership, Program
from eaps_data.models.vocabulary import Term
from eaps_data.plot.drawing import words
from eaps_data.tables.dataset import Dataset

_LISTS = ("approaches", "services", "needs", "populations", "staff_roles", "frameworks")


def write(dataset: Dataset, file: Path) -> None:
    """Write the page."""
    file.write_text("\n".join(_page(dataset)) + "\n", encoding="utf-8", newline="")


def _page(dataset: Dataset) -> Iterator[str]:
    script, style = resources.explorer("explorer.js"), resources.explorer("explorer.css")
    # The picture's own style is in it, and an attribute of it; no script but this one may run, and nothing is fetched.
    only = f"default-src 'none'; style-src 'unsafe-inline'; script-src '{_hash(script)}'"
    policy = f"{only}; base-uri 'none'; form-action 'none'"
    name = _text(dataset.grant_program.name)
    release = dataset.release
    yield f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{escape(visible(dataset.grant_program.name))}: explorer</title>
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#programs">To the programs</a>
<header>
<h1>{name}</h1>
<p>{_sizes(dataset)}. Data {release.data_version} of {release.as_of}. Summaries are in our own words; the phrases of the
source are under each program's evidence. What is not said here, the source does not say; it does not mean no.</p>
</header>
<main>"""
    yield from _filters(dataset)
    if dataset.municipalities:
        yield f'<figure id="map">{plot.map(dataset.municipalities).svg}</figure>'
    yield '<section id="programs" tabindex="-1" aria-label="Programs">'
    yield '<p id="count" role="status"></p>'
    if not dataset.programs:
        yield "<p>There are no programs here yet.</p>"
    for program in dataset.programs:
        yield from _card(dataset, program)
    yield "</section>\n</main>\n<footer><h2>Sources</h2><ul>"
    for source in dataset.sources:
        publisher = f", {_text(source.publisher)}" if source.publisher else ""
        licence = f" ({_text(source.licence)})" if source.licence else ""
        yield f"<li>{_text(source.title)}{publisher}{licence}</li>"
    yield f"</ul><p>Made with eaps-data.</p></footer>\n<script>{script}</script>\n</body>\n</html>"


def _sizes(dataset: Dataset) -> str:
    sizes = {
        "municipality": len(dataset.municipalities),
        "program": len(dataset.programs),
        "partner": len(dataset.partners),
    }
    return ", ".join(count(size, noun) for noun, size in sizes.items())


def _filters(dataset: Dataset) -> Iterator[str]:
    """What is asked for; hidden until the script that answers runs."""
    approaches = _terms(term for program in dataset.programs for term in program.approaches)
    needs = _terms(term for program in dataset.programs for term in program.needs)
    with_programs = {program.municipality for program in dataset.programs}
    towns = {town.id: town.styled_name for town in dataset.municipalities if town.id in with_programs}
    involved = {row.partner for row in dataset.partnerships}
    partners = {partner.id: partner.name for partner in dataset.partners if partner.id in involved}
    yield '<form id="filters" role="search" aria-label="Programs" hidden>'
    yield '<p class="wide"><label for="q">Search</label><input id="q" name="q" type="search" autocomplete="off"></p>'
    yield from _select("municipality", "Municipality", towns)
    yield from _select("approach", "Approach", approaches)
    yield from _select("need", "Need", needs)
    yield from _select("partner", "Partner", partners)
    yield '<p><button type="reset">Show all</button></p>\n</form>'


def _terms(terms: Iterable[Term]) -> Mapping[str, str]:
    return {str(term): words(term) for term in sorted(set(terms))}


def _select(name: str, label: str, choices: Mapping[str, str]) -> Iterator[str]:
    yield f'<p><label for="{name}">{label}</label><select id="{name}" name="{name}"><option value="">any</option>'
    for value, said in choices.items():
        yield f'<option value="{escape(value)}">{escape(visible(said))}</option>'
    yield "</select></p>"


def _card(dataset: Dataset, program: Program) -> Iterator[str]:
    rows = list(dataset.partnerships.where(program=program))
    kept = {
        "municipality": [program.municipality],
        "approach": program.approaches,
        "need": program.needs,
        "partner": [row.partner for row in rows],
    }
    data = "".join(f' data-{name}="{escape(" ".join(map(str, values)))}"' for name, values in kept.items())
    town = dataset.municipalities[program.municipality]
    known = [_text(town.styled_name), *(words(term) for term in (program.kind, program.status) if term)]
    acronym = f" ({_text(program.acronym)})" if program.acronym else ""
    yield f'<article id="program-{program.id}" aria-labelledby="name-{program.id}"{data}>'
    yield f'<h2 id="name-{program.id}"><a href="#open={program.id}">{_text(program.name)}</a>{acronym}</h2>'
    yield f'<p class="about">{" · ".join(known)}</p>'
    if program.summary:
        yield f"<p>{_text(program.summary)}</p>"
    yield "<dl>"
    if program.goals:
        yield f"<dt>goals</dt><dd><ul>{''.join(f'<li>{_text(goal)}</li>' for goal in program.goals)}</ul></dd>"
    for field in _LISTS:
        terms: tuple[Term, ...] = getattr(program, field)
        if terms:
            items = "".join(f'<li title="{escape(term.definition)}">{words(term)}</li>' for term in terms)
            yield f'<dt>{field.replace("_", " ")}</dt><dd><ul class="terms">{items}</ul></dd>'
    if rows:
        items = "".join(f"<li>{_partner(dataset, row)}</li>" for row in rows)
        yield f"<dt>partners</dt><dd><ul>{items}</ul></dd>"
    yield "</dl>"
    yield from _evidence(dataset, program, rows)
    yield "</article>"


def _partner(dataset: Dataset, row: Partnership) -> str:
    example = ", as one of several" if row.example else ""
    return f"{_text(dataset.partners[row.partner].name)} ({words(row.role)}{example})"


def _evidence(dataset: Dataset, program: Program, rows: Iterable[Partnership]) -> Iterator[str]:
    """The phrases behind a program and its partnerships."""
    own = [(row, "") for row in dataset.evidence.where(subject=program)]
    of_partners = [
        (row, f"{_text(dataset.partners[each.partner].name)}: ")
        for each in rows
        for row in dataset.evidence.where(subject=each)
    ]
    found: list[tuple[Evidence, str]] = [*own, *of_partners]
    label = escape(visible(f"Evidence for {program.name}"))
    yield f'<details><summary aria-label="{label}">Evidence: {count(len(found), "phrase")}</summary><ul>'
    for row, about in found:
        note = f". {_text(row.note)}" if row.note else ""
        claim = claim_html(row.field, row.item, row.quote)
        place = place_html(row.place or row.source, dataset.sources[row.source].url)
        yield f"<li>{about}{claim} ({row.basis}, {place}{note})</li>"
    yield "</ul></details>"


def _text(said: str) -> str:
    """A text that is no markup and, whichever way it runs, turns nothing around it."""
    return f"<bdi>{escape(visible(said))}</bdi>"


def _hash(script: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
