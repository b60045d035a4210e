"""Tables in Markdown, and the place in a page where the last of them stands."""

from collections.abc import Iterable, Sequence
from pathlib import Path


def line(cells: Iterable[object]) -> str:
    """One line of a table."""
    return f"| {' | '.join(map(str, cells))} |"


def table(head: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A whole table."""
    return "\n".join([line(head), line(["---"] * len(head)), *map(line, rows)])


def write(page: Path, marks: tuple[str, str], text: str) -> None:
    """Replace what stands between the marks of a page.

    Raises:
        ValueError: when the page has not the two marks.
    """
    before, begin, rest = page.read_text(encoding="utf-8").partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not end:
        raise ValueError(f"{page} has no {' and '.join(marks)}")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
