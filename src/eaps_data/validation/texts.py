"""The texts of records in which colons may stand, told from the published schema, for many records at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import chain
from typing import Any, TypeAlias

from eaps_data.rows import Row, getter, rows_of
from eaps_data.validation.kinds import resolved, schema_of

Texts: TypeAlias = Callable[[Sequence[Row]], Iterator[str]]
"""Gives texts of some records, each as often as it stands there."""

_flat = chain.from_iterable


def texts_in(kind: str, value: Any) -> Iterator[str]:
    """The texts with colons, and maybe some without, of a record, of a list of records, or of a dataset document.

    >>> [*texts_in("partners", {"id": "a", "name": "A: B", "aliases": ["C"]})]
    ['A: B', 'C']
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
    listed = [name for name, part in items.items() if _may_have_colons(part)]
    found: list[Texts] = []
    if single:
        found.append(partial(_values, getter(single)))
    if listed:
        found.append(partial(_items, getter(listed)))
    found += [partial(_texts_of_part, name, _texts(part)) for name, part in fields.items() if "properties" in part]
    return lambda records: _flat([texts(records) for texts in found])


def _values(fields: Callable[[Row], Any], records: Sequence[Row]) -> Iterator[Any]:
    return filter(None, _flat(map(fields, records)))


def _items(fields: Callable[[Row], Any], records: Sequence[Row]) -> Iterator[Any]:
    return _flat(_values(fields, records))


def _texts_of_part(name: str, texts: Texts, records: Sequence[Row]) -> Iterator[str]:
    return texts([part for record in records if (part := record.get(name)) is not None])


def _meant(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a field is where it is not null."""
    schema = resolved(part)
    return resolved(schema["anyOf"][0]) if "anyOf" in schema else schema


def _may_have_colons(part: Mapping[str, Any]) -> bool:
    if part["type"] != "string" or "enum" in part:
        return False
    pattern = part.get("pattern", "[^")
    return ":" in pattern or "[^" in pattern
