"""A made-up page with the structure of the real one, with its dataset and fingerprints."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import eaps_data as eaps
from eaps_data._internal import canonical_json
from eaps_data._internal.resources import FINGERPRINTS as FINGERPRINTS_FILE
from eaps_data.models.not_stated import PAGE as SOURCE
from eaps_data.models.table_specs import MEMBERS
from eaps_data.provenance.fingerprints import take_fingerprints, to_json
from eaps_data.provenance.page import read_page

PAGE: Final = """Funded Places

The Safe Towns grant helps towns to answer calls for help in kinder ways.

Town of Alder

The Alder Care Team answers calls about mental health. It works with Alder Police and "Beacon House" every day.

The team\u2019s nurses visit residents at home after a crisis. They also train new officers.

City of Birch

Birch Response was founded in 2019 by the Birch Health Department. Its goal is to reduce repeat calls for an ambulance.

City of Cedar

Cedar plans a crisis line for young people. The line will be answered by peers at night.

Contact for Funded Places

Fax

(617) 555-0100
"""

_HEADINGS: Final = ("Funded Places", "Contact for Funded Places")
_TOWNS: Final = {"alder": "Town of Alder", "birch": "City of Birch", "cedar": "City of Cedar"}
_PROGRAMS: Final = {
    "alder-care-team": ("Alder Care Team", "alder", "The Alder Care Team"),
    "birch-response": ("Birch Response", "birch", "Birch Response"),
    "cedar-line": ("crisis line", "cedar", "a crisis line"),
}
_GOALS: Final = {  # each with its paragraph and sentence
    "alder-care-team": [
        ("answers calls", 1, 1),
        ("works with Alder Police", 1, 2),
        ("visit residents", 2, 1),
        ("train", 2, 2),
    ],
    "birch-response": [("reduce repeat calls", 1, 2)],
    "cedar-line": [("answered by peers", 1, 2)],
}
_HTML: Final = """<!doctype html><html><head><title>Funded Places | Site</title><style>p {}</style>
<script>var a = "<p>x</p>";</script></head><body><header><nav><ul><li>Menu</li></ul></nav></header><main id="x">%s
<aside><h2>Related</h2><p>City of Fir</p></aside><form><button>Send</button></form></main>
<footer><p>Town of Footer</p></footer></body></html>"""


def as_html(page: str) -> str:
    """Return the page as a site would publish it, with links, comments, menus and footers."""
    paragraphs = []
    for line in filter(None, page.splitlines()):
        if line in {*_HEADINGS, *_TOWNS.values()}:
            paragraphs.append(f"<h2 class=a>{line}</h2>")
        else:
            marked = re.sub(r"^(\S+) (\S+)", r"<a href=x>\1</a>&nbsp;<b>\2</b>", line)
            paragraphs.append(f"<div><p>\n {marked}<!-- x --></p></div>")
    return _HTML % "".join(paragraphs)


def as_archive(html: bytes, content_type: str = "text/html; charset=utf-8") -> bytes:
    """Return HTML as a web archive (MHTML), as Chromium writes it."""
    return (
        b"From: <Saved by Blink>\r\nSubject: Funded Places\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: " + content_type.encode() + b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        b"" + html + b"\r\n--b\r\nContent-Type: text/css\r\n\r\np {}\r\n--b--\r\n"
    )


def _evidence() -> Iterator[dict[str, Any]]:
    yield _row("grant_program/safe", "name", "Safe Towns", ("Funded Places", 1, 1))
    yield _row("grant_program/safe", "contact", "(617) 555-0100", ("Contact for Funded Places", 2, 1), "fax")
    for town, heading in _TOWNS.items():
        quotes = {"name": heading.split()[-1], "styled_name": heading, "style": heading[:7], "position": heading}
        for field, quote in quotes.items():
            yield _row(f"municipalities/{town}", field, quote, (heading, 0, 1))
    for program, (_, town, quote) in _PROGRAMS.items():
        yield _row(f"programs/{program}", "name", quote, (_TOWNS[town], 1, 1))
        yield _row(f"programs/{program}", "municipality", _TOWNS[town], (_TOWNS[town], 0, 1))
        for goal, *place in _GOALS[program]:
            yield _row(f"programs/{program}", "goals", goal, (_TOWNS[town], *place), goal)


def _row(subject: str, field: str, quote: str, place: tuple[Any, ...], item: str | None = None) -> dict[str, Any]:
    located = dict(zip(("section", "paragraph", "sentence"), place, strict=True))
    row = {"subject": subject, "field": field, "item": item, "quote": quote, "source": SOURCE, "basis": "stated"}
    return row | located


def _dataset() -> eaps.Dataset:
    document = {
        "schema_version": "2.0.0",
        "release": {"data_version": "1.0.0", "as_of": "2026-01-31"},
        "grant_program": {
            "id": "safe",
            "name": "Safe Towns",
            "contact": {"fax": "(617) 555-0100"},
            "source": SOURCE,
        },
        "municipalities": [
            {
                "id": town,
                "name": heading.split()[-1],
                "styled_name": heading,
                "style": heading[:4].lower(),
                "position": number,
            }
            for number, (town, heading) in enumerate(_TOWNS.items(), start=1)
        ],
        "programs": [
            {"id": id_, "name": name, "municipality": town, "goals": [goal for goal, *_ in _GOALS[id_]]}
            for id_, (name, town, _) in _PROGRAMS.items()
        ],
        "partners": [],
        "partnerships": [],
        "sources": [{"id": SOURCE, "title": "Funded Places"}],
        "evidence": [*_evidence()],
    }
    return eaps.Dataset.from_json(json.dumps(document))


SENTENCES: Final = read_page(PAGE.splitlines(), _HEADINGS)
FINGERPRINTS: Final = take_fingerprints(
    ((each.place, each.text) for each in SENTENCES),
    {each.place for each in SENTENCES if each.text in {"Fax", *_HEADINGS}},
)
DATASET: Final = _dataset()


def write_folder(folder: Path, page: str = PAGE) -> Path:
    """Write the tables, the fingerprints and a page into a folder, and return the path of the page."""
    folder.mkdir()
    document = json.loads(DATASET.to_json())
    document["sources"][0]["sha256"] = hashlib.sha256(PAGE.encode()).hexdigest()
    for name in MEMBERS:
        (folder / f"{name}.json").write_text(canonical_json.to_json(document[name]), encoding="utf-8", newline="\n")
    (folder / FINGERPRINTS_FILE).write_text(to_json(FINGERPRINTS), encoding="utf-8", newline="\n")
    (folder / "page.txt").write_text(page, encoding="utf-8", newline="\n")
    return folder / "page.txt"
