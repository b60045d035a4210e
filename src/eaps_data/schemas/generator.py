"""The JSON Schemas made of the models: what the published files must hold, byte for byte."""

from typing import Any, Final, cast

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import CoreSchema

from eaps_data._internal import canonical_json
from eaps_data.models import vocabulary
from eaps_data.models.fields import Model
from eaps_data.models.records import RECORDS, SCHEMA_VERSION, DatasetDocument, GrantProgram
from eaps_data.models.report import Report

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

MODELS: Final[dict[str, type[Model]]] = {
    "dataset": DatasetDocument,
    "grant-program": GrantProgram,
    **{record.__name__.lower(): record for record in RECORDS.values()},
}
"""The data that has a schema of its own, by the schema's name."""

PUBLISHED: Final[dict[str, type[Model]]] = {**MODELS, "report": Report}
"""All that has a published schema: the data, and the report of a validation."""


def generate(name: str) -> str:
    """Generate a schema from its model, in canonical form: what the published file must hold.

    Args:
        name: the schema's name, one of `PUBLISHED`.
    """
    model = PUBLISHED[name]
    body = model.model_json_schema(schema_generator=_Generator, mode="validation")
    head = {
        "$schema": DIALECT,
        "$id": f"urn:eaps-data:schema:{name}:{SCHEMA_VERSION}",
        "title": model.__name__,
    }
    return canonical_json.to_json(head | body)


class _Generator(GenerateJsonSchema):
    """Pydantic's generator, without title noise and with patterns and terms that every engine reads alike."""

    def generate(self, schema: CoreSchema, mode: JsonSchemaMode = "validation") -> JsonSchemaValue:
        written = super().generate(schema, mode)
        for name, definition in written.get("$defs", {}).items():
            kind = getattr(vocabulary, name, None)
            if kind is not None:
                terms = "\n".join(f"- `{term.value}`: {term.definition}" for term in kind)
                definition["description"] += f"\n\n{terms}"
        return cast("JsonSchemaValue", _published(written))


def _published(value: Any) -> Any:
    """The schema without the titles that pydantic makes of names, and with patterns that end at the end."""
    if isinstance(value, list):
        return [_published(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept: dict[str, Any] = {
        key: _published(item) for key, item in value.items() if key != "title" or isinstance(item, dict)
    }
    if isinstance(kept.get("pattern"), str):
        # Where pydantic's `$` is the end of the text, Python's also stands before a last newline. A look-ahead
        # would do too, but takes the fast engines' linear-time matching away.
        kept["not"] = {"pattern": r"\n"}
    return kept
