"""A published schema as a validator of pydantic's core, which reads JSON into plain data and builds no model."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, TypeAlias

from pydantic_core import CoreConfig, CoreSchema, SchemaValidator, core_schema

from eaps_data.formats.key_count import keys_are_distinct
from eaps_data.rules.columns import column
from eaps_data.schemas import document

Reader: TypeAlias = Callable[[bytes], Any]
"""Takes JSON; returns its value in plain Python, or None if it may not be valid."""


@cache
def reader(type_: str, *, array: bool = False) -> Reader:
    """Return a reader of a record, of a dataset document, or of an array of records.

    It accepts only what the models accept, and no text that repeats a key. Keys that the schema does not know are left
    out while reading, as refusing them takes a sixth longer; the key count reveals them.

    Args:
        type_: `dataset`, or the table of the records.
        array: whether the text is an array of records.
    """
    described = document.schema_of(type_)
    core = _core(described)
    whole = core_schema.list_schema(core, strict=True, fail_fast=True) if array else core
    validate = SchemaValidator(whole, CoreConfig(cache_strings="keys")).validate_json

    def read(text: bytes) -> Any:
        try:
            value = validate(text)
        except ValueError:
            return None
        return value if keys_are_distinct(text, _count_keys(described, value if array else [value])) else None

    return read


def _core(part: Mapping[str, Any]) -> CoreSchema:
    described = document.resolved(part)
    if "anyOf" in described:  # optional
        return core_schema.nullable_schema(_core(described["anyOf"][0]))
    if "enum" in described or "const" in described:
        return core_schema.literal_schema(described.get("enum") or [described["const"]])
    return _OF_TYPE[described["type"]](described)


def _object(described: Mapping[str, Any]) -> CoreSchema:
    required = described.get("required", ())
    fields = {
        name: core_schema.typed_dict_field(_core(part), required=name in required)
        for name, part in described["properties"].items()
    }
    return core_schema.typed_dict_schema(fields, extra_behavior="ignore", strict=True)


def _string(described: Mapping[str, Any]) -> CoreSchema:
    text = core_schema.str_schema(pattern=described.get("pattern"), max_length=described.get("maxLength"), strict=True)
    if described.get("format") == "date":
        return core_schema.no_info_after_validator_function(_calendar_date, text)
    return text


def _array(described: Mapping[str, Any]) -> CoreSchema:
    items = core_schema.list_schema(_core(described["items"]), strict=True, fail_fast=True)
    return core_schema.no_info_after_validator_function(_distinct, items) if described.get("uniqueItems") else items


def _integer(described: Mapping[str, Any]) -> CoreSchema:
    minimum, maximum = described["minimum"], described["maximum"]
    whole = core_schema.int_schema(ge=minimum, le=maximum, strict=True)
    written = core_schema.float_schema(ge=minimum, le=maximum, strict=True)
    fraction = core_schema.no_info_after_validator_function(_whole, written)
    return core_schema.union_schema([whole, fraction], mode="left_to_right")


def _number(described: Mapping[str, Any]) -> CoreSchema:
    minimum, maximum = described["minimum"], described["maximum"]
    return core_schema.float_schema(ge=minimum, le=maximum, strict=True, allow_inf_nan=False)


def _boolean(_: Mapping[str, Any]) -> CoreSchema:
    return core_schema.bool_schema(strict=True)


_OF_TYPE: Final[Mapping[str, Callable[[Mapping[str, Any]], CoreSchema]]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}


def _distinct(items: list[Any]) -> list[Any]:
    if len(items) > 1 and len({*items}) < len(items):
        raise ValueError
    return items


def _whole(number: float) -> float:
    if not number.is_integer():
        raise ValueError
    return number


def _calendar_date(text: str) -> str:
    date.fromisoformat(text)
    return text


def _count_keys(described: Mapping[str, Any], values: Sequence[Mapping[str, Any]]) -> int:
    """Count the keys of some objects of a schema, those of nested objects and arrays included."""
    count = sum(map(len, values))
    for name, (part, is_array) in document.nested(described).items():
        held = [value for value in column(values, name) if value]
        count += _count_keys(part, [each for value in held for each in value] if is_array else held)
    return count
