"""The report as workflow commands, from which GitHub Actions makes annotations on the files.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

import re
from typing import Final, TextIO

from eaps_data.errors import Problem, printable
from eaps_data.validation.report.output import about, whole, write
from eaps_data.validation.report.summary import Summary

# A line break has its escape in a command; other control characters are to reach no terminal.
_CONTROLS: Final = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class GithubReporter:
    """Writes a command for each problem as it is found, and the verdict as a line of the log."""

    def __init__(self, out: TextIO) -> None:
        """Report to `out`."""
        self._out = out

    def begin(self) -> None:
        """Write nothing: commands need no beginning."""

    def file(self, name: str) -> None:
        """Write nothing: each command names its file."""

    def problem(self, problem: Problem) -> None:
        """Write the problem's command."""
        # An annotation stands on the file of that very name: of it, only what would break a terminal is escaped.
        file = None if problem.file is None else _CONTROLS.sub(lambda found: printable(found[0]), whole(problem.file))
        given = {"file": file, "line": problem.line, "col": problem.column, "title": problem.rule}
        properties = ",".join(f"{name}={_property(str(value))}" for name, value in given.items() if value is not None)
        write(self._out, f"::{problem.severity} {properties}::{_data(printable(about(problem)))}\n")

    def end(self, summary: Summary) -> None:
        """Write the verdict."""
        write(self._out, f"{summary}\n")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
