"""Verification: the evidence is checked against a copy of the page, and each change is reported where it was made."""

import io
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from eaps_data.cli import main
from eaps_data.provenance import fingerprints
from eaps_data.provenance.fingerprints import take_fingerprints
from eaps_data.provenance.page import fold_spaces, place_of, read_page
from eaps_data.provenance.saved_page import MAX_BYTES, NotAPageError
from eaps_data.provenance.verification import Verification, verify
from support.funded_places import DATASET, FINGERPRINTS, PAGE, SENTENCES, as_archive, as_html

ROOT = Path(__file__).parents[2]


def check(page: str) -> Verification:
    return verify(page.encode(), DATASET, FINGERPRINTS)


def affected(found: Verification) -> dict[str, set[str]]:
    rows: defaultdict[str, set[str]] = defaultdict(set)
    for each in found.affected:
        rows[each.status].add(f"{each.row.subject} {each.row.item or each.row.field}")
    return rows


def changes(found: Verification) -> list[tuple[str, str]]:
    return [(each.change, str(each.was or each.place)) for each in found.drift]


def sections(page: str) -> list[str]:
    return re.split(r"(?=^(?:Town|City) of|^Contact)", page, flags=re.MULTILINE)


def folded(page: str) -> str:
    return "\n".join(map(fold_spaces, page.splitlines()))


# An unchanged page


def test_unchanged_page_is_verified() -> None:
    found = check(PAGE)
    assert found
    assert (found.affected, found.drift, found.moved_sections, found.unreached) == ((), (), (), ())
    assert found.to_dict()["summary"] == {
        "verified": True,
        "rows": {"found": 26, "moved": 0, "changed": 0, "missing": 0},
        "sentences": {"same": 16, "moved": 0, "edited": 0, "new": 0, "gone": 0},
        "unreached": 0,
    }


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
        as_html(PAGE).replace("</h2>", "</h2><svg onload=alert(1)><style><p>no</style></svg><!-- <p>no</p> -->"),
    ],
)
def test_copying_and_the_site_around_the_page_change_nothing(page: str) -> None:
    found = check(page)
    assert found, str(found)


@pytest.mark.parametrize(
    "page", [PAGE.encode("utf-16"), as_html(PAGE).encode("cp1252"), as_archive(as_html(PAGE).encode())]
)
def test_page_is_verified_in_any_format(page: bytes, tmp_path: Path) -> None:
    assert verify(page, DATASET, FINGERPRINTS)
    (tmp_path / "page").write_bytes(page)
    assert verify(tmp_path / "page", DATASET, FINGERPRINTS)
    assert verify(str(tmp_path / "page"), DATASET, FINGERPRINTS)


# Changed sentences


def test_edited_sentence_is_reported_with_what_it_supports() -> None:
    found = check(PAGE.replace("visit residents at home after", "often visit residents at work after"))
    assert changes(found) == [("edited", "Town of Alder, paragraph 2, sentence 1")]
    assert affected(found) == {"changed": {"programs/alder-care-team visit residents"}}
    (edited,) = found.drift
    assert edited.text == "The team\u2019s nurses often visit residents at work after a crisis."
    assert edited.supports == ("programs/alder-care-team goals",)
    found = check(PAGE.replace("nurses visit residents", "nurses see residents"))
    assert affected(found) == {"missing": {"programs/alder-care-team visit residents"}}


def test_unlike_sentence_between_unchanged_neighbors_is_an_edit_without_its_quotes() -> None:
    found = check(PAGE.replace("They also train new officers.", "Nobody pays for a visit."))
    assert changes(found) == [("edited", "Town of Alder, paragraph 2, sentence 2")]
    assert affected(found) == {"missing": {"programs/alder-care-team train"}}
    assert found.unreached == ()


def test_new_sentence_at_the_location_of_a_gone_one_has_no_evidence() -> None:
    title, _, end = PAGE.partition("The team\u2019s nurses visit residents at home after a crisis.")
    found = check(f"{title}Nobody pays. All is free. Some wait.{end.replace(' They also train new officers.', '')}")
    assert [each.text for each in found.unreached] == ["Nobody pays.", "All is free.", "Some wait."]


def test_last_sentence_of_a_section_is_edited_although_a_section_follows_it() -> None:
    page = PAGE.replace("They also train new officers.", "Nobody pays.\n\nCity of Dogwood\n\nDogwood waits.")
    assert changes(check(page))[0] == ("edited", "Town of Alder, paragraph 2, sentence 2")


def test_unlike_sentences_without_an_unchanged_neighbor_are_new() -> None:
    found = check(
        PAGE.replace("The team\u2019s nurses visit residents at home after a crisis.", "Nobody pays.").replace(
            "They also train new officers.", "All is free."
        )
    )
    assert changes(found) == [
        ("new", "Town of Alder, paragraph 2, sentence 1"),
        ("new", "Town of Alder, paragraph 2, sentence 2"),
        ("gone", "Town of Alder, paragraph 2, sentence 1"),
        ("gone", "Town of Alder, paragraph 2, sentence 2"),
    ]


def test_renamed_program_affects_only_the_sentences_that_name_it() -> None:
    found = check(PAGE.replace("Birch Response", "Birch Answers"))
    assert changes(found) == [("edited", "City of Birch, paragraph 1, sentence 1")]
    assert affected(found) == {"missing": {"programs/birch-response name"}}


def test_inserted_sentence_moves_those_after_it() -> None:
    found = check(PAGE.replace("They also train", "Nobody pays for a visit. They also train"))
    assert changes(found) == [
        ("new", "Town of Alder, paragraph 2, sentence 2"),
        ("moved", "Town of Alder, paragraph 2, sentence 2"),
    ]
    assert affected(found) == {"moved": {"programs/alder-care-team train"}}


def test_removed_sentence_is_gone_although_its_neighbor_was_edited() -> None:
    page = PAGE.replace("The team\u2019s nurses visit residents at home after a crisis. They also", "Nurses also")
    found = check(page)
    assert changes(found) == [
        ("edited", "Town of Alder, paragraph 2, sentence 2"),
        ("gone", "Town of Alder, paragraph 2, sentence 1"),
    ]
    assert affected(found) == {
        "changed": {"programs/alder-care-team train"},
        "missing": {"programs/alder-care-team visit residents"},
    }


def test_swapped_sentences_have_moved() -> None:
    found = check(
        PAGE.replace("Cedar plans a crisis line for young people. ", "").replace(
            "by peers at night.", "by peers at night. Cedar plans a crisis line for young people."
        )
    )
    assert changes(found) == [
        ("moved", "City of Cedar, paragraph 1, sentence 2"),
        ("moved", "City of Cedar, paragraph 1, sentence 1"),
    ]
    assert affected(found).keys() == {"moved"}


def test_edited_sentence_in_another_section_needs_most_of_its_quotes() -> None:
    sentence = "They also train new officers."
    assert changes(
        check(PAGE.replace(f" {sentence}", "").replace("at night.", f"at night. {sentence[:-1]} there."))
    ) == [("edited", "Town of Alder, paragraph 2, sentence 2")]
    first = "The Alder Care Team answers calls about mental health."
    moved = PAGE.replace(f"{first} ", "").replace("at night.", "at night. It answers calls.")
    assert {change for change, _ in changes(check(moved))} == {"new", "moved", "gone"}


def test_joined_sentences_keep_their_quotes() -> None:
    found = check(PAGE.replace("at home after a crisis. They also", "at home after a crisis and they also"))
    assert affected(found) == {
        "changed": {"programs/alder-care-team visit residents", "programs/alder-care-team train"}
    }
    assert changes(found) == [
        ("edited", "Town of Alder, paragraph 2, sentence 1"),
        ("gone", "Town of Alder, paragraph 2, sentence 2"),
    ]


def test_split_sentence_keeps_its_quotes() -> None:
    found = check(PAGE.replace("Birch Response was founded in 2019 by", "Birch Response was founded. It is run by"))
    assert changes(found)[:2] == [
        ("edited", "City of Birch, paragraph 1, sentence 1"),
        ("new", "City of Birch, paragraph 1, sentence 2"),
    ]
    assert affected(found)["changed"] == {"programs/birch-response name"}


def test_new_sentence_after_the_last_known_one_is_new_only_in_its_paragraph() -> None:
    page = PAGE.replace("(617) 555-0100", "(617) 555-0100. Call by day.") + "\nRate this page\n"
    assert changes(verify(page.replace("0100.", "0100").encode(), DATASET, FINGERPRINTS)) == [
        ("edited", "Contact for Funded Places, paragraph 2, sentence 1")
    ]
    sentences = read_page(PAGE.replace("0100", "0100.").splitlines(), ["Contact for Funded Places"])
    prints = take_fingerprints((each.place, each.text) for each in sentences)
    found = verify(page.encode(), DATASET, prints)
    assert changes(found) == [("new", "Contact for Funded Places, paragraph 2, sentence 2")]


@pytest.mark.parametrize("repeated", ["Fax", "City of Birch", "Cedar plans a crisis line for young people."])
def test_repeated_line_is_new_the_second_time(repeated: str) -> None:
    found = check(PAGE.replace("Contact for", f"{repeated}\n\nContact for"))
    assert [change for change, _ in changes(found)] == ["new"]
    assert affected(found) == {}


_SPOTS = [
    (each, index, word)
    for each in SENTENCES
    for index, word in enumerate(each.text.split())
    if each.paragraph and index
]


@given(
    st.sampled_from(_SPOTS),
    st.sampled_from(["replaced", "removed", "added before"]),
    st.sampled_from(["lamp", "quickly", "\u00e9tude", "<b>", "12", "(x)"]),
)
def test_any_single_edit_is_reported_for_its_sentence(spot: Any, edit: str, word: str) -> None:
    sentence, index, old = spot
    words = sentence.text.split()
    end = re.search(r"[.!?]$", old)
    words[index : index + 1] = {
        "replaced": [word + (end[0] if end else "")],
        "removed": [end[0]] if end else [],
        "added before": [word, old],
    }[edit]
    line = next(line for line in map(fold_spaces, PAGE.splitlines()) if sentence.text in line)
    found = check(folded(PAGE).replace(line, line.replace(sentence.text, " ".join(words))))
    assert changes(found) == [("edited", str(sentence.place))]
    assert [each.row for each in found.affected] == [row for row in DATASET.evidence if place_of(row) == sentence.place]


# Changed sections


def test_swapped_sections_have_moved() -> None:
    title, alder, birch, cedar, contact = sections(PAGE)
    found = check(title + alder + cedar + birch + contact)
    assert [(each.change, each.name) for each in found.moved_sections] == [
        ("moved", "City of Cedar"),
        ("moved", "City of Birch"),
    ]
    touched = affected(found)
    assert touched.keys() == {"moved", "changed"}
    assert touched["changed"] == {"municipalities/birch position", "municipalities/cedar position"}
    assert {each.row.section for each in found.affected} == {"City of Birch", "City of Cedar"}


def test_report_of_swapped_sections_has_only_their_positions() -> None:
    title, alder, birch, cedar, contact = sections(PAGE)
    assert str(check(title + alder + cedar + birch + contact)).splitlines()[:-2] == [
        "City of Cedar: moved section",
        "City of Birch: moved section",
        "City of Cedar, heading: moved",
        "  municipalities/cedar position 3 → 2",
        "City of Birch, heading: moved",
        "  municipalities/birch position 2 → 3",
    ]


def test_added_municipality_is_a_new_section() -> None:
    text = "City of Dogwood\n\nThe Dogwood Street Team (DST) began in May. It hands out food and water.\n\n"
    found = check(PAGE.replace("Contact for", text + "Contact for"))
    assert [str(each) for each in found.moved_sections] == ["City of Dogwood: new section"]
    assert affected(found) == {}
    assert [change for change, _ in changes(found)] == ["new", "new", "new"]
    assert len(found.unreached) == 3


def test_municipality_after_the_last_known_sentence_is_new() -> None:
    found = check(PAGE + "\nRate this page\n\nCity of Dogwood\n\nDogwood plans a team.\n")
    assert [str(each) for each in found.moved_sections] == ["City of Dogwood: new section"]
    assert [each.text for each in found.unreached] == ["City of Dogwood", "Dogwood plans a team."]


def test_report_has_the_old_and_the_new_position() -> None:
    found = check(PAGE.replace("City of Birch\n", "City of Dogwood\n\nIt has begun a program.\n\nCity of Birch\n"))
    assert "  municipalities/birch position 2 → 3\n" in str(found)
    assert [row["positions"] for row in found.to_dict()["rows"]] == [[2, 3], [3, 4]]


def test_municipality_added_before_others_changes_only_their_positions() -> None:
    page = PAGE.replace("City of Birch\n", "City of Dogwood\n\nIt has begun a program of its own.\n\nCity of Birch\n")
    assert affected(check(page)) == {
        "changed": {"municipalities/birch position", "municipalities/cedar position"},
    }


def test_removed_municipality_takes_its_rows_along() -> None:
    title, alder, birch, _, contact = sections(PAGE)
    found = check(title + alder + birch + contact)
    assert [str(each) for each in found.moved_sections] == ["City of Cedar: gone section"]
    assert {each.row.section for each in found.affected} == {"City of Cedar"}
    assert affected(found).keys() == {"missing"}


@pytest.mark.parametrize(
    ("was", "name"),
    [
        ("City of Birch", "City of Birch Hill"),
        ("Town of Alder", "City of Willow"),
        ("Contact for Funded Places", "How to reach us"),
        ("Funded Places", "Places with a grant"),
    ],
)
def test_renamed_section_keeps_its_sentences(was: str, name: str) -> None:
    found = check(re.sub(f"^{was}$", name, PAGE, flags=re.MULTILINE))
    assert [str(each) for each in found.moved_sections] == [f"{was}: renamed to {name}"]
    assert changes(found) == [("edited", f"{was}, heading")]
    assert {place_of(each.row) for each in found.affected} <= {(was, 0, 1)}


def test_renamed_section_with_edited_sentences_is_recognized_by_its_quotes() -> None:
    found = check(PAGE.replace("Birch", "Willow").replace("repeat calls for", "repeat calls of"))
    assert [str(each) for each in found.moved_sections] == ["City of Birch: renamed to City of Willow"]
    assert [change for change, _ in changes(found)] == ["edited", "edited", "edited"]


def test_section_with_a_sentence_of_a_removed_one_is_new() -> None:
    title, _, birch, cedar, contact = sections(PAGE)
    dogwood = "City of Dogwood\n\nThey also train new officers.\n\n"
    found = check(title + birch + cedar + dogwood + contact)
    assert [str(each) for each in found.moved_sections] == [
        "City of Dogwood: new section",
        "Town of Alder: gone section",
    ]


# Other input


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (b"Weather today\n\nIt will rain in the morning. Later the sun may shine.", "another page"),
        (PAGE[:120].encode(), "another page, or part of the page: it has 1 of the 10"),
        (b"a\n" * 30_000, "30,000 sentences; the maximum is 20,000"),
        (b"A. " * 30_000, "30,000 sentences; the maximum is 20,000"),
        (b"<p>" * 90_000 + b"x", "another page"),
        (b"", "no text"),
    ],
)
def test_another_page_is_refused(page: bytes, message: str) -> None:
    with pytest.raises(NotAPageError, match=message):
        verify(page, DATASET, FINGERPRINTS)


def test_page_with_a_fifth_of_the_known_sentences_is_checked() -> None:
    start = PAGE.index("It works with")
    found = check(PAGE[:start])
    assert [each.change for each in found.sentences if each.needs_evidence and each.was and each.was.paragraph] == [
        "same",
        "same",
        *["gone"] * 8,
    ]


# The report


def test_report_is_text_and_plain_data() -> None:
    found = check(PAGE.replace("nurses visit residents", "nurses see residents"))
    text = str(found)
    assert text.startswith("Town of Alder, paragraph 2, sentence 1: edited\n")
    row = (
        'programs/alder-care-team goals visit residents: "visit residents" is missing; nearest phrase: "see residents"'
    )
    assert f"  {row}\n" in text
    assert text.splitlines()[-1].endswith("0 without evidence")
    plain = json.loads(json.dumps(found.to_dict()))
    assert plain["summary"]["rows"] == {"found": 25, "moved": 0, "changed": 0, "missing": 1}
    (sentence,) = plain["sentences"]
    place = {"section": "Town of Alder", "paragraph": 2, "sentence": 1}
    assert sentence == {
        "change": "edited",
        "was": place,
        "place": place,
        "text": "The team\u2019s nurses see residents at home after a crisis.",
        "supports": ["programs/alder-care-team goals"],
        "reached": True,
    }
    (row,) = plain["rows"]
    assert (row["status"], row["place"], row["item"]) == ("missing", None, "visit residents")
    assert (row["nearest"], row["positions"]) == ("see residents", None)
    assert plain["sections"] == []


def test_plain_data_has_whether_a_sentence_has_the_evidence_it_needs() -> None:
    page = PAGE.replace("Fax\n", "Dogwood plans a team.\n\nFax\n")
    found = check(page).to_dict()["sentences"]
    assert [(each["change"], each["text"], each["reached"]) for each in found] == [
        ("new", "Dogwood plans a team.", False),
        ("moved", "Fax", True),
        ("moved", "(617) 555-0100", True),
    ]


def test_report_names_where_a_sentence_moved_and_shows_whole_sentences() -> None:
    text = str(check(PAGE.replace("They also", f"They {'often ' * 20}drive. They also")))
    assert "Town of Alder, paragraph 2, sentence 2: moved to Town of Alder, paragraph 2, sentence 3" in text
    (line,) = (line for line in text.splitlines() if line.startswith("  now:"))
    assert line.endswith("often drive.")


def test_guide_shows_the_report(update_golden: bool) -> None:
    path = ROOT / "docs" / "checking.md"
    guide = path.read_text(encoding="utf-8")
    edited = PAGE.replace("nurses visit residents", "nurses see residents").replace(
        "City of Cedar\n", "City of Dogwood\n\nDogwood plans a team.\n\nCity of Cedar\n"
    )
    shown = re.sub(r"(?<=```text\n).*?(?=\n```)", lambda _: str(check(edited)), guide, count=1, flags=re.DOTALL)
    if update_golden:
        path.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == path.read_text(encoding="utf-8"), "update it with: pytest --update-golden"


@pytest.mark.parametrize(
    ("edit", "code", "out"),
    [(("", ""), 0, "0 without evidence"), (("also implemented", "also invented"), 1, "1 edited")],
)
def test_exit_code_reports_changes(  # noqa: PLR0913, PLR0917 - fixtures
    edit: tuple[str, str], code: int, out: str, page_text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "page.txt"
    file.write_text(page_text.replace(*edit), encoding="utf-8")
    before = {path: path.read_bytes() for path in Path(fingerprints.__file__).parents[1].rglob("*.json")}
    assert main(["verify", str(file)]) == code
    assert out in capsys.readouterr().out
    assert main(["verify", str(file), "--json"]) == code
    assert json.loads(capsys.readouterr().out)["summary"]["verified"] is (code == 0)
    assert main(["draft", str(file)]) == 0
    assert ("TODO: read the sentence" in capsys.readouterr().out) is (code == 1)
    assert before == {path: path.read_bytes() for path in before}


def test_page_is_read_from_standard_input(
    page_text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(page_text.encode())))
    assert main(["verify", "-"]) == 0
    assert "0 without evidence" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x" * (MAX_BYTES + 10))))
    assert main(["verify", "-"]) == 2
    assert sys.stdin.buffer.read() == b"x" * 9  # no more than one byte over the maximum was read
    assert "-: the page has more than" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["verify", "draft"])
def test_commands_name_the_file_that_is_not_the_page(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "page.txt"
    file.write_text("Quite another page.", encoding="utf-8")
    assert main([command, str(file)]) == 2
    assert f"{file}: this seems to be another page" in capsys.readouterr().err
    assert main([command, str(tmp_path)]) == 2
    assert main([command, str(tmp_path / "none.html")]) == 2
    assert "none.html: cannot be read" in capsys.readouterr().err
