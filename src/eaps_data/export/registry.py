"""All formats that a dataset can be exported to: those that can be read back, and the others."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from eaps_data._internal.arguments import one_of
from eaps_data.formats.registry import LOSSLESS, Format
from eaps_data.models.option_names import LosslessName

_NOT_READ = (
    Format(
        "geojson",
        "the municipalities as points on a map (RFC 7946)",
        ".geojson",
        "eaps_data.export.geojson",
        lossless=False,
        tables=("municipalities",),
    ),
    Format(
        "hsds",
        "the programs as services of Open Referral's HSDS 3.1",
        ".json",
        "eaps_data.export.hsds",
        lossless=False,
        tables=(),
    ),
    Format(
        "html",
        "a page to explore, which needs no server and no network",
        ".html",
        "eaps_data.export.html",
        lossless=False,
        tables=(),
    ),
    Format(
        "jsonld",
        "linked data (JSON-LD 1.1) in the vocabulary of schema.org",
        ".jsonld",
        "eaps_data.export.jsonld",
        lossless=False,
        tables=(),
    ),
)

FormatName: TypeAlias = Literal[LosslessName, "geojson", "hsds", "html", "jsonld"]
"""The name of a format."""

_BY_NAME: Final = {**LOSSLESS, **{each.name: each for each in _NOT_READ}}
FORMATS: Final[Mapping[FormatName, Format]] = MappingProxyType(
    {name: _BY_NAME[name] for name in sorted(get_args(FormatName))}
)
"""Each format by its name."""


def format_named(name: str) -> Format:
    """Return a format by its name.

    Raises:
        UnknownTermError: if there is no such format; it lists the valid ones.
    """
    return _BY_NAME[one_of("format", name, FORMATS)]
