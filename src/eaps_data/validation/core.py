"""A published schema as a validator of pydantic's core, which reads JSON into plain data and builds no model.

It accepts what the models accept: tests put both, and the engines of JSON Schema, to the same cases.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Final

from pydantic_core import CoreSchema, SchemaValidator, core_schema

from eaps_data.validation.kinds import resolved


def reader(schema: Mapping[str, Any], *, array: bool = False) -> Callable[[bytes], Any]:
    """What reads a text of JSON that holds a value of a schema, or an array of such values.

    Args:
        schema: one of the published schemas.
        array: whether the text is an array of them.

    Returns:
        A function that gives the value in plain Python, and raises a `ValueError` where it is not valid.
    """
    core = _core(schema)
    read = SchemaValidator(core_schema.list_schema(core, strict=True) if array else core).validate_json
    lists = _sets(schema)

    def checked(text: bytes) -> Any:
        value = read(text)
        if lists and not all(map(lists, value) if array else (lists(value),)):
            raise ValueError("an item stands twice in a list")
        return value

    return checked


def _core(part: Mapping[str, Any]) -> CoreSchema:
    schema = resolved(part)
    if "anyOf" in schema:  # one that may be null
        return core_schema.nullable_schema(_core(schema["anyOf"][0]))
    if "enum" in schema or "const" in schema:
        return core_schema.literal_schema(schema.get("enum") or [schema["const"]])
    return _OF_TYPE[schema["type"]](schema)


def _object(schema: Mapping[str, Any]) -> CoreSchema:
    required = schema.get("required", ())
    fields = {
        name: core_schema.typed_dict_field(_core(part), required=name in required)
        for name, part in schema["properties"].items()
    }
    return core_schema.typed_dict_schema(fields, extra_behavior="forbid", strict=True)


def _string(schema: Mapping[str, Any]) -> CoreSchema:
    text = core_schema.str_schema(pattern=schema.get("pattern"), max_length=schema.get("maxLength"), strict=True)
    if schema.get("format") == "date":
        return core_schema.no_info_after_validator_function(_calendar_date, text)
    return text


def _array(schema: Mapping[str, Any]) -> CoreSchema:
    # That items are distinct is seen afterwards: for the core to ask Python of each list takes longer.
    return core_schema.list_schema(_core(schema["items"]), strict=True)


def _integer(schema: Mapping[str, Any]) -> CoreSchema:
    minimum, maximum = schema["minimum"], schema["maximum"]
    whole = core_schema.int_schema(ge=minimum, le=maximum, strict=True)
    written = core_schema.float_schema(ge=minimum, le=maximum, strict=True)
    fraction = core_schema.no_info_after_validator_function(_whole, written)
    return core_schema.union_schema([whole, fraction], mode="left_to_right")


def _number(schema: Mapping[str, Any]) -> CoreSchema:
    return core_schema.float_schema(ge=schema["minimum"], le=schema["maximum"], strict=True, allow_inf_nan=False)


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


def _sets(part: Mapping[str, Any]) -> Callable[[Any], bool] | None:
    """What tells whether the items of each list that is to be a set are distinct, in a value of a schema."""
    schema = resolved(part)
    if "anyOf" in schema:
        inner = _sets(schema["anyOf"][0])
        return None if inner is None else lambda value: value is None or inner(value)
    if schema.get("uniqueItems"):
        return _is_set
    if schema["type"] == "array":
        item = _sets(schema["items"])
        return None if item is None else lambda items: all(map(item, items))
    checks = [(name, check) for name, each in schema.get("properties", {}).items() if (check := _sets(each))]
    plain = [name for name, check in checks if check is _is_set]
    others = [(name, check) for name, check in checks if check is not _is_set]
    if not checks:
        return None

    lists = _getter(plain)

    def holds(record: Mapping[str, Any]) -> bool:
        for items in lists(record):
            if items and len(items) > 1 and len(set(items)) < len(items):
                return False
        return all(check(record[name]) for name, check in others if name in record)

    return holds


def _getter(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Iterable[Any]]:
    """What gets some fields of a record, of those that it has."""
    if len(names) < 2:  # noqa: PLR2004 - of one field, itemgetter gives the value alone
        return lambda record: map(record.get, names)
    all_of = itemgetter(*names)

    def some_of(record: Mapping[str, Any]) -> Iterable[Any]:
        try:
            found: Iterable[Any] = all_of(record)  # as most records have all
        except KeyError:
            found = map(record.get, names)
        return found

    return some_of


def _is_set(items: list[Any]) -> bool:
    return len(set(items)) == len(items)


def _whole(number: float) -> float:
    if not number.is_integer():
        raise ValueError
    return number


def _calendar_date(text: str) -> str:
    date.fromisoformat(text)
    return text
