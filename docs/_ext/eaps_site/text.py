"""Markdown of the data's own words, which are shown as they are, whatever signs they have."""

import re
from typing import Final

from eaps_data.display.text import visible

_SIGNS: Final = re.compile(r"[!-/:-@\[-`{-~]")


def plain(text: str) -> str:
    """Text that no sign in it turns into markup."""
    return _SIGNS.sub(r"\\\g<0>", visible(text))


def code(text: str) -> str:
    """A value as code; in a table, a bar in it would part two cells, and a backtick ends it anywhere."""
    return "`" + visible(text).replace("`", "'").replace("|", "\\|") + "`"


def slug(words: str) -> str:
    """The anchor of a name: of `ProgramStatus` it is `program-status`."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", words)
    return re.sub(r"[^a-z0-9]+", "-", parted.lower()).strip("-")
