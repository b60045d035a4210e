"""The models as JSON Schema (draft 2020-12), so that any language can check what this package would accept.

The published schemas are files of the package. They are generated from the models, which a test compares with
the files byte by byte; reading them needs no model.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from eaps_data._internal import resources
from eaps_data._internal.text_keys import closest, fold
from eaps_data.errors import KeyNotFoundError, UnknownTermError

TITLES: Final[Mapping[str, str]] = {
    "dataset": "DatasetDocument",
    "grant-program": "GrantProgram",
    "municipality": "Municipality",
    "program": "Program",
    "partner": "Partner",
    "partnership": "Partnership",
    "source": "Source",
    "evidence": "Evidence",
    "report": "Report",
}
"""What each published schema describes, by the schema's name."""
_OF_TABLES: Final = {
    "municipalities": "municipality",
    "programs": "program",
    "partners": "partner",
    "partnerships": "partnership",
    "sources": "source",
}


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
            raise KeyNotFoundError(f"schemas {version}", name, closest(name, published[version]))
    return cast("dict[str, Any]", json.loads(resources.schema(key, version)))


def schema_name(name: str) -> str:
    """The name of the schema that is meant by the name of a record, of a table, or of itself.

    Raises:
        KeyNotFoundError: when there is no such schema.

    >>> schema_name("GrantProgram"), schema_name("municipalities")
    ('grant-program', 'municipality')
    """
    known = {fold(schema): schema for schema in TITLES}
    known |= {fold(title): schema for schema, title in TITLES.items()}
    known |= {fold(table): schema for table, schema in _OF_TABLES.items()}
    if fold(name) not in known:
        raise KeyNotFoundError("schemas", name, closest(name, TITLES))
    return known[fold(name)]
