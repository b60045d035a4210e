"""The models as JSON Schema (draft 2020-12), so that any language can check what this package would accept.

The published schemas are files of the package. They are generated from the models, which a test compares with
the files byte by byte; reading them needs no model.
"""

import json
from typing import Any, Final, cast

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import CoreSchema

from eaps_data import canonical, resources, vocabulary
from eaps_data.errors import KeyNotFoundError, UnknownTermError
from eaps_data.fields import Model
from eaps_data.keys import closest, fold
from eaps_data.models import RECORDS, SCHEMA_VERSION, DatasetDocument, GrantProgram
from eaps_data.report import Report

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

MODELS: Final[dict[str, type[Model]]] = {
    "dataset": DatasetDocument,
    "grant-program": GrantProgram,
    **{record.__name__.lower(): record for record in RECORDS.values()},
}
"""The data that has a schema of its own, by the schema's name."""

PUBLISHED: Final[dict[str, type[Model]]] = {**MODELS, "report": Report}
"""All that has a published schema: the data, and the report of a validation."""


def json_schema(name: str = "dataset", version: str | None = None) -> dict[str, Any]:
    """The published JSON Schema of the dataset document, of one record, or of a validation's report.

    Args:
        name: `dataset`, the name of a record (`Program`) or that of its table (`programs`), or `report`; in any case.
        version: a version of the schemas that was published; the newest where not given.

    Returns:
        The schema, as plain data that is yours to change. Its `$id` is a URN that ends in the schema's version.

    Raises:
        KeyNotFoundError: when there is no such schema.
        UnknownTermError: when there is no such version; it lists those that there are.

    >>> json_schema("Program")["$id"]
    'urn:eaps-data:schema:program:1.0.0'
    """
    key = schema_name(name)
    if version is not None:
        published = resources.releases()["schemas"]
        if version not in published:
            raise UnknownTermError("schema_version", version, tuple(published), closest(version, published))
        if key not in published[version]:
            raise KeyNotFoundError(f"the schemas {version}", name, closest(name, published[version]))
    return cast("dict[str, Any]", json.loads(resources.schema(key, version)))


def schema_name(name: str) -> str:
    """The name of the schema that is meant by the name of a record, of a table, or of itself.

    Raises:
        KeyNotFoundError: when there is no such schema.

    >>> schema_name("GrantProgram"), schema_name("municipalities")
    ('grant-program', 'municipality')
    """
    known = {fold(schema): schema for schema in PUBLISHED}
    known |= {fold(model.__name__): schema for schema, model in PUBLISHED.items()}
    known |= {fold(table): record.__name__.lower() for table, record in RECORDS.items()}
    if fold(name) not in known:
        raise KeyNotFoundError("the schemas", name, closest(name, PUBLISHED))
    return known[fold(name)]


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
    return canonical.to_json(head | body)


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
