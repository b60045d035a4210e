"""The ids of the packaged data, for editors to complete. Written by `python tools/release.py`."""

from typing import Literal, TypeAlias

MunicipalityId: TypeAlias = Literal[
    "winthrop",
    "amherst",
    "new-bedford",
    "northampton",
    "revere",
    "lawrence",
]
"""An id of `municipalities`."""

ProgramId: TypeAlias = Literal[
    "winthrop-public-health-and-safety-team",
    "amherst-cress",
    "new-bedford-public-safety-project",
    "new-bedford-use-of-force-recommendations",
    "new-bedford-co-response",
    "new-bedford-shannon",
    "new-bedford-ssyi",
    "new-bedford-heal-center",
    "new-bedford-lead",
    "new-bedford-new-approaches",
    "northampton-dcc",
    "northampton-ccrt",
    "revere-bhu",
    "lawrence-lleaps",
]
"""An id of `programs`."""

PartnerId: TypeAlias = Literal[
    "division-of-violence-and-injury-prevention",
    "winthrop-police-officers",
    "new-bedford-health-department",
    "northstar-learning-centers",
    "child-and-family-services",
    "new-bedford-police-department",
    "new-bedford-emergency-medical-services",
    "city-of-new-bedford",
    "commission-on-use-of-force",
    "city-of-northampton",
    "northampton-health-department",
    "massachusetts-department-of-public-health",
    "revere-police-department",
    "revere-police-officers",
    "revere-sudhi-office",
    "revere-health-department",
    "north-suffolk-community-services",
    "city-of-lawrence",
]
"""An id of `partners`."""

SourceId: TypeAlias = Literal[
    "funded-municipalities",
    "census-2020-county-subdivisions",
    "massgis-towns",
    "ocd-division-ids",
    "geonames",
    "wikidata",
]
"""An id of `sources`."""
