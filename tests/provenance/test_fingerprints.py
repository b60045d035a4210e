"""Fingerprints: headings that were replaced, and the rules by which sentences match."""

from collections.abc import Collection, Mapping

import pytest

from eaps_data.provenance.fingerprints import find_headings, match_sentences, take_fingerprints
from eaps_data.provenance.page import Place, read_page

HEADINGS = ["Start", "Team", "End"]
KNOWN_PAGE = ["Start", "One. Two. Three. Four. Five.", "Six.", "Team", "Seven. Eight.", "End", "Nine."]
KNOWN = take_fingerprints((each.place, each.text) for each in read_page(KNOWN_PAGE, HEADINGS))


def match(
    page: list[str], quotes: Mapping[str, Collection[str]] | None = None, headings: Collection[str] = ()
) -> dict[str, str]:
    """Return the text of each known sentence with the text that it matches, if they differ."""
    old = read_page(KNOWN_PAGE, HEADINGS)
    new = read_page(page, [*HEADINGS, *headings])
    by_place: dict[Place, Collection[str]] = {each.place: (quotes or {}).get(each.text, ()) for each in old}
    matches = match_sentences(KNOWN, new, by_place)
    return {old[one].text: new[other].text for one, other in matches.items() if old[one].text != new[other].text}


def replaced(*pairs: tuple[str, str]) -> list[str]:
    page = "\n".join(KNOWN_PAGE)
    for old, new in pairs:
        page = page.replace(old, new)
    return page.splitlines()


# Headings


def test_line_before_the_first_paragraph_replaces_a_missing_heading() -> None:
    assert find_headings(replaced(("Team", "Crew")), KNOWN) == {"Start", "Team", "End", "Crew"}
    assert find_headings(replaced(("Team", "Crew"), ("Seven.", "Seventy.")), KNOWN) == {"Start", "Team", "End", "Crew"}


@pytest.mark.parametrize(
    "page",
    [
        KNOWN_PAGE,
        replaced(("Six.", "Six.\nCrew")),  # no heading is missing
        replaced(("Team\n", "")),  # the line before is a known sentence
        replaced(("Team", "We are the crew.")),  # the line before is a sentence
        replaced(("Team", "Crew"), ("Seven. Eight.", "All else.")),  # the first paragraph is gone
        replaced(("Start", "Title"), ("One. Two. Three. Four. Five.\n", "")),  # the second paragraph is now the first
    ],
)
def test_other_line_is_no_heading(page: list[str]) -> None:
    assert find_headings(page, KNOWN) == set(HEADINGS)


@pytest.mark.parametrize(
    ("page", "is_match"),
    [
        (["Start", "Crew", "One. Two. Three.", "Team", "Seven. Eight."], False),
        (["Crew", "One. Two. Three.", "Team", "Seven. Eight."], True),  # half of the sentences
        (["Crew", "Two. Three.", "Team", "Seven. Eight."], False),  # fewer
        (["Crew", "Ten. One. Two. Three. Ten. Ten. Ten.", "Team", "Seven. Eight."], True),
    ],
)
def test_heading_matches_if_it_has_half_of_the_sentences(page: list[str], is_match: bool) -> None:
    assert match(page, headings=["Crew"]).get("Start") == ("Crew" if is_match else None)


# Quotes


def test_sentence_matches_the_one_with_most_of_its_quotes() -> None:
    quotes = {"Two.": ["ab", "cdef"], "Four.": ["ab", "gh"]}
    page = replaced(("Two. Three. Four.", "Xx. Three. It has ab. It has cdef and ab. Yy."))
    assert match(page, quotes) == {"Two.": "It has cdef and ab.", "Four.": "It has ab."}


def test_sentence_matches_the_nearest_of_those_with_equal_quotes() -> None:
    page = replaced(("Two.", "Xx. It has ab."), ("Six.", "It has ab too."))
    assert match(page, {"Two.": ["ab"]})["Two."] == "It has ab."
    assert match(page, {"Six.": ["ab"]})["Six."] == "It has ab too."


@pytest.mark.parametrize(
    ("quotes", "is_match"), [(["ab"], True), (["ab", "c"], True), (["ab", "cd"], False), (["ab", "cde"], False)]
)
def test_sentence_in_another_section_needs_more_than_half_of_the_quoted_text(quotes: list[str], is_match: bool) -> None:
    page = replaced(("Two. ", ""), ("Nine.", "Nine. It has ab."))
    assert match(page, {"Two.": quotes}) == ({"Two.": "It has ab."} if is_match else {})
    page = replaced(("Two. ", ""), ("Six.", "Six. It has ab."))
    assert match(page, {"Two.": quotes}) == {"Two.": "It has ab."}


def test_quote_in_a_heading_is_no_match() -> None:
    assert match(replaced(("Two. ", ""), ("Team", "Town of Ab")), {"Two.": ["Ab"]}) == {"Team": "Town of Ab"}


def test_quote_from_a_heading_is_no_match() -> None:
    page = replaced(("Team\n", ""), ("Nine.", "Nine. The Team works."))
    assert match(page, {"Team": ["Team"]}) == {}


# Neighbors


@pytest.mark.parametrize(
    ("page", "matches"),
    [
        (replaced(("Two.", "Xx.")), {"Two.": "Xx."}),
        (replaced(("Two. Three.", "Xx. Yy.")), {}),
        (replaced(("Two. Three.", "Xx.")), {}),
        (replaced(("Two.", "Xx. Yy.")), {}),
        (replaced(("Two.", "")), {}),
        (replaced(("Nine.", "Xx.")), {"Nine.": "Xx."}),
        (replaced(("Nine.", "Xx. Yy.")), {"Nine.": "Xx."}),
        (replaced(("Six.\nTeam\n", "Six.\nTown of A\n"), ("Seven. Eight.", "Seven.")), {"Team": "Town of A"}),
        (replaced(("Six.", "Town of A")), {}),
        (replaced(("Six.", "Xx.\nTown of A\nYy.")), {"Six.": "Xx."}),  # the last sentence of its section
        (replaced(("Six.", "Xx. Yy.\nTown of A\nZz.")), {}),
    ],
)
def test_only_sentence_between_matched_neighbors_matches(page: list[str], matches: dict[str, str]) -> None:
    assert match(page) == matches


def test_empty_page_has_no_matches() -> None:
    assert match([]) == match(["Xx."]) == {}
