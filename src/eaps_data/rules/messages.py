"""Say in plain words what pydantic found wrong with some data, and what would mend it."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from eaps_data._internal.text_keys import closest
from eaps_data._version import __version__
from eaps_data.errors import Path, Problem, did_you_mean, pointer
from eaps_data.models.fields import WANTED, Model, model_in
from eaps_data.models.past_ids import version_key
from eaps_data.models.records import SCHEMA_VERSION, DatasetDocument
from eaps_data.models.table_specs import MEMBERS
from eaps_data.rules.problem import shown

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

_SCHEMA_ID = re.compile(r"urn:eaps-data:schema:dataset:([0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9})")
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "tuple_type": "an array",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "date_type": "a date as in 2026-01-31",
}


def from_validation(error: ValidationError, value: Any, kind: Any, table: str | None) -> Iterator[Problem]:
    """Say in plain words what pydantic found wrong.

    Args:
        error: pydantic's error.
        value: the data, in plain Python.
        kind: the type that the data was to be of.
        table: the table that the record or records belong to, or None for a dataset document.
    """
    foreign = _foreign_schema(value) if table is None else None
    if foreign is not None:  # all else that is wrong with it is that version's business
        yield foreign
        return
    for detail in error.errors(include_url=False):
        path: Path = tuple(detail["loc"])
        record, field = _about(value, path, table)
        yield Problem(
            rule=_RULES.get(detail["type"], "value"),
            message=_message(detail, _owner(kind, path)),
            record=record,
            field=field,
            pointer=pointer(path),
            path=path,
        )


def _foreign_schema(value: Any) -> Problem | None:
    """The one problem of a dataset document that names a version of the schema that is not known here."""
    named = value.get("$schema") if isinstance(value, dict) else None
    match = _SCHEMA_ID.fullmatch(named) if isinstance(named, str) else None
    if match is None or named in get_args(DatasetDocument.model_fields["schema_id"].annotation):
        return None
    newer = version_key(match[1]) > version_key(SCHEMA_VERSION)
    mend = (
        "install a newer one: pip install --upgrade eaps-data"
        if newer
        else f"bring the document to {SCHEMA_VERSION}, or install the eaps-data that it was written for"
    )
    message = (
        f"the document follows schema {match[1]}, but this eaps-data ({__version__}) reads schema {SCHEMA_VERSION}; "
    )
    path: Path = ("$schema",)
    return Problem(rule="schema-version", message=message + mend, pointer=pointer(path), path=path)


_RULES = {
    "json_invalid": "not-json",
    "missing": "missing-field",
    "extra_forbidden": "unknown-field",
    "enum": "term",
    "literal_error": "term",
}


def _message(detail: "ErrorDetails", owner: type[Model] | None) -> str:
    kind, context, name = (
        detail["type"],
        detail.get("ctx", {}),
        str(detail["loc"][-1]) if detail["loc"] else "",
    )
    found = shown(detail["input"])
    if kind == "missing":
        return f'the field "{name}" is required, and missing'
    if kind == "extra_forbidden":
        known = [] if owner is None else [spec.alias or key for key, spec in owner.model_fields.items()]
        return f'there is no field "{name}"{did_you_mean(closest(name, known)) or "; remove it"}'
    if kind in {"enum", "literal_error"}:
        terms = re.findall(r"'([^']*)'", str(context["expected"]))
        hint = did_you_mean(closest(str(detail["input"]), terms))
        return f"{found} is none of its terms{hint}; there are: {', '.join(terms)}"
    if kind == "string_pattern_mismatch":
        return _mismatch(found, context["pattern"], owner.model_fields.get(name) if owner else None)
    if kind in _WANTED:
        return f"expected {_WANTED[kind]}, found {found}"
    if kind == "json_invalid":  # our reader has found it well-formed, but pydantic's goes less deep
        return "the values are nested too deeply to be read" if "recursion" in detail["msg"] else detail["msg"]
    text = detail["msg"].removeprefix("Value error, ").replace("Input should", "it should")
    return f"{text[0].lower()}{text[1:]}, found {found}"


def _mismatch(found: str, pattern: str, spec: "FieldInfo | None") -> str:
    if pattern in WANTED:
        return f"expected {WANTED[pattern]}, found {found}"
    return f"{found} does not match {pattern}" + (
        f", as in {shown(spec.examples[0])}" if spec and spec.examples else ""
    )


def _owner(kind: Any, path: Path) -> type[Model] | None:
    """The model whose field the path ends in."""
    owner = None
    for step in path:
        if isinstance(step, int):
            kind = next(iter(get_args(kind)), None)
        else:
            owner = model_in(kind)
            spec = owner.model_fields.get(step) if owner else None
            kind = spec.annotation if spec else None
    return owner


def _about(value: Any, path: Path, table: str | None) -> tuple[str | None, str | None]:
    """The record that the path leads into, by table and id or else by table and position; and its field."""
    if table is None:
        if not path or path[0] not in MEMBERS:
            return None, None
        table, value, path = str(path[0]), value.get(path[0]), path[1:]
    label = table
    if path and isinstance(path[0], int):
        label, value, path = f"{table}[{path[0]}]", value[path[0]], path[1:]
    name: Any = value.get("id") if isinstance(value, dict) else None
    return f"{table}/{name}" if isinstance(name, str) else label, str(path[0]) if path else None
