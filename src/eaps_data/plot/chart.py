"""What the charts share: data that is safe in a page, labels, titles, and a sentence instead of an empty chart."""

from collections.abc import Iterable, Mapping
from textwrap import wrap
from typing import Any, Final, TypeAlias

import altair as alt

from eaps_data.display.text import visible
from eaps_data.models.records import Release

Row: TypeAlias = Mapping[str, Any]

# Colors that remain distinct with color vision deficiency (after Okabe and Ito), visible on white and on dark gray.
BLUE: Final = "#2b8cc4"
VERMILLION: Final = "#d55e00"
GREEN: Final = "#009e73"
PINK: Final = "#cc79a7"
OCHRE: Final = "#b8860b"
GRAY: Final = "#808080"
LINE: Final = 14
"""The height of a line of text, in pixels."""
_TITLE_WIDTH: Final = 90  # characters


def data(rows: Iterable[Row]) -> alt.InlineData:
    """Return rows as the data of a chart."""
    return alt.InlineData(values=[{key: inert(value) for key, value in row.items()} for row in rows])


def inert(value: Any) -> Any:
    r"""Return text without control characters and markup.

    Altair writes text into a page's script as it is: an invisible character keeps `</script>` from ending it.

    >>> inert("a<b\x00\nc"), inert(1)
    ('a<\u2060b\ufffd\nc', 1)
    """
    if not isinstance(value, str):
        return value
    return "\n".join(map(visible, value.split("\n"))).replace("<", "<\u2060")


def label(text: str, width: int, dx: float = 0, dy: float = 0, align: str = "center") -> dict[str, Any]:
    """Return a label at an offset from its place, in lines of at most so many characters; nothing is cut."""
    lines = [line for part in text.split("\n") for line in wrap(part, width)]
    # Vega draws further lines below the first.
    return {
        "label": "\n".join(lines),
        "lines": len(lines),
        "dx": dx,
        "dy": dy - (len(lines) - 1) * LINE / 2,
        "align": align,
    }


def labels(rows: Iterable[Row], opacity: float = 1, **place: str) -> alt.Chart:
    """Return the labels of rows at a place as a layer, in a color that is readable on any background."""
    dx, dy, align = (alt.expr(f"datum.{name}") for name in ("dx", "dy", "align"))
    color = alt.expr("luminance(background) < 0.2 ? '#fff' : '#000'")
    chart = alt.Chart(data(rows)).mark_text(
        dx=dx, dy=dy, align=align, color=color, opacity=opacity, fontSize=11, lineBreak="\n", lineHeight=LINE
    )
    drawn: alt.Chart = chart.encode(text="label:N", **place)
    return drawn


def properties(title: str, below: Iterable[str], description: str, release: Release) -> dict[str, Any]:
    """Return the properties of a chart that describe what it shows, and its data."""
    subtitle = [*below, f"Data {release.data_version} of {release.as_of}"]
    return {
        "title": alt.TitleParams(
            text=wrap(inert(title), _TITLE_WIDTH),
            subtitle=[line for text in subtitle for line in wrap(inert(text), _TITLE_WIDTH)],
            anchor="start",
            offset=16,
        ),
        "description": inert(f"{title}. {description}"),
    }


def message(text: str) -> alt.Chart:
    """Return a chart with a sentence, because there is nothing to show."""
    return labels([label(text, _TITLE_WIDTH)]).properties(width=400, height=60)
