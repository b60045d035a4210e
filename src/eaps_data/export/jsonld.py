"""Linked data: JSON-LD 1.1 in the words of schema.org, of PROV for evidence, and of ours where those have none.

A word of schema.org is used only where its definition fits and where it may stand; what has no such word is said by
the name of its field after `eaps:`, as in `eaps:services`. A record's own kind is among its types, as in
`eaps:Program`, since not all programs are one thing to schema.org. The `@context` is in the file, so that reading it
needs no network.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import quote

from eaps_data._internal import canonical_json
from eaps_data.export import about
from eaps_data.export.told import told
from eaps_data.export.urns import about_vocabulary, dataset_urn, record_urn, term_urn, vocabularies, vocabulary_urn
from eaps_data.models.records import Evidence, Municipality, Partner, Partnership, Program, Source
from eaps_data.models.vocabulary import PartnerKind, ProgramKind, Term
from eaps_data.tables.dataset import Dataset

_Node: TypeAlias = dict[str, Any]

CONTEXT: Final = {
    "@version": 1.1,
    "@vocab": "https://schema.org/",
    "eaps": "urn:eaps-data:word:",
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    # Else a number without a fraction would be of another type than one with.
    "latitude": {"@type": "xsd:double"},
    "longitude": {"@type": "xsd:double"},
}
"""What the words in the file mean."""

_PROGRAM_TYPES: Final[Mapping[ProgramKind | None, str]] = {
    ProgramKind.TEAM: "Organization",
    ProgramKind.DIVISION: "Organization",
    ProgramKind.UNIT: "Organization",
    ProgramKind.INITIATIVE: "Project",
    ProgramKind.PROGRAM: "Project",
    ProgramKind.PROJECT: "Project",
    ProgramKind.RECOMMENDATIONS: "CreativeWork",
    None: "Thing",  # the source does not say what it is
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
"""The kinds of partners that are of a government by their definition."""

_PROGRAM_FIELDS: Final = (
    "named_by_source",
    "kind",
    "status",
    "started_year",
    "goals",
    "approaches",
    "services",
    "staff_roles",
    "populations",
    "needs",
    "frameworks",
    "open_ended",
)
_CLAIM_FIELDS: Final = ("field", "item", "quote", "section", "paragraph", "sentence", "basis", "note")
_IRI: Final = "%:/?#[]@!$&'()*+,;="
"""What may stand in an address as it is, beside letters, digits and `-._~` (RFC 3986); all else is escaped."""


def write(dataset: Dataset, file: Path) -> None:
    """Write the graph."""
    document = {"@context": CONTEXT, "@graph": [told(node) for node in _nodes(dataset)]}
    file.write_text(canonical_json.to_json(document), encoding="utf-8", newline="")


def _nodes(dataset: Dataset) -> Iterator[_Node]:
    yield _dataset(dataset)
    yield _grant_program(dataset)
    yield from (_municipality(dataset, record) for record in dataset.municipalities)
    yield from (_program(dataset, record) for record in dataset.programs)
    yield from (_partner(dataset, record) for record in dataset.partners)
    yield from (_partnership(dataset, record) for record in dataset.partnerships)
    yield from (_source(dataset, record) for record in dataset.sources)
    yield from (_claim(dataset, record) for record in dataset.evidence)
    for kind in vocabularies():
        name = {"@id": vocabulary_urn(kind)}
        yield {**name, "@type": "DefinedTermSet", "name": kind.__name__, "description": about_vocabulary(kind)}
        for term in kind:
            yield {
                "@id": term_urn(term),
                "@type": "DefinedTerm",
                "name": term.value,
                "termCode": term.value,
                "description": term.definition,
                "inDefinedTermSet": name,
            }


def _dataset(dataset: Dataset) -> _Node:
    author, licence = about.author(dataset), about.licence(dataset)
    return {
        "@id": dataset_urn(dataset),
        "@type": "Dataset",
        "name": about.title(dataset),
        "description": about.description(dataset),
        "version": dataset.release.data_version,
        "creator": author and {"@type": "Organization", "name": author},
        "license": licence and {"@id": licence.url},
        "about": _reference(dataset, "grant_program", dataset.grant_program.id),
        "isBasedOn": [_reference(dataset, "sources", source.id) for source in dataset.sources],
        **_own(dataset.release, "as_of"),
    }


def _grant_program(dataset: Dataset) -> _Node:
    program = dataset.grant_program
    contact, address = program.contact, program.contact.address
    return {
        **_named(dataset, program, "FundingScheme"),
        "alternateName": program.acronym,
        "parentOrganization": program.division and {"@type": "Organization", "name": program.division},
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
        **_own(program, "goal", "means"),
    }


def _municipality(dataset: Dataset, record: Municipality) -> _Node:
    codes, point = record.identifiers, record.location
    same = []
    if codes.wikidata_id:
        same.append({"@id": f"http://www.wikidata.org/entity/{codes.wikidata_id}"})
    if codes.geonames_id:
        same.append({"@id": f"https://sws.geonames.org/{codes.geonames_id}/"})
    own = codes.model_dump(exclude={"county_geoid", "ocd_aliases"})
    county = {"name": record.county, "identifier": _codes({"county_geoid": codes.county_geoid})}
    return {
        # "A city or town", as schema.org defines it.
        **_named(dataset, record, "City"),
        "alternateName": [name for name in (record.styled_name, record.census_name) if name],
        "description": record.summary,
        "identifier": [*_codes(own), *(code for alias in codes.ocd_aliases for code in _codes({"ocd_id": alias}))],
        "sameAs": same,
        "geo": point and {"@type": "GeoCoordinates", "latitude": point.latitude, "longitude": point.longitude},
        "address": record.state and {"@type": "PostalAddress", "addressRegion": record.state},
        "containedInPlace": {"@type": "AdministrativeArea", **told(county)} if told(county) else None,
        **_own(record, "style", "government_form", "position"),
    }


def _program(dataset: Dataset, record: Program) -> _Node:
    type_ = _PROGRAM_TYPES[record.kind]
    municipality = _reference(dataset, "municipalities", record.municipality)
    partnerships = dataset.partnerships.where(program=record.id)
    return {
        **_named(dataset, record, type_),
        "alternateName": [*([record.acronym] if record.acronym else []), *record.aliases],
        "description": record.summary,
        "location": municipality if type_ in {"Organization", "Project"} else None,
        "eaps:municipality": municipality,
        "eaps:part_of": record.part_of and _reference(dataset, "programs", record.part_of),
        "eaps:partner": [_reference(dataset, "partnerships", each.id) for each in partnerships],
        **_own(record, *_PROGRAM_FIELDS),
    }


def _partner(dataset: Dataset, record: Partner) -> _Node:
    return {
        **_named(dataset, record, "GovernmentOrganization" if record.kind in _GOVERNMENT else "Organization"),
        "alternateName": [*([record.acronym] if record.acronym else []), *record.aliases],
        "parentOrganization": record.part_of and _reference(dataset, "partners", record.part_of),
        "eaps:municipality": record.municipality and _reference(dataset, "municipalities", record.municipality),
        **_own(record, "kind"),
    }


def _partnership(dataset: Dataset, record: Partnership) -> _Node:
    return {
        **_typed(dataset, record, "Role"),
        "roleName": record.role.value,
        # A role stands in the middle of a property, which leads on from it by its own name.
        "eaps:partner": _reference(dataset, "partners", record.partner),
        **_own(record, "role", "example"),
    }


def _source(dataset: Dataset, record: Source) -> _Node:
    return {
        **_typed(dataset, record, "CreativeWork", "prov:Entity"),
        "name": record.title,
        "publisher": record.publisher and {"@type": "Organization", "name": record.publisher},
        "url": record.url and {"@id": quote(record.url, safe=_IRI)},
        "license": record.licence and {"@type": "CreativeWork", "name": record.licence},
        **_own(record, "retrieved", "sha256", "fields"),
    }


def _claim(dataset: Dataset, record: Evidence) -> _Node:
    table, _, id_ = record.subject.partition("/")
    return {
        "@type": ["Claim", "prov:Entity", "eaps:Evidence"],
        "about": _reference(dataset, table, id_),
        "prov:wasDerivedFrom": _reference(dataset, "sources", record.source),
        **_own(record, *_CLAIM_FIELDS),
    }


def _named(dataset: Dataset, record: Any, type_: str) -> _Node:
    return {**_typed(dataset, record, type_), "name": record.name}


def _typed(dataset: Dataset, record: Any, *types: str) -> _Node:
    return {"@id": record_urn(dataset, record.table, record.id), "@type": [*types, f"eaps:{type(record).__name__}"]}


def _reference(dataset: Dataset, table: str, id_: str) -> _Node:
    return {"@id": record_urn(dataset, table, id_)}


def _codes(codes: Mapping[str, str | None]) -> list[_Node]:
    return [{"@type": "PropertyValue", "propertyID": name, "value": code} for name, code in codes.items() if code]


def _own(record: Any, *fields: str) -> _Node:
    """What fields of a record say, by words of our own."""
    return {f"eaps:{field}": _plain(getattr(record, field)) for field in fields}


def _plain(value: Any) -> Any:
    if isinstance(value, Term):
        return {"@id": term_urn(value)}
    if isinstance(value, date):
        return {"@type": "xsd:date", "@value": value.isoformat()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
