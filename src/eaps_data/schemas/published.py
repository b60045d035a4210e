"""The models as JSON Schema (draft 2020-12), so that any language can validate the data.

The published schemas are files of the package, generated from the models; a test compares them byte by byte. Reading
them imports no model.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from eaps_data._internal import resources
from eaps_data._internal.text_keys import closest, fold
from eaps_data.errors import KeyNotFoundError, UnknownTermError
from eaps_data.models.table_specs import TABLE_SPECS, TABLES

_OF_TABLES: Final = {name: TABLE_SPECS[name].singular.replace("_", "-") for name in ("grant_program", *TABLES)}
"""The name of the schema of one record, by table."""

TITLES: Final[Mapping[str, str]] = {
    "dataset": "DatasetDocument",
    **{schema: TABLE_SPECS[table].model for table, schema in _OF_TABLES.items()},
    "report": "Report",
}
"""The name of the model that each published schema describes, by the schema's name."""


def json_schema(name: str = "dataset", version: str | None = None) -> dict[str, Any]:
    """Return the published JSON Schema of a dataset document, a record or a validation report.

    Args:
        name: `dataset`, the name of a record (`Program`) or of its table (`programs`), or `report`; case is ignored.
        version: A published version of the schemas; default: the newest.

    Returns:
        The schema as a new dictionary. Its `$id` is a URN that ends in the version.

    Raises:
        KeyNotFoundError: If there is no such schema.
        UnknownTermError: If there is no such version; the error lists the published versions.

    >>> json_schema("Program")["$id"]
    'urn:eaps-data:schema:program:2.0.0'
    """
    key = schema_name(name)
    if version is not None:
        published = resources.releases()["schemas"]
        if version not in published:
            raise UnknownTermError("schema_version", version, tuple(published), closest(version, published))
        if key not in published[version]:
            raise KeyNotFoundError(f"schemas {version}", name, closest(name, published[version]))
    return cast("dict[str, Any]", json.loads(resources.schema(key, version)))


def schema_name(name: str) -> str:
    """Return the name of a schema, given that name or the name of its record or table; case is ignored.

    Raises:
        KeyNotFoundError: If there is no such schema.

    >>> schema_name("GrantProgram"), schema_name("municipalities")
    ('grant-program', 'municipality')
    """
    names = {schema: schema for schema in TITLES} | {title: schema for schema, title in TITLES.items()} | _OF_TABLES
    schema = {fold(known): schema for known, schema in names.items()}.get(fold(name))
    if schema is None:
        raise KeyNotFoundError("schemas", name, closest(name, TITLES))
    return schema
