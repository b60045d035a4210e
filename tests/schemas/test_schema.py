"""The published JSON Schemas match the models byte for byte, and are readable."""

import difflib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

import eaps_data as eaps
from eaps_data._internal import resources
from eaps_data.models import vocabulary
from eaps_data.models.fields import Model
from eaps_data.models.records import RECORDS
from eaps_data.models.table_specs import MEMBERS, SCHEMA_VERSION
from eaps_data.schemas import generator, published

FOLDER = Path(published.__file__).parent


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects in a schema."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from walk(part)
    elif isinstance(value, list):
        for part in value:
            yield from walk(part)


@pytest.mark.parametrize("name", generator.PUBLISHED)
def test_the_published_schema_matches_the_model(name: str, update_golden: bool) -> None:
    path, generated = FOLDER / f"{name}.schema.json", generator.generate(name)
    if update_golden:
        path.write_text(generated, encoding="utf-8")
    published = path.read_text(encoding="utf-8")
    diff = "\n".join(difflib.unified_diff(published.splitlines(), generated.splitlines(), "published", "models"))
    assert published == generated, f"update it with: pytest --update-golden\n{diff}"


def test_each_published_schema_has_a_model() -> None:
    assert {path.name.removesuffix(".schema.json") for path in FOLDER.glob("*.json")} == set(generator.PUBLISHED)


@pytest.mark.parametrize("name", generator.PUBLISHED)
def test_a_schema_has_a_dialect_an_id_and_one_title(name: str) -> None:
    published = eaps.json_schema(generator.PUBLISHED[name])
    assert published["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert published["$id"] == f"urn:eaps-data:schema:{name}:{SCHEMA_VERSION}"
    assert published["additionalProperties"] is False
    titles = [each["title"] for each in walk(published) if isinstance(each.get("title"), str)]
    assert titles == [generator.PUBLISHED[name].__name__]


@pytest.mark.parametrize("name", generator.PUBLISHED)
def test_each_field_has_a_description(name: str) -> None:
    published = eaps.json_schema(generator.PUBLISHED[name])
    for each in [published, *published.get("$defs", {}).values()]:
        for field, described in each.get("properties", {}).items():
            target = published.get("$defs", {}).get(str(described.get("$ref")).rpartition("/")[2], {})
            assert described.get("description", target.get("description")), field


@pytest.mark.parametrize("name", generator.PUBLISHED)
def test_vocabularies_have_the_definitions_of_their_terms(name: str) -> None:
    for title, definition in eaps.json_schema(generator.PUBLISHED[name]).get("$defs", {}).items():
        terms = getattr(vocabulary, title, None)
        if terms is not None:
            assert definition["enum"] == [term.value for term in terms]
            for term in terms:
                assert f"- `{term.value}`: {term.definition}" in definition["description"]


@pytest.mark.parametrize("name", generator.PUBLISHED)
def test_patterns_mean_the_same_in_every_regex_dialect(name: str) -> None:
    for each in walk(eaps.json_schema(generator.PUBLISHED[name])):
        pattern = each.get("pattern")
        if isinstance(pattern, str):
            assert (pattern.startswith("^") and pattern.endswith("$")) or pattern == r"\n"
            assert pattern == r"\n" or each["not"] == {"pattern": r"\n"}, (
                "Python's $ also matches before a final newline"
            )
            assert not re.search(r"\\[dwsDWSbB]", pattern), (
                "write out the character class: dialects differ beyond ASCII"
            )


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Program", "Program"),
        ("programs", "Programs"),
        ("program", "Program"),
        ("PROGRAMS", "Programs"),
        ("GrantProgram", "GrantProgram"),
        ("grant-program", "GrantProgram"),
        ("grant_program", "GrantProgram"),
        ("evidence", "EvidenceRows"),
        ("EVIDENCE", "EvidenceRows"),
        ("Evidence", "Evidence"),
        ("evidence-row", "Evidence"),
        ("release", "Release"),
        ("redirects", "Redirects"),
        ("Tombstone", "Tombstone"),
        ("Dataset", "DatasetDocument"),
        ("DatasetDocument", "DatasetDocument"),
        ("report", "Report"),
        *((record.__name__, record.__name__) for record in RECORDS.values()),
    ],
)
def test_a_schema_is_found_by_record_table_or_name(name: Any, title: str) -> None:
    assert eaps.json_schema(name)["title"] == title


@pytest.mark.parametrize("model", generator.PUBLISHED.values())
def test_a_schema_is_found_by_its_model(model: type[Model]) -> None:
    assert eaps.json_schema(model)["title"] == model.__name__


def test_a_part_of_a_record_has_no_schema() -> None:
    with pytest.raises(eaps.UnknownTermError, match="unknown schema value 'Location'"):
        eaps.json_schema(eaps.Location)


def test_the_type_of_the_names_has_every_table_and_model() -> None:
    titles = set(published.TITLES.values())
    assert {*get_args(published.SchemaName)} == {"dataset", "report", *MEMBERS, *titles}


@pytest.mark.parametrize("table", published.ARRAYS)
def test_the_schema_of_a_table_is_that_of_an_array_of_its_records(table: Any) -> None:
    schema = eaps.json_schema(table)
    assert schema["$id"] == f"urn:eaps-data:schema:{table}:{SCHEMA_VERSION}"
    rows = eaps.load().to_rows()[table]
    accepts = Draft202012Validator(schema).is_valid
    assert accepts(rows)
    assert accepts([])
    assert not accepts({})
    assert not accepts([{"$schema": "x", **row} for row in rows] or [{}])
    assert not accepts([*rows, {"invented": 1}])


def test_a_past_version_has_schemas_of_tables_too() -> None:
    assert eaps.json_schema("programs", "1.0.0")["$id"] == "urn:eaps-data:schema:programs:1.0.0"
    assert eaps.json_schema("Evidence", "1.0.0")["$id"] == "urn:eaps-data:schema:evidence:1.0.0"
    with pytest.raises(eaps.UnknownTermError, match=r"schema \(version 1\.0\.0\)"):
        eaps.json_schema("redirects", "1.0.0")


def test_the_default_is_the_schema_of_the_dataset() -> None:
    assert eaps.json_schema() == eaps.json_schema("dataset")
    assert eaps.json_schema()["properties"]["schema_version"]["const"] == SCHEMA_VERSION


def test_an_unknown_schema_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(eaps.UnknownTermError, match="did you mean 'program'"):
        eaps.json_schema("Programm")  # type: ignore[arg-type]  # what is tested


def test_a_returned_schema_is_a_copy() -> None:
    eaps.json_schema("Program")["title"] = "changed"
    assert eaps.json_schema("Program")["title"] == "Program"
    assert json.loads(resources.schema("program"))["title"] == "Program"
