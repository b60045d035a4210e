"""The packaged data is complete and traceable, and states no more than its sources."""

import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

import eaps_data as eaps
from eaps_data._internal import canonical_json, resources
from eaps_data.models import table_specs
from eaps_data.models.records import RECORDS, Identifiers
from eaps_data.provenance.citation import cite
from eaps_data.provenance.page import Sentence, fold_spaces, read_page
from eaps_data.rules import integrity
from eaps_data.tables.dataset import AUTHOR, TITLE as DATASET_TITLE
from support.commands import Runner

ROOT = Path(__file__).parents[2]
NOTES = ROOT / "tests" / "golden" / "notes.txt"
"""Each claim that is inferred or qualified, with its note, for a curator to review."""
PAGE = "funded-municipalities"
TITLE, CONTACT = "Funded Municipalities", "Contact for Funded Municipalities"
# Labels, headings and site navigation: sentences that make no claim about a municipality or the program.
NO_CLAIM = re.compile(rf"{TITLE}|{CONTACT}|Fax|Address|Help Us Improve Mass\.gov.*|Please do not include.*|Feedback")


TABLES = {table: getattr(eaps, table) for table in ("municipalities", "programs", "partners", "partnerships")} | {
    "grant_program": (eaps.grant_program,)
}
CODES: dict[str, Any] = dict.fromkeys(Identifiers.model_fields) | {"ocd_aliases": []}


@pytest.fixture(scope="module")
def sentences(page_text: str) -> tuple[Sentence, ...]:
    return read_page(page_text.splitlines(), [TITLE, CONTACT, *(town.styled_name for town in eaps.municipalities)])


@pytest.fixture(scope="module")
def reference(source_folder: Path) -> dict[str, Any]:
    path = source_folder / "reference-identifiers.json"
    if not path.exists():
        pytest.skip(f"there is no file of reference identifiers, {path.name}, in the folder of the page")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    names = {row["name"] for row in content["municipalities"]}
    unknown = [town.name for town in eaps.municipalities if town.name not in names and any_code(town)]
    assert not unknown, f"{path} lacks {', '.join(unknown)}: add their rows, or remove the codes from the data"
    return content


def any_code(town: eaps.Municipality) -> bool:
    """Return whether a municipality has any field that only the reference has."""
    codes = town.identifiers.model_dump(mode="json").values()
    return any([*codes, town.state, town.county, town.census_name, town.government_form, town.location])


@pytest.mark.parametrize("name", ["release", "grant_program", *RECORDS, "redirects", "tombstones"])
def test_data_files_are_in_canonical_form(name: str, update_golden: bool) -> None:
    packaged = resources.data(name).decode("utf-8")
    value = eaps.load().document.model_dump(mode="json")[name]
    if update_golden and packaged != canonical_json.to_json(value):  # else other processes may be reading it
        (ROOT / "src" / "eaps_data" / "data" / f"{name}.json").write_text(
            canonical_json.to_json(value), encoding="utf-8", newline="\n"
        )
        return
    assert packaged == canonical_json.to_json(value), "update it with: pytest --update-golden"


def test_records_satisfy_the_integrity_rules() -> None:
    assert integrity.check(eaps.load().document) == []


def claimed(table: str, fields: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield the field and item of each claim, without eaps_data.rules.claims, so that a mistake there is found."""
    unclaimed = {"id", "summary", "named_by_source", "source"}
    if table == "partnerships":
        unclaimed |= {"program", "partner"}
    if fields.get("named_by_source") is False:
        unclaimed.add("name")
    for field, value in fields.items():
        if field in unclaimed or value in (None, [], False):
            continue
        if isinstance(value, list):
            yield from ((field, item) for item in value)
        elif isinstance(value, dict):
            yield from ((field, part) for part, known in value.items() if known not in (None, []))
        else:
            yield field, None


def test_every_claim_has_evidence_and_every_evidence_has_its_claim() -> None:
    claims = {
        (f"{table}/{record.id}", field, item)
        for table, records in TABLES.items()
        for record in records
        for field, item in claimed(table, record.model_dump(mode="json"))
    }
    rows = {(row.subject, row.field, row.item) for row in eaps.evidence}
    assert rows == claims


def test_quotes_have_at_most_twelve_words() -> None:
    assert [row.quote for row in eaps.evidence if len(row.quote.split()) > 12] == []


def test_inferred_claims_and_notes_are_the_reviewed_ones(update_golden: bool) -> None:
    assert [row for row in eaps.evidence.where(basis="inferred") if row.note is None] == []
    claims = [
        f"{row.basis}: {row.subject} {row.field}{f' {row.item}' if row.item else ''}\n  {row.note}\n"
        for row in eaps.evidence
        if row.note
    ]
    listed = "".join(dict.fromkeys(claims))
    if update_golden:
        NOTES.write_text(listed, encoding="utf-8")
    assert listed == NOTES.read_text(encoding="utf-8"), "review each change, then: pytest --update-golden"


def test_note_on_a_claim_that_is_not_inferred_says_how_the_page_gives_it() -> None:
    rows = [row for row in eaps.evidence.where(basis=["stated", "named"]) if row.note]
    assert [row for row in rows if not str(row.note).startswith("The page ")] == []


def test_stated_name_is_in_its_quote() -> None:
    for table in ("municipalities", "programs", "partners"):
        for record in getattr(eaps, table):
            for row in eaps.evidence.where(subject=record, field="name", basis="stated"):
                assert record.name in row.quote


def test_acronyms_and_aliases_are_in_their_quotes() -> None:
    rows = eaps.evidence.where(field=["acronym", "aliases"], basis=["stated", "named"])
    for row in rows:
        assert (row.item or vars(eaps.load().find(row.subject))["acronym"]) in row.quote


def test_page_quote_is_in_the_sentence_it_refers_to(sentences: tuple[Sentence, ...]) -> None:
    at = {(each.section, each.paragraph, each.sentence): each.text for each in sentences}
    rows = eaps.evidence.where(source=PAGE)
    assert rows
    for row in rows:
        assert row.section is not None
        assert row.paragraph is not None
        assert row.sentence is not None
        assert row.quote in at[row.section, row.paragraph, row.sentence], row


def test_every_sentence_with_a_claim_has_evidence(sentences: tuple[Sentence, ...]) -> None:
    quoted = {(row.section, row.paragraph, row.sentence) for row in eaps.evidence}
    unquoted = [each for each in sentences if (each.section, each.paragraph, each.sentence) not in quoted]
    assert [each.text for each in unquoted if not NO_CLAIM.fullmatch(each.text)] == []


def test_hash_of_the_page_is_the_recorded_one(page_file: Path) -> None:
    assert eaps.sources[PAGE].sha256 == hashlib.sha256(page_file.read_bytes()).hexdigest()


def test_identifiers_are_those_of_the_reference_or_empty(reference: dict[str, Any]) -> None:
    government_forms = {"TC": "town-with-city-form", "C": "city"}
    rows = {row["name"]: row for row in reference["municipalities"]}
    for town in eaps.municipalities:
        row = rows.get(town.name, {})
        assert town.identifiers.model_dump(mode="json") == {
            name: row.get(name) or empty for name, empty in CODES.items()
        }
        assert town.county == row.get("county")
        assert town.census_name == row.get("census_name")
        assert town.government_form == government_forms.get(row.get("massgis_type", ""))
        point = town.location and [town.location.latitude, town.location.longitude]
        assert point == row.get("internal_point")


def test_reference_evidence_quotes_the_value_and_cites_its_source(reference: dict[str, Any]) -> None:
    sources = {source["id"]: source["fields"] for source in reference["sources"]}
    municipalities = {each["name"].lower().replace(" ", "-"): each for each in reference["municipalities"]}
    renamed = {"government_form": "massgis_type", "location": "internal_point", "state": "ocd_id"}
    assert {source.id for source in eaps.sources} == {PAGE, *sources}
    for row in eaps.evidence:
        if row.source != PAGE:
            field = renamed.get(row.field, row.item or row.field)
            value = municipalities[row.subject.removeprefix("municipalities/")][field]
            assert field in sources[row.source], row
            if row.field == "location":
                assert float(row.quote) in value
            elif row.field == "state":
                assert row.quote in value
            else:
                assert row.quote in (value if isinstance(value, list) else [str(value)])


def test_contact_is_the_one_on_the_page(sentences: tuple[Sentence, ...]) -> None:
    contact = eaps.grant_program.contact
    lines = [each.text for each in sentences if each.section == CONTACT]
    numbers = {contact.phone, contact.fax} - {None}
    address = contact.address
    written = {address and f"{address.street}, {address.city}, {address.state} {address.postal_code}"} - {None}
    assert numbers | written <= {*lines}


def test_repository_has_no_run_of_thirteen_words_from_the_page(page_text: str) -> None:
    def runs(text: str) -> set[tuple[str, ...]]:
        words = fold_spaces(text).casefold().split(" ")
        return {tuple(words[start : start + 13]) for start in range(len(words) - 12)}

    page = runs(page_text)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        text = (ROOT / name).read_text(encoding="utf-8", errors="replace") if (ROOT / name).is_file() else ""
        assert not page & runs(text), name


def test_evidence_is_in_the_order_of_the_records() -> None:
    order = ["grant_program", "municipalities", "programs", "partners", "partnerships"]
    tables = [order.index(row.subject.split("/")[0]) for row in eaps.evidence]
    assert all(before <= after for before, after in pairwise(tables))


def test_the_packaged_data_is_valid(run: Runner, tmp_path: Path) -> None:
    folder = Path(eaps.__file__).parent / "data"
    files = [str(path) for path in sorted(folder.glob("*.json"))]
    records = sum(len(getattr(eaps, table)) for table in table_specs.TABLES)
    document = eaps.load().document
    others = 2 + len(document.redirects) + len(document.tombstones)  # the release and the grant program
    code, out, err = run("validate", *files)
    assert (code, err) == (0, "")
    assert out.startswith(f"{len(files)} files, {records + others} records checked: valid (")
    assert f", {len(eaps.programs)} records of programs, " in out
    assert out.endswith(": references not checked)\n")
    whole = tmp_path / "dataset.json"
    whole.write_text(eaps.load().to_json(), encoding="utf-8")
    assert run("validate", str(whole)).out == (
        f"1 file, {records} records checked: valid (a dataset: references checked)\n"
    )
    for option in ("--json", "--format=json"):
        report = json.loads(run("validate", str(whole), option).out)
        assert report["problems"] == []
        assert report["summary"]["files"] == 1


def test_citation_agrees_with_the_citation_file() -> None:
    file = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    citation = cite()
    assert file["title"] == citation.title == DATASET_TITLE
    assert file["authors"] == [{"name": citation.author}] == [{"name": AUTHOR}]
    assert file["version"] == citation.data_version
    assert file["date-released"] == citation.as_of.isoformat()
    (reference,) = file["references"]
    assert reference["title"] == citation.source.title
    assert reference["authors"] == [{"name": citation.source.publisher}]
    assert reference["url"] == citation.source.url
