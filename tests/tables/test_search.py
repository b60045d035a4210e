"""Search ranks exact keys before other spellings before words, and reports why each hit matched."""

import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.tables.search import EXACT, NORMALIZED
from support.strategies import spellings

SEARCHED = [*eaps.municipalities, *eaps.programs, *eaps.partners]


@given(st.data())
def test_key_in_any_spelling_ranks_its_record_first(data: st.DataObject) -> None:
    record = data.draw(st.sampled_from(SEARCHED))
    key = data.draw(st.sampled_from(record.lookup_keys))
    best = eaps.search(data.draw(spellings(key)))
    top = [hit.record for hit in best if hit.score == best[0].score]
    assert record in top
    assert best[0].score in {EXACT, NORMALIZED}


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
def test_common_queries_find_the_expected_record_first(query: str, first: str) -> None:
    assert eaps.search(query)[0].record.id == first


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
        (next(alias for program in eaps.programs for alias in program.aliases), "aliases"),
        ("2502556585", "identifiers"),
    ],
)
def test_match_of_a_key_reports_its_field(query: str, field: str) -> None:
    exact, folded = eaps.search(query)[0], eaps.search(f" {query.swapcase()} ")[0]
    assert (exact.score, [(match.field, match.words) for match in exact.matches]) == (EXACT, [(field, (query,))])
    assert folded.record == exact.record
    assert [match.field for match in folded.matches] == [field]


def test_match_reports_field_and_words() -> None:
    hit = next(hit for hit in eaps.search("case documentation") if hit.record.id == "revere-bhu")
    found = {match.field: match.words for match in hit.matches}
    assert found["services"] == ("case", "documentation")
    assert found["staff_roles"] == ("case",)


def test_words_match_in_singular_in_plural_and_by_their_beginning() -> None:
    for query in ("clinician", "clinicians", "clinic"):
        fields = [match.field for match in eaps.search(query)[0].matches]
        assert "staff_roles" in fields
    assert eaps.search("coaches")[0].record == eaps.search("coach")[0].record
    assert eaps.search("inequities")[0].record.id == "northampton-dcc"


def test_exact_plural_scores_like_the_exact_word() -> None:
    # A word in a name has the full weight of 1; the beginning of a word weighs less.
    dataset = renamed("revere-bhu", "Zebras and Onyx")
    assert [(hit.record.id, hit.score) for hit in dataset.search("zebras")] == [("revere-bhu", 1.0)]
    assert [(hit.record.id, hit.score) for hit in dataset.search("zebra")] == [("revere-bhu", 1.0)]
    assert [(hit.record.id, hit.score) for hit in dataset.search("onyxes")] == [("revere-bhu", 1.0)]
    assert [(hit.record.id, hit.score) for hit in dataset.search("zebr")] == [("revere-bhu", 0.8)]
    assert dataset.search("ze") == ()


def renamed(program_id: str, name: str) -> eaps.Dataset:
    document = eaps.load().document
    programs = tuple(
        program.model_copy(update={"name": name}) if program.id == program_id else program
        for program in document.programs
    )
    return eaps.Dataset(document.model_copy(update={"programs": programs}))


def test_definitions_are_searched_with_the_lowest_weight() -> None:
    hits = eaps.search("abbreviates")
    assert [hit.record.id for hit in hits] == ["lawrence-lleaps"]
    assert hits[0].matches[0].field == "definition"
    assert hits[0].score < eaps.search("transparency")[0].score


def test_stop_words_are_ignored_unless_alone() -> None:
    assert eaps.search("the youth") == eaps.search("youth")
    assert eaps.search("of the")


@pytest.mark.parametrize("query", ["", "  ", "\u00a0", "--", "?!"])
def test_query_without_words_is_an_error(query: str) -> None:
    with pytest.raises(ValueError, match="the query contains no words"):
        eaps.search(query)


def test_unknown_word_has_no_hits() -> None:
    assert eaps.search("xylophone") == ()


def test_search_finds_words_that_are_not_keys() -> None:
    assert eaps.programs.get("recovery coaches") is None
    assert eaps.search("recovery coaches")
