"""The report as SARIF 2.1.0, which code scanning services and editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/
"""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path, PurePath
from typing import Any, Final, TextIO
from urllib.parse import quote

from eaps_data._internal.safe_text import as_json
from eaps_data._version import __version__
from eaps_data.errors import Problem, printable
from eaps_data.rules.catalog import RULES
from eaps_data.validation.report.base import Reporter, Summary, as_dict, subject_and_message

MOST_RESULTS: Final = 25_000
"""GitHub's code scanning rejects a run with more results."""

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RULE_INDEXES: Final = {rule: index for index, rule in enumerate(RULES)}


class SarifReporter(Reporter):
    """Keeps the first results, and writes them at the end."""

    def __init__(self, out: TextIO) -> None:
        """Report to `out`."""
        super().__init__(out)
        self._results: list[dict[str, Any]] = []
        self._found = 0
        self._fingerprints: Counter[str] = Counter()

    def problem(self, problem: Problem) -> None:
        """Keep the problem as a result, up to the limit."""
        self._found += 1
        if len(self._results) < MOST_RESULTS:
            self._results.append(self._result(problem))

    def omitted(self, problem: Problem) -> None:  # noqa: ARG002 - only their number is of use
        """Count the problem."""
        self._found += 1

    def end(self, summary: Summary) -> None:
        """Write the log."""
        invocation: dict[str, Any] = {"executionSuccessful": not summary.unreadable}
        if self._found > len(self._results):
            text = f"{self._found:,} problems were found; {len(self._results):,} are listed"
            invocation["toolExecutionNotifications"] = [{"level": "note", "message": {"text": text}}]
        run = {
            "tool": {"driver": _driver()},
            "invocations": [invocation],
            "columnKind": "unicodeCodePoints",
            "results": self._results,
        }
        self._out.write(as_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n")

    def _result(self, problem: Problem) -> dict[str, Any]:
        result: dict[str, Any] = {"ruleId": problem.rule}
        if problem.rule in _RULE_INDEXES:
            result["ruleIndex"] = _RULE_INDEXES[problem.rule]
        result |= {"level": problem.severity, "message": {"text": _text(subject_and_message(problem))}}
        location = _location(problem)
        if location:
            result["locations"] = [location]
        result["partialFingerprints"] = {"eapsData/v1": self._fingerprint(problem)}
        if problem.pointer:
            result["properties"] = {"pointer": as_dict(problem)["pointer"]}
        return result

    def _fingerprint(self, problem: Problem) -> str:
        """Identify the problem without line, column and position, so that it stays the same when lines move.

        Equal problems of one file are numbered in their order.
        """
        parts = (problem.rule, problem.file, problem.record, problem.field, problem.message)
        digest = hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()[:16]
        self._fingerprints[digest] += 1
        return f"{digest}:{self._fingerprints[digest]}"


def _text(message: str) -> str:
    """Escape a message for SARIF: braces are placeholders (3.11.5), and `[a](b)` is a link (3.11.6)."""
    text = printable(message).replace("{", "{{").replace("}", "}}")
    return re.sub(r"[\\\[\]]", r"\\\g<0>", text) if "](" in text else text


def _driver() -> dict[str, Any]:
    rules = [
        {
            "id": rule.name,
            "shortDescription": {"text": rule.description},
            "help": {"text": rule.fix},
            "defaultConfiguration": {"level": rule.severity},
        }
        for rule in RULES.values()
    ]
    return {"name": "eaps-data", "version": __version__, "rules": rules}


def _location(problem: Problem) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if problem.file is not None:
        physical: dict[str, Any] = {"artifactLocation": {"uri": uri(problem.file)}}
        location["physicalLocation"] = physical
        if problem.line is not None:
            column = {} if problem.column is None else {"startColumn": problem.column}
            physical["region"] = {"startLine": problem.line, **column}
    if problem.record is not None:
        record, field = printable(problem.record), problem.field
        logical = {"name": record, "fullyQualifiedName": record, "kind": "object"}
        if field is not None:
            field = printable(field)
            logical = {"name": field, "fullyQualifiedName": f"{record}/{field}", "kind": "property"}
        location["logicalLocations"] = [logical]
    return location


def uri(file: str) -> str:
    """Return a file's name as a URI reference, relative to the working directory if the file is below it.

    >>> uri("./my data/#1: 50%.json")
    'my%20data/%231%3A%2050%25.json'
    """
    path = PurePath(file)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    text = path.as_posix()
    try:
        name = quote(text, errors="surrogateescape")  # the bytes of a name that is not UTF-8
    except UnicodeEncodeError:
        name = quote(text, errors="backslashreplace")
    return f"file:///{name.removeprefix('/')}" if path.is_absolute() else name
