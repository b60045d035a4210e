"""Draw the pictures in the documentation, each for a light and a dark page.

    python tools/pictures.py

It needs the extra `plot`.
"""

from collections.abc import Callable
from pathlib import Path

import altair as alt

import eaps_data as eaps

PADDING = {"left": 5, "top": 5, "right": 45, "bottom": 5}
"""Pixels around a chart: the fonts of some readers are wider than the one that Vega measures."""
FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
CHARTS: dict[str, Callable[[], alt.LayerChart | alt.Chart]] = {
    "map": eaps.plot.map,
    "network": eaps.plot.network,
    "matrix": eaps.plot.matrix,
}


def draw(name: str, *, dark: bool, target: Path) -> None:
    """Save a chart of the packaged data as SVG."""
    with alt.theme.enable("dark" if dark else "default"):
        # The background of the site's theme.
        CHARTS[name]().properties(background="#131416" if dark else "#ffffff", padding=PADDING).save(target)


def main() -> None:
    """Save all pictures."""
    FOLDER.mkdir(exist_ok=True)
    for name in CHARTS:
        for dark in (False, True):
            target = FOLDER / f"{name}{'-dark' if dark else ''}.svg"
            draw(name, dark=dark, target=target)
            print(target)


if __name__ == "__main__":
    main()
