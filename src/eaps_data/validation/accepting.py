"""Accept what is valid, as fast as the engines at hand allow; say nothing of what is not.

A record that is accepted here is valid: an engine has found so, and no key stands twice. One that is not goes to
the slow way, which parses it strictly and words each problem. Engines differ in speed only: tests show that
pydantic and jsonschema-rs accept the same.
"""

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter, ValidationError

from eaps_data.fields import Model, model_in
from eaps_data.validation.records import KINDS, best_kind, several

Acceptor: TypeAlias = Callable[[Sequence[bytes]], list[str | None] | None]
"""Takes lines of JSON, each one record. Gives their ids, None for what has no id; or None if any may not be valid."""

_Read: TypeAlias = tuple[list[str | None], list[int]]
"""What an engine reads of valid records: the id of each, and how many keys it has."""

_BEGINNING: Final = 65_536
_DATASET_KEY: Final = re.compile(rb'[ \t\n\r]*\{[ \t\n\r]*"(\$schema|' + b"|".join(map(str.encode, KINDS)) + rb')"')
_ARRAY: Final = re.compile(r"[ \t\n\r]*\[[ \t\n\r]*(?=\{)")


@cache
def acceptor(kind: str) -> Acceptor:
    """The fastest way at hand to accept records of a kind: jsonschema-rs with orjson where they are, else pydantic."""
    if kind == "dataset":  # has rules between records, which no engine sees
        return lambda _: None
    try:
        import jsonschema_rs
        import orjson
    except ImportError:
        return _by_model(kind)
    from eaps_data.schema import MODELS, json_schema, schema_name

    if KINDS[kind] not in MODELS.values():
        return _by_model(kind)
    engine = jsonschema_rs.Draft202012Validator(json_schema(schema_name(kind)), validate_formats=True)
    accepts, loads = engine.is_valid, orjson.loads
    count_keys = _keys_of_value if _parts(KINDS[kind]) else len

    def by_schema(text: bytes) -> _Read | None:
        try:
            values = loads(text)
        except orjson.JSONDecodeError:
            return None
        if not all(map(accepts, values)):
            return None
        return [value.get("id") for value in values], list(map(count_keys, values))

    return _accepting(by_schema)


def _by_model(kind: str) -> Acceptor:
    validate = _adapter(kind, array=True).validator.validate_json

    def by_model(text: bytes) -> _Read | None:
        try:
            records = validate(text)
        except ValidationError:
            return None
        return [record.__dict__.get("id") for record in records], _keys_of_records(kind, records)

    return _accepting(by_model)


def _accepting(read: Callable[[bytes], _Read | None]) -> Acceptor:
    """Take lines to an engine, which reads an array of valid records, and look for repeated keys."""

    def accept(lines: Sequence[bytes]) -> list[str | None] | None:
        text = _array(lines)
        found = None if text is None else read(text)
        if found is None:
            return None
        ids, keys = found
        return ids if len(ids) == len(lines) and _keys_are_distinct_in(lines, keys) else None

    return accept


def _array(lines: Sequence[bytes]) -> bytes | None:
    """Lines as one array, as an engine reads that faster; None if it might be an array of something else.

    Where it is an array of as many valid records as there are lines, each line is one: none can end inside a text,
    as a text has no line break in it; nor inside an object, as the next begins with a brace, which is no key; nor
    inside an array of a record, as those hold no objects.
    """
    if not all(line.startswith(b"{") for line in lines):
        return None
    return b"[%s]" % b",\n".join(lines)


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
    count = sum(_keys_of_records(name, records)) if array else _keys_of_record(records)
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

    Each key has a colon, and texts may have more. So there are at least as many colons as keys; if there are no more
    than different keys, no key stands twice.
    """
    return text.count(b":") == keys or _quotes_tell(text, keys)


def _keys_are_distinct_in(lines: Sequence[bytes], keys: list[int]) -> bool:
    """The same of many lines."""
    colons = [line.count(b":") for line in lines]
    return colons == keys or all(
        number == own or _quotes_tell(line, own) for line, number, own in zip(lines, colons, keys, strict=True)
    )


def _quotes_tell(text: bytes, keys: int) -> bool:
    """The same where texts have colons: a key ends in `":`, if no space parts the two after any key."""
    if text.count(b'":') != keys or b" :" in text:
        return False
    # A byte is found many times as fast as a pair, and few lines have these but at their end.
    if text.find(b"\n", 0, -2) < 0 and text.find(b"\r", 0, -2) < 0 and b"\t" not in text:
        return True
    return b"\n:" not in text and b"\r:" not in text and b"\t:" not in text


def _keys_of_records(kind: str, records: Sequence[Any]) -> list[int]:
    if _parts(KINDS[kind]):
        return list(map(_keys_of_record, records))
    return [len(record.__pydantic_fields_set__) for record in records]


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
