"""Drafts: rows for the municipalities that are new on a page, filled in as far as the page allows."""

import json
import re
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data.provenance.draft import draft
from eaps_data.provenance.page import Place
from eaps_data.validation import validate
from support.funded_places import DATASET, FINGERPRINTS, PAGE

ROOT = Path(__file__).parents[2]
DOGWOOD = "City of Dogwood Hill\n\nThe Dogwood Street Team (DST) began in May. It hands out food and water.\n\n"
ADDED = PAGE.replace("Contact for", DOGWOOD + "Contact for")


@pytest.fixture(autouse=True)
def _fingerprints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eaps_data.provenance.verification.packaged", lambda: FINGERPRINTS)


def test_new_municipality_is_drafted_as_far_as_the_page_allows() -> None:
    drafted = draft(ADDED.encode(), DATASET)
    assert list(drafted) == ["municipalities", "programs", "partners", "partnerships", "evidence"]
    assert drafted["municipalities"] == [
        {
            "id": "dogwood-hill",
            "name": "Dogwood Hill",
            "styled_name": "City of Dogwood Hill",
            "style": "city",
            "position": 4,
        }
    ]
    program = "dogwood-hill-FILL IN"
    assert drafted["programs"] == [
        {"id": program, "name": "FILL IN", "municipality": "dogwood-hill", "summary": "FILL IN"}
    ]
    assert drafted["partners"] == [{"id": "FILL IN", "name": "FILL IN", "kind": "FILL IN"}]
    assert drafted["partnerships"] == [{"program": program, "partner": "FILL IN", "role": "FILL IN"}]
    assert validate(json.dumps(drafted["municipalities"]).encode(), "municipalities") == ()
    for table in ("programs", "partners", "partnerships", "evidence"):
        assert validate(json.dumps(drafted[table]).encode(), table), "a curator has to complete it"


def test_drafted_evidence_has_the_heading_and_each_sentence() -> None:
    *heading, first, second = draft(ADDED.encode(), DATASET)["evidence"]
    assert [(row["subject"], row["field"], row["quote"]) for row in heading] == [
        ("municipalities/dogwood-hill", "name", "Dogwood Hill"),
        ("municipalities/dogwood-hill", "styled_name", "City of Dogwood Hill"),
        ("municipalities/dogwood-hill", "style", "City of"),
        ("municipalities/dogwood-hill", "position", "City of Dogwood Hill"),
    ]
    places = [Place(row["section"], row["paragraph"], row["sentence"])[1:] for row in (*heading, first, second)]
    assert places == [(0, 1)] * 4 + [(1, 1), (1, 2)]
    assert validate(json.dumps(heading).encode(), "evidence") == ()
    assert [row["basis"] for row in heading] == ["stated", "stated", "stated", "inferred"]
    # A drafted position is described like those of the packaged data.
    assert {row.note for row in eaps.evidence.where(field="position")} == {heading[-1]["note"]}
    assert first["names"] == ["The Dogwood Street Team (DST)"]
    assert second["read"] == "It hands out food and water."
    assert second["names"] == []


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("The team has a DST and works with RPD.", ["DST", "RPD"]),
        ("It joins the Board of Health, then the Care & Share Club.", ["Board of Health", "Care & Share Club"]),
        ("It meets at O\u2019Neil Hall.", ["O\u2019Neil Hall"]),
        (f"It has {'Aa' * 50_000} in it.", []),
    ],
)
def test_drafted_evidence_has_what_looks_like_a_name(sentence: str, names: list[str]) -> None:
    page = PAGE.replace("Contact for", f"City of Dogwood\n\n{sentence}\n\nContact for")
    assert draft(page.encode(), DATASET)["evidence"][4]["names"] == names


def test_page_without_a_new_municipality_gives_no_rows() -> None:
    assert not any(draft(PAGE.encode(), DATASET).values())


def test_municipality_that_the_dataset_has_is_not_drafted() -> None:
    document = json.loads(DATASET.to_json())
    (dogwood,) = draft(ADDED.encode(), DATASET)["municipalities"]
    document["municipalities"].append(dogwood)
    document["evidence"] += draft(ADDED.encode(), DATASET)["evidence"][:4]
    assert not any(draft(ADDED.encode(), eaps.Dataset.from_json(json.dumps(document))).values())


def test_guide_shows_a_drafted_row() -> None:
    guide = (ROOT / "docs" / "curating.md").read_text(encoding="utf-8")
    section = guide[guide.index("> **Town of") : guide.index("`eaps-data draft")]
    text = re.sub(r"(?<=\S)\n(?=\S)", " ", re.sub(r"^> ?", "", section, flags=re.MULTILINE).replace("**", ""))
    drafted = draft(PAGE.replace("Contact for", text + "Contact for").encode(), DATASET)
    assert json.dumps(drafted["evidence"][4], indent=2) in guide
