"""Massachusetts' Equitable Approaches to Public Safety program as data: who is funded, for what, and with whom.

>>> import eaps_data as eaps
>>> eaps.municipalities["revere"].county
'Suffolk'

Importing is lazy (PEP 562): no file, model or network access until a name is used.

The names in `__all__`, and those in the `__all__` of `export`, `plot` and `validation`, are public, and so are
`eaps_data.models.terms` and `eaps_data.schemas.typescript`. Everything else may change in any release.
"""

from eaps_data._version import __version__

_MODULES = {
    "errors": (
        "AmbiguousKeyError",
        "EapsDataError",
        "ExportError",
        "InvalidDataError",
        "KeyNotFoundError",
        "MissingExtraError",
        "OldSchemaWarning",
        "Problem",
        "RemovedIdError",
        "RenamedIdWarning",
        "UnknownFilterError",
        "UnknownTermError",
    ),
    "models.ids": ("MunicipalityId", "PartnerId", "ProgramId", "SourceId"),
    "models.not_stated": ("NotStated", "not_stated"),
    "models.past_ids": ("Redirect", "Tombstone"),
    "models.records": (
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
    "models.vocabulary": (
        "Approach",
        "Basis",
        "Framework",
        "FundingStatus",
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
    "provenance.citation": ("Citation", "cite"),
    "provenance.diff": ("Change", "Difference", "diff"),
    "provenance.draft": ("Draft", "draft"),
    "provenance.saved_page": ("NotAPageError",),
    "provenance.verification": ("Verification", "verify"),
    "provenance.why": ("Claim", "Why", "why"),
    "schemas.published": ("json_schema",),
    "tables.base": ("Collection",),
    "tables.collections": ("EvidenceRows", "Municipalities", "Partners", "Partnerships", "Programs", "Sources"),
    "tables.dataset": ("Dataset", "load", "search"),
    "tables.hits": ("Hit", "Hits", "Match"),
}
"""The public names, by the module that defines them; `__init__.pyi` repeats them for type checkers."""
_SUBMODULES = ("export", "plot", "validation")
_OF_THE_PACKAGED_DATASET = (
    "evidence",
    "grant_program",
    "municipalities",
    "partners",
    "partnerships",
    "programs",
    "release",
    "sources",
)
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = sorted(["__version__", *_HOMES, *_SUBMODULES, *_OF_THE_PACKAGED_DATASET])  # pyright: ignore[reportUnsupportedDunderAll]  # checkers read the stub


def __getattr__(name: str) -> object:
    """Import a public name on first use, and keep it."""
    from eaps_data._internal.first_use import LOCK

    with LOCK:
        value = globals()[name] = _import(name)
    return value


def _import(name: str) -> object:
    from importlib import import_module

    from eaps_data._internal.gc_pause import GcPaused

    if name in _HOMES:
        with GcPaused():  # pydantic and the models create many objects, all of them kept
            return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    if name in _SUBMODULES:
        return import_module(f"{__name__}.{name}")
    if name in _OF_THE_PACKAGED_DATASET:
        with GcPaused():
            from eaps_data.tables.dataset import load
        return getattr(load(), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
