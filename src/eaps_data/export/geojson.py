"""Export the municipalities as points on a map: GeoJSON (RFC 7946), one feature per municipality.

The properties of a feature are the columns of the table, flat because mapping software expects it, and the programs of
the municipality. The geometry is the point in `location`, or null if the location is unknown.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from eaps_data._internal.canonical_json import to_json
from eaps_data.formats import columns
from eaps_data.models.records import Municipality
from eaps_data.tables.collections import Municipalities, Programs

_Feature: TypeAlias = dict[str, Any]


def write(municipalities: Municipalities, file: Path) -> None:
    """Write municipalities as features, in their order."""
    programs = municipalities.programs
    features = [_feature(each, programs.where(municipality=each)) for each in municipalities]
    collection = {"type": "FeatureCollection", **_bounds(features), "features": features}
    file.write_text(to_json(collection), encoding="utf-8", newline="")


def _feature(municipality: Municipality, programs: Programs) -> _Feature:
    point = municipality.location
    return {
        "type": "Feature",
        "id": municipality.id,
        "geometry": point and {"type": "Point", "coordinates": [point.longitude, point.latitude]},
        "properties": {
            **_properties(municipality),
            "programs": [program.id for program in programs],
            "program_names": [program.name for program in programs],
        },
    }


def _properties(municipality: Municipality) -> dict[str, Any]:
    """Return the columns that the geometry does not hold; the id too, because some software drops a feature's `id`."""
    table = columns.table("municipalities")
    (row,) = table.rows([municipality])
    cells = zip(table.columns, row, strict=True)
    return {column.name: value for column, value in cells if column.path[0] != "location"}


def _bounds(features: Sequence[_Feature]) -> dict[str, list[float]]:
    """Return the `bbox` of the points (west, south, east, north), or nothing if there are no points."""
    points = [feature["geometry"]["coordinates"] for feature in features if feature["geometry"]]
    if not points:
        return {}
    longitudes, latitudes = zip(*points, strict=True)
    return {"bbox": [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]}
