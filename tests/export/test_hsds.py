"""The export to HSDS: each object is valid by its official schema, its references hold, and nothing is made up."""

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
from eaps_data.models.records import DatasetDocument
from eaps_data.models.vocabulary import ProgramKind, ProgramStatus
from support.strategies import documents

STANDARDS = Path(os.environ.get("EAPS_DATA_STANDARDS", Path(__file__).parents[3] / "shared" / "standards"))
SCHEMAS = STANDARDS / "hsds-3.1"
needs_schemas = pytest.mark.skipif(
    not SCHEMAS.is_dir(), reason="the official schemas are not at hand; set EAPS_DATA_STANDARDS to the folder of them"
)


def exported(dataset: eaps.Dataset | None = None) -> dict[str, list[Any]]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "hsds.json")
        eaps.export.write("hsds", path, dataset)
        content: dict[str, list[Any]] = json.loads(path.read_text(encoding="utf-8"))
        return content


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Any]]:
    return exported()


@cache
def official() -> Mapping[str, Any]:
    """The official schemas by the names of their tables, each with what the form of tables requires beside."""
    found: dict[str, Any] = {}
    for path in SCHEMAS.glob("*.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        schema["required"] = [*schema.get("required", ()), *schema.get("tabular_required", ())]
        # The standard lets a publisher add fields; we add none, so that any that is not listed is a mistake.
        schema["additionalProperties"] = False
        found[path.name] = schema
    return found


@cache
def validator(table: str) -> Draft202012Validator:
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(schema, default_specification=DRAFT202012)) for name, schema in official().items()
    )
    (file,) = (name for name, schema in official().items() if schema.get("path") == f"{table}.csv")
    return Draft202012Validator({"$ref": file}, registry=registry, format_checker=FormatChecker())


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object, be it within another."""
    if isinstance(value, dict):
        if "id" in value:
            yield value
        for part in value.values():
            yield from objects(part)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item)


def check_references(tables: dict[str, list[Any]]) -> None:
    ids = [each["id"] for each in objects(tables)]
    assert len(set(ids)) == len(ids)
    assert {UUID(id_).version for id_ in ids} == {5}
    targets = {
        "location_id": "locations",
        "organization_id": "organizations",
        "parent_organization_id": "organizations",
        "service_id": "services",
        "taxonomy_id": "taxonomies",
        "taxonomy_term_id": "taxonomy_terms",
    }
    held = {name: {each["id"] for each in rows} for name, rows in tables.items()}
    for each in objects(tables):
        for field, id_ in each.items():
            if field == "link_id":
                assert id_ in held[f"{each['link_entity']}s"]
            elif field.endswith("_id"):
                assert id_ in held[targets[field]], field


@needs_schemas
def test_the_packaged_data_is_valid(tables: dict[str, list[Any]]) -> None:
    for table, rows in tables.items():
        assert rows
        for row in rows:
            validator(table).validate(row)


def test_references_hold_and_ids_are_unique(tables: dict[str, list[Any]]) -> None:
    check_references(tables)


@needs_schemas
@settings(max_examples=15)
@given(document=documents())
def test_any_dataset_makes_valid_objects(document: DatasetDocument) -> None:
    tables = exported(eaps.Dataset(document))
    check_references(tables)
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
def test_the_schemas_find_what_is_wrong(table: str, change: dict[str, Any], tables: dict[str, list[Any]]) -> None:
    with pytest.raises(ValidationError):
        validator(table).validate({**tables[table][0], **change})


def service(tables: dict[str, list[Any]], name: str) -> Any:
    (found,) = (each for each in tables["services"] if each["name"] == name)
    return found


def by_id(tables: dict[str, list[Any]], table: str, id_: str) -> Any:
    (found,) = (each for each in tables[table] if each["id"] == id_)
    return found


def test_every_municipality_and_partner_is_an_organization(tables: dict[str, list[Any]]) -> None:
    funder, *others = [each["name"] for each in tables["organizations"]]
    assert funder == eaps.grant_program.name
    municipalities = [municipality.styled_name for municipality in eaps.municipalities]
    assert others == [*municipalities, *(partner.name for partner in eaps.partners)]


def test_every_status_is_active_or_inactive() -> None:
    assert hsds.STATUSES.keys() == set(ProgramStatus)


def test_what_has_no_status_or_is_no_service_is_none(tables: dict[str, list[Any]]) -> None:
    left_out = {program.name for program in eaps.programs} - {each["name"] for each in tables["services"]}
    expected = [
        program.name
        for program in eaps.programs
        if program.status is None or program.kind is ProgramKind.RECOMMENDATIONS
    ]
    assert left_out == set(expected)
    assert len(expected) == 3


def test_the_organization_is_the_lead_or_else_the_municipality(tables: dict[str, list[Any]]) -> None:
    led = service(tables, "Shannon program")
    assert by_id(tables, "organizations", led["organization_id"])["uri"].endswith(":partners:city-of-new-bedford")
    other = service(tables, "Behavioral Health Unit")
    assert by_id(tables, "organizations", other["organization_id"])["uri"].endswith(":municipalities:revere")
    assert [area["name"] for area in other["service_areas"]] == ["City of Revere"]
    assert other["alternate_name"] == "BHU"


def test_terms_and_partners_are_attributes(tables: dict[str, list[Any]]) -> None:
    attributes = service(tables, "Behavioral Health Unit")["attributes"]
    terms = [
        (each["link_type"], by_id(tables, "taxonomy_terms", each["taxonomy_term_id"])["code"]) for each in attributes
    ]
    program = eaps.programs["revere-bhu"]
    for field in ("approaches", "services", "staff_roles", "populations", "needs", "frameworks"):
        assert [code for link, code in terms if link == field] == [*getattr(program, field)]
    partners = {
        (by_id(tables, "organizations", each["value"])["name"], each["label"])
        for each in attributes
        if each["link_type"] == "partners"
    }
    named = {eaps.partners[each.partner].name for each in eaps.partnerships.where(program="revere-bhu")}
    assert partners == {(name, name) for name in named}


def test_a_municipality_has_its_codes_and_who_funds_it(tables: dict[str, list[Any]]) -> None:
    (winthrop,) = (each for each in tables["organizations"] if each["name"] == "Town of Winthrop")
    codes = {each["identifier"] for each in winthrop["organization_identifiers"]}
    assert {"2502581005", "00618335", "346"} <= codes
    assert eaps.municipalities["winthrop"].identifiers.county_geoid not in codes
    assert [each["source"] for each in winthrop["funding"]] == [eaps.grant_program.name]


def test_the_fax_number_is_said_to_be_one(tables: dict[str, list[Any]]) -> None:
    funder = tables["organizations"][0]
    assert [(each["number"], each["type"]) for each in funder["phones"]] == [("(617) 624-5075", "fax")]
    (postal,) = (each for each in tables["locations"] if each["location_type"] == "postal")
    assert postal["organization_id"] == funder["id"]
    assert postal["addresses"][0]["postal_code"] == "02108"
