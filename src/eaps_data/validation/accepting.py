"""Accept what is valid, as fast as the engines at hand allow; say nothing of what is not.

Data that is accepted here is valid: an engine has found so, no key stands twice, and no rule between records is
broken. What is not goes to the slow way, which parses it strictly, builds models and words each problem. Engines
differ in speed only: tests show that jsonschema-rs, pydantic's core and the models accept the same. No model is
built here, and none of pydantic is imported but its core, and that only where jsonschema-rs is missing.
"""

import json
import re
from collections.abc import Callable
from functools import cache, partial
from operator import itemgetter
from typing import Any, Final, TypeAlias

from eaps_data import integrity, strict_json
from eaps_data.collecting import CollectionPaused
from eaps_data.distinct_keys import keys_are_distinct
from eaps_data.rows import MEMBERS, TABLES
from eaps_data.validation.kinds import NAMES, best_kind, definitions, parts_of, schema_of
from eaps_data.validation.texts import texts_in

Acceptor: TypeAlias = Callable[[bytes], list[str | None] | None]
"""Takes lines of JSON, each one record. Gives their ids, None for what has no id; or None if any may not be valid."""

Engine: TypeAlias = Callable[[bytes], Any]
"""Takes JSON. Gives its value in plain Python, or None if it may not be valid; unknown keys may be left out."""

_BEGINNING: Final = 65_536
_SMALL: Final = 65_536
_DATASET_KEY: Final = re.compile(rb'[ \t\n\r]*\{[ \t\n\r]*"(\$schema|' + b"|".join(map(str.encode, NAMES)) + rb')"')
_ID: Final = itemgetter("id")
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
    with CollectionPaused():
        return _accepted(data, name, array=array)


def _accepted(data: bytes, name: str, *, array: bool) -> int | None:
    value = _engine(name, array=array, small=len(data) <= _SMALL)(data)
    if value is None or not keys_are_distinct(data, _count_keys(name, value), partial(texts_in, name, value)):
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
    engine, count_keys = _engine(kind, array=True, small=False), _key_counter(kind)
    has_id = "id" in schema_of(kind)["required"]

    def accept(lines: bytes) -> list[str | None] | None:
        array = _array(lines)
        if array is None:
            return None
        text, count = array
        records = engine(text)
        if records is None or len(records) != count:
            return None
        # Where there are no more keys in all lines than different ones in each, none of them repeats one.
        if not keys_are_distinct(text, sum(map(count_keys, records)), partial(texts_in, kind, records)):
            return None
        ids: list[str | None] = [*map(_ID, records)] if has_id else [None] * count
        return ids

    return accept


@cache
def _engine(kind: str, *, array: bool, small: bool) -> Engine:
    """The fastest engine at hand for a record or document of a kind, or for an array of such records.

    For one small text, a parser is fast that is there already; for a large one or many, one that takes a while to
    be imported.
    """
    try:
        import jsonschema_rs
    except ImportError:
        return _by_core(kind, array=array)
    schema = {"type": "array", "items": schema_of(kind)} if array else schema_of(kind)
    lean = without_not({**schema, "$defs": definitions()})
    accepts = jsonschema_rs.Draft202012Validator(lean, validate_formats=True).is_valid
    loads = _loads if small else _fast_loads()

    def by_schema(text: bytes) -> Any:
        try:
            value = loads(text)
        except ValueError:  # as all parsers have it
            return None
        return value if accepts(value) else None

    return by_schema


def without_not(schema: Any) -> Any:
    """A schema without the patterns that no text may have, as an engine whose `$` is the end of a text needs none.

    They are there for those, such as Python's, whose `$` stands before a last line break as well.
    """
    if isinstance(schema, dict):
        return {key: without_not(part) for key, part in schema.items() if (key, part) != ("not", {"pattern": r"\n"})}
    return [*map(without_not, schema)] if isinstance(schema, list) else schema


def _loads(text: bytes) -> Any:
    return strict_json.parse(text)[0]


def _fast_loads() -> Callable[[bytes], Any]:
    try:
        import orjson
    except ImportError:  # jsonschema-rs was installed alone
        return _loads
    return orjson.loads


def _by_core(kind: str, *, array: bool) -> Engine:
    from eaps_data.validation.core import reader

    read = reader(schema_of(kind), array=array)

    def by_core(text: bytes) -> Any:
        try:
            return read(text)
        except ValueError:  # as pydantic's core has it
            return None

    return by_core


def _array(text: bytes) -> tuple[bytes, int] | None:
    """Lines as one array, as an engine reads that faster, and their number; None if a line does not begin with a brace.

    Where it is an array of as many valid records as there are lines, each line is one: none can end inside a text, as
    a text has no line break in it; nor inside an object, as the next begins with a brace, which is no key; nor inside
    an array of a record, as those hold no objects.
    """
    lines = text.removesuffix(b"\n").split(b"\n")
    return (b"[%s]" % b",\n".join(lines), len(lines)) if {line[:1] for line in lines} == {b"{"} else None


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
