"""The GeoJSON export conforms to RFC 7946."""

import json
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

pytest.importorskip("frictionless")
pytest.importorskip("geojson_pydantic")

from geojson_pydantic import Feature, FeatureCollection, Point
from hypothesis import given
from jsonschema import Draft4Validator

import eaps_data as eaps
from eaps_data.formats import columns
from eaps_data.models.records import DatasetDocument
from support.strategies import documents

SCHEMA = json.loads(files("frictionless").joinpath("assets", "profiles", "geojson.json").read_text(encoding="utf-8"))


def export(dataset: eaps.Dataset | None = None) -> Any:
    with TemporaryDirectory() as folder:
        path = Path(folder, "eaps.geojson")
        eaps.export.write("geojson", path, dataset)
        return json.loads(path.read_text(encoding="utf-8"))


def assert_valid(collection: Any) -> None:
    Draft4Validator(SCHEMA).validate(collection)
    parsed = FeatureCollection[Feature[Point, dict[str, Any]]].model_validate_json(json.dumps(collection))
    assert json.loads(parsed.model_dump_json(exclude_unset=True)) == collection  # there are no other members


def test_packaged_data_is_valid() -> None:
    collection = export()
    assert_valid(collection)
    assert [feature["id"] for feature in collection["features"]] == list(eaps.municipalities.ids)


@given(document=documents())
def test_any_dataset_is_valid(document: DatasetDocument) -> None:
    collection = export(eaps.Dataset(document))
    assert_valid(collection)
    for feature, municipality in zip(collection["features"], document.municipalities, strict=True):
        assert (feature["geometry"] is None) is (municipality.location is None)
        assert feature["properties"]["name"] == municipality.name


def test_points_are_longitude_and_latitude_within_the_bounding_box() -> None:
    collection = export()
    west, south, east, north = collection["bbox"]
    for feature in collection["features"]:
        longitude, latitude = feature["geometry"]["coordinates"]
        location = eaps.municipalities[feature["id"]].location
        assert location is not None
        assert (longitude, latitude) == (location.longitude, location.latitude)
        assert west <= longitude <= east < 0 < south <= latitude <= north
    assert "crs" not in collection


def test_properties_are_the_flat_columns_and_the_programs() -> None:
    properties = export()["features"][4]["properties"]
    assert properties["county_subdivision_geoid"] == "2502556585"
    assert properties["ansi_code"].startswith("00")
    assert properties["programs"] == ["revere-bhu"]
    assert properties["program_names"] == ["Behavioral Health Unit"]
    names = [column.name for column in columns.table("municipalities").columns]
    assert [*properties][:-2] == [name for name in names if name not in {"latitude", "longitude"}]
    assert all(not isinstance(value, dict) for value in properties.values())


def test_without_locations_there_is_no_bounding_box() -> None:
    document = json.loads(eaps.load().to_json())
    for municipality in document["municipalities"]:
        municipality["location"] = None
    document["evidence"] = [row for row in document["evidence"] if row["field"] != "location"]
    collection = export(eaps.Dataset.from_json(json.dumps(document)))
    assert_valid(collection)
    assert "bbox" not in collection
    assert all(feature["geometry"] is None for feature in collection["features"])
