"""Search ranks exact keys before other spellings before words, finds words in any form, and reports why."""

import json
import pickle
import string
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, strategies as st

import eaps_data as eaps
from eaps_data._internal.stems import singular
from eaps_data.models.option_names import Backend
from eaps_data.models.records import DatasetDocument, Partner, Partnership
from eaps_data.models.vocabulary import PartnerKind, Role, Term
from eaps_data.tables.hits import Hits
from eaps_data.tables.search import EXACT, NORMALIZED
from support.made_up import dataset, program
from support.strategies import documents, spellings

SEARCHED = [*eaps.municipalities, *eaps.programs, *eaps.partners, eaps.grant_program]

WORDS = ("zebra", "quartz", "pilot", "garden", "follow-up", "map", "non-police", "harbor", "tutor", "clinic")
"""Words with different stems and beginnings, for made-up goals."""

goals = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
made_up = st.lists(st.lists(goals, min_size=1, max_size=2, unique=True), min_size=1, max_size=6).map(
    lambda programs: dataset(program(f"p{number}", goals=tuple(texts)) for number, texts in enumerate(programs))
)
queries = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(" ".join)


def ids(hits: Hits) -> list[str]:
    return [hit.record.id for hit in hits]


def of_goals(*texts: str) -> eaps.Dataset:
    """A dataset with one program for each goal, p1, p2 and so on."""
    return dataset(program(f"p{number}", goals=(text,)) for number, text in enumerate(texts, start=1))


# Keys


@given(st.data())
def test_key_in_any_spelling_ranks_its_record_first(data: st.DataObject) -> None:
    record = data.draw(st.sampled_from(SEARCHED))
    key = data.draw(st.sampled_from(record.lookup_keys))
    best = eaps.search(data.draw(spellings(key)))
    top = [hit.record for hit in best if hit.score == best[0].score]
    assert record in top
    assert best[0].score in {EXACT, NORMALIZED}


@given(documents())
def test_every_record_is_found_first_by_its_name(document: DatasetDocument) -> None:
    ours = eaps.Dataset(document)
    for record in (*ours.municipalities, *ours.programs, *ours.partners, ours.grant_program):
        hits = ours.search(record.name)
        assert record in [hit.record for hit in hits if hit.score == hits[0].score]


def test_exact_key_scores_above_another_spelling_above_words() -> None:
    assert eaps.search("CRESS")[0].score == EXACT
    assert eaps.search("cress")[0].score == NORMALIZED
    assert eaps.search("equity safety")[0].score <= 1
    hit = eaps.search("Revere")[0]
    assert (hit.matches[0].field, hit.matches[0].words) == ("name", ("Revere",))
    assert eaps.search("2502556585")[0].matches[0].field == "identifiers"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("revere-bhu", "id"),
        ("Behavioral Health Unit", "name"),
        ("BHU", "acronym"),
        ("City of Revere", "styled_name"),
        ("Winthrop Town city", "census_name"),
        (next(alias for each in eaps.programs for alias in each.aliases), "aliases"),
        ("2502556585", "identifiers"),
    ],
)
def test_match_of_a_key_reports_its_field(query: str, field: str) -> None:
    exact, folded = eaps.search(query)[0], eaps.search(f" {query.swapcase()} ")[0]
    assert (exact.score, [(match.field, match.words) for match in exact.matches]) == (EXACT, [(field, (query,))])
    assert folded.record == exact.record
    assert [match.field for match in folded.matches] == [field]


# Ranking


@given(made_up, queries)
def test_limit_returns_the_first_hits(ours: eaps.Dataset, query: str) -> None:
    hits = ours.search(query)
    for limit in range(1, len(hits) + 2):
        assert ours.search(query, limit=limit) == hits[:limit]


@pytest.mark.parametrize("limit", [0, -1])
def test_limit_below_one_is_an_error(limit: int) -> None:
    with pytest.raises(ValueError, match=f"limit must be at least 1, not {limit}"):
        eaps.search("youth", limit=limit)


@given(made_up, queries)
def test_records_with_more_words_rank_above_those_with_fewer(ours: eaps.Dataset, query: str) -> None:
    words = query.replace("-", " ").split()
    having = {word: {record.id for record in ours.search(word).records} for word in words}
    for hit in ours.search(query):
        count = sum(hit.record.id in found for found in having.values())
        assert (count - 1) / len(words) < hit.score <= count / len(words)


@given(made_up, queries, st.sampled_from(WORDS))
def test_adding_a_word_never_raises_a_record_that_lacks_it_above_one_that_has_all(
    ours: eaps.Dataset, query: str, word: str
) -> None:
    words = f"{query} {word}".replace("-", " ").split()
    having = [{record.id for record in ours.search(one).records} for one in words]
    ranked = ids(ours.search(" ".join(words)))
    have_all = set.intersection(*having)
    assert set(ranked[: len(have_all)]) == have_all
    assert set(ranked) == set.union(*having)


@given(st.permutations(WORDS), st.integers(2, 3))
def test_whole_phrase_beats_scattered_words(words: list[str], count: int) -> None:
    phrase = " ".join(words[:count])
    scattered = " ".join([words[1], words[-1], words[0], *words[2:count]])
    ours = dataset(
        [program("scattered", scattered), program("phrase")], quotes={"programs/phrase": f"a {phrase} of things"}
    )
    assert ids(ours.search(phrase)) == ["phrase", "scattered"]


def test_phrase_may_have_small_words_in_between() -> None:
    ours = of_goals("force and its use", "use of force", "the use for force")
    assert ids(ours.search("use force")) == ["p2", "p3", "p1"]
    assert ids(ours.search("use of force")) == ["p2", "p3", "p1"]


@given(st.text(max_size=30))
def test_hits_are_ranked_by_score_and_have_matches(query: str) -> None:
    try:
        hits = eaps.search(query)
    except ValueError:
        assert not any(letter.isalnum() for letter in query)
        return
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(score in {EXACT, NORMALIZED} or 0 < score <= 1 for score in scores)
    assert all(hit.matches and all(match.words for match in hit.matches) for hit in hits)
    assert bool(hits.tried) == (not hits)


def test_names_weigh_more_than_terms_than_goals_than_summaries_than_definitions_than_quotes() -> None:
    deflection = eaps.Approach.DEFLECTION
    word = next(word for word in deflection.definition.split() if word.isalpha() and len(word) > 6)
    ours = dataset(
        [
            program("quoted"),
            program("defined", approaches=(deflection,)),
            program("summarized", summary=word),
            program("aimed", goals=(word,)),
            program("named", f"{word} team"),
        ],
        [Partner(id="termed", name="Partner", kind=PartnerKind.COMMISSION)],
        {"programs/quoted": word},
    )
    assert [(hit.record.id, hit.score) for hit in ours.search(word)] == [
        ("named", 1.0),
        ("aimed", 0.6),
        ("summarized", 0.5),
        ("defined", 0.4),
        ("quoted", 0.3),
    ]
    assert ours.search("commission")[0].score == 0.7


# What is searched


def test_activities_are_searched_like_goals() -> None:
    record = program("p1")
    vars(record)["activities"] = ("Paint murals",)
    (hit,) = dataset([record]).search("murals")
    assert (hit.score, hit.matches[0].field, hit.matches[0].words) == (0.6, "activities", ("murals",))


class _Need(Term):
    BURNOUT = "burnout"
    FATIGUE = "fatigue"


def test_synonyms_and_broader_terms_are_searched() -> None:
    narrow, broad = _Need.BURNOUT, _Need.FATIGUE
    vars(narrow).update(definition="Being worn out.", synonyms=("compassion strain",), _broader=broad.value)
    vars(broad).update(definition="Being tired.", synonyms=("weariness",), _broader=None)
    record = program("p1")
    vars(record)["needs"] = (narrow,)
    ours = dataset([record])
    for query, score in {"burnout": 0.7, "compassion strain": 0.925, "fatigue": 0.5, "weariness": 0.5}.items():
        (hit,) = ours.search(query)
        assert (hit.score, hit.matches[0].field) == (score, "needs")


def test_quotes_find_their_own_record_and_those_of_a_partnership_find_both() -> None:
    document = dataset(
        [program("p1"), program("p2")],
        [Partner(id="q1", name="Partner"), Partner(id="q2", name="Partner")],
        {"programs/p2": "plants orchards", "partnerships/p1--q2--lead": "sails boats", "grant_program/grant": "digs"},
    ).document
    partnership = Partnership(program="p1", partner="q2", role=Role.LEAD)
    ours = eaps.Dataset._of_valid(document.model_copy(update={"partnerships": (partnership,)}))
    assert ids(ours.search("orchard")) == ["p2"]
    assert ids(ours.search("boats")) == ["p1", "q2"]
    assert ids(ours.search("digs")) == ["grant"]
    assert [match.field for match in ours.search("boats")[0].matches] == ["quote"]


def test_quotes_that_are_codes_are_not_searched() -> None:
    assert eaps.search("2501501370")[0].score == EXACT
    assert eaps.search("42.3755413") == ()


def test_definitions_are_searched_with_a_low_weight() -> None:
    hit = next(hit for hit in eaps.search("recognizes") if hit.record.id == "northampton-dcc")
    assert hit.matches[0].field == "definition"
    assert hit.score < eaps.search("transparency")[0].score


# Words in any form


def _plural(word: str) -> str:
    return word + "s" if word.isalpha() and word[-1] not in "sz" and len(word) > 3 else word


RESPELLINGS: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "title case": str.title,
    "without hyphens": lambda query: query.replace("-", " "),
    "as one word": lambda query: query.replace("-", ""),
    "with other hyphens": lambda query: query.replace("-", "\u2010"),
    "in the plural": lambda query: " ".join(map(_plural, query.split())),
    "with accents": lambda query: query.replace("o", "\u00f3").replace("a", "a\u0301"),
}


@pytest.mark.parametrize("respell", RESPELLINGS.values(), ids=RESPELLINGS)
@given(ours=made_up, query=queries)
def test_spelling_of_a_query_makes_no_difference(respell: Callable[[str], str], ours: eaps.Dataset, query: str) -> None:
    separated = all(word not in query or ours.search(word) for word in ("follow-up", "non-police"))
    assume(separated)  # only a text can show where the parts of a word meet
    assert [(hit.record.id, hit.score) for hit in ours.search(respell(query))] == [
        (hit.record.id, hit.score) for hit in ours.search(query)
    ]


@pytest.mark.parametrize(
    "spellings_",
    [
        ("co-response", "co response", "coresponse", "Co\u2011Response"),
        ("anti-racist", "anti racist", "antiracist", "antiracism"),
        ("non-police", "nonpolice", "non police"),
        ("follow-up", "follow up", "followup"),
    ],
)
@pytest.mark.parametrize("form", [0, 1, 2])
def test_hyphens_in_texts_make_no_difference(spellings_: tuple[str, ...], form: int) -> None:
    ours = of_goals("Something else", f"A {spellings_[form]} program", f"The {spellings_[0]} work")
    for query in spellings_:
        assert ids(ours.search(query))[:2] == ["p2", "p3"]


def test_accents_in_texts_make_no_difference() -> None:
    ours = of_goals("Caf\u00e9 for ni\u00f1os", "Cafe\u0301 for adults")
    assert ids(ours.search("cafe")) == ["p1", "p2"]
    assert ids(ours.search("NI\u00d1OS")) == ids(ours.search("ninos")) == ["p1"]


def test_forms_weigh_less_than_the_word_and_more_than_its_beginning() -> None:
    ours = dataset([program(name, name) for name in ("evaluation", "evaluator", "evaluates", "other")])
    assert [(hit.record.id, hit.score) for hit in ours.search("evaluate")] == [
        ("evaluates", 1.0),
        ("evaluation", 0.9),
        ("evaluator", 0.9),
    ]
    assert [hit.score for hit in ours.search("evalua")] == [0.8] * 3


def test_exact_plural_scores_like_the_exact_word() -> None:
    ours = dataset([program("p1", "Zebras and Onyx")])
    for query in ("zebras", "zebra", "onyxes", "onyx"):
        assert [(hit.record.id, hit.score) for hit in ours.search(query)] == [("p1", 1.0)]
    assert [(hit.record.id, hit.score) for hit in ours.search("zebr")] == [("p1", 0.8)]
    assert ours.search("ze") == ()


def test_three_letters_are_first_a_whole_word() -> None:
    ours = of_goals("Similar work", "The SIM model")
    assert ids(ours.search("SIM")) == ids(ours.search("sim")) == ["p2"]
    assert ids(ours.search("simi")) == ["p1"]
    assert ids(of_goals("Acting", "An ACT team", "Many ACTs").search("ACT")) == ["p2", "p3"]
    assert ids(of_goals("Acting").search("act")) == ["p1"]
    other = of_goals("Similar work")
    assert ids(other.search("sim")) == ["p1"]
    assert other.search("SIM") == ()


# Typos


@st.composite
def typos(draw: st.DrawFn, word: str) -> str:
    """A word with one letter inserted, omitted or replaced, or with two adjacent letters swapped."""
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    start, rest = word[:at], word[at:]
    return draw(
        st.sampled_from(
            [start + letter + rest, start + rest[1:], start + letter + rest[1:], start + rest[1:2] + rest[0] + rest[2:]]
        )
    )


@given(st.data())
def test_typo_in_a_long_word_of_a_name_still_finds_the_record(data: st.DataObject) -> None:
    names = ("harmonica", "quartzite", "pelicans", "zeppelin")
    ours = dataset(program(name, f"The {name} team") for name in names)
    name = data.draw(st.sampled_from(names))
    word = data.draw(typos(name))
    assume(len(word) >= 5)
    hit = next(hit for hit in ours.search(word) if hit.record.id == name)
    if hit.matches[0].note:
        assert hit.score == 0.6
        assert f"'{word}' read as '{singular(name)}'" in hit.matches[0].note
    else:
        assert name.startswith(word[:4])  # another form of the word, or its beginning


@pytest.mark.parametrize("query", ["recvery", "recoverry", "recobery", "reocvery", "recoveries"])
def test_typo_of_each_type_is_found_and_noted(query: str) -> None:
    (hit,) = of_goals("Recovery").search(query)
    note = None if query == "recoveries" else f"'{query}' read as 'recovery'"
    assert [(match.field, match.words, match.note) for match in hit.matches] == [("goals", ("recovery",), note)]
    assert hit.matched == "goals: recovery" + (f" ({note})" if note else "")


def test_typo_may_be_in_the_other_number() -> None:
    assert ids(of_goals("Stakeholders").search("stakholder")) == ["p1"]
    assert ids(of_goals("Stakeholder", "Recovery").search("stakholders recvoeries")) == ["p1", "p2"]


def test_another_word_with_a_similar_stem_is_no_typo() -> None:
    assert of_goals("Additional").search("addiction") == ()


@pytest.mark.parametrize("query", ["code", "12346", "recvoyer", "xecoverx"])
def test_short_words_numbers_and_two_typos_are_not_found(query: str) -> None:
    assert of_goals("Core", "12345", "Recovery").search(query) == ()


def test_typo_is_tried_only_if_nothing_better_matches() -> None:
    assert ids(of_goals("Planets", "Plants").search("plants")) == ["p2"]
    assert ids(of_goals("Planets", "Plants").search("planxs")) == ["p2"]


# No hit, and invalid queries


def test_no_hit_reports_what_was_tried() -> None:
    hits = of_goals("Telephones and telegrams").search("telexes of xyz")
    assert not hits
    assert hits.tried == "tried 'telexes' (as 'telex'), 'xyz'; similar words: telephones, telegrams"
    assert repr(hits) == f"0 hits; {hits.tried}"
    assert "No record matches; tried &#x27;telexes&#x27;" in hits._repr_html_()
    assert pickle.loads(pickle.dumps(hits)).tried == hits.tried  # noqa: S301 - our own bytes


def test_long_query_without_hits_is_shortened() -> None:
    assert of_goals("Core").search(" ".join(f"word{number}" for number in range(99))).tried.endswith("'word4', …")


def test_hits_have_nothing_tried() -> None:
    assert eaps.search("youth").tried == ""
    assert repr(Hits()) == "0 hits"


@pytest.mark.parametrize("query", ["", "  ", "\u00a0", "--", "?!"])
def test_query_without_words_is_an_error(query: str) -> None:
    with pytest.raises(ValueError, match="the query contains no words"):
        eaps.search(query)


def test_key_without_words_is_found() -> None:
    assert dataset([program("p1", "!!!")]).search("!!!")[0].score == EXACT


def test_stop_words_are_ignored_unless_alone() -> None:
    assert eaps.search("the youth") == eaps.search("youth")
    assert eaps.search("of the")


# Hits as data


def test_hits_have_records_and_plain_data() -> None:
    hits = eaps.search("recovry coach")
    assert hits.records == tuple(hit.record for hit in hits)
    first: Any = json.loads(json.dumps(hits[0].to_dict()))
    assert list(first) == ["table", "id", "name", "score", "matches"]
    assert (first["table"], first["id"]) == (hits[0].record.table, hits[0].record.id)
    assert [match["field"] for match in first["matches"]] == [match.field for match in hits[0].matches]
    assert first["matches"][0]["note"] == "'recovry' read as 'recovery'"


@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow", None])
@pytest.mark.parametrize("query", ["peer recovery", "xylophone"])
def test_hits_as_a_frame(backend: Backend | None, query: str) -> None:
    pytest.importorskip(backend or "pandas")
    hits = eaps.search(query)
    frame = hits.to_frame(backend)
    columns = getattr(frame, "column_names", None) or [*frame.columns]
    assert columns == ["id", "name", "table", "score", "matched"]
    assert len(frame) == len(hits)
    values: Any = {name: frame[name].to_pylist() if backend == "pyarrow" else [*frame[name]] for name in columns}
    assert values["id"] == ids(hits)
    assert values["table"] == [hit.record.table for hit in hits]
    assert values["score"] == [hit.score for hit in hits]
    assert values["matched"] == [hit.matched for hit in hits]


# The packaged data


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("peer recovery", "winthrop-public-health-and-safety-team"),
        ("Revere", "revere"),
        ("BHU", "revere-bhu"),
        ("homelessness", "revere-sudhi-office"),
        ("basic needs", "northampton-dcc"),
        ("youth", "new-bedford-ssyi"),
        ("clinicians", "winthrop-public-health-and-safety-team"),
        ("case workers", "revere-bhu"),
        ("opioid", "winthrop-public-health-and-safety-team"),
        ("trauma", "northampton-dcc"),
        ("transparency and accountability", "lawrence-lleaps"),
        ("police department", "new-bedford-police-department"),
        ("coresponse", "new-bedford-co-response"),
        ("co response", "new-bedford-co-response"),
        ("evaluate", "new-bedford-public-safety-project"),
        ("hospitalization", "revere-bhu"),
        ("racist", "amherst-cress"),
        ("antiracist", "amherst-cress"),
        ("stakeholder", "eaps"),
        ("SIM", "lawrence-lleaps"),
        ("Shannon", "new-bedford-shannon"),
        ("SUDHI office", "revere-sudhi-office"),
        ("North Suffolk", "north-suffolk-community-services"),
        ("recovry coach", "winthrop-public-health-and-safety-team"),
    ],
)
def test_common_queries_find_the_expected_record_first(query: str, first: str) -> None:
    assert eaps.search(query)[0].record.id == first


def test_match_reports_field_and_words() -> None:
    hit = next(hit for hit in eaps.search("case documentation") if hit.record.id == "revere-bhu")
    found = {match.field: match.words for match in hit.matches}
    assert found["approaches"] == ("case", "documentation")
    assert found["staff_roles"][0] == "case"


def test_search_finds_words_that_are_not_keys() -> None:
    assert eaps.programs.get("recovery coaches") is None
    assert eaps.search("recovery coaches")


@pytest.mark.parametrize("key", ["Revere, MA", "0600000US2502556585", "1600000US2556585"])
def test_a_municipality_is_found_by_its_name_with_its_state_and_by_a_census_geo_id(key: str) -> None:
    first = eaps.search(key)[0]
    assert (first.record.id, first.score, first.matched) == ("revere", 2.0, "id: revere")
