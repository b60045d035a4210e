"""Related records: every collection leads to the others, in the dataset's order, each record once."""

import pytest
from hypothesis import given

import eaps_data as eaps
from eaps_data.models.records import DatasetDocument
from support.strategies import documents

SAMPLE = eaps.Dataset.from_release("1.0.0")
"""Data that does not change."""


def test_collections_lead_to_related_ones() -> None:
    suffolk = SAMPLE.municipalities.where(county="Suffolk")
    assert suffolk.programs.ids == ("winthrop-public-health-and-safety-team", "revere-bhu")
    assert suffolk.programs.municipalities == suffolk
    assert suffolk.partners.ids == (
        "revere-police-department",
        "revere-sudhi-office",
        "revere-health-department",
        "north-suffolk-community-services",
    )
    assert SAMPLE.partners.where(kind="police-department").municipalities.ids == ("new-bedford", "revere")
    homelessness = SAMPLE.programs.where(need="homelessness")
    assert homelessness.partnerships.partners == homelessness.partners == SAMPLE.partners.where(program="DCC")
    inferred = SAMPLE.evidence.where(basis="inferred", field="acronym")
    assert inferred.sources.ids == ("funded-municipalities",)
    assert {row.field for row in SAMPLE.programs.where(kind="unit").evidence.where(field="goals")} == {"goals"}


@pytest.mark.parametrize("table", ["municipalities", "programs", "partners", "partnerships", "evidence", "sources"])
def test_related_records_of_an_empty_collection_are_empty(table: str) -> None:
    empty = getattr(SAMPLE, table)[:0]
    names = {"municipalities", "programs", "partners", "partnerships", "evidence", "sources"} - {table}
    related = [name for name in sorted(names) if hasattr(empty, name)]
    assert related == ["evidence"] if table == "sources" else len(related) >= 4
    assert [len(getattr(empty, name)) for name in related] == [0] * len(related)


@given(documents())
def test_related_records_are_those_that_refer_to_each_other(document: DatasetDocument) -> None:
    dataset = eaps.Dataset(document)
    for place in dataset.municipalities:
        towns = dataset.municipalities.where()[place.position - 1 : place.position]
        programs = [program for program in document.programs if program.municipality == place.id]
        rows = [row for row in document.partnerships if row.program in {program.id for program in programs}]
        ids = {row.partner for row in rows}
        assert [*towns.programs] == programs
        assert [*towns.partnerships] == rows
        assert [*towns.partners] == [
            each for each in document.partners if each.municipality == place.id or each.id in ids
        ]
    for number, partner in enumerate(document.partners):
        one = dataset.partners[number : number + 1]
        rows = [row for row in document.partnerships if row.partner == partner.id]
        assert [*one.programs] == [each for each in document.programs if each.id in {row.program for row in rows}]
        assert [*one.evidence] == [row for row in document.evidence if row.subject == f"partners/{partner.id}"]
    for name in ("municipalities", "programs", "partners", "partnerships"):
        table = getattr(dataset, name)
        assert getattr(table.evidence, name) == table
