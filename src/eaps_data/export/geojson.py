"""The municipalities as points on a map: GeoJSON (RFC 7946), a feature each.

A feature's properties are the columns of the table, flat as software for maps wants them, and the programs of the
municipality. Its geometry is the point of which `location` tells, or null where the source tells none.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from eaps_data._internal import canonical_json
from eaps_data.formats import columns as tidy
from eaps_data.models.records import Municipality
from eaps_data.tables.dataset import Dataset

_Feature: TypeAlias = dict[str, Any]


def write(dataset: Dataset, file: Path) -> None:
    """Write the features, in the order of the municipalities."""
    features = [_feature(dataset, municipality) for municipality in dataset.municipalities]
    collection = {"type": "FeatureCollection", **_bounds(features), "features": features}
    file.write_text(canonical_json.to_json(collection), encoding="utf-8", newline="")


def _feature(dataset: Dataset, municipality: Municipality) -> _Feature:
    point = municipality.location
    programs = dataset.programs.where(municipality=municipality.id)
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
    """The columns, but for those of which the geometry tells.

    The id is among them, as some software keeps no other.
    """
    table = tidy.table("municipalities")
    (row,) = table.rows([municipality])
    columns = zip(table.columns, row, strict=True)
    return {column.name: value for column, value in columns if column.path[0] != "location"}


def _bounds(features: Sequence[_Feature]) -> dict[str, list[float]]:
    """The `bbox` of the points: west, south, east, north; none where there is no point."""
    points = [feature["geometry"]["coordinates"] for feature in features if feature["geometry"]]
    if not points:
        return {}
    longitudes, latitudes = zip(*points, strict=True)
    return {"bbox": [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]}
