"""Accept what is valid, as fast as the engines at hand allow; say nothing of what is not.

Data that is accepted here is valid: an engine has found so, no key stands twice, and no rule between records is
broken. What is not goes to the slow way, which parses it strictly, builds models and words each problem. Engines
differ in speed only: tests show that jsonschema-rs, pydantic's core and the models accept the same. No model is
built here, and none of pydantic is imported but its core, and that only where jsonschema-rs is missing.
"""

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final, TypeAlias

from eaps_data import integrity, strict_json
from eaps_data.distinct_keys import distinct_in_lines, keys_are_distinct
from eaps_data.errors import InvalidDataError
from eaps_data.rows import MEMBERS, TABLES
from eaps_data.validation.kinds import NAMES, best_kind, definitions, parts_of, schema_of

Acceptor: TypeAlias = Callable[[Sequence[bytes]], list[str | None] | None]
"""Takes lines of JSON, each one record. Gives their ids, None for what has no id; or None if any may not be valid."""

Engine: TypeAlias = Callable[[bytes], Any]
"""Takes JSON. Gives its value in plain Python, or None if it may not be valid."""

_BEGINNING: Final = 65_536
_SMALL: Final = 65_536
_DATASET_KEY: Final = re.compile(rb'[ \t\n\r]*\{[ \t\n\r]*"(\$schema|' + b"|".join(map(str.encode, NAMES)) + rb')"')
_ARRAY: Final = re.compile(r"[ \t\n\r]*\[[ \t\n\r]*(?=\{)")


def accepted(data: bytes, kind: str | None) -> int | None:
    """How many records a whole JSON text holds, if it is valid and gives no warning; None if it may not be.

    Args:
        data: a dataset document, a record, or an array of records.
        kind: what it is; recognised by its beginning where not given.
    """
    name = kind or _recognise(data)
    if name is None:
        return None
    array = data.lstrip(b" \t\n\r")[:1] == b"["
    if array and name == "dataset":
        return None
    value = _engine(name, array=array)(data)
    if value is None or not keys_are_distinct(data, _count_keys(name, value)):
        return None
    if name == "dataset":
        sound = not integrity.check(value) and not integrity.warnings(value)
        return sum(len(value[table]) for table in TABLES) if sound else None
    if not array:
        return 1
    return None if name in TABLES and integrity.check_table(name, value) else len(value)


@cache
def acceptor(kind: str) -> Acceptor:
    """What accepts lines, each a record of a kind."""
    if kind == "dataset":  # has rules between records, which no engine sees
        return lambda _: None
    engine, count_keys = _engine(kind, array=True), _key_counter(kind)

    def accept(lines: Sequence[bytes]) -> list[str | None] | None:
        text = _array(lines)
        records = None if text is None else engine(text)
        if records is None or len(records) != len(lines):
            return None
        if not distinct_in_lines(lines, list(map(count_keys, records))):
            return None
        return [record.get("id") for record in records]

    return accept


@cache
def _engine(kind: str, *, array: bool) -> Engine:
    """The fastest engine at hand for a record or document of a kind, or for an array of such records."""
    try:
        import jsonschema_rs
    except ImportError:
        return _by_core(kind, array=array)
    checker = jsonschema_rs.Draft202012Validator({"$defs": definitions(), **schema_of(kind)}, validate_formats=True)
    accepts = checker.is_valid

    def by_schema(text: bytes) -> Any:
        value = _loaded(text)
        if array:
            return value if isinstance(value, list) and all(map(accepts, value)) else None
        return value if accepts(value) else None

    return by_schema


def _loaded(text: bytes) -> Any:
    """The value of a JSON text, strictly read; None where it cannot be read."""
    if len(text) <= _SMALL:  # where orjson would save less time than its import takes
        try:
            return strict_json.parse(text)[0]
        except InvalidDataError:
            return None
    try:
        import orjson
    except ImportError:  # jsonschema-rs alone was installed
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _by_core(kind: str, *, array: bool) -> Engine:
    from pydantic_core import ValidationError

    from eaps_data.validation.core import validator

    read = validator(schema_of(kind), array=array).validate_json

    def by_core(text: bytes) -> Any:
        try:
            return read(text)
        except ValidationError:
            return None

    return by_core


def _array(lines: Sequence[bytes]) -> bytes | None:
    """Lines as one array, as an engine reads that faster; None if it might be an array of something else.

    Where it is an array of as many valid records as there are lines, each line is one: none can end inside a text,
    as a text has no line break in it; nor inside an object, as the next begins with a brace, which is no key; nor
    inside an array of a record, as those hold no objects.
    """
    if not all(line.startswith(b"{") for line in lines):
        return None
    return b"[%s]" % b",\n".join(lines)


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


def _count_keys(kind: str, value: Any) -> int:
    """How many keys some data has, those of its parts included."""
    if isinstance(value, list):
        return sum(map(_key_counter(kind), value))
    if kind == "dataset":
        return len(value) + sum(_count_keys(name, value[name]) for name in MEMBERS if name in value)
    return _key_counter(kind)(value)


@cache
def _key_counter(kind: str) -> Callable[[Any], int]:
    return _keys_of_value if parts_of(kind) else len


def _keys_of_value(part: dict[str, Any]) -> int:
    return len(part) + sum(_keys_of_value(each) for each in part.values() if isinstance(each, dict))
