"""The report as one JSON document, which follows the published schema `report`."""

from collections.abc import Mapping
from typing import Final, TextIO

from eaps_data._internal.safe_text import as_json
from eaps_data._version import __version__
from eaps_data.errors import Problem
from eaps_data.models.table_specs import SCHEMA_VERSION
from eaps_data.validation.report.base import Reporter, Summary, as_dict

SCHEMA: Final = f"urn:eaps-data:schema:report:{SCHEMA_VERSION}"


class JsonReporter(Reporter):
    """Writes each problem on its own line as it is found."""

    def __init__(self, out: TextIO) -> None:
        """Report to `out`."""
        super().__init__(out)
        self._separator = "\n"

    def begin(self) -> None:
        """Open the document and its list of problems."""
        self._out.write(f'{{\n  "$schema": {as_json(SCHEMA)},\n  "version": {as_json(__version__)},\n  "problems": [')

    def problem(self, problem: Problem) -> None:
        """Write the problem."""
        self._out.write(f"{self._separator}    {as_json(as_dict(problem))}")
        self._separator = ",\n"

    def end(self, summary: Summary) -> None:
        """Close the list and write the summary."""
        close = "]" if self._separator == "\n" else "\n  ]"
        self._out.write(f'{close},\n  "summary": {as_json(_counts(summary))}\n}}\n')


def _counts(summary: Summary) -> Mapping[str, object]:
    return {**summary._asdict(), "tables": [*summary.tables]}
