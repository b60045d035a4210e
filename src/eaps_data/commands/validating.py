"""The command that validates files."""

import argparse
import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from eaps_data.commands.output import INVALID, OK, UNUSABLE

if TYPE_CHECKING:
    from eaps_data.validation.reporters import Format, Reporter
    from eaps_data.validation.reporting.progress import WithProgress


def validate(options: argparse.Namespace) -> int:
    """Validate files, and print a report."""
    from eaps_data.validation.reporters import reporter
    from eaps_data.validation.run import run

    form: Format = "json" if options.json else options.format
    colour = form == "text" and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    report: Reporter = reporter(form, sys.stdout, colour=colour)
    run_checks = partial(run, options.files, kind=options.type, form=getattr(options, "as"), jobs=options.jobs)
    progress = _progress(report)
    summary = run_checks(progress, checked=progress.checked) if progress else run_checks(report)
    return UNUSABLE if summary.unreadable else INVALID if summary.errors else OK


def _progress(report: "Reporter") -> "WithProgress | None":
    """The report with a bar beside it, if a person watches and the extra is installed."""
    if not sys.stderr.isatty():
        return None
    try:
        from eaps_data.validation.reporting.progress import WithProgress
    except ImportError:
        return None
    return WithProgress(report, sys.stderr)
