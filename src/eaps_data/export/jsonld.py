"""Export to linked data: JSON-LD 1.1 with the vocabularies schema.org and, for evidence, PROV.

A schema.org property is used only where its definition and its domain fit. All other fields keep their own names in
the namespace `eaps:`, as in `eaps:services`. Each record also has a type of its own, such as `eaps:Program`, because
programs differ in their schema.org types. The `@context` is part of the file, so reading it needs no network access.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import quote

from eaps_data._internal.canonical_json import to_json, without_empty
from eaps_data.export import metadata
from eaps_data.export.metadata import record_urn, term_urn, vocabulary_description, vocabulary_urn
from eaps_data.models.records import Evidence, Municipality, Partner, Partnership, Program, Record, Source
from eaps_data.models.table_specs import TABLE_SPECS
from eaps_data.models.vocabulary import VOCABULARIES, PartnerKind, ProgramKind, Term
from eaps_data.tables.dataset import Dataset

_Node: TypeAlias = dict[str, Any]

CONTEXT: Final[Mapping[str, Any]] = {
    "@version": 1.1,
    "@vocab": "https://schema.org/",
    "eaps": "urn:eaps-data:word:",
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    # Without these, a whole number would be an xsd:integer.
    "latitude": {"@type": "xsd:double"},
    "longitude": {"@type": "xsd:double"},
}
"""The `@context` of the document."""

_PROGRAM_TYPES: Final[Mapping[ProgramKind | None, str]] = {
    ProgramKind.TEAM: "Organization",
    ProgramKind.DIVISION: "Organization",
    ProgramKind.UNIT: "Organization",
    ProgramKind.INITIATIVE: "Project",
    ProgramKind.PROGRAM: "Project",
    ProgramKind.PROJECT: "Project",
    ProgramKind.RECOMMENDATIONS: "CreativeWork",
    None: "Thing",
}
_GOVERNMENT: Final = frozenset(
    {
        PartnerKind.CITY_GOVERNMENT,
        PartnerKind.HEALTH_DEPARTMENT,
        PartnerKind.OFFICE,
        PartnerKind.POLICE_DEPARTMENT,
        PartnerKind.STATE_AGENCY,
    }
)
"""The kinds of partners that belong to a government by their definition."""

_IRI: Final = "%:/?#[]@!$&'()*+,;="
"""The characters that an IRI may hold unescaped, in addition to letters, digits and `-._~` (RFC 3986)."""


def write(dataset: Dataset, file: Path) -> None:
    """Write the graph."""
    document = {"@context": CONTEXT, "@graph": [without_empty(node) for node in _nodes(dataset)]}
    file.write_text(to_json(document), encoding="utf-8", newline="")


def _nodes(dataset: Dataset) -> Iterator[_Node]:
    yield _dataset(dataset)
    yield _grant_program(dataset)
    yield from (_municipality(dataset, record) for record in dataset.municipalities)
    yield from (_program(dataset, record) for record in dataset.programs)
    yield from (_partner(dataset, record) for record in dataset.partners)
    yield from (_partnership(dataset, record) for record in dataset.partnerships)
    yield from (_source(dataset, record) for record in dataset.sources)
    yield from (_evidence(dataset, record) for record in dataset.evidence)
    for vocabulary in VOCABULARIES:
        yield _vocabulary(vocabulary)
        yield from map(_term, vocabulary)


def _dataset(dataset: Dataset) -> _Node:
    author, license_ = metadata.author(dataset), metadata.license_of(dataset)
    return {
        "@id": metadata.dataset_urn(dataset),
        "@type": "Dataset",
        "name": metadata.title(dataset),
        "description": metadata.description(dataset),
        "version": dataset.release.data_version,
        "creator": author and _organization(author),
        "license": license_ and {"@id": license_.url},
        "about": _reference(dataset, "grant_program", dataset.grant_program.id),
        "isBasedOn": [_reference(dataset, "sources", source.id) for source in dataset.sources],
        "eaps:as_of": _plain(dataset.release.as_of),
    }


def _grant_program(dataset: Dataset) -> _Node:
    program = dataset.grant_program
    contact, address = program.contact, program.contact.address
    return {
        **_typed(dataset, program, "FundingScheme"),
        "name": program.name,
        "alternateName": program.acronym,
        "parentOrganization": program.division and _organization(program.division),
        "telephone": contact.phone,
        "faxNumber": contact.fax,
        "address": address
        and {
            "@type": "PostalAddress",
            "streetAddress": address.street,
            "addressLocality": address.city,
            "addressRegion": address.state,
            "postalCode": address.postal_code,
        },
        "areaServed": [_reference(dataset, "municipalities", each.id) for each in dataset.municipalities],
        "subjectOf": _reference(dataset, "sources", program.source),
        **_fields_except(dataset, program, "name", "acronym", "division", "contact", "source"),
    }


def _municipality(dataset: Dataset, record: Municipality) -> _Node:
    codes, point = record.identifiers, record.location
    own_codes = codes.model_dump(exclude={"county_geoid", "ocd_aliases"})
    county = without_empty({"name": record.county, "identifier": _codes(county_geoid=codes.county_geoid)})
    same_as = {
        "http://www.wikidata.org/entity/{}": codes.wikidata_id,
        "https://sws.geonames.org/{}/": codes.geonames_id,
    }
    return {
        **_typed(dataset, record, "City"),  # schema.org: "A city or town."
        "name": record.name,
        "alternateName": [name for name in (record.styled_name, record.census_name) if name],
        "description": record.summary,
        "identifier": [*_codes(**own_codes), *(code for alias in codes.ocd_aliases for code in _codes(ocd_id=alias))],
        "sameAs": [{"@id": address.format(code)} for address, code in same_as.items() if code],
        "geo": point and {"@type": "GeoCoordinates", "latitude": point.latitude, "longitude": point.longitude},
        "address": record.state and {"@type": "PostalAddress", "addressRegion": record.state},
        "containedInPlace": county and {"@type": "AdministrativeArea", **county},
        **_fields_except(
            dataset,
            record,
            *("name", "styled_name", "county", "state", "identifiers", "census_name", "location", "summary"),
        ),
    }


def _program(dataset: Dataset, record: Program) -> _Node:
    type_ = _PROGRAM_TYPES[record.kind]
    municipality = _reference(dataset, "municipalities", record.municipality)
    partnerships = dataset.partnerships.where(program=record.id)
    return {
        **_typed(dataset, record, type_),
        "name": record.name,
        "alternateName": list(filter(None, [record.acronym, *record.aliases])),
        "description": record.summary,
        "location": municipality if type_ in {"Organization", "Project"} else None,
        "eaps:partner": [_reference(dataset, "partnerships", each.id) for each in partnerships],
        **_fields_except(dataset, record, "name", "acronym", "aliases", "summary"),
    }


def _partner(dataset: Dataset, record: Partner) -> _Node:
    return {
        **_typed(dataset, record, "GovernmentOrganization" if record.kind in _GOVERNMENT else "Organization"),
        "name": record.name,
        "alternateName": list(filter(None, [record.acronym, *record.aliases])),
        "parentOrganization": record.part_of and _reference(dataset, "partners", record.part_of),
        **_fields_except(dataset, record, "name", "acronym", "aliases", "part_of"),
    }


def _partnership(dataset: Dataset, record: Partnership) -> _Node:
    return {
        **_typed(dataset, record, "Role"),
        "roleName": record.role.value,
        # A schema.org Role is a node within a property: `eaps:partner` leads from the program here, and on from here.
        **_fields_except(dataset, record, "program"),
    }


def _source(dataset: Dataset, record: Source) -> _Node:
    return {
        **_typed(dataset, record, "CreativeWork", "prov:Entity"),
        "name": record.title,
        "publisher": record.publisher and _organization(record.publisher),
        "url": record.url and {"@id": quote(record.url, safe=_IRI)},
        "license": record.licence and {"@type": "CreativeWork", "name": record.licence},
        **_fields_except(dataset, record, "title", "publisher", "url", "licence"),
    }


def _evidence(dataset: Dataset, record: Evidence) -> _Node:
    table, _, id_ = record.subject.partition("/")
    return {
        "@type": ["Claim", "prov:Entity", "eaps:Evidence"],
        "about": _reference(dataset, table, id_),
        "prov:wasDerivedFrom": _reference(dataset, "sources", record.source),
        **_fields_except(dataset, record, "subject", "source"),
    }


def _vocabulary(vocabulary: type[Term]) -> _Node:
    return {
        "@id": vocabulary_urn(vocabulary),
        "@type": "DefinedTermSet",
        "name": vocabulary.__name__,
        "description": vocabulary_description(vocabulary),
    }


def _term(term: Term) -> _Node:
    return {
        "@id": term_urn(term),
        "@type": "DefinedTerm",
        "name": term.value,
        "alternateName": [*term.synonyms],
        "termCode": term.value,
        "description": term.definition,
        "eaps:broader": term.broader and _plain(term.broader),
        "inDefinedTermSet": {"@id": vocabulary_urn(type(term))},
    }


def _organization(name: str) -> _Node:
    return {"@type": "Organization", "name": name}


def _typed(dataset: Dataset, record: Any, *types: str) -> _Node:
    return {"@id": record_urn(dataset, record.table, record.id), "@type": [*types, f"eaps:{type(record).__name__}"]}


def _reference(dataset: Dataset, table: str, id_: str) -> _Node:
    return {"@id": record_urn(dataset, table, id_)}


def _codes(**codes: str | None) -> list[_Node]:
    return [{"@type": "PropertyValue", "propertyID": name, "value": code} for name, code in codes.items() if code]


def _fields_except(dataset: Dataset, record: Record, *stated: str) -> _Node:
    """Return the fields of a record under their own names, except its id and those that other properties state."""
    references = TABLE_SPECS[record.table].references
    node: _Node = {}
    for name, value in record:
        if name in stated or name == "id":
            continue
        if name in references:
            node[f"eaps:{name}"] = _links(dataset, references[name], value)
        else:
            node[f"eaps:{name}"] = _plain(value)
    return node


def _links(dataset: Dataset, table: str, ids: str | tuple[str, ...] | None) -> Any:
    """Return the link of a reference, the links of a list of references, or None."""
    if isinstance(ids, tuple):
        return [_reference(dataset, table, id_) for id_ in ids]
    return ids and _reference(dataset, table, ids)


def _plain(value: Any) -> Any:
    if isinstance(value, Term):
        return {"@id": term_urn(value)}
    if isinstance(value, date):
        return {"@type": "xsd:date", "@value": value.isoformat()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
