"""Commands that write files: export, upgrade, plot, schema."""

import argparse
import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from eaps_data._internal.canonical_json import to_json
from eaps_data.cli.datasets import given_dataset
from eaps_data.cli.exit_codes import ExitCode
from eaps_data.cli.output import output_to, print_note, utf8_output
from eaps_data.errors import EapsDataError, ExportError, MissingExtraError

_CHART_SETTINGS: Final[Mapping[str, Mapping[str, Any]]] = {
    ".svg": {},
    ".png": {"scale_factor": 2},
    ".pdf": {},
    ".html": {"inline": True},  # with its scripts, so that the page needs no network
    ".json": {},
}
"""How a chart is saved, by the suffix of its file."""


def export(options: argparse.Namespace) -> ExitCode:
    """Write the packaged data, or the user's dataset, or one table of it, in a format."""
    from eaps_data.export import write

    if options.destination == "-":
        raise EapsDataError("-: export writes a file or a folder, not standard output; give its name")
    csv_options = {name: given for name in ("excel", "delimiter") if (given := getattr(options, name))}
    if csv_options and options.format != "csv":
        raise EapsDataError(f"--{next(iter(csv_options))} is an option of csv only; leave it out")
    dataset = given_dataset(options)
    data = getattr(dataset, options.table) if options.table else dataset
    write(options.format, options.destination, data, force=options.force, **csv_options)
    print_note(f"{options.destination}: {options.table or 'the dataset'} as {options.format}")
    return ExitCode.OK


def upgrade(options: argparse.Namespace) -> ExitCode:
    """Rewrite dataset documents of earlier schemas, each in its file; if one is invalid, write none."""
    from eaps_data._internal.atomic_writes import atomic_export
    from eaps_data._internal.bounded_reads import read_file
    from eaps_data.formats import json
    from eaps_data.models.table_specs import SCHEMA_VERSION
    from eaps_data.rules.migration import old_version
    from eaps_data.tables.loading import build

    upgraded: dict[Path, str] = {}
    for name in options.files:
        _refuse_tables(name)
        content = json.JsonContent(read_file(name), name)
        document = build(content, warns=False)  # the warning suggests this command
        if old_version(content.value) is None:
            print_note(f"{name}: already follows schema {SCHEMA_VERSION}")
        else:
            upgraded[Path(name)] = to_json(document.model_dump(mode="json"))
    for path, text in upgraded.items():
        with atomic_export(path) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="")
        print_note(f"{path}: upgraded to schema {SCHEMA_VERSION}")
    return ExitCode.OK


def _refuse_tables(name: str) -> None:
    """Name the command that rewrites tables, which `upgrade` does not."""
    from eaps_data.formats.registry import LOSSLESS, formats_in
    from eaps_data.models.table_specs import MEMBERS

    path = Path(name)
    if path.is_dir():
        in_json = formats_in(path, MEMBERS) == ["json"]
    elif path.suffix.lower() in {each.suffix for each in LOSSLESS.values()} - {".json"}:
        in_json = False
    else:
        return
    command = f"eaps-data check {name} --fix" if in_json else f"eaps-data export FORMAT NEW --from {name}"
    raise EapsDataError(f"{name}: upgrade rewrites dataset documents (JSON); rewrite tables with: {command}")


def plot(options: argparse.Namespace) -> ExitCode:
    """Save a chart of the packaged data, or of the user's dataset."""
    from eaps_data import plot as charts
    from eaps_data._internal.atomic_writes import atomic_export, check_destination

    target = Path(options.destination)
    suffix = target.suffix.lower()
    if suffix not in _CHART_SETTINGS:
        given = f"unknown suffix {suffix}" if suffix else "missing suffix"
        raise ExportError(target, f"{given}; use one of: {', '.join(_CHART_SETTINGS)}")
    check_destination(target, "a chart", force=options.force)
    dataset = given_dataset(options)
    draw = getattr(charts, options.chart)
    chart = draw(dataset.municipalities if options.chart == "map" else dataset.programs)
    if options.title is not None:
        chart.title.text = options.title
    if suffix != ".json" and find_spec("vl_convert") is None:
        raise MissingExtraError(f"a chart as {suffix[1:].upper()}", "vl-convert-python", "plot")
    with atomic_export(target) as temporary:
        try:
            chart.save(temporary, format=suffix[1:], **_CHART_SETTINGS[suffix])
        except ValueError as error:
            raise ExportError(target, f"cannot be drawn: {error}") from error
    print_note(f"{options.destination}: the {options.chart} as {suffix[1:].upper()}")
    return ExitCode.OK


def schema(options: argparse.Namespace) -> ExitCode:
    """Print a JSON Schema or its TypeScript types, or write them to a file, or all schemas to a folder."""
    from eaps_data.schemas.published import ARRAYS, TITLES, schema_name, schema_named

    name = options.name or "dataset"
    if options.output and (options.output.endswith(("/", os.sep)) or Path(options.output).is_dir()):
        if options.typescript:
            raise EapsDataError(f"{options.output}: TypeScript types are one file; --output must name a file")
        Path(options.output).mkdir(parents=True, exist_ok=True)
        for each in [schema_name(name)] if options.name else (*TITLES, *ARRAYS):
            with output_to(str(Path(options.output, f"{each}.schema.json"))):
                utf8_output().write(to_json(schema_named(each)))
        return ExitCode.OK
    with output_to(options.output):
        if options.typescript:
            from eaps_data.schemas.typescript import typescript

            utf8_output().write(typescript(name))
        else:
            utf8_output().write(to_json(schema_named(name)))
    return ExitCode.OK
