"""Data Package (https://datapackage.org/standard/, version 2): the folder of CSV files, and `datapackage.json`.

The descriptor states the meaning, the type and the constraints of each column, and the keys between tables, so that
software that knows the standard can read, check and join the tables.
"""

from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from eaps_data._internal.canonical_json import to_json, without_empty
from eaps_data.formats import csv
from eaps_data.formats.columns import Column, Table, relations, tables

DESCRIPTOR: Final = "datapackage.json"
"""The file that describes the others."""

_PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"

read_folder: Final = csv.read_folder  # the descriptor holds no data


def file_names() -> frozenset[str]:
    """Return the names of the files of such a folder."""
    return csv.file_names() | {DESCRIPTOR}


def write(rows: Mapping[str, Any], folder: Path, *, about: Mapping[str, Any]) -> None:
    """Write the CSV files and their descriptor.

    Args:
        rows: the records of each table, in plain Python.
        folder: where to write.
        about: the properties of the package as a whole, such as its title.
    """
    csv.write(rows, folder)
    resources = [_resource(part, rows) for table in tables() if table.name in rows for part in relations(table.name)]
    descriptor = {"$schema": _PROFILE, **about, "resources": resources}
    (folder / DESCRIPTOR).write_text(to_json(descriptor), encoding="utf-8", newline="")


def _resource(table: Table, others: Container[str]) -> dict[str, Any]:
    schema = {
        "fields": [_field(column, table) for column in table.columns],
        "missingValues": [""],
        "primaryKey": [*table.key],
        "foreignKeys": [*_foreign_keys(table, others)],
    }
    return {
        "name": table.name,
        "type": "table",
        "description": table.description,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\n"},
        "schema": without_empty(schema),
    }


def _field(column: Column, table: Table) -> dict[str, Any]:
    constraints = {
        "required": column.required or None,
        "unique": table.key == (column.name,) or None,
        "enum": [*column.terms],
        "pattern": _pattern(column),
        **{name: column.schema.get(name) for name in ("minimum", "maximum", "maxLength")},
    }
    described = {
        "name": column.name,
        "type": "string" if column.type == "text" else column.type,
        "description": column.description,
        "constraints": without_empty(constraints),
    }
    return without_empty(described)


def _pattern(column: Column) -> str | None:
    r"""The pattern of a string as the standard wants it: a regular expression of XML Schema.

    Those match a whole value, so they have no `^` and `$`. Nor have they characters by their codes, as in `\x20`: a
    pattern with one is left out.
    """
    pattern: str | None = column.schema.get("pattern")
    if pattern is None or column.type != "text" or "\\" in pattern:
        return None
    return pattern.removeprefix("^").removesuffix("$")


def _foreign_keys(table: Table, others: Container[str]) -> Iterator[dict[str, Any]]:
    """Yield the references to tables of the package."""
    for column in table.columns:
        if column.refers_to is not None and column.refers_to in others:
            # A reference within a table names no resource.
            other = {} if column.refers_to == table.name else {"resource": column.refers_to}
            yield {"fields": [column.name], "reference": {**other, "fields": ["id"]}}
