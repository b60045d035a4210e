"""Export to Open Referral's Human Services Data Specification 3.1 (https://docs.openreferral.org) as one JSON file.

The document has an array for each table of the specification for which there is data: `organizations`, `services`,
`locations`, `taxonomies` and `taxonomy_terms`. Parts of one object, such as its identifiers, are nested in it; objects
reference each other by id. Required values that no source states are never invented: a program whose status is unknown
is not exported as a service.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from eaps_data._internal.canonical_json import to_json, without_empty
from eaps_data.export.metadata import record_urn, term_urn, vocabulary_description, vocabulary_urn
from eaps_data.formats import columns
from eaps_data.models.records import Municipality, Partner, Partnership, Program, Record, term_fields
from eaps_data.models.vocabulary import VOCABULARIES, Basis, ProgramKind, ProgramStatus, Role, Term
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
"""The `status` of a service by the program's status."""

_TAXONOMIES: Final = tuple(vocabulary for vocabulary in VOCABULARIES if vocabulary is not Basis)  # evidence is omitted


def write(dataset: Dataset, file: Path) -> None:
    """Write the document."""
    document = {
        "organizations": [
            _funder(dataset),
            *(_government(dataset, municipality) for municipality in dataset.municipalities),
            *(_partner(dataset, partner) for partner in dataset.partners),
        ],
        "services": [_service(dataset, program) for program in dataset.programs if _is_service(program)],
        "locations": list(_locations(dataset)),
        "taxonomies": [_taxonomy(vocabulary) for vocabulary in _TAXONOMIES],
        "taxonomy_terms": [_taxonomy_term(term) for vocabulary in _TAXONOMIES for term in vocabulary],
    }
    file.write_text(to_json(document), encoding="utf-8", newline="")


def _is_service(program: Program) -> bool:
    return program.status is not None and program.kind is not ProgramKind.RECOMMENDATIONS


def _funder(dataset: Dataset) -> _Object:
    program = dataset.grant_program
    urn = record_urn(dataset, program.table, program.id)
    description = program.goal or "The program that funds the municipalities."
    numbers = {"voice": program.contact.phone, "fax": program.contact.fax}
    return without_empty(
        {
            **_organization(urn, program.name, program.acronym, description),
            "phones": [
                {"id": _uuid(urn, type_), "organization_id": _uuid(urn), "number": number, "type": type_}
                for type_, number in numbers.items()
                if number
            ],
        }
    )


def _government(dataset: Dataset, municipality: Municipality) -> _Object:
    urn = record_urn(dataset, municipality.table, municipality.id)
    funding = {"id": _uuid(urn, "funding"), "organization_id": _uuid(urn), "source": dataset.grant_program.name}
    description = municipality.summary or f"A municipality that {dataset.grant_program.name} funds."
    return without_empty(
        {
            **_organization(urn, municipality.styled_name, municipality.name, description),
            "funding": [funding],
            "organization_identifiers": list(_identifiers(urn, municipality)),
            "attributes": list(_attributes(urn, "organization", municipality)),
        }
    )


def _identifiers(urn: str, municipality: Municipality) -> Iterator[_Object]:
    for column in columns.table("municipalities").columns:
        if column.path[0] != "identifiers" or column.name == "county_geoid":  # counties are shared
            continue
        value = getattr(municipality.identifiers, column.name)
        for code in _items(value):
            yield {
                "id": _uuid(urn, column.name, code),
                "organization_id": _uuid(urn),
                "identifier_type": column.description,
                "identifier": code,
            }


def _partner(dataset: Dataset, partner: Partner) -> _Object:
    urn = record_urn(dataset, partner.table, partner.id)
    description = partner.kind.definition if partner.kind else "An organization that the source names."
    return without_empty(
        {
            **_organization(urn, partner.name, _alternate_name(partner), description),
            "parent_organization_id": partner.part_of and _uuid(record_urn(dataset, "partners", partner.part_of)),
            "attributes": list(_attributes(urn, "organization", partner)),
        }
    )


def _organization(urn: str, name: str, alternate_name: str | None, description: str) -> _Object:
    return {"id": _uuid(urn), "name": name, "alternate_name": alternate_name, "description": description, "uri": urn}


def _service(dataset: Dataset, program: Program) -> _Object:
    urn = record_urn(dataset, program.table, program.id)
    municipality = dataset.municipalities[program.municipality]
    municipality_urn = record_urn(dataset, municipality.table, municipality.id)
    partnerships = dataset.partnerships.where(program=program.id)
    leads = [partnership.partner for partnership in partnerships if partnership.role is Role.LEAD]
    # A service has one organization: the lead, if there is exactly one; otherwise the municipality. Other roles do not
    # state who provides the service: an expander may expand a program that somebody else leads.
    organization = record_urn(dataset, "partners", leads[0]) if len(leads) == 1 else municipality_urn
    return without_empty(
        {
            "id": _uuid(urn),
            "organization_id": _uuid(organization),
            "name": program.name,
            "alternate_name": _alternate_name(program),
            "description": _description(program),
            "status": program.status and STATUSES[program.status],
            "service_areas": [
                {
                    "id": _uuid(urn, "area"),
                    "service_id": _uuid(urn),
                    "name": municipality.styled_name,
                    "description": "The program's municipality; the source does not say whether all of it is served.",
                    "uri": municipality_urn,
                }
            ],
            "attributes": [
                *_attributes(urn, "service", program),
                *(_partnership(dataset, urn, partnership) for partnership in partnerships),
            ],
        }
    )


def _description(program: Program) -> str | None:
    """Return what a program is, what it is meant to achieve and what it does, one line each."""
    several = "Several programs, which the source does not name one by one." if program.plural else None
    return "\n".join(filter(None, [program.summary, several, *program.goals, *program.activities])) or None


def _partnership(dataset: Dataset, service_urn: str, partnership: Partnership) -> _Object:
    partner = dataset.partners[partnership.partner]
    return {
        **_attribute(service_urn, "service", "partners", partnership.role, partner.id),
        "label": partner.name,
        "value": _uuid(record_urn(dataset, partner.table, partner.id)),
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
                    "id": _uuid(urn, "address"),
                    "location_id": _uuid(urn, "location"),
                    "address_1": address.street,
                    "city": address.city,
                    "state_province": address.state,
                    "postal_code": address.postal_code,
                    "country": "US",  # the model accepts ZIP codes only
                    "address_type": "postal",
                }
            ],
        }
    for municipality in dataset.municipalities:
        if municipality.location:
            urn = record_urn(dataset, municipality.table, municipality.id)
            yield {
                **_location(urn, "physical", municipality.styled_name),
                "description": "A point inside the municipality's boundary; no source places a service there.",
                "latitude": municipality.location.latitude,
                "longitude": municipality.location.longitude,
            }


def _location(urn: str, type_: str, name: str) -> _Object:
    return {"id": _uuid(urn, "location"), "organization_id": _uuid(urn), "location_type": type_, "name": name}


def _taxonomy(vocabulary: type[Term]) -> _Object:
    urn = vocabulary_urn(vocabulary)
    description = vocabulary_description(vocabulary)
    return {"id": _uuid(urn), "name": vocabulary.__name__, "description": description, "uri": urn}


def _taxonomy_term(term: Term) -> _Object:
    urn = term_urn(term)
    return without_empty(
        {
            "id": _uuid(urn),
            "code": term.value,
            "name": term.value,
            "description": term.definition,
            "parent_id": term.broader and _uuid(term_urn(term.broader)),
            "taxonomy_id": _uuid(vocabulary_urn(type(term))),
            "term_uri": urn,
        }
    )


def _attributes(urn: str, entity: str, record: Record) -> Iterator[_Object]:
    """Yield an attribute for each term of a record."""
    for field in term_fields(record.table):
        for term in _items(getattr(record, field)):
            yield _attribute(urn, entity, field, term)


def _attribute(urn: str, entity: str, field: str, term: Term, *parts: str) -> _Object:
    return {
        "id": _uuid(urn, field, term.value, *parts),
        "link_id": _uuid(urn),
        "link_entity": entity,
        "link_type": field,
        "taxonomy_term_id": _uuid(term_urn(term)),
    }


def _alternate_name(record: Program | Partner) -> str | None:
    """Return the acronym or the first alias: the specification allows one alternate name."""
    return record.acronym or next(iter(record.aliases), None)


def _items(value: Any) -> tuple[Any, ...]:
    """Return the items of a list, or a single value as one item; nothing for null."""
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def _uuid(urn: str, *parts: str) -> str:
    """Return the id of an object: a UUID of version 5 (RFC 9562), which is always the same for the same object."""
    return str(uuid5(NAMESPACE_URL, "#".join([urn, *parts])))
