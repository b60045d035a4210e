"""The report for people: one line per problem, then the counts, then the result."""

import os
from collections import Counter
from typing import Final, TextIO

from eaps_data.errors import Problem
from eaps_data.validation.report.base import Reporter, Summary, more_problems, text_line

_BOLD: Final = "1"
_SEVERITY_COLORS: Final = {"error": "31", "warning": "33"}  # red, yellow


class TextReporter(Reporter):
    """Writes each problem as it is found."""

    def __init__(self, out: TextIO) -> None:
        """Report to `out`, with ANSI colors if it is a terminal and `NO_COLOR` is not set."""
        super().__init__(out)
        self._color = out.isatty() and not os.environ.get("NO_COLOR")
        self._rules: Counter[str] = Counter()
        self._more: Counter[str | None] = Counter()

    def problem(self, problem: Problem) -> None:
        """Write the problem's line."""
        self._rules[problem.rule] += 1
        self._out.write((_colored(problem) if self._color else text_line(problem)) + "\n")

    def omitted(self, problem: Problem) -> None:
        """Count the problem."""
        self._rules[problem.rule] += 1
        self._more[problem.file] += 1

    def file(self, name: str) -> None:  # noqa: ARG002 - each line has its file's name
        """Write how many problems of the last file are not listed."""
        self._end_file()

    def end(self, summary: Summary) -> None:
        """Write the number of problems by rule, if there are several rules, and the result."""
        self._end_file()
        if len(self._rules) > 1:
            counts = sorted(self._rules.items(), key=lambda item: (-item[1], item[0]))
            self._out.write(f"  by rule: {', '.join(f'{number} {rule}' for rule, number in counts)}\n")
        self._out.write(f"{summary}\n")

    def _end_file(self) -> None:
        for file, number in self._more.items():
            self._out.write(f"{more_problems(number, file)}\n")
        self._more.clear()


def _colored(problem: Problem) -> str:
    line, color = text_line(problem), _SEVERITY_COLORS[problem.severity]
    place = text_line(problem._replace(severity="error", record=None, field=None, message=""))
    if not place or not line.startswith(f"{place}: "):
        return _paint(line, color)
    return _paint(place, _BOLD) + ": " + _paint(line[len(place) + 2 :], color)


def _paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"
