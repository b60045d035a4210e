"""Search ranks exact before normalized before words, and says why."""

import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.tables.search import EXACT, NORMALIZED
from support.strategies import spellings

SEARCHED = [*eaps.municipalities, *eaps.programs, *eaps.partners]


@given(st.data())
def test_a_key_in_any_spelling_ranks_its_record_first(data: st.DataObject) -> None:
    record = data.draw(st.sampled_from(SEARCHED))
    key = data.draw(st.sampled_from(record.lookup_keys))
    best = eaps.search(data.draw(spellings(key)))
    top = [hit.record for hit in best if hit.score == best[0].score]
    assert record in top
    assert best[0].score in {EXACT, NORMALIZED}


@given(st.text(max_size=30))
def test_scores_are_ranked_and_matches_say_why(query: str) -> None:
    try:
        hits = eaps.search(query)
    except ValueError:
        assert not any(letter.isalnum() for letter in query)
        return
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(score in {EXACT, NORMALIZED} or 0 < score <= 1 for score in scores)
    assert all(hit.matches and all(match.words for match in hit.matches) for hit in hits)


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
    ],
)
def test_what_people_search_for_comes_first(query: str, first: str) -> None:
    assert eaps.search(query)[0].record.id == first


def test_as_written_beats_another_spelling_beats_words() -> None:
    assert eaps.search("CRESS")[0].score == EXACT
    assert eaps.search("cress")[0].score == NORMALIZED
    assert eaps.search("equity safety")[0].score <= 1
    hit = eaps.search("Revere")[0]
    assert (hit.matches[0].field, hit.matches[0].words) == ("name", ("Revere",))
    assert eaps.search("2502556585")[0].matches[0].field == "identifiers"


def test_a_match_names_the_field_and_the_words() -> None:
    hit = next(hit for hit in eaps.search("case documentation") if hit.record.id == "revere-bhu")
    found = {match.field: match.words for match in hit.matches}
    assert found["services"] == ("case", "documentation")
    assert found["staff_roles"] == ("case",)


def test_words_match_in_singular_plural_and_by_their_beginning() -> None:
    for query in ("clinician", "clinicians", "clinic"):
        fields = [match.field for match in eaps.search(query)[0].matches]
        assert "staff_roles" in fields
    assert eaps.search("coaches")[0].record == eaps.search("coach")[0].record
    assert eaps.search("inequities")[0].record.id == "northampton-dcc"


def test_a_definition_is_searched_but_weighs_least() -> None:
    hits = eaps.search("abbreviates")
    assert [hit.record.id for hit in hits] == ["lawrence-lleaps"]
    assert hits[0].matches[0].field == "definition"
    assert hits[0].score < eaps.search("transparency")[0].score


def test_joining_words_do_not_make_hits() -> None:
    assert eaps.search("the youth") == eaps.search("youth")
    assert eaps.search("of the")


@pytest.mark.parametrize("query", ["", "  ", "\u00a0", "--", "?!"])
def test_an_empty_query_is_an_error(query: str) -> None:
    with pytest.raises(ValueError, match="the query contains no words"):
        eaps.search(query)


def test_what_is_nowhere_gives_no_hit() -> None:
    assert eaps.search("xylophone") == ()


def test_search_looks_where_lookup_does_not() -> None:
    assert eaps.programs.get("recovery coaches") is None
    assert eaps.search("recovery coaches")
