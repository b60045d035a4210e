"""Corrections of the accessibility of the pages that Sphinx and its theme write."""

import re
from pathlib import Path
from typing import Final

_CORRECTIONS: Final = {
    # A heading needs a level, and landmarks of the same type need names.
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Site">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="This page">',
    # What scrolls sideways must be reachable by keyboard.
    '<div class="highlight"><pre>': '<div class="highlight"><pre tabindex="0">',
    '<div class="eaps-data">': '<div class="eaps-data" tabindex="0">',
    '<div class="table-wrapper ': '<div tabindex="0" class="table-wrapper ',
}
_ANY: Final = re.compile("|".join(map(re.escape, _CORRECTIONS)))


def correct(folder: Path) -> None:
    """Correct the pages in the folder."""
    for path in folder.rglob("*.html"):
        content = path.read_text(encoding="utf-8")
        corrected = _ANY.sub(lambda match: _CORRECTIONS[match[0]], content)
        if corrected != content:
            path.write_text(corrected, encoding="utf-8", newline="")
