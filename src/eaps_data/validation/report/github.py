"""The report as workflow commands, which GitHub Actions shows as annotations on the files.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

import re
from collections import Counter
from typing import Final, TextIO

from eaps_data._internal.safe_text import with_surrogates_escaped
from eaps_data.errors import Problem, printable
from eaps_data.validation.report.base import (
    Reporter,
    Summary,
    more_problems,
    subject_and_message,
)

MOST_ANNOTATIONS: Final = 10
"""GitHub shows only as many errors, and as many warnings, of a step as annotations."""

# Control characters, without the line breaks that have an escape in commands, and changes of direction.
_CONTROLS: Final = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class GithubReporter(Reporter):
    """Writes a command for each problem as it is found, and the result as a line of the log."""

    def __init__(self, out: TextIO) -> None:
        """Report to `out`."""
        super().__init__(out)
        self._listed: Counter[str] = Counter()

    def problem(self, problem: Problem) -> None:
        """Write the problem's command."""
        given = {"file": _file(problem), "line": problem.line, "col": problem.column, "title": problem.rule}
        properties = ",".join(f"{name}={_property(str(value))}" for name, value in given.items() if value is not None)
        message = _data(printable(subject_and_message(problem)))
        self._out.write(f"::{problem.severity} {properties}::{message}\n")
        self._listed[problem.severity] += 1

    def end(self, summary: Summary) -> None:
        """Write the result, and what of it GitHub does not show."""
        if any(number > MOST_ANNOTATIONS for number in self._listed.values()):
            text = (
                f"only the first {MOST_ANNOTATIONS} errors and warnings of a step are annotations; the log lists more"
            )
            self._out.write(f"::notice title=annotations::{text}\n")
        if summary.omitted:
            self._out.write(f"{more_problems(summary.omitted, None)}\n")
        self._out.write(f"{summary}\n")


def _file(problem: Problem) -> str | None:
    """Return the file's exact name, by which GitHub finds it; only what could break a terminal is escaped."""
    if problem.file is None:
        return None
    return _CONTROLS.sub(lambda found: printable(found[0]), with_surrogates_escaped(problem.file))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
