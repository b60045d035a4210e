"""Pages: paragraphs cut into numbered sentences, under headings."""

import pytest

from eaps_data.provenance.page import Place, comparable, names_a_municipality, read_page


def test_sentences_before_the_first_heading_have_no_section() -> None:
    sentences = read_page(["One. Two.", " \u200b", "Three.", "Title", "Four."], ["Title"])
    assert [each.place for each in sentences] == [
        ("", 1, 1),
        ("", 1, 2),
        ("", 2, 1),
        ("Title", 0, 1),
        ("Title", 1, 1),
    ]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("", 1, 2), "before the first heading, paragraph 1, sentence 2"),
        (Place("Town of A", 0, 1), "Town of A, heading"),
        (Place("Town of A", 2, 1), "Town of A, paragraph 2, sentence 1"),
    ],
)
def test_location_is_shown_in_words(place: Place, text: str) -> None:
    assert str(place) == text


@pytest.mark.parametrize(
    ("paragraph", "sentences"),
    [
        ("One!  Two?\u00a0Three. four. Five.", ["One!", "Two?", "Three. four.", "Five."]),
        ("It has 2.5 nurses. (One is new.) 3 more come.", ["It has 2.5 nurses. (One is new.) 3 more come."]),
    ],
)
def test_sentence_ends_before_a_space_and_a_capital_letter(paragraph: str, sentences: list[str]) -> None:
    assert [each.text for each in read_page([paragraph], [])] == sentences


def test_heading_is_recognized_in_any_typography() -> None:
    (heading,) = read_page(["Town\u00a0 of O\u2019Neil \u2013 West"], ["Town of O'Neil - West"])
    assert heading.place == ("Town of O'Neil - West", 0, 1)
    assert heading.text == "Town of O\u2019Neil \u2013 West"


def test_typography_makes_no_difference_in_comparison() -> None:
    assert (
        comparable("\ufeff\u201cDon\u02bct\u201d \u2014 e\ufb03cient co\u00adop\u2011ed ")
        == '"Don\'t" - efficient coop-ed'
    )


@pytest.mark.parametrize("line", ["town of A", "Town of", "City of A, MA", "City of A B C D E", "The City of A"])
def test_other_line_names_no_municipality(line: str) -> None:
    assert names_a_municipality("City of A B C D")
    assert not names_a_municipality(line)
