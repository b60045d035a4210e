"""Convert strings of the data to Markdown, with all markup escaped."""

import re
from typing import Final

from eaps_data.display.text import visible

_SIGNS: Final = re.compile(r"[!-/:-@\[-`{-~]")


def plain(text: str) -> str:
    """Escape all Markdown in a string."""
    return _SIGNS.sub(r"\\\g<0>", visible(text))


def code(text: str) -> str:
    """Return a string as inline code: escape bars, which separate table cells, and replace backticks."""
    return "`" + visible(text).replace("`", "'").replace("|", "\\|") + "`"


def slug(words: str) -> str:
    """Return the anchor of a name: `program-status` for `ProgramStatus`."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", words)
    return re.sub(r"[^a-z0-9]+", "-", parted.lower()).strip("-")
