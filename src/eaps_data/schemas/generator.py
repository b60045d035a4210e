"""Generate the JSON Schemas from the models: the exact bytes of the published files."""

from typing import Any, Final, cast

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import CoreSchema

from eaps_data._internal import canonical_json
from eaps_data.models import records, vocabulary
from eaps_data.models.fields import Model
from eaps_data.models.report import Report
from eaps_data.models.table_specs import SCHEMA_VERSION
from eaps_data.schemas.published import TITLES

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

MODELS: Final[dict[str, type[Model]]] = {
    name: getattr(records, title) for name, title in TITLES.items() if name != "report"
}
"""The models of the data, by the names of their schemas."""

PUBLISHED: Final[dict[str, type[Model]]] = {**MODELS, "report": Report}
"""The models that have a published schema: those of the data, and the report of a validation."""

_EDITOR_SCHEMA: Final = {
    "description": records.DatasetDocument.model_fields["editor_schema"].description,
    "type": "string",
}


def generate(name: str) -> str:
    """Return the published form of a schema, as canonical JSON.

    Args:
        name: The schema's name, a key of `PUBLISHED`.
    """
    model = PUBLISHED[name]
    body = model.model_json_schema(schema_generator=_Generator, mode="validation")
    head = {
        "$schema": DIALECT,
        "$id": f"urn:eaps-data:schema:{name}:{SCHEMA_VERSION}",
        "title": model.__name__,
    }
    if name != "report":
        # A file of one record may have a `$schema` for editors; a record within other data may not.
        fields = {field: part for field, part in body["properties"].items() if field != "$schema"}
        body["properties"] = {"$schema": _EDITOR_SCHEMA, **fields}
    return canonical_json.to_json(head | body)


class _Generator(GenerateJsonSchema):
    """Pydantic's generator, without generated titles, and with patterns and terms that all engines read alike."""

    def generate(self, schema: CoreSchema, mode: JsonSchemaMode = "validation") -> JsonSchemaValue:
        generated = super().generate(schema, mode)
        for name, definition in generated.get("$defs", {}).items():
            terms = getattr(vocabulary, name, None)
            if terms is not None:
                definitions = "\n".join(f"- `{term.value}`: {term.definition}" for term in terms)
                definition["description"] += f"\n\n{definitions}"
        return cast("JsonSchemaValue", _published(generated))


def _published(value: Any) -> Any:
    """Drop the titles that pydantic derives from names, and make patterns match the whole string in every engine."""
    if isinstance(value, list):
        return [_published(item) for item in value]
    if not isinstance(value, dict):
        return value
    schema: dict[str, Any] = {
        key: _published(item) for key, item in value.items() if key != "title" or isinstance(item, dict)
    }
    if isinstance(schema.get("pattern"), str):
        # Python's `$` also matches before a final newline; pydantic's does not. A look-ahead would exclude it too,
        # but linear-time regex engines do not support it.
        schema["not"] = {"pattern": r"\n"}
    return schema
