"""What the documentation site shows of the package itself: its data, its vocabularies and its records.

Nothing of it is kept in the repository, so that nothing of it can be out of date.
"""

from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective

import eaps_data as eaps
from eaps_site import dictionary, municipalities, reference, repository


class Tables(SphinxDirective):
    """The tables and their columns."""

    def run(self) -> list[nodes.Node]:
        """What stands in the directive's place."""
        return self.parse_text_to_nodes(dictionary.tables_text(dataset(self.config)), allow_section_headings=True)


class Vocabularies(SphinxDirective):
    """The vocabularies and their terms."""

    def run(self) -> list[nodes.Node]:
        """What stands in the directive's place."""
        return self.parse_text_to_nodes(dictionary.vocabulary_text(), allow_section_headings=True)


def dataset(config: Config) -> eaps.Dataset:
    """The dataset that the site shows: the packaged one, or the one at the path `eaps_dataset`."""
    return _read(config.eaps_dataset) if config.eaps_dataset else eaps.load()


@cache
def _read(path: str) -> eaps.Dataset:
    return eaps.Dataset.from_path(path)


def write_explorer(app: Sphinx, error: Exception | None) -> None:
    """Put the page to explore beside the others."""
    if error is None:
        eaps.export.write("html", Path(app.outdir, "explorer.html"), dataset(app.config), force=True)


def write_pages(app: Sphinx) -> None:
    """Write the pages that are files of their own, where they are not so already."""
    docs = Path(app.srcdir)
    pages = {
        docs / "municipalities" / f"{name}.md": text for name, text in municipalities.pages(dataset(app.config)).items()
    }
    pages |= repository.pages(docs)
    for path, text in pages.items():
        path.parent.mkdir(exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
    for folder in {path.parent for path in pages}:
        for stale in set(folder.glob("*.md")) - pages.keys():
            stale.unlink()


def relink(app: Sphinx, page: str, source: list[str]) -> None:
    """Lead the links of a page that leave the documentation to the pages that show the same."""
    source[0] = repository.relinked(source[0], Path(app.srcdir), Path(app.srcdir, page))


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx what there is."""
    app.add_directive("eaps-tables", Tables)
    app.add_directive("eaps-vocabularies", Vocabularies)
    app.add_config_value("eaps_dataset", "", "env", str)
    app.connect("builder-inited", write_pages)
    app.connect("source-read", relink)
    app.connect("build-finished", write_explorer)
    app.connect("autodoc-process-signature", reference.signature)
    app.connect("autodoc-process-docstring", reference.docstring)
    app.connect("autodoc-skip-member", reference.skip)
    # The pages change with the data, which Sphinx does not watch: read them all anew.
    return {"version": eaps.release.data_version, "env_version": 1, "parallel_read_safe": True}
