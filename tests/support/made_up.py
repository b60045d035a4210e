"""Small made-up datasets, for tests that do not depend on the packaged data."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import eaps_data as eaps
from eaps_data.models.records import Evidence, GrantProgram, Location, Municipality, Partner, Partnership, Program
from eaps_data.models.vocabulary import Basis, MunicipalityStyle

_GRANT: Final = GrantProgram(id="grant", name="Funder", source="page")
_TOWN: Final = Municipality(
    id="alder", name="Alder", styled_name="Town of Alder", style=MunicipalityStyle.TOWN, position=1
)


def program(id_: str, name: str = "Team", **fields: Any) -> Program:
    """A program of the made-up town."""
    return Program(id=id_, name=name, municipality="alder", **fields)


def dataset(
    programs: Iterable[Program] = (),
    partners: Iterable[Partner] = (),
    quotes: Mapping[str, str] | None = None,
    partnerships: Iterable[Partnership] = (),
    location: Location | None = None,
) -> eaps.Dataset:
    """A dataset of one town, the given records, and a quote for each given subject; it is not checked."""
    evidence = tuple(
        Evidence(subject=subject, field="goals", quote=quote, source="page", basis=Basis.STATED)
        for subject, quote in (quotes or {}).items()
    )
    made_up = {
        "grant_program": _GRANT,
        "municipalities": (_TOWN.model_copy(update={"location": location}),),
        "programs": tuple(programs),
        "partners": tuple(partners),
        "partnerships": tuple(partnerships),
        "evidence": evidence,
    }
    return eaps.Dataset._of_valid(eaps.load().document.model_copy(update=made_up))
