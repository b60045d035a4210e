"""Terms of earlier schemas: what each one that was renamed or moved is now.

Data that follows an earlier schema is read with these terms replaced; see `eaps_data.rules.migration`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Renamed(NamedTuple):
    """What a term of an earlier schema is now.

    Attributes:
        field: the field of the same table that has the term now.
        term: the term now.
    """

    field: str
    term: str


_PROGRAMS: Final = {
    "services": {
        "case-documentation": Renamed("approaches", "case-documentation"),
        "individual-support": Renamed("services", "health-condition-support"),
        "peer-recovery": Renamed("services", "peer-recovery-support"),
        "preventative-services": Renamed("services", "preventive-services"),
    },
    "populations": {
        "people-at-risk-of-harm": Renamed("populations", "people-who-may-harm-themselves-or-others"),
        "people-in-frequent-contact": Renamed("populations", "people-in-frequent-contact-with-responders"),
        "residents": Renamed("populations", "community-members"),
        "wider-community": Renamed("populations", "community-members"),
    },
    "needs": {
        "racial-inequity": Renamed("frameworks", "racial-equity"),
        "social-inequity": Renamed("frameworks", "social-equity"),
    },
    "frameworks": {
        "peer-support": Renamed("frameworks", "peer-support-philosophy"),
        "sequential-intercept-mapping-model": Renamed("frameworks", "sequential-intercept-model"),
    },
    "open_ended": {"programs": Renamed("open_ended", "expands")},
}

PAST_TERMS: Final[Mapping[str, Mapping[str, Mapping[str, Mapping[str, Renamed]]]]] = MappingProxyType(
    {"1.0.0": {"programs": _PROGRAMS}}
)
"""The terms that a schema version had and its successor does not, by version, table and field."""


def renamed(table: str, field: str, term: str) -> Renamed | None:
    """Return what a term of any earlier schema is now; None if no earlier schema had it.

    >>> renamed("programs", "needs", "racial-inequity")
    Renamed(field='frameworks', term='racial-equity')
    """
    found = (tables.get(table, {}).get(field, {}).get(term) for tables in PAST_TERMS.values())
    return next((each for each in found if each is not None), None)
