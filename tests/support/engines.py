"""The JSON Schema engines of Python behind one interface: where do they reject a value?"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, TypeAlias

import jsonschema
import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker

from eaps_data.errors import pointer
from eaps_data.schemas.published import schema_named

Engine: TypeAlias = Callable[[str, Any], set[str]]
"""Takes the name of a schema and a value; returns the JSON Pointers of the errors, none if the value is valid."""


@cache
def jsonschema_validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema_named(name), format_checker=FormatChecker())


@cache
def jsonschema_rs_validator(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema_named(name), validate_formats=True)


def by_jsonschema(name: str, value: Any) -> set[str]:
    errors = jsonschema_validator(name).iter_errors(value)
    return innermost(pointer([*error.absolute_path]) for error in _all(errors))


def by_jsonschema_rs(name: str, value: Any) -> set[str]:
    return innermost(error["instanceLocation"] for error in jsonschema_rs_validator(name).evaluate(value).errors())


ENGINES: tuple[Engine, ...] = (by_jsonschema, by_jsonschema_rs)


def innermost(pointers: Iterable[str]) -> set[str]:
    """Return the pointers that contain no other: for a nullable field, engines report the field and its part."""
    found = set(pointers)
    return {each for each in found if not any(other.startswith(each + "/") for other in found)}


def _all(errors: Iterable[jsonschema.ValidationError]) -> Iterator[jsonschema.ValidationError]:
    for error in errors:
        yield error
        yield from _all(error.context)
