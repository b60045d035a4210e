"""Data frames of GeoPandas."""

from typing import Any

import geopandas as gpd


def with_points(frame: Any) -> Any:
    """Return a pandas data frame as a GeoDataFrame: a point for each row, or none if the location is unknown."""
    longitudes, latitudes = frame["longitude"].astype(float), frame["latitude"].astype(float)
    points: Any = gpd.GeoSeries.from_xy(longitudes, latitudes, crs="EPSG:4326")
    made: Any = gpd.GeoDataFrame(frame, geometry=points.where(latitudes.notna()))
    made.attrs.update(frame.attrs)  # geopandas 1.0 loses them
    return made
