"""Municipalities go to GeoPandas and shapely, and from there to GeoPackage and GeoParquet."""

import sys
from pathlib import Path
from typing import Any

import pytest

import eaps_data as eaps
from eaps_data.errors import MissingExtraError

CODES = [town.identifiers.ansi_code for town in eaps.municipalities]
POINTS = [(town.location.longitude, town.location.latitude) for town in eaps.municipalities if town.location]


def partly_located() -> eaps.Dataset:
    """Return the packaged dataset without the location of its second municipality."""
    document = eaps.load().document
    towns = [*document.municipalities]
    towns[1] = towns[1].model_copy(update={"location": None})
    rows = [row for row in document.evidence if row.subject != "municipalities/amherst" or row.field != "location"]
    return eaps.Dataset(document.model_copy(update={"municipalities": tuple(towns), "evidence": tuple(rows)}))


def test_geo_interface_is_the_exported_feature_collection() -> None:
    features = eaps.municipalities.__geo_interface__
    assert features["type"] == "FeatureCollection"
    assert [tuple(feature["geometry"]["coordinates"]) for feature in features["features"]] == POINTS
    assert [feature["properties"]["ansi_code"] for feature in features["features"]] == CODES
    location = eaps.municipalities["revere"].location
    assert location is not None
    assert location.__geo_interface__ == {"type": "Point", "coordinates": [location.longitude, location.latitude]}


def test_without_geopandas_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    monkeypatch.setitem(sys.modules, "geopandas", None)
    monkeypatch.delitem(sys.modules, "eaps_data.frames.geopandas", raising=False)
    with pytest.raises(
        MissingExtraError, match=r"a GeoDataFrame needs geopandas \(extra 'geo'\); .*: pip install geopandas$"
    ):
        eaps.municipalities.to_geodataframe()


@pytest.mark.slow
class TestWithGeoPandas:
    @pytest.fixture
    def gpd(self) -> Any:
        return pytest.importorskip("geopandas")

    def test_a_geodataframe_is_the_frame_with_points(self, gpd: Any) -> None:
        frame = eaps.municipalities.to_geodataframe()
        points: Any = frame.geometry
        assert isinstance(frame, gpd.GeoDataFrame)
        assert [(point.x, point.y) for point in points] == POINTS
        assert frame.crs == "EPSG:4326"
        assert frame.attrs["table"] == "municipalities"
        plain = eaps.municipalities.to_frame("pandas")
        assert frame.drop(columns="geometry").dtypes.to_dict() == plain.dtypes.to_dict()
        assert len(eaps.municipalities[:0].to_geodataframe()) == 0

    def test_a_municipality_without_a_location_has_no_geometry(self, gpd: Any) -> None:
        frame = partly_located().municipalities.to_geodataframe()
        assert [*frame.geometry.isna()] == [False, True, False, False, False, False]
        again = gpd.GeoDataFrame.from_features(partly_located().municipalities)
        assert [*again.geometry.isna()] == [*frame.geometry.isna()]

    def test_geopandas_and_shapely_read_the_geo_interface(self, gpd: Any) -> None:
        frame = gpd.GeoDataFrame.from_features(eaps.municipalities, crs="EPSG:4326")
        assert frame["ansi_code"].tolist() == CODES
        shapely = pytest.importorskip("shapely.geometry")
        point = shapely.shape(eaps.municipalities[0].location)
        assert (point.x, point.y) == POINTS[0]

    @pytest.mark.parametrize("lists", ["joined", "list"])
    @pytest.mark.parametrize("terms", ["categorical", "text"])
    def test_frames_go_to_geopackage_and_geoparquet(self, gpd: Any, lists: Any, terms: Any, tmp_path: Path) -> None:
        pytest.importorskip("pyarrow")
        frame = eaps.municipalities.to_geodataframe(lists=lists, terms=terms)
        frame.to_parquet(tmp_path / "towns.parquet")
        frame.to_file(tmp_path / "towns.gpkg")
        for again in (gpd.read_parquet(tmp_path / "towns.parquet"), gpd.read_file(tmp_path / "towns.gpkg")):
            assert again["ansi_code"].tolist() == CODES
            assert again["style"].tolist() == [town.style.value for town in eaps.municipalities]
            assert again.geometry.geom_equals(frame.geometry).all()
            assert again.crs == frame.crs

    def test_the_geojson_export_goes_to_geopackage_and_geoparquet(self, gpd: Any, tmp_path: Path) -> None:
        pytest.importorskip("pyarrow")
        eaps.export.write("geojson", tmp_path / "towns.geojson")
        frame = gpd.read_file(tmp_path / "towns.geojson")
        frame.to_parquet(tmp_path / "towns.parquet")
        frame.to_file(tmp_path / "towns.gpkg")
        for again in (gpd.read_parquet(tmp_path / "towns.parquet"), gpd.read_file(tmp_path / "towns.gpkg")):
            assert again["ansi_code"].tolist() == CODES
            assert [(point.x, point.y) for point in again.geometry] == POINTS

    @pytest.mark.usefixtures("gpd")
    def test_altair_draws_the_municipalities(self) -> None:
        alt = pytest.importorskip("altair")
        for data in (eaps.municipalities, eaps.municipalities.to_geodataframe(lists="joined")):
            chart = alt.Chart(data).mark_geoshape().to_dict()
            assert "Revere" in str(chart)
