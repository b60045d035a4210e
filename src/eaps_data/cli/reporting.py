"""What the commands share that report problems: the reporter that is asked for, and the exit code."""

import argparse
import os
import sys
from typing import TYPE_CHECKING

from eaps_data.cli.output import INVALID, OK, UNUSABLE

if TYPE_CHECKING:
    from eaps_data.validation.report.reporters import Format, Reporter, Summary


def reporter_of(options: argparse.Namespace) -> "Reporter":
    """The reporter that `--format` and `--json` ask for, in colours where a person reads."""
    from eaps_data.validation.report.reporters import reporter

    form: Format = "json" if options.json else options.format
    colour = form == "text" and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return reporter(form, sys.stdout, colour=colour)


def exit_code(summary: "Summary") -> int:
    """The exit code that a report comes to."""
    return UNUSABLE if summary.unreadable else INVALID if summary.errors else OK
