"""The strings of the terms, for editors to complete. Written by `python tools/release.py`."""

from typing import Literal, TypeAlias

MunicipalityStyleTerm: TypeAlias = Literal[
    "town",
    "city",
]
"""The text of a term of `MunicipalityStyle`, or a synonym."""

GovernmentFormTerm: TypeAlias = Literal[
    "city",
    "town-with-city-form",
]
"""The text of a term of `GovernmentForm`, or a synonym."""

FundingStatusTerm: TypeAlias = Literal["newly-funded"]
"""The text of a term of `FundingStatus`, or a synonym."""

ProgramKindTerm: TypeAlias = Literal[
    "team",
    "division",
    "unit",
    "initiative",
    "program",
    "project",
    "recommendations",
]
"""The text of a term of `ProgramKind`, or a synonym."""

ProgramStatusTerm: TypeAlias = Literal[
    "existing",
    "expanding",
    "expanded",
    "in-development",
    "established",
    "planned",
]
"""The text of a term of `ProgramStatus`, or a synonym."""

PartnerKindTerm: TypeAlias = Literal[
    "city-government",
    "commission",
    "emergency-medical-services",
    "health-department",
    "office",
    "police",
    "police-department",
    "police-officers",
    "social-service-provider",
    "state-agency",
    "EMS",
]
"""The text of a term of `PartnerKind`, or a synonym."""

RoleTerm: TypeAlias = Literal[
    "lead",
    "creator",
    "developer",
    "expander",
    "partner",
    "collaborator",
]
"""The text of a term of `Role`, or a synonym."""

BasisTerm: TypeAlias = Literal[
    "stated",
    "named",
    "inferred",
]
"""The text of a term of `Basis`, or a synonym."""

ApproachTerm: TypeAlias = Literal[
    "alternative-investment",
    "case-documentation",
    "co-response",
    "collaboration",
    "community-engagement",
    "community-responders",
    "deflection",
    "diversion",
    "embedded-staff",
    "evaluation",
    "interdisciplinary-response",
    "non-police-response",
    "prevention",
    "public-health-led",
    "public-safety-reform",
    "systems-integration",
    "third-tier-response",
    "use-of-force-reform",
    "co-responder model",
    "co-responder program",
    "community care responders",
]
"""The text of a term of `Approach`, or a synonym."""

ServiceTerm: TypeAlias = Literal[
    "care-coordination",
    "community-safety",
    "community-support",
    "comprehensive-services",
    "emergency-response",
    "follow-up",
    "health-condition-support",
    "health-education",
    "mental-health-services",
    "non-emergency-response",
    "peer-recovery-support",
    "peer-support",
    "preventive-services",
    "public-education",
    "resource-coordination",
    "peer recovery",
    "preventative services",
]
"""The text of a term of `Service`, or a synonym."""

StaffRoleTerm: TypeAlias = Literal[
    "behavioral-health-specialist",
    "case-worker",
    "mental-health-clinician",
    "peer-recovery-coach",
    "resource-coordination-staff",
    "caseworker",
    "recovery coach",
]
"""The text of a term of `StaffRole`, or a synonym."""

PopulationTerm: TypeAlias = Literal[
    "all-people",
    "community-members",
    "people-experiencing-homelessness",
    "people-in-frequent-contact-with-responders",
    "people-who-may-harm-themselves-or-others",
    "people-with-mental-health-challenges",
    "people-with-substance-use-challenges",
    "vulnerable-community-members",
    "youth",
    "residents",
    "wider community",
    "frequent utilizers",
    "people in frequent contact",
    "young people",
]
"""The text of a term of `Population`, or a synonym."""

NeedTerm: TypeAlias = Literal[
    "basic-needs",
    "behavioral-health",
    "conflict",
    "emotional-distress",
    "homelessness",
    "mental-health",
    "nonviolent-situations",
    "opioid-epidemic",
    "public-health",
    "substance-use",
    "substance-use-disorder",
    "unexpected-crisis",
    "opioids",
    "SUD",
]
"""The text of a term of `Need`, or a synonym."""

FrameworkTerm: TypeAlias = Literal[
    "accountability",
    "anti-racism",
    "equity",
    "fairness",
    "harm-reduction",
    "justice",
    "lived-experience",
    "peer-support-philosophy",
    "racial-and-ethnic-equity",
    "racial-equity",
    "sequential-intercept-model",
    "social-equity",
    "social-justice",
    "transparency",
    "trauma-informed-care",
    "anti-racist",
    "living experience",
    "racial inequity",
    "racial inequities",
    "SIM",
    "Sequential Intercept Mapping Model",
    "social inequity",
    "social inequities",
    "trauma-informed practice",
]
"""The text of a term of `Framework`, or a synonym."""
