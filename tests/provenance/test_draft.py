"""Drafts: the lines that a changed page needs, filled in as far as the page allows."""

import hashlib
import json
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data.provenance import draft_lines
from eaps_data.provenance.draft import Draft, draft
from eaps_data.provenance.draft_lines import Line
from support.funded_places import DATASET, FINGERPRINTS, PAGE

DOGWOOD = (
    "City of Dogwood Hill\n\nThe Dogwood Hill Street Team (DST) began in May with Beacon House and the Dogwood Hill "
    "Health Department. It hands out food and water.\n\n"
)
ADDED = PAGE.replace("City of Birch\n", DOGWOOD + "City of Birch\n")


def drafted(page: str) -> Draft:
    return draft(page.encode(), DATASET, FINGERPRINTS)


def cells(page: str, subject: str = "") -> list[tuple[str, ...]]:
    """Return the subject, field, value and quote of each line whose subject begins so."""
    return [line[:4] for line in drafted(page).lines if isinstance(line, Line) and line.subject.startswith(subject)]


def test_new_municipality_is_drafted_as_far_as_the_page_allows() -> None:
    town = "municipalities/dogwood-hill"
    assert cells(ADDED, "municipalities/") == [
        (town, "name", "Dogwood Hill", "Dogwood Hill"),
        (town, "styled_name", "City of Dogwood Hill", "City of Dogwood Hill"),
        (town, "style", "city", "City of"),
        (town, "position", "", "City of Dogwood Hill"),
        (town, "summary", "TODO: what the page says about it, in your own words", ""),
    ]
    # A drafted position is described like those of the packaged data.
    (position,) = (line for line in drafted(ADDED).lines if isinstance(line, Line) and line.field == "position")
    assert (position.basis, {position.note}) == (
        "inferred",
        {row.note for row in eaps.evidence.where(field="position")},
    )


def test_names_in_a_new_section_become_programs_and_partners() -> None:
    program, name = "programs/dogwood-hill-street-team", "Dogwood Hill Street Team"
    assert cells(ADDED, "programs/")[:4] == [
        (program, "name", name, name),
        (program, "acronym", "DST", f"{name} (DST)"),
        (program, "municipality", "dogwood-hill", "City of Dogwood Hill"),
        (program, "kind", "team", name),
    ]
    department = "Dogwood Hill Health Department"
    assert cells(ADDED, "partners/") == [
        ("partners/beacon-house", "name", "TODO: Beacon House (or delete its lines)", "Beacon House"),
        ("partners/dogwood-hill-health-department", "name", department, department),
        ("partners/dogwood-hill-health-department", "kind", "health-department", department),
        ("partners/dogwood-hill-health-department", "municipality", "dogwood-hill", department),
    ]
    subjects = [subject for subject, *_ in cells(ADDED, "partnerships/")]
    assert subjects == [
        "partnerships/dogwood-hill-street-team--beacon-house",
        "partnerships/dogwood-hill-street-team--dogwood-hill-health-department",
    ]


@pytest.mark.parametrize(("word", "basis"), [("Program", "named"), ("program", "")])
def test_acronym_within_a_name_is_followed_by_its_kind(word: str, basis: str) -> None:
    page = PAGE.replace("Contact for", f"City of Dogwood\n\nIt has the Community Crisis (CCR) {word}.\n\nContact for")
    program, name = "programs/dogwood-community-crisis", "Community Crisis"
    lines = [line for line in drafted(page).lines if isinstance(line, Line) and "TODO" not in line.value]
    assert [line[:5] for line in lines if line.subject == program] == [
        (program, "name", name, name, ""),
        (program, "acronym", "CCR", f"{name} (CCR)", ""),
        (program, "municipality", "dogwood", "City of Dogwood", ""),
        (program, "kind", "program", f"{name} (CCR) {word}", basis),
    ]
    assert cells(page, "partners/") == []


def test_program_may_have_the_name_of_one_in_another_municipality() -> None:
    sentences = "The Alder Care Team is new. The Alder Care Team helps. It works with Birch Response."
    page = PAGE.replace("Contact for", f"City of Dogwood\n\n{sentences}\n\nContact for")
    assert cells(page, "programs/")[0] == (
        "programs/dogwood-alder-care-team",
        "name",
        "Alder Care Team",
        "Alder Care Team",
    )
    assert [field for _, field, *_ in cells(page, "programs/")].count("name") == 1
    assert cells(page, "partners/") == []


def test_partner_with_an_acronym_within_its_name_has_its_kind() -> None:
    page = PAGE.replace("Contact for", "City of Dogwood\n\nIt works with Home Initiatives (HI) Office.\n\nContact for")
    (kind,) = (line for line in cells(page, "partners/") if line[1] == "kind")
    assert kind == ("partners/home-initiatives", "kind", "office", "Home Initiatives (HI) Office")


def test_each_new_sentence_is_shown_and_marked() -> None:
    text = str(drafted(ADDED))
    assert '"# City of Dogwood Hill, paragraph 1, sentence 2: new"\n# It hands out food and water.\n"TODO: ' in text
    assert text.startswith(f"# page sha256 {hashlib.sha256(ADDED.encode()).hexdigest()}\nsubject,field,value,quote,")


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("The team joins the Board of Health, then the Care & Share Club.", ["board-of-health", "care-and-share-club"]),
        ("It meets at O\u2019Neil Hall.", ["oneil-hall"]),
        ("It knows City of Birch from Safe Towns.", []),
        (f"It has {'Aa' * 50_000} in it.", []),
    ],
)
def test_names_are_runs_of_capitalized_words(sentence: str, names: list[str]) -> None:
    page = PAGE.replace("Contact for", f"City of Dogwood\n\n{sentence}\n\nContact for")
    assert [subject for subject, field, *_ in cells(page, "partners/") if field == "name"] == [
        f"partners/{name}" for name in names
    ]


def test_edited_sentence_is_drafted_with_the_nearest_phrases() -> None:
    page = PAGE.replace("nurses visit residents", "nurses often see residents")
    todo, line = drafted(page).lines[2:4]
    assert str(todo).startswith("Line(subject='TODO: read the sentence")
    assert line[:4] == (
        "programs/alder-care-team",
        "goals",
        "visit residents",
        "visit residents => TODO: see residents",
    )


def test_renamed_program_marks_its_name() -> None:
    page = PAGE.replace("Birch Response", "Birch Answers")
    assert cells(page, "programs/") == [
        ("programs/birch-response", "name", "TODO: Birch Answers", "Birch Response => TODO: Birch Answers")
    ]


def test_renamed_program_gets_the_new_name_and_acronym_without_the_words_around_them() -> None:
    program = DATASET.programs["alder-care-team"]
    renamed = program.model_copy(update={"name": "Care Team", "acronym": "ACT"})
    quotes = {"name": "The Care Team of Alder", "acronym": "Care Team of Alder (ACT)"}
    old = next(row for row in DATASET.evidence if row.subject == "programs/alder-care-team" and row.field == "name")
    rows = [old.model_copy(update={"field": field, "quote": quote}) for field, quote in quotes.items()]
    document = DATASET.document.model_copy(
        update={
            "programs": tuple(renamed if each.id == program.id else each for each in DATASET.programs),
            "evidence": (*(row for row in DATASET.evidence if row != old), *rows),
        }
    )
    page = PAGE.replace("The Alder Care Team answers", "It has a new team, The Help Team of Alder (ACT), which answers")
    found = draft(page.encode(), eaps.Dataset._of_valid(document), FINGERPRINTS)
    lines = [line for line in found.lines if isinstance(line, Line) and line.subject == "programs/alder-care-team"]
    assert [line[1:4] for line in lines if line.field in quotes] == [
        ("name", "TODO: Help Team", "The Care Team of Alder => TODO: The Help Team of Alder"),
        ("acronym", "ACT", "Care Team of Alder (ACT) => TODO: Help Team of Alder (ACT)"),
    ]


def test_fields_that_other_sources_have_for_other_municipalities_are_comments() -> None:
    at = {"section": None, "paragraph": None, "sentence": None, "source": "codes"}
    row = next(row for row in DATASET.evidence if row.subject == "municipalities/alder" and row.field == "name")
    other = next(row for row in DATASET.evidence if row.subject == "municipalities/birch" and row.field == "name")
    values = {
        "state": ("MA", "state:ma"),
        "government_form": ("city", "C"),
        "identifiers": ({"massgis_town_id": "1", "ocd_aliases": ["ocd-division/country:us/state:ma/place:alder"]}, "1"),
    }
    plain = DATASET.document.model_dump(mode="json")
    plain["municipalities"][0] |= {field: value for field, (value, _) in values.items()}
    plain["municipalities"][1] |= {"government_form": "town-with-city-form"}
    plain["sources"].append({"id": "codes", "title": "Codes"})
    plain["evidence"] += [
        *(
            row.model_dump(mode="json") | at | {"field": field, "quote": quote, "item": item}
            for field, quote, item in (
                ("state", "state:ma", None),
                ("government_form", "C", None),
                ("identifiers", "1", "massgis_town_id"),
                ("identifiers", "ocd-division/country:us/state:ma/place:alder", "ocd_aliases"),
            )
        ),
        other.model_dump(mode="json") | at | {"field": "government_form", "quote": "TC"},
    ]
    dataset = eaps.Dataset.from_json(json.dumps(plain))
    found = draft(ADDED.encode(), dataset, FINGERPRINTS)
    lines = [line for line in found.lines if isinstance(line, Line) and line.source]
    assert [(line.field, line.value, line.quote, line.source) for line in lines] == [
        ("state", "TODO: such as MA", "state:ma", "codes"),
        ("identifiers.massgis_town_id", "TODO: such as 1", "", "codes"),
        ("identifiers.ocd_aliases", "TODO: such as ocd-division/country:us/state:ma/place:alder", "", "codes"),
        ("government_form", "TODO: such as city", "TODO: such as C", "codes"),
    ]
    assert {line.subject for line in lines} == {"# municipalities/dogwood-hill"}
    assert not {line.field for line in lines} & {row["field"] for row in found.to_rows()}
    text = str(found)
    comment = "# municipalities/dogwood-hill,state,TODO: such as MA,state:ma,,,,codes\n"
    assert f"from other sources; delete the # of a line that you can fill in\n{comment}" in text
    assert "state" not in {line.field for line in draft_lines.read(text, "d")[0]}
    used, _ = draft_lines.read(text.replace(comment, comment[2:].replace("TODO: such as ", "")), "d")
    (state,) = (line for line in used if line.field == "state")
    assert state[:4] == ("municipalities/dogwood-hill", "state", "MA", "state:ma")


def test_removed_section_marks_its_records() -> None:
    start, end = PAGE.index("City of Cedar"), PAGE.index("Contact for")
    lines = [line for line in drafted(PAGE[:start] + PAGE[end:]).lines if isinstance(line, Line)]
    assert [(line.subject, line.basis) for line in lines] == [
        ("municipalities/cedar", "TODO: removed"),
        ("programs/cedar-line", "TODO: removed"),
    ]


def test_summary_of_a_changed_program_is_to_be_read_again() -> None:
    program = DATASET.programs["alder-care-team"].model_copy(update={"summary": "A team of nurses."})
    programs = tuple(program if each.id == program.id else each for each in DATASET.programs)
    dataset = eaps.Dataset._of_valid(DATASET.document.model_copy(update={"programs": programs}))
    found = draft(PAGE.replace("nurses visit", "nurses often see").encode(), dataset, FINGERPRINTS)
    assert found.lines[-2:] == (
        "summaries of the records that changed",
        Line("programs/alder-care-team", "summary", "TODO: A team of nurses."),
    )

    for kept in ("nurses often visit", "nurses now help and visit"):
        assert "summary" not in str(draft(PAGE.replace("nurses visit", kept).encode(), dataset, FINGERPRINTS))


@pytest.mark.parametrize("page", [PAGE, PAGE.replace("City of Birch", "City  of Birch")])
def test_unchanged_page_needs_no_lines(page: str) -> None:
    assert drafted(page).lines == ()


def test_draft_is_read_back(tmp_path: Path) -> None:
    del tmp_path
    found = drafted(ADDED)
    lines, problems = draft_lines.read(str(found), "draft.csv")
    done = [each for each in found.lines if isinstance(each, Line) and "TODO" not in "".join(each[:8])]
    assert [line[:8] for line in lines] == [line[:8] for line in done]
    assert len(lines) + len(problems) == len(found.to_rows())


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "programs/x,goals,a,b,stated,,,,c",
            "draft.csv:3: the line has 9 cells, and there are 8 columns; quote a cell",
        ),
        ('programs/x,goals,"a', "draft.csv:3: this is not CSV (unexpected end of data); check its quotation marks"),
        ("<<<<<<< HEAD", "draft.csv:3: this is a merge conflict; keep the lines that are right"),
        (",,TODO: decide", "draft.csv:3: to be decided: TODO: decide"),
    ],
)
def test_what_is_wrong_with_a_line_is_reported_with_its_number(line: str, message: str) -> None:
    text = draft_lines.write([], "0" * 64) + line + "\n"
    lines, (problem,) = draft_lines.read(text, "draft.csv")
    assert lines == []
    assert str(problem).startswith(message)


def test_draft_of_another_page_and_unknown_columns_are_reported() -> None:
    text = draft_lines.write([], "0" * 64)
    stale = draft_lines.unusable(text, "d", "1" * 64)
    assert "d:1: this draft was made from another copy of the page; make a new one with eaps-data draft" in str(stale)
    assert draft_lines.unusable(text, "d", "0" * 64) is None
    merged = f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> other\n"  # the conflict is reported first
    assert draft_lines.unusable(merged, "d", "1" * 64) is None
    assert "merge conflict" in str(draft_lines.read(merged, "d")[1])
    semicolons = text.replace(",", ";")
    assert "d:2: the cells are separated by semicolons; save it with commas" in str(
        draft_lines.unusable(semicolons, "d", "0" * 64)
    )
    other = draft_lines.unusable("Whom we fund\n\nTown of Alder, and others\n", "d", "0" * 64)
    assert str(other) == "d:1: this is not a draft; its columns are subject,field,value,quote,basis,note,place,source"
    (problem,) = draft_lines.read("subject,feild,value,quote\n", "d")[1]
    assert str(problem).startswith("d:1: unknown column \"feild\" (did you mean 'field'?)")
