"""What reads JSON and tells whether it is valid: jsonschema-rs where it is installed, else pydantic's core.

Engines differ in speed only: tests show that both and the models accept the same. No model is built here, and none of
pydantic is imported but its core, and that only where jsonschema-rs is missing.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, TypeAlias

from eaps_data.formats import strict_json
from eaps_data.formats.key_count import keys_are_distinct
from eaps_data.validation.detection import definitions, schema_of, schema_within
from eaps_data.validation.fast.texts import count_keys, texts_in

Engine: TypeAlias = Callable[[bytes], Any]
"""Takes JSON. Gives its value in plain Python, or None if it may not be valid; unknown keys may be left out."""


@cache
def strict_reader(kind: str, *, array: bool, small: bool, within: bool = False) -> Engine:
    """The fastest engine at hand for a record or document of a kind, or for an array of such records.

    It also refuses a text that repeats a key.

    Args:
        kind: what the records are.
        array: whether the text is an array of them.
        small: whether there is one small text only: a parser is fast then that is there already; for a large text or
            many, one that takes a while to be imported.
        within: whether the records are of a document, and the rules between its records are checked as well.
    """
    engine = _engine(kind, array=array, small=small, within=within)

    def read(text: bytes) -> Any:
        value = engine(text)
        # Where there are no more keys in the text than different ones in each object, none of them repeats one.
        if value is None or not keys_are_distinct(text, count_keys(kind, value), partial(texts_in, kind, value)):
            return None
        return value

    return read


def _engine(kind: str, *, array: bool, small: bool, within: bool) -> Engine:
    schema = schema_within(kind) if within else schema_of(kind)
    try:
        import jsonschema_rs
    except ImportError:
        return _by_core(schema, array=array, repeating=kind in {"dataset", "evidence"})
    whole = {"type": "array", "items": schema} if array else schema
    lean = without_not({**whole, "$defs": definitions()})
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


def _by_core(schema: Mapping[str, Any], *, array: bool, repeating: bool) -> Engine:
    from eaps_data.validation.fast.core_reader import reader

    read = reader(schema, array=array, repeating=repeating)

    def by_core(text: bytes) -> Any:
        try:
            return read(text)
        except ValueError:  # as pydantic's core has it
            return None

    return by_core
