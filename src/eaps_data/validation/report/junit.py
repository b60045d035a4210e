"""The report as JUnit's XML, which most CI services show as test results: one test case per file."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable
from typing import Final, TextIO

from eaps_data._internal.safe_text import escape_unprintable
from eaps_data.errors import Problem, printable
from eaps_data.validation.report.base import (
    Reporter,
    Summary,
    counted,
    more_problems,
    text_line,
)

# https://www.w3.org/TR/xml/#charsets
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_FILE: Final = "data"


class JunitReporter(Reporter):
    """Keeps the problems of each file, and writes them at the end.

    Many tools show only one failure of a test case, so its text has all errors of the file. A file that cannot be
    read is an error in JUnit's sense, as its test could not run.
    """

    def __init__(self, out: TextIO) -> None:
        """Report to `out`."""
        super().__init__(out)
        self._problems: dict[str, list[Problem]] = {}
        self._more: Counter[str] = Counter()

    def file(self, name: str) -> None:
        """Add the file's test case."""
        self._problems.setdefault(name, [])

    def problem(self, problem: Problem) -> None:
        """Add the problem to its file's test case."""
        self._problems.setdefault(_name(problem), []).append(problem)

    def omitted(self, problem: Problem) -> None:
        """Count the problem for its file's test case."""
        self._more[_name(problem)] += 1

    def end(self, summary: Summary) -> None:
        """Write the document."""
        cases = [_case(name, problems, self._more[name]) for name, problems in self._problems.items()]
        failures, errors = (str(sum(case.find(tag) is not None for case in cases)) for tag in ("failure", "error"))
        root = ET.Element("testsuites")
        suite = ET.SubElement(
            root,
            "testsuite",
            name="eaps-data validate",
            tests=str(len(cases)),
            failures=failures,
            errors=errors,
            skipped="0",
        )
        suite.extend(cases)
        ET.SubElement(suite, "system-out").text = str(summary)
        ET.indent(root)
        xml = escape_unprintable(ET.tostring(root, encoding="unicode"), lambda one: f"&#{ord(one)};")
        xml = xml.replace("##[", "#&#35;[")
        self._out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n')


def _name(problem: Problem) -> str:
    return _NO_FILE if problem.file is None else problem.file


def _case(name: str, problems: list[Problem], more: int) -> ET.Element:
    case = ET.Element("testcase", classname="eaps-data", name=_allowed(name), file=_allowed(name))
    warnings = [problem for problem in problems if problem.severity == "warning"]
    errors = [problem for problem in problems if problem.severity == "error"]
    errors.sort(key=lambda problem: problem.rule != "unreadable")  # first why the file could not be read
    if errors:
        counts = counted(len(errors), "error") + (f", {counted(len(warnings), 'warning')}" if warnings else "")
        counts += f", {more:,} more" if more else ""
        failure = ET.SubElement(
            case,
            "error" if errors[0].rule == "unreadable" else "failure",
            message=printable(errors[0].message) if len(errors) == 1 and not more else counts,
            type=errors[0].rule if len({problem.rule for problem in errors}) == 1 else "invalid",
        )
        failure.text = _lines(errors, more)
    if warnings:
        ET.SubElement(case, "system-out").text = _lines(warnings, 0 if errors else more)
    return case


def _lines(problems: Iterable[Problem], more: int = 0) -> str:
    return "\n".join([*map(text_line, problems), *([more_problems(more, None)] if more else [])])


def _allowed(text: str) -> str:
    """Replace each character that XML 1.0 cannot represent."""
    return _FORBIDDEN.sub("\ufffd", text)
