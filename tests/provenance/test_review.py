"""The review of a folder against its page: what is to be decided is reported, and the rest is written."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import eaps_data as eaps
from eaps_data._internal import canonical_json
from eaps_data.provenance import draft_lines
from eaps_data.provenance.draft import draft
from eaps_data.provenance.draft_lines import Line
from eaps_data.provenance.fingerprints import of_folder
from eaps_data.provenance.review import Review, review
from eaps_data.provenance.verification import verify
from eaps_data.validation import check_folder
from support.funded_places import PAGE, write_folder

ALDER = "programs/alder-care-team"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "data").parent


def with_lines(folder: Path, page: str, lines: Sequence[Line] = ()) -> Review:
    """Review a folder with a draft of these lines."""
    text = draft_lines.write(lines, hashlib.sha256(page.encode()).hexdigest())
    return review(folder, page.encode(), (text, "draft.csv"))


def messages(found: Review) -> list[str]:
    return [problem.message for problem in found.open]


def written(folder: Path, found: Review, page: str) -> eaps.Dataset:
    """Write what was reviewed, and return the dataset, which must be verified."""
    assert messages(found) == []
    found.write()
    dataset = eaps.Dataset.from_path(folder)
    assert verify(page.encode(), dataset, of_folder(folder))
    assert not review(folder, page.encode()).files
    return dataset


def rows(dataset: eaps.Dataset, subject: str, field: str) -> list[tuple[Any, ...]]:
    found = dataset.evidence.where(subject=subject, field=field)
    return [(row.item, row.quote, row.paragraph, row.sentence) for row in found]


def test_unchanged_page_leaves_nothing_to_do(folder: Path) -> None:
    assert review(folder, PAGE.encode()) == Review((), (), {})


def test_moved_sentences_and_sections_need_no_decision(folder: Path) -> None:
    alder, birch, cedar = (PAGE.index(name) for name in ("Town of Alder", "City of Birch", "City of Cedar"))
    end = PAGE.index("Contact for")
    page = PAGE[:alder] + PAGE[cedar:end] + PAGE[alder:birch] + PAGE[birch:cedar] + PAGE[end:]
    found = review(folder, page.encode())
    assert "position 3 → 1; fix it with --fix" in [problem.message for problem in found.fixable]
    dataset = written(folder, found, page)
    assert [(town.id, town.position) for town in dataset.municipalities] == [("cedar", 1), ("alder", 2), ("birch", 3)]
    assert dataset.programs.ids == ("cedar-line", "alder-care-team", "birch-response")


def test_review_without_a_draft_asks_to_read_an_edited_sentence_again(folder: Path) -> None:
    page = PAGE.replace("Its goal is to", "Its stated goal is to")
    found = review(folder, page.encode())
    (message,) = messages(found)
    assert message.startswith(
        "City of Birch, paragraph 1, sentence 2: the sentence was edited; read it again in a draft"
    )
    assert found.write() == ()
    written(folder, with_lines(folder, page), page)


def test_missing_quote_is_reported_with_the_nearest_phrase(folder: Path) -> None:
    page = PAGE.replace("nurses visit residents", "nurses see residents")
    (quote,) = (problem for problem in with_lines(folder, page).open)
    assert (quote.rule, quote.record) == ("page-quote", ALDER)
    assert quote.message == 'the quote "visit residents" is not on the page; the nearest phrase is "see residents"'


def test_quote_and_value_are_replaced(folder: Path) -> None:
    page = PAGE.replace("nurses visit residents", "nurses see residents")
    line = Line(ALDER, "goals", "visit residents => see residents", "visit residents => see residents")
    dataset = written(folder, with_lines(folder, page, [line]), page)
    assert dataset.programs["alder-care-team"].goals[2] == "see residents"
    assert ("see residents", "see residents", 2, 1) in rows(dataset, ALDER, "goals")


def test_applying_a_draft_twice_changes_nothing(folder: Path) -> None:
    page = PAGE.replace("nurses visit residents", "nurses see residents")
    line = Line(ALDER, "goals", "visit residents => see residents", "visit residents => see residents")
    written(folder, with_lines(folder, page, [line]), page)
    again = with_lines(folder, page, [line])
    assert (again.open, again.files) == ((), {})


def test_stale_draft_is_one_problem(folder: Path) -> None:
    lines = [Line(ALDER, "goal", "x"), Line(ALDER, "goals", "x", "walk dogs"), Line("TODO: read the sentence")]
    text = draft_lines.write(lines, hashlib.sha256(b"another page").hexdigest())
    (problem,) = review(folder, PAGE.encode(), (text, "draft.csv")).open
    assert problem.message.startswith(
        "this draft was made from another copy of the page; make a new one with eaps-data"
    )
    assert (problem.file, problem.line) == ("draft.csv", 1)
    page = PAGE.replace("nurses visit residents", "nurses meet residents")
    newer = Line(ALDER, "goals", "visit residents => meet residents", "visit residents => meet residents")
    older = Line(ALDER, "goals", "visit residents => see residents", "visit residents => see residents")
    written(
        folder,
        with_lines(folder, page, [newer]),
        page,
    )
    (problem,) = with_lines(folder, page, [older]).open
    assert problem.message.startswith('goals has no item "visit residents"')
    assert problem.message.endswith("; correct it, or make a new draft")


def test_claim_is_added_where_its_quote_is(folder: Path) -> None:
    line = Line(ALDER, "staff_roles", "nurse", "team\u2019s nurses")
    found = with_lines(folder, PAGE, [Line(ALDER, "started_year", "x", "answers calls"), line])
    assert [(problem.rule, problem.line) for problem in found.open] == [("value", 3), ("term", 4)]
    program = Line(ALDER, "kind", "team", "Alder Care Team", "named")
    dataset = written(folder, with_lines(folder, PAGE, [program]), PAGE)
    assert rows(dataset, ALDER, "kind") == [(None, "Alder Care Team", 1, 1)]


def test_quote_gets_the_characters_of_the_page(folder: Path) -> None:
    line = Line(ALDER, "staff_roles", "case-worker", "The  team's nurses")
    dataset = written(folder, with_lines(folder, PAGE, [line]), PAGE)
    assert rows(dataset, ALDER, "staff_roles") == [("case-worker", "The team\u2019s nurses", 2, 1)]
    path = folder / "evidence.json"
    path.write_text(path.read_text(encoding="utf-8").replace("\u2019", "'"), encoding="utf-8", newline="\n")
    found = review(folder, PAGE.encode())
    assert [problem.message for problem in found.fixable] == [
        'the page writes the quote as "The team\u2019s nurses"; fix it with --fix'
    ]
    written(folder, found, PAGE)


def test_claim_is_removed(folder: Path) -> None:
    page = PAGE.replace(" They also train new officers.", "")
    removed = Line(ALDER, "goals", "train", "", "removed")
    dataset = written(folder, with_lines(folder, page, [removed]), page)
    assert "train" not in dataset.programs["alder-care-team"].goals


def test_record_is_removed_with_a_tombstone(folder: Path) -> None:
    page = PAGE[: PAGE.index("City of Cedar")] + PAGE[PAGE.index("Contact for") :]
    lines = [
        Line(subject, "", "", "", "removed", "The page no longer names it.")
        for subject in ("municipalities/cedar", "programs/cedar-line")
    ]
    assert "say in the note why" in " ".join(messages(with_lines(folder, page, [lines[0]._replace(note="")])))
    dataset = written(folder, with_lines(folder, page, lines), page)
    assert dataset.municipalities.ids == ("alder", "birch")
    assert [(each.id, each.since) for each in dataset.document.tombstones] == [
        ("municipalities/cedar", "2.0.0"),
        ("programs/cedar-line", "2.0.0"),
    ]


def test_new_records_are_added_in_the_order_of_the_page(folder: Path) -> None:
    page = PAGE.replace("City of Birch\n", "City of Dogwood\n\nDogwood has a team with Fir House.\n\nCity of Birch\n")
    town, program = "municipalities/dogwood", "programs/dogwood-team"
    lines = [
        *(
            Line(town, field, value, value)
            for field, value in (("name", "Dogwood"), ("styled_name", "City of Dogwood"))
        ),
        Line(town, "style", "city", "City of"),
        Line(town, "position", "", "City of Dogwood", "inferred", "Its place in the order."),
        Line(town, "identifiers.massgis_town_id", "999", source="funded-municipalities", quote="Dogwood"),
        Line(program, "name", "team", "has a team"),
        Line(program, "named_by_source", "true"),
        Line(program, "municipality", "dogwood", "City of Dogwood"),
        Line("partners/fir-house", "name", "Fir House"),
        Line("partnerships/dogwood-team--fir-house", "role", "partner", "with Fir House"),
    ]
    dataset = written(folder, with_lines(folder, page, lines), page)
    assert dataset.municipalities.ids == ("alder", "dogwood", "birch", "cedar")
    assert dataset.municipalities["dogwood"].identifiers.massgis_town_id == "999"
    assert dataset.programs.ids == ("alder-care-team", "dogwood-team", "birch-response", "cedar-line")
    assert rows(dataset, "partners/fir-house", "name") == [(None, "Fir House", 1, 1)]
    subjects = [row.subject for row in dataset.evidence]
    assert subjects.index(town) < subjects.index("municipalities/birch") < subjects.index(program)


def test_renamed_municipality_keeps_its_id(folder: Path) -> None:
    page = PAGE.replace("City of Birch\n", "Town of Birch Hill\n")
    text = str(draft(page.encode(), eaps.Dataset.from_path(folder), of_folder(folder)))
    assert "municipalities/birch,name,TODO: Birch Hill,Birch => Birch Hill\n" in text
    assert "programs/birch-response,municipality,birch,City of Birch => Town of Birch Hill\n" in text
    decided = "".join(line.replace("TODO: ", "") for line in text.splitlines(keepends=True) if "TODO: read" not in line)
    forgotten = decided.replace("styled_name,Town of Birch Hill,", "styled_name,City of Birch,")
    message = 'the page has no section "City of Birch"; correct the name, or remove the record'
    assert message in messages(review(folder, page.encode(), (forgotten, "draft.csv")))
    dataset = written(folder, review(folder, page.encode(), (decided, "draft.csv")), page)
    birch = dataset.municipalities["birch"]
    assert (birch.name, birch.styled_name, birch.style, birch.position) == (
        "Birch Hill",
        "Town of Birch Hill",
        "town",
        2,
    )
    assert {row.section for row in dataset.evidence.where(subject="programs/birch-response")} == {"Town of Birch Hill"}


def test_municipality_that_was_renamed_and_moved_keeps_its_id(folder: Path) -> None:
    alder, birch, cedar = (PAGE.index(name) for name in ("Town of Alder", "City of Birch", "City of Cedar"))
    moved = PAGE[:alder] + PAGE[birch:cedar] + PAGE[alder:birch] + PAGE[cedar:]
    page = moved.replace("City of Birch\n", "Town of Birch Hill\n")
    text = str(draft(page.encode(), eaps.Dataset.from_path(folder), of_folder(folder)))
    assert "municipalities/birch,position,,City of Birch => Town of Birch Hill\n" in text
    decided = "".join(line.replace("TODO: ", "") for line in text.splitlines(keepends=True) if "TODO: read" not in line)
    dataset = written(folder, review(folder, page.encode(), (decided, "draft.csv")), page)
    assert [(town.id, town.position) for town in dataset.municipalities] == [("birch", 1), ("alder", 2), ("cedar", 3)]


def test_sentence_without_evidence_is_open_unless_it_makes_no_claim(folder: Path) -> None:
    page = PAGE.replace("Fax\n", "Office hours vary.\n\nFax\n")
    (message,) = messages(with_lines(folder, page))
    assert message == (
        'Contact for Funded Places, paragraph 1, sentence 1: no evidence quotes the sentence "Office hours vary."; '
        "add its claims to a draft"
    )
    written(folder, with_lines(folder, page, [Line("no-claim", quote="Office hours vary.")]), page)


TEAM = "The Alder Care Team answers calls about mental health."


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (Line(ALDER, "goals", "x", "walk dogs"), 'the quote "walk dogs" is not on the page'),
        (
            Line("grant_program/safe", "goal", "x", "calls"),
            'the quote "calls" is in 3 sentences (Funded Places, paragraph 1',
        ),
        (
            Line("programs/alder-care", "goals", "x", "train"),
            'no record "programs/alder-care" (did you mean \'programs/',
        ),
        (Line(ALDER, "goal", "x", "train"), "programs have no field \"goal\" (did you mean 'goals'?)"),
        (
            Line(ALDER, "goals", "y", "a => b"),
            'no evidence of this claim quotes "a"; if an earlier line gives the item',
        ),
        (Line(ALDER, "status", "estblished", "answers calls"), '"estblished" is not a valid term'),
        (Line(ALDER, "goals", "x", " ".join([*TEAM.split()[1:], *["a"] * 5])), "is not on the page"),
        (Line(ALDER, "aliases", "Team", PAGE.split("\n")[2]), "expected a phrase of at most 12 words"),
        (
            Line(ALDER, "goals", "vist residents => meet residents", "train"),
            "(did you mean 'visit residents'?); correct",
        ),
        (Line(ALDER, "acronym", "", "", "removed"), None),
        (Line("programs/never", "", "", "", "removed", "Why."), None),
        (Line(ALDER, "municipality", "nowhere", "Town of Alder"), 'unknown municipality id "nowhere"'),
        (Line(ALDER, "plural", "perhaps", "answers calls"), "perhaps"),
        (Line(ALDER, "goals", "", "train"), "goals is a list; give the item that the quote supports"),
        (
            Line(ALDER, "id", "alder-team"),
            "a draft does not rename an id; rename it in each table, and add to redirects",
        ),
        (
            Line(ALDER, "aliases", "the team", "train", place="9.9"),
            'the quote "train" is not in 9.9; it is in Town of Alder, paragraph 2, sentence 2',
        ),
    ],
)
def test_what_is_wrong_with_a_claim_is_reported_with_its_line(folder: Path, line: Line, message: str | None) -> None:
    found = with_lines(folder, PAGE, [line])
    if message is None:
        assert found.open == ()
        return
    (problem,) = found.open
    assert message in problem.message
    assert (problem.file, problem.line, problem.record) == ("draft.csv", 3, line.subject)
    assert found.write() == ()


def test_lines_that_give_one_field_two_values_are_reported(folder: Path) -> None:
    quote = "answers calls"
    lines = [Line(ALDER, "status", status, quote) for status in ("existing", "existing", "planned")]
    (problem,) = with_lines(folder, PAGE, lines).open
    assert problem.message == 'line 3 gives the value "existing"; keep one of the two'
    assert (problem.file, problem.line, problem.field) == ("draft.csv", 5, "status")
    items = [Line(ALDER, "goals", goal, quote) for goal in ("Answer calls.", "Help.")]
    assert with_lines(folder, PAGE, items).open == ()


def test_partner_may_have_two_roles_in_a_program(folder: Path) -> None:
    lines = [
        Line("partners/beacon", "name", "Beacon House"),
        *(Line("partnerships/alder-care-team--beacon", "role", role, "It works with") for role in ("lead", "partner")),
    ]
    dataset = written(folder, with_lines(folder, PAGE, lines), PAGE)
    assert [each.role for each in dataset.partnerships] == ["lead", "partner"]


def test_other_role_of_a_partnership_is_a_new_id(folder: Path) -> None:
    partnership = "partnerships/alder-care-team--beacon"
    lines = [Line("partners/beacon", "name", "Beacon House"), Line(partnership, "role", "lead", "It works with")]
    written(folder, with_lines(folder, PAGE, lines), PAGE)
    (message,) = messages(with_lines(folder, PAGE, [Line(f"{partnership}--lead", "role", "partner", "It works with")]))
    row = {"old": f"{partnership}--lead", "new": f"{partnership}--partner", "since": "2.0.0"}
    assert message.endswith(f"add to redirects.json: {json.dumps(row)}")


def test_lines_about_an_undecided_record_are_not_reported(folder: Path) -> None:
    lines = [
        Line("partners/beacon", "name", "TODO: Beacon House"),
        Line("partners/beacon", "kind", "office", "Beacon House"),
    ]
    assert messages(with_lines(folder, PAGE, lines)) == ["to be decided: TODO: Beacon House"]


def test_quote_in_two_sentences_is_located_by_its_place(folder: Path) -> None:
    page = PAGE.replace("They also train new officers.", "They also train new officers. Nurses drive. Drivers drive.")
    lines = [Line(ALDER, "goals", "drive", "drive", place="2.3"), Line(ALDER, "goals", "drive", "Drivers drive")]
    message = messages(with_lines(folder, page, [lines[0]._replace(place="")]))[0]
    assert message == (
        'the quote "drive" is in 2 sentences (Town of Alder, paragraph 2, sentence 3; Town of Alder, paragraph 2, '
        'sentence 4); quote more words, or set place to "2.3", for example'
    )
    dataset = written(folder, with_lines(folder, page, lines), page)
    assert rows(dataset, ALDER, "goals")[-2:] == [("drive", "drive", 2, 3), ("drive", "Drivers drive", 2, 4)]


@pytest.mark.parametrize(
    ("field", "value", "quote"),
    [("name", "Alder Team of Care", "The Alder Care Team"), ("acronym", "XYZ", "The Alder Care Team")],
)
def test_name_that_its_quote_does_not_contain_is_reported(folder: Path, field: str, value: str, quote: str) -> None:
    (problem,) = with_lines(folder, PAGE, [Line(ALDER, field, value, quote)]).open
    assert problem.message.startswith(f'the quote "{quote}" does not contain the {field} "{value}"; write the name as')
    assert (problem.file, problem.line) == ("draft.csv", 3)


def test_copied_words_are_reported(folder: Path) -> None:
    sentence = "The Safe Towns grant helps towns to answer calls for help in kinder ways, now."
    found = with_lines(folder, PAGE, [Line(ALDER, "summary", sentence)])
    assert [problem.rule for problem in found.open] == ["page-words"]
    assert found.open[0].line == 3


@pytest.mark.parametrize("failing", ["write_text", "replace"])
def test_failed_write_leaves_the_files(folder: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    page = PAGE.replace("They also train", "They now train. They also train")
    found = with_lines(folder, page, [Line(ALDER, "goals", "now", "now train")])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, failing, fail)
        with pytest.raises(OSError, match="No space"):
            found.write()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_hash_of_the_page_is_renewed(folder: Path) -> None:
    page = PAGE + "\n"
    found = review(folder, page.encode())
    assert [(problem.rule, problem.severity) for problem in found.fixable] == [("page-hash", "warning")]
    found.write()
    assert json.loads((folder / "sources.json").read_bytes())[0]["sha256"] is not None
    assert review(folder, page.encode()) == Review((), (), {})


def test_check_without_the_page_finds_rows_and_sentences_that_do_not_fit(folder: Path) -> None:
    assert [problem for problem in check_folder(folder) if problem.severity == "error"] == []
    path = folder / "evidence.json"
    rows_before = json.loads(path.read_bytes())
    moved = [row | {"sentence": 3} if row["quote"] == "train" else row for row in rows_before]
    path.write_text(canonical_json.to_json(moved), encoding="utf-8", newline="\n")
    found = [problem for problem in check_folder(folder) if problem.severity == "error"]
    assert [(problem.rule, problem.message.partition(";")[0]) for problem in found] == [
        ("page-sentence", "no evidence quotes Town of Alder, paragraph 2, sentence 2"),
        ("page-quote", "the page has no sentence at Town of Alder, paragraph 2, sentence 3"),
    ]
    assert found[1].line == 1 + path.read_text(encoding="utf-8").split("\n").index('    "quote": "train",') - 4
