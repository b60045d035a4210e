"""The command that validates files."""

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING, Final

from eaps_data.cli.reporting import exit_code, reporter_of

if TYPE_CHECKING:
    from eaps_data.validation.report.progress import WithProgress
    from eaps_data.validation.report.reporters import Reporter

_SECONDS_OF_A_THREAD: Final = 0.001


def validate(options: argparse.Namespace) -> int:
    """Validate files, and print a report."""
    from eaps_data.validation.run import run

    report = reporter_of(options)
    run_checks = partial(run, options.files, kind=options.type, form=getattr(options, "as"), jobs=options.jobs)
    progress = _progress(report)
    interval = sys.getswitchinterval()
    if options.jobs > 1:
        # Threads beside this one take in what other processes send, which wait for it; this one works as well.
        sys.setswitchinterval(_SECONDS_OF_A_THREAD)
    try:
        return exit_code(run_checks(progress, checked=progress.checked) if progress else run_checks(report))
    finally:
        sys.setswitchinterval(interval)


def _progress(report: "Reporter") -> "WithProgress | None":
    """The report with a bar beside it, if a person watches and the extra is installed."""
    if not sys.stderr.isatty():
        return None
    try:
        from eaps_data.validation.report.progress import WithProgress
    except ImportError:
        return None
    return WithProgress(report, sys.stderr)
