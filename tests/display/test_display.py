"""What a notebook and a terminal show: valid and bounded HTML that runs nothing, and texts that can be read."""

import datetime as dt
import pickle
import re
import subprocess
import sys
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings, strategies as st

import eaps_data as eaps
from eaps_data.display.text import MAX_ROWS, short, visible
from eaps_data.models.records import RECORDS, Record
from eaps_data.tables.search import Hits
from support.strategies import documents

ELEMENTS = {
    *("div", "style", "table", "caption", "thead", "tbody", "tr", "th", "td"),
    *("details", "summary", "ul", "li", "p", "a", "bdi", "code"),
}
ATTRIBUTES = {"aria-label", "class", "colspan", "href", "rowspan", "scope", "style"}

# Any character that a text may hold: not a surrogate, and no ASCII control, but all other controls.
_characters = st.characters(exclude_categories=("Cs", "Cn", "Zs"), exclude_characters=[*map(chr, range(33)), "\x7f"])
nasty = st.lists(st.text(_characters, min_size=1), min_size=1, max_size=9).map(" ".join)
NASTY = (
    "<script>alert(1)</script>",
    "</style></bdi></td></table><img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)> &lt;b&gt; &amp",
    "javascript:alert(1)",
    "\u202eemit \u2066txet\u200f",
    "\u0641\u0631\u064a\u0642 \u05e9\u05dc\u05d5\u05dd",
    "\U0001f469\u200d\U0001f692\U0001f3fd e\u0301",
    "\x9b31m\x85",
    "x" * 500,
    "word " * 99 + "end",
)


def parsed(html: str) -> Element:
    """The elements of a piece of HTML, which has no error and nothing that runs."""
    root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)
    for element in root.iter():
        if element is not root:
            assert element.tag in ELEMENTS
            assert set(element.attrib) <= ATTRIBUTES
            assert element.get("href", "https:").startswith("https:")
    return root


def shown(html: str) -> list[str]:
    return ["".join(element.itertext()) for element in parsed(html).iter("bdi")]


def called(text: str) -> eaps.Dataset:
    """The packaged data, with a text for a name and a quote."""
    document = eaps.load().document
    program = document.programs[0].model_copy(update={"name": text})
    quote = " ".join(text.split(" ")[:12])
    of_name = (f"programs/{program.id}", "name")
    rows = (
        row.model_copy(update={"quote": quote}) if (row.subject, row.field) == of_name else row
        for row in document.evidence
    )
    programs = (program, *document.programs[1:])
    return eaps.Dataset(document.model_copy(update={"programs": programs, "evidence": tuple(rows)}))


def everything(dataset: eaps.Dataset) -> Iterable[Any]:
    for table in RECORDS:
        yield getattr(dataset, table)
        yield from getattr(dataset, table)[:3]
    yield from (dataset, dataset.grant_program)
    hits = dataset.search("recovery community program")
    yield from (hits, *hits[:1])


def test_all_that_is_shown_is_valid_html_with_a_caption_and_headings() -> None:
    for each in everything(eaps.load()):
        root = parsed(each._repr_html_())
        (table,) = root.iter("table")
        assert "".join(table[0].itertext())
        assert table[0].tag == "caption"
        assert {heading.get("scope") for heading in table.iter("th")} == {"col", "row"}


@given(documents())
def test_any_dataset_is_valid_html(document: eaps.DatasetDocument) -> None:
    dataset = eaps.Dataset(document)
    for table in RECORDS:
        collection = getattr(dataset, table)
        assert len(list(parsed(collection._repr_html_()).iter("details"))) in {0, len(collection)}
        for record in collection[:2]:
            parsed(record._repr_html_())
    parsed(dataset._repr_html_())


def assert_only_text(text: str) -> None:
    ours = called(text)
    program = ours.programs[0]
    assert short(text) in shown(ours.programs[:1]._repr_html_())
    assert visible(text) in shown(program._repr_html_())
    for each in (ours.evidence.where(subject=program), ours.evidence.where(subject=program)[0]):
        parsed(each._repr_html_())
    for hit in ours.search(program.id)[:1]:
        assert short(text) in shown(hit._repr_html_())


@pytest.mark.parametrize("text", NASTY)
def test_what_looks_like_markup_is_only_text(text: str) -> None:
    assert_only_text(text)


@settings(max_examples=40)
@given(nasty)
def test_any_text_is_only_text(text: str) -> None:
    assert_only_text(text)


def test_only_the_address_of_a_page_is_a_link() -> None:
    source = eaps.sources["funded-municipalities"]
    (link,) = parsed(source._repr_html_()).iter("a")
    assert link.get("href") == source.url
    titled = source.model_copy(update={"title": "javascript:alert(1)"})
    assert len(list(parsed(titled._repr_html_()).iter("a"))) == 1
    sly = source.model_copy(update={"url": 'https://a.org/?"><script>&b=1'})
    (link,) = parsed(sly._repr_html_()).iter("a")
    assert link.get("href") == sly.url


def test_a_long_text_is_cut_in_a_table_and_whole_in_the_record() -> None:
    ours = called("x" * 500)
    assert "x" * 500 not in ours.programs._repr_html_() + repr(ours.programs)
    assert "x" * 100 + "…" not in ours.programs[0]._repr_html_()
    assert "x" * 500 in ours.programs[0]._repr_html_()
    assert "x" * 500 in repr(ours.programs[0])


def test_a_collection_links_each_record_to_its_evidence() -> None:
    for table in ("municipalities", "programs", "partners", "partnerships"):
        collection = getattr(eaps, table)[:MAX_ROWS]
        unfolding = list(parsed(collection._repr_html_()).iter("details"))
        assert len(unfolding) == len(collection)
        for record, details in zip(collection, unfolding, strict=True):
            rows = eaps.evidence.where(subject=record)
            assert details[0].get("aria-label", "").endswith(f" for {record.id}")
            claims = ["".join(item.itertext()) for item in details.iter("li")]
            assert len(claims) == min(len(rows), 11)
            for row, claim in zip(rows[:10], claims, strict=False):
                assert claim.startswith(row.field)
                assert f"“{row.quote}” ({row.basis}, {row.section or row.source}" in claim
            if len(rows) > 10:
                assert claims[10] == f'and {len(rows) - 10} more: evidence.where(subject="{rows[0].subject}")'


def test_what_is_shown_is_bounded_and_no_more_is_looked_at() -> None:
    # Whoever looked at the rest would fail: it has no fields.
    rest: Any = [object()] * 99_980
    many = eaps.Programs([*eaps.programs, *eaps.programs[:6], *rest], eaps.load())
    html = many._repr_html_()
    assert "".join(parsed(html).itertext()).endswith("and 99,980 more")
    assert len(html) < 64_000
    assert repr(many).splitlines()[0] == "programs: 100,000 records"
    assert repr(many).splitlines()[-1] == "and 99,980 more"
    hits = Hits(list(eaps.search("youth")) * 1000)
    assert len(hits._repr_html_()) < 16_000
    assert len(repr(hits)) < 4_000


@pytest.mark.parametrize("table", RECORDS)
def test_a_table_is_small(table: str) -> None:
    assert len(getattr(eaps, table)._repr_html_()) < 40_000


def test_the_colours_are_the_pages_own() -> None:
    style = next(parsed(eaps.programs._repr_html_()).iter("style")).text or ""
    assert re.findall(r"#[0-9a-f]{3}|\brgb|hsl|background|[^-]color:", style) == []


def test_what_is_empty_says_so_in_a_sentence() -> None:
    assert "".join(parsed(eaps.programs[:0]._repr_html_()).itertext()).endswith("There are no programs here.")
    assert "".join(parsed(Hits()._repr_html_()).itertext()).endswith("No record matches.")
    document = eaps.load().document
    nothing: dict[str, Any] = dict.fromkeys(("municipalities", "programs", "partners", "partnerships"), ())
    rows = tuple(row for row in document.evidence if row.subject.startswith("grant_program/"))
    empty = eaps.Dataset(document.model_copy(update={**nothing, "evidence": rows}))
    said = "It has no municipalities, programs, partners or partnerships yet."
    assert "".join(parsed(empty._repr_html_()).itertext()).endswith(said)
    assert said not in eaps.load()._repr_html_()


# In a terminal


@given(documents())
def test_a_records_text_is_the_python_that_makes_it(document: eaps.DatasetDocument) -> None:
    names = {**vars(eaps), **{name: getattr(eaps, name) for name in eaps.__all__}, "datetime": dt}
    for table in RECORDS:
        for record in getattr(document, table)[:3]:
            assert eval(repr(record), names) == record  # noqa: S307 - our own text
    assert eval(repr(document.grant_program), names) == document.grant_program  # noqa: S307 - our own text


@pytest.mark.parametrize("record", [*eaps.programs, *eaps.partners, *eaps.municipalities, eaps.grant_program])
def test_a_records_text_has_no_empty_field(record: Record) -> None:
    for text in (repr(record), str(record)):
        assert not re.search(r"=(None|\(\))", text)
    assert "\n" not in str(record)


def test_a_short_record_is_one_line() -> None:
    assert repr(eaps.Partner(id="a", name="A")) == "Partner(id='a', name='A')"


@pytest.mark.parametrize("text", NASTY)
def test_no_text_moves_the_cursor_or_turns_its_neighbours(text: str) -> None:
    ours = called(text)
    hits = ours.search(ours.programs[0].id)
    for each in (ours.programs, ours.programs[0], hits, *hits[:1]):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", repr(each))
    assert len(repr(ours.programs).splitlines()) == 2 + len(ours.programs)


def test_hits_are_a_tuple_that_shows_itself() -> None:
    hits = eaps.search("peer recovery")
    assert isinstance(hits, tuple)
    assert hits == tuple(hits)
    assert hash(hits) == hash(tuple(hits))
    assert pickle.loads(pickle.dumps(hits)) == hits  # noqa: S301 - our own bytes
    assert repr(hits[2:3]).splitlines() == [
        "1 hit",
        "id        name      record        score  matched",
        "winthrop  Winthrop  Municipality  0.25   summary: recovery",
    ]
    assert repr(hits[1]) == (
        "<Hit 0.35 of Program northampton-dcc: services: peer; frameworks: peer; definition: peers>"
    )
    assert repr(eaps.search("xylophone")) == "0 hits"


def test_who_does_not_look_does_not_pay() -> None:
    code = """
import sys
import eaps_data as eaps
eaps.load().programs.where(municipality="revere")["revere-bhu"].model_dump()
eaps.search("youth")
print([name for name in ("display", "reprs") if f"eaps_data.{name}" in sys.modules])
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
