"""Uses of the package in another project: a strict type checker must accept every line."""

from collections.abc import Iterable

import eaps_data
import eaps_data as eaps
from eaps_data import Approach, Dataset, Need, Program, ProgramId, ProgramKind, ProgramStatus, Role
from eaps_data.export import LosslessName
from eaps_data.models.terms import NeedTerm, ProgramStatusTerm
from eaps_data.validation import validate_file


def goals_of(town: str) -> dict[str, tuple[str, ...]]:
    """Return the goals of a town's programs."""
    return {program.id: program.goals for program in eaps.programs.where(municipality=town)}


def county_of(key: str) -> str | None:
    """Return the county of a municipality."""
    town = eaps.municipalities.get(key)
    return None if town is None else town.county


def partners_of(programs: Iterable[Program]) -> list[str]:
    """Return the names of the partners of some programs."""
    found = eaps.partners.where(program=list(programs), role=[Role.PARTNER, "lead"])
    return [partner.name for partner in found]


def first_hit(text: str) -> str:
    """Return the id and score of the best hit."""
    hit = eaps.search(text)[0]
    return f"{hit.record.id} {hit.score:.1f} {hit.matches[0].field}"


definition: str = Approach.CO_RESPONSE.definition
some: eaps.Programs = eaps.programs[:3].where(approach=Approach.DIVERSION, status=None)
default: Program | int = eaps.programs.get("nothing", 0)
quotes: list[str] = [row.quote for row in eaps.evidence.where(subject="programs/revere-bhu", field="goals")]
grounds: list[str] = [row.quote for claim in eaps.why("revere-bhu", "goals").claims for row in claim.evidence]
fax: str | None = eaps.grant_program.contact.fax
own: Dataset = Dataset.from_json(eaps_data.load().to_json())
latitudes: list[float] = [town.location.latitude for town in own.municipalities if town.location]
problems: int = len(validate_file("own.json"))
title: object = eaps.json_schema("Program")["title"]
schemas: list[dict[str, object]] = [eaps.json_schema(eaps.Program), eaps.json_schema("programs"), eaps.json_schema()]
changes: int = len(eaps.diff("1.0.0", own)) + len(eaps.diff("old.sqlite", "new/"))
reasons: eaps.Why = eaps.why(eaps.programs[0], "goals")
program = Program(id="a", name="A", municipality="b", approaches=(Approach.CO_RESPONSE,))


def name_of(key: ProgramId) -> str:
    """Return the name of a program in the packaged data."""
    return eaps.programs[key].name


def any_of(key: str, position: int) -> list[Program]:
    """Look up any string or position; the string need not be an id."""
    towns: list[str] = [key]
    found = eaps.programs.where(municipality=towns, part_of=[key, None])
    return [eaps.programs[key], own.programs[position], *found, *eaps.programs.where(municipality="revere")]


def expanding(status: ProgramStatus, term: ProgramStatusTerm, needs: set[NeedTerm]) -> eaps.Programs:
    """Filter by terms, their texts and their synonyms."""
    found = eaps.programs.where(status=[status, term, "expanded", None], framework="SIM", open_ended="needs")
    return found.where(need=needs, kind=ProgramKind.TEAM, named_by_source=True).where(need={"SUD", Need.HOMELESSNESS})


def stages() -> list[str]:
    """Compare terms with their texts, and find a term by its text."""
    planned: ProgramStatus = ProgramStatus("planned")
    found = [program for program in eaps.programs if program.status == "established" or program.status is planned]
    return [need.value for program in found for need in program.needs if need != "homelessness"]


def is_over(status: ProgramStatus) -> bool:
    """Match every term."""
    match status:
        case ProgramStatus.EXISTING | ProgramStatus.EXPANDED | ProgramStatus.ESTABLISHED:
            return True
        case ProgramStatus.EXPANDING | ProgramStatus.IN_DEVELOPMENT | ProgramStatus.PLANNED:
            return False


def write_all(folder: str) -> None:
    """Write each format, and read each lossless one."""
    for name in eaps.export.FORMATS:
        eaps.export.write(name, f"{folder}/{name}", own)
    eaps.export.write("csv", "revere.csv", eaps.programs.where(municipality="revere"), excel=True)
    lossless: LosslessName = "csv"
    eaps.export.read(folder, lossless)


names: list[str] = [name_of("revere-bhu"), eaps.sources["geonames"].title, eaps.partners["RPD"].name]
renames: list[tuple[str, str]] = [(each.old, each.new) for each in own.document.redirects]
