"""What data may be: a dataset document or records of one sort; told by its shape, from the published schema alone."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import PurePath
from typing import Any, Final

from eaps_data._internal import resources
from eaps_data._internal.text_keys import closest
from eaps_data.errors import InvalidDataError, KeyNotFoundError, Problem
from eaps_data.models.table_specs import CLAIM, MEMBERS, REFERENCES

NAMES: Final = ("dataset", *MEMBERS)
"""What data may be."""


def check_kind(kind: str | None) -> None:
    """Refuse a kind that there is not.

    Raises:
        KeyNotFoundError: it names the closest.
    """
    if kind is not None and kind not in NAMES:
        raise KeyNotFoundError("data types", kind, closest(kind, NAMES))


def recognise(value: Any, file: str | None = None) -> str:
    """What plain data is meant to be, by its shape: `dataset`, or the name of a table.

    An empty array has no shape; it is what its file's name says, as in `redirects.json`.

    Raises:
        InvalidDataError: when it has no such shape.

    >>> recognise([{"program": "revere-bhu", "partner": "rpd", "role": "creator"}])
    'partnerships'
    """
    if value == [] and file is not None and PurePath(file).stem in NAMES:
        return PurePath(file).stem
    sample: Any = value[0] if isinstance(value, list) and value else value
    if isinstance(sample, dict):
        keys = set(sample)
        if not isinstance(value, list) and keys & {"$schema", *NAMES}:
            return "dataset"
        best = best_kind(keys)
        if best:
            return best
    message = "this is neither a dataset document nor records of a table; say which with a type: " + ", ".join(NAMES)
    raise InvalidDataError([Problem(rule="shape", message=message, line=1, column=1)])


def best_kind(keys: set[str]) -> str | None:
    """The kind of record that has most of some fields, and fewest others; None where none has any.

    >>> best_kind({"id", "name", "started_year"})
    'programs'
    """
    fields = {name: flat_fields(name) for name in MEMBERS}
    best = max(fields, key=lambda name: (len(fields[name] & keys), -len(fields[name] - keys)))
    return best if fields[best] & keys else None


def flat_fields(kind: str) -> set[str]:
    """The fields of a kind of record, with those of its parts, as a table of one row a record has them."""
    properties = schema_of(kind)["properties"]
    return {*properties, *(name for part in parts_of(schema_of(kind)).values() for name in part["properties"])}


def parts_of(schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The fields of a record that have fields of their own, each with its schema.

    Args:
        schema: the record's, or that of a part of it.
    """
    found = {name: _parts(field) for name, field in schema["properties"].items()}
    return {name: part for name, options in found.items() for part in options}


def _parts(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for option in schema.get("anyOf", [schema]):
        part = resolved(option)
        if "properties" in part:
            yield part


@cache
def schema_of(kind: str) -> Mapping[str, Any]:
    """The schema of one record of a kind, or of a document; its references lead into `definitions()`."""
    whole = _document()
    if kind == "dataset":
        return whole
    member = whole["properties"][kind]
    return resolved(member.get("items", member))


def schema_within(kind: str) -> Mapping[str, Any]:
    """The schema of a record in a dataset document, without what the rules between records make sure of.

    A reference is the id of a record, and evidence is of a claim that a record makes: such a text has the form that it
    is to have if those records are valid, and does not need to be looked at by itself.
    """
    implied = {field for table, field in REFERENCES if table == kind} | {*(CLAIM if kind == "evidence" else ())}
    schema = schema_of(kind)
    fields = {name: _any_text(part) if name in implied else part for name, part in schema["properties"].items()}
    return {**schema, "properties": fields}


def _any_text(part: Mapping[str, Any]) -> Mapping[str, Any]:
    if "anyOf" in part:
        return {**part, "anyOf": [*map(_any_text, part["anyOf"])]}
    return {key: value for key, value in part.items() if key not in {"pattern", "maxLength", "not"}}


def definitions() -> Mapping[str, Any]:
    """What the schemas refer to, by name."""
    defined: Mapping[str, Any] = _document()["$defs"]
    return defined


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema, or the one that it refers to."""
    reference: str | None = schema.get("$ref")
    return schema if reference is None else definitions()[reference.rpartition("/")[2]]


@cache
def _document() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(resources.schema("dataset"))
    return schema
