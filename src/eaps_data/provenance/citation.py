"""How to cite a dataset: as a sentence, as BibTeX and as CSL-JSON."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from eaps_data._internal import canonical_json
from eaps_data.models.records import Source
from eaps_data.provenance.content_hash import content_hash
from eaps_data.tables.dataset import Dataset, load

TITLE: Final = "eaps-data"
"""The title of the packaged data, as in CITATION.cff."""
AUTHOR: Final = "The eaps-data authors"
"""Who made the packaged data, as in CITATION.cff."""

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""The months' names as BibTeX knows them."""

# Braces count for BibTeX even after a backslash, so that they are spelled out. The last five characters come out
# as others in TeX's old encoding.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """How to cite one edition of a dataset. As text it is a plain sentence.

    Attributes:
        title: the dataset's title.
        author: who made it, as one name.
        data_version: the version of the data.
        as_of: the day on which the sources' copies were read; it stands for the day of issue too.
        content_hash: the hash of the data, from `content_hash`.
        source: the document that the dataset was read from.
    """

    title: str
    author: str
    data_version: str
    as_of: date
    content_hash: str
    source: Source

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The citation as plain text."""
        return f"{self.author} ({self.as_of.year}). {self.title}, version {self.data_version} [Data set]. {self._note}."

    @property
    def bibtex(self) -> str:
        """The citation as an entry for BibTeX and BibLaTeX, which needs no TeX package.

        It is a `@misc`, as not every style knows `@dataset`.
        """
        # An inner pair of braces keeps capitals as they are, and an author that is no person in one piece.
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
        """The citation as a CSL-JSON document, a list of one item, which reference managers and pandoc import."""
        return canonical_json.to_json([self.csl])

    def to_dict(self) -> dict[str, Any]:
        """The citation as plain data: the facts, and all three forms."""
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
    """How to cite the packaged data, or a dataset of your own.

    The source that it names is the one that describes the grant program.

    Args:
        dataset: the dataset; the packaged one if none is given.
        title: its title. A dataset that is not the packaged one needs it.
        author: who made it. A dataset that is not the packaged one needs it.

    Raises:
        ValueError: for a dataset that is not the packaged one, when the title or the author is not given: neither
            is part of the data.

    >>> citation = cite()
    >>> print(citation.text[:66])
    The eaps-data authors (2026). eaps-data, version 1.0.0 [Data set].
    >>> print(citation.bibtex[:62])
    @misc{eaps-data-1.0.0,
      author = {{The eaps-data authors}},
    >>> citation.csl["issued"]
    {'date-parts': [[2026, 11, 23]]}
    """
    packaged = load()
    if dataset is None:
        dataset = packaged
    if dataset != packaged and (title is None or author is None):
        raise ValueError("this is not the packaged data: give the title and the author to cite it by")
    return Citation(
        title=TITLE if title is None else title,
        author=AUTHOR if author is None else author,
        data_version=dataset.release.data_version,
        as_of=dataset.release.as_of,
        content_hash=content_hash(dataset),
        source=dataset.sources[dataset.grant_program.source],
    )


def _tex(text: str) -> str:
    return text.translate(_TEX)
