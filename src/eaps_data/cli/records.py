"""Commands that look at data: list, show, search."""

import argparse
import json
import shutil
import sys
from typing import TYPE_CHECKING, Any

from eaps_data._internal import resources
from eaps_data._internal.safe_text import as_json
from eaps_data.cli.datasets import given_dataset
from eaps_data.cli.exit_codes import ExitCode
from eaps_data.cli.output import print_json, print_note, print_text, utf8_output
from eaps_data.errors import EapsDataError

if TYPE_CHECKING:
    from eaps_data.tables.hits import Hit


def list_records(options: argparse.Namespace) -> ExitCode:
    """Print a table, or the records of it that match all filters."""
    if options.delimiter and options.format != "csv":
        raise EapsDataError("--delimiter is an option of --format csv only; leave it out")
    rows = _rows(options)
    match options.format:
        case "json":
            print_json(rows)
        case "jsonl":
            utf8_output().writelines(f"{as_json(row)}\n" for row in rows)
        case "csv":
            from eaps_data.formats import csv
            from eaps_data.formats.columns import table

            csv.write_rows(table(options.table), rows, utf8_output(), options.delimiter or ",")
        case _:
            from eaps_data.display.text import text_table
            from eaps_data.models.table_specs import TABLE_SPECS

            columns = TABLE_SPECS[options.table].display
            width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
            print_text(text_table(columns, ([row[name] for name in columns] for row in rows), width))
    if not rows:
        print_note("no record matches")
    return ExitCode.OK


def _rows(options: argparse.Namespace) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]]
    if "filters" in options or options.dataset is not None:
        from eaps_data.cli.filters import given_filters

        rows = getattr(given_dataset(options), options.table).where(**given_filters(options)).to_records()
    else:  # the packaged file holds just what the records would be written as, and reading it needs no models
        rows = json.loads(resources.data(options.table))
    return rows


def show(options: argparse.Namespace) -> ExitCode:
    """Print one record."""
    record = given_dataset(options).find(options.key)
    if options.format == "json":
        print_json(record.model_dump(mode="json"))
    else:
        print_text(str(record))
    return ExitCode.OK


def search(options: argparse.Namespace) -> ExitCode:
    """Print the hits of a search, best first."""
    hits = given_dataset(options).search(" ".join(options.text), options.limit)
    if options.format == "json":
        print_json([hit.to_dict() for hit in hits])
    elif hits:
        from eaps_data.display.text import text_table

        print_text(text_table(("score", "id", "name", "matched"), map(_cells, hits)))
    if not hits:
        print_note(f"no record matches; {hits.tried}")
    return ExitCode.OK


def _cells(hit: "Hit") -> tuple[str, str, str, str]:
    return f"{hit.score:.2f}", hit.record.id, hit.record.name, hit.matched
