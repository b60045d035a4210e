"""Fifty questions of a program officer, a journalist and a researcher, each answered by one expression.

The right answers were read from the page, not from the data.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pytest

import eaps_data as eaps


class Question(NamedTuple):
    """A question, the expression that answers it, and the answer."""

    text: str
    ask: Callable[[], Any]
    answer: Any


def ids(records: Iterable[Any]) -> set[str]:
    return {record.id for record in records}


def found(query: str) -> str:
    """Return the id of the best hit of a search."""
    return eaps.search(query, limit=1).records[0].id


SIX = {
    "new-bedford-use-of-force-recommendations",
    "new-bedford-co-response",
    "new-bedford-shannon",
    "new-bedford-ssyi",
    "new-bedford-heal-center",
    "new-bedford-lead",
}
TEAM, CRESS, DCC, CCRT, BHU, LLEAPS = (
    "winthrop-public-health-and-safety-team",
    "amherst-cress",
    "northampton-dcc",
    "northampton-ccrt",
    "revere-bhu",
    "lawrence-lleaps",
)
PROJECT, NEW = "new-bedford-public-safety-project", "new-bedford-new-approaches"

OFFICER = [
    Question(
        "Which municipalities are funded, in the page's order?",
        lambda: eaps.municipalities.ids,
        ("winthrop", "amherst", "new-bedford", "northampton", "revere", "lawrence"),
    ),
    Question(
        "Which of them does the page call towns?",
        lambda: eaps.municipalities.where(style="town").ids,
        ("winthrop", "amherst"),
    ),
    Question(
        "Which division is the grant program within?",
        lambda: eaps.grant_program.division,
        "Division of Violence and Injury Prevention",
    ),
    Question("Is the grant program new?", lambda: eaps.grant_program.funding_status, "newly-funded"),
    Question(
        "What is its fax number?",
        lambda: eaps.grant_program.contact.fax,
        "(617) 624-5075",
    ),
    Question("What is its phone number?", lambda: eaps.grant_program.contact.phone, None),
    Question("Which programs address homelessness?", lambda: eaps.programs.where(need="homelessness").ids, (DCC,)),
    Question(
        "Which programs address substance use, opioids included?",
        lambda: ids(eaps.programs.where(need="substance use")),  # type: ignore[arg-type]  # another spelling
        {TEAM, DCC, BHU, LLEAPS},
    ),
    Question(
        "Who addresses racial equity in any form?",
        lambda: ids(eaps.programs.where(framework="racial inequity")),
        {CRESS, DCC, LLEAPS},
    ),
    Question(
        "Where do police officers or departments take part?",
        lambda: ids(eaps.programs.where(partner_kind="police").municipalities),
        {"winthrop", "new-bedford", "revere"},
    ),
    Question("Who leads the Shannon program?", lambda: len(eaps.partnerships.where(program="Shannon", role="lead")), 0),
    Question(
        "Who is expanding the Shannon program?",
        lambda: eaps.partners.where(program="Shannon", role="expander").ids,
        ("city-of-new-bedford",),
    ),
    Question(
        "Which programs does New Bedford's project expand?",
        lambda: {*eaps.programs["new-bedford-public-safety-project"].expands},
        SIX,
    ),
    Question(
        "Is that list complete?",
        lambda: "expands" in eaps.programs["new-bedford-public-safety-project"].open_ended,
        True,
    ),
    Question(
        "Which rows stand for several programs?",
        lambda: ids(eaps.programs.where(plural=True)),
        {"new-bedford-co-response", NEW},
    ),
    Question(
        "Which programs does the page not name?",
        lambda: ids(eaps.programs.where(named_by_source=False)),
        {PROJECT, NEW},
    ),
    Question("What is still planned?", lambda: eaps.programs.where(status="planned").ids, (NEW,)),
    Question("What is in development?", lambda: eaps.programs.where(status="in development").ids, (DCC,)),  # type: ignore[arg-type]  # another spelling
    Question("Does Northampton's responder team exist yet?", lambda: eaps.programs["CCRT"].status, None),
    Question("What is it part of?", lambda: eaps.programs["CCRT"].part_of, DCC),
    Question(
        "Who are Revere's collaborators, and which only as examples?",
        lambda: {row.partner: row.example for row in eaps.partnerships.where(program="BHU", role="collaborator")},
        dict.fromkeys(
            (
                "revere-police-officers",
                "revere-sudhi-office",
                "revere-health-department",
                "north-suffolk-community-services",
            ),
            True,
        ),
    ),
]

JOURNALIST = [
    Question("How much money did Revere get?", lambda: eaps.why("revere-bhu", "budget").claims, ()),
    Question(
        "Why is there no answer?",
        lambda: eaps.not_stated("money")[0].explanation,
        "The page gives no amounts of money: no grants, budgets, or costs.",
    ),
    Question("When did the grants start?", lambda: [topic.topic for topic in eaps.not_stated("start date")], ["dates"]),
    Question(
        "How many arrests were avoided?", lambda: [topic.topic for topic in eaps.not_stated("arrests")], ["outcomes"]
    ),
    Question("Which program began in 2015?", lambda: eaps.programs.where(started_year=2015).ids, (TEAM,)),
    Question(
        "What does SUDHI stand for?",
        lambda: eaps.partners["SUDHI"].name,
        "Substance Use Disorder and Homelessness Initiatives",
    ),
    Question(
        "What is the HEAL Center?",
        lambda: eaps.programs["HEAL Center"].name,
        "Health Education, Action and Leadership Program",
    ),
    Question("Who wants to prevent hospitalization?", lambda: found("hospitalization"), BHU),
    Question("Who wants to be anti-racist?", lambda: found("racist"), CRESS),
    Question("Where are stakeholders mentioned?", lambda: found("stakeholders"), "eaps"),
    Question("Who tracks calls?", lambda: found("track calls"), BHU),
    Question("Whose staff is highly skilled?", lambda: found("highly skilled"), CCRT),
    Question(
        "Which programs embed health staff with police?",
        lambda: ids(eaps.programs.where(approach="embedded-staff")),
        {TEAM, BHU},
    ),
    Question("Which respond without police?", lambda: eaps.programs.where(approach="non-police-response").ids, (DCC,)),
    Question(
        "Which have community responders?",
        lambda: ids(eaps.programs.where(approach="community responders")),  # type: ignore[arg-type]  # another spelling
        {CRESS, CCRT},
    ),
    Question(
        "Who mentions diversion?", lambda: ids(eaps.programs.where(approach="diversion")), {TEAM, "new-bedford-lead"}
    ),
    Question("Who mentions deflection?", lambda: ids(eaps.programs.where(approach="deflection")), {TEAM}),
    Question(
        "In whose words is Revere's unit to be evaluated?",
        lambda: [row.quote for row in eaps.evidence.where(subject="BHU", item="evaluation")],
        ["ultimately to evaluate the BHU\u2019s successes and benefits"],
    ),
    Question(
        "Which programs serve youth?", lambda: ids(eaps.programs.where(population="young people")), {"new-bedford-ssyi"}
    ),
    Question(
        "Which partners does Suffolk County have?", lambda: len(eaps.programs.where(county="Suffolk").partners), 6
    ),
]

RESEARCHER = [
    Question(
        "What is the GEOID of Revere, with the Census prefix?",
        lambda: eaps.municipalities["0600000US2502556585"].id,
        "revere",
    ),
    Question(
        "Which place is Revere, MA?", lambda: eaps.municipalities["Revere, MA"].identifiers.place_geoid, "2556585"
    ),
    Question(
        "Which programs use the Sequential Intercept Model?",
        lambda: eaps.programs.where(framework="SIM").ids,
        (LLEAPS,),
    ),
    Question(
        "Which claims of Northampton's team are inferred?",
        lambda: {row.item for row in eaps.evidence.where(subject="CCRT", basis="inferred")},
        {"emergency-response", "non-emergency-response"},
    ),
    Question(
        "Which programs are co-response by more than their name?",
        lambda: {row.basis for row in eaps.evidence.where(item="co-response")},
        {eaps.Basis.NAMED},
    ),
    Question(
        "Which programs involve peers?",
        lambda: ids(eaps.programs.where(service="peer support")),  # type: ignore[arg-type]  # another spelling
        {TEAM, DCC},
    ),
    Question(
        "Which only by the exact term?",
        lambda: ids(eaps.programs.where(service="peer support", exact=True)),  # type: ignore[arg-type]
        {DCC},
    ),
    Question("Where does public health lead?", lambda: eaps.programs.where(approach="public-health-led").ids, (DCC,)),
    Question(
        "Which sources does the evidence on Lawrence's initiative cite?",
        lambda: eaps.programs[-1:].evidence.sources.ids,
        ("funded-municipalities",),
    ),
    Question(
        "Which approaches does Lawrence share with Revere?",
        lambda: {*eaps.programs["LLEAPS"].approaches} & {*eaps.programs["BHU"].approaches},
        {eaps.Approach.COLLABORATION},
    ),
    Question(
        "Who was left out of funding?", lambda: [topic.topic for topic in eaps.not_stated("applicants")], ["selection"]
    ),
]

QUESTIONS = [*OFFICER, *JOURNALIST, *RESEARCHER]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.text)
def test_the_answer_is_the_one_of_the_page(question: Question) -> None:
    assert question.ask() == question.answer


def test_there_are_fifty_questions() -> None:
    assert len({question.text for question in QUESTIONS}) == len(QUESTIONS) >= 50
