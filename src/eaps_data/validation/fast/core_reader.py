"""A published schema as a validator of pydantic's core, which reads JSON into plain data and builds no model.

It accepts what the models accept, but for keys that a schema does not know: it leaves them out, as looking for them
takes it a sixth longer, and who counts the keys of the text sees them. Tests put it, the models, and the engines of
JSON Schema to the same cases.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import chain
from typing import Any, Final

from pydantic_core import CoreConfig, CoreSchema, SchemaValidator, core_schema

from eaps_data.rules.columns import column
from eaps_data.validation.detection import resolved


def reader(schema: Mapping[str, Any], *, array: bool = False, repeating: bool = True) -> Callable[[bytes], Any]:
    """What reads a text of JSON that holds a value of a schema, or an array of such values.

    Args:
        schema: one of the published schemas.
        array: whether the text is an array of them.
        repeating: whether many texts stand there many times; if not, it takes longer to look for one among those
            before than to make it.

    Returns:
        A function that gives the value in plain Python, without the keys that the schema does not know, and raises a
        `ValueError` where what it knows is not valid.
    """
    core = _core(schema)
    whole = core_schema.list_schema(core, strict=True) if array else core
    read = SchemaValidator(whole, CoreConfig(cache_strings="all" if repeating else "keys")).validate_json
    are_sets = _sets(schema)

    def checked(text: bytes) -> Any:
        value = read(text)
        if are_sets and not are_sets(value if array else (value,)):
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
    return core_schema.typed_dict_schema(fields, extra_behavior="ignore", strict=True)


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


def _sets(part: Mapping[str, Any]) -> Callable[[Iterable[Any]], bool] | None:
    """What tells whether the items of each list that is to be a set are distinct, in some values of a schema.

    It passes over values that are null or missing.
    """
    schema = resolved(part)
    if "anyOf" in schema:
        return _sets(schema["anyOf"][0])
    if schema.get("uniqueItems"):
        return _are_sets
    if schema["type"] == "array":
        items = _sets(schema["items"])
        return None if items is None else lambda values: items(chain.from_iterable(filter(None, values)))
    checks = {name: check for name, each in schema.get("properties", {}).items() if (check := _sets(each))}
    if not checks:
        return None
    plain = tuple(name for name, check in checks.items() if check is _are_sets)
    inner = {name: check for name, check in checks.items() if check is not _are_sets}

    def hold(values: Iterable[Any]) -> bool:
        records = [*filter(None, values)]
        lists: Iterable[Any] = column(records, plain) if plain else ()
        # Of several fields, there is a tuple of each record's lists.
        return _are_sets(chain.from_iterable(lists) if len(plain) > 1 else lists) and all(
            check(column(records, name)) for name, check in inner.items()
        )

    return hold


def _are_sets(lists: Iterable[list[Any] | None]) -> bool:
    several = [items for items in filter(None, lists) if len(items) > 1]
    return sum(map(len, map(set, several))) == sum(map(len, several))


def _whole(number: float) -> float:
    if not number.is_integer():
        raise ValueError
    return number


def _calendar_date(text: str) -> str:
    date.fromisoformat(text)
    return text
