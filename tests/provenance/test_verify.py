"""The evidence is checked against a copy of the page, and each change is told where it was made."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import eaps_data as eaps
from eaps_data.cli import main
from eaps_data.provenance import fingerprints, saved_page
from eaps_data.provenance.draft import draft
from eaps_data.provenance.fingerprints import take_fingerprints as fingerprints_of
from eaps_data.provenance.page import comparable, fold_spaces, read_page
from eaps_data.provenance.saved_page import NotAPageError, read_paragraphs
from eaps_data.provenance.verification import Verification
from eaps_data.provenance.verification import verify
from eaps_data.validation import validate

# A page of our own, of the same build as the real one.
PAGE = """Funded Places

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
NOISE = """<!doctype html><html><head><title>Funded Places | Site</title><style>p {}</style>
<script>var a = "<p>x</p>";</script></head><body><header><nav><ul><li>Menu</li></ul></nav></header><main id="x">%s
<aside><h2>Related</h2><p>City of Fir</p></aside><form><button>Send</button></form></main>
<footer><p>Town of Footer</p></footer></body></html>"""


def row(  # noqa: PLR0913, PLR0917 - what an evidence row says
    subject: str, field: str, quote: str, section: str, paragraph: int, sentence: int, **more: Any
) -> dict[str, Any]:
    place = {"section": section, "paragraph": paragraph, "sentence": sentence}
    return {
        "subject": subject,
        "field": field,
        "quote": quote,
        "source": "funded-municipalities",
        "basis": "stated",
        **place,
        **more,
    }


TOWNS = {"alder": "Town of Alder", "birch": "City of Birch", "cedar": "City of Cedar"}
PROGRAMS = {
    "alder-care-team": ("Alder Care Team", "alder", "The Alder Care Team", (1, 1)),
    "birch-response": ("Birch Response", "birch", "Birch Response", (1, 1)),
    "cedar-line": ("crisis line", "cedar", "a crisis line", (1, 1)),
}
GOALS = {
    "alder-care-team": [
        ("answers calls", 1, 1),
        ("works with Alder Police", 1, 2),
        ("visit residents", 2, 1),
        ("train", 2, 2),
    ],
    "birch-response": [("reduce repeat calls", 1, 2)],
    "cedar-line": [("answered by peers", 1, 2)],
}


def _dataset() -> eaps.Dataset:
    evidence = [
        row("grant_program/safe", "name", "Safe Towns", "Funded Places", 1, 1),
        row("grant_program/safe", "contact", "(617) 555-0100", "Contact for Funded Places", 2, 1, item="fax"),
    ]
    for town, heading in TOWNS.items():
        fields = {"name": heading.split()[-1], "styled_name": heading, "style": heading[:7], "position": heading}
        evidence += [row(f"municipalities/{town}", field, quote, heading, 0, 1) for field, quote in fields.items()]
    for program, (_, town, quote, place) in PROGRAMS.items():
        evidence.append(row(f"programs/{program}", "name", quote, TOWNS[town], *place))
        evidence.append(row(f"programs/{program}", "municipality", TOWNS[town], TOWNS[town], 0, 1))
        evidence += [
            row(f"programs/{program}", "goals", goal, TOWNS[town], *where, item=goal) for goal, *where in GOALS[program]
        ]
    return eaps.Dataset.from_json(
        json.dumps(
            {
                "release": {"data_version": "1.0.0", "as_of": "2026-01-31"},
                "grant_program": {
                    "id": "safe",
                    "name": "Safe Towns",
                    "contact": {"fax": "(617) 555-0100"},
                    "source": "funded-municipalities",
                },
                "municipalities": [
                    {
                        "id": town,
                        "name": heading.split()[-1],
                        "styled_name": heading,
                        "style": heading[:4].lower(),
                        "position": number,
                    }
                    for number, (town, heading) in enumerate(TOWNS.items(), start=1)
                ],
                "programs": [
                    {"id": key, "name": name, "municipality": town, "goals": [goal for goal, *_ in GOALS[key]]}
                    for key, (name, town, *_) in PROGRAMS.items()
                ],
                "partners": [],
                "partnerships": [],
                "sources": [{"id": "funded-municipalities", "title": "Funded Places"}],
                "evidence": evidence,
            }
        )
    )


HEADINGS = ["Funded Places", "Contact for Funded Places"]
SENTENCES = read_page(PAGE.splitlines(), HEADINGS)
QUIET = {fingerprints.hash_sentence(text) for text in ("Fax", "Funded Places", "Contact for Funded Places")}
PRINTS = fingerprints_of(SENTENCES, QUIET)
DATASET = _dataset()


def check(page: str) -> Verification:
    return verify(page.encode(), DATASET, PRINTS)


def affected(found: Verification) -> dict[str, set[str]]:
    rows: dict[str, set[str]] = {}
    for each in found.affected:
        rows.setdefault(each.status, set()).add(f"{each.row.subject} {each.row.item or each.row.field}")
    return rows


def changes(found: Verification) -> list[tuple[str, str]]:
    return [(each.change, str(each.was or each.place)) for each in found.drift]


_BEGINNING = re.compile(r"^(\S+) (\S+)")


def as_html(page: str) -> str:
    paragraphs = []
    for line in filter(None, page.splitlines()):
        if line in {*HEADINGS, *TOWNS.values()}:
            paragraphs.append(f"<h2 class=a>{line}</h2>")
        else:
            marked = _BEGINNING.sub(r"<a href=x>\1</a>&nbsp;<b>\2</b>", line)
            paragraphs.append(f"<div><p>\n {marked}<!-- x --></p></div>")
    return NOISE % "".join(paragraphs)


def test_the_page_as_it_was_is_verified() -> None:
    found = check(PAGE)
    assert found
    assert affected(found) == {}
    assert not found.unreached
    assert found.to_dict()["summary"]["verified"] is True


@pytest.mark.parametrize(
    "page",
    [
        as_html(PAGE),
        as_html(PAGE).replace(".", ".&#8203;").replace(". ", ".&nbsp; "),
        PAGE.replace("\u2019", "'").replace('"', "\u201c"),
        PAGE.replace(" ", "\u00a0"),
        PAGE.replace("\n", "\r\n").replace(". ", ".  "),
        "\ufeff" + PAGE,
        "Skip to main content\nMenu\n" + PAGE + "\nRate this page\nYes\nNo\n",
        as_html(PAGE).replace("<p>", "<p><script>p()</script><template><p>y</p></template><span hidden>z</span>"),
        as_html(PAGE).replace("<main", "<MAIN").replace("main>", "MAIN>"),
    ],
)
def test_what_copying_and_the_site_do_to_a_page_changes_nothing(page: str) -> None:
    found = check(page)
    assert found, str(found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("make", [lambda page: page, as_html])
def test_any_usual_encoding_is_read(encoding: str, make: Any) -> None:
    data = make(PAGE).encode(encoding)
    assert verify(data, DATASET, PRINTS)


def test_a_web_archive_is_read() -> None:
    archive = (
        b"From: <Saved by Blink>\r\nSubject: Funded Places\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + as_html(PAGE).encode()
        + b"\r\n--b\r\nContent-Type: text/css\r\n\r\np {}\r\n--b--\r\n"
    )
    assert verify(archive, DATASET, PRINTS)
    with pytest.raises(NotAPageError, match="web archive"):
        read_paragraphs(archive.replace(b"text/html; charset", b"text/plain; charset"))


def test_an_edited_sentence_is_told_with_what_depends_on_it() -> None:
    found = check(PAGE.replace("visit residents at home after", "often visit residents at work after"))
    assert changes(found) == [("edited", "Town of Alder, paragraph 2, sentence 1")]
    assert affected(found) == {"changed": {"programs/alder-care-team visit residents"}}
    (edited,) = found.drift
    assert edited.supports == ("programs/alder-care-team goals",)
    found = check(PAGE.replace("nurses visit residents", "nurses see residents"))
    assert affected(found) == {"missing": {"programs/alder-care-team visit residents"}}


def test_a_renamed_program_concerns_its_sentences_alone() -> None:
    found = check(PAGE.replace("Birch Response", "Birch Answers"))
    assert changes(found) == [("edited", "City of Birch, paragraph 1, sentence 1")]
    assert affected(found) == {"missing": {"programs/birch-response name"}}


def test_swapped_sections_have_moved() -> None:
    parts = re.split(r"(?=^(?:Town|City) of|^Contact)", PAGE, flags=re.MULTILINE)
    found = check("".join([parts[0], parts[1], parts[3], parts[2], parts[4]]))
    assert [(each.change, each.name) for each in found.moved_sections] == [
        ("moved", "City of Cedar"),
        ("moved", "City of Birch"),
    ]
    touched = affected(found)
    assert touched.keys() == {"moved", "changed"}
    assert touched["changed"] == {"municipalities/birch position", "municipalities/cedar position"}
    assert {each.row.section for each in found.affected} == {"City of Birch", "City of Cedar"}


def test_an_added_municipality_is_a_new_section_with_a_skeleton() -> None:
    text = "City of Dogwood\n\nThe Dogwood Street Team (DST) began in May. It hands out food and water.\n\n"
    page = PAGE.replace("Contact for", text + "Contact for")
    found = check(page)
    assert [str(each) for each in found.moved_sections] == ["City of Dogwood: new section"]
    assert affected(found) == {}
    assert [change for change, _ in changes(found)] == ["new", "new", "new"]
    assert len(found.unreached) == 3


def test_a_municipality_in_the_middle_moves_the_places_in_the_order_only() -> None:
    page = PAGE.replace("City of Birch\n", "City of Dogwood\n\nIt has begun a program of its own.\n\nCity of Birch\n")
    assert affected(check(page)) == {
        "changed": {"municipalities/birch position", "municipalities/cedar position"},
    }


def test_a_municipality_that_is_gone_takes_its_rows_along() -> None:
    parts = re.split(r"(?=^(?:Town|City) of|^Contact)", PAGE, flags=re.MULTILINE)
    found = check("".join([*parts[:3], parts[4]]))
    assert [str(each) for each in found.moved_sections] == ["City of Cedar: gone section"]
    assert {each.row.section for each in found.affected} == {"City of Cedar"}
    assert affected(found).keys() == {"missing"}


def test_a_renamed_section_keeps_its_sentences() -> None:
    found = check(PAGE.replace("City of Birch", "City of Birch Hill"))
    assert [str(each) for each in found.moved_sections] == ["City of Birch: renamed to City of Birch Hill"]
    assert {each.row.paragraph for each in found.affected} == {0}


def test_a_sentence_put_in_moves_those_after_it() -> None:
    found = check(PAGE.replace("They also train", "Nobody pays for a visit. They also train"))
    assert changes(found) == [
        ("new", "Town of Alder, paragraph 2, sentence 2"),
        ("moved", "Town of Alder, paragraph 2, sentence 2"),
    ]
    assert affected(found) == {"moved": {"programs/alder-care-team train"}}


def test_sentences_that_become_one_keep_what_is_quoted() -> None:
    found = check(PAGE.replace("at home after a crisis. They also", "at home after a crisis and they also"))
    assert affected(found)["changed"] == {
        "programs/alder-care-team visit residents",
        "programs/alder-care-team train",
    }


_SPOTS = [
    (each, index, word)
    for each in SENTENCES
    for index, word in enumerate(each.text.split())
    if each.paragraph and index
]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(_SPOTS),
    st.sampled_from(["replaced", "removed", "added before"]),
    st.sampled_from(["lamp", "quickly", "\u00e9tude", "<b>", "12", "(x)"]),
)
def test_any_single_edit_is_told_of_the_sentence_it_was_made_in(spot: Any, edit: str, word: str) -> None:
    sentence, index, old = spot
    words = sentence.text.split()
    end = re.search(r"[.!?]$", old)
    words[index : index + 1] = {
        "replaced": [word + (end[0] if end else "")],
        "removed": [end[0]] if end else [],
        "added before": [word, old],
    }[edit]
    line = next(line for line in map(fold_spaces, PAGE.splitlines()) if sentence.text in line)
    found = check(fold_lines(PAGE).replace(line, line.replace(sentence.text, " ".join(words))))
    assert changes(found) == [("edited", str(sentence.place))]
    assert all(each.row.section == sentence.section for each in found.affected)
    assert all((each.row.paragraph, each.row.sentence) == sentence.place[1:] for each in found.affected)
    rows = DATASET.evidence.where(section=sentence.section)
    touched = [row for row in rows if (row.paragraph, row.sentence) == sentence.place[1:]]
    assert [each.row for each in found.affected] == touched


def fold_lines(page: str) -> str:
    return "\n".join(map(fold_spaces, page.splitlines()))


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (b"", "no text"),
        (b" \n\t\n", "no text"),
        (b"<html><script>x</script></html>", "no text"),
        (b"\x00\x01\x02PNG", "not text"),
        (b"\xff\xfe\x00", "goes on otherwise"),
        (b"Weather today\n\nIt will rain in the morning. Later the sun may shine.", "another page"),
        (PAGE[:120].encode(), "another page, or a part of it"),
        (b"x" * (saved_page.MAX_BYTES + 1), "bytes"),
        (b"a\n" * 30_000, "lines"),
        (b"<p>" * 100_000 + b"x", "another page"),
        (b"<div " * 100_000, "no text|another page"),
        (b"<p " + b"a=b " * 100_000 + b">x</p>", "another page"),
    ],
)
def test_what_is_not_the_page_is_refused_with_its_reason(page: bytes, message: str) -> None:
    with pytest.raises(NotAPageError, match=message):
        verify(page, DATASET, PRINTS)


def test_hostile_markup_within_the_page_changes_nothing() -> None:
    page = as_html(PAGE).replace(
        "</h2>", "</h2><svg onload=alert(1)><style><p>no</style></svg><!-- <p>no</p> --><img src=x onerror=y>"
    )
    assert check(page).rows == check(PAGE).rows


def test_the_draft_of_a_new_municipality_has_all_that_a_page_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eaps_data.provenance.verification.packaged", lambda: PRINTS)
    text = "City of Dogwood Hill\n\nThe Dogwood Street Team (DST) began in May. It hands out food and water.\n\n"
    drafted = draft(PAGE.replace("Contact for", text + "Contact for").encode(), DATASET)
    assert drafted["municipalities"] == [
        {
            "id": "dogwood-hill",
            "name": "Dogwood Hill",
            "styled_name": "City of Dogwood Hill",
            "style": "city",
            "position": 4,
        }
    ]
    assert [row["field"] for row in drafted["evidence"][:4]] == ["name", "styled_name", "style", "position"]
    first, second = drafted["evidence"][4:]
    assert (first["section"], first["paragraph"], first["sentence"]) == ("City of Dogwood Hill", 1, 1)
    assert first["names"] == ["The Dogwood Street Team (DST)", "DST"] or "DST" in str(first["names"])
    assert second["read"] == "It hands out food and water."
    assert validate(json.dumps(drafted["municipalities"]).encode(), "municipalities") == ()
    assert validate(json.dumps(drafted["evidence"]).encode(), "evidence")
    assert draft(PAGE.encode(), DATASET)["municipalities"] == []


def test_the_curators_guide_shows_a_row_as_it_is_drafted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eaps_data.provenance.verification.packaged", lambda: PRINTS)
    guide = (Path(__file__).parents[2] / "docs" / "curating.md").read_text(encoding="utf-8")
    section = re.sub(
        r"^> ?", "", guide[guide.index("> **Town of") : guide.index("`eaps-data draft")], flags=re.MULTILINE
    )
    text = re.sub(r"(?<=\S)\n(?=\S)", " ", section.replace("**", ""))
    drafted = draft(PAGE.replace("Contact for", text + "Contact for").encode(), DATASET)
    assert json.dumps(drafted["evidence"][4], indent=2) in guide


def test_the_report_as_text_and_as_data() -> None:
    found = check(PAGE.replace("nurses visit residents", "nurses see residents"))
    text = str(found)
    assert "Town of Alder, paragraph 2, sentence 1: edited" in text
    assert '  programs/alder-care-team goals visit residents: "visit residents" is missing' in text
    assert text.splitlines()[-1].endswith("0 without evidence")
    plain = json.loads(json.dumps(found.to_dict()))
    assert plain["summary"]["rows"] == {"found": 25, "moved": 0, "changed": 0, "missing": 1}
    assert [each["change"] for each in plain["sentences"]] == ["edited"]


def test_the_guide_shows_what_is_printed() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "checking.md").read_text(encoding="utf-8")
    edited = PAGE.replace("nurses visit residents", "nurses see residents").replace(
        "Contact for", "City of Dogwood\n\nDogwood plans a team.\n\nContact for"
    )
    assert f"```text\n{check(edited)}\n```" in guide


@pytest.mark.parametrize(
    ("make", "code", "out"),
    [
        (lambda page: page, 0, "0 without evidence"),
        (lambda page: page.replace("also implemented", "also invented"), 1, "1 edited"),
    ],
)
def test_the_command_says_by_its_exit_code_whether_the_page_has_moved_on(  # noqa: PLR0913, PLR0917 - fixtures
    make: Any, code: int, out: str, page_text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "page.txt"
    file.write_text(make(page_text), encoding="utf-8")
    before = {path: path.read_bytes() for path in Path(fingerprints.__file__).parents[1].rglob("*.json")}
    assert main(["verify", str(file)]) == code
    assert out in capsys.readouterr().out
    assert main(["verify", str(file), "--json"]) == code
    assert json.loads(capsys.readouterr().out)["summary"]["verified"] is (code == 0)
    assert main(["draft", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["municipalities"] == []
    assert before == {path: path.read_bytes() for path in before}


@pytest.mark.parametrize("command", ["verify", "draft"])
def test_the_commands_name_the_file_that_is_no_page(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "page.txt"
    file.write_text("Quite another page.", encoding="utf-8")
    assert main([command, str(file)]) == 2
    assert f"{file}: this seems to be another page" in capsys.readouterr().err
    assert main([command, str(tmp_path)]) == 2
    assert main([command, str(tmp_path / "none.html")]) == 2
    assert "none.html: cannot be read" in capsys.readouterr().err


def test_without_lxml_html_is_refused_with_the_name_of_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lxml", None)
    with pytest.raises(eaps.MissingExtraError, match=r"eaps-data\[html\]"):
        check(as_html(PAGE))
    assert check(PAGE)


# The page itself


def test_every_quote_is_found_on_the_page_and_no_sentence_is_unreached(source_folder: Path) -> None:
    found = verify(source_folder / "funded-municipalities.txt")
    assert found
    assert {each.status for each in found.rows} == {"found"}
    assert len(found.rows) == len(eaps.evidence.where(source="funded-municipalities"))
    assert found.unreached == ()


def test_the_fingerprints_are_those_of_the_page(page_text: str) -> None:
    packaged = fingerprints.packaged()
    quiet = {each.hash for each in packaged if not each.needs_evidence}
    sentences = read_page(page_text.splitlines(), {each.section for each in packaged})
    assert packaged == fingerprints_of(sentences, quiet)


def test_the_fingerprints_say_where_the_evidence_stands() -> None:
    places = {each.place for each in fingerprints.packaged()}
    rows = eaps.evidence.where(source="funded-municipalities")
    assert {(row.section, row.paragraph, row.sentence) for row in rows} <= places


def test_each_word_of_the_page_belongs_to_one_sentence(page_text: str) -> None:
    for each in read_page(page_text.splitlines(), {mark.section for mark in fingerprints.packaged()}):
        words = each.text.split()
        if not each.paragraph or len(words) < 2:
            continue
        edited = fold_lines(page_text).replace(each.text, " ".join([words[0], "lamp", *words[1:]]))
        found = verify(edited.encode())
        assert changes(found) == [("edited", str(each.place))], each.place
        assert {(one.row.section, one.row.paragraph, one.row.sentence) for one in found.affected} <= {each.place}
