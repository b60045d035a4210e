"""Controlled terms: every word that a coded field may hold, with its definition.

Each vocabulary is a `StrEnum`, so a term compares equal to its text and serializes as it. A term is here
because a row of the canonical dataset uses it; definitions say what the term means *here*, in plain words.

    >>> Approach.CO_RESPONSE == "co-response"
    True
    >>> Basis.NAMED.definition
    'Only a name says it: a program called "Co-Response" is read as co-response.'
"""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A term of a controlled vocabulary: its text, and what it means."""

    definition: str

    def __new__(cls, value: str, definition: str) -> Self:
        """Make the term `value`, described by `definition`."""
        term = str.__new__(cls, value)
        term._value_ = value
        term.definition = definition
        return term


class MunicipalityStyle(Term):
    """How the page styles the municipality, which may differ from its legal form."""

    TOWN = "town", 'The page writes "Town of …".'
    CITY = "city", 'The page writes "City of …".'


class GovernmentForm(Term):
    """The form of government by which MassGIS classes the municipality."""

    CITY = "city", "A city (MassGIS type C)."
    TOWN_WITH_CITY_FORM = (
        "town-with-city-form",
        "A town with a city form of government (MassGIS type TC).",
    )


class ProgramKind(Term):
    """What sort of body or undertaking the page calls the program."""

    TEAM = "team", "A group of people who respond or serve together."
    DIVISION = "division", "A standing part of a municipality's government."
    UNIT = "unit", "A part of a department."
    INITIATIVE = "initiative", "An undertaking that the page calls an initiative."
    PROGRAM = "program", "An undertaking that the page calls a program, or programs."
    PROJECT = "project", "An undertaking that the page calls a project, and gives no name."
    RECOMMENDATIONS = (
        "recommendations",
        "A set of recommendations that the page counts among a city's programs.",
    )


class ProgramStatus(Term):
    """How the program stands towards Equitable Approaches to Public Safety."""

    EXISTING = (
        "existing",
        "At work as the page was written; the page says nothing of its being set up or changed.",
    )
    EXPANDING = "expanding", "At work already, and being expanded."
    EXPANDED = "expanded", "At work already, and expanded through the grant program."
    IN_DEVELOPMENT = "in-development", "Being developed as the page was written."
    ESTABLISHED = "established", "Set up, and in place."
    PLANNED = "planned", "To be developed later."


class PartnerKind(Term):
    """What sort of organization a partner is."""

    CITY_GOVERNMENT = "city-government", "A city, acting as a whole."
    COMMISSION = "commission", "A body that the page calls a commission."
    EMERGENCY_MEDICAL_SERVICES = (
        "emergency-medical-services",
        "A service that answers medical emergencies.",
    )
    HEALTH_DEPARTMENT = "health-department", "The health department of a municipality."
    OFFICE = "office", "An office within a municipality's government."
    POLICE_DEPARTMENT = "police-department", "The police department of a municipality."
    SOCIAL_SERVICE_PROVIDER = (
        "social-service-provider",
        "An organization that provides social services in its area.",
    )
    STATE_AGENCY = "state-agency", "A department of the state's government."


class Role(Term):
    """What a partner is to a program, in the page's own terms."""

    LEAD = "lead", "The one that acts: the page makes it the subject of the work."
    CREATOR = "creator", "The one that created or established the program, or issued it."
    DEVELOPER = "developer", "One that is developing the program, or will."
    PARTNER = "partner", 'The page says "in partnership with".'
    COLLABORATOR = "collaborator", "The program's staff work with it."


class Basis(Term):
    """How the phrase carries the claim."""

    STATED = "stated", "The source says it."
    NAMED = "named", 'Only a name says it: a program called "Co-Response" is read as co-response.'
    INFERRED = "inferred", "A careful reader concludes it; the note says why."


class Approach(Term):
    """How the program goes about public safety."""

    ALTERNATIVE_INVESTMENT = (
        "alternative-investment",
        "Makes alternative investments, which the page does not specify.",
    )
    CO_RESPONSE = "co-response", "Police and another service answer a call together."
    COLLABORATION = "collaboration", "Several organizations or departments work together."
    COMMUNITY_ENGAGEMENT = (
        "community-engagement",
        "Brings the community's voice into the work.",
    )
    COMMUNITY_RESPONDERS = (
        "community-responders",
        "Sends responders whom the page calls community responders.",
    )
    DEFLECTION = "deflection", "Leads people to services instead of into the criminal legal system."
    DIVERSION = "diversion", "Leads people away from the criminal legal system."
    EMBEDDED_STAFF = (
        "embedded-staff",
        "Health or recovery staff work alongside police officers or within a police department.",
    )
    EVALUATION = "evaluation", "Studies what the work achieves."
    INTERDISCIPLINARY_RESPONSE = (
        "interdisciplinary-response",
        "Several professions respond together.",
    )
    NON_POLICE_RESPONSE = "non-police-response", "Responds without police."
    PREVENTION = "prevention", "Acts before a harm or a need arises."
    PUBLIC_HEALTH_LED = "public-health-led", "Public health leads the work."
    PUBLIC_SAFETY_REFORM = "public-safety-reform", "Changes how public safety is provided."
    SYSTEMS_INTEGRATION = (
        "systems-integration",
        "Joins the public safety systems with other ways to respond.",
    )
    THIRD_TIER_RESPONSE = (
        "third-tier-response",
        "Adds a third tier of response for emergency and other needs.",
    )
    USE_OF_FORCE_REFORM = "use-of-force-reform", "Changes the rules or practice on using force."


class Service(Term):
    """What the program provides."""

    CARE_COORDINATION = "care-coordination", "Brings a person's different providers together."
    CASE_DOCUMENTATION = "case-documentation", "Records cases so that needs can be tracked."
    COMMUNITY_SAFETY = "community-safety", "Services that keep a community safe."
    COMMUNITY_SUPPORT = "community-support", "Support in the community."
    COMPREHENSIVE_SERVICES = (
        "comprehensive-services",
        "A full range of services and resources, which the page does not list.",
    )
    EMERGENCY_RESPONSE = "emergency-response", "Response to emergency needs."
    FOLLOW_UP = "follow-up", "Contact with a person after the first response."
    HEALTH_EDUCATION = "health-education", "Teaching about health."
    INDIVIDUAL_SUPPORT = "individual-support", "Support to a person with a health condition."
    MENTAL_HEALTH_SERVICES = "mental-health-services", "Services of mental health clinicians."
    NON_EMERGENCY_RESPONSE = "non-emergency-response", "Response to needs that are no emergency."
    PEER_RECOVERY = "peer-recovery", "Help with recovery from people who have lived it."
    PEER_SUPPORT = "peer-support", "Support between peers."
    PREVENTATIVE_SERVICES = (
        "preventative-services",
        "Services meant to make the involvement of public safety unnecessary.",
    )
    PUBLIC_EDUCATION = "public-education", "Teaching that is open to the public."
    RESOURCE_COORDINATION = (
        "resource-coordination",
        "Finding and arranging the resources that a person needs.",
    )


class StaffRole(Term):
    """Who works in the program."""

    BEHAVIORAL_HEALTH_SPECIALIST = (
        "behavioral-health-specialist",
        "A specialist in behavioral health.",
    )
    CASE_WORKER = "case-worker", "A worker who follows a person's case."
    MENTAL_HEALTH_CLINICIAN = "mental-health-clinician", "A clinician who treats mental health."
    PEER_RECOVERY_COACH = (
        "peer-recovery-coach",
        "A trained coach who supports recovery as a peer.",
    )
    RESOURCE_COORDINATION_STAFF = (
        "resource-coordination-staff",
        "Staff who find and arrange the resources that a person needs.",
    )


class Population(Term):
    """Whom the program serves."""

    ALL_PEOPLE = "all-people", "Everyone, without exception."
    COMMUNITY_MEMBERS = "community-members", "The members of the municipality's community."
    PEOPLE_AT_RISK_OF_HARM = (
        "people-at-risk-of-harm",
        "Residents who may harm themselves or others because a need is unmet.",
    )
    PEOPLE_IN_FREQUENT_CONTACT = (
        "people-in-frequent-contact",
        "People whom police, fire or emergency medical services are often called to.",
    )
    PEOPLE_WITH_MENTAL_HEALTH_CHALLENGES = (
        "people-with-mental-health-challenges",
        "People with a mental illness or another challenge to their mental health.",
    )
    PEOPLE_WITH_SUBSTANCE_USE_CHALLENGES = (
        "people-with-substance-use-challenges",
        "People with a substance use disorder or challenges from one.",
    )
    RESIDENTS = "residents", "The municipality's residents."
    VULNERABLE_COMMUNITY_MEMBERS = (
        "vulnerable-community-members",
        "The most vulnerable members of the community.",
    )
    WIDER_COMMUNITY = "wider-community", "The community at large."
    YOUTH = "youth", "Young people."


class Need(Term):
    """Which condition or situation the program answers."""

    BASIC_NEEDS = "basic-needs", "Basic needs of daily life that are not met."
    BEHAVIORAL_HEALTH = "behavioral-health", "Needs of behavioral health, in the page's words."
    CONFLICT = "conflict", "Conflicts to be navigated."
    EMOTIONAL_DISTRESS = "emotional-distress", "Emotional distress."
    HOMELESSNESS = "homelessness", "Being without a home."
    MENTAL_HEALTH = "mental-health", "Needs, challenges or illnesses of mental health."
    NONVIOLENT_SITUATIONS = (
        "nonviolent-situations",
        "Situations without violence or serious crime.",
    )
    OPIOID_EPIDEMIC = "opioid-epidemic", "The harm done by opioids across a community."
    PUBLIC_HEALTH = "public-health", "Needs of public health that the page does not specify."
    RACIAL_INEQUITY = "racial-inequity", "Inequity between racial groups."
    SOCIAL_INEQUITY = "social-inequity", "Inequity between groups of a society."
    SUBSTANCE_USE = "substance-use", "Substance use, and the disorders that come of it."
    UNEXPECTED_CRISIS = "unexpected-crisis", "A crisis that the page does not specify."


class Framework(Term):
    """Which values, practices or models the page says guide the program."""

    ACCOUNTABILITY = "accountability", "Answering for what is done."
    ANTI_RACISM = "anti-racism", "Acting against racism."
    EQUITY = "equity", "Fair access and outcomes for everyone."
    FAIRNESS = "fairness", "Treating people fairly."
    HARM_REDUCTION = "harm-reduction", "Practices that lessen harm."
    JUSTICE = "justice", "Treating people justly."
    LIVED_EXPERIENCE = (
        "lived-experience",
        "Valuing or being informed by people who have lived through the matter.",
    )
    PEER_SUPPORT = "peer-support", "The philosophy that peers support one another."
    RACIAL_AND_ETHNIC_EQUITY = (
        "racial-and-ethnic-equity",
        "Equity across racial and ethnic groups.",
    )
    SEQUENTIAL_INTERCEPT_MAPPING_MODEL = (
        "sequential-intercept-mapping-model",
        "The model that the page abbreviates SIM.",
    )
    SOCIAL_JUSTICE = "social-justice", "Justice in how a society treats its members."
    TRANSPARENCY = "transparency", "Letting others see what is done."
    TRAUMA_INFORMED_CARE = (
        "trauma-informed-care",
        "Care that reckons with the trauma a person may have lived through.",
    )
