"""The explorer's map: municipalities on the outline of Massachusetts, as SVG for the page's style and script."""

from collections.abc import Mapping
from html import escape
from typing import Final

from eaps_data.display.text import visible
from eaps_data.models.records import Municipality
from eaps_data.plot.geography import Point, corners, counties_of, mercator, place, spans
from eaps_data.plot.words import enumeration, program_count
from eaps_data.tables.dataset import Dataset

_WIDTH: Final = 960
_RADIUS: Final = 7
_LABEL: Final = (150, 20)  # the room that a label takes, in pixels


def draw(dataset: Dataset) -> str:
    """Return the map, or an empty string if no municipality has a location.

    A point has the id of its municipality in `data-id`, and its programs in its tooltip.
    """
    towns = [town for town in dataset.municipalities if town.location]
    if not towns:
        return ""
    counties = counties_of(towns)
    (west, east), (south, north) = spans([*map(place, towns), *corners(counties)])
    scale = _WIDTH / (east - west)

    def pixels(point: Point) -> Point:
        return (point[0] - west) * scale, (mercator(north) - mercator(point[1])) * scale

    points = {town.id: pixels(place(town)) for town in towns}
    parts: list[str] = []
    for county in counties:
        for (ring,) in county["geometry"]["coordinates"]:
            corners_ = " ".join(f"{x:.0f},{y:.0f}" for x, y in (pixels((lon, lat)) for lon, lat in ring))
            parts.append(f'<polygon points="{corners_}"/>')
    parts += [_point(dataset, town, points) for town in towns]
    names = enumeration([f"{town.name} ({_programs(dataset, town)})" for town in towns])
    height = (mercator(north) - mercator(south)) * scale
    view = f'viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{_escaped(f"Map: {names}.")}"'
    return f"<svg {view}>{''.join(parts)}</svg>"


def _point(dataset: Dataset, town: Municipality, points: Mapping[str, Point]) -> str:
    x, y = points[town.id]
    # A label is on the left of its point if another point is on the right.
    is_left = any(0 < other_x - x < _LABEL[0] and abs(other_y - y) < _LABEL[1] for other_x, other_y in points.values())
    offset, anchor = (-1, "end") if is_left else (1, "start")
    programs = [program.name for program in dataset.programs.where(municipality=town)]
    tooltip = _escaped(f"{town.styled_name}: {enumeration(programs) or 'no programs'}")
    label = f'<text x="{x + 12 * offset:.0f}" y="{y + 5:.0f}" text-anchor="{anchor}">{_escaped(town.name)}</text>'
    circle = f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{_RADIUS}"/>'
    return f'<g data-id="{town.id}"><title>{tooltip}</title>{circle}{label}</g>'


def _programs(dataset: Dataset, town: Municipality) -> str:
    return program_count(dataset.programs.where(municipality=town))


def _escaped(text: str) -> str:
    return escape(visible(text))
