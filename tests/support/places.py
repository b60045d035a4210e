"""Where the columns and rows of the packaged tables are, for tests of locations."""

from collections.abc import Sequence
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data.errors import InvalidDataError
from eaps_data.formats.columns import relations, table


def column_of(name: str, column: str, *, has_lists: bool = False) -> int:
    """Return the number of a column, from 1, in a format with or without columns of lists."""
    columns = (table(name) if has_lists else relations(name)[0]).columns
    return [each.name for each in columns].index(column) + 1


def row_of(name: str, id_: str) -> int:
    """Return the number of a record's row, from 1 and without a header."""
    return [row["id"] for row in eaps.load().to_rows()[name]].index(id_) + 1


def item_row_of(name: str, field: str, id_: str, position: int) -> int:
    """Return the number of the row of a list's item, from 1 and without a header, in the table of the list's items."""
    rows = eaps.load().to_rows()[name]
    index = [row["id"] for row in rows].index(id_)
    return sum(len(row[field]) for row in rows[:index]) + position


def assert_problems(path: Path, expected: Sequence[str]) -> None:
    """Assert that a dataset is refused with these problems, each given by the beginning of its text."""
    with pytest.raises(InvalidDataError) as caught:
        eaps.Dataset.from_path(path)
    found = [str(problem) for problem in caught.value.problems]
    assert len(found) == len(expected), found
    for message, beginning in zip(found, expected, strict=True):
        assert message.startswith(beginning)
