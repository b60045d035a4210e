"""Files of the repository that are also pages of the site, and the links to them."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_SHOWN: Final[Mapping[str, str]] = {
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "benchmarks/README.md": "project/benchmarks.md",
    "examples/mcp/README.md": "project/mcp.md",
    "examples/service/README.md": "project/service.md",
}
"""The files of the repository, and the pages that show them."""
_LINK: Final = re.compile(r"\[([^\]]*)\]\((?!https?://|mailto:|#)([^)#]+)(#[^)]*)?\)")


def pages(docs: Path) -> Mapping[Path, str]:
    """Return the Markdown of these pages by path."""
    return {
        docs / page: relinked((docs.parent / file).read_text(encoding="utf-8"), docs, docs / page, docs.parent / file)
        for file, page in _SHOWN.items()
    }


def relinked(text: str, docs: Path, page: Path, file: Path | None = None) -> str:
    """Replace links to files outside the documentation with links to pages of the site, or with their text.

    Args:
        text: the Markdown.
        docs: the folder of the documentation.
        page: the page of the site.
        file: the file that contains the Markdown, if it is not the page itself.
    """
    came_from = (file or page).parent

    def link(match: re.Match[str]) -> str:
        words, target, anchor = match[1], match[2], match[3] or ""
        path = Path(os.path.normpath(came_from / target))
        if docs not in path.parents:
            name = path.relative_to(docs.parent).as_posix() if docs.parent in path.parents else ""
            if name not in _SHOWN:
                return words
            path = docs / _SHOWN[name]
        elif file is None:
            return match[0]
        return f"[{words}]({Path(os.path.relpath(path, page.parent)).as_posix()}{anchor})"

    return _LINK.sub(link, text)
