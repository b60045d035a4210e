"""Drafts: the lines that a changed page needs, filled in as far as the page allows."""

import hashlib
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
        (town, "summary", "TODO: what the page says of it, in your own words", ""),
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
        ("programs/birch-response", "name", "TODO: Birch Response", "Birch Response => TODO: Birch Answers")
    ]


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
    found = draft(PAGE.replace("nurses visit", "nurses often visit").encode(), dataset, FINGERPRINTS)
    assert found.lines[-2:] == (
        "summaries of the records that changed",
        Line("programs/alder-care-team", "summary", "TODO: A team of nurses."),
    )


@pytest.mark.parametrize("page", [PAGE, PAGE.replace("City of Birch", "City  of Birch")])
def test_unchanged_page_needs_no_lines(page: str) -> None:
    assert drafted(page).lines == ()


def test_draft_is_read_back(tmp_path: Path) -> None:
    del tmp_path
    found = drafted(ADDED)
    lines, problems = draft_lines.read(str(found), "draft.csv", found.page_hash)
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
    page_hash = "0" * 64
    text = draft_lines.write([], page_hash) + line + "\n"
    lines, (problem,) = draft_lines.read(text, "draft.csv", page_hash)
    assert lines == []
    assert str(problem).startswith(message)


def test_draft_of_another_page_and_unknown_columns_are_reported() -> None:
    text = draft_lines.write([], "0" * 64)
    assert "make a new one with eaps-data draft, and copy your lines" in str(draft_lines.read(text, "d", "1" * 64)[1])
    (problem,) = draft_lines.read("subject,feild,value,quote\n", "d", "")[1]
    assert str(problem).startswith("d:1: unknown column \"feild\" (did you mean 'field'?)")
