"""The parts of SVG that the pictures are drawn of: safe texts with known widths, and one style for all.

Colours are Okabe and Ito's and Tol's, which people with any kind of sight can tell apart (https://jfly.uni-koeln.de/color/,
https://sronpersonalpages.nl/~pault/); beside its colour, what means something differs in its form as well.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final

from eaps_data.display.text import visible
from eaps_data.models.records import Release
from eaps_data.models.vocabulary import Term
from eaps_data.plot.picture import Picture
from eaps_data.tables.collection import Collection
from eaps_data.tables.dataset import Dataset

TEXT: Final = 13
"""The size of most texts, in pixels."""
MARGIN: Final = 24
TOP: Final = 76
"""How far below the upper edge there is room, under the title."""
_BOTTOM: Final = 36
_SENTENCE: Final = 640
_LONGEST_ALT: Final = 2_000
_NARROW: Final = frozenset(" !'(),-./:;I[]`fijlrt|\u2019\u201c\u201d\u2026\u00b7")
_WIDE: Final = frozenset("MWmw@%&—")
_CLOSE: Final = 0x250  # letters before it are as wide as Latin ones
# Where English keeps the hyphen of a term.
_HYPHENATED: Final = re.compile(r"\b(anti|co|follow|non|third|trauma) (\w)")

_STYLE: Final = """
.eaps-picture{font:13px Helvetica,Arial,"Liberation Sans",sans-serif}
.eaps-picture text{fill:#1b1f24}
.eaps-picture .title{font-size:19px;font-weight:bold}
.eaps-picture .strong{font-weight:bold}
.eaps-picture .quiet{fill:#555c64;font-size:12px}
.eaps-picture .halo{stroke:#fff;stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
.eaps-picture .ground{fill:#fff}
.eaps-picture .land{fill:#f1f1ec;stroke:#a9a99f;stroke-width:1}
.eaps-picture .funded{fill:#cfe3ee}
.eaps-picture .box{fill:#f4f6f8;stroke:#8d96a0}
.eaps-picture .line{stroke:#d5d9de;fill:none}
.eaps-picture .leader{stroke:#555c64;fill:none}
.eaps-picture .mark{fill:#0072b2;stroke:#0072b2;stroke-width:2}
.eaps-picture .point{stroke:#fff}
.eaps-picture .ring{fill:#fff}
.eaps-picture .edge{fill:none;stroke-width:2}
.eaps-picture .lead{stroke:#0072b2;stroke-width:3.5}
.eaps-picture .creator{stroke:#b24a00}
.eaps-picture .partner{stroke:#00795a;stroke-dasharray:9 4}
.eaps-picture .collaborator{stroke:#aa4499;stroke-dasharray:2 4;stroke-linecap:round}
.eaps-picture .developer{stroke:#333;stroke-dasharray:9 3 2 3}
@media (prefers-color-scheme:dark){
.eaps-picture text{fill:#e8eaed}
.eaps-picture .quiet{fill:#b3bac2}
.eaps-picture .halo{stroke:#16191d}
.eaps-picture .ground{fill:#16191d}
.eaps-picture .land{fill:#262a2f;stroke:#666d75}
.eaps-picture .funded{fill:#1e455c}
.eaps-picture .box{fill:#23282e;stroke:#7d8690}
.eaps-picture .line{stroke:#3b4148}
.eaps-picture .leader{stroke:#b3bac2}
.eaps-picture .mark{fill:#56b4e9;stroke:#56b4e9}
.eaps-picture .point{stroke:#16191d}
.eaps-picture .ring{fill:#16191d}
.eaps-picture .lead{stroke:#56b4e9}
.eaps-picture .creator{stroke:#f0955a}
.eaps-picture .partner{stroke:#2fc79c}
.eaps-picture .collaborator{stroke:#e79fd5}
.eaps-picture .developer{stroke:#ddd}
}
"""


def dataset_of(records: Collection[Any], kind: type[Collection[Any]]) -> Dataset:
    """The dataset that the records of a picture belong to.

    Raises:
        TypeError: when they are not of the kind that the picture shows.
    """
    if not isinstance(records, kind):
        given = type(records).__name__
        raise TypeError(f"this picture is drawn of {kind.__name__}, as `eaps.{kind.table}` is, and not of {given}")
    dataset: Dataset = records._tables  # noqa: SLF001 - what a collection belongs to is known to it alone
    return dataset


def element(name: str, *content: str, **attributes: str | float) -> str:
    """An element, of content that is markup already; `class_` and `stroke_width` become `class` and `stroke-width`.

    >>> element("g", element("circle", r=2.50, cx=1), class_="a&b")
    '<g class="a&amp;b"><circle r="2.5" cx="1"/></g>'
    """
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{''.join(content)}</{name}>" if content else f"<{name}{given}/>"


def text(said: str, x: float, y: float, class_: str = "", **attributes: str | float) -> str:
    """A text on one line, as it is."""
    return element("text", written(said), x=x, y=y, **({"class_": class_} if class_ else {}), **attributes)


def named(said: str, *content: str, **attributes: str | float) -> str:
    """A group that says something when it is pointed at."""
    return element("g", element("title", written(said)), *content, **attributes)


def written(said: str) -> str:
    """A text as markup: nothing in it is a mark, or turns what stands beside it."""
    return escape(visible(said))


def width(said: str, size: float = TEXT) -> float:
    """About how wide a text is, in pixels; rather too much than too little.

    >>> width("ill") < width("mmm") < width("漢漢漢")
    True
    """
    return size * sum(map(_share, said))


def fitted(said: str, room: float, size: float = TEXT) -> str:
    """The text, or as much of its beginning as there is room for.

    >>> fitted("Behavioral Health Unit", 80)
    'Behavioral…'
    """
    if width(said, size) <= room:
        return said
    left = room - width("…", size)
    kept = 0
    for character in said:
        left -= size * _share(character)
        if left < 0:
            break
        kept += 1
    return said[:kept].rstrip() + "…"


def lines(said: str, room: float, most: int, size: float = TEXT) -> list[str]:
    """The text in at most so many lines, each as wide as there is room; the last one is cut where it is too long.

    >>> lines("Behavioral Health Unit", 120, 2)
    ['Behavioral Health', 'Unit']
    """
    made = [""]
    words = said.split()
    for number, word in enumerate(words):
        longer = f"{made[-1]} {word}".lstrip()
        if width(longer, size) <= room or not made[-1]:
            made[-1] = longer
        elif len(made) < most:
            made.append(word)
        else:
            made[-1] = " ".join([made[-1], *words[number:]])
            break
    return [fitted(line, room, size) for line in made]


def listed(items: Sequence[str]) -> str:
    """Items as a sentence has them.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def words(term: Term | None) -> str:
    """A term as a reader has it; nothing for none.

    >>> from eaps_data.models.vocabulary import Approach, Need
    >>> words(Need.MENTAL_HEALTH)
    'mental health'
    >>> words(Approach.CO_RESPONSE)
    'co-response'
    """
    return _HYPHENATED.sub(r"\1-\2", term.replace("-", " ")) if term else ""


def picture(  # noqa: PLR0913 - what every picture has, by its name
    *,
    title: str,
    under: str = "",
    alt: str,
    size: tuple[float, float],
    drawn: Iterable[str],
    release: Release,
    note: str = "",
) -> Picture:
    """A picture with its title, and below it of which data it is.

    Args:
        title: what it is of.
        under: what more there is to say above it.
        alt: what it shows.
        size: its width, and the height down to which things are drawn.
        drawn: what is drawn, below `TOP`.
        release: of which data.
        note: what else is to be said below it.
    """
    across, down = size
    room = across - 2 * MARGIN
    below = f"Data {release.data_version} of {release.as_of}. {note}".strip()
    heading = (
        text(fitted(title, room, 20), MARGIN, 34, "title"),
        text(fitted(under, room), MARGIN, 56, "quiet"),
        text(fitted(below, room), MARGIN, down + _BOTTOM - 14, "quiet"),
    )
    short = alt if len(alt) <= _LONGEST_ALT else alt[: _LONGEST_ALT - 1].rstrip() + "…"
    svg = element(
        "svg",
        element("title", written(title)),
        element("desc", written(short)),
        element("style", _STYLE),
        element("rect", class_="ground", width=across, height=down + _BOTTOM),
        *heading,
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_attribute(across)} {_attribute(down + _BOTTOM)}",
        width=across,
        height=down + _BOTTOM,
        role="img",
        aria_label=visible(f"{title}. {short}"),
        class_="eaps-picture",
        style="max-width:100%;height:auto",
    )
    return Picture(visible(title), visible(short), svg)


def sentence(title: str, said: str, release: Release) -> Picture:
    """What stands in a picture's place where there is nothing to draw."""
    shown = [text(said, MARGIN, TOP + 20)]
    return picture(title=title, alt=said, size=(_SENTENCE, TOP + 40), drawn=shown, release=release)


def _attribute(value: str | float) -> str:
    if isinstance(value, str):
        return written(value)
    return f"{value:.1f}".removesuffix(".0")


def _share(character: str) -> float:
    """A character's width, as a share of the size of the text."""
    if character in _NARROW:
        return 0.36
    if character in _WIDE:
        return 0.96
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:  # they stand above, or nowhere
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.3
    if ord(character) >= _CLOSE:
        return 0.9
    return 0.76 if character.isupper() else 0.6
