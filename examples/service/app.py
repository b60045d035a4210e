"""The data as a web service: the package's records, filters and errors, as HTTP has them.

Start it with `uvicorn app:app`; it describes itself at `/docs` and `/openapi.json`. The paths of records are what
evidence calls them: `/programs/revere-bhu`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

import eaps_data as eaps
from eaps_data.models import SCHEMA_ID, Record
from eaps_data.provenance.content_hash import content_hash
from eaps_data.report import ReportedProblem
from eaps_data.validation import validate
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

R = TypeVar("R", bound=Record)

MAX_AGE = 3600
"""For how many seconds an answer may be used without asking again; after that, the ETag spares sending it."""
LARGEST = 10_000_000
"""How many bytes a document to be validated may have."""


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Load the data before the first request, which would wait for it otherwise."""
    eaps.load()
    yield


# Asking the data takes well under a millisecond, so that handlers are `async` and need no thread.
async def dataset() -> eaps.Dataset:
    """The data that is served. To serve a version or data of your own, make it at start-up and return it here."""
    return eaps.load()


Data = Annotated[eaps.Dataset, Depends(dataset)]


async def unless_unchanged(data: Data, request: Request, response: Response) -> None:
    """Let an answer be kept, and do not give it again to those who have it: it changes with the versions only."""
    tag = f'"{data.release.data_version}-{eaps.__version__}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={MAX_AGE}"}
    known = request.headers.get("If-None-Match", "").split(",")
    if tag in (each.strip().removeprefix("W/") for each in known):
        raise HTTPException(304, headers=headers)
    response.headers.update(headers)


# Filters: the keywords of each table's `where`. One that is given several times means any of its values.

NotSaid: TypeAlias = Literal["null"]
"""What asks for the records of which the source does not say."""


class Filters(BaseModel):
    """The filters of a table; another is refused, and so is a term that its vocabulary does not have."""

    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        """The filters that are given, as `where` takes them."""
        return {name: [None if one == "null" else one for one in values] for name, values in self if values}


class MunicipalityFilters(Filters):
    style: list[eaps.MunicipalityStyle] = []
    county: list[str] = []
    state: list[str] = []
    government_form: list[eaps.GovernmentForm | NotSaid] = []


class ProgramFilters(Filters):
    municipality: list[str] = []
    kind: list[eaps.ProgramKind | NotSaid] = []
    status: list[eaps.ProgramStatus | NotSaid] = []
    part_of: list[str] = []
    approach: list[eaps.Approach | NotSaid] = []
    service: list[eaps.Service | NotSaid] = []
    staff_role: list[eaps.StaffRole | NotSaid] = []
    population: list[eaps.Population | NotSaid] = []
    need: list[eaps.Need | NotSaid] = []
    framework: list[eaps.Framework | NotSaid] = []
    partner: list[str] = []
    role: list[eaps.Role] = []


class PartnerFilters(Filters):
    kind: list[eaps.PartnerKind | NotSaid] = []
    municipality: list[str] = []
    part_of: list[str] = []
    program: list[str] = []
    role: list[eaps.Role] = []


class PartnershipFilters(Filters):
    program: list[str] = []
    partner: list[str] = []
    role: list[eaps.Role] = []
    example: list[bool] = []


class SourceFilters(Filters):
    publisher: list[str] = []
    field: list[str] = []


class EvidenceFilters(Filters):
    subject: list[str] = []
    field: list[str] = []
    item: list[str] = []
    basis: list[eaps.Basis] = []
    source: list[str] = []
    section: list[str] = []
