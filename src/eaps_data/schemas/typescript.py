"""The published schemas as TypeScript types, so that an editor knows the data in JavaScript too.

The types describe what this package writes: every field is there, and is `null` or `[]` where the source does not
say. All of it is `readonly`, as the records are.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from eaps_data.schemas.published import json_schema

_Schema = Mapping[str, Any]

_SIMPLE: Final = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def typescript(name: str = "dataset", version: str | None = None) -> str:
    r"""The types of a published schema and of all that it is made of, as a module of TypeScript.

    Args:
        name: as `json_schema` takes it; the dataset's has all records.
        version: a version of the schemas that was published; the newest where not given.

    Raises:
        KeyNotFoundError: when there is no such schema.
        UnknownTermError: when there is no such version; it lists those that there are.

    >>> print(*typescript("Partnership").splitlines()[-3:], sep="\n")
      /** True where the page names the partner only as an example, as by `such as`. */
      readonly example: boolean;
    }
    """
    schema = json_schema(name, version)
    types: dict[str, _Schema] = {**schema.get("$defs", {}), schema["title"]: schema}
    head = f"// What eaps-data writes, by the schema {schema['$id']}."
    return "\n\n".join([head, *("\n".join(_declaration(title, each)) for title, each in types.items())]) + "\n"


def _declaration(title: str, schema: _Schema) -> Iterator[str]:
    yield from _comment(schema, indent="")
    if "enum" in schema:
        yield f"export type {title} ="
        yield "\n".join(f"  | {json.dumps(term)}" for term in schema["enum"]) + ";"
        return
    yield f"export interface {title} {{"
    for field, value in schema["properties"].items():
        yield from _comment(value, indent="  ")
        yield f"  readonly {field}: {_type(value)};"
    yield "}"


def _type(schema: _Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(term) for term in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_type(option) for option in schema["anyOf"])
    if schema["type"] == "array":
        return f"ReadonlyArray<{_type(schema['items'])}>"
    return _SIMPLE[schema["type"]]


def _comment(schema: _Schema, indent: str) -> Iterator[str]:
    """The description, as an editor shows it beside the name."""
    lines = schema.get("description", "").replace("*/", "*\\/").splitlines()
    if len(lines) == 1:
        yield f"{indent}/** {lines[0]} */"
    elif lines:
        yield f"{indent}/**"
        yield from (f"{indent} * {line}".rstrip() for line in lines)
        yield f"{indent} */"
