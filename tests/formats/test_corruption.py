"""A corrupted export is read as what is stored in it, or refused with a place; 20,000 cases: see CONTRIBUTING.md."""

import pytest

pytest.importorskip("openpyxl")
pytest.importorskip("pyarrow")

from support.corruption import EQUAL, FORMATS, REFUSED, run, seeds

pytestmark = pytest.mark.slow


def test_a_corrupted_export_is_read_as_it_is_stored_or_refused_with_a_place() -> None:
    outcomes = [run(part) for part in seeds(500, seed=1)]
    assert [failure for _, failures in outcomes for failure in failures] == []
    counts = sum((count for count, _ in outcomes), start=type(outcomes[0][0])())
    assert all(counts[format_, outcome] for format_ in FORMATS for outcome in (EQUAL, REFUSED))
