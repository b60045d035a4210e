"""What users ask for and the page does not state, so that a question about it gets an answer."""

from collections.abc import Mapping
from types import MappingProxyType, NoneType
from typing import Final, NamedTuple

from eaps_data._internal.arguments import expect
from eaps_data._internal.text_keys import fold

PAGE: Final = "funded-municipalities"
"""The id of the page among the packaged sources."""


class NotStated(NamedTuple):
    """Something that the page of the packaged data does not state.

    Attributes:
        topic: What it is about, in one word.
        names: The field and filter names that ask for it.
        explanation: What the page states instead, in one sentence.
    """

    topic: str
    names: tuple[str, ...]
    explanation: str


_TOPICS: Final = (
    NotStated(
        "amounts",
        (
            "amount",
            "award",
            "award_amount",
            "budget",
            "cost",
            "dollars",
            "funding",
            "grant_amount",
            "money",
            "spending",
        ),
        "The page gives no amounts of money: no grants, budgets, or costs.",
    ),
    NotStated(
        "dates",
        (
            "award_date",
            "date",
            "deadline",
            "end_date",
            "ended_year",
            "fiscal_year",
            "funded_year",
            "start_date",
            "year",
        ),
        "The page gives one year, 2015, for Winthrop's team; it gives no other dates and no grant periods.",
    ),
    NotStated(
        "contacts",
        ("contact_person", "director", "email", "hotline", "phone", "telephone", "url", "website"),
        'The page gives one fax number and one postal address, under "Contact for Funded Municipalities"; '
        "it gives no phone number, e-mail address, website, or person.",
    ),
    NotStated(
        "access",
        ("address", "eligibility", "fee", "hours", "how_to_apply", "language", "referral", "service_area"),
        "The page does not state how to reach a program: no address, hours, eligibility, fees, or languages.",
    ),
    NotStated(
        "outcomes",
        ("arrests", "call_volume", "calls", "clients", "impact", "outcome", "people_served", "result", "statistics"),
        "The page states goals, not outcomes: it gives no numbers of calls, arrests, or people served.",
    ),
    NotStated(
        "staffing",
        ("employees", "fte", "headcount", "salary", "staff_count", "staff_names", "staff_size", "team_size"),
        "The page names staff roles; it gives no names, numbers, or salaries of staff.",
    ),
    NotStated(
        "demographics",
        ("age", "demographics", "ethnicity", "gender", "income", "population_size", "race"),
        "The page gives no figures about the people of the municipalities or of the programs.",
    ),
    NotStated(
        "selection",
        ("applicants", "applications", "criteria", "rejected_applicants", "selection"),
        "The page lists the funded municipalities; it does not name other applicants or the criteria.",
    ),
)

_BY_NAME: Final[Mapping[str, NotStated]] = MappingProxyType(
    {fold(name): each for each in _TOPICS for name in (each.topic, *each.names)}
)


def not_stated(name: str | None = None) -> tuple[NotStated, ...]:
    """Return what the page of the packaged data does not state.

    Args:
        name: The name of a field, filter or topic, in the singular or plural; all topics if not given.

    Returns:
        The topics; empty if the name is not known to be missing from the page.

    >>> not_stated("budget")[0].explanation
    'The page gives no amounts of money: no grants, budgets, or costs.'
    """
    expect("name", name, str, NoneType)
    if name is None:
        return _TOPICS
    folded = fold(name)
    found = _BY_NAME.get(folded) or _BY_NAME.get(folded.removesuffix("s"))
    return () if found is None else (found,)


def explanation_of(name: str, source: str = PAGE) -> str:
    """Return a sentence to append to an error about an unknown name; empty if nothing is known about it.

    Args:
        name: The unknown name.
        source: The id of the source that describes the grant program of the dataset in question.

    >>> explanation_of("phones")[:48]
    '; not in the packaged data: The page gives one f'
    """
    topics = not_stated(name) if source == PAGE else ()
    return "".join(f"; not in the packaged data: {each.explanation}" for each in topics)
