"""The pictures in the documentation show the packaged data."""

import runpy
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


def texts(path: Path) -> list[str]:
    root = ET.fromstring(path.read_bytes())  # noqa: S314 - our own output
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["map", "network", "matrix"])
def test_the_pictures_of_the_documentation_are_current(
    name: str, dark: bool, update_golden: bool, tmp_path: Path
) -> None:
    stored = ROOT / "docs" / "pictures" / f"{name}{'-dark' if dark else ''}.svg"
    drawn = stored if update_golden else tmp_path / stored.name
    runpy.run_path(str(ROOT / "tools" / "pictures.py"))["draw"](name, dark=dark, target=drawn)
    # Another version of Vega may draw other paths, but the same words.
    assert texts(drawn) == texts(stored), "update it with: pytest -m slow --update-golden"
    assert ("#131416" if dark else "#ffffff") in drawn.read_text(encoding="utf-8")
