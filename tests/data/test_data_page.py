"""The packaged data, its evidence and its fingerprints agree with the page."""

from pathlib import Path

import eaps_data as eaps
from eaps_data.provenance.fingerprints import packaged, take_fingerprints
from eaps_data.provenance.page import fold_spaces, names_a_municipality, place_of, read_page
from eaps_data.provenance.verification import verify


def test_municipalities_are_the_headings_of_the_page_in_its_order() -> None:
    headings = [each.section for each in packaged() if not each.paragraph and names_a_municipality(each.section)]
    assert [town.styled_name for town in eaps.municipalities] == headings
    assert [town.position for town in eaps.municipalities] == [*range(1, len(headings) + 1)]


def test_every_quote_is_on_the_page_and_every_sentence_has_evidence(page_file: Path) -> None:
    found = verify(page_file)
    assert found
    assert {each.status for each in found.rows} == {"found"}
    assert len(found.rows) == len(eaps.evidence.where(source="funded-municipalities"))
    assert found.unreached == ()


def test_packaged_fingerprints_are_those_of_the_page(page_text: str) -> None:
    without_evidence = {each.place for each in packaged() if not each.needs_evidence}
    sentences = read_page(page_text.splitlines(), {each.section for each in packaged()})
    assert packaged() == take_fingerprints([(each.place, each.text) for each in sentences], without_evidence)


def test_packaged_fingerprints_have_the_locations_of_the_evidence() -> None:
    places = {each.place for each in packaged()}
    assert {place_of(row) for row in eaps.evidence.where(source="funded-municipalities")} <= places


def test_inserted_word_changes_only_its_sentence(page_text: str) -> None:
    page = "\n".join(map(fold_spaces, page_text.splitlines()))
    for each in read_page(page_text.splitlines(), {mark.section for mark in packaged()}):
        words = each.text.split()
        if not each.paragraph or len(words) < 2:
            continue
        found = verify(page.replace(each.text, " ".join([words[0], "lamp", *words[1:]])).encode())
        assert [(one.change, one.was or one.place) for one in found.drift] == [("edited", each.place)]
        assert {place_of(one.row) for one in found.affected} <= {each.place}
