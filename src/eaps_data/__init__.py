"""Massachusetts' Equitable Approaches to Public Safety program as data: who is funded, for what, with whom.

>>> import eaps_data as eaps
>>> eaps.municipalities["revere"].county
'Suffolk'

Importing the package opens no file and builds no model; each name is made when it is first asked for (PEP 562).
"""

TYPE_CHECKING = False  # type checkers take it as true; importing typing would double the time of this import
if TYPE_CHECKING:
    from eaps_data import export, plot, validation
    from eaps_data.collection import Collection
    from eaps_data.dataset import Dataset, load
    from eaps_data.errors import (
        AmbiguousKeyError,
        EapsDataError,
        ExportError,
        InvalidDataError,
        KeyNotFoundError,
        MissingExtraError,
        RemovedIdError,
        RenamedIdWarning,
        UnknownFilterError,
        UnknownTermError,
    )
    from eaps_data.ids import MunicipalityId, PartnerId, ProgramId, SourceId
    from eaps_data.models import (
        Address,
        Contact,
        DatasetDocument,
        Evidence,
        GrantProgram,
        Identifiers,
        Location,
        Municipality,
        Partner,
        Partnership,
        Program,
        Release,
        Source,
    )
    from eaps_data.past_ids import Redirect, Tombstone
    from eaps_data.problems import Problem
    from eaps_data.provenance.citation import Citation, cite
    from eaps_data.provenance.diff import diff
    from eaps_data.provenance.difference import Change, Difference
    from eaps_data.provenance.draft import draft
    from eaps_data.provenance.saved_page import NotAPageError
    from eaps_data.provenance.verification import Verification
    from eaps_data.provenance.verify import verify
    from eaps_data.provenance.why import Claim, Why, why
    from eaps_data.schema import json_schema
    from eaps_data.tables import (
        EvidenceRows,
        Municipalities,
        Partners,
        Partnerships,
        Programs,
        Sources,
    )
    from eaps_data.text_search import Hit, Match
    from eaps_data.vocabulary import (
        Approach,
        Basis,
        Framework,
        GovernmentForm,
        MunicipalityStyle,
        Need,
        PartnerKind,
        Population,
        ProgramKind,
        ProgramStatus,
        Role,
        Service,
        StaffRole,
        Term,
    )

    municipalities: Municipalities
    programs: Programs
    partners: Partners
    partnerships: Partnerships
    sources: Sources
    evidence: EvidenceRows
    grant_program: GrantProgram
    release: Release

__version__ = "0.1.0"

__all__ = [
    "Address",
    "AmbiguousKeyError",
    "Approach",
    "Basis",
    "Change",
    "Citation",
    "Claim",
    "Collection",
    "Contact",
    "Dataset",
    "DatasetDocument",
    "Difference",
    "EapsDataError",
    "Evidence",
    "EvidenceRows",
    "ExportError",
    "Framework",
    "GovernmentForm",
    "GrantProgram",
    "Hit",
    "Identifiers",
    "InvalidDataError",
    "KeyNotFoundError",
    "Location",
    "Match",
    "MissingExtraError",
    "Municipalities",
    "Municipality",
    "MunicipalityId",
    "MunicipalityStyle",
    "Need",
    "NotAPageError",
    "Partner",
    "PartnerId",
    "PartnerKind",
    "Partners",
    "Partnership",
    "Partnerships",
    "Population",
    "Problem",
    "Program",
    "ProgramId",
    "ProgramKind",
    "ProgramStatus",
    "Programs",
    "Redirect",
    "Release",
    "RemovedIdError",
    "RenamedIdWarning",
    "Role",
    "Service",
    "Source",
    "SourceId",
    "Sources",
    "StaffRole",
    "Term",
    "Tombstone",
    "UnknownFilterError",
    "UnknownTermError",
    "Verification",
    "Why",
    "__version__",
    "cite",
    "diff",
    "draft",
    "evidence",
    "export",
    "grant_program",
    "json_schema",
    "load",
    "municipalities",
    "partners",
    "partnerships",
    "plot",
    "programs",
    "release",
    "search",
    "sources",
    "validation",
    "verify",
    "why",
]

_TABLES = ("municipalities", "programs", "partners", "partnerships", "sources", "evidence")
_MODULES = {
    "collection": ("Collection",),
    "dataset": ("Dataset", "load"),
    "errors": (
        "AmbiguousKeyError",
        "EapsDataError",
        "ExportError",
        "InvalidDataError",
        "KeyNotFoundError",
        "MissingExtraError",
        "RemovedIdError",
        "RenamedIdWarning",
        "UnknownFilterError",
        "UnknownTermError",
    ),
    "ids": ("MunicipalityId", "PartnerId", "ProgramId", "SourceId"),
    "models": (
        "Address",
        "Contact",
        "DatasetDocument",
        "Evidence",
        "GrantProgram",
        "Identifiers",
        "Location",
        "Municipality",
        "Partner",
        "Partnership",
        "Program",
        "Release",
        "Source",
    ),
    "past_ids": ("Redirect", "Tombstone"),
    "problems": ("Problem",),
    "provenance.citation": ("Citation", "cite"),
    "provenance.diff": ("diff",),
    "provenance.difference": ("Change", "Difference"),
    "provenance.draft": ("draft",),
    "provenance.saved_page": ("NotAPageError",),
    "provenance.verification": ("Verification",),
    "provenance.verify": ("verify",),
    "provenance.why": ("Claim", "Why", "why"),
    "schema": ("json_schema",),
    "tables": ("EvidenceRows", "Municipalities", "Partners", "Partnerships", "Programs", "Sources"),
    "text_search": ("Hit", "Match"),
    "vocabulary": (
        "Approach",
        "Basis",
        "Framework",
        "GovernmentForm",
        "MunicipalityStyle",
        "Need",
        "PartnerKind",
        "Population",
        "ProgramKind",
        "ProgramStatus",
        "Role",
        "Service",
        "StaffRole",
        "Term",
    ),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


if not TYPE_CHECKING:  # to a type checker, a module with __getattr__ has every name that one may misspell

    def __getattr__(name: str) -> object:
        """Make a name when it is first asked for, and keep it."""
        from importlib import import_module

        from eaps_data.collecting import CollectionPaused

        if name in _HOMES:
            with CollectionPaused():  # pydantic and the models are made of many objects, which all stay
                value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        elif name in {"export", "plot", "validation"}:
            value = import_module(f"{__name__}.{name}")
        elif name in {*_TABLES, "grant_program", "release"}:
            with CollectionPaused():
                from eaps_data.dataset import load

            value = getattr(load(), name)
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return __all__


def search(query: str) -> "tuple[Hit, ...]":
    """Find municipalities, programs and partners by what is said in them, best first.

    Args:
        query: words, in any order, whole or in part from their beginning.

    Returns:
        The hits, each with its `record`, its `score`, and in `matches` the fields and words that matched. The
        score is 3 for a key as written, 2 for a key in another spelling, and from 0 to 1 for words. To look a
        record up by its key, use `programs[key]`, which never guesses.

    Raises:
        ValueError: when the query has no word.

    >>> for hit in search("peer recovery")[:1]:
    ...     print(hit.record.id, [match.field for match in hit.matches])
    winthrop-public-health-and-safety-team ['services', 'staff_roles', 'summary', 'definition']
    """
    from eaps_data.dataset import load

    return load().search(query)
