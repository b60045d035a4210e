"""The export to Open Referral's HSDS 3.1 holds by its official schemas, and what refers to what is there."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

import eaps_data as eaps
from eaps_data.models import DatasetDocument
from strategies import documents

ROOT = Path(__file__).parents[1]
SCHEMAS = {
    "organizations": "organization",
    "services": "service",
    "locations": "location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}


@pytest.fixture(scope="session")
def validators() -> dict[str, Draft202012Validator]:
    """The official schemas, which are not in the repository: they refer to one another by the names of their files."""
    folder = Path(os.environ.get("EAPS_DATA_STANDARDS", ROOT.parent / "shared" / "standards")) / "hsds-3.1"
    if not folder.is_dir():
        pytest.skip("the schemas of HSDS 3.1 are not at hand; set EAPS_DATA_STANDARDS to the folder that holds them")
    contents = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    resources = [(name, DRAFT202012.create_resource(content)) for name, content in contents.items()]
    registry: Any = Registry().with_resources(resources)
    return {
        table: Draft202012Validator({"$ref": f"{name}.json"}, registry=registry, format_checker=FormatChecker())
        for table, name in SCHEMAS.items()
    }


def exported(dataset: eaps.Dataset | None = None) -> dict[str, list[dict[str, Any]]]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "hsds.json")
        eaps.export.write("hsds", path, dataset)
        tables: dict[str, list[dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))
        return tables


def check(tables: dict[str, list[dict[str, Any]]], validators: dict[str, Draft202012Validator]) -> None:
    assert set(tables) == set(SCHEMAS)
    for table, objects in tables.items():
        for each in objects:
            assert [error.message for error in validators[table].iter_errors(each)] == [], each
    everything = [each for objects in tables.values() for each in walk(objects)]
    ids = [each["id"] for each in everything]
    assert len(set(ids)) == len(ids)
    assert all(UUID(id_).version == 5 for id_ in ids)
    for each in everything:
        for name, value in each.items():
            if name.endswith("_id"):
                assert value in ids, (name, each)


def walk(value: Any) -> list[dict[str, Any]]:
    """All objects in a value."""
    if isinstance(value, list):
        return [each for item in value for each in walk(item)]
    return [value, *(each for held in value.values() for each in walk(held))] if isinstance(value, dict) else []


def test_the_packaged_data_holds_by_the_official_schemas(validators: dict[str, Draft202012Validator]) -> None:
    check(exported(), validators)


@settings(max_examples=10)
@given(document=documents())
def test_any_dataset_does(validators: dict[str, Draft202012Validator], document: DatasetDocument) -> None:
    check(exported(eaps.Dataset(document)), validators)


def test_a_wrong_object_is_refused(validators: dict[str, Draft202012Validator]) -> None:
    service = exported()["services"][0]
    for wrong in ({**service, "status": "begun"}, {**service, "id": "revere-bhu"}, {"id": service["id"]}):
        assert not validators["services"].is_valid(wrong)


def test_what_is_there_is_what_the_dataset_says() -> None:
    tables = exported()
    names = {each["name"] for each in tables["services"]}
    wanted = {each.name for each in eaps.programs if each.status and each.kind is not eaps.ProgramKind.RECOMMENDATIONS}
    assert names == wanted
    organizations = {each["name"]: each for each in tables["organizations"]}
    assert {each.name for each in eaps.partners} | {each.styled_name for each in eaps.municipalities} <= set(
        organizations
    )
    codes = {each["identifier"] for each in organizations["City of Revere"]["organization_identifiers"]}
    assert {"2502556585", "00619465"} <= codes
    (phone,) = organizations["Equitable Approaches to Public Safety"]["phones"]
    assert phone["type"] == "fax"
    terms = {each["code"]: each for each in tables["taxonomy_terms"]}
    assert terms["co-response"]["description"] == eaps.Approach.CO_RESPONSE.definition
