"""Translate pydantic's errors into problems: plain words, with a suggestion where there is one."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from eaps_data._internal.text_keys import closest
from eaps_data._version import __version__
from eaps_data.errors import Path, Problem, did_you_mean
from eaps_data.models.fields import WANTED, Model, model_in, type_in
from eaps_data.models.past_ids import version_key
from eaps_data.models.past_terms import renamed
from eaps_data.models.table_specs import MEMBERS, SCHEMA_VERSION, TABLE_SPECS
from eaps_data.models.vocabulary import Term
from eaps_data.rules.problem import shown, violation

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

_SCHEMA_ID = re.compile(r"urn:eaps-data:schema:dataset:([0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9})")
_VERSION = re.compile(r"([0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9})")
_DIGITS = re.compile(r"\^\[0-9\]\{([0-9]+)\}\$")
_RULES = {
    "json_invalid": "not-json",
    "missing": "missing-field",
    "extra_forbidden": "unknown-field",
    "enum": "term",
    "literal_error": "term",
}
_EXPECTED = {
    "string_type": "a string",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "tuple_type": "an array",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "date_type": "a date such as 2026-01-31",
}


def from_validation(
    error: ValidationError, value: Any, target: Any, type_: str, within: Path = ()
) -> Iterator[Problem]:
    """Yield a problem for each of pydantic's errors.

    Args:
        error: pydantic's error.
        value: the data, in plain Python.
        target: the model that the data was validated as, or a tuple of it.
        type_: `dataset`, or the table of the record or records.
        within: the path in the data of the records that were validated; it ends with the index of the first one.
    """
    table = None if type_ == "dataset" else type_
    unknown_version = _unknown_version(value) if table is None else None
    if unknown_version is not None:  # this version cannot judge the rest of the document
        yield unknown_version
        return
    for detail in error.errors(include_url=False):
        path: Path = tuple(detail["loc"])
        if within and path:
            path = (*within[:-1], int(within[-1]) + int(path[0]), *path[1:])
        record, field = subject_at(value, path, table)
        rule = _RULES.get(detail["type"], "value")
        if rule == "missing-field" and table is None and len(path) == 1 and path[0] in TABLE_SPECS:
            yield violation("missing-table", f"the table {path[0]} is missing", path)
        else:
            yield violation(rule, _message(detail, _owner(target, path)), path, record, field)


def _unknown_version(value: Any) -> Problem | None:
    """The one problem of a dataset document that follows an unknown version of the schema."""
    if not isinstance(value, dict):
        return None
    field = "schema_version" if "schema_version" in value else "$schema"
    named = value.get(field)
    match = (_VERSION if field == "schema_version" else _SCHEMA_ID).fullmatch(named) if isinstance(named, str) else None
    if match is None or match[1] == SCHEMA_VERSION:
        return None
    newer = version_key(match[1]) > version_key(SCHEMA_VERSION)
    fix = "install a newer one: pip install --upgrade eaps-data" if newer else "no such version was published"
    message = (
        f"the document follows schema {match[1]}, but eaps-data {__version__} reads schema {SCHEMA_VERSION}; {fix}"
    )
    return violation("schema-version", message, (field,))


def _fix_of_unknown(name: str, fields: "Mapping[str, FieldInfo]") -> str:
    parts = {field: part for field, spec in fields.items() if (part := model_in(spec.annotation))}
    holder = next((field for field, part in parts.items() if name in part.model_fields), None)
    if holder is not None:  # as in JSON that was written from a flat data frame
        return f"; move it into {shown(holder)}"
    return did_you_mean(closest(name, [spec.alias or field for field, spec in fields.items()])) or "; remove it"


def _message(detail: "ErrorDetails", owner: type[Model] | None) -> str:
    error_type, context = detail["type"], detail.get("ctx", {})
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    found = shown(detail["input"])
    spec = owner.model_fields.get(name) if owner else None
    match error_type:
        case "missing" if name == "schema_version":
            return f'the field "schema_version" is missing; add "schema_version": "{SCHEMA_VERSION}"'
        case "missing":
            return f"the required field {shown(name)} is missing"
        case "extra_forbidden":
            return f"unknown field {shown(name)}{_fix_of_unknown(name, owner.model_fields if owner else {})}"
        case "enum" | "literal_error":
            field = next((step for step in reversed(detail["loc"]) if isinstance(step, str)), "")
            vocabulary = type_in(owner.model_fields[field].annotation, Term) if owner else None
            if vocabulary is None:
                terms = re.findall(r"'([^']*)'", str(context["expected"]))
            else:
                terms = [term.value for term in vocabulary if not term.retired]
            hint = _renamed(detail, owner) or did_you_mean(closest(str(detail["input"]), terms))
            return f"{found} is not a valid term{hint}; valid terms: {', '.join(terms)}"
        case "string_pattern_mismatch":
            return _mismatch(detail["input"], context["pattern"], spec)
        case "json_invalid":  # the strict reader found it well-formed, but pydantic's nests less deeply
            return "the values are nested too deeply" if "recursion" in detail["msg"] else detail["msg"]
        case _ if error_type in _EXPECTED:
            is_code = error_type == "string_type" and isinstance(detail["input"], int | float) and _is_code(spec)
            hint = "; codes are strings, to keep leading zeros" if is_code else ""
            return f"expected {_EXPECTED[error_type]}, found {found}{hint}"
        case _:
            text = detail["msg"].removeprefix("Value error, ").replace("Input should", "it should")
            return f"{text[0].lower()}{text[1:]}, found {found}"


def _renamed(detail: "ErrorDetails", owner: type[Model] | None) -> str:
    """The hint for a term that earlier schemas had; empty if none had it."""
    field = next((step for step in reversed(detail["loc"]) if isinstance(step, str)), "")
    now = renamed(getattr(owner, "table", ""), field, str(detail["input"]))
    if now is None:
        return ""
    return f" (renamed to {now.term!r})" if now.field == field else f" (it is {now.term!r} in {now.field} now)"


def _mismatch(value: str, pattern: str, spec: "FieldInfo | None") -> str:
    if pattern in WANTED:
        return f"expected {WANTED[pattern]}, found {shown(value)}"
    example = f", as in {shown(spec.examples[0])}" if spec and spec.examples else ""
    restored = _restored(value, pattern)
    hint = "; keep its leading zeros" if "".join(restored).startswith("0") else ""
    return f"{shown(value)} does not match {pattern}{example}{did_you_mean(restored)}{hint}"


def _restored(value: str, pattern: str) -> list[str]:
    """Return the code that a spreadsheet may have changed to a number: `2581005.0`, or without its zeros."""
    digits, number = _DIGITS.fullmatch(pattern), value.removesuffix(".0")
    if digits is None or not number.isascii() or not number.isdigit() or len(number) > int(digits[1]):
        return []
    return [number.zfill(int(digits[1]))]


def _is_code(spec: "FieldInfo | None") -> bool:
    """Return whether the field holds codes that consist of digits."""
    return bool(spec and spec.examples and str(spec.examples[0]).isdigit())


def _owner(target: Any, path: Path) -> type[Model] | None:
    """The model that has the field at the end of the path."""
    owner = None
    for step in path:
        if isinstance(step, int):
            target = next(iter(get_args(target)), None)
        else:
            owner = model_in(target)
            spec = owner.model_fields.get(step) if owner else None
            target = spec.annotation if spec else None
    return owner


def subject_at(value: Any, path: Path, table: str | None = None) -> tuple[str | None, str | None]:
    """Return the record at a path, as `table/id`, or the table if it has no id, and the field, such as `contact.phone`.

    Args:
        value: A dataset document, a record, or a list of records, in plain Python.
        path: The path in it.
        table: The table of the record or records; None for a document.
    """
    if table is None:
        if not path or path[0] not in MEMBERS:
            return None, None
        table, value, path = str(path[0]), value.get(path[0]), path[1:]
    if path and isinstance(path[0], int):
        value, path = value[path[0]], path[1:]
    id_: Any = value.get("id") if isinstance(value, dict) else None
    field = ".".join(step for step in path if isinstance(step, str))
    return f"{table}/{id_}" if isinstance(id_, str) else table, field or None
