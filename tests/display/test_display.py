"""Notebooks show valid, bounded HTML without scripts; terminals show readable text."""

import pickle
import re
import subprocess
import sys
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.display.text import MAX_ROWS, short, visible
from eaps_data.models.records import RECORDS, Record
from eaps_data.tables.hits import Hits
from support import made_up
from support.html import parse_fragment
from support.strategies import documents

ELEMENTS = {
    *("div", "style", "table", "caption", "thead", "tbody", "tr", "th", "td"),
    *("details", "summary", "ul", "li", "p", "a", "bdi", "code"),
}
ATTRIBUTES = {"aria-label", "class", "colspan", "href", "rowspan", "scope", "style"}

# Any character that a text may contain: no surrogates and no ASCII control characters, but all others.
_characters = st.characters(exclude_categories=("Cs", "Cn", "Zs"), exclude_characters=[*map(chr, range(33)), "\x7f"])
hostile = st.lists(st.text(_characters, min_size=1), min_size=1, max_size=9).map(" ".join)
HOSTILE = (
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
    """Parse HTML, and check that it has no errors and no elements or attributes that run code."""
    root = parse_fragment(html)
    for element in root.iter():
        if element is not root:
            assert element.tag in ELEMENTS
            assert set(element.attrib) <= ATTRIBUTES
            assert element.get("href", "https:").startswith("https:")
    return root


def shown_texts(html: str) -> list[str]:
    return ["".join(element.itertext()) for element in parsed(html).iter("bdi")]


def dataset_with(text: str) -> eaps.Dataset:
    """Return the packaged data with a text as a name and as its quote."""
    document = eaps.load().document
    program = document.programs[0].model_copy(update={"name": text})
    quote = " ".join(text.split(" ")[:12])
    claim = (f"programs/{program.id}", "name")
    rows = (
        row.model_copy(update={"quote": quote}) if (row.subject, row.field) == claim else row
        for row in document.evidence
    )
    programs = (program, *document.programs[1:])
    return eaps.Dataset(document.model_copy(update={"programs": programs, "evidence": tuple(rows)}))


def displayed_objects(dataset: eaps.Dataset) -> Iterable[Any]:
    for table in RECORDS:
        yield getattr(dataset, table)
        yield from getattr(dataset, table)[:3]
    yield from (dataset, dataset.grant_program)
    hits = dataset.search("recovery community program")
    yield from (hits, *hits[:1])


def test_html_is_valid_with_a_caption_and_headings() -> None:
    for each in displayed_objects(eaps.load()):
        root = parsed(each._repr_html_())
        (table,) = root.iter("table")
        assert "".join(table[0].itertext())
        assert table[0].tag == "caption"
        assert {heading.get("scope") for heading in table.iter("th")} == {"col", "row"}


def test_html_of_a_dataset_describes_its_tables() -> None:
    root = parsed(eaps.load()._repr_html_())
    rows = [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]
    assert rows[0] == ["table", "records", "what they are"]
    assert [row[:2] for row in rows[1:]] == [[name, str(len(getattr(eaps.load(), name)))] for name in RECORDS]
    assert all(row[2] for row in rows[1:])


@given(documents())
def test_html_of_any_dataset_is_valid(document: eaps.DatasetDocument) -> None:
    dataset = eaps.Dataset(document)
    for table in RECORDS:
        collection = getattr(dataset, table)
        assert len(list(parsed(collection._repr_html_()).iter("details"))) in {0, len(collection)}
        for record in collection[:2]:
            parsed(record._repr_html_())
    parsed(dataset._repr_html_())


def assert_shown_as_text(text: str) -> None:
    ours = dataset_with(text)
    program = ours.programs[0]
    assert short(text) in shown_texts(ours.programs[:1]._repr_html_())
    assert visible(text) in shown_texts(program._repr_html_())
    for each in (ours.evidence.where(subject=program), ours.evidence.where(subject=program)[0]):
        parsed(each._repr_html_())
    for hit in ours.search(program.id)[:1]:
        assert short(text) in shown_texts(hit._repr_html_())


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_the_data_is_shown_as_text(text: str) -> None:
    assert_shown_as_text(text)


@given(hostile)
def test_any_text_is_shown_as_text(text: str) -> None:
    assert_shown_as_text(text)


def test_only_web_urls_are_links() -> None:
    source = eaps.sources["funded-municipalities"]
    (link,) = parsed(source._repr_html_()).iter("a")
    assert link.get("href") == source.url
    titled = source.model_copy(update={"title": "javascript:alert(1)"})
    assert len(list(parsed(titled._repr_html_()).iter("a"))) == 1
    hostile_url = source.model_copy(update={"url": 'https://a.org/?"><script>&b=1'})
    (link,) = parsed(hostile_url._repr_html_()).iter("a")
    assert link.get("href") == hostile_url.url


def test_long_text_is_cut_in_a_table_and_complete_in_the_record() -> None:
    ours = dataset_with("x" * 500)
    assert "x" * 500 not in ours.programs._repr_html_() + repr(ours.programs)
    assert f"<td><bdi>{'x' * 500}</bdi>" in ours.programs[0]._repr_html_()
    assert "x" * 500 in str(ours.programs[0])
    assert "x" * 500 not in repr(ours.programs[0])


def test_rows_of_a_collection_unfold_their_evidence() -> None:
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


def test_display_is_bounded_and_reads_no_more_records() -> None:
    # Reading the rest would fail: these records have no values.
    rest: Any = [eaps.Program.__new__(eaps.Program)] * 99_980
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
def test_html_of_a_table_is_small(table: str) -> None:
    assert len(getattr(eaps, table)._repr_html_()) < 40_000


def test_html_sets_no_colors() -> None:
    style = next(parsed(eaps.programs._repr_html_()).iter("style")).text or ""
    assert re.findall(r"#[0-9a-f]{3}|\brgb|hsl|background|[^-]color:", style) == []


def test_empty_tables_are_shown_as_a_sentence() -> None:
    assert "".join(parsed(eaps.programs[:0]._repr_html_()).itertext()).endswith("There are no programs here.")
    assert "".join(parsed(Hits()._repr_html_()).itertext()).endswith("No record matches.")
    document = eaps.load().document
    nothing: dict[str, Any] = dict.fromkeys(("municipalities", "programs", "partners", "partnerships"), ())
    rows = tuple(row for row in document.evidence if row.subject.startswith("grant_program/"))
    empty = eaps.Dataset(document.model_copy(update={**nothing, "evidence": rows, "redirects": ()}))
    note = "It has no municipalities, programs, partners or partnerships yet."
    assert "".join(parsed(empty._repr_html_()).itertext()).endswith(note)
    assert note not in eaps.load()._repr_html_()


def assert_text_is_complete_or_marked(record: Record) -> None:
    text = repr(record)
    assert "\n" not in text
    assert not re.search(r"=(None|\(\))[,)]", text)
    if not text.endswith("...)") and "…" not in text and visible(text) == text and "\ufffd" not in text:
        assert eval(text, vars(eaps) | {name: getattr(eaps, name) for name in eaps.__all__}) == record  # noqa: S307


@given(documents())
def test_repr_of_a_record_is_one_line_of_python_with_dots_for_other_fields(document: eaps.DatasetDocument) -> None:
    for table in ("municipalities", "programs", "partners", "partnerships", "evidence"):
        for record in getattr(document, table)[:3]:
            assert_text_is_complete_or_marked(record)
            assert table in {"partnerships", "evidence"} or f"({record.lookup_keys[0]!r}" in repr(record).replace(
                "id=", ""
            )


def test_repr_of_a_record_shows_terms_as_text() -> None:
    assert repr(eaps.Partner(id="a", name="A", kind=eaps.PartnerKind.OFFICE)) == (
        "Partner(id='a', name='A', kind='office')"
    )
    assert repr(eaps.programs["northampton-dcc"]) == (
        "Program(id='northampton-dcc', name='Division of Community Care', acronym='DCC', municipality='northampton', "
        "kind='division', status='in-development', ...)"
    )


def test_str_of_a_record_has_one_line_per_field_and_item() -> None:
    program = eaps.programs["revere-bhu"]
    lines = str(program).splitlines()
    assert lines[0] == "id               revere-bhu"
    assert f"goals            {program.goals[0]}" in lines
    assert f"                 {program.goals[1]}" in lines
    assert "started_year     -" in lines
    assert {line.split()[0] for line in lines if not line.startswith(" ")} == set(eaps.Program.model_fields)


# Records with their context


def folded(record: Record) -> dict[str, list[str]]:
    """Return the claims shown below each field of a record."""
    rows = parsed(record._repr_html_()).iter("tr")
    return {
        "".join(row[0].itertext()): [
            "".join(claim.itertext()) for claim in row.iter("li") if "“" in "".join(claim.itertext())
        ]
        for row in rows
    }


@pytest.mark.parametrize("record", [*eaps.programs, *eaps.partners, *eaps.municipalities, eaps.grant_program])
def test_record_shows_its_evidence_below_each_field(record: Record) -> None:
    shown = folded(record)
    for row in eaps.evidence.where(subject=record):
        names = [name for name in shown if name == row.field or name.startswith(f"{row.field}.{row.item}")]
        assert any(f"“{row.quote}” ({row.basis}, " in claim for claim in shown[names[0]])
    assert sum(map(len, shown.values())) == sum(
        len(eaps.evidence.where(subject=[record, *partnerships])) for partnerships in [partnerships_of(record)]
    )


def partnerships_of(record: Record) -> Iterable[Record]:
    match record:
        case eaps.Program():
            return eaps.partnerships.where(program=record)
        case eaps.Partner():
            return eaps.partnerships.where(partner=record)
        case _:
            return ()


def test_record_shows_related_records_and_what_is_not_stated() -> None:
    program = "".join(parsed(eaps.programs["revere-bhu"]._repr_html_()).itertext())
    assert "Revere Police Department (creator)" in program
    assert program.endswith("Not stated by the source: aliases, part_of, expands, started_year, frameworks")
    partner = "".join(parsed(eaps.partners["revere-police-department"]._repr_html_()).itertext())
    assert "Behavioral Health Unit (creator)" in partner
    assert "Behavioral Health Unit" in "".join(parsed(eaps.municipalities["revere"]._repr_html_()).itertext())


def test_record_of_no_dataset_or_of_several_that_differ_shows_only_its_values() -> None:
    program = eaps.programs["revere-bhu"]
    assert "evidence" not in program.model_copy(update={"acronym": "X"})._repr_html_()
    document = eaps.load().document
    same = eaps.Dataset(document.model_copy(update={"tombstones": ()}))
    assert "evidence: " in program._repr_html_()
    changed = (
        row.model_copy(update={"quote": "has created"})
        if row.subject == "programs/revere-bhu" and row.field == "status"
        else row
        for row in document.evidence
    )
    other = eaps.Dataset(document.model_copy(update={"evidence": tuple(changed)}))
    assert program in other.programs
    assert program in same.programs
    assert "evidence: " not in program._repr_html_()
    del other
    assert "evidence: " in program._repr_html_()


@pytest.mark.parametrize("text", HOSTILE)
def test_repr_contains_no_control_or_direction_characters(text: str) -> None:
    ours = dataset_with(text)
    hits = ours.search(ours.programs[0].id)
    for each in (ours.programs, ours.programs[0], hits, *hits[:1]):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", repr(each))
    assert len(repr(ours.programs).splitlines()) == 2 + len(ours.programs)


def test_hits_are_a_tuple_displayed_as_a_table() -> None:
    programs = [
        made_up.program("team", goals=("Help peers recover.",)),
        made_up.program("crew", "Crew", summary="A peer"),
    ]
    hits = made_up.dataset(programs).search("peer")
    assert isinstance(hits, tuple)
    assert hits == tuple(hits)
    assert hash(hits) == hash(tuple(hits))
    assert pickle.loads(pickle.dumps(hits)) == hits  # noqa: S301 - our own bytes
    assert repr(hits).splitlines() == [
        "2 hits",
        "id    name  table     score  matched",
        "team  Team  programs  0.60   goals: peers",
        "crew  Crew  programs  0.50   summary: peer",
    ]
    assert repr(hits[0]) == "<Hit 0.60 of programs/team: goals: peers>"
    assert repr(eaps.search("xylophone")) == "0 hits; tried 'xylophone' (as 'xylophon')"


@given(hostile)
def test_words_that_were_tried_are_shown_as_text(text: str) -> None:
    hits = Hits(tried=f"tried {text!r}")
    assert visible(hits.tried) in "".join(parsed(hits._repr_html_()).itertext())
    assert repr(hits) == f"0 hits; {visible(hits.tried)}"


def test_display_is_imported_on_use() -> None:
    code = """
import sys
import eaps_data as eaps
eaps.load().programs.where(municipality="revere")["revere-bhu"].model_dump()
eaps.search("youth")
print([name for name in sys.modules if name.startswith("eaps_data.display")])
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
