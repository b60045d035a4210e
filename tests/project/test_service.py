"""The example of a service: records as they are, a true description of them, and errors as HTTP has them."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate as validate_openapi

import eaps_data as eaps
from eaps_data.models.records import RECORDS
from support.example_files import INVALID, VALID

SERVICE = Path(__file__).parents[2] / "examples" / "service"
KEYED = ("municipalities", "programs", "partners", "partnerships", "sources")


class Service:
    """The example's app, asked in this process."""

    def __init__(self, module: Any) -> None:
        self.module, self.app = module, module.app

    def ask(self, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
                return await client.request(method, path, **more)

        return asyncio.run(once())

    def get(self, path: str, **more: Any) -> Any:
        answer = self.ask(path, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(SERVICE)
        yield Service(import_module("app"))
        del sys.modules["app"]


@pytest.fixture
def changed(service: Service) -> Iterator[Service]:
    """The service, over data with ids that were renamed and removed, and two programs of one name."""
    data = json.loads(eaps.load().to_json())
    data["release"]["data_version"] = "2.0.0"
    data["redirects"] = [{"old": "programs/revere-unit", "new": "programs/revere-bhu", "since": "2.0.0"}]
    data["tombstones"] = [{"id": "programs/revere-team", "since": "2.0.0", "why": "It was the unit by another name."}]
    first, second = (row for row in data["programs"] if row["id"] in {"revere-bhu", "lawrence-lleaps"})
    second["name"] = first["name"]
    ours = eaps.Dataset.from_json(json.dumps(data))

    async def dataset() -> eaps.Dataset:
        return ours

    service.app.dependency_overrides[service.module.dataset] = dataset
    yield service
    service.app.dependency_overrides.clear()


# Records


@pytest.mark.parametrize("table", RECORDS)
def test_a_table_is_given_as_its_records_are_dumped(service: Service, table: str) -> None:
    assert service.get(f"/{table}") == getattr(eaps, table).to_records()


@pytest.mark.parametrize("table", KEYED)
def test_each_record_is_found_at_its_path(service: Service, table: str) -> None:
    for record in getattr(eaps, table):
        path = f"/{table}/{record.lookup_keys[0]}"
        answer = service.ask(path)
        assert answer.json() == record.model_dump(mode="json")
        assert answer.headers["Content-Location"] == path


def test_the_whole_is_given_as_one_document(service: Service) -> None:
    assert eaps.Dataset.from_json(service.ask("/dataset").content) == eaps.load()
    assert service.get("/dataset") == json.loads(eaps.load().to_json())
    assert service.get("/grant_program") == eaps.grant_program.model_dump(mode="json")


def test_other_keys_find_a_record_and_tell_its_path(service: Service) -> None:
    for key in ("Town of Winthrop", "WINTHROP", "ocd-division/country:us/state:ma/place:winthrop"):
        answer = service.ask(f"/municipalities/{key}")
        assert answer.json()["id"] == "winthrop"
        assert answer.headers["Content-Location"] == "/municipalities/winthrop"


def test_the_edition_is_told_with_its_citation(service: Service) -> None:
    about = service.get("/")
    assert about["release"] == eaps.release.model_dump(mode="json")
    assert (about["citation"], about["bibtex"], about["csl"]) == (eaps.cite().text, eaps.cite().bibtex, eaps.cite().csl)
    assert about["schema_id"] == eaps.json_schema()["$id"]
    assert about["code_version"] == eaps.__version__


# Filters and search


@pytest.mark.parametrize("table", RECORDS)
def test_the_filters_are_those_of_where(service: Service, table: str) -> None:
    offered = {
        parameter["name"] for parameter in service.app.openapi()["paths"][f"/{table}"]["get"].get("parameters", ())
    }
    where = signature(type(getattr(eaps, table)).where).parameters.values()
    assert offered == {parameter.name for parameter in where if parameter.kind is parameter.KEYWORD_ONLY}


@pytest.mark.parametrize(
    ("table", "query", "asked"),
    [
        ("municipalities", "county=Suffolk", {"county": "Suffolk"}),
        (
            "programs",
            "municipality=New Bedford&status=expanding",
            {"municipality": "new-bedford", "status": "expanding"},
        ),
        ("programs", "status=null", {"status": None}),
        ("programs", "need=null&need=mental-health", {"need": [None, "mental-health"]}),
        ("partners", "program=BHU&role=collaborator", {"program": "BHU", "role": "collaborator"}),
        ("partners", "municipality=null", {"municipality": None}),
        ("partnerships", "example=false", {"example": False}),
        ("sources", "field=ocd_id", {"field": "ocd_id"}),
        ("evidence", "subject=programs/revere-bhu&field=goals", {"subject": "revere-bhu", "field": "goals"}),
    ],
)
def test_filters_find_what_where_finds(service: Service, table: str, query: str, asked: dict[str, Any]) -> None:
    found = getattr(eaps, table).where(**asked)
    assert 0 < len(found) < len(getattr(eaps, table))
    assert service.get(f"/{table}?{query}") == found.to_records()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("/programs?statsu=expanding", "statsu"),
        ("/programs?status=growing", "'expanding'"),
        ("/programs?municipality=Reveer", "did you mean 'revere'?"),
        ("/municipalities?county=Sufolk", "did you mean 'Suffolk'?"),
        ("/evidence?subject=City of Northampton", "municipalities/northampton, partners/city-of-northampton"),
        ("/search?q=%20", "no words"),
        ("/search?q=peer&limit=0", "greater than or equal to 1"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(service: Service, query: str, told: str) -> None:
    answer = service.ask(query)
    assert answer.status_code == 422
    assert told in answer.text
    assert "ETag" not in answer.headers


def test_search_gives_the_hits_with_their_reasons(service: Service) -> None:
    hits = eaps.search("peer recovery")[:2]
    assert service.get("/search?q=peer recovery&limit=2") == [
        {
            "record": hit.record.model_dump(mode="json"),
            "score": hit.score,
            "matches": [{"field": match.field, "words": list(match.words)} for match in hit.matches],
        }
        for hit in hits
    ]


# Keys that find no record


def test_a_miss_names_the_closest_keys(service: Service) -> None:
    answer = service.ask("/municipalities/reveer")
    assert (answer.status_code, answer.json()["closest"]) == (404, ["revere"])
    assert answer.json()["detail"] == "unknown municipalities key 'reveer' (did you mean 'revere'?)"
    assert "Cache-Control" not in answer.headers


def test_a_key_of_several_records_offers_them(changed: Service) -> None:
    answer = changed.ask("/programs/behavioral health unit")
    assert answer.status_code == 300
    assert answer.json()["candidates"] == ["/programs/revere-bhu", "/programs/lawrence-lleaps"]
    assert [changed.get(path)["id"] for path in answer.json()["candidates"]] == ["revere-bhu", "lawrence-lleaps"]


def test_a_renamed_id_leads_to_the_record(changed: Service) -> None:
    answer = changed.ask("/programs/revere-unit")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/programs/revere-bhu")
    assert changed.get("/programs/revere-unit", follow_redirects=True)["id"] == "revere-bhu"


def test_a_removed_id_says_since_when_and_why(changed: Service) -> None:
    answer = changed.ask("/programs/revere-team")
    assert answer.status_code == 410
    assert (answer.json()["since"], answer.json()["why"]) == ("2.0.0", "It was the unit by another name.")


# Caching


def test_what_is_unchanged_is_not_sent_again(service: Service) -> None:
    first = service.ask("/programs")
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    tag = first.headers["ETag"]
    assert eaps.release.data_version in tag
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        again = service.ask("/programs", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert service.ask("/programs", headers={"If-None-Match": '"other"'}).status_code == 200


def test_other_data_has_another_tag(changed: Service) -> None:
    tag = changed.ask("/programs").headers["ETag"]
    changed.app.dependency_overrides.clear()
    assert changed.ask("/programs", headers={"If-None-Match": tag}).status_code == 200


# Validation


def test_a_valid_document_has_no_problems(service: Service) -> None:
    for example in VALID:
        if example.schema == "dataset":
            assert service.ask("/validate", "POST", content=example.data).json() == {"valid": True, "problems": []}


def test_problems_are_told_with_their_places(service: Service) -> None:
    examples = [example for example in INVALID if example.type == "dataset"]
    assert examples
    for example in examples:
        verdict = service.ask("/validate", "POST", content=example.data).json()
        assert verdict["problems"] == [problem.to_dict() for problem in example.problems]
        assert verdict["valid"] is all(problem.severity == "warning" for problem in example.problems)


def test_a_document_may_not_be_too_large(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.module, "LARGEST", 100)
    assert service.ask("/validate", "POST", content=b" " * 100).status_code == 200
    assert service.ask("/validate", "POST", content=b" " * 101).status_code == 413


# What the service says of itself


def test_the_openapi_document_is_valid(service: Service) -> None:
    validate_openapi(service.get("/openapi.json"))


def test_its_components_agree_with_the_published_schemas(service: Service) -> None:
    components = service.get("/openapi.json")["components"]["schemas"]
    dataset = eaps.json_schema()
    published = {**dataset["$defs"], "DatasetDocument": dataset}
    assert set(published) <= set(components)
    for title, each in published.items():
        assert rules(components[title]) == rules(each), title


def rules(schema: Any) -> Any:
    """What a schema asks of data: not its words, its defaults, or the ban on a last line break, which FastAPI lacks."""
    words = {"title", "description", "examples", "default", "$schema", "$id", "$defs", "not"}
    if isinstance(schema, list):
        return [rules(each) for each in schema]
    if not isinstance(schema, dict):
        return schema.rpartition("/")[2] if isinstance(schema, str) and schema.startswith("#/") else schema
    return {
        key: {field: rules(each) for field, each in part.items()} if key == "properties" else rules(part)
        for key, part in schema.items()
        if key not in words
    }


# A real start


def test_it_starts_and_answers_over_http() -> None:
    command = [sys.executable, "-m", "uvicorn", "app:app", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=SERVICE, env=environment, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stderr is not None
        try:
            lines = []
            for line in process.stderr:  # it ends where the process does
                lines.append(line)
                if "Uvicorn running on " in line:
                    address = line.partition("Uvicorn running on ")[2].split()[0]
                    break
            else:
                pytest.fail("".join(lines))
            answer = httpx.get(f"{address}/programs/BHU", trust_env=False)  # no proxy knows of this machine's ports
            assert answer.json() == eaps.programs["BHU"].model_dump(mode="json")
        finally:
            process.terminate()
