"""The keys of records, and their texts in which colons may stand, for many records at a time.

The published schema tells where they are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, TypeAlias

from eaps_data.models.rows import Row, rows_of
from eaps_data.models.table_specs import MEMBERS
from eaps_data.rules.columns import column
from eaps_data.validation.detection import parts_of, resolved, schema_of

Texts: TypeAlias = Callable[[Sequence[Row]], Iterator[str]]
"""Gives texts of some records, each as often as it stands there; those of one field come together."""

_flat = chain.from_iterable


def texts_in(kind: str, value: Any) -> Iterator[str]:
    """The texts with colons, and maybe some without, of a record, of a list of records, or of a dataset document.

    Those of one field come together.

    >>> [*texts_in("partners", [{"id": "a", "name": "A: B"}, {"id": "c", "name": "C", "aliases": ["D"]}])]
    ['A: BC', '', 'D']
    """
    if kind == "dataset":
        tops = (part for part in value.values() if isinstance(part, str))
        return chain(tops, *(_texts_of(name)(rows) for name, rows in rows_of(value).items()))
    return _texts_of(kind)(value if isinstance(value, list) else [value])


@cache
def _texts_of(kind: str) -> Texts:
    return _texts(schema_of(kind))


def _texts(schema: Mapping[str, Any]) -> Texts:
    fields = {name: _meant(part) for name, part in schema["properties"].items()}
    items = {name: _meant(part["items"]) for name, part in fields.items() if part["type"] == "array"}
    single = [name for name, part in fields.items() if _may_have_colons(part)]
    single.sort(key=lambda name: name not in schema.get("required", ()))  # the first may suffice: such as have most
    listed = [name for name, part in items.items() if _may_have_colons(part)]
    parts = {name: _texts(part) for name, part in fields.items() if "properties" in part}

    def texts(records: Sequence[Row]) -> Iterator[str]:
        values = (filter(None, column(records, name)) for name in single)
        items = (_flat(filter(None, column(records, name))) for name in listed)
        inner = (found([*filter(None, column(records, name))]) for name, found in parts.items())
        return chain(map("".join, chain(values, items)), _flat(inner))

    return texts


def count_keys(kind: str, value: Any) -> int:
    """How many keys some data has, those of its parts included."""
    if kind == "dataset":
        return len(value) + sum(count_keys(name, value[name]) for name in MEMBERS if name in value)
    return _key_counter(kind)(value if isinstance(value, list) else [value])


@cache
def _key_counter(kind: str) -> Callable[[Sequence[Row]], int]:
    return _counter(schema_of(kind))


def _counter(schema: Mapping[str, Any]) -> Callable[[Sequence[Row]], int]:
    parts = {name: _counter(part) for name, part in parts_of(schema).items()}

    def count(records: Sequence[Row]) -> int:
        inner = (count([*filter(None, column(records, name))]) for name, count in parts.items())
        return sum(map(len, records)) + sum(inner)

    return count


def _meant(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a field is where it is not null."""
    schema = resolved(part)
    return resolved(schema["anyOf"][0]) if "anyOf" in schema else schema


def _may_have_colons(part: Mapping[str, Any]) -> bool:
    if part["type"] != "string" or "enum" in part:
        return False
    pattern = part.get("pattern", "[^")
    return ":" in pattern or "[^" in pattern
