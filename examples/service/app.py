"""The data as a web service: the package's records, filters and errors, as HTTP has them.

Start it with `uvicorn app:app`; it describes itself at `/docs` and `/openapi.json`. The paths of records are what
evidence calls them: `/programs/revere-bhu`.
"""

from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

import eaps_data as eaps
from eaps_data.models.records import Record
from eaps_data.models.report import ReportedProblem
from eaps_data.validation import validate

R = TypeVar("R", bound=Record)

MAX_AGE = 3600
"""For how many seconds an answer may be used without asking again; after that, the ETag spares sending it."""
LARGEST = 10_000_000
"""How many bytes a document to be validated may have."""


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
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
        return {name: _meant(value) for name, value in self.model_dump(exclude_defaults=True).items()}


class TermFilters(Filters):
    """The filters of a table with terms: one also finds the records of its narrower terms, unless `exact` is true."""

    exact: bool = False


def _meant(value: object) -> object:
    return [None if one == "null" else one for one in value] if isinstance(value, list) else value


class MunicipalityFilters(TermFilters):
    style: list[eaps.MunicipalityStyle] = []
    county: list[str] = []
    state: list[str] = []
    government_form: list[eaps.GovernmentForm | NotSaid] = []


class ProgramFilters(TermFilters):
    municipality: list[str] = []
    county: list[str] = []
    named_by_source: bool | None = None
    plural: bool | None = None
    kind: list[eaps.ProgramKind | NotSaid] = []
    status: list[eaps.ProgramStatus | NotSaid] = []
    started_year: list[int | NotSaid] = []
    part_of: list[str] = []
    expands: list[str] = []
    approach: list[eaps.Approach | NotSaid] = []
    service: list[eaps.Service | NotSaid] = []
    staff_role: list[eaps.StaffRole | NotSaid] = []
    population: list[eaps.Population | NotSaid] = []
    need: list[eaps.Need | NotSaid] = []
    framework: list[eaps.Framework | NotSaid] = []
    open_ended: list[str] = []
    partner: list[str] = []
    partner_kind: list[eaps.PartnerKind | NotSaid] = []
    role: list[eaps.Role] = []


class PartnerFilters(TermFilters):
    kind: list[eaps.PartnerKind | NotSaid] = []
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


class EvidenceFilters(TermFilters):
    subject: list[str] = []
    field: list[str] = []
    item: list[str] = []
    basis: list[eaps.Basis] = []
    source: list[str] = []
    section: list[str] = []


# Where there is no answer

Responses = dict[int | str, dict[str, Any]]


class Failure(BaseModel):
    """Why there is no such record, in words and as data."""

    detail: str
    closest: tuple[str, ...] = Field(default=(), description="404: keys that resemble the one that was asked for.")
    candidates: tuple[str, ...] = Field(
        default=(), description="300: the paths of the records that the key could mean."
    )
    since: str | None = Field(default=None, description="410: the first version of the data without the record.")
    why: str | None = Field(default=None, description="410: why it was removed.")


UNCHANGED: Responses = {304: {"description": "What the client has, by `If-None-Match`, is still so."}}
MISSES: Responses = {
    300: {"model": Failure, "description": "The key could mean more than one record."},
    308: {"description": "The id was renamed; `Location` is the path of the record."},
    404: {"model": Failure, "description": "No record has the key."},
    410: {"model": Failure, "description": "The record was removed."},
}

app = FastAPI(
    title="Equitable Approaches to Public Safety",
    description="The municipalities that the program funds, with their programs and partners.",
    version=eaps.__version__,
    lifespan=lifespan,
    generate_unique_id_function=lambda route: route.name,
)
reading = APIRouter(dependencies=[Depends(unless_unchanged)], responses=UNCHANGED)


@app.exception_handler(eaps.KeyNotFoundError)
async def _not_found(_: Request, error: eaps.KeyNotFoundError) -> JSONResponse:
    return _failed(404, Failure(detail=str(error), closest=tuple(error.closest)))


@app.exception_handler(eaps.RemovedIdError)
async def _gone(_: Request, error: eaps.RemovedIdError) -> JSONResponse:
    return _failed(410, Failure(detail=str(error), since=error.since, why=error.why))


@app.exception_handler(eaps.AmbiguousKeyError)
async def _ambiguous(request: Request, error: eaps.AmbiguousKeyError) -> JSONResponse:
    paths = tuple(_path(request, f"{error.table}/{key}") for key in error.candidates)
    return _failed(300, Failure(detail=str(error), candidates=paths))


def _failed(status: int, failure: Failure) -> JSONResponse:
    return JSONResponse(failure.model_dump(exclude_defaults=True), status)


def _path(request: Request, subject: str) -> str:
    return f"{request.scope['root_path']}/{subject}"


def several(where: Callable[..., Iterable[R]], filters: Filters) -> tuple[R, ...]:
    """The records that meet all the filters."""
    try:
        return tuple(where(**filters.given()))
    except eaps.EapsDataError as error:
        raise _unusable(error) from None


def _unusable(error: Exception) -> RequestValidationError:
    return RequestValidationError([{"type": "value_error", "loc": ("query",), "msg": str(error)}])


class Lookup:
    """How a record is found by its key, in the path."""

    def __init__(self, key: str, data: Data, request: Request, response: Response) -> None:
        """Keep what a lookup needs."""
        self._key, self.data, self._request, self._response = key, data, request, response

    def one(self, table: eaps.Collection[R]) -> R:
        """The record, from its own path: an id that was renamed is redirected there, another key names it."""
        became = self.data.past_ids.exact(table.table, self._key)
        if isinstance(became, eaps.Redirect):
            raise HTTPException(308, headers={"Location": _path(self._request, became.new)})
        record = table[self._key]
        own = f"{table.table}/{record.lookup_keys[0]}"
        self._response.headers["Content-Location"] = _path(self._request, own)
        return record


By = Annotated[Lookup, Depends()]


# What can be read


class About(BaseModel):
    """Which edition of the data this is, and how to cite it."""

    release: eaps.Release
    content_hash: str
    schema_id: str
    code_version: str
    citation: str
    bibtex: str
    csl: dict[str, Any]


@reading.get("/")
async def about(data: Data) -> About:
    cited = eaps.cite(data)
    return About(
        release=data.release,
        content_hash=cited.content_hash,
        schema_id=eaps.json_schema()["$id"],
        code_version=eaps.__version__,
        citation=cited.text,
        bibtex=cited.bibtex,
        csl=cited.csl,
    )


@reading.get("/dataset")
async def document(data: Data) -> eaps.DatasetDocument:
    """All tables, as the one document whose schema is published."""
    return data.document


@reading.get("/grant_program")
async def grant_program(data: Data) -> eaps.GrantProgram:
    return data.grant_program


@reading.get("/municipalities")
async def municipalities(data: Data, filters: Annotated[MunicipalityFilters, Query()]) -> tuple[eaps.Municipality, ...]:
    return several(data.municipalities.where, filters)


@reading.get("/programs")
async def programs(data: Data, filters: Annotated[ProgramFilters, Query()]) -> tuple[eaps.Program, ...]:
    return several(data.programs.where, filters)


@reading.get("/partners")
async def partners(data: Data, filters: Annotated[PartnerFilters, Query()]) -> tuple[eaps.Partner, ...]:
    return several(data.partners.where, filters)


@reading.get("/partnerships")
async def partnerships(data: Data, filters: Annotated[PartnershipFilters, Query()]) -> tuple[eaps.Partnership, ...]:
    return several(data.partnerships.where, filters)


@reading.get("/sources")
async def sources(data: Data, filters: Annotated[SourceFilters, Query()]) -> tuple[eaps.Source, ...]:
    return several(data.sources.where, filters)


@reading.get("/evidence")
async def evidence(data: Data, filters: Annotated[EvidenceFilters, Query()]) -> tuple[eaps.Evidence, ...]:
    """The phrases behind the claims: of one record with `subject`, as in `/evidence?subject=programs/revere-bhu`."""
    return several(data.evidence.where, filters)


@reading.get("/search")
async def search(
    data: Data, q: Annotated[str, Query(examples=["peer recovery"])], limit: Annotated[int, Query(ge=1)] = 20
) -> tuple[eaps.Hit, ...]:
    """The municipalities, programs, partners and grant program that match, best first, with the words that matched."""
    try:
        return data.search(q, limit)
    except ValueError as error:
        raise _unusable(error) from None


@reading.get("/municipalities/{key:path}", responses=MISSES)
async def municipality(by: By) -> eaps.Municipality:
    """A municipality by its id, name, Census name, GEOID or another code."""
    return by.one(by.data.municipalities)


@reading.get("/programs/{key:path}", responses=MISSES)
async def program(by: By) -> eaps.Program:
    """A program by its id, name, acronym or alias."""
    return by.one(by.data.programs)


@reading.get("/partners/{key:path}", responses=MISSES)
async def partner(by: By) -> eaps.Partner:
    """A partner by its id, name, acronym or alias."""
    return by.one(by.data.partners)


@reading.get("/partnerships/{key:path}", responses=MISSES)
async def partnership(by: By) -> eaps.Partnership:
    """A partnership by its id: `program--partner--role`."""
    return by.one(by.data.partnerships)


@reading.get("/sources/{key:path}", responses=MISSES)
async def source(by: By) -> eaps.Source:
    """A source by its id or title."""
    return by.one(by.data.sources)


app.include_router(reading)


# What can be checked


class Verdict(BaseModel):
    """Whether a document is valid, and all that is wrong with it, each with its line and column."""

    valid: bool
    problems: tuple[ReportedProblem, ...]


DOCUMENT = {"schema": {"$ref": "#/components/schemas/DatasetDocument"}}


@app.post(
    "/validate",
    responses={413: {"description": f"The document has more than {LARGEST} bytes."}},
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": DOCUMENT}}},
)
async def check(request: Request) -> Verdict:
    """Check a dataset document: the schema, and the rules between records."""
    # The bytes as they came, because the lines and columns of the problems are theirs.
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise HTTPException(413)
    problems = await run_in_threadpool(validate, bytes(body), "dataset")
    return Verdict(
        valid=all(problem.severity == "warning" for problem in problems),
        problems=tuple(ReportedProblem.model_validate(problem.to_dict()) for problem in problems),
    )
