"""The outline of Massachusetts and the projection of maps, without a drawing library."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import asinh, degrees, radians, tan
from typing import Any, Final, TypeAlias

from eaps_data._internal import resources
from eaps_data.models.records import Municipality

County: TypeAlias = Mapping[str, Any]
"""A GeoJSON feature."""
Point: TypeAlias = tuple[float, float]

_STATE: Final = "MA"
_MIN_SPAN: Final = 0.2  # degrees, which limits the scale for a single point
_MARGIN: Final = 1.1  # around what is shown


def counties_of(municipalities: Iterable[Municipality]) -> Sequence[County]:
    """Return the counties of Massachusetts; none if no municipality with a location is in it."""
    return _counties() if any(town.state == _STATE and town.location for town in municipalities) else []


def place(municipality: Municipality) -> Point:
    """Return the longitude and latitude of a municipality that has a location."""
    location = municipality.location
    return (location.longitude, location.latitude) if location else (0.0, 0.0)


def corners(counties: Iterable[County]) -> Iterator[Point]:
    """Yield the longitude and latitude of each corner of counties."""
    for county in counties:
        for (ring,) in county["geometry"]["coordinates"]:
            yield from ((longitude, latitude) for longitude, latitude in ring)


def spans(points: Iterable[Point]) -> tuple[Point, Point]:
    """Return the west and east, and the south and north, of points and the margin around them."""
    longitudes, latitudes = zip(*points, strict=True)
    return _span(longitudes), _span(latitudes)


def mercator(latitude: float) -> float:
    """Return the height of a latitude above the equator in Mercator's projection, in degrees of longitude."""
    return degrees(asinh(tan(radians(latitude))))


def _span(values: Sequence[float]) -> Point:
    low, high = min(values), max(values)
    middle, half = (low + high) / 2, max(high - low, _MIN_SPAN) / 2 * _MARGIN
    return middle - half, middle + half


@cache
def _counties() -> Sequence[County]:
    counties: Sequence[County] = json.loads(resources.outline())["features"]
    return counties
