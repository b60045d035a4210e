"""The data as an HTTP API: the package's records, filters and errors.

Start it with `uvicorn app:app`; `/docs` describes it. The paths of records are as in evidence: `/programs/revere-bhu`.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

import eaps_data as eaps
from eaps_data.models.records import Record
from eaps_data.models.report import ReportedProblem
from eaps_data.validation import validate

C = TypeVar("C", bound=eaps.Collection[Any])
R = TypeVar("R", bound=Record)

MAX_AGE = 3600
"""How many seconds a response may be used without a new request."""
MAX_BYTES = 10_000_000
"""The largest document to validate."""


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
    """Load the data at startup, so that no request waits for it."""
    eaps.load()
    yield


app = FastAPI(
    title="Equitable Approaches to Public Safety",
    description="The municipalities that the program funds, with their programs and partners.",
    version=eaps.__version__,
    license_info={"name": "Data: CC BY 4.0", "identifier": "CC-BY-4.0"},
    lifespan=lifespan,
)


# Middleware


@app.middleware("http")
async def answer_head(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Answer HEAD with the headers of GET."""
    if request.method != "HEAD":
        return await call_next(request)
    request.scope["method"] = "GET"
    response = await call_next(request)
    request.scope["method"] = "HEAD"  # the server sends no body
    return response


app.add_middleware(GZipMiddleware, minimum_size=1000)
app.add_middleware(
    CORSMiddleware, allow_origins=["*"], allow_methods=["*"], expose_headers=["ETag", "Link", "X-Total-Count"]
)


# Dependencies. Lookups and filters take less than a millisecond, so functions are `async` and need no thread.


async def dataset() -> eaps.Dataset:
    """Return the data that is served. For a released version or your own data, load it at startup and return it."""
    return eaps.load()


Data = Annotated[eaps.Dataset, Depends(dataset)]


async def cached(data: Data, request: Request, response: Response) -> None:
    """Let clients cache responses, which change only with the versions of the data and the code."""
    headers = {
        "ETag": f'W/"{data.release.data_version}-{eaps.__version__}"',
        "Cache-Control": f"public, max-age={MAX_AGE}",
    }
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        raise HTTPException(304, headers=headers)
    response.headers.update(headers)


# Query parameters: the filters of each table's `where`. A filter that is given twice matches either value.

NotStated = Literal["null"]
"""The filter value that matches records whose field the source does not state."""


class Filters(BaseModel, extra="forbid"):
    limit: int = Field(default=100, ge=1, le=1000)
    offset: int = Field(default=0, ge=0)


class TermFilters(Filters):
    exact: bool = Field(default=False, description="Whether a term matches only itself, not its narrower terms too.")


class MunicipalityFilters(TermFilters):
    style: list[eaps.MunicipalityStyle] = []
    county: list[str] = []
    state: list[str] = []
    government_form: list[eaps.GovernmentForm | NotStated] = []


class ProgramFilters(TermFilters):
    municipality: list[str] = []
    county: list[str] = []
    named_by_source: bool | None = None
    plural: bool | None = None
    kind: list[eaps.ProgramKind | NotStated] = []
    status: list[eaps.ProgramStatus | NotStated] = []
    started_year: list[int | NotStated] = []
    part_of: list[str] = []
    expands: list[str] = []
    approach: list[eaps.Approach | NotStated] = []
    service: list[eaps.Service | NotStated] = []
    staff_role: list[eaps.StaffRole | NotStated] = []
    population: list[eaps.Population | NotStated] = []
    need: list[eaps.Need | NotStated] = []
    framework: list[eaps.Framework | NotStated] = []
    open_ended: list[str] = []
    partner: list[str] = []
    partner_kind: list[eaps.PartnerKind | NotStated] = []
    role: list[eaps.Role] = []


class PartnerFilters(TermFilters):
    kind: list[eaps.PartnerKind | NotStated] = []
    municipality: list[str] = []
    part_of: list[str] = []
    program: list[str] = []
    role: list[eaps.Role] = []


class PartnershipFilters(TermFilters):
    program: list[str] = []
    partner: list[str] = []
    role: list[eaps.Role] = []
    example: bool | None = None


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


def filtered(where: Callable[..., C], filters: Filters, request: Request, response: Response) -> C:
    """Return one page of the records that match the filters; the headers have their number and the next page."""
    given = filters.model_dump(exclude_defaults=True, exclude={"limit", "offset"})
    for name, values in given.items():
        if isinstance(values, list):
            given[name] = [None if value == "null" else value for value in values]
    try:
        found = where(**given)
    except eaps.EapsDataError as error:
        raise bad_query(error) from error
    end = filters.offset + filters.limit
    response.headers["X-Total-Count"] = str(len(found))
    if end < len(found):
        response.headers["Link"] = f'<{request.url.include_query_params(offset=end)}>; rel="next"'
    return found[filters.offset : end]


def bad_query(error: Exception) -> HTTPException:
    return HTTPException(422, [{"type": "value_error", "loc": ["query"], "msg": str(error)}])


# Lookups


class Failure(BaseModel):
    """Why there is no record."""

    detail: str
    closest: list[str] = Field(default=[], description="404: keys that resemble the requested one.")
    candidates: list[str] = Field(
        default=[], description="300: the paths of the records that have the key, from the root."
    )


FAILURES: dict[int | str, dict[str, Any]] = {
    300: {"model": Failure, "description": "The key is ambiguous."},
    308: {"description": "The id was renamed; `Location` is the new path."},
    404: {"model": Failure, "description": "No record has the key."},
    410: {"model": Failure, "description": "The record was removed."},
}


def failure(status: int, error: Exception, **more: list[str]) -> JSONResponse:
    return JSONResponse(Failure(detail=str(error), **more).model_dump(exclude_defaults=True), status)


@app.exception_handler(eaps.KeyNotFoundError)
async def not_found(_: Request, error: eaps.KeyNotFoundError) -> JSONResponse:
    return failure(404, error, closest=list(error.closest))


@app.exception_handler(eaps.RemovedIdError)
async def removed(_: Request, error: eaps.RemovedIdError) -> JSONResponse:
    return failure(410, error)


@app.exception_handler(eaps.AmbiguousKeyError)
async def ambiguous(_: Request, error: eaps.AmbiguousKeyError) -> JSONResponse:
    return failure(300, error, candidates=[f"{error.table}/{key}" for key in error.candidates])


def found(data: eaps.Dataset, table: eaps.Collection[R], key: str) -> R:
    """Return the record with a key; redirect from an id that was renamed."""
    renamed = data.past_ids.exact(table.table, key)
    if isinstance(renamed, eaps.Redirect):
        raise HTTPException(308, headers={"Location": f"../{renamed.new}"})
    return table[key]


# Paths


class About(BaseModel):
    """The edition of the data, and how to cite it."""

    release: eaps.Release
    schema_id: str
    code_version: str
    citation: str
    bibtex: str
    csl: dict[str, Any]


class Health(BaseModel):
    status: Literal["ok"] = "ok"
    data_version: str


@app.get("/health")
async def health(data: Data) -> Health:
    """Whether the service is running and its data is loaded."""
    return Health(data_version=data.release.data_version)


read = APIRouter(
    dependencies=[Depends(cached)],
    responses={304: {"description": "The client's copy, by `If-None-Match`, is current."}},
)


@read.get("/")
async def about(data: Data) -> About:
    citation = eaps.cite(data)
    return About(
        release=data.release,
        schema_id=eaps.json_schema()["$id"],
        code_version=eaps.__version__,
        citation=citation.text,
        bibtex=citation.bibtex,
        csl=citation.csl,
    )


@read.get("/dataset")
async def get_dataset(data: Data) -> eaps.Dataset:
    """All tables as one document."""
    return data


@read.get("/grant_program")
async def get_grant_program(data: Data) -> eaps.GrantProgram:
    return data.grant_program


@read.get("/municipalities")
async def list_municipalities(
    data: Data, filters: Annotated[MunicipalityFilters, Query()], request: Request, response: Response
) -> eaps.Municipalities:
    return filtered(data.municipalities.where, filters, request, response)


@read.get("/programs")
async def list_programs(
    data: Data, filters: Annotated[ProgramFilters, Query()], request: Request, response: Response
) -> eaps.Programs:
    return filtered(data.programs.where, filters, request, response)


@read.get("/partners")
async def list_partners(
    data: Data, filters: Annotated[PartnerFilters, Query()], request: Request, response: Response
) -> eaps.Partners:
    return filtered(data.partners.where, filters, request, response)


@read.get("/partnerships")
async def list_partnerships(
    data: Data, filters: Annotated[PartnershipFilters, Query()], request: Request, response: Response
) -> eaps.Partnerships:
    return filtered(data.partnerships.where, filters, request, response)


@read.get("/sources")
async def list_sources(
    data: Data, filters: Annotated[SourceFilters, Query()], request: Request, response: Response
) -> eaps.Sources:
    return filtered(data.sources.where, filters, request, response)


@read.get("/evidence")
async def list_evidence(
    data: Data, filters: Annotated[EvidenceFilters, Query()], request: Request, response: Response
) -> eaps.EvidenceRows:
    """The quotations that support the claims; those of one record with `?subject=programs/revere-bhu`."""
    return filtered(data.evidence.where, filters, request, response)


@read.get("/search")
async def search(
    data: Data, q: Annotated[str, Query(examples=["peer recovery"])], limit: Annotated[int, Query(ge=1)] = 20
) -> eaps.Hits:
    """The municipalities, programs, partners and grant program that match, best first, with the words that matched."""
    try:
        return data.search(q, limit)
    except ValueError as error:
        raise bad_query(error) from error


@read.get("/municipalities/{key:path}", responses=FAILURES)
async def get_municipality(data: Data, key: str) -> eaps.Municipality:
    """A municipality by its id, name, Census name, GEOID or another code."""
    return found(data, data.municipalities, key)


@read.get("/programs/{key:path}", responses=FAILURES)
async def get_program(data: Data, key: str) -> eaps.Program:
    """A program by its id, name, acronym or alias."""
    return found(data, data.programs, key)


@read.get("/partners/{key:path}", responses=FAILURES)
async def get_partner(data: Data, key: str) -> eaps.Partner:
    """A partner by its id, name, acronym or alias."""
    return found(data, data.partners, key)


@read.get("/partnerships/{key:path}", responses=FAILURES)
async def get_partnership(data: Data, key: str) -> eaps.Partnership:
    """A partnership by its id: `program--partner--role`."""
    return found(data, data.partnerships, key)


@read.get("/sources/{key:path}", responses=FAILURES)
async def get_source(data: Data, key: str) -> eaps.Source:
    """A source by its id or title."""
    return found(data, data.sources, key)


app.include_router(read)


# Validation


class Verdict(BaseModel):
    """Whether a document is valid, and its problems with their lines and columns."""

    valid: bool
    problems: list[ReportedProblem]


DOCUMENT = {"schema": {"$ref": "#/components/schemas/DatasetDocument"}}


@app.post(
    "/validate",
    responses={413: {"description": f"The document has more than {MAX_BYTES} bytes."}},
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": DOCUMENT}}},
)
async def check(request: Request) -> Verdict:
    """Validate a dataset document: each record, and the references between records."""
    body = bytearray()  # as it was sent, because the problems have its lines and columns
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise HTTPException(413)
    problems = await run_in_threadpool(validate, bytes(body), "dataset")
    return Verdict(
        valid=all(problem.severity == "warning" for problem in problems),
        problems=[ReportedProblem.model_validate(problem.to_dict()) for problem in problems],
    )
