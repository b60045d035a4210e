"""The map of municipalities."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from math import cos, hypot, radians
from typing import Any, Final

from eaps_data._internal import resources
from eaps_data.display.text import count
from eaps_data.models.records import Municipality
from eaps_data.plot.labels import Box, Point, place_labels
from eaps_data.plot.picture import Picture
from eaps_data.plot.svg import (
    FONT_SIZE,
    MARGIN,
    TOP,
    build_picture,
    dataset_of,
    element,
    enumeration,
    message_picture,
    program_count,
    text,
    text_width,
    truncate,
    with_tooltip,
)
from eaps_data.tables.collections import Municipalities
from eaps_data.tables.dataset import Dataset

_STATE: Final = "MA"
_WIDTH: Final = 960.0
_MAX_HEIGHT: Final = 1_200.0
_RADIUS: Final = 6.0
_LINE_HEIGHT: Final = 16.0
_MAX_LABEL_WIDTH: Final = 240.0
_MAX_LABELS: Final = 200
_MIN_SPAN: Final = 0.2  # degrees, which limits the scale for a single point
_OUTLINE_NOTE: Final = "Outline: U.S. Census Bureau, 2017."


def draw(municipalities: Municipalities) -> Picture:
    """Draw the map."""
    dataset = dataset_of(municipalities, Municipalities, "map")
    title = f"{dataset.grant_program.name}: where"
    if not municipalities:
        return message_picture(title, "There are no municipalities here.", dataset.release)
    located = [town for town in municipalities if town.location]
    not_located = [town.name for town in municipalities if not town.location]
    has_outline = not located or any(town.state == _STATE for town in located)
    counties = _counties() if has_outline else []
    projection = _Projection([*_corners(counties), *map(_coordinates, located)])
    content = [*_draw_counties(counties, located, projection), *_draw_towns(dataset, located, projection)]
    labels = [f"{town.name} ({_program_count(dataset, town)})" for town in located]
    state = "Massachusetts with " if has_outline else ""
    alt = f"A map of {state}{count(len(located), 'municipality')}{': ' if labels else ''}{enumeration(labels)}."
    bottom = projection.bottom
    if not_located:
        remark = f"Without a location: {enumeration(not_located)}."
        alt = f"{alt} {remark}"
        content.append(text(truncate(remark, _WIDTH - 2 * MARGIN), MARGIN, bottom + 20))
        bottom += 26
    subtitle = f"{count(len(municipalities), 'municipality')}; counties with one of them are shaded"
    return build_picture(
        title=title,
        subtitle=subtitle if has_outline else "",
        alt=alt,
        size=(_WIDTH, bottom),
        content=content,
        release=dataset.release,
        note=_OUTLINE_NOTE if has_outline else "",
    )


@cache
def _counties() -> list[dict[str, Any]]:
    """Return the counties of Massachusetts: GEOID, name, and rings of longitudes and latitudes."""
    counties: list[dict[str, Any]] = json.loads(resources.outline())["counties"]
    return counties


class _Projection:
    """A projection from degrees to pixels: equirectangular, true to scale along the middle latitude."""

    def __init__(self, points: Sequence[Point]) -> None:
        longitudes, latitudes = zip(*points, strict=True)
        self._west, east = _padded_span(longitudes)
        south, self._north = _padded_span(latitudes)
        # The length of a degree of longitude, relative to a degree of latitude.
        self._aspect = max(cos(radians((south + self._north) / 2)), 0.1)
        width, height = (east - self._west) * self._aspect, self._north - south
        self._scale = min((_WIDTH - 2 * MARGIN) / width, _MAX_HEIGHT / height)
        self._left = (_WIDTH - width * self._scale) / 2
        self.bottom = TOP + height * self._scale

    def __call__(self, point: Point) -> Point:
        longitude, latitude = point
        x = self._left + (longitude - self._west) * self._aspect * self._scale
        return x, TOP + (self._north - latitude) * self._scale


def _padded_span(values: Sequence[float]) -> Point:
    low, high = min(values), max(values)
    middle, half = (low + high) / 2, max(high - low, _MIN_SPAN) / 2 * 1.03
    return middle - half, middle + half


def _corners(counties: list[dict[str, Any]]) -> Iterator[Point]:
    for county in counties:
        for ring in county["rings"]:
            yield from ((longitude, latitude) for longitude, latitude in ring)


def _coordinates(town: Municipality) -> Point:
    location = town.location
    return (location.longitude, location.latitude) if location else (0.0, 0.0)


def _draw_counties(
    counties: list[dict[str, Any]], towns: Sequence[Municipality], projection: _Projection
) -> Iterator[str]:
    funded = {town.identifiers.county_geoid for town in towns}
    for county in counties:
        rings = ([projection((longitude, latitude)) for longitude, latitude in ring] for ring in county["rings"])
        path = "".join(f"M{'L'.join(f'{x:.1f},{y:.1f}' for x, y in ring)}Z" for ring in rings)
        class_ = "land funded" if county["geoid"] in funded else "land"
        yield with_tooltip(f"{county['name']} County", element("path", d=path, class_=class_))


def _draw_towns(dataset: Dataset, towns: Sequence[Municipality], projection: _Projection) -> Iterator[str]:
    """Yield the point of each municipality, with a label if there is room."""
    points = [projection(_coordinates(town)) for town in towns]
    labels = [(truncate(town.name, _MAX_LABEL_WIDTH), _program_count(dataset, town)) for town in towns]
    boxes: list[Box | None] = [None] * len(towns)
    if len(towns) <= _MAX_LABELS:
        sizes = [(max(map(text_width, label)), 2 * _LINE_HEIGHT) for label in labels]
        boxes = place_labels(points, sizes, Box(MARGIN, TOP, _WIDTH - MARGIN, projection.bottom), _RADIUS)
    for town, (x, y), label, box in zip(towns, points, labels, boxes, strict=True):
        marks = [element("circle", cx=x, cy=y, r=_RADIUS, class_="mark point")]
        if box:
            marks += _draw_label(label, (x, y), box)
        programs = [program.name for program in dataset.programs.where(municipality=town.id)]
        yield with_tooltip(f"{town.styled_name}: {enumeration(programs) or 'no programs'}", *marks, data_id=town.id)


def _draw_label(label: tuple[str, str], point: Point, box: Box) -> Iterator[str]:
    (x, y), (near_x, near_y) = point, box.nearest(point)
    if hypot(near_x - x, near_y - y) > 2 * _RADIUS:
        yield element("path", d=f"M{x:.1f},{y:.1f}L{near_x:.1f},{near_y:.1f}", class_="leader")
    text_x, anchor = (box.right, "end") if near_x == box.right else (box.left, "start")
    name, programs = label
    yield text(name, text_x, box.top + FONT_SIZE, "strong halo", text_anchor=anchor)
    yield text(programs, text_x, box.top + FONT_SIZE + _LINE_HEIGHT - 1, "quiet halo", text_anchor=anchor)


def _program_count(dataset: Dataset, town: Municipality) -> str:
    return program_count(dataset.programs.where(municipality=town.id))
