"""The report as one JSON document, which follows the published schema `report`."""

from typing import Final, TextIO

from eaps_data._version import __version__
from eaps_data.errors import Problem
from eaps_data.validation.report.output import as_json, plain
from eaps_data.validation.report.summary import Summary

SCHEMA: Final = "urn:eaps-data:schema:report:1.0.0"


class JsonReporter:
    """Writes each problem as it is found, on a line of its own."""

    def __init__(self, out: TextIO) -> None:
        """Report to `out`."""
        self._out = out
        self._before = "\n"

    def begin(self) -> None:
        """Open the document and its list of problems."""
        head = f'"$schema": {as_json(SCHEMA, self._out)},\n  "version": {as_json(__version__, self._out)}'
        self._out.write(f'{{\n  {head},\n  "problems": [')

    def file(self, name: str) -> None:
        """Write nothing: each problem names its file."""

    def problem(self, problem: Problem) -> None:
        """Write the problem."""
        self._out.write(f"{self._before}    {as_json(plain(problem), self._out)}")
        self._before = ",\n"

    def end(self, summary: Summary) -> None:
        """Close the list, and write the summary."""
        close = "]" if self._before == "\n" else "\n  ]"
        self._out.write(f'{close},\n  "summary": {as_json(summary._asdict(), self._out)}\n}}\n')
