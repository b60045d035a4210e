"""The file of a draft: CSV with one claim per line, which a curator completes and `eaps-data check` reads.

A line gives a `subject` (`table/id`), a `field`, its `value` or item, and the `quote` that supports it. `basis` (empty
for `stated`), `note`, `place` (`paragraph.sentence`, if a quote occurs twice) and `source` (empty for the page) are
optional. `OLD => NEW` replaces a value or a quote, and the basis `removed` removes the claim, or a record without
field. `TODO` marks what is to be decided; lines that begin with `#` are comments.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from eaps_data._internal.text_keys import closest
from eaps_data.errors import Problem, did_you_mean
from eaps_data.formats.strict_json import CONFLICT_MARKS
from eaps_data.rules.problem import shown, violation

TODO: Final = "TODO"
NO_CLAIM: Final = "no-claim"
"""The subject of a line whose quote is a sentence that makes no claim, such as a label."""
REMOVED: Final = "removed"
_ARROW: Final = "=>"
_PAGE: Final = "# page sha256 "


class Line(NamedTuple):
    """One line of a draft.

    >>> Line("programs/revere-bhu", "goals", "Save lives.", "save lives").quote
    'save lives'
    """

    subject: str = ""
    field: str = ""
    value: str = ""
    quote: str = ""
    basis: str = ""
    note: str = ""
    place: str = ""
    source: str = ""
    number: int = 0
    file: str | None = None

    def problem(self, message: str) -> Problem:
        """Return a problem of this line."""
        field = self.field or None
        return violation("draft", message, (), self.subject or None, field).at(self.file, self.number)


COLUMNS: Final = Line._fields[:-2]
"""The columns of a draft; those after the quote may be left out of a line."""


def replacement(cell: str) -> tuple[str | None, str]:
    """Return the old and the new text of a cell; the old one is None if the cell replaces nothing.

    >>> replacement("see residents => visit residents"), replacement("visit residents")
    (('see residents', 'visit residents'), (None, 'visit residents'))
    """
    old, arrow, new = cell.partition(_ARROW)
    return (old.strip(), new.strip()) if arrow else (None, cell.strip())


def write(lines: Iterable[Line | str], page_hash: str) -> str:
    """Return the text of a draft; a string is a comment.

    Args:
        lines: The lines and comments.
        page_hash: The SHA-256 of the page.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([f"{_PAGE}{page_hash}"])
    writer.writerow(COLUMNS)
    for line in lines:
        cells = [f"# {line}"] if isinstance(line, str) else [*line[: len(COLUMNS)]]
        while len(cells) > 1 and not cells[-1]:
            cells.pop()
        writer.writerow(cells)
    return text.getvalue()


def unusable(text: str, file: str, page_hash: str) -> Problem | None:
    """Return the problem of a draft whose lines mean nothing: it was made from another copy of the page, or is no CSV.

    Args:
        text: The text of the file.
        file: The name of the file, for messages.
        page_hash: The SHA-256 of the page that the draft is used with.
    """
    rows = [*_rows(text, [], file)]
    firsts = [(number, cells[0].strip()) for number, cells in rows]
    if any(first.startswith(CONFLICT_MARKS) for _, first in firsts):  # which `read` reports
        return None
    number, header = next((each for each in rows if not each[1][0].startswith("#")), (1, [COLUMNS[0]]))
    if header[0].startswith(f"{COLUMNS[0]};"):
        return Line(number=number, file=file).problem("the cells are separated by semicolons; save it with commas")
    if COLUMNS[0] not in header:
        return Line(number=number, file=file).problem(f"this is not a draft; its columns are {','.join(COLUMNS)}")
    for number, first in firsts:
        if first.startswith(_PAGE) and first.removeprefix(_PAGE) != page_hash:
            message = "this draft was made from another copy of the page; make a new one with eaps-data draft"
            return Line(number=number, file=file).problem(f"{message}, and copy your lines into it")
    return None


def read(text: str, file: str) -> tuple[list[Line], list[Problem]]:
    """Read a draft.

    Args:
        text: The text of the file.
        file: The name of the file, for messages.

    Returns:
        The lines without anything to decide, and the problems: syntax, and each `TODO`.
    """
    lines: list[Line] = []
    problems: list[Problem] = []
    header: list[str] | None = None
    for number, cells in _rows(text, problems, file):
        first = cells[0].strip()
        at = Line(number=number, file=file)
        if first.startswith(CONFLICT_MARKS):
            problems.append(at.problem("this is a merge conflict; keep the lines that are right, and delete the marks"))
        elif first.startswith("#"):
            continue
        elif header is None:
            header = cells
            problems += [at.problem(_unknown_column(name)) for name in cells if name not in COLUMNS]
        elif len(cells) > len(header):
            message = f"the line has {len(cells)} cells, and there are {len(header)} columns; quote a cell with commas"
            problems.append(at.problem(message))
        else:
            named = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
            cells_of_line: dict[str, Any] = {name: named.get(name, "") for name in COLUMNS}
            line = Line(**cells_of_line, number=number, file=file)
            todo = next((cell for cell in named.values() if TODO in cell), None)
            if todo is None:
                lines.append(line)
            else:
                problems.append((at if TODO in line.subject else line).problem(f"to be decided: {todo}"))
    return lines, problems


def _rows(text: str, problems: list[Problem], file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with the number of its first line."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        problems.append(Line(number=start, file=file).problem(f"this is not CSV ({error}); check its quotation marks"))


def _unknown_column(name: str) -> str:
    return f"unknown column {shown(name)}{did_you_mean(closest(name, COLUMNS))}; expected: {','.join(COLUMNS)}"
