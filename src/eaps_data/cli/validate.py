"""Commands that check data: validate, check."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from eaps_data.cli.datasets import curated_folder
from eaps_data.cli.exit_codes import ExitCode
from eaps_data.cli.output import print_note, print_text, raw, utf8_output
from eaps_data.errors import EapsDataError, Problem
from eaps_data.validation.inputs import Count, Input
from eaps_data.validation.report import reporter, write_report
from eaps_data.validation.report.progress import with_progress

if TYPE_CHECKING:
    from eaps_data.provenance.review import Review


def validate(options: argparse.Namespace) -> ExitCode:
    """Validate files, and print a report."""
    from eaps_data.validation import check

    steps = check(options.files, options.type, options.input_format, options.exclude)
    return _report(with_progress(steps, raw(sys.stderr)), options)


def check(options: argparse.Namespace) -> ExitCode:
    """Check a folder of tables, and with `--page` against a saved page; first fix its files with `--fix`."""
    from eaps_data.validation import folder as tables

    folder = os.fspath(curated_folder(options.folder))
    found: list[Problem] = []
    steps = tables.check_steps(folder)
    if options.page is not None and tables.is_valid(folder):
        reviewed = _review(options, Path(folder))
        found = [*reviewed.open, *reviewed.fixable]
        if options.fix and not reviewed.open:
            found = []
            _print_written(reviewed.write(), options.format)
        elif options.draft is not None:
            steps = (step for step in steps if not _may_be_settled(step))
            if not reviewed.open:
                what = "complete; --fix writes its lines and fills in positions, order and hashes"
                print_note(f"{options.draft}: {what if reviewed.files else 'its lines are in the tables; delete it'}")
    elif options.draft is not None and options.page is None:
        raise EapsDataError("--draft requires --page PAGE")
    if options.fix and not found:
        _print_written(tables.fix_folder(folder), options.format)
    return _report(_merged(steps, found), options)


def _may_be_settled(step: Problem | Input | Count) -> bool:
    """Return whether a draft may settle this, a warning about records; the review has those that remain."""
    return isinstance(step, Problem) and step.severity == "warning" and bool(step.record or step.field)


def _review(options: argparse.Namespace, folder: Path) -> "Review":
    from eaps_data.cli.provenance import page
    from eaps_data.provenance import review

    draft = None
    if options.draft is not None:
        try:
            draft = Path(options.draft).read_text(encoding="utf-8"), options.draft
        except OSError as error:
            raise EapsDataError(f"{options.draft}: cannot be read: {error.strerror or error}") from None
        except UnicodeDecodeError:
            raise EapsDataError(f"{options.draft}: the draft is not UTF-8; save it as UTF-8") from None
    with page(options.page) as data:
        found = review.review(folder, data, draft)
    named = tuple(problem if problem.file else problem.at(options.page) for problem in found.open)
    return replace(found, open=named)


def _print_written(paths: Iterable[Path], format: str) -> None:
    """Print the files that were written with the report; a report for programs is alone on standard output."""
    show = print_text if format == "text" else print_note
    for path in paths:
        show(f"{path}: written in canonical form")


def _merged(steps: Iterable[Problem | Input | Count], found: Iterable[Problem]) -> Iterator[Problem | Input | Count]:
    """Yield the steps of a check, with other problems after those of their file, and then those of other files."""
    rest: dict[str, list[Problem]] = {}
    for problem in sorted(found, key=lambda problem: problem.line or 0):
        rest.setdefault(problem.file or "", []).append(problem)
    for step in steps:
        yield step
        if isinstance(step, Input):
            yield from rest.pop(step.name, [])
    for name, problems in rest.items():
        yield Input(name, "text")
        yield from problems


def _report(steps: Iterable[Problem | Input | Count], options: argparse.Namespace) -> ExitCode:
    """Print the report of a check, and return its exit code."""
    out = sys.stdout if options.format == "text" else utf8_output()
    if options.format == "github" or out.isatty():  # it has commands or colors, and escapes everything else
        out = raw(out)
    summary = write_report(steps, reporter(options.format, out), options.max_problems)
    if summary.unreadable:
        return ExitCode.UNUSABLE
    return ExitCode.INVALID if summary.errors else ExitCode.OK
