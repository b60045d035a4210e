"""The example service returns unchanged records, a correct OpenAPI document, and errors as HTTP defines them."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import signature
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("httpx")
pytest.importorskip("openapi_spec_validator")
pytest.importorskip("uvicorn")

import httpx
from fastapi import Body, FastAPI
from openapi_spec_validator import validate as validate_openapi
from pydantic import TypeAdapter

import eaps_data as eaps
from eaps_data.models.records import RECORDS, Record
from support.example_files import INVALID, VALID

SERVICE = Path(__file__).parents[2] / "examples" / "service"
KEYED = ("municipalities", "programs", "partners", "partnerships", "sources")


class Service:
    """The example's app, called in this process."""

    def __init__(self, module: Any) -> None:
        self.module, self.app = module, module.app

    def request(self, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
                return await client.request(method, path, **more)

        return asyncio.run(send())

    def get(self, path: str, **more: Any) -> Any:
        response = self.request(path, **more)
        assert response.status_code == 200, response.text
        return response.json()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(SERVICE)
        yield Service(import_module("app"))
        del sys.modules["app"]


@pytest.fixture
def changed(service: Service) -> Iterator[Service]:
    """The service, over data with a renamed id, a removed id and two programs with the same name."""
    data = json.loads(eaps.load().to_json())
    data["release"]["data_version"] = "99.0.0"
    data["redirects"] = [{"old": "programs/revere-unit", "new": "programs/revere-bhu", "since": "99.0.0"}]
    data["tombstones"] = [{"id": "programs/revere-team", "since": "99.0.0", "why": "It duplicated the unit."}]
    first, second = (row for row in data["programs"] if row["id"] in {"revere-bhu", "lawrence-lleaps"})
    second["name"] = first["name"]
    changed_dataset = eaps.Dataset.from_json(json.dumps(data))

    async def dataset() -> eaps.Dataset:
        return changed_dataset

    service.app.dependency_overrides[service.module.dataset] = dataset
    yield service
    service.app.dependency_overrides.clear()


# Records


@pytest.mark.parametrize("table", RECORDS)
def test_table_is_returned_as_its_records_are_dumped(service: Service, table: str) -> None:
    assert service.get(f"/{table}?limit=1000") == getattr(eaps, table).to_records()


@pytest.mark.parametrize("table", KEYED)
def test_each_record_has_a_path(service: Service, table: str) -> None:
    for record in getattr(eaps, table):
        path = f"/{table}/{record.lookup_keys[0]}"
        assert service.get(path) == record.model_dump(mode="json")


def test_whole_dataset_is_returned_as_one_document(service: Service) -> None:
    assert eaps.Dataset.from_json(service.request("/dataset").content) == eaps.load()
    assert service.get("/dataset") == json.loads(eaps.load().to_json())
    assert service.get("/grant_program") == eaps.grant_program.model_dump(mode="json")


def test_other_keys_find_the_record(service: Service) -> None:
    for key in ("Town of Winthrop", "WINTHROP", "ocd-division/country:us/state:ma/place:winthrop"):
        assert service.get(f"/municipalities/{key}")["id"] == "winthrop"


def test_root_returns_the_release_and_its_citation(service: Service) -> None:
    about = service.get("/")
    assert about["release"] == eaps.release.model_dump(mode="json")
    assert (about["citation"], about["bibtex"], about["csl"]) == (eaps.cite().text, eaps.cite().bibtex, eaps.cite().csl)
    assert about["schema_id"] == eaps.json_schema()["$id"]
    assert about["code_version"] == eaps.__version__


# Filters and search


@pytest.mark.parametrize("table", RECORDS)
def test_query_parameters_are_the_filters_of_where(service: Service, table: str) -> None:
    parameters = {
        parameter["name"] for parameter in service.app.openapi()["paths"][f"/{table}"]["get"].get("parameters", ())
    }
    where = signature(type(getattr(eaps, table)).where).parameters.values()
    filters = {parameter.name for parameter in where if parameter.kind is parameter.KEYWORD_ONLY}
    assert parameters == filters | {"limit", "offset"}


@pytest.mark.parametrize(
    ("table", "query", "conditions"),
    [
        ("municipalities", "county=Suffolk", {"county": "Suffolk"}),
        (
            "programs",
            "municipality=New Bedford&status=expanding",
            {"municipality": "new-bedford", "status": "expanding"},
        ),
        ("programs", "status=null", {"status": None}),
        ("programs", "county=Bristol&plural=true", {"county": "Bristol", "plural": True}),
        ("programs", "started_year=2015", {"started_year": 2015}),
        ("programs", "framework=racial-equity", {"framework": "racial-equity"}),
        ("programs", "framework=racial-equity&exact=true", {"framework": "racial-equity", "exact": True}),
        ("programs", "need=null&need=mental-health", {"need": [None, "mental-health"]}),
        ("partners", "program=BHU&role=collaborator", {"program": "BHU", "role": "collaborator"}),
        ("partners", "municipality=null", {"municipality": None}),
        ("partnerships", "example=false", {"example": False}),
        ("sources", "field=ocd_id", {"field": "ocd_id"}),
        ("evidence", "subject=programs/revere-bhu&field=goals", {"subject": "revere-bhu", "field": "goals"}),
    ],
)
def test_query_returns_the_records_of_where(
    service: Service, table: str, query: str, conditions: dict[str, Any]
) -> None:
    found = getattr(eaps, table).where(**conditions)
    assert 0 < len(found) < len(getattr(eaps, table))
    assert service.get(f"/{table}?{query}") == found.to_records()


@pytest.mark.parametrize(
    ("query", "message"),
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
def test_invalid_query_returns_422_with_the_reason(service: Service, query: str, message: str) -> None:
    response = service.request(query)
    assert response.status_code == 422
    assert message in response.text
    assert "ETag" not in response.headers


def test_search_returns_hits_with_their_matches(service: Service) -> None:
    hits = eaps.search("peer recovery", limit=2)
    assert service.get("/search?q=peer recovery&limit=2") == [
        {
            "record": hit.record.model_dump(mode="json"),
            "score": hit.score,
            "matches": hit.to_dict()["matches"],
        }
        for hit in hits
    ]


# Keys without a record


def test_unknown_key_returns_404_with_the_closest_keys(service: Service) -> None:
    response = service.request("/municipalities/reveer")
    assert (response.status_code, response.json()["closest"]) == (404, ["revere"])
    assert response.json()["detail"] == "unknown municipalities key 'reveer' (did you mean 'revere'?)"
    assert "Cache-Control" not in response.headers


def test_ambiguous_key_returns_300_with_the_candidates(changed: Service) -> None:
    response = changed.request("/programs/behavioral health unit")
    assert response.status_code == 300
    assert response.json()["candidates"] == ["programs/revere-bhu", "programs/lawrence-lleaps"]
    assert [changed.get(f"/{path}")["id"] for path in response.json()["candidates"]] == [
        "revere-bhu",
        "lawrence-lleaps",
    ]


def test_renamed_id_redirects_to_the_record(changed: Service) -> None:
    response = changed.request("/programs/revere-unit")
    assert (response.status_code, response.headers["Location"]) == (308, "../programs/revere-bhu")
    assert changed.get("/programs/revere-unit", follow_redirects=True)["id"] == "revere-bhu"


def test_removed_id_returns_410_with_version_and_reason(changed: Service) -> None:
    response = changed.request("/programs/revere-team")
    assert response.status_code == 410
    assert "since data 99.0.0): It duplicated the unit." in response.json()["detail"]


# Pages


def test_pages_link_to_the_next(service: Service) -> None:
    ids: list[str] = []
    path: str | None = "/programs?county=Bristol&limit=3"
    while path:
        response = service.request(path)
        assert response.headers["X-Total-Count"] == "8"
        ids += [row["id"] for row in response.json()]
        link = response.headers.get("Link")
        assert len(ids) % 3 == 0 or link is None
        path = None if link is None else link.removeprefix("<http://service").removesuffix('>; rel="next"')
    assert ids == [*eaps.programs.where(county="Bristol").ids]
    assert service.get("/programs?offset=100") == []


# What browsers and monitors ask for


@pytest.mark.parametrize("path", ["/", "/programs", "/programs/BHU", "/health", "/programs/nowhere"])
def test_head_returns_the_headers_of_get(service: Service, path: str) -> None:
    get, head = service.request(path), service.request(path, "HEAD")
    assert (head.status_code, head.headers) == (get.status_code, get.headers)


def test_large_response_is_compressed(service: Service) -> None:
    response = service.request("/dataset", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert eaps.Dataset.from_json(response.content) == eaps.load()
    assert "Content-Encoding" not in service.request("/dataset", headers={"Accept-Encoding": "identity"}).headers


def test_pages_of_other_sites_may_read(service: Service) -> None:
    response = service.request("/programs?limit=1", headers={"Origin": "https://example.org"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Link" in response.headers["Access-Control-Expose-Headers"]
    asks = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    assert service.request("/validate", "OPTIONS", headers=asks).status_code == 200


def test_health_is_not_cached(service: Service) -> None:
    response = service.request("/health")
    assert response.json() == {"status": "ok", "data_version": eaps.release.data_version}
    assert "Cache-Control" not in response.headers


# Caching


def test_unchanged_response_is_not_sent_again(service: Service) -> None:
    first = service.request("/programs")
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    tag = first.headers["ETag"]
    assert eaps.release.data_version in tag
    for known in (tag, f'"other", {tag}'):
        again = service.request("/programs", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert service.request("/programs", headers={"If-None-Match": '"other"'}).status_code == 200


def test_changed_data_has_a_new_etag(changed: Service) -> None:
    tag = changed.request("/programs").headers["ETag"]
    changed.app.dependency_overrides.clear()
    assert changed.request("/programs", headers={"If-None-Match": tag}).status_code == 200


# Validation


def test_valid_document_has_no_problems(service: Service) -> None:
    for example in VALID:
        if example.schema == "dataset":
            assert service.request("/validate", "POST", content=example.data).json() == {"valid": True, "problems": []}


def test_invalid_document_returns_problems_with_locations(service: Service) -> None:
    examples = [example for example in INVALID if example.type == "dataset"]
    assert examples
    for example in examples:
        verdict = service.request("/validate", "POST", content=example.data).json()
        assert verdict["problems"] == [problem.to_dict() for problem in example.problems]
        assert verdict["valid"] is all(problem.severity == "warning" for problem in example.problems)


def test_too_large_document_returns_413(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.module, "MAX_BYTES", 100)
    assert service.request("/validate", "POST", content=b" " * 100).status_code == 200
    assert service.request("/validate", "POST", content=b" " * 101).status_code == 413


# A record as the body of a request


@pytest.mark.parametrize("table", ["grant_program", *RECORDS])
def test_record_is_accepted_as_a_request_body(table: str) -> None:
    held = getattr(eaps, table)
    record = held if table == "grant_program" else held[0]
    posted = record.model_dump(mode="json")
    response = posting_service(type(record)).request("/", "POST", json=posted)
    assert (response.status_code, response.json()) == (200, posted)


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("goals", "Reduce calls", "tuple_type"),
        ("goals", {"0": "Reduce calls"}, "tuple_type"),
        ("goals", ["Reduce calls", "Reduce calls"], "value_error"),
        ("kind", "Unit", "enum"),
        ("name", 1, "string_type"),
        ("plural", "false", "bool_type"),
        ("started_year", "2015", "int_type"),
    ],
)
def test_other_types_in_a_request_body_are_errors(field: str, value: object, error: str) -> None:
    posted = eaps.programs["revere-bhu"].model_dump(mode="json") | {field: value}
    response = posting_service(eaps.Program).request("/", "POST", json=posted)
    assert response.status_code == 422
    assert [(each["loc"], each["type"]) for each in response.json()["detail"]] == [(["body", field], error)]


def posting_service(record: type[Record]) -> Service:
    """Return an app that returns the record that is sent to it."""
    app = FastAPI()

    @app.post("/")
    def post(body: record) -> record:  # type: ignore[valid-type]  # FastAPI reads the type when the app is built
        return body

    return Service(SimpleNamespace(app=app))


# Types of the package in a service

RESULTS: dict[str, tuple[Any, Any, object]] = {
    "programs": (eaps.Programs, eaps.programs, {"type": "array", "items": {"$ref": "#/components/schemas/Program"}}),
    "hits": (eaps.Hits, eaps.search("peer"), {"type": "array", "items": {"$ref": "#/components/schemas/Hit"}}),
    "hit": (eaps.Hit, eaps.search("peer")[0], {"$ref": "#/components/schemas/Hit"}),
    "why": (eaps.Why, eaps.why("revere-bhu"), {"$ref": "#/components/schemas/Why"}),
    "difference": (
        eaps.Difference,
        eaps.diff(eaps.Dataset.from_release("1.0.0"), eaps.load()),
        {"$ref": "#/components/schemas/Difference"},
    ),
    "dataset": (eaps.Dataset, eaps.load(), {"$ref": "#/components/schemas/DatasetDocument"}),
}


@pytest.mark.parametrize("name", RESULTS)
def test_result_is_returned_and_described_by_its_type(name: str) -> None:
    type_, value, schema = RESULTS[name]
    app = FastAPI()
    app.get("/", response_model=type_)(lambda: value)
    service = Service(SimpleNamespace(app=app))
    assert service.get("/") == json.loads(TypeAdapter(type_).dump_json(value))
    described = app.openapi()["paths"]["/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    described.pop("title", None)
    assert described == schema
    validate_openapi(app.openapi())


def test_dataset_is_accepted_as_a_request_body() -> None:
    app = FastAPI()

    @app.post("/")
    def post(data: Annotated[eaps.Dataset, Body()]) -> eaps.Municipalities:
        return data.municipalities

    service = Service(SimpleNamespace(app=app))
    data = json.loads(eaps.load().to_json())
    assert service.request("/", "POST", json=data).json() == eaps.municipalities.to_records()
    data["programs"][-1]["municipality"] = "rever"
    wrong = service.request("/", "POST", json=data)
    assert wrong.status_code == 422
    assert "did you mean 'revere'?" in wrong.text


# OpenAPI


def test_openapi_document_is_valid(service: Service) -> None:
    document = service.get("/openapi.json")
    validate_openapi(document)
    assert document["info"]["license"] == {"name": "Data: CC BY 4.0", "identifier": "CC-BY-4.0"}


def test_openapi_components_agree_with_the_published_schemas(service: Service) -> None:
    components = service.get("/openapi.json")["components"]["schemas"]
    dataset = eaps.json_schema()
    del dataset["properties"]["$schema"]  # for editors: reading drops it, and no response has it
    published = {**dataset["$defs"], "DatasetDocument": dataset}
    assert set(published) <= set(components)
    for title, each in published.items():
        assert rules(components[title]) == rules(each), title


def rules(schema: Any) -> Any:
    """Return the constraints of a schema, except the ban on a final newline, which FastAPI drops."""
    ignored = {"title", "description", "examples", "default", "$schema", "$id", "$defs", "not"}
    if isinstance(schema, list):
        return [rules(each) for each in schema]
    if not isinstance(schema, dict):
        return schema.rpartition("/")[2] if isinstance(schema, str) and schema.startswith("#/") else schema
    return {
        key: {field: rules(each) for field, each in part.items()} if key == "properties" else rules(part)
        for key, part in schema.items()
        if key not in ignored
    }


# A real server


def test_service_starts_and_responds_over_http() -> None:
    command = [sys.executable, "-m", "uvicorn", "app:app", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=SERVICE, env=environment, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stderr is not None
        try:
            lines = []
            for line in process.stderr:  # ends when the process ends
                lines.append(line)
                if "Uvicorn running on " in line:
                    address = line.partition("Uvicorn running on ")[2].split()[0]
                    break
            else:
                pytest.fail("".join(lines))
            with httpx.Client(base_url=address, trust_env=False) as client:  # a proxy cannot reach this port
                response = client.get("/programs/BHU")
                assert response.json() == eaps.programs["BHU"].model_dump(mode="json")
                assert (client.head("/programs/BHU").headers["ETag"], client.head("/programs/BHU").content) == (
                    response.headers["ETag"],
                    b"",
                )
                assert client.get("/health").json()["status"] == "ok"
        finally:
            process.terminate()
