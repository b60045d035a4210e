"""Commands that check data: validate, check."""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from eaps_data.cli.exit_codes import ExitCode
from eaps_data.cli.output import print_note, utf8_output
from eaps_data.errors import Problem
from eaps_data.validation.inputs import Input
from eaps_data.validation.report import reporter, write_report
from eaps_data.validation.report.progress import with_progress

_CHECKOUT: Final = Path("src", "eaps_data", "data")
_PACKAGE: Final = Path(__file__).parents[1] / "data"


def validate(options: argparse.Namespace) -> ExitCode:
    """Validate files, and print a report."""
    from eaps_data.validation import check

    steps = check(options.files, options.type, options.input_format, options.exclude)
    return _report(with_progress(steps, sys.stderr), options.format)


def check(options: argparse.Namespace) -> ExitCode:
    """Check a folder of tables, after writing its files in canonical form with `--fix`."""
    from eaps_data.validation import folder as tables

    folder = options.folder or os.fspath(_CHECKOUT if _CHECKOUT.is_dir() else _PACKAGE)
    if options.fix:
        for path in tables.fix_folder(folder):
            print_note(f"{path}: written in canonical form")
    return _report(tables.check_steps(folder), options.format)


def _report(steps: Iterable[Problem | Input | int], format: str) -> ExitCode:
    """Print the report of a check, and return its exit code."""
    out = sys.stdout if format == "text" else utf8_output()
    summary = write_report(steps, reporter(format, out))
    if summary.unreadable:
        return ExitCode.UNUSABLE
    return ExitCode.INVALID if summary.errors else ExitCode.OK
