"""Controlled terms: every value that a coded field may have, with its definition.

Each vocabulary is a `StrEnum`, so a term equals its text and serializes as it. A vocabulary has a term because a row of
the canonical dataset uses it, or uses a narrower one. A definition says what the term means in this dataset.

    >>> Approach.CO_RESPONSE == "co-response"
    True
    >>> Basis.NAMED.definition
    'Only a proper name says it: a program named "Co-Response" is read as co-response.'
    >>> GovernmentForm
    <GovernmentForm: city, town-with-city-form>
    >>> Framework.SEQUENTIAL_INTERCEPT_MODEL.synonyms
    ('SIM', 'Sequential Intercept Mapping Model')
"""

from collections.abc import Mapping
from enum import EnumType, StrEnum
from typing import TYPE_CHECKING, Any, Final, LiteralString, Self, TypeVar, cast

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

V = TypeVar("V", bound=LiteralString)


class _Vocabulary(EnumType):
    """The type of the vocabularies, which shows their terms."""

    def __repr__(cls) -> str:
        terms = map(str, cls.__members__.values())
        return f"<{cls.__name__}: {', '.join(terms) or 'no terms'}>"


class Term(StrEnum, metaclass=_Vocabulary):
    """A term of a controlled vocabulary.

    Attributes:
        definition: What it means in this dataset.
        synonyms: Other words by which users look it up, which `where` accepts too.
        retired: The version of the schemas that retired it, or None. A retired term stays valid, so that older data
            can be read and filtered, but no new row should use it.
    """

    definition: str
    synonyms: tuple[str, ...]
    retired: str | None
    _broader: str | None

    def __new__(cls, value: str, attributes: Mapping[str, object] | None = None) -> Self:
        """Make the term `value`, as `_term` defines it."""
        term = str.__new__(cls, value)
        vars(term).update(attributes or {}, _value_=value)
        return term

    def __setattr__(self, name: str, value: object) -> None:
        if not name.startswith("_"):  # Python's own, set while the vocabulary is made
            raise AttributeError(f"cannot set {name!r}: the term {self.value!r} cannot be changed", name=name, obj=self)
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: "GetCoreSchemaHandler") -> "CoreSchema":
        """Accept the exact text of a term in Python input too, as in a record's own JSON dump or a web request."""
        from pydantic_core import core_schema

        term = handler(source)
        written = core_schema.no_info_before_validator_function(cls._of_text, term)
        return core_schema.json_or_python_schema(json_schema=term, python_schema=written)

    @classmethod
    def _of_text(cls, value: object) -> object:
        if type(value) is not str:  # a term of another vocabulary may have the same text
            return value
        if value not in cls._value2member_map_:
            from pydantic_core import PydanticKnownError

            *texts, last = (repr(term.value) for term in cls if not term.retired)
            raise PydanticKnownError("enum", {"expected": f"{', '.join(texts)} or {last}" if texts else last})
        return cls._value2member_map_[value]

    @property
    def broader(self) -> Self | None:
        """The term of the same vocabulary that includes this one, or None.

        >>> Need.OPIOID_EPIDEMIC.broader
        Need.SUBSTANCE_USE
        """
        return next((term for term in type(self) if term.value == self._broader), None)

    @property
    def ancestors(self) -> tuple[Self, ...]:
        """The terms that include this one, directly or through others, the narrowest first.

        >>> [term.value for term in Framework.ANTI_RACISM.ancestors]
        ['racial-equity', 'equity']
        """
        broader = self.broader
        return () if broader is None else (broader, *broader.ancestors)

    @property
    def narrower(self) -> tuple[Self, ...]:
        """The terms that this one includes, directly or through others, in the vocabulary's order.

        >>> [term.value for term in PartnerKind.POLICE.narrower]
        ['police-department', 'police-officers']
        """
        return tuple(term for term in type(self) if self in term.ancestors)


def _term(
    value: V,
    definition: str,
    synonyms: tuple[str, ...] = (),
    broader: str | None = None,
    retired: str | None = None,
) -> V:
    """Define a term. To a type checker it is its text, so that it accepts comparisons with strings.

    Args:
        value: Its text, in kebab-case.
        definition: What it means in this dataset.
        synonyms: Other names for it.
        broader: The text of the term of the same vocabulary that includes it.
        retired: The version of the schemas that retired it.
    """
    attributes = {"definition": definition, "synonyms": synonyms, "retired": retired, "_broader": broader}
    return cast("V", (value, attributes))  # the arguments of `Term.__new__`


class MunicipalityStyle(Term):
    """How the page styles the municipality, which may differ from its legal form."""

    TOWN = _term("town", 'The page writes "Town of …".')
    CITY = _term("city", 'The page writes "City of …".')


class GovernmentForm(Term):
    """The municipality's form of government, as MassGIS classifies it."""

    CITY = _term("city", "A city (MassGIS type C).")
    TOWN_WITH_CITY_FORM = _term("town-with-city-form", "A town with a city form of government (MassGIS type TC).")


class FundingStatus(Term):
    """The grant program's funding, as the page describes it."""

    NEWLY_FUNDED = _term("newly-funded", "The page calls the program newly funded; it gives no date.")


class ProgramKind(Term):
    """What the page calls the program."""

    TEAM = _term("team", "A group of people who respond or serve together.")
    DIVISION = _term("division", "A part of a municipality's government that the page calls a division.")
    UNIT = _term("unit", "A part of a department.")
    INITIATIVE = _term("initiative", "Work that the page calls an initiative.")
    PROGRAM = _term("program", "Work that the page calls a program or programs.")
    PROJECT = _term("project", "Work that the page calls a project.")
    RECOMMENDATIONS = _term("recommendations", "A set of recommendations that the page lists among a city's programs.")


class ProgramStatus(Term):
    """The program's stage, as the page describes it."""

    EXISTING = _term(
        "existing",
        "Described in the present tense; the page does not mention that it was set up or changed.",
    )
    EXPANDING = _term("expanding", "Exists already, and is being expanded and enhanced.")
    EXPANDED = _term("expanded", "Exists already, and has been expanded.")
    IN_DEVELOPMENT = _term("in-development", "Is being developed.")
    ESTABLISHED = _term("established", "Has been created or established.")
    PLANNED = _term("planned", "Will be developed.")


class PartnerKind(Term):
    """The type of organization or group that a partner is."""

    CITY_GOVERNMENT = _term("city-government", "A city, acting as a whole.")
    COMMISSION = _term("commission", "A body that the page calls a commission.")
    EMERGENCY_MEDICAL_SERVICES = _term(
        "emergency-medical-services",
        "A service that responds to medical emergencies.",
        ("EMS",),
    )
    HEALTH_DEPARTMENT = _term("health-department", "The health department of a municipality.")
    OFFICE = _term("office", "An office within a municipality's government.")
    POLICE = _term("police", "A police department or a group of police officers.")
    POLICE_DEPARTMENT = _term("police-department", "The police department of a municipality.", (), "police")
    POLICE_OFFICERS = _term(
        "police-officers",
        "A group of police officers, rather than their department.",
        (),
        "police",
    )
    SOCIAL_SERVICE_PROVIDER = _term("social-service-provider", "An organization that provides social services.")
    STATE_AGENCY = _term("state-agency", "A department of the state government.")


class Role(Term):
    """The partner's role in the program, as the page describes it."""

    LEAD = _term(
        "lead",
        "Works on the program with others as its partners; the page does not call it a lead or a developer.",
    )
    CREATOR = _term("creator", "Created or established the program, or issued the recommendations.")
    DEVELOPER = _term("developer", "Is developing the program, or will develop it.")
    EXPANDER = _term("expander", "Is expanding and enhancing the program; the page does not say who leads it.")
    PARTNER = _term("partner", 'Works on the program "in partnership with" others.')
    COLLABORATOR = _term("collaborator", "The program's staff work with it or alongside it.")


class Basis(Term):
    """How the quotation supports the claim."""

    STATED = _term("stated", "The source says it.")
    NAMED = _term("named", 'Only a proper name says it: a program named "Co-Response" is read as co-response.')
    INFERRED = _term("inferred", "A careful reader concludes it; the note says why.")


class Approach(Term):
    """How the program works to improve public safety."""

    ALTERNATIVE_INVESTMENT = _term(
        "alternative-investment", "Makes alternative investments, which the page does not specify."
    )
    CASE_DOCUMENTATION = _term("case-documentation", "Documents cases, so that calls and needs can be tracked.")
    CO_RESPONSE = _term(
        "co-response",
        "Police officers and another service respond to a call together.",
        ("co-responder model", "co-responder program"),
    )
    COLLABORATION = _term("collaboration", "Several organizations or departments work together.")
    COMMUNITY_ENGAGEMENT = _term("community-engagement", "Involves community members and uses their input.")
    COMMUNITY_RESPONDERS = _term(
        "community-responders",
        "Responders whom the page calls community responders or community care responders.",
        ("community care responders",),
    )
    DEFLECTION = _term(
        "deflection",
        "Connects people with services instead of arrest or charge; the page does not separate it from diversion.",
    )
    DIVERSION = _term(
        "diversion",
        "Directs people away from criminal legal processing, even after a charge; the page does not define it.",
    )
    EMBEDDED_STAFF = _term(
        "embedded-staff",
        "Health or recovery staff work alongside police officers or within a police department.",
    )
    EVALUATION = _term("evaluation", "Studies the results of the work, or is to study them later.")
    INTERDISCIPLINARY_RESPONSE = _term(
        "interdisciplinary-response", "Several professions or organizations respond together."
    )
    NON_POLICE_RESPONSE = _term("non-police-response", "Response that is not based on the police.")
    PREVENTION = _term("prevention", "Acts on causes and risks before a response is needed.")
    PUBLIC_HEALTH_LED = _term("public-health-led", "Public health leads the work.")
    PUBLIC_SAFETY_REFORM = _term("public-safety-reform", "Changes how public safety is provided.")
    SYSTEMS_INTEGRATION = _term("systems-integration", "Integrates public safety systems with other types of response.")
    THIRD_TIER_RESPONSE = _term(
        "third-tier-response",
        "Is a third tier to the responses to non-emergency and emergency needs.",
    )
    USE_OF_FORCE_REFORM = _term(
        "use-of-force-reform",
        "Addresses the use of force, by its name; the page does not describe it.",
        (),
        "public-safety-reform",
    )


class Service(Term):
    """What the program provides."""

    CARE_COORDINATION = _term("care-coordination", "Coordinates the services and providers that a person needs.")
    COMMUNITY_SAFETY = _term("community-safety", "Services that the page calls community safety services.")
    COMMUNITY_SUPPORT = _term(
        "community-support",
        "Support that the page calls community support, and lists with follow-up and care coordination.",
    )
    COMPREHENSIVE_SERVICES = _term(
        "comprehensive-services",
        "Services and resources that the page calls comprehensive and does not list.",
    )
    EMERGENCY_RESPONSE = _term("emergency-response", "Response to emergency needs.")
    FOLLOW_UP = _term("follow-up", "Contact with a person after the first response.")
    HEALTH_CONDITION_SUPPORT = _term(
        "health-condition-support",
        "Support for people with a range of health conditions; the page does not say what the support is.",
    )
    HEALTH_EDUCATION = _term("health-education", "Education about health.")
    MENTAL_HEALTH_SERVICES = _term("mental-health-services", "Services of mental health clinicians.")
    NON_EMERGENCY_RESPONSE = _term("non-emergency-response", "Response to needs that are not emergencies.")
    PEER_RECOVERY_SUPPORT = _term(
        "peer-recovery-support",
        "Support for recovery from substance use by peers, such as peer recovery coaches.",
        ("peer recovery",),
        "peer-support",
    )
    PEER_SUPPORT = _term("peer-support", "Support by peers: people with experience of the same situation.")
    PREVENTIVE_SERVICES = _term(
        "preventive-services",
        "Services meant to help people avoid the need for public safety involvement.",
        ("preventative services",),
    )
    PUBLIC_EDUCATION = _term("public-education", "Education for the public.")
    RESOURCE_COORDINATION = _term("resource-coordination", "Finds and arranges the resources that a person needs.")


class StaffRole(Term):
    """Who works in the program."""

    BEHAVIORAL_HEALTH_SPECIALIST = _term("behavioral-health-specialist", "A specialist in behavioral health.")
    CASE_WORKER = _term("case-worker", "A worker who manages individual cases.", ("caseworker",))
    MENTAL_HEALTH_CLINICIAN = _term("mental-health-clinician", "A clinician who treats mental health conditions.")
    PEER_RECOVERY_COACH = _term(
        "peer-recovery-coach", "A trained coach who supports recovery as a peer.", ("recovery coach",)
    )
    RESOURCE_COORDINATION_STAFF = _term(
        "resource-coordination-staff",
        "Staff who find and arrange the resources that a person needs.",
    )


class Population(Term):
    """Whom the program serves."""

    ALL_PEOPLE = _term("all-people", 'Everyone: the page says "for all people".')
    COMMUNITY_MEMBERS = _term(
        "community-members",
        "The people of the municipality, also called its residents or the wider community.",
        ("residents", "wider community"),
    )
    PEOPLE_EXPERIENCING_HOMELESSNESS = _term(
        "people-experiencing-homelessness",
        "People with challenges related to homelessness.",
    )
    PEOPLE_IN_FREQUENT_CONTACT_WITH_RESPONDERS = _term(
        "people-in-frequent-contact-with-responders",
        "People who frequently require engagement by police, fire, or emergency medical services.",
        ("frequent utilizers", "people in frequent contact"),
    )
    PEOPLE_WHO_MAY_HARM_THEMSELVES_OR_OTHERS = _term(
        "people-who-may-harm-themselves-or-others",
        "People who may harm themselves or others because behavioral health needs are not met.",
    )
    PEOPLE_WITH_MENTAL_HEALTH_CHALLENGES = _term(
        "people-with-mental-health-challenges",
        "People with a mental illness or other challenges to their mental health.",
    )
    PEOPLE_WITH_SUBSTANCE_USE_CHALLENGES = _term(
        "people-with-substance-use-challenges",
        "People with a substance use disorder, or with challenges related to substance use.",
    )
    VULNERABLE_COMMUNITY_MEMBERS = _term(
        "vulnerable-community-members",
        "The most vulnerable members of the community.",
        (),
        "community-members",
    )
    YOUTH = _term("youth", "Young people.", ("young people",))


class Need(Term):
    """The conditions and situations that the program responds to."""

    BASIC_NEEDS = _term("basic-needs", "Basic needs of daily life that are not met.")
    BEHAVIORAL_HEALTH = _term(
        "behavioral-health",
        "Behavioral health needs or issues: the page uses this term next to mental health and substance use.",
    )
    CONFLICT = _term("conflict", "Conflicts that people have to navigate.")
    EMOTIONAL_DISTRESS = _term("emotional-distress", "Challenges related to emotional distress.")
    HOMELESSNESS = _term("homelessness", "Challenges related to homelessness.")
    MENTAL_HEALTH = _term("mental-health", "Mental health needs, challenges, issues, or illnesses.")
    NONVIOLENT_SITUATIONS = _term(
        "nonviolent-situations",
        "Situations without violence or serious crime: the scope of the work, rather than a need.",
    )
    OPIOID_EPIDEMIC = _term("opioid-epidemic", "The opioid epidemic.", ("opioids",), "substance-use")
    PUBLIC_HEALTH = _term("public-health", "Public health needs, which the page does not specify.")
    SUBSTANCE_USE = _term("substance-use", "Substance use, including substance use disorders and the opioid epidemic.")
    SUBSTANCE_USE_DISORDER = _term("substance-use-disorder", "Substance use disorders.", ("SUD",), "substance-use")
    UNEXPECTED_CRISIS = _term("unexpected-crisis", "Unexpected crises, which the page does not specify.")


class Framework(Term):
    """The values, practices, or models that guide the program."""

    ACCOUNTABILITY = _term("accountability", "Being answerable for decisions and actions.")
    ANTI_RACISM = _term(
        "anti-racism",
        "Opposing racism: the page calls the response anti-racist.",
        ("anti-racist",),
        "racial-equity",
    )
    EQUITY = _term("equity", "Equity, or equitable approaches, outcomes, or responses.")
    FAIRNESS = _term("fairness", "Fair responses.")
    HARM_REDUCTION = _term("harm-reduction", "Practices that reduce the harms of substance use and other behavior.")
    JUSTICE = _term("justice", "Justice, or just responses.")
    LIVED_EXPERIENCE = _term(
        "lived-experience",
        "Valuing or being informed by people with lived experience.",
        ("living experience",),
    )
    PEER_SUPPORT_PHILOSOPHY = _term(
        "peer-support-philosophy",
        "Peer support as a philosophy that guides the work, rather than as a service.",
    )
    RACIAL_AND_ETHNIC_EQUITY = _term(
        "racial-and-ethnic-equity",
        "Equity for people of all racial and ethnic groups.",
        (),
        "racial-equity",
    )
    RACIAL_EQUITY = _term(
        "racial-equity",
        "Equity for people of all racial groups, or addressing racial inequities.",
        ("racial inequity", "racial inequities"),
        "equity",
    )
    SEQUENTIAL_INTERCEPT_MODEL = _term(
        "sequential-intercept-model",
        "A model of the points at which people meet the criminal legal system and can be connected with services.",
        ("SIM", "Sequential Intercept Mapping Model"),
    )
    SOCIAL_EQUITY = _term(
        "social-equity",
        "Equity between social groups, or addressing social inequities.",
        ("social inequity", "social inequities"),
        "equity",
    )
    SOCIAL_JUSTICE = _term("social-justice", "Justice in how society treats its members.", (), "justice")
    TRANSPARENCY = _term("transparency", "Making decisions and actions visible.")
    TRAUMA_INFORMED_CARE = _term(
        "trauma-informed-care",
        "Care that recognizes the effects of trauma.",
        ("trauma-informed practice",),
    )


VOCABULARIES: Final[tuple[type[Term], ...]] = tuple(Term.__subclasses__())
"""Every vocabulary, in the order of this module."""
