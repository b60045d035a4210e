"""A Data Package (https://datapackage.org/standard/, version 2): the folder of CSV files, and `datapackage.json`.

That file says of each column what it means and what it may hold, and which columns refer to which, so that any
software that knows the standard can read the tables by their types, check them, and join them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from eaps_data._internal.canonical_json import to_json, without_empty
from eaps_data.export import csv_folder, metadata
from eaps_data.formats import columns as tidy
from eaps_data.formats.columns import Column, Table
from eaps_data.tables.dataset import Dataset

DESCRIPTOR: Final = "datapackage.json"
"""The file that the standard asks for."""

_PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"


def file_names() -> frozenset[str]:
    """The files of such a folder."""
    return csv_folder.file_names() | {DESCRIPTOR}


def write(dataset: Dataset, folder: Path) -> None:
    """Write the CSV files and their description."""
    csv_folder.write(dataset, folder)
    (folder / DESCRIPTOR).write_text(to_json(_package(dataset)), encoding="utf-8", newline="")


def read(folder: Path) -> Dataset:
    """Read the CSV files; the description says nothing of a dataset that they do not."""
    return csv_folder.read(folder)


def _package(dataset: Dataset) -> dict[str, Any]:
    license_, author = metadata.license_of(dataset), metadata.author(dataset)
    return without_empty(
        {
            "$schema": _PROFILE,
            "name": dataset.grant_program.id,
            "id": metadata.dataset_urn(dataset),
            "title": metadata.title(dataset),
            "description": metadata.description(dataset),
            "version": dataset.release.data_version,
            "licenses": [{"name": license_.name, "path": license_.url, "title": license_.title}] if license_ else [],
            "contributors": [{"title": author, "roles": ["creator"]}] if author else [],
            "sources": [without_empty({"title": source.title, "path": source.url}) for source in dataset.sources],
            "resources": [_resource(part) for table in tidy.tables() for part in tidy.relations(table.name)],
        }
    )


def _resource(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        "description": table.description,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\n"},
        "schema": without_empty(
            {
                "fields": [_field(column, table) for column in table.columns],
                "missingValues": [""],
                "primaryKey": list(table.key),
                "foreignKeys": list(_foreign_keys(table)),
            }
        ),
    }


def _field(column: Column, table: Table) -> dict[str, Any]:
    constraints = {
        "required": column.required or None,
        "unique": table.key == (column.name,) or None,
        "enum": list(column.terms),
        "pattern": _pattern(column),
        **{name: column.schema.get(name) for name in ("minimum", "maximum", "maxLength")},
    }
    return without_empty(
        {
            "name": column.name,
            "type": "string" if column.kind == "text" else column.kind,
            "description": column.description,
            "constraints": without_empty(constraints),
        }
    )


def _pattern(column: Column) -> str | None:
    r"""The pattern of a text as the standard wants it: a regular expression of XML Schema.

    Those match a whole value by nature, and have no `^` and `$` to say so. Nor have they characters by their codes,
    as in `\x20`: a pattern with one is left out.
    """
    pattern: str | None = column.schema.get("pattern")
    if pattern is None or column.kind != "text" or "\\" in pattern:
        return None
    return pattern.removeprefix("^").removesuffix("$")


def _foreign_keys(table: Table) -> Iterator[dict[str, Any]]:
    for column in table.columns:
        if column.refers_to is not None:
            # What refers to its own table names none.
            other = {} if column.refers_to == table.name else {"resource": column.refers_to}
            yield {"fields": [column.name], "reference": {**other, "fields": ["id"]}}
