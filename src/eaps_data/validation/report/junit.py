"""The report as JUnit's XML, which most CI services show as test results: a test case a file."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import Final, TextIO

from eaps_data.errors import Problem, printable
from eaps_data.validation.report.output import is_utf8
from eaps_data.validation.report.summary import Summary, counted

# https://www.w3.org/TR/xml/#charsets
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_FILE: Final = "data"


@dataclass(slots=True)
class _Case:
    """What was found in one file."""

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    unreadable: list[Problem] = field(default_factory=list)


class JunitReporter:
    """Keeps the problems of each file, and writes them at the end.

    Many readers show one failure of a test case; so a case has one, whose text has all problems of the file. A file
    that cannot be read is an error in JUnit's sense, as its check could not run.
    """

    def __init__(self, out: TextIO) -> None:
        """Report to `out`."""
        self._out = out
        self._cases: dict[str, _Case] = {}

    def begin(self) -> None:
        """Write nothing: counts come first in JUnit, and are known last."""

    def file(self, name: str) -> None:
        """Add the file's test case."""
        self._cases.setdefault(name, _Case())

    def problem(self, problem: Problem) -> None:
        """Keep the problem with its file's case."""
        case = self._cases.setdefault(_NO_FILE if problem.file is None else problem.file, _Case())
        kept = case.warnings if problem.severity == "warning" else case.errors
        (case.unreadable if problem.rule == "unreadable" else kept).append(problem)

    def end(self, summary: Summary) -> None:
        """Write the suite."""
        suite = ET.Element(
            "testsuite",
            name="eaps-data validate",
            tests=str(len(self._cases)),
            failures=str(sum(bool(case.errors and not case.unreadable) for case in self._cases.values())),
            errors=str(sum(bool(case.unreadable) for case in self._cases.values())),
            skipped="0",
        )
        for name, case in self._cases.items():
            _add(suite, name, case)
        ET.SubElement(suite, "system-out").text = str(summary)
        root = ET.Element("testsuites")
        root.append(suite)
        ET.indent(root)
        # ASCII is UTF-8 too: the declaration is true of both.
        encoding = "unicode" if is_utf8(self._out) else "us-ascii"
        written: str | bytes = ET.tostring(root, encoding=encoding)
        text = written if isinstance(written, str) else written.decode("ascii")
        self._out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')


def _add(suite: ET.Element, name: str, case: _Case) -> None:
    element = ET.SubElement(suite, "testcase", classname="eaps-data", name=_allowed(name), file=_allowed(name))
    serious = [*case.unreadable, *case.errors]
    if serious:
        rules = {problem.rule for problem in serious}
        kind = "error" if case.unreadable else "failure"
        found = [counted(len(serious), "error")]
        found += [counted(len(case.warnings), "warning")] if case.warnings else []
        message = serious[0].message if len(serious) == 1 else ", ".join(found)
        failure = ET.SubElement(
            element, kind, message=printable(message), type=rules.pop() if len(rules) == 1 else "invalid"
        )
        failure.text = _lines(serious)
    if case.warnings:
        ET.SubElement(element, "system-out").text = _lines(case.warnings)


def _lines(problems: list[Problem]) -> str:
    return "\n".join(map(str, problems))


def _allowed(text: str) -> str:
    """The text with a replacement character for each that XML 1.0 has no way to write."""
    return _FORBIDDEN.sub("\ufffd", text)
