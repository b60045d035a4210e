"""Accept what is valid, as fast as the engines at hand allow; say nothing of what is not.

A record that is accepted here is valid: an engine has found so, and no key stands twice. One that is not goes to
the slow way, which parses it strictly and words each problem. Engines differ in speed only: tests show that
pydantic and jsonschema-rs accept the same.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final, Literal, TypeAlias

from pydantic import TypeAdapter, ValidationError

from eaps_data.fields import Model, model_in
from eaps_data.validation.records import KINDS, best_kind, several

Acceptor: TypeAlias = Callable[[bytes], str | Literal[False] | None]
"""Takes one record as JSON. Gives its id, None if it is valid and has no id, and False if it may not be valid."""

_BEGINNING: Final = 65_536
_DATASET_KEY: Final = re.compile(rb'[ \t\n\r]*\{[ \t\n\r]*"(\$schema|' + b"|".join(map(str.encode, KINDS)) + rb')"')
_ARRAY: Final = re.compile(r"[ \t\n\r]*\[[ \t\n\r]*(?=\{)")


@cache
def acceptor(kind: str) -> Acceptor:
    """The fastest way at hand to accept records of a kind: jsonschema-rs with orjson where they are, else pydantic."""
    if kind == "dataset":  # has rules between records, which no engine sees
        return lambda _: False
    try:
        import jsonschema_rs
        import orjson
    except ImportError:
        return _by_model(KINDS[kind])
    from eaps_data.schema import MODELS, json_schema, schema_name

    if KINDS[kind] not in MODELS.values():
        return _by_model(KINDS[kind])
    engine = jsonschema_rs.Draft202012Validator(json_schema(schema_name(kind)), validate_formats=True)
    accepts, loads, parts = engine.is_valid, orjson.loads, _parts(KINDS[kind])

    def accept(line: bytes) -> str | Literal[False] | None:
        try:
            value = loads(line)
        except orjson.JSONDecodeError:
            return False
        if not accepts(value):
            return False
        keys = len(value)
        for name in parts:
            keys += _keys_of_value(value.get(name) or {})
        if not _keys_are_distinct(line, keys):
            return False
        key: str | None = value.get("id")
        return key

    return accept


def _by_model(model: type[Model]) -> Acceptor:
    validate, parts = model.__pydantic_validator__.validate_json, _parts(model)

    def accept(line: bytes) -> str | Literal[False] | None:
        try:
            record = validate(line)
        except ValidationError:
            return False
        keys = _keys_of_record(record) if parts else len(record.__pydantic_fields_set__)
        if not _keys_are_distinct(line, keys):
            return False
        key: str | None = record.__dict__.get("id")
        return key

    return accept


def accepted(data: bytes, kind: str | None) -> tuple[str, Any] | None:
    """The kind and the records of a whole JSON text, if it is valid by itself; None if it may not be.

    Args:
        data: a dataset document, or an array of records.
        kind: what it is; recognised by its beginning where not given.
    """
    name = kind or _recognise(data)
    if name is None:
        return None
    array = data.lstrip(b" \t\n\r")[:1] == b"["
    if array and name == "dataset":
        return None
    try:
        records = _adapter(name, array=array).validate_json(data)
    except ValidationError:
        return None
    count = sum(map(_keys_of_record, records)) if array else _keys_of_record(records)
    return (name, records) if _keys_are_distinct(data, count) else None


@cache
def _adapter(name: str, *, array: bool) -> TypeAdapter[Any]:
    return TypeAdapter(several(name) if array else KINDS[name])


def _recognise(data: bytes) -> str | None:
    if _DATASET_KEY.match(data):
        return "dataset"
    text = data[:_BEGINNING].decode("utf-8", "ignore")
    match = _ARRAY.match(text)
    if match is None:
        return None
    try:
        first, _ = json.JSONDecoder().raw_decode(text, match.end())
    except (ValueError, RecursionError):
        return None
    return best_kind(set(first))


def _keys_are_distinct(text: bytes, keys: int) -> bool:
    """Whether a JSON text surely has no key twice, being valid and having made so many different keys.

    Where no space stands before a colon, each key ends in `":`, which may stand inside texts as well. So there
    are at least as many of these as keys; if there are no more than different keys, no key stands twice.
    """
    spaced = b" :" in text or b"\t:" in text or b"\n:" in text or b"\r:" in text
    return not spaced and text.count(b'":') == keys


def _keys_of_record(record: Any) -> int:
    """How many keys a model was made of, those of its parts included."""
    count = len(record.__pydantic_fields_set__)
    for name in _parts(record.__class__):
        part = record.__dict__[name]
        if isinstance(part, tuple):
            count += sum(map(_keys_of_record, part))
        elif part is not None and name in record.__pydantic_fields_set__:
            count += _keys_of_record(part)
    return count


@cache
def _parts(model: type[Model]) -> tuple[str, ...]:
    """The fields of a model that hold models."""
    return tuple(name for name, field in model.model_fields.items() if model_in(field.annotation))


def _keys_of_value(part: dict[str, Any]) -> int:
    """How many keys a part of a record has, those of its own parts included."""
    return len(part) + sum(_keys_of_value(each) for each in part.values() if isinstance(each, dict))
