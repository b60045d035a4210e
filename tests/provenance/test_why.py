"""Evidence of records: each claim with its phrases, their locations and their sources."""

import copy
import dataclasses
import json
import pickle
from typing import Any

import pytest
from hypothesis import given

import eaps_data as eaps
from eaps_data.models.records import RECORDS, DatasetDocument, Record
from eaps_data.rules.claims import claims
from support.strategies import documents

SUBJECTS: list[tuple[str, Record]] = [
    (f"grant_program/{eaps.grant_program.id}", eaps.grant_program),
    *(
        (f"{table}/{record.lookup_keys[0]}", record)
        for table in ("municipalities", "programs", "partners", "partnerships", "sources")
        for record in getattr(eaps, table)
    ),
]


def replaced(table: str, key: str, **fields: Any) -> eaps.Dataset:
    """Return the packaged data with some fields of a record replaced, without their evidence."""
    document = eaps.load().document
    records = tuple(
        record.model_copy(update=fields) if record.id == key else record for record in getattr(document, table)
    )
    evidence = tuple(
        row for row in document.evidence if (row.subject, row.field) not in {(f"{table}/{key}", f) for f in fields}
    )
    return eaps.Dataset(document.model_copy(update={table: records, "evidence": evidence}))


def test_field_is_shown_with_quote_basis_location_and_source() -> None:
    found = eaps.why("lawrence-lleaps", "aliases")
    short, shouted = eaps.programs["LLEAPS"].aliases
    assert (found.subject, found.record, found.field) == (
        "programs/lawrence-lleaps",
        eaps.programs["LLEAPS"],
        "aliases",
    )
    assert str(found) == repr(found) == found.to_text()
    assert str(found).splitlines() == [
        "programs/lawrence-lleaps: Lawrence Leading Equitable Approaches to Public Safety",
        "",
        f"aliases: {short}",
        f"  stated: “{short}”",
        "    funded-municipalities: City of Lawrence, paragraph 1, sentence 1",
        "",
        f"aliases: {shouted}",
        f"  stated: “{shouted}”",
        "    funded-municipalities: City of Lawrence, paragraph 1, sentence 4",
        "",
        "sources",
        f"  funded-municipalities: Funded Municipalities, Mass.gov, {eaps.sources['funded-municipalities'].url}",
    ]


def test_evidence_from_a_heading_is_shown_as_such() -> None:
    assert str(eaps.why("revere", "style")).splitlines()[2:5] == [
        "style: city",
        "  stated: “City of”",
        "    funded-municipalities: City of Revere, heading",
    ]


def test_evidence_without_a_location_is_shown_with_its_source() -> None:
    assert "\n    geonames\n" in str(eaps.why("revere", "identifiers.geonames_id"))


@pytest.mark.parametrize(("subject", "record"), SUBJECTS, ids=[subject for subject, _ in SUBJECTS])
def test_each_claim_has_its_evidence_and_sources(subject: str, record: Record) -> None:
    found = eaps.why(subject)
    assert found.record is record
    assert [(claim.field, claim.item) for claim in found.claims] == list(claims(record))
    for claim in found.claims:
        rows = [
            row for row in eaps.evidence if (row.subject, row.field, row.item) == (subject, claim.field, claim.item)
        ]
        assert list(claim.evidence) == rows != []
        assert [source.id for source in claim.sources] == list(dict.fromkeys(row.source for row in rows))
        for row in rows:
            assert f"  {row.basis}: “{row.quote}”" in str(found)
            assert (row.note or "") in str(found)
    assert set(found.sources) == {source for claim in found.claims for source in claim.sources}
    # Each field is listed exactly once.
    listed = [*dict.fromkeys(claim.name for claim in found.claims), *found.not_stated, *found.ours]
    assert len(set(listed)) == len(listed)
    assert {name.partition(".")[0] for name in listed} == set(type(record).model_fields)
    for name in listed:
        assert eaps.why(subject, name).field == name


def test_unstated_field_is_shown_as_unstated() -> None:
    found = eaps.why("revere-bhu", "started_year")
    assert (found.claims, found.not_stated, found.ours) == ((), ("started_year",), ())
    assert str(found).endswith("\n\nstarted_year: not stated by the source")
    assert str(eaps.why("revere-bhu", "aliases")).endswith("\n\naliases: not stated by the source")
    assert "\naliases, part_of, expands, started_year, frameworks: not stated by the source\n" in str(
        eaps.why("revere-bhu")
    )


def test_a_value_that_makes_no_claim_is_not_unstated() -> None:
    assert str(eaps.why("revere-bhu", "plural")).endswith("\n\nplural: no claim: false")
    assert str(eaps.why(eaps.partnerships.where(example=False)[0], "example")).endswith("\n\nexample: no claim: false")
    for subject, record in SUBJECTS:
        for name in eaps.why(subject).not_stated:
            value: Any = record
            for part in name.split("."):
                value = getattr(value, part, None)
            assert value in (None, ()), name


def test_our_own_words_are_no_claim() -> None:
    for field in ("id", "summary", "named_by_source"):
        found = eaps.why("revere-bhu", field)
        assert (found.claims, found.not_stated, found.ours) == ((), (), (field,))
        assert str(found).endswith(f"\n\n{field}: no claim: our own words")
    assert eaps.why("new-bedford-public-safety-project", "name").ours == ("name",)
    assert eaps.why("eaps", "source").ours == ("source",)
    assert eaps.why("partnerships/revere-bhu--revere-police-department--creator", "partner").ours == ("partner",)
    assert str(eaps.why("sources/geonames", "licence")).endswith("no claim: sources need no evidence")


def test_missing_summary_is_unstated() -> None:
    dataset = replaced("programs", "revere-bhu", summary=None)
    assert eaps.why("revere-bhu", "summary", dataset=dataset).not_stated == ("summary",)


def test_parts_of_a_field_are_separate_claims() -> None:
    code = eaps.why("revere", "identifiers.place_geoid")
    assert [(claim.name, claim.field, claim.item, claim.value) for claim in code.claims] == [
        ("identifiers.place_geoid", "identifiers", "place_geoid", "2556585")
    ]
    assert [claim.item for claim in eaps.why("revere", "location").claims] == ["latitude", "longitude"]
    assert eaps.why("amherst", "identifiers.place_geoid").not_stated == ("identifiers.place_geoid",)
    assert "contact.address: 250 Washington St., Boston, MA, 02108\n" in str(eaps.why("EAPS", "contact"))
    without = replaced("municipalities", "revere", location=None)
    assert eaps.why("revere", "location", dataset=without).not_stated == ("location.latitude", "location.longitude")


@pytest.mark.parametrize("key", ["revere-bhu", "programs/revere-bhu", "BHU", "programs/Behavioral  Health Unit"])
def test_any_key_finds_the_record(key: str) -> None:
    assert eaps.why(key, "Staff Roles") == eaps.why("revere-bhu", "staff_roles")


def test_grant_program_is_found_by_its_python_name() -> None:
    assert eaps.why("grant_program", "goal") == eaps.why("grant_program/eaps", "goal") == eaps.why("EAPS", "goal")


def test_misspelled_name_is_an_error_that_suggests_the_closest() -> None:
    with pytest.raises(eaps.KeyNotFoundError, match="did you mean 'revere'"):
        eaps.why("reveer")
    with pytest.raises(eaps.AmbiguousKeyError, match="municipalities/northampton, partners/city-of-northampton"):
        eaps.why("City of Northampton")
    with pytest.raises(eaps.UnknownTermError, match=r"unknown programs field value 'gaols' \(did you mean 'goals'"):
        eaps.why("revere-bhu", "gaols")
    with pytest.raises(eaps.UnknownTermError, match=r"did you mean 'identifiers\.place_geoid'"):
        eaps.why("revere", "identifiers.place_goid")


def test_field_of_its_programs_is_an_error_that_names_them() -> None:
    call = r"its programs have it: why\('winthrop-public-health-and-safety-team', 'started_year'\); expected one"
    with pytest.raises(eaps.UnknownTermError, match=call):
        eaps.why("Winthrop", "Started Year")
    for key, field in (("Winthrop", "stated_year"), ("RPD", "started_year")):
        with pytest.raises(eaps.UnknownTermError, match=f"unknown [a-z]+ field value '{field}'") as caught:
            eaps.why(key, field)
        assert "programs have it" not in str(caught.value)


def test_result_is_immutable_and_can_be_copied() -> None:
    found = eaps.why("revere-bhu")
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.field = "goals"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.claims[0].value = "another"  # type: ignore[misc]
    for copied in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):  # noqa: S301 - our own bytes
        assert copied == found
        assert str(copied) == str(found)
    assert hash(found) == hash(eaps.why("revere-bhu"))


def test_result_as_plain_data_is_json() -> None:
    found = eaps.why("EAPS")
    plain = json.loads(json.dumps(found.to_dict()))
    assert plain == found.to_dict()
    assert plain["subject"] == "grant_program/eaps"
    assert plain["not_stated"] == ["contact.phone"]
    address = next(claim for claim in plain["claims"] if claim["name"] == "contact.address")
    assert address["value"]["postal_code"] == "02108"
    assert address["evidence"][0]["quote"].startswith("250 Washington")
    assert address["sources"] == ["funded-municipalities"] == [source["id"] for source in plain["sources"]]


@given(documents())
def test_every_record_of_any_dataset_has_a_result(document: DatasetDocument) -> None:
    dataset = eaps.Dataset(document)
    for table in RECORDS:
        for record in getattr(dataset, table):
            if record.lookup_keys:
                found = eaps.why(f"{table}/{record.lookup_keys[0]}", dataset=dataset)
                assert [(claim.field, claim.item) for claim in found.claims] == list(claims(record))
                assert str(found).isprintable() or "\n" in str(found)
                json.dumps(found.to_dict())


@pytest.mark.parametrize("record", [eaps.programs["BHU"], eaps.partnerships[0], eaps.grant_program, eaps.sources[0]])
def test_a_record_is_explained_like_its_key(record: Any) -> None:
    assert eaps.why(record) == eaps.why(f"{record.table}/{record.id}")
    assert eaps.why(eaps.programs["BHU"], "goals") == eaps.why("revere-bhu", "goals")


def test_evidence_has_no_evidence() -> None:
    with pytest.raises(TypeError, match=r"pass their subject: why\(row\.subject, row\.field\)"):
        eaps.why(eaps.evidence[0])  # type: ignore[arg-type]  # what is tested
    assert eaps.why(eaps.evidence[0].subject, eaps.evidence[0].field).claims
