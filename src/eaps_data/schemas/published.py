"""The models as JSON Schema (draft 2020-12), so that any language can validate the data.

The published schemas are files of the package, generated from the models; a test compares them byte by byte. Reading
them imports no model.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from eaps_data._internal import resources
from eaps_data._internal.arguments import expect, one_of
from eaps_data._internal.text_keys import fold
from eaps_data.models.table_specs import TABLE_SPECS, MemberName

if TYPE_CHECKING:
    from eaps_data.models.fields import Model
else:
    Model = object  # for `typing.get_type_hints`, without importing pydantic

SchemaName: TypeAlias = Literal[
    "dataset",
    "report",
    MemberName,
    "DatasetDocument",
    "Release",
    "GrantProgram",
    "Municipality",
    "Program",
    "Partner",
    "Partnership",
    "Source",
    "Evidence",
    "Redirect",
    "Tombstone",
    "Report",
]
"""The name of a schema: of a dataset document, a validation report, a file of a table, or one record."""

_OF_TABLES: Final = {name: spec.singular.replace("_", "-") for name, spec in TABLE_SPECS.items()}
"""The name of the schema of one record, by table."""

TITLES: Final[Mapping[str, str]] = {
    "dataset": "DatasetDocument",
    **{schema: TABLE_SPECS[table].model for table, schema in _OF_TABLES.items()},
    "report": "Report",
}
"""The name of the model that each published schema describes, by the schema's name."""

ARRAYS: Final[Mapping[str, str]] = {
    table: schema for table, schema in _OF_TABLES.items() if not TABLE_SPECS[table].has_one_row
}
"""The name of the schema of the records in a file of each table that holds an array of them."""

_NAMES: Final = {
    **{name: name for name in (*TITLES, *ARRAYS)},
    **{title: name for name, title in TITLES.items()},
    **{table: schema for table, schema in _OF_TABLES.items() if table not in ARRAYS},
}
# A table's name comes last: in any other case than that of the model, `Evidence` is the table.
_FOLDED: Final = {fold(known): name for known, name in _NAMES.items()} | {fold(table): table for table in ARRAYS}


def json_schema(name: SchemaName | type[Model] = "dataset", version: str | None = None) -> dict[str, Any]:
    """Return the published JSON Schema of a dataset document, a record, a file of records or a validation report.

    Args:
        name: `dataset`; a model, or its name (`Program`), for one record; a table (`programs`) for a file of its
            records; or `report`. Case is ignored, unless it distinguishes `Evidence` from `evidence`.
        version: A published version of the schemas; default: the newest.

    Returns:
        The schema as a new dictionary. Its `$id` is a URN that ends in the version.

    Raises:
        UnknownTermError: If there is no such schema; it lists the possible names.
        UnknownTermError: If there is no such version; the error lists the published versions.

    >>> json_schema("Program")["$id"]
    'urn:eaps-data:schema:program:2.0.0'
    >>> json_schema("programs")["items"]
    {'$ref': '#/$defs/Program'}
    """
    return schema_named(name.__name__ if isinstance(name, type) else name, version)


def schema_named(name: str, version: str | None = None) -> dict[str, Any]:
    """Return a published schema by any of its names, as `json_schema` does; also by that of its file, `evidence-row`.

    Raises:
        UnknownTermError: If there is no such schema; it lists the possible names.
        UnknownTermError: If there is no such version; the error lists the published versions.
    """
    key = schema_name(name)
    if key in ARRAYS:
        return _array(key, _published(ARRAYS[key], version))
    return _published(key, version)


def schema_name(name: str) -> str:
    """Return the name of a schema, as in the names of the files that `eaps-data schema --output FOLDER` writes.

    Raises:
        UnknownTermError: If there is no such schema; it lists the possible names.

    >>> schema_name("GrantProgram"), schema_name("municipalities"), schema_name("Evidence")
    ('grant-program', 'municipalities', 'evidence-row')
    """
    expect("name", name, str, what="the name of a schema, or a model")
    return one_of("schema", _NAMES.get(name) or _FOLDED.get(fold(name), name), (*TITLES, *ARRAYS))


def record_schema_name(type_: str) -> str:
    """Return the name of the schema of one record of a table, or of a dataset document.

    >>> record_schema_name("municipalities"), record_schema_name("dataset")
    ('municipality', 'dataset')
    """
    return _OF_TABLES.get(type_, type_)


def _published(key: str, version: str | None) -> dict[str, Any]:
    if version is not None:
        published = resources.releases()["schemas"]
        one_of("schema_version", version, published)
        one_of(f"schema (version {version})", key, published[version])
    return cast("dict[str, Any]", json.loads(resources.schema(key, version)))


def _array(table: str, record: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an array of the records that a schema describes."""
    model = record["title"]
    # Within an array, a record has no `$schema`.
    fields = {name: field for name, field in record["properties"].items() if name != "$schema"}
    item = {key: part for key, part in record.items() if key not in {"$schema", "$id", "title", "$defs"}}
    version = record["$id"].rpartition(":")[2]
    return {
        "$schema": record["$schema"],
        "$id": f"urn:eaps-data:schema:{table}:{version}",
        "title": f"{model}Rows" if table.title() == model else table.title(),
        "description": f"A file of the table {table}: an array of records.",
        "type": "array",
        "items": {"$ref": f"#/$defs/{model}"},
        "$defs": {**record.get("$defs", {}), model: {**item, "properties": fields}},
    }
