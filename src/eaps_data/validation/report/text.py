"""The report for people: one line a problem, then the counts, then the verdict."""

from collections import Counter
from typing import Final, TextIO

from eaps_data.errors import Problem, printable
from eaps_data.validation.report.output import write
from eaps_data.validation.report.summary import Summary

_BOLD: Final = "1"
_OF_SEVERITY: Final = {"error": "31", "warning": "33"}  # red, yellow


class TextReporter:
    """Writes each problem as it is found."""

    def __init__(self, out: TextIO, *, colour: bool) -> None:
        """Report to `out`, in ANSI colours where `colour` is true."""
        self._out, self._colour = out, colour
        self._rules: Counter[str] = Counter()

    def begin(self) -> None:
        """Write nothing: the first line is the first problem."""

    def file(self, name: str) -> None:
        """Write nothing: a file without problems has no line."""

    def problem(self, problem: Problem) -> None:
        """Write the problem's line."""
        self._rules[problem.rule] += 1
        line = str(problem)
        write(self._out, (_coloured(line, problem) if self._colour else line) + "\n")

    def end(self, summary: Summary) -> None:
        """Write how often each rule is broken, where several are, and the verdict."""
        if len(self._rules) > 1:
            counts = sorted(self._rules.items(), key=lambda item: (-item[1], item[0]))
            write(self._out, "  " + ", ".join(f"{number} {rule}" for rule, number in counts) + "\n")
        write(self._out, f"{summary}\n")


def _coloured(line: str, problem: Problem) -> str:
    place = printable(":".join(str(part) for part in (problem.file, problem.line, problem.column) if part is not None))
    # Without a place in a file, the line begins with the pointer.
    start = place or printable(problem.pointer)
    colour = _OF_SEVERITY[problem.severity]
    if not start or not line.startswith(f"{start}: "):
        return _paint(line, colour)
    return _paint(start, _BOLD) + ": " + _paint(line[len(start) + 2 :], colour)


def _paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"
