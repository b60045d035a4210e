"""Translate the published schemas to TypeScript types, for editors and compilers of JavaScript projects.

The types describe what this package writes: every field is present, and is `null` or `[]` if the source does not state
it. Everything is `readonly`, because records are immutable.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from eaps_data.schemas.published import schema_named

_Schema: TypeAlias = Mapping[str, Any]

_TYPES: Final = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def typescript(name: str = "dataset", version: str | None = None) -> str:
    r"""Return the types of a published schema, and of everything that it references, as a TypeScript module.

    Args:
        name: A name as in `json_schema`; the default, `dataset`, includes all records.
        version: A published version of the schemas; default: the newest.

    Raises:
        UnknownTermError: If there is no such schema; it lists the possible names.
        UnknownTermError: If there is no such version; the error lists the published versions.

    >>> print(*typescript("Partnership").splitlines()[-3:], sep="\n")
      /** True where the page names the partner only as an example, as by `such as`. */
      readonly example: boolean;
    }
    """
    schema = schema_named(name, version)
    types: dict[str, _Schema] = {**schema.get("$defs", {}), schema["title"]: schema}
    head = f"// What eaps-data writes, by the schema {schema['$id']}."
    return "\n\n".join([head, *("\n".join(_declaration(title, each)) for title, each in types.items())]) + "\n"


def _declaration(title: str, schema: _Schema) -> Iterator[str]:
    yield from _comment(schema, indent="")
    if "enum" in schema:
        yield f"export type {title} ="
        yield "\n".join(f"  | {json.dumps(term)}" for term in schema["enum"]) + ";"
        return
    if schema["type"] == "array":
        yield f"export type {title} = {_type(schema)};"
        return
    yield f"export interface {title} {{"
    for field, value in schema["properties"].items():
        if field not in schema.get("required", ()) and "default" not in value:
            continue  # `$schema` is read, but never written
        yield from _comment(value, indent="  ")
        yield f"  readonly {field}: {_type(value)};"
    yield "}"


def _type(schema: _Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(map(_type, schema["anyOf"]))
    literals = [schema["const"]] if "const" in schema else schema.get("enum", ())
    if literals:
        return " | ".join(map(json.dumps, literals))
    if schema["type"] == "array":
        return f"ReadonlyArray<{_type(schema['items'])}>"
    return _TYPES[schema["type"]]


def _comment(schema: _Schema, indent: str) -> Iterator[str]:
    """Yield the lines of a doc comment with the schema's description."""
    lines = schema.get("description", "").replace("*/", "*\\/").splitlines()
    if len(lines) == 1:
        yield f"{indent}/** {lines[0]} */"
    elif lines:
        yield f"{indent}/**"
        yield from (f"{indent} * {line}".rstrip() for line in lines)
        yield f"{indent} */"
