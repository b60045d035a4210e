"""The HSDS export is valid by the official schemas, its references resolve, and no value is invented."""

import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

import eaps_data as eaps
from eaps_data.export import hsds
from eaps_data.export.metadata import term_urn
from eaps_data.models.records import DatasetDocument, Partner, Partnership
from eaps_data.models.vocabulary import VOCABULARIES, ProgramKind, ProgramStatus, Role
from support import made_up
from support.strategies import documents

STANDARDS = Path(os.environ.get("EAPS_DATA_STANDARDS", Path(__file__).parents[3] / "shared" / "standards"))
SCHEMAS = STANDARDS / "hsds-3.1"
needs_schemas = pytest.mark.skipif(
    not SCHEMAS.is_dir(),
    reason="the official schemas are missing; set EAPS_DATA_STANDARDS to the folder that holds them",
)


def export(dataset: eaps.Dataset | None = None) -> dict[str, list[Any]]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "hsds.json")
        eaps.export.write("hsds", path, dataset)
        content: dict[str, list[Any]] = json.loads(path.read_text(encoding="utf-8"))
        return content


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Any]]:
    return export()


@cache
def official() -> Mapping[str, Any]:
    """Return the official schemas by file name, with the required fields of the tabular representation added."""
    schemas: dict[str, Any] = {}
    for path in SCHEMAS.glob("*.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        schema["required"] = [*schema.get("required", ()), *schema.get("tabular_required", ())]
        # The standard permits additional fields; this package writes none, so one would be a mistake.
        schema["additionalProperties"] = False
        schemas[path.name] = schema
    return schemas


@cache
def validator(table: str) -> Draft202012Validator:
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(schema, default_specification=DRAFT202012)) for name, schema in official().items()
    )
    (file,) = (name for name, schema in official().items() if schema.get("path") == f"{table}.csv")
    return Draft202012Validator({"$ref": file}, registry=registry, format_checker=FormatChecker())


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects, nested ones included."""
    if isinstance(value, dict):
        if "id" in value:
            yield value
        for part in value.values():
            yield from objects(part)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item)


def assert_references_resolve(tables: dict[str, list[Any]]) -> None:
    ids = [item["id"] for item in objects(tables)]
    assert len(set(ids)) == len(ids)
    assert {UUID(id_).version for id_ in ids} == {5}
    targets = {
        "location_id": "locations",
        "organization_id": "organizations",
        "parent_id": "taxonomy_terms",
        "parent_organization_id": "organizations",
        "service_id": "services",
        "taxonomy_id": "taxonomies",
        "taxonomy_term_id": "taxonomy_terms",
    }
    ids_of = {name: {row["id"] for row in rows} for name, rows in tables.items()}
    for item in objects(tables):
        for field, id_ in item.items():
            if field == "link_id":
                assert id_ in ids_of[f"{item['link_entity']}s"]
            elif field.endswith("_id"):
                assert id_ in ids_of[targets[field]], field


@needs_schemas
def test_packaged_data_is_valid(tables: dict[str, list[Any]]) -> None:
    for table, rows in tables.items():
        assert rows
        for row in rows:
            validator(table).validate(row)


def test_each_status_has_one_of_the_standards() -> None:
    assert {*hsds.STATUSES} == {*ProgramStatus}
    assert {*hsds.STATUSES.values()} <= {"active", "inactive", "defunct", "temporarily closed"}


def test_references_resolve_and_ids_are_unique(tables: dict[str, list[Any]]) -> None:
    assert_references_resolve(tables)


@needs_schemas
@settings(max_examples=settings().max_examples // 2)
@given(document=documents())
def test_any_dataset_is_valid(document: DatasetDocument) -> None:
    tables = export(eaps.Dataset(document))
    assert_references_resolve(tables)
    for table, rows in tables.items():
        for row in rows:
            validator(table).validate(row)
    assert {program.name for program in document.programs} >= {service["name"] for service in tables["services"]}


@needs_schemas
@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("services", {"status": "planned"}),
        ("services", {"organization_id": "new-bedford"}),
        ("organizations", {"description": None}),
        ("organizations", {"organization_identifiers": [{"id": "1"}]}),
        ("locations", {"location_type": "inside"}),
        ("taxonomy_terms", {"meaning": "added"}),
    ],
)
def test_the_official_schemas_reject_invalid_objects(
    table: str, change: dict[str, Any], tables: dict[str, list[Any]]
) -> None:
    with pytest.raises(ValidationError):
        validator(table).validate({**tables[table][0], **change})


def service_named(tables: dict[str, list[Any]], name: str) -> Any:
    (service,) = (row for row in tables["services"] if row["name"] == name)
    return service


def by_id(tables: dict[str, list[Any]], table: str, id_: str) -> Any:
    (row,) = (row for row in tables[table] if row["id"] == id_)
    return row


def test_every_municipality_and_partner_is_an_organization(tables: dict[str, list[Any]]) -> None:
    funder, *others = [organization["name"] for organization in tables["organizations"]]
    assert funder == eaps.grant_program.name
    municipalities = [municipality.styled_name for municipality in eaps.municipalities]
    assert others == [*municipalities, *(partner.name for partner in eaps.partners)]


def test_every_status_of_a_program_has_a_status_of_a_service() -> None:
    assert hsds.STATUSES.keys() == set(ProgramStatus)


def test_programs_without_status_and_recommendations_are_not_services(tables: dict[str, list[Any]]) -> None:
    omitted = {program.name for program in eaps.programs} - {service["name"] for service in tables["services"]}
    expected = [
        program.name
        for program in eaps.programs
        if program.status is None or program.kind is ProgramKind.RECOMMENDATIONS
    ]
    assert omitted == set(expected)
    assert 0 < len(expected) < len(eaps.programs)


@pytest.mark.parametrize(
    ("roles", "organization"),
    [
        ([], "municipalities:alder"),
        ([Role.LEAD], "partners:partner-0"),
        ([Role.LEAD, Role.PARTNER], "partners:partner-0"),
        ([Role.LEAD, Role.LEAD], "municipalities:alder"),
        *(([role], "municipalities:alder") for role in Role if role is not Role.LEAD),
    ],
)
def test_the_organization_of_a_service_is_its_only_lead_or_the_municipality(
    roles: list[Role], organization: str
) -> None:
    partners = [Partner(id=f"partner-{number}", name=f"Partner {number}") for number in range(len(roles))]
    partnerships = [
        Partnership(program="team", partner=partner.id, role=role)
        for partner, role in zip(partners, roles, strict=True)
    ]
    team = made_up.program("team", status=ProgramStatus.EXISTING, acronym="T", aliases=("Crew",))
    tables = export(made_up.dataset([team], partners, partnerships=partnerships))
    (service,) = tables["services"]
    assert by_id(tables, "organizations", service["organization_id"])["uri"].endswith(f":{organization}")
    assert [area["name"] for area in service["service_areas"]] == ["Town of Alder"]
    assert service["alternate_name"] == "T"


def test_the_description_of_a_service_has_its_summary_goals_and_activities() -> None:
    team = made_up.program(
        "team",
        status=ProgramStatus.EXISTING,
        plural=True,
        summary="A team.",
        goals=("Reduce calls.",),
        activities=("Visit people.",),
    )
    (service,) = export(made_up.dataset([team]))["services"]
    lines = [
        "A team.",
        "Several programs, which the source does not name one by one.",
        "Reduce calls.",
        "Visit people.",
    ]
    assert service["description"].split("\n") == lines


def test_a_term_has_its_broader_term_as_parent(tables: dict[str, list[Any]]) -> None:
    terms = {row["term_uri"]: row for row in tables["taxonomy_terms"]}
    broader = {
        term_urn(term): terms[term_urn(term.broader)]["id"]
        for vocabulary in VOCABULARIES
        for term in vocabulary
        if term.broader and term_urn(term) in terms
    }
    assert broader
    assert {urn: row["parent_id"] for urn, row in terms.items() if "parent_id" in row} == broader


def test_attributes_are_the_terms_and_the_partners(tables: dict[str, list[Any]]) -> None:
    attributes = service_named(tables, "Behavioral Health Unit")["attributes"]
    terms = [(row["link_type"], by_id(tables, "taxonomy_terms", row["taxonomy_term_id"])["code"]) for row in attributes]
    program = eaps.programs["revere-bhu"]
    assert [code for field, code in terms if field == "kind"] == [program.kind]
    assert [code for field, code in terms if field == "status"] == [program.status]
    for field in ("approaches", "services", "staff_roles", "populations", "needs", "frameworks"):
        assert [code for link_type, code in terms if link_type == field] == [*getattr(program, field)]
    partners = {
        (by_id(tables, "organizations", row["value"])["name"], row["label"])
        for row in attributes
        if row["link_type"] == "partners"
    }
    expected = {eaps.partners[row.partner].name for row in eaps.partnerships.where(program="revere-bhu")}
    assert partners == {(name, name) for name in expected}


def test_attributes_of_organizations_are_their_terms(tables: dict[str, list[Any]]) -> None:
    for name, terms in (
        ("Town of Winthrop", [("style", "town"), ("government_form", "town-with-city-form")]),
        ("Revere Police Department", [("kind", "police-department")]),
    ):
        (organization,) = (row for row in tables["organizations"] if row["name"] == name)
        attributes = [
            (row["link_type"], by_id(tables, "taxonomy_terms", row["taxonomy_term_id"])["code"])
            for row in organization["attributes"]
        ]
        assert attributes == terms


def test_a_municipality_has_its_codes_and_its_funder(tables: dict[str, list[Any]]) -> None:
    (winthrop,) = (row for row in tables["organizations"] if row["name"] == "Town of Winthrop")
    codes = {row["identifier"] for row in winthrop["organization_identifiers"]}
    assert {"2502581005", "00618335", "346"} <= codes
    assert eaps.municipalities["winthrop"].identifiers.county_geoid not in codes
    assert [row["source"] for row in winthrop["funding"]] == [eaps.grant_program.name]


def test_the_funder_has_its_fax_number_and_postal_address(tables: dict[str, list[Any]]) -> None:
    funder = tables["organizations"][0]
    assert [(phone["number"], phone["type"]) for phone in funder["phones"]] == [("(617) 624-5075", "fax")]
    (postal,) = (location for location in tables["locations"] if location["location_type"] == "postal")
    assert postal["organization_id"] == funder["id"]
    assert postal["addresses"][0]["postal_code"] == "02108"
