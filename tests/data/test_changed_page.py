"""From a changed page to a verified folder: what a curator types, with the decisions scripted."""

import csv
import difflib
import importlib
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

import eaps_data as eaps
from eaps_data._internal import resources
from eaps_data.models.past_ids import version_key
from eaps_data.provenance import new_state
from eaps_data.provenance.page import comparable
from support.commands import Runner

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tools"))  # a folder of scripts, not a package
release: Any = importlib.import_module("release")
sys.path.remove(str(ROOT / "tools"))

DATA = "src/eaps_data/data"
HEADING = "Town of Exampleton"
PARAGRAPH = (
    "Exampleton has established the Harbor Care Team (HCT) with the Exampleton Health Department and, as of 2021, "
    "North Shore Helpers. Mental health clinicians and case workers of the team support residents at home after a "
    "crisis. The team aims to reduce arrests, to prevent hospitalization, and to connect residents who live with "
    "substance use or homelessness with treatment. It offers peer support and public education, guided by harm "
    "reduction."
)
PROGRAM = "programs/exampleton-harbor-care-team"
PARTNERSHIP = "partnerships/exampleton-harbor-care-team"
# For each sentence, by its first words in the draft, the claims that a curator types.
CLAIMS = {
    "Exampleton has": ["status,established,has established", "started_year,2021,as of 2021"],
    "Mental health": [
        "staff_roles,mental-health-clinician,Mental health clinicians",
        "staff_roles,case-worker,case workers of the team",
        "activities,Supports residents at home after a crisis.,support residents at home after a crisis",
    ],
    "The team": [
        "goals,Reduce arrests.,aims to reduce arrests",
        "goals,Prevent hospitalization.,to prevent hospitalization",
        "needs,substance-use,live with substance use",
        "needs,homelessness,substance use or homelessness",
    ],
    "It offers": [
        "services,peer-support,offers peer support",
        "services,public-education,public education",
        "frameworks,harm-reduction,guided by harm reduction",
    ],
}
DECISIONS = {
    f"{PARTNERSHIP}--exampleton-health-department": "role,creator,with the Exampleton Health Department",
    f"{PARTNERSHIP}--north-shore-helpers": "role,creator,North Shore Helpers",
    "municipalities/exampleton": "summary,Its care team supports residents at home.",
    PROGRAM: "summary,A team whose clinicians and case workers help residents at home.",
}


def decide(draft: str) -> str:
    """Return a draft with every decision made: phrases are accepted, names kept, and the claims typed."""
    lines: list[str] = []
    for line in draft.splitlines():
        subject, field, _, quote = [*next(csv.reader([line])), "", "", ""][:4]
        if subject.startswith("#"):
            lines.append(line)
        elif subject.startswith("TODO: replace"):
            (claims,) = (claims for words, claims in CLAIMS.items() if quote.startswith(words))
            lines += [f"{PROGRAM},{claim}" for claim in claims]
        elif subject.startswith("TODO: read"):
            continue
        elif "TODO" in line and subject in DECISIONS and field in {"role", "summary"}:
            lines.append(f"{subject},{DECISIONS[subject]}")
        else:
            lines.append(line.replace("TODO: ", "").replace(" (or delete its lines)", ""))
    return "\n".join(lines) + "\n"


def typed(draft: str, decided: str, about: str) -> list[str]:
    """Return the lines about a municipality that a curator wrote or changed."""
    changes = difflib.ndiff(draft.splitlines(), decided.splitlines())
    return [line[2:] for line in changes if line.startswith("+ ") and about in line]


def bring_in(run: Runner, data: Path, page: Path, tmp_path: Path) -> tuple[str, str]:
    """Bring a folder up to date with a page, and return the draft before and after the decisions."""
    draft = tmp_path / "draft.csv"
    before = {path: path.read_bytes() for path in data.iterdir() if path.is_file()}
    assert run("verify", str(page), "--data", str(data)).code == 1
    assert run("draft", str(page), "--data", str(data), "--output", str(draft)).code == 0
    drafted = draft.read_text(encoding="utf-8")
    check = ("check", str(data), "--page", str(page), "--draft", str(draft))
    open_ = run(*check, "--fix")
    assert open_.code == 1
    assert open_.out.count("to be decided") == sum("TODO" in line for line in drafted.splitlines() if line[0] != "#")
    assert {path: path.read_bytes() for path in before} == before
    draft.write_text(decide(drafted), encoding="utf-8")
    complete = run(*check)
    assert complete.code == 0, complete.out
    assert complete.err == f"{draft}: complete; --fix writes its lines and fills in positions, order and hashes\n"
    assert {path: path.read_bytes() for path in before} == before
    fixed = run(*check, "--fix")
    assert fixed.code == 0, fixed.out
    assert run("verify", str(page), "--data", str(data)).code == 0
    assert run("check", str(data), "--page", str(page)).code == 0
    again = run(*check)
    assert (again.code, again.err) == (0, f"{draft}: its lines are in the tables; delete it\n")
    return drafted, draft.read_text(encoding="utf-8")


def test_new_municipality_needs_at_most_25_typed_lines(run: Runner, tmp_path: Path) -> None:
    data = tmp_path / "data"
    new_state.create(data)
    page = data / "page.txt"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("City of Birch\n", f"{HEADING}\n\n{PARAGRAPH}\n\nCity of Birch\n"), encoding="utf-8")
    drafted, decided = bring_in(run, data, page, tmp_path)
    claims = [line for claims in CLAIMS.values() for line in claims]
    lines = typed(drafted, decided, "exampleton")
    assert len(claims) == 12
    assert len(lines) <= 25
    assert len(lines) == len(claims) + len(DECISIONS)
    dataset = eaps.Dataset.from_path(data)
    assert dataset.municipalities.ids == ("alder", "exampleton", "birch", "cedar")
    assert len(dataset.programs.where(municipality="exampleton")) == 1
    assert dataset.partners.where(program="exampleton-harbor-care-team").ids == (
        "exampleton-health-department",
        "north-shore-helpers",
    )
    assert len(dataset.evidence.where(subject=PROGRAM)) == len(claims) + 4  # and name, acronym, municipality, kind


@pytest.fixture
def packaged(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    shutil.copytree(Path(eaps.__file__).parent / "data", data)
    return data


def test_packaged_data_is_brought_up_to_date_with_three_changes(
    run: Runner, packaged: Path, page_text: str, tmp_path: Path
) -> None:
    lines = [comparable(line) for line in page_text.splitlines()]
    towns = [comparable(town.styled_name) for town in eaps.municipalities]
    at = lines.index(towns[len(towns) // 2])
    lines[at:at] = [HEADING, "", PARAGRAPH, ""]
    name, goal = eaps.programs[-1].name, eaps.evidence.where(subject=eaps.programs[0], field="activities")[0].quote
    changed = "\n".join(lines).replace(comparable(goal), f"{comparable(goal)} together")
    assert changed != "\n".join(lines)
    page = tmp_path / "page.txt"
    page.write_text(changed.replace(name, f"{name} Renewed"), encoding="utf-8")
    drafted, decided = bring_in(run, packaged, page, tmp_path)
    assert len(typed(drafted, decided, "exampleton")) <= 25
    fields = {line.split(",")[1] for line in drafted.splitlines() if line.startswith("# munic")}
    assert {"county", "state", "identifiers.county_subdivision_geoid", "location.latitude"} <= fields
    assert "Exampleton lacks what most other municipalities have: county, state, " in run("check", str(packaged)).out
    dataset = eaps.Dataset.from_path(packaged)
    assert [town.position for town in dataset.municipalities] == [*range(1, len(towns) + 2)]
    assert dataset.municipalities[len(towns) // 2].id == "exampleton"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the files that a release reads and writes."""
    root = tmp_path / "checkout"
    shutil.copytree(Path(eaps.__file__).parent / "data", root / DATA)
    shutil.copytree(Path(eaps.__file__).parent / "releases", root / "src" / "eaps_data" / "releases")
    for name in ("CHANGELOG.md", "CITATION.cff", *release.VERSIONED):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    return root


def test_changed_page_becomes_a_release(run: Runner, checkout: Path, page_text: str, tmp_path: Path) -> None:
    data = checkout / DATA
    lines = [comparable(line) for line in page_text.splitlines()]
    at = lines.index(comparable(eaps.municipalities[-1].styled_name))
    page = tmp_path / "page.txt"
    page.write_text("\n".join([*lines[:at], HEADING, "", PARAGRAPH, "", *lines[at:]]), encoding="utf-8")
    bring_in(run, data, page, tmp_path)
    assert release.main([str(page), "--as-of", "2027-02-03"], checkout) == 0
    assert release.main(["--check"], checkout) == 0
    dataset = eaps.Dataset.from_path(data)
    assert str(dataset.release.as_of) == "2027-02-03"
    assert version_key(dataset.release.data_version) > version_key(eaps.release.data_version)
    assert (data.parent / "releases" / f"{dataset.release.data_version}.json").exists()
    assert run("verify", str(page), "--data", str(data)).code == 0


def test_example_page_has_no_todo() -> None:
    assert "TODO" not in resources.example("lines.csv")
