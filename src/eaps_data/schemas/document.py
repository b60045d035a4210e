"""The published schema of a dataset document, and of the records in it, without their models."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from eaps_data._internal import resources


@cache
def _document() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(resources.schema("dataset"))
    return schema


def schema_of(type_: str) -> Mapping[str, Any]:
    """Return the schema of a dataset document, or of one record of a table."""
    if type_ == "dataset":
        return _document()
    member = _document()["properties"][type_]
    return resolved(member.get("items", member))


def resolved(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema, or the one that it refers to."""
    reference: str | None = part.get("$ref")
    if reference is None:
        return part
    definition: Mapping[str, Any] = _document()["$defs"][reference.rpartition("/")[2]]
    return definition


def nested(described: Mapping[str, Any]) -> dict[str, tuple[Mapping[str, Any], bool]]:
    """Return the properties that hold objects: the schema of those, and whether there is an array of them."""
    found: dict[str, tuple[Mapping[str, Any], bool]] = {}
    for name, part in described["properties"].items():
        value = resolved(part)
        value = resolved(value["anyOf"][0]) if "anyOf" in value else value
        items = resolved(value["items"]) if value.get("type") == "array" else value
        if "properties" in items:
            found[name] = items, items is not value
    return found
