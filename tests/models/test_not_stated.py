"""What the page does not state: each topic is found by its names, and never hides what the data has."""

import inspect

import pytest

import eaps_data as eaps
from eaps_data.models.records import RECORDS

NAMES = [(name, topic) for topic in eaps.not_stated() for name in (topic.topic, *topic.names)]


@pytest.mark.parametrize(("name", "topic"), NAMES, ids=str)
def test_a_topic_is_found_by_each_of_its_names(name: str, topic: eaps.NotStated) -> None:
    assert eaps.not_stated(name) == (topic,)
    assert eaps.not_stated(name.upper().replace("_", " ")) == (topic,)
    assert topic.explanation.startswith("The page ")


def test_no_name_is_a_field_or_a_filter_of_programs() -> None:
    filters = inspect.signature(eaps.programs.where).parameters
    assert {*eaps.Program.model_fields, *filters}.isdisjoint(name for name, _ in NAMES)


def test_an_unknown_name_is_not_explained() -> None:
    assert eaps.not_stated("nme") == ()


def test_a_field_that_no_record_has_is_an_error_with_the_reason() -> None:
    for table in RECORDS:
        with pytest.raises(
            AttributeError, match=r"has no field 'budgets'; not in the packaged data: The page gives no"
        ):
            _ = getattr(eaps, table)[0].budgets
        with pytest.raises(AttributeError, match=r"has no field 'nme'$"):
            _ = getattr(eaps, table)[0].nme


def test_why_answers_that_the_page_does_not_state_it() -> None:
    why = eaps.why("revere-bhu", "phone")
    assert (why.claims, why.not_stated) == ((), ("phone",))
    assert "phone: not stated by the source" in str(why)
    assert "it gives no phone number" in str(why)
    assert why.to_dict()["note"] == why.note


def test_why_of_another_dataset_does_not_speak_for_its_source() -> None:
    document = eaps.load().document
    grant = document.grant_program.model_copy(update={"source": "geonames"})
    other = eaps.Dataset(document.model_copy(update={"grant_program": grant}))
    with pytest.raises(eaps.UnknownTermError, match="unknown programs field value 'budget'"):
        eaps.why("revere-bhu", "budget", dataset=other)
