"""A later edition of the packaged data and of its page: a municipality is added, one removed, and two are edited."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import eaps_data as eaps
from eaps_data._internal import canonical_json, resources
from eaps_data.models.not_stated import PAGE
from eaps_data.models.rows import rows_of, subject_of
from eaps_data.models.table_specs import CLAIMING, MEMBERS, SCHEMA_VERSION
from eaps_data.provenance.fingerprints import Fingerprint, hash_sentence, of_folder, take_fingerprints, to_json
from eaps_data.provenance.page import comparable, fold_spaces, names_a_municipality, read_page

Json = dict[str, Any]

HEADING: Final = "Town of Sampleton"
_FIRST, _SECOND = "Sampleton has established", "the Sampleton Health Department"
PARAGRAPH: Final = (  # the repository has no run of thirteen words from a page
    f"{_FIRST} the Night Care Team. In partnership with {_SECOND}, mental health clinicians visit people at home."
)
_TEAM, _DEPARTMENT = "sampleton-night-care-team", "sampleton-health-department"
_PARTNERSHIP: Final = f"{_TEAM}--{_DEPARTMENT}--partner"
_RECORDS: Final[dict[str, Json]] = {
    "municipalities": {
        "id": "sampleton",
        "name": "Sampleton",
        "styled_name": HEADING,
        "style": "town",
        "county": "Essex",
        "state": "MA",
        "position": 0,
        "identifiers": {
            "county_subdivision_geoid": "2500999999",
            "county_geoid": "25009",
            "massgis_town_id": "999",
            "ocd_id": "ocd-division/country:us/state:ma/place:sampleton",
        },
        "census_name": "Sampleton city",
        "government_form": "city",
        "location": {"latitude": 42.5, "longitude": -71.0},
    },
    "programs": {
        "id": _TEAM,
        "name": "Night Care Team",
        "municipality": "sampleton",
        "kind": "team",
        "status": "established",
        "staff_roles": ["mental-health-clinician"],
    },
    "partners": {
        "id": _DEPARTMENT,
        "name": "Sampleton Health Department",
        "kind": "health-department",
        "municipality": "sampleton",
    },
    "partnerships": {"program": _TEAM, "partner": _DEPARTMENT, "role": "partner"},
}
_REFERENCE: Final[Json] = {
    "name": "Sampleton",
    "county": "Essex",
    "county_geoid": "25009",
    "county_subdivision_geoid": "2500999999",
    "massgis_town_id": "999",
    "massgis_type": "C",
    "census_name": "Sampleton city",
    "internal_point": [42.5, -71.0],
    "ocd_id": "ocd-division/country:us/state:ma/place:sampleton",
    "ocd_aliases": [],
    **dict.fromkeys(("place_geoid", "ansi_code", "geonames_id", "wikidata_id")),
}
_POSITION: Final = "The page does not number its sections; this is the heading's place in their order."
_CENSUS, _MASSGIS, _OCD = "census-2020-county-subdivisions", "massgis-towns", "ocd-division-ids"


def _row(claim: str, quote: str, sentence: int, basis: str = "stated", **other: str) -> Json:
    """Return an evidence row for the claim `subject field item`; sentence 0 is the heading."""
    subject, field, item = [*claim.split(), None][:3]
    row = {"subject": subject, "field": field, "item": item, "quote": quote, "source": PAGE, "section": HEADING}
    return row | {"paragraph": min(sentence, 1), "sentence": max(sentence, 1), "basis": basis} | other


def _reference_row(claim: str, quote: str, source: str) -> Json:
    subject, field, item = [_TOWN, *claim.split(), None][:3]
    return {"subject": subject, "field": field, "item": item, "quote": quote, "source": source, "basis": "stated"}


_TOWN: Final = "municipalities/sampleton"
_EVIDENCE: Final = (
    _row(f"{_TOWN} name", "Sampleton", 0),
    _row(f"{_TOWN} styled_name", HEADING, 0),
    _row(f"{_TOWN} style", "Town of", 0),
    _row(f"{_TOWN} position", HEADING, 0, "inferred", note=_POSITION),
    _reference_row("county", "Essex", _CENSUS),
    _reference_row("state", _REFERENCE["ocd_id"], _OCD),
    _reference_row("census_name", "Sampleton city", _CENSUS),
    _reference_row("government_form", "C", _MASSGIS),
    _reference_row("location latitude", "42.5", _CENSUS),
    _reference_row("location longitude", "-71.0", _CENSUS),
    _reference_row("identifiers county_subdivision_geoid", "2500999999", _CENSUS),
    _reference_row("identifiers county_geoid", "25009", _CENSUS),
    _reference_row("identifiers massgis_town_id", "999", _MASSGIS),
    _reference_row("identifiers ocd_id", _REFERENCE["ocd_id"], _OCD),
    _row(f"programs/{_TEAM} name", "Night Care Team", 1),
    _row(f"programs/{_TEAM} municipality", HEADING, 0),
    _row(f"programs/{_TEAM} kind", "Night Care Team", 1, "named"),
    _row(f"programs/{_TEAM} status", "has established", 1),
    _row(f"programs/{_TEAM} staff_roles mental-health-clinician", "mental health clinicians", 2),
    _row(f"partners/{_DEPARTMENT} name", "Sampleton Health Department", 2),
    _row(f"partners/{_DEPARTMENT} kind", "Sampleton Health Department", 2, "named"),
    _row(f"partners/{_DEPARTMENT} municipality", "Sampleton Health Department", 2, "named"),
    _row(f"partnerships/{_PARTNERSHIP} role", "In partnership with", 2),
)


def change(document: Json, page: str | None = None) -> tuple[Json, str | None]:
    """Return a later edition of a dataset document, and of the text of its page.

    The municipality in the middle gets a new one before it; the first is removed; a program of the last is renamed, in
    name and id; a goal of the one before is worded in another way.
    """
    edition = _Edition(json.loads(json.dumps(document)), page.splitlines() if page is not None else None)
    first, *_, before, last = (town["id"] for town in document["municipalities"])
    edition.insert(document["municipalities"][len(document["municipalities"]) // 2]["id"])
    edition.remove(first)
    edition.rename(last)
    edition.reword_goal(before)
    major = int(document["release"]["data_version"].partition(".")[0]) + 1  # ids are removed and renamed
    text = "" if edition.lines is None else "\n".join(edition.lines) + "\n"
    for each in edition.document["redirects"] + edition.document["tombstones"]:
        each["since"] = each["since"] or f"{major}.0.0"
    for number, each in enumerate(edition.document["municipalities"], start=1):
        each["position"] = number
    for source in edition.document["sources"]:
        if source["id"] == PAGE and text:
            source["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    return edition.document, text or None


class _Edition:
    """A document and the lines of its page, changed in place."""

    def __init__(self, document: Json, lines: list[str] | None) -> None:
        self.document, self.lines = document, lines

    def heading(self, town: str) -> str:
        return next(str(each["styled_name"]) for each in self.document["municipalities"] if each["id"] == town)

    def lines_of(self, heading: str) -> slice:
        """Return where the section of a municipality is on the page."""
        assert self.lines is not None
        plain = [comparable(line) for line in self.lines]
        start = plain.index(comparable(heading))
        headings = {comparable(row["section"]) for row in self.document["evidence"] if row.get("section")}
        return slice(start, next(at for at in range(start + 1, len(plain)) if plain[at] in headings))

    def insert(self, following: str) -> None:
        if self.lines is not None:
            at = self.lines_of(self.heading(following)).start
            self.lines[at:at] = [HEADING, "", PARAGRAPH, ""]
        for table, record in _RECORDS.items():
            rows = self.document[table]
            rows.insert(
                len(rows) if table != "municipalities" else [each["id"] for each in rows].index(following), record
            )
        self.document["evidence"] += _EVIDENCE
        order = [subject_of(table, row) for table in CLAIMING for row in rows_of(self.document)[table]]
        self.document["evidence"].sort(key=lambda row: order.index(row["subject"]))

    def remove(self, town: str) -> None:
        heading = self.heading(town)
        if self.lines is not None:
            del self.lines[self.lines_of(heading)]
        before = self.subjects()
        keep = {
            "municipalities": lambda row: row["id"] != town,
            "programs": lambda row: row["municipality"] != town,
            "partners": lambda row: row["municipality"] != town,
        }
        for table, kept in keep.items():
            self.document[table] = [*filter(kept, self.document[table])]
        living = self.subjects()
        self.document["partnerships"] = [
            row
            for row in self.document["partnerships"]
            if {f"programs/{row['program']}", f"partners/{row['partner']}"} <= living
        ]
        joined = {row["partner"] for row in self.document["partnerships"]}
        quoted = {row["subject"] for row in self.document["evidence"] if row.get("section") != heading}
        self.document["partners"] = [
            row for row in self.document["partners"] if row["id"] in joined or f"partners/{row['id']}" in quoted
        ]
        living = self.subjects()
        self.document["evidence"] = [row for row in self.document["evidence"] if row["subject"] in living]
        gone = [
            *sorted(before - living),
            *(each["old"] for each in self.document["redirects"] if each["new"] not in living),
        ]
        self.document["redirects"] = [each for each in self.document["redirects"] if each["new"] in living]
        self.document["tombstones"] += [
            {"id": id_, "since": None, "why": "The page has no such section now."} for id_ in gone
        ]

    def subjects(self) -> set[str]:
        """Return the id of each record, with its table."""
        return {subject_of(table, row) for table in CLAIMING for row in rows_of(self.document)[table]}

    def rename(self, town: str) -> None:
        for program in (each for each in self.document["programs"] if each["municipality"] == town):
            if self.reword(self.heading(town), program["name"], f"{program['name']} Renewed"):
                break
        else:
            raise AssertionError("no program can be renamed")
        old, new = program["id"], f"{program['id']}-renewed"
        before = self.subjects()
        text = json.dumps(self.document)
        for start, end in (('"', '"'), ('"programs/', '"'), ('"partnerships/', "--")):
            text = text.replace(f"{start}{old}{end}", f"{start}{new}{end}")
        self.document = json.loads(text)
        renamed = sorted(before - self.subjects())
        self.document["redirects"] += [{"old": id_, "new": id_.replace(old, new), "since": None} for id_ in renamed]
        for each in self.document["programs"]:
            if each["id"] == new:
                each["name"] += " Renewed"

    def reword_goal(self, town: str) -> None:
        programs = {f"programs/{each['id']}" for each in self.document["programs"] if each["municipality"] == town}
        rows = (row for row in self.document["evidence"] if row["subject"] in programs and row["field"] == "goals")
        assert any(self.reword(self.heading(town), row["quote"], f"{row['quote']} together") for row in rows)

    def reword(self, section: str, old: str, new: str) -> bool:
        """Replace a phrase in a section and in its quotes; return False if a quote could not follow."""
        rows = [row for row in self.document["evidence"] if row.get("section") == section]
        quotes = [row["quote"].replace(old, new) for row in rows]
        if any(len(quote.split()) > 12 for quote in quotes):
            return False
        if self.lines is not None:
            where = self.lines_of(section)
            lines = [fold_spaces(line).replace(old, new) for line in self.lines[where]]
            if not all(any(quote in line for line in lines) for quote in quotes):
                return False
            self.lines[where] = lines
        for row, quote in zip(rows, quotes, strict=True):
            row["quote"] = quote
        return True


def change_folder(data: Path, source: Path | None = None) -> None:
    """Change the tables in a data folder, and the page and the reference in the folder of the sources."""
    document: Json = {name: json.loads((data / f"{name}.json").read_bytes()) for name in MEMBERS}
    page = None if source is None else source / f"{PAGE}.txt"
    document, text = change(document, None if page is None else page.read_text(encoding="utf-8"))
    document = json.loads(eaps.Dataset.from_json(json.dumps({"schema_version": SCHEMA_VERSION} | document)).to_json())
    for name in MEMBERS:
        (data / f"{name}.json").write_text(canonical_json.to_json(document[name]), encoding="utf-8", newline="\n")
    path = data / resources.FINGERPRINTS
    known = of_folder(data)
    path.write_text(to_json(_fingerprints(known, document, text)), encoding="utf-8", newline="\n")
    if page is None or source is None or text is None:
        return
    page.write_text(text, encoding="utf-8", newline="\n")
    reference = json.loads((source / "reference-identifiers.json").read_bytes())
    reference["municipalities"].append(_REFERENCE)
    (source / "reference-identifiers.json").write_text(json.dumps(reference), encoding="utf-8")


def _fingerprints(known: Sequence[Fingerprint], document: Json, page: str | None) -> tuple[Fingerprint, ...]:
    """Return the fingerprints of the changed page; without its text, those of edited sentences stay as they are."""
    without_evidence = {each.hash for each in known if not each.needs_evidence}
    headings = [town["styled_name"] for town in document["municipalities"]]
    others = {each.section for each in known if not names_a_municipality(each.section)}
    lines, sections = (page.splitlines(), {*headings, *others}) if page is not None else ([HEADING, PARAGRAPH], set())
    sentences = [(each.place, each.text) for each in read_page(lines, sections)]
    new = take_fingerprints(sentences, {place for place, text in sentences if hash_sentence(text) in without_evidence})
    if page is not None:
        return new
    kept = [each for each in known if each.section in {*headings, *others}]
    following = headings[headings.index(HEADING) + 1]
    at = next(index for index, each in enumerate(kept) if each.section == following)
    return (*kept[:at], *new, *kept[at:])
