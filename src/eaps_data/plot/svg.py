"""The SVG elements that the pictures share: escaped text of estimated width, and one style sheet.

The colors are those of Okabe and Ito and of Tol, which remain distinct with color vision deficiency
(https://jfly.uni-koeln.de/color/, https://sronpersonalpages.nl/~pault/). Marks and lines with different meanings also
differ in shape.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final

from eaps_data.display.text import count, visible
from eaps_data.models.records import Program, Release
from eaps_data.models.vocabulary import Term
from eaps_data.plot.picture import Picture
from eaps_data.tables.base import Collection
from eaps_data.tables.dataset import Dataset

FONT_SIZE: Final = 13
"""The default font size, in pixels."""
MARGIN: Final = 24
TOP: Final = 76
"""The y coordinate below the title, where the content begins."""
_FOOTER_HEIGHT: Final = 36
_MESSAGE_WIDTH: Final = 640
_MAX_ALT_LENGTH: Final = 2_000
_NARROW: Final = frozenset(" !'(),-./:;I[]`fijlrt|\u2019\u201c\u201d\u2026\u00b7")
_WIDE: Final = frozenset("MWmw@%&—")
_FIRST_NON_LATIN: Final = 0x250
# Prefixes that English joins with a hyphen.
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


def dataset_of(records: Collection[Any], expected: type[Collection[Any]], function: str) -> Dataset:
    """Return the dataset that the records of a picture belong to.

    Raises:
        TypeError: If the records are not a collection of the expected type.
    """
    if not isinstance(records, expected):
        raise TypeError(f"plot.{function}() expects {expected.__name__}, got {type(records).__name__}")
    dataset: Dataset = records._tables  # noqa: SLF001 - there is no public way from a collection to its dataset
    return dataset


def element(name: str, *content: str, **attributes: str | float) -> str:
    """Return an element. The content is markup; `class_` and `stroke_width` become `class` and `stroke-width`.

    >>> element("g", element("circle", r=2.50, cx=1), class_="a&b")
    '<g class="a&amp;b"><circle r="2.5" cx="1"/></g>'
    """
    markup = "".join(f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"' for key, value in attributes.items())
    return f"<{name}{markup}>{''.join(content)}</{name}>" if content else f"<{name}{markup}/>"


def text(content: str, x: float, y: float, class_: str = "", **attributes: str | float) -> str:
    """Return a line of text; it is not wrapped or cut."""
    return element("text", escaped(content), x=x, y=y, **({"class_": class_} if class_ else {}), **attributes)


def with_tooltip(tooltip: str, *content: str, **attributes: str | float) -> str:
    """Return a group of elements with a tooltip."""
    return element("g", element("title", escaped(tooltip)), *content, **attributes)


def escaped(content: str) -> str:
    """Return text as markup, without control characters or characters that change the direction of text around it."""
    return escape(visible(content))


def text_width(content: str, size: float = FONT_SIZE) -> float:
    """Estimate the width of a text in pixels, rather too large than too small.

    >>> text_width("ill") < text_width("mmm") < text_width("漢漢漢")
    True
    """
    return size * sum(map(_character_width, content))


def truncate(content: str, width: float, size: float = FONT_SIZE) -> str:
    """Return the text, cut to a width in pixels.

    >>> truncate("Behavioral Health Unit", 80)
    'Behavioral…'
    """
    if text_width(content, size) <= width:
        return content
    remaining = width - text_width("…", size)
    kept = 0
    for character in content:
        remaining -= size * _character_width(character)
        if remaining < 0:
            break
        kept += 1
    return content[:kept].rstrip() + "…"


def wrap(content: str, width: float, max_lines: int, size: float = FONT_SIZE) -> list[str]:
    """Return the text as lines of a width in pixels; text beyond the last line is cut.

    >>> wrap("Behavioral Health Unit", 120, 2)
    ['Behavioral Health', 'Unit']
    """
    lines = [""]
    words = content.split()
    for number, word in enumerate(words):
        longer = f"{lines[-1]} {word}".lstrip()
        if text_width(longer, size) <= width or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < max_lines:
            lines.append(word)
        else:
            lines[-1] = " ".join([lines[-1], *words[number:]])
            break
    return [truncate(line, width, size) for line in lines]


def enumeration(items: Sequence[str]) -> str:
    """Join items as in a sentence.

    >>> enumeration(["a"]), enumeration(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def program_count(programs: Sequence[Program] | Collection[Program]) -> str:
    """Return how many programs there are; records, where one stands for several programs or has no name of its own.

    >>> from eaps_data.models.records import Program
    >>> one = Program(id="a", name="A", municipality="alder")
    >>> program_count([one]), program_count([one, one.model_copy(update={"plural": True})])
    ('1 program', '2 program records')
    """
    is_exact = all(program.named_by_source and not program.plural for program in programs)
    return count(len(programs), "program" if is_exact else "program record")


def term_label(term: Term | None) -> str:
    """Return a term in words, or an empty string for None.

    >>> from eaps_data.models.vocabulary import Approach, Need
    >>> term_label(Need.MENTAL_HEALTH)
    'mental health'
    >>> term_label(Approach.CO_RESPONSE)
    'co-response'
    """
    return _HYPHENATED.sub(r"\1-\2", term.replace("-", " ")) if term else ""


def build_picture(  # noqa: PLR0913 - each is a part of every picture, and passed by name
    *,
    title: str,
    subtitle: str = "",
    alt: str,
    size: tuple[float, float],
    content: Iterable[str],
    release: Release,
    note: str = "",
) -> Picture:
    """Build a picture with its title above and the edition of the data below.

    Args:
        title: The title.
        subtitle: A line below the title.
        alt: The content in words.
        size: The width, and the y coordinate of the lower edge of the content.
        content: The elements, which begin below `TOP`.
        release: The edition of the data.
        note: A remark for the footer.
    """
    width, bottom = size
    height = bottom + _FOOTER_HEIGHT
    text_room = width - 2 * MARGIN
    footer = f"Data {release.data_version} of {release.as_of}. {note}".strip()
    short_alt = alt if len(alt) <= _MAX_ALT_LENGTH else alt[: _MAX_ALT_LENGTH - 1].rstrip() + "…"
    svg = element(
        "svg",
        element("title", escaped(title)),
        element("desc", escaped(short_alt)),
        element("style", _STYLE),
        element("rect", class_="ground", width=width, height=height),
        text(truncate(title, text_room, 20), MARGIN, 34, "title"),
        text(truncate(subtitle, text_room), MARGIN, 56, "quiet"),
        text(truncate(footer, text_room), MARGIN, height - 14, "quiet"),
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_attribute(width)} {_attribute(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=visible(f"{title}. {short_alt}"),
        class_="eaps-picture",
        style="max-width:100%;height:auto",
    )
    return Picture(visible(title), visible(short_alt), svg)


def message_picture(title: str, message: str, release: Release) -> Picture:
    """Build a picture that shows a message, because there is nothing to draw."""
    content = [text(message, MARGIN, TOP + 20)]
    return build_picture(title=title, alt=message, size=(_MESSAGE_WIDTH, TOP + 40), content=content, release=release)


def _attribute(value: str | float) -> str:
    if isinstance(value, str):
        return escaped(value)
    return f"{value:.1f}".removesuffix(".0")


def _character_width(character: str) -> float:
    """Estimate the width of a character, relative to the font size."""
    if character in _NARROW:
        return 0.36
    if character in _WIDE:
        return 0.96
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:  # combining or invisible
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.3
    if ord(character) >= _FIRST_NON_LATIN:
        return 0.9
    return 0.76 if character.isupper() else 0.6
