"""Cite a dataset as text, BibTeX or CSL-JSON, with a hash of its content."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from types import NoneType
from typing import Any, Final

from eaps_data._internal import canonical_json, resources
from eaps_data._internal.arguments import expect
from eaps_data.models.records import Source
from eaps_data.tables.dataset import AUTHOR, TITLE, Dataset, load, reference

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""BibTeX's names of the months."""

# BibTeX counts braces even after a backslash, so braces are written as commands. In TeX's default encoding, `<`, `>`,
# `|` and quotation marks would print as other characters.
_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{special: f"\\{special}" for special in "#$%&_"},
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': "''",
        "“": "``",
        "”": "''",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Citation:
    """The citation of one edition of a dataset, which is shown as a plain sentence.

    Attributes:
        title: The dataset's title.
        author: The author, as one name.
        data_version: The version of the data.
        as_of: The day on which the sources were read, which is also cited as the day of issue.
        content_hash: The hash of the data, from `content_hash`; of a released version, as it was released.
        source: The document that the dataset comes from.
    """

    title: str
    author: str
    data_version: str
    as_of: date
    content_hash: str
    source: Source

    def __repr__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The citation as plain text."""
        return f"{reference(self.title, self.author, self.data_version, self.as_of)} {self._note}."

    @property
    def bibtex(self) -> str:
        """The citation as an entry for BibTeX and BibLaTeX that needs no TeX package.

        Its type is `@misc`, because not every style supports `@dataset`.
        """
        # Inner braces keep capital letters, and the name of an author that is not a person in one piece.
        fields = {
            "author": f"{{{{{_tex(self.author)}}}}}",
            "title": f"{{{{{_tex(self.title)}}}}}",
            "year": f"{{{self.as_of.year}}}",
            "month": _MONTHS[self.as_of.month - 1],
            "howpublished": f"{{Data set, version {self.data_version}}}",
            "note": f"{{{_tex(self._note)}}}",
        }
        return "\n".join([f"@misc{{{self._key},", *(f"  {name} = {value}," for name, value in fields.items()), "}\n"])

    @property
    def csl(self) -> dict[str, Any]:
        """The citation as an item of CSL-JSON, the data of the Citation Style Language."""
        return {
            "id": self._key,
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": self.author}],
            "version": self.data_version,
            "issued": {"date-parts": [[self.as_of.year, self.as_of.month, self.as_of.day]]},
            "note": self._note,
        }

    @property
    def csl_json(self) -> str:
        """The citation as a CSL-JSON document, a list of one item, for reference managers and pandoc."""
        return canonical_json.to_json([self.csl])

    def to_dict(self) -> dict[str, Any]:
        """Return the citation as plain data: the facts and all three formats."""
        return {
            "title": self.title,
            "author": self.author,
            "data_version": self.data_version,
            "as_of": self.as_of.isoformat(),
            "content_hash": self.content_hash,
            "source": {name: getattr(self.source, name) for name in ("id", "title", "publisher", "url")},
            "text": self.text,
            "bibtex": self.bibtex,
            "csl": self.csl,
        }

    @property
    def _key(self) -> str:
        words = re.sub("[^a-z0-9]+", "-", self.title.lower()).strip("-")
        return f"{words or 'dataset'}-{self.data_version}"

    @property
    def _note(self) -> str:
        publisher = "" if self.source.publisher is None else f", {self.source.publisher}"
        url = "" if self.source.url is None else f" ({self.source.url})"
        return f"Data as of {self.as_of}, from “{self.source.title}”{publisher}{url}. Content {self.content_hash}"


def cite(dataset: Dataset | None = None, *, title: str | None = None, author: str | None = None) -> Citation:
    """Cite the packaged data, a released version of it, or your own dataset.

    The citation names the source of the grant program.

    Args:
        dataset: The dataset; by default the packaged one.
        title: Its title; required for your own dataset.
        author: Its author; required for your own dataset.

    Raises:
        ValueError: If the title or the author of your own dataset is missing; neither is part of the data.

    >>> citation = cite()
    >>> print(citation.text[:66])
    The eaps-data authors (2026). eaps-data, version 2.0.0 [Data set].
    >>> print(citation.bibtex[:62])
    @misc{eaps-data-2.0.0,
      author = {{The eaps-data authors}},
    >>> citation.csl["issued"]
    {'date-parts': [[2026, 11, 26]]}
    >>> cite(Dataset.from_release("1.0.0")).data_version
    '1.0.0'
    """
    dataset = load() if dataset is None else dataset
    expect("dataset", dataset, Dataset)
    expect("title", title, str, NoneType)
    expect("author", author, str, NoneType)
    hash_ = content_hash(dataset) if dataset == load() else _released_hash(dataset)
    if None in {title, author} and hash_ is None:
        raise ValueError("to cite your own dataset, pass its title and author")
    return Citation(
        title=TITLE if title is None else title,
        author=AUTHOR if author is None else author,
        data_version=dataset.release.data_version,
        as_of=dataset.release.as_of,
        content_hash=hash_ or content_hash(dataset),
        source=dataset.sources[dataset.grant_program.source],
    )


def content_hash(dataset: Dataset) -> str:
    """Return the SHA-256 of a dataset's canonical JSON (`Dataset.to_json` in UTF-8): equal data has an equal hash.

    Indentation, the order of keys and omitted fields make no difference. The schema and data versions do: they are
    part of the document.

    Returns:
        `sha256:` and 64 hexadecimal digits.

    >>> import eaps_data as eaps
    >>> again = eaps.Dataset.from_json(eaps.load().to_json().replace("  ", ""))
    >>> content_hash(again) == content_hash(eaps.load())
    True
    """
    return "sha256:" + hashlib.sha256(dataset.to_json().encode("utf-8")).hexdigest()


def _released_hash(dataset: Dataset) -> str | None:
    """Return the hash of a released version, as it was before it was migrated; None for other data."""
    version = dataset.release.data_version
    released = resources.releases()["data"].get(version)
    return str(released["content_hash"]) if released and dataset == Dataset.from_release(version) else None


def _tex(text: str) -> str:
    return text.translate(_TEX)
