"""Municipalities as features of GeoJSON (RFC 7946), as the export and `__geo_interface__` give them.

The properties of a feature are the columns of the table, flat because mapping software expects it, and the programs of
the municipality. An empty list is null, because GeoPandas cannot write a column with empty lists to GeoParquet. The
geometry is the point in `location`, or null if the location is unknown.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from eaps_data.formats import columns
from eaps_data.models.records import Municipality, Program

_Feature: TypeAlias = dict[str, Any]


def feature_collection(municipalities: Iterable[tuple[Municipality, Iterable[Program]]]) -> dict[str, Any]:
    """Return municipalities, each with its programs, as features in their order."""
    features = [_feature(municipality, [*programs]) for municipality, programs in municipalities]
    return {"type": "FeatureCollection", **_bounds(features), "features": features}


def _feature(municipality: Municipality, programs: Sequence[Program]) -> _Feature:
    return {
        "type": "Feature",
        "id": municipality.id,
        "geometry": municipality.location and municipality.location.__geo_interface__,
        "properties": {
            **_properties(municipality),
            "programs": [program.id for program in programs] or None,
            "program_names": [program.name for program in programs] or None,
        },
    }


def _properties(municipality: Municipality) -> dict[str, Any]:
    """Return the columns that the geometry does not hold; the id too, because some software drops a feature's `id`."""
    table = columns.table("municipalities")
    (row,) = table.rows([municipality])
    cells = zip(table.columns, row, strict=True)
    return {column.name: None if value == [] else value for column, value in cells if column.path[0] != "location"}


def _bounds(features: Sequence[_Feature]) -> dict[str, list[float]]:
    """Return the `bbox` of the points (west, south, east, north), or nothing if there are no points."""
    points = [feature["geometry"]["coordinates"] for feature in features if feature["geometry"]]
    if not points:
        return {}
    longitudes, latitudes = zip(*points, strict=True)
    return {"bbox": [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]}
