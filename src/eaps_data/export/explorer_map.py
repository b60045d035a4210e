"""The map of the explorer: the municipalities on the outline of Massachusetts, as SVG with links."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Final

from eaps_data.display.text import visible
from eaps_data.models.records import Municipality
from eaps_data.plot.geography import Point, corners, counties_of, mercator, place, spans
from eaps_data.plot.words import enumeration
from eaps_data.tables.dataset import Dataset

_WIDTH: Final = 340
_MARGIN: Final = 12  # on the left, where the label of a point in the west may end
_RADIUS: Final = 4.5
_LETTER: Final = 7  # the width of a letter, at most
_LINE: Final = 17
_MAX_LABELS: Final = 30
_MAX_LETTERS: Final = 20


def draw(dataset: Dataset) -> str:
    """Return the map, or an empty string if no municipality has a location.

    A point is a link to its municipality, with its programs in its tooltip.
    """
    towns = [town for town in dataset.municipalities if town.location]
    if not towns:
        return ""
    counties = counties_of(towns)
    (west, east), (south, north) = spans([*map(place, towns), *corners(counties)])
    scale = _WIDTH / (east - west)

    def pixels(point: Point) -> Point:
        return (point[0] - west) * scale, (mercator(north) - mercator(point[1])) * scale

    parts: list[str] = []
    for county in counties:
        for (ring,) in county["geometry"]["coordinates"]:
            corners_ = " ".join(f"{x:.1f},{y:.1f}" for x, y in (pixels((lon, lat)) for lon, lat in ring))
            parts.append(f'<polygon points="{corners_}"/>')
    points = {town.id: pixels(place(town)) for town in towns}
    labels = dict(_labels(towns, points)) if len(towns) <= _MAX_LABELS else {}
    parts += [_point(dataset, town, points[town.id], labels.get(town.id, "")) for town in towns]
    height = (mercator(north) - mercator(south)) * scale
    view = f"{-_MARGIN} 0 {_WIDTH + _MARGIN} {height:.0f}"
    return f'<svg viewBox="{view}" role="group" aria-label="Map">{"".join(parts)}</svg>'


def _labels(towns: Iterable[Municipality], points: Mapping[str, Point]) -> Iterator[tuple[str, str]]:
    """Yield the label of each town, below the previous one if they would overlap, with a line to its point."""
    lowest = {"start": 0.0, "end": 0.0}  # of the labels on the right and on the left of their points
    for town in sorted(towns, key=lambda town: points[town.id][1]):
        x, y = points[town.id]
        text = visible(town.name)
        text = text if len(text) <= _MAX_LETTERS else f"{text[: _MAX_LETTERS - 1]}…"
        # A label is on the left of its point if another point, or the edge of the map, is on the right.
        width = _LETTER * len(text) + 8
        is_left = x + width > _WIDTH or any(
            0 < right - x < width and abs(down - y) < _LINE for right, down in points.values()
        )
        anchor, offset = ("end", -1) if is_left else ("start", 1)
        line = max(y, lowest[anchor] + _LINE)
        lowest[anchor] = line
        at = x + offset * 9
        leader = f'<path d="M{x:.1f} {y:.1f}L{at - offset:.1f} {line:.1f}"/>'
        place_ = f'x="{at:.1f}" y="{line + 4:.1f}" text-anchor="{anchor}"'
        yield town.id, f"{leader}<text {place_}>{escape(text)}</text>"


def _point(dataset: Dataset, town: Municipality, point: Point, label: str) -> str:
    programs = [program.name for program in dataset.programs.where(municipality=town)]
    tooltip = escape(visible(f"{town.styled_name}: {enumeration(programs) or 'no programs'}"))
    circle = f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="{_RADIUS}"/>'
    link = f'href="#municipalities/{town.id}" data-filter="municipality" data-value="{town.id}" aria-label="{tooltip}"'
    return f"<a {link}><title>{tooltip}</title>{label}{circle}</a>"
