"""The charts on the pages are those of the packaged data."""

from pathlib import Path

import pytest

import eaps_data as eaps

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


@pytest.mark.parametrize("name", ["map", "network", "matrix"])
def test_pictures_of_the_packaged_data_match_the_golden_files(name: str, update_golden: bool) -> None:
    svg = getattr(eaps.plot, name)().svg
    path = FOLDER / f"{name}.svg"
    if update_golden:
        path.write_text(svg, encoding="utf-8", newline="")
    assert svg == path.read_text(encoding="utf-8"), "update it with: pytest --update-golden"
