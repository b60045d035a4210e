"""The example MCP server answers with records, their quotations, and what the page does not state."""

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp.server.mcpserver", reason="mcp 2 is not installed")

from mcp import Client, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent

import eaps_data as eaps

pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[2] / "examples" / "mcp"
README = (EXAMPLE / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXAMPLE)
        yield import_module("server").server
        del sys.modules["server"]


def call(server: Any, tool: str, arguments: dict[str, Any]) -> CallToolResult:
    async def send() -> CallToolResult:
        async with Client(server) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(send())


def answered(server: Any, tool: str, **arguments: Any) -> Any:
    result = call(server, tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content.get("result", result.structured_content)


def refused(server: Any, tool: str, **arguments: Any) -> str:
    result = call(server, tool, arguments)
    assert result.is_error
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def check(answer: dict[str, Any]) -> None:
    """Check that an answer is a record of the data, with every quotation of its evidence and nothing else."""
    record = eaps.load().find(answer["subject"])
    assert type(record).model_validate(answer["record"]) == record
    rows = eaps.evidence.where(subject=record)
    assert sorted(each["quote"] for each in answer["quotations"]) == sorted(row.quote for row in rows)
    assert {each["place"] for each in answer["quotations"]} == {row.place or row.source for row in rows}
    assert [name for name in answer["not_stated"] if "." not in name and getattr(record, name)] == []


@pytest.mark.parametrize("key", ["revere", "BHU", "2502556585", "partners/revere-police-department", "geonames"])
def test_find_returns_a_record_with_its_quotations(server: Any, key: str) -> None:
    answer = answered(server, "find", key=key)
    assert eaps.load().find(answer["subject"]) == eaps.load().find(key)
    check(answer)


def test_filter_returns_programs_with_their_quotations(server: Any) -> None:
    for filters in ({"need": "mental-health"}, {"municipality": "New Bedford", "status": "expanding"}, {}):
        answers = answered(server, "filter", filters=filters)
        programs = eaps.programs.where(**filters)  # type: ignore[arg-type]  # they have the right types
        assert [each["record"]["id"] for each in answers] == [*programs.ids] != []
        for answer in answers:
            check(answer)


def test_search_returns_hits(server: Any) -> None:
    found = answered(server, "search", query="peer recovery", limit=3)
    assert found == {"hits": [hit.to_dict() for hit in eaps.search("peer recovery", 3)], "not_stated": []}


def test_why_returns_the_quotations_of_one_field(server: Any) -> None:
    answer = answered(server, "why", key="revere-bhu", field="status")
    (row,) = eaps.evidence.where(subject="revere-bhu", field="status")
    assert answer["quotations"] == [
        {"claim": "status", "quote": row.quote, "place": row.place, "basis": "stated", "note": ""}
    ]
    assert (answer["not_stated"], answer["note"]) == ([], "")


# What the page does not state


def test_a_field_without_a_value_is_not_stated(server: Any) -> None:
    answer = answered(server, "why", key="revere-bhu", field="started_year")
    assert (answer["quotations"], answer["not_stated"]) == ([], ["started_year"])
    assert "started_year" in answered(server, "find", key="revere-bhu")["not_stated"]


@pytest.mark.parametrize("topic", eaps.not_stated(), ids=lambda topic: topic.topic)
def test_a_question_that_the_page_does_not_answer_is_not_stated(server: Any, topic: eaps.NotStated) -> None:
    for name in topic.names:
        answer = answered(server, "why", key="revere-bhu", field=name)
        assert (answer["quotations"], answer["not_stated"], answer["note"]) == ([], [name], topic.explanation)
    found = answered(server, "search", query=f"What {topic.topic} has Revere?")
    assert found["not_stated"] == [topic.explanation]
    assert found["hits"]


def test_readme_shows_what_is_not_stated(server: Any) -> None:
    shown = json.loads(README.split("```json")[2].split("```")[0])
    answer = answered(server, "why", key="revere-bhu", field="budget")
    assert shown == {name: answer[name] for name in shown}
    assert answer["quotations"] == []


def test_instructions_list_what_the_page_does_not_state(server: Any) -> None:
    for topic in eaps.not_stated():
        assert topic.explanation in server.instructions
    assert eaps.cite().text in server.instructions


# Errors that an assistant can correct


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("find", {"key": "revere-bh"}, "unknown dataset key 'revere-bh' (did you mean 'revere-bhu' or"),
        ("find", {"key": "City of Northampton"}, "use one of: municipalities/northampton, partners/city-of"),
        ("why", {"key": "revere-bhu", "field": "gaols"}, "did you mean 'goals'?"),
        ("search", {"query": " "}, "the query contains no words"),
        ("search", {"query": "peer", "limit": 0}, "greater than or equal to 1"),
        ("filter", {"filters": {"municipality": "Reveer"}}, "did you mean 'revere'?"),
        ("filter", {"filters": {"status": "growing"}}, "'expanding'"),
        ("filter", {"filters": {"statsu": "expanding"}}, "statsu"),
    ],
)
def test_errors_name_the_fix(server: Any, tool: str, arguments: dict[str, Any], message: str) -> None:
    assert message in refused(server, tool, **arguments)


# The protocol


def test_tools_describe_themselves(server: Any) -> None:
    async def listed() -> Any:
        async with Client(server) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(listed())}
    assert set(tools) == {"find", "search", "filter", "why"}
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools.values())
    filters = tools["filter"].input_schema["$defs"]["ProgramFilters"]
    assert filters["additionalProperties"] is False
    assert set(filters["properties"]) <= set(signature(eaps.Programs.where).parameters)
    assert tools["filter"].input_schema["$defs"]["Need"]["enum"] == [*eaps.Need]


def test_server_starts_as_readme_says() -> None:
    (script,) = re.findall(r'"args": \["/path/to/(.+)"\]', README)
    started = stdio_client(StdioServerParameters(command=sys.executable, args=[str(EXAMPLE / script)]))
    check(answered(started, "find", key="BHU"))
