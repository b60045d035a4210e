"""Terms of earlier schemas: what each one that was renamed or moved is now.

Data that follows an earlier schema is read with these terms replaced; see `eaps_data.rules.migration`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from eaps_data.models.past_ids import version_key


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


def since(version: str) -> dict[str, dict[str, dict[str, Renamed]]]:
    """Return what each term of a schema version that was renamed since is now, by table and field.

    A term that a later version renamed again is followed to what it is now.

    >>> since("1.0.0")["programs"]["services"]["peer-recovery"]
    Renamed(field='services', term='peer-recovery-support')
    """
    found: dict[str, dict[str, dict[str, Renamed]]] = {}
    for later in sorted((each for each in PAST_TERMS if version_key(each) >= version_key(version)), key=version_key):
        for table, fields in PAST_TERMS[later].items():
            known: dict[str, dict[str, Renamed]] = found.setdefault(table, {})
            for terms in known.values():
                terms |= {term: fields.get(now.field, {}).get(now.term, now) for term, now in terms.items()}
            for field, renamed_terms in fields.items():
                known[field] = {**renamed_terms, **known.get(field, {})}
    return found


def renamed(table: str, field: str, term: str) -> Renamed | None:
    """Return what a term of any earlier schema is now; None if no earlier schema had it.

    >>> renamed("programs", "needs", "racial-inequity")
    Renamed(field='frameworks', term='racial-equity')
    """
    versions = sorted(PAST_TERMS, key=version_key, reverse=True)
    found = (since(version).get(table, {}).get(field, {}).get(term) for version in versions)
    return next((each for each in found if each is not None), None)
