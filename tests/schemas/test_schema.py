"""The published JSON Schemas: the models' own, byte for byte, and readable by people."""

import difflib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import eaps_data as eaps
from eaps_data._internal import resources
from eaps_data.models import vocabulary
from eaps_data.models.records import RECORDS
from eaps_data.schemas import generator, published

FOLDER = Path(published.__file__).parent


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a schema that is itself a schema or holds some."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from walk(part)
    elif isinstance(value, list):
        for part in value:
            yield from walk(part)


@pytest.mark.parametrize("name", generator.PUBLISHED)
def test_the_published_schema_is_the_models(name: str, update_golden: bool) -> None:
    path, generated = FOLDER / f"{name}.json", generator.generate(name)
    if update_golden:
        path.write_text(generated, encoding="utf-8")
    published = path.read_text(encoding="utf-8")
    diff = "\n".join(difflib.unified_diff(published.splitlines(), generated.splitlines(), "published", "models"))
    assert published == generated, f"write it anew with: pytest --update-golden\n{diff}"


def test_there_is_no_schema_without_a_model() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(generator.PUBLISHED)


@pytest.mark.parametrize("name", generator.PUBLISHED)
def test_a_schema_says_what_it_is(name: str) -> None:
    published = eaps.json_schema(name)
    assert published["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert published["$id"] == f"urn:eaps-data:schema:{name}:1.0.0"
    assert published["additionalProperties"] is False
    titles = [each["title"] for each in walk(published) if isinstance(each.get("title"), str)]
    assert titles == [generator.PUBLISHED[name].__name__]


@pytest.mark.parametrize("name", generator.PUBLISHED)
def test_every_field_is_described_once_in_the_model(name: str) -> None:
    published = eaps.json_schema(name)
    for each in [published, *published.get("$defs", {}).values()]:
        for field, described in each.get("properties", {}).items():
            target = published.get("$defs", {}).get(str(described.get("$ref")).rpartition("/")[2], {})
            assert described.get("description", target.get("description")), field


@pytest.mark.parametrize("name", generator.PUBLISHED)
def test_the_definitions_of_terms_reach_the_schema(name: str) -> None:
    for title, described in eaps.json_schema(name).get("$defs", {}).items():
        kind = getattr(vocabulary, title, None)
        if kind is not None:
            assert described["enum"] == [term.value for term in kind]
            for term in kind:
                assert f"- `{term.value}`: {term.definition}" in described["description"]


@pytest.mark.parametrize("name", generator.PUBLISHED)
def test_patterns_mean_the_same_in_every_dialect(name: str) -> None:
    for each in walk(eaps.json_schema(name)):
        pattern = each.get("pattern")
        if isinstance(pattern, str):
            assert (pattern.startswith("^") and pattern.endswith("$")) or pattern == r"\n"
            assert pattern == r"\n" or each["not"] == {"pattern": r"\n"}, "Python's $ also stands before a last newline"
            assert not re.search(r"\\[dwsDWSbB]", pattern), "spell the class out: dialects differ beyond ASCII"


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("Program", "Program"),
        ("programs", "Program"),
        ("program", "Program"),
        ("GrantProgram", "GrantProgram"),
        ("grant-program", "GrantProgram"),
        ("grant_program", "GrantProgram"),
        ("evidence", "Evidence"),
        ("Dataset", "DatasetDocument"),
        ("DatasetDocument", "DatasetDocument"),
        ("report", "Report"),
        *((table, record.__name__) for table, record in RECORDS.items()),
    ],
)
def test_a_schema_is_found_by_record_table_or_name(asked: str, title: str) -> None:
    assert eaps.json_schema(asked)["title"] == title


def test_without_a_name_it_is_the_datasets() -> None:
    assert eaps.json_schema() == eaps.json_schema("dataset")
    assert eaps.json_schema()["properties"]["$schema"]["const"] == eaps.json_schema()["$id"]


def test_an_unknown_schema_is_an_error_that_names_the_closest() -> None:
    with pytest.raises(eaps.KeyNotFoundError, match="did you mean 'program'"):
        eaps.json_schema("Programm")


def test_a_schema_is_yours_to_change() -> None:
    eaps.json_schema("Program")["title"] = "changed"
    assert eaps.json_schema("Program")["title"] == "Program"
    assert json.loads(resources.schema("program"))["title"] == "Program"
