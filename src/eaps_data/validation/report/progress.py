"""A bar that shows a person how far a long validation is, beside any report."""

from typing import TextIO

from tqdm import tqdm

from eaps_data.errors import Problem
from eaps_data.validation.report.reporters import Reporter
from eaps_data.validation.report.summary import Summary


class WithProgress:
    """A reporter that shows how many records have been checked, in which file, while another one reports."""

    def __init__(self, report: Reporter, screen: TextIO) -> None:
        """Show progress on `screen`, where a person watches, and pass all on to `report`."""
        self._report = report
        # Short work is over before a bar could be read.
        self._bar = tqdm(file=screen, unit=" records", unit_scale=True, delay=1, leave=False, dynamic_ncols=True)

    def begin(self) -> None:
        """Begin the report."""
        self._report.begin()

    def file(self, name: str) -> None:
        """Show the file that is being checked."""
        self._bar.set_description_str(name, refresh=False)
        self._report.file(name)

    def checked(self, records: int) -> None:
        """Count some records."""
        self._bar.update(records)

    def problem(self, problem: Problem) -> None:
        """Report a problem, with the bar out of its way."""
        self._bar.clear()
        self._report.problem(problem)

    def end(self, summary: Summary) -> None:
        """Take the bar away, and end the report."""
        self._bar.close()
        self._report.end(summary)
