"""The Human Services Data Specification 3.1 of Open Referral (https://docs.openreferral.org), as one JSON document.

It has an array for each of the specification's tables that there is something to say in: `organizations`, `services`,
`locations`, `taxonomies` and `taxonomy_terms`. What belongs to one object only, such as its identifiers, is within
it; else objects refer to one another by their ids. What the specification requires and no source says is not made
up: a program whose status is unknown is no service here.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from eaps_data._internal import canonical_json
from eaps_data.export.told import told
from eaps_data.export.urns import about_vocabulary, record_urn, term_urn, vocabularies, vocabulary_urn
from eaps_data.formats import columns as tidy
from eaps_data.models.records import Municipality, Partner, Partnership, Program
from eaps_data.models.vocabulary import Basis, ProgramKind, ProgramStatus, Role, Term
from eaps_data.tables.dataset import Dataset

_Object: TypeAlias = dict[str, Any]

STATUSES: Final[Mapping[ProgramStatus, str]] = {
    ProgramStatus.EXISTING: "active",
    ProgramStatus.EXPANDING: "active",
    ProgramStatus.EXPANDED: "active",
    ProgramStatus.ESTABLISHED: "active",
    ProgramStatus.IN_DEVELOPMENT: "inactive",
    ProgramStatus.PLANNED: "inactive",
}
"""Whether a program is at work, which is what the specification asks of a service."""

_PROGRAM_FIELDS: Final = (
    "kind",
    "status",
    "approaches",
    "services",
    "staff_roles",
    "populations",
    "needs",
    "frameworks",
)


def write(dataset: Dataset, file: Path) -> None:
    """Write the document."""
    programs = [program for program in dataset.programs if _is_service(program)]
    tables = {
        "organizations": [
            _funder(dataset),
            *(_government(dataset, municipality) for municipality in dataset.municipalities),
            *(_partner(dataset, partner) for partner in dataset.partners),
        ],
        "services": [_service(dataset, program) for program in programs],
        "locations": list(_locations(dataset)),
        "taxonomies": list(_taxonomies()),
        "taxonomy_terms": list(_taxonomy_terms()),
    }
    file.write_text(canonical_json.to_json(tables), encoding="utf-8", newline="")


def _is_service(program: Program) -> bool:
    return program.status is not None and program.kind is not ProgramKind.RECOMMENDATIONS


def _funder(dataset: Dataset) -> _Object:
    program = dataset.grant_program
    urn = record_urn(dataset, program.table, program.id)
    numbers = {"voice": program.contact.phone, "fax": program.contact.fax}
    return told(
        {
            **_organization(
                urn, program.name, program.acronym, program.goal or "The program that funds the municipalities."
            ),
            "phones": [
                {"id": _id(urn, type_), "organization_id": _id(urn), "number": number, "type": type_}
                for type_, number in numbers.items()
                if number
            ],
        }
    )


def _government(dataset: Dataset, municipality: Municipality) -> _Object:
    urn = record_urn(dataset, municipality.table, municipality.id)
    funding = {"id": _id(urn, "funding"), "organization_id": _id(urn), "source": dataset.grant_program.name}
    description = municipality.summary or f"A municipality that {dataset.grant_program.name} funds."
    return told(
        {
            **_organization(urn, municipality.styled_name, municipality.name, description),
            "funding": [funding],
            "organization_identifiers": list(_identifiers(urn, municipality)),
            "attributes": list(_attributes(urn, "organization", municipality, ("style", "government_form"))),
        }
    )


def _identifiers(urn: str, municipality: Municipality) -> Iterator[_Object]:
    for column in tidy.table("municipalities").columns:
        if column.path[0] == "identifiers" and column.name != "county_geoid":  # which others share
            value = getattr(municipality.identifiers, column.name)
            for code in value if column.many else [value] if value else []:
                yield {
                    "id": _id(urn, column.name, code),
                    "organization_id": _id(urn),
                    "identifier_type": column.description,
                    "identifier": code,
                }


def _partner(dataset: Dataset, partner: Partner) -> _Object:
    urn = record_urn(dataset, partner.table, partner.id)
    description = partner.kind.definition if partner.kind else "An organization that the source names."
    return told(
        {
            **_organization(urn, partner.name, _other_name(partner), description),
            "parent_organization_id": partner.part_of and _id(record_urn(dataset, "partners", partner.part_of)),
            "attributes": list(_attributes(urn, "organization", partner, ("kind",))),
        }
    )


def _organization(urn: str, name: str, other_name: str | None, description: str) -> _Object:
    return {"id": _id(urn), "name": name, "alternate_name": other_name, "description": description, "uri": urn}


def _service(dataset: Dataset, program: Program) -> _Object:
    urn = record_urn(dataset, program.table, program.id)
    municipality = dataset.municipalities[program.municipality]
    area = record_urn(dataset, municipality.table, municipality.id)
    partnerships = dataset.partnerships.where(program=program.id)
    leads = [each.partner for each in partnerships if each.role is Role.LEAD]
    # The specification asks for one organization: the lead, where there is one, and else the municipality.
    provider = record_urn(dataset, "partners", leads[0]) if len(leads) == 1 else area
    return told(
        {
            "id": _id(urn),
            "organization_id": _id(provider),
            "name": program.name,
            "alternate_name": _other_name(program),
            "description": "\n".join([*([program.summary] if program.summary else []), *program.goals]) or None,
            "status": program.status and STATUSES[program.status],
            "service_areas": [
                {
                    "id": _id(urn, "area"),
                    "service_id": _id(urn),
                    "name": municipality.styled_name,
                    "description": "The program's municipality; whether it serves all of it, the source does not say.",
                    "uri": area,
                }
            ],
            "attributes": [
                *_attributes(urn, "service", program, _PROGRAM_FIELDS),
                *(_partnership(dataset, urn, each) for each in partnerships),
            ],
        }
    )


def _partnership(dataset: Dataset, service: str, partnership: Partnership) -> _Object:
    partner = dataset.partners[partnership.partner]
    return {
        **_attribute(service, "service", "partners", partnership.role, partner.id),
        "label": partner.name,
        "value": _id(record_urn(dataset, partner.table, partner.id)),
    }


def _locations(dataset: Dataset) -> Iterator[_Object]:
    funder = dataset.grant_program
    address = funder.contact.address
    if address:
        urn = record_urn(dataset, funder.table, funder.id)
        yield {
            **_location(urn, "postal", funder.name),
            "addresses": [
                {
                    "id": _id(urn, "address"),
                    "location_id": _id(urn, "location"),
                    "address_1": address.street,
                    "city": address.city,
                    "state_province": address.state,
                    "postal_code": address.postal_code,
                    "country": "US",  # whose ZIP code it is
                    "address_type": "postal",
                }
            ],
        }
    for municipality in dataset.municipalities:
        if municipality.location:
            urn = record_urn(dataset, municipality.table, municipality.id)
            yield {
                **_location(urn, "physical", municipality.styled_name),
                "description": "A point inside the municipality's boundary: nothing is said to be provided there.",
                "latitude": municipality.location.latitude,
                "longitude": municipality.location.longitude,
            }


def _location(urn: str, type_: str, name: str) -> _Object:
    return {"id": _id(urn, "location"), "organization_id": _id(urn), "location_type": type_, "name": name}


def _taxonomies() -> Iterator[_Object]:
    for kind in _kinds():
        urn = vocabulary_urn(kind)
        yield {"id": _id(urn), "name": kind.__name__, "description": about_vocabulary(kind), "uri": urn}


def _taxonomy_terms() -> Iterator[_Object]:
    for term in chain.from_iterable(_kinds()):
        urn = term_urn(term)
        yield {
            "id": _id(urn),
            "code": term.value,
            "name": term.value,
            "description": term.definition,
            "taxonomy_id": _id(vocabulary_urn(type(term))),
            "term_uri": urn,
        }


def _kinds() -> list[type[Term]]:
    return [kind for kind in vocabularies() if kind is not Basis]  # evidence has no place here


def _attributes(urn: str, entity: str, record: Any, fields: Sequence[str]) -> Iterator[_Object]:
    for field in fields:
        value = getattr(record, field)
        for term in value if isinstance(value, tuple) else [value] if value else []:
            yield _attribute(urn, entity, field, term)


def _attribute(urn: str, entity: str, field: str, term: Term, *more: str) -> _Object:
    return {
        "id": _id(urn, field, term.value, *more),
        "link_id": _id(urn),
        "link_entity": entity,
        "link_type": field,
        "taxonomy_term_id": _id(term_urn(term)),
    }


def _other_name(record: Program | Partner) -> str | None:
    """The one other name that the specification has room for."""
    return record.acronym or next(iter(record.aliases), None)


def _id(urn: str, *more: str) -> str:
    """The UUID that the specification asks for: always the same for the same, by RFC 9562's version 5."""
    return str(uuid5(NAMESPACE_URL, "#".join([urn, *more])))
