"""A chart of how the times grow with the data; both scales are logarithmic, and each line starts at 1."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log10
from typing import Final, TypeAlias

Position: TypeAlias = Callable[[int, float], str]
"""Maps a number of records and a ratio to a point in the chart."""

LINES: Final[Mapping[str, tuple[str, str]]] = {
    "load": ("#0072b2", ""),
    "validate": ("#d55e00", "6 3"),
    "lookup by id": ("#009e73", ""),
    "lookup by name": ("#009e73", "6 3"),
    "lookup in a dict": ("#7f7f7f", "2 2"),
    "filter": ("#cc79a7", ""),
    "search": ("#e69f00", "2 3"),
}
"""The lines, each with a color that color-blind people can distinguish, and a dash pattern."""

_WIDTH, _HEIGHT, _LEFT, _TOP, _LEGEND = 640, 300, 56, 20, 180
_TEXT: Final = (
    "The time per record or per query, as a multiple of the time in the smallest dataset. A flat line means that it "
    "takes as long in a large dataset as in a small one. Lookups take longer as those in a plain dict do: a small "
    "dataset fits in the processor's caches."
)
_ATTRIBUTES: Final = 'role="img" aria-labelledby="title text" font-family="sans-serif" font-size="12"'
_STYLE: Final = """
svg { color: #222; background: #fff }
@media (prefers-color-scheme: dark) { svg { color: #ddd; background: #181818 } }
text { fill: currentColor }
"""


def svg(growth: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    """Return the chart as SVG.

    Args:
        growth: for each line, points of a number of records and a time.
    """
    relative = {name: [(records, time / points[0][1]) for records, time in points] for name, points in growth.items()}
    most = max(records for points in relative.values() for records, _ in points)
    least = min(records for points in relative.values() for records, _ in points)
    across, low, high = (log10(least), log10(most)), -1.0, 1.0

    def position(records: int, ratio: float) -> str:
        share = (log10(records) - across[0]) / (across[1] - across[0])
        up = (min(max(log10(ratio), low), high) - low) / (high - low)
        return f"{_LEFT + share * (_WIDTH - _LEFT - _LEGEND):.1f},{_TOP + (1 - up) * (_HEIGHT - _TOP - 50):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" {_ATTRIBUTES}>',
        '<title id="title">Time against the size of the dataset</title>',
        f'<desc id="text">{_TEXT}</desc>',
        f"<style>{_STYLE}</style>",
        *_grid(position, least, most),
    ]
    for row, (name, points) in enumerate(relative.items()):
        color, dash = LINES[name]
        line = f'fill="none" stroke="{color}" stroke-width="2.5" stroke-dasharray="{dash}"'
        parts.append(f'<polyline points="{" ".join(position(*point) for point in points)}" {line}/>')
        left, top = _WIDTH - _LEGEND + 14, _TOP + 10 + 20 * row
        parts.append(f'<path d="M{left} {top}h26" {line}/><text x="{left + 34}" y="{top + 4}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _grid(position: Position, least: int, most: int) -> Iterator[str]:
    for ratio, name in ((0.1, "a tenth"), (1, "the same"), (10, "ten times")):
        (left, top), right = position(least, ratio).split(","), position(most, ratio).split(",")[0]
        yield f'<path d="M{left} {top}H{right}" stroke="currentColor" stroke-opacity=".3"/>'
        yield f'<text x="{_LEFT - 4}" y="{float(top) + 4:.1f}" text-anchor="end">{name}</text>'
    records = 10 ** int(log10(least))
    while records <= most:
        if records >= least:
            left, bottom = position(records, 0.1).split(",")
            yield f'<text x="{left}" y="{float(bottom) + 18:.1f}" text-anchor="middle">{records:,}</text>'
        records *= 10
    yield f'<text x="{_LEFT + (_WIDTH - _LEFT - _LEGEND) / 2}" y="{_HEIGHT - 8}" text-anchor="middle">records</text>'
