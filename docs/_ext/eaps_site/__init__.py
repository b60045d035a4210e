"""Sphinx extension: pages generated from the package's data, vocabularies and records.

The pages are generated at each build and not kept in the repository, so they are never out of date.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective

import eaps_data as eaps
from eaps_data._internal.resources import releases, schema
from eaps_site import accessibility, commands, dictionary, municipalities, reference, repository, rules

_LIBRARIES: Final[Mapping[str, str]] = {
    "pd": "pandas",
    "pl": "polars",
    "pa": "pyarrow",
    "alt": "altair",
    "gpd": "geopandas",
}
"""The libraries that annotations abbreviate."""


class Tables(SphinxDirective):
    """The directive `eaps-tables`: all tables and their columns."""

    has_content = True  # what readers of the file see instead

    def run(self) -> list[nodes.Node]:
        """Return the directive's output."""
        return self.parse_text_to_nodes(dictionary.tables_text(dataset(self.config)), allow_section_headings=True)


class Vocabularies(SphinxDirective):
    """The directive `eaps-vocabularies`: all vocabularies and their terms."""

    has_content = True  # what readers of the file see instead

    def run(self) -> list[nodes.Node]:
        """Return the directive's output."""
        return self.parse_text_to_nodes(dictionary.vocabulary_text(), allow_section_headings=True)


class Rules(SphinxDirective):
    """The directive `eaps-rules`: the rules of validation in one section of the catalog."""

    has_content = True  # what readers of the file see instead
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the directive's output."""
        return self.parse_text_to_nodes(rules.rules_text(self.arguments[0]))


class Commands(SphinxDirective):
    """The directive `eaps-commands`: all commands with their arguments."""

    has_content = True  # what readers of the file see instead

    def run(self) -> list[nodes.Node]:
        """Return the directive's output."""
        return self.parse_text_to_nodes(commands.commands_text(), allow_section_headings=True)


def dataset(config: Config) -> eaps.Dataset:
    """Return the dataset at the path `eaps_dataset` of the configuration, or the packaged one."""
    return _read(config.eaps_dataset) if config.eaps_dataset else eaps.load()


@cache
def _read(path: str) -> eaps.Dataset:
    return eaps.Dataset.from_path(path)


def write_files(app: Sphinx, error: Exception | None) -> None:
    """Correct the pages, and write the explorer page and every published schema next to them."""
    if error is not None or app.builder.name != "html":
        return
    accessibility.correct(Path(app.outdir))
    eaps.export.write("html", Path(app.outdir, "explorer.html"), dataset(app.config), force=True)
    for version, names in releases()["schemas"].items():
        folder = Path(app.outdir, "schemas", version)
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            (folder / f"{name}.schema.json").write_bytes(schema(name, version))


def write_pages(app: Sphinx) -> None:
    """Write the generated pages, if they have changed, and delete stale ones."""
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
    """Replace links to files of the repository with links to the pages of the site that show them."""
    source[0] = repository.relinked(source[0], Path(app.srcdir), Path(app.srcdir, page))


def name_libraries(_app: Sphinx, doctree: nodes.document) -> None:
    """Write out the abbreviations of libraries in references, so that intersphinx finds their targets."""
    for reference_ in doctree.findall(addnodes.pending_xref):
        library, dot, rest = reference_.get("reftarget", "").partition(".")
        if dot and library in _LIBRARIES:
            reference_["reftarget"] = f"{_LIBRARIES[library]}.{rest}"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    app.add_directive("eaps-tables", Tables)
    app.add_directive("eaps-vocabularies", Vocabularies)
    app.add_directive("eaps-rules", Rules)
    app.add_directive("eaps-commands", Commands)
    app.add_config_value("eaps_dataset", "", "env", str)
    app.connect("builder-inited", write_pages)
    app.connect("source-read", relink)
    app.connect("doctree-read", name_libraries)
    app.connect("build-finished", write_files)
    app.connect("autodoc-process-signature", reference.signature)
    app.connect("autodoc-process-docstring", reference.docstring)
    app.connect("autodoc-skip-member", reference.skip)
    # Sphinx does not watch the data: a new data version makes it read all pages again.
    return {"version": eaps.release.data_version, "env_version": 1, "parallel_read_safe": True}
