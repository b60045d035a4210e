"""Markdown tables, and the place in a page where the last one is kept."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[1] / "docs" / "performance.md"


def table(head: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def ratio(value: float, target: float | None = None, *, at_most: bool = False) -> str:
    """Return a ratio as text, with its target and whether it was met."""
    text = f"{value:.2f}" if value < 10 else f"{value:.0f}"  # noqa: PLR2004 - three digits are enough
    if target is None:
        return text
    met = value <= target if at_most else value >= target
    return f"{text} (target {target:g}{' at most' if at_most else ''}: {'met' if met else 'not met'})"


def measured(*versions: str) -> str:
    """Return the sentence that says when and with which versions the numbers were measured."""
    return f"Measured on {datetime.now(UTC).date()} with {', '.join(dict.fromkeys(versions))}."


def update(name: str, text: str, page: Path = PAGE) -> None:
    """Replace the text between `<!-- name -->` and `<!-- end of name -->` in a page.

    Raises:
        ValueError: if the page has no such comments.
    """
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{page} has no {begin} and {end}")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
