"""Hatchling's metadata hook: the README, and what depends on the address of the repository.

The address is in `pyproject.toml`, in `[tool.hatch.metadata.hooks.custom]`. If it is set, the package has URLs, and the
README's relative links become absolute, so that a package index can show them. If it is empty, the README is unchanged.
(hatch-fancy-pypi-readme would need a second copy of the address, and cannot leave the links as they are without one.)
"""

import re
from pathlib import Path
from typing import Any, Final

from hatchling.metadata.plugin.interface import MetadataHookInterface

_RELATIVE: Final = re.compile(r'(?P<before>\]\(|src="|srcset=")(?!https?://|#)(?P<path>[^)"]+)')


class RepositoryHook(MetadataHookInterface):
    """Sets `readme` and `urls`."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the fields that `pyproject.toml` declares as dynamic."""
        address, tag = self.config["repository"], f"v{metadata['version']}"
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": with_absolute_links(text, address, tag)}
        metadata["urls"] = urls(address, tag)


def urls(address: str, tag: str) -> dict[str, str]:
    """Return the URLs of the project by name; none if the address is empty."""
    if not address:
        return {}
    return {
        "Repository": address,
        "Documentation": f"{address}/tree/{tag}/docs",
        "Changelog": f"{address}/blob/{tag}/CHANGELOG.md",
        "Issues": f"{address}/issues",
    }


def with_absolute_links(text: str, address: str, tag: str) -> str:
    """Return Markdown with links to the files of a tag instead of relative ones; unchanged if the address is empty."""

    def absolute(match: re.Match[str]) -> str:
        show = "blob" if match["before"] == "](" else "raw"
        return f"{match['before']}{address}/{show}/{tag}/{match['path']}"

    return _RELATIVE.sub(absolute, text) if address else text
