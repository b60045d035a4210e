"""Commands that look at the packaged data: list, show, search, schema."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

import eaps_data
from eaps_data._internal import resources
from eaps_data.cli.output import OK, print_json

if TYPE_CHECKING:
    from eaps_data.models.records import Record


def list_(options: argparse.Namespace) -> int:
    """Print a table."""
    # The curated file is what the records would be written as, and is read in a third of the time without models.
    rows: list[dict[str, object]] = json.loads(resources.data(options.table))
    if options.json:
        print_json(rows)
    else:
        from eaps_data.display.text import text_table
        from eaps_data.models.table_specs import TABLE_SPECS

        columns = TABLE_SPECS[options.table].display
        print(text_table(columns, ([row[name] for name in columns] for row in rows)))
    return OK


def show(options: argparse.Namespace) -> int:
    """Print one record."""
    record = eaps_data.load().find(options.key)
    if options.json:
        print_json(record.model_dump(mode="json"))
    else:
        print("\n".join(_lines(record)))
    return OK


def _lines(record: "Record") -> list[str]:
    from eaps_data.display.text import cell

    flat: dict[str, object] = {}
    for name, value in record:
        parts = value if hasattr(value, "model_fields_set") else None
        flat |= {name: value} if parts is None else {f"{name}.{part}": held for part, held in parts}
    width = max(map(len, flat))
    lines: list[str] = []
    for name, value in flat.items():
        items: tuple[object, ...] = value if isinstance(value, tuple) and value else (value,)
        lines.append(f"{name:{width}}  {cell(items[0])}")
        lines += [f"{'':{width}}  {cell(item)}" for item in items[1:]]
    return lines


def search(options: argparse.Namespace) -> int:
    """Print what a search finds."""
    hits = eaps_data.search(" ".join(options.text))
    if options.json:
        print_json(
            [
                {
                    "id": hit.record.id,
                    "name": hit.record.name,
                    "score": hit.score,
                    "matches": [{"field": match.field, "words": list(match.words)} for match in hit.matches],
                }
                for hit in hits
            ]
        )
    elif hits:
        from eaps_data.display.text import text_table

        rows = (
            (
                f"{hit.score:.2f}",
                hit.record.id,
                hit.record.name,
                "; ".join(f"{match.field}: {' '.join(match.words)}" for match in hit.matches),
            )
            for hit in hits
        )
        print(text_table(("score", "id", "name", "matched"), rows))
    else:
        print("no record matches", file=sys.stderr)
    return OK


def schema(options: argparse.Namespace) -> int:
    """Print a JSON Schema, or its types in TypeScript."""
    if options.typescript:
        from eaps_data.schemas.typescript import typescript

        sys.stdout.write(typescript(options.name))
        return OK
    from eaps_data.schemas.published import schema_name

    sys.stdout.write(resources.schema(schema_name(options.name)).decode("utf-8"))
    return OK
