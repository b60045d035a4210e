"""The data for assistants: a Model Context Protocol server whose answers are records with their quotations.

Start it with `python server.py`, or let an assistant start it: see README.md.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

import eaps_data as eaps

DATA = eaps.load()
"""The data that is served; for your own, `eaps.Dataset.from_path("my-state/")`, with instructions to match."""

MISSING = "\n".join(f"- {each.topic}: {each.explanation}" for each in eaps.not_stated())
INSTRUCTIONS = f"""\
The municipalities funded by Massachusetts' Equitable Approaches to Public Safety program, with their programs and
partners, as one page of Mass.gov describes them. Codes and coordinates are from the Census Bureau, MassGIS and others.

- Answer from the records only, and support each statement with a quotation.
- Quote quotations only: summaries, goals and activities are paraphrases. Say so where a basis is `inferred`.
- A field that is null or empty is not stated by the page: say "not stated", never "no".

The page does not state:
{MISSING}

Cite: {eaps.cite(DATA).text} License: CC BY 4.0.
"""

server = MCPServer("eaps-data", instructions=INSTRUCTIONS, version=eaps.__version__)
reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)


class Quotation(BaseModel):
    """A phrase of the page, and the claim that it supports."""

    claim: str = Field(examples=["needs: mental-health"])
    quote: str
    place: str = Field(examples=["City of Revere, paragraph 1, sentence 2"])
    basis: eaps.Basis
    note: str = ""


class Answer(BaseModel):
    """A record and the quotations that support what it states."""

    subject: str = Field(examples=["programs/revere-bhu"])
    record: dict[str, Any]
    quotations: list[Quotation]
    not_stated: list[str] = Field(description="Fields that the page does not state. It never means no.")
    note: str = Field(description="What the page states instead of what was asked for.")


class SearchResult(BaseModel):
    """The records that match a query, best first."""

    hits: list[dict[str, Any]]
    not_stated: list[str] = Field(description="What the query asks for and the page does not state.")


class ProgramFilters(TypedDict, total=False):
    """The filters of programs. A term also finds the programs with its narrower terms."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]  # pydantic reads it from the class

    municipality: str
    county: str
    kind: eaps.ProgramKind
    status: eaps.ProgramStatus
    started_year: int
    approach: eaps.Approach
    service: eaps.Service
    staff_role: eaps.StaffRole
    population: eaps.Population
    need: eaps.Need
    framework: eaps.Framework
    partner: str
    partner_kind: eaps.PartnerKind
    role: eaps.Role


@contextmanager
def explained() -> Generator[None]:
    """Return the errors of the package to the assistant: they name the closest keys and the possible values."""
    try:
        yield
    except (eaps.EapsDataError, ValueError) as error:
        raise ToolError(str(error)) from error


def answer(key: str, field: str | None = None) -> Answer:
    why = eaps.why(key, field, dataset=DATA)
    quotations = [
        Quotation(
            claim=claim.name if claim.item is None else f"{claim.name}: {claim.item}",
            quote=row.quote,
            place=row.place or row.source,
            basis=row.basis,
            note=row.note or "",
        )
        for claim in why.claims
        for row in claim.evidence
    ]
    record = why.record.model_dump(mode="json", exclude_defaults=True)
    return Answer(
        subject=why.subject, record=record, quotations=quotations, not_stated=list(why.not_stated), note=why.note
    )


@server.tool(annotations=reads)
def find(key: Annotated[str, Field(examples=["revere", "BHU", "2502556585", "programs/revere-bhu"])]) -> Answer:
    """Return the record with a key: the id, name, acronym, alias or code of a municipality, program or partner."""
    with explained():
        return answer(key)


@server.tool(annotations=reads)
def why(key: str, field: Annotated[str, Field(examples=["goals", "status", "started_year", "budget"])]) -> Answer:
    """Return the quotations that support one field of a record, or that the page does not state it."""
    with explained():
        return answer(key, field)


@server.tool(annotations=reads)
def search(query: str, limit: Annotated[int, Field(ge=1)] = 10) -> SearchResult:
    """Search municipalities, programs, partners and the grant program for words; `find` then returns a record."""
    with explained():
        hits = DATA.search(query, limit)
    missing = (topic.explanation for word in query.split() for topic in eaps.not_stated(word.strip(".,;:?!")))
    return SearchResult(hits=[hit.to_dict() for hit in hits], not_stated=list(dict.fromkeys(missing)))


@server.tool(name="filter", annotations=reads)
def filter_programs(filters: ProgramFilters) -> list[Answer]:
    """Return the programs that match all filters, with their quotations."""
    with explained():
        programs = DATA.programs.where(**filters)  # pyright: ignore[reportArgumentType]  # a TypedDict is open to it
    return [answer(program.id) for program in programs]


if __name__ == "__main__":
    server.run()
