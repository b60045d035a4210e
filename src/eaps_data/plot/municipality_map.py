"""The municipalities on a map."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from math import cos, radians
from typing import Any, Final, TypeAlias

from eaps_data._internal import resources
from eaps_data.display.text import count
from eaps_data.models.records import Municipality
from eaps_data.plot.drawing import (
    MARGIN,
    TEXT,
    TOP,
    dataset_of,
    element,
    fitted,
    listed,
    named,
    picture,
    sentence,
    text,
    width,
    written,
)
from eaps_data.plot.labels import Box, placed
from eaps_data.plot.picture import Picture
from eaps_data.tables.collections import Municipalities
from eaps_data.tables.dataset import Dataset

_STATE: Final = "MA"
_WIDTH: Final = 960.0
_TALLEST: Final = 1_200.0
_RADIUS: Final = 6.0
_LINE: Final = 16.0
_WIDEST_LABEL: Final = 240.0
_MOST_LABELS: Final = 200
_LEAST_SPAN: Final = 0.2  # degrees, so that one point alone is not a country
_OUTLINE: Final = "Outline: U.S. Census Bureau, 2017."

_Point: TypeAlias = tuple[float, float]


def draw(municipalities: Municipalities) -> Picture:
    """Draw the map."""
    dataset = dataset_of(municipalities, Municipalities)
    title = f"{dataset.grant_program.name}: where"
    if not municipalities:
        return sentence(title, "There are no municipalities here.", dataset.release)
    located = [town for town in municipalities if town.location]
    lost = [town.name for town in municipalities if not town.location]
    at_home = not located or any(town.state == _STATE for town in located)
    outline = _counties() if at_home else []
    projection = _Projection([*_edges(outline), *map(_place, located)])
    points = [projection(point) for point in map(_place, located)]
    frame = Box(MARGIN, TOP, _WIDTH - MARGIN, projection.bottom)
    shown = [*_land(outline, located, projection), *_towns(dataset, located, points, frame)]
    parts = [f"{town.name} ({_programs(dataset, town)})" for town in located]
    where = "Massachusetts with " if outline else ""
    alt = f"A map of {where}{count(len(located), 'municipality')}{': ' if parts else ''}{listed(parts)}."
    bottom = projection.bottom
    if lost:
        lacking = f"Without a location: {listed(lost)}."
        alt = f"{alt} {lacking}"
        shown.append(text(fitted(lacking, _WIDTH - 2 * MARGIN), MARGIN, bottom + 20))
        bottom += 26
    under = f"{count(len(municipalities), 'municipality')}; counties with one of them are shaded"
    note = _OUTLINE if outline else ""
    return picture(
        title=title,
        under=under if outline else "",
        alt=alt,
        size=(_WIDTH, bottom),
        drawn=shown,
        release=dataset.release,
        note=note,
    )


@cache
def _counties() -> list[dict[str, Any]]:
    """Each county of Massachusetts, with its GEOID, its name, and rings of longitudes and latitudes."""
    found: list[dict[str, Any]] = json.loads(resources.outline())["counties"]
    return found


class _Projection:
    """From degrees to pixels: as on a globe seen from above the middle of the map, nearly; up is north."""

    def __init__(self, points: Sequence[_Point]) -> None:
        longitudes, latitudes = zip(*points, strict=True)
        self._west, east = _spread(min(longitudes), max(longitudes))
        south, self._north = _spread(min(latitudes), max(latitudes))
        self._narrower = max(cos(radians((south + self._north) / 2)), 0.1)  # a degree of longitude, to one of latitude
        across, down = (east - self._west) * self._narrower, self._north - south
        self._scale = min((_WIDTH - 2 * MARGIN) / across, _TALLEST / down)
        self._left = (_WIDTH - across * self._scale) / 2
        self.bottom = TOP + down * self._scale

    def __call__(self, point: _Point) -> _Point:
        longitude, latitude = point
        x = self._left + (longitude - self._west) * self._narrower * self._scale
        return x, TOP + (self._north - latitude) * self._scale


def _spread(low: float, high: float) -> _Point:
    """A span with some room around it."""
    middle, half = (low + high) / 2, max(high - low, _LEAST_SPAN) / 2 * 1.03
    return middle - half, middle + half


def _edges(outline: list[dict[str, Any]]) -> Iterator[_Point]:
    for county in outline:
        for ring in county["rings"]:
            yield from ((longitude, latitude) for longitude, latitude in ring)


def _place(town: Municipality) -> _Point:
    place = town.location
    return (place.longitude, place.latitude) if place else (0.0, 0.0)


def _land(outline: list[dict[str, Any]], towns: Sequence[Municipality], projection: _Projection) -> Iterator[str]:
    funded = {town.identifiers.county_geoid for town in towns}
    for county in outline:
        path = "".join(
            _ring([projection((longitude, latitude)) for longitude, latitude in ring]) for ring in county["rings"]
        )
        class_ = "land funded" if county["geoid"] in funded else "land"
        yield named(f"{county['name']} County", element("path", d=path, class_=class_))


def _ring(points: Sequence[_Point]) -> str:
    return f"M{'L'.join(f'{x:.1f},{y:.1f}' for x, y in points)}Z"


def _towns(dataset: Dataset, towns: Sequence[Municipality], points: Sequence[_Point], frame: Box) -> Iterator[str]:
    """Each municipality's point, and its label where there is room."""
    labels = [(fitted(town.name, _WIDEST_LABEL), _programs(dataset, town)) for town in towns]
    sizes = [(max(width(line) for line in label), 2 * _LINE) for label in labels]
    crowded = len(towns) > _MOST_LABELS
    boxes = [None] * len(towns) if crowded else placed(points, sizes, frame, _RADIUS)
    for town, (x, y), label, box in zip(towns, points, labels, boxes, strict=True):
        drawn = [element("circle", cx=x, cy=y, r=_RADIUS, class_="mark point")]
        if box:
            drawn += _label(label, (x, y), box)
        programs = [program.name for program in dataset.programs.where(municipality=town.id)]
        yield named(f"{town.styled_name}: {listed(programs) or 'no programs'}", *drawn, data_id=town.id)


def _label(said: tuple[str, str], point: _Point, box: Box) -> Iterator[str]:
    near_x, near_y = box.nearest(*point)
    away = ((near_x - point[0]) ** 2 + (near_y - point[1]) ** 2) ** 0.5
    if away > 2 * _RADIUS:  # it is not beside its point
        yield element("path", d=f"M{point[0]:.1f},{point[1]:.1f}L{near_x:.1f},{near_y:.1f}", class_="leader")
    on_left = near_x == box.right
    x, anchor = (box.right, "end") if on_left else (box.left, "start")
    name, programs = map(written, said)
    yield element("text", name, x=x, y=box.top + TEXT, class_="strong halo", text_anchor=anchor)
    yield element("text", programs, x=x, y=box.top + TEXT + _LINE - 1, class_="quiet halo", text_anchor=anchor)


def _programs(dataset: Dataset, town: Municipality) -> str:
    return count(len(dataset.programs.where(municipality=town.id)), "program")
