"""Columns describe each table, and convert records to rows and back."""

from typing import Any

import pytest
from hypothesis import given

from eaps_data.formats.columns import Column, from_text, relations, table, tables, to_record
from eaps_data.models.records import DatasetDocument
from eaps_data.rules.checker import TYPES
from support.strategies import documents


@pytest.mark.parametrize("name", [table.name for table in tables()])
@given(document=documents())
def test_records_become_rows_and_rows_records(name: str, document: DatasetDocument) -> None:
    held = getattr(document, name)
    records = held if isinstance(held, tuple) else (held,)
    names = [column.name for column in table(name).columns]
    for record, row in zip(records, table(name).rows(records), strict=True):
        plain = to_record(table(name), dict(zip(names, row, strict=True)))
        assert TYPES[name].model_validate(plain, strict=False) == record


def test_the_column_of_an_item_has_the_singular_name_of_its_list() -> None:
    names = {items.field: items.columns[-1].name for each in tables() for items in relations(each.name)[1:]}
    assert names == {
        "activities": "activity",
        "aliases": "alias",
        "approaches": "approach",
        "expands": "expands",
        "fields": "field",
        "frameworks": "framework",
        "goals": "goal",
        "means": "means",
        "needs": "need",
        "ocd_aliases": "ocd_alias",
        "open_ended": "open_ended",
        "populations": "population",
        "services": "service",
        "staff_roles": "staff_role",
    }


def column(table_name: str, name: str) -> Column:
    return next(column for column in table(table_name).columns if column.name == name)


@pytest.mark.parametrize(
    ("place", "text", "value"),
    [
        (("programs", "started_year"), "2015", 2015),
        (("programs", "started_year"), "-1", -1),
        (("programs", "started_year"), "2015.0", 2015.0),
        (("programs", "started_year"), "02015", "02015"),
        (("programs", "started_year"), "MMXV", "MMXV"),
        (("programs", "started_year"), "9" * 5000, "9" * 5000),
        (("municipalities", "latitude"), "4.2e1", 42.0),
        (("municipalities", "ansi_code"), "00618335", "00618335"),
        (("municipalities", "ansi_code"), "", None),
        (("programs", "named_by_source"), "TRUE", True),
        (("programs", "named_by_source"), "false", False),
        (("programs", "named_by_source"), "yes", "yes"),
        (("programs", "needs"), "conflict\nmental-health", ["conflict", "mental-health"]),
        (("programs", "needs"), "", None),
        (("release", "as_of"), "0999-01-01", "0999-01-01"),
    ],
)
def test_text_becomes_a_value_of_its_column(place: tuple[str, str], text: str, value: Any) -> None:
    found = from_text(column(*place), text)
    assert (type(found), found) == (type(value), value)


def test_text_without_a_known_column_stays_text() -> None:
    assert from_text(None, "2015") == "2015"
