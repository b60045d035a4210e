"""The dataset: all tables together."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from operator import attrgetter
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Never, Self, overload

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from eaps_data._internal import resources
from eaps_data._internal.arguments import expect, one_of
from eaps_data._internal.bounded_reads import read_file
from eaps_data._internal.first_use import LOCK
from eaps_data._internal.gc_pause import GcPaused
from eaps_data.errors import InvalidDataError
from eaps_data.models.option_names import Backend, ListsAs, LosslessName, TermsAs
from eaps_data.models.past_ids import PastIds
from eaps_data.models.records import RECORDS, DatasetDocument, GrantProgram, Identified, Release
from eaps_data.models.table_specs import MEMBERS, SCHEMA_VERSION, TABLE_SPECS, TABLES
from eaps_data.rules import integrity
from eaps_data.tables import context
from eaps_data.tables.base import Collection, instance_schema
from eaps_data.tables.collections import (
    EvidenceRows,
    Municipalities,
    Partners,
    Partnerships,
    Programs,
    Sources,
    find,
)

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from eaps_data.rules.checker import Content
    from eaps_data.tables.hits import Hits
    from eaps_data.tables.search import TextIndex
else:
    Hits = tuple  # for `typing.get_type_hints`; the first record is not to wait for more imports

TITLE: Final = "eaps-data"
"""The title of the packaged data, as in CITATION.cff."""
AUTHOR: Final = "The eaps-data authors"
"""The author of the packaged data, as in CITATION.cff."""
LICENSE: Final = "CC-BY-4.0"
"""The license of the packaged data, as an identifier of the SPDX License List."""


def reference(title: str, author: str, data_version: str, as_of: date) -> str:
    """Return a reference to an edition of a dataset, as a sentence.

    >>> reference(TITLE, AUTHOR, load().release.data_version, load().release.as_of)
    'The eaps-data authors (2026). eaps-data, version 2.0.0 [Data set].'
    """
    return f"{author} ({as_of.year}). {title}, version {data_version} [Data set]."


class Dataset:
    """The municipalities, programs, partners, partnerships, sources and evidence of one edition.

    Immutable, hashable and picklable; datasets with equal contents are equal. `load()` returns the packaged one.

    >>> import eaps_data as eaps
    >>> dataset = eaps.load()
    >>> dataset.municipalities["revere"].styled_name
    'City of Revere'
    >>> eaps.Dataset.from_json(dataset.to_json()) == dataset
    True
    """

    __slots__ = (
        "__weakref__",
        "_texts",
        "document",
        "evidence",
        "grant_program",
        "municipalities",
        "partners",
        "partnerships",
        "past_ids",
        "programs",
        "release",
        "sources",
    )

    if TYPE_CHECKING:
        _texts: TextIndex
    document: DatasetDocument
    """The dataset as one Pydantic model."""
    release: Release
    """The version of the data, and the day on which the sources were read."""
    grant_program: GrantProgram
    """The program that funds the municipalities."""
    municipalities: Municipalities
    """The funded cities and towns, in the order of the page."""
    programs: Programs
    """The programs of the municipalities."""
    partners: Partners
    """The organizations that the page names."""
    partnerships: Partnerships
    """The partners of the programs, and their roles."""
    sources: Sources
    """The documents that the facts are taken from."""
    evidence: EvidenceRows
    """The claims, each with the quote that supports it."""
    past_ids: PastIds
    """The renamed and removed ids."""

    def __init__(self, document: DatasetDocument) -> None:
        """Create a dataset from a document.

        Raises:
            InvalidDataError: if the document breaks a rule between records; it lists all errors.
        """
        expect("document", document, DatasetDocument)
        errors = [problem for problem in integrity.check(document) if problem.severity == "error"]
        if errors:
            raise InvalidDataError(errors)
        self._hold(document)

    @classmethod
    def _of_valid(cls, document: DatasetDocument) -> Self:
        """Create a dataset from a document that has been checked."""
        dataset = cls.__new__(cls)
        dataset._hold(document)
        return dataset

    def _hold(self, document: DatasetDocument) -> None:
        put = object.__setattr__
        put(self, "document", document)
        put(self, "release", document.release)
        put(self, "grant_program", document.grant_program)
        put(self, "past_ids", PastIds(document.redirects, document.tombstones))
        put(self, "municipalities", Municipalities(document.municipalities, self))
        put(self, "programs", Programs(document.programs, self))
        put(self, "partners", Partners(document.partners, self))
        put(self, "partnerships", Partnerships(document.partnerships, self))
        put(self, "sources", Sources(document.sources, self))
        put(self, "evidence", EvidenceRows(document.evidence, self))
        context.register(self)

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"a dataset is immutable: {name!r} cannot be set")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"a dataset is immutable: {name!r} cannot be deleted")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Serialize a dataset as its document, and build it from one, in fields of models and in web frameworks."""
        document = handler.generate_schema(DatasetDocument)
        built = core_schema.no_info_after_validator_function(cls, document)
        written = core_schema.plain_serializer_function_ser_schema(attrgetter("document"), return_schema=document)
        return instance_schema(cls, built, written)

    @classmethod
    def from_file(cls, path: str | PathLike[str]) -> Self:
        """Read a dataset document from a JSON file in UTF-8.

        Raises:
            OSError: if the file cannot be read.
            InvalidDataError: if it is not a valid dataset; it lists all errors, each with file, line and column.
        """
        return cls._of_json(read_file(path), str(path))

    @classmethod
    def from_path(cls, path: str | PathLike[str], format: LosslessName | None = None) -> Self:
        """Read a dataset from a file or folder in any lossless format.

        Args:
            path: the file or folder: as `eaps_data.export` writes it, or a folder with a JSON file per table.
            format: the format's name, such as `csv`; recognized by the names of the files if not given.

        Raises:
            OSError: if it cannot be read.
            UnknownTermError: if there is no such lossless format.
            InvalidDataError: if it is not a valid dataset; it lists all errors, each with its location.
            MissingExtraError: if the format needs a library that is not installed; it names the extra.
        """
        from eaps_data.tables.loading import load_path

        return cls._of_valid(load_path(path, format))

    @classmethod
    def from_frames(cls, frames: Mapping[str, Any]) -> Self:
        """Build a dataset from data frames, such as those of `to_frames`.

        Args:
            frames: a mapping of table names to data frames of pandas, polars or any Arrow library. Values that only
                changed their type are converted back: 2015.0 in an integer column, midnight in a date column, NaN for
                a missing value.

        Raises:
            InvalidDataError: if a table or column is missing or unknown, a value is not a data frame, a code has lost
                its zeros, or the records are not a valid dataset; each problem names the table, the row, counted from
                0, and the column.

        >>> dataset = load()
        >>> Dataset.from_frames(dataset.to_frames()) == dataset
        True
        """
        from eaps_data.frames import reader

        return cls._of_content(reader.read(frames))

    if TYPE_CHECKING:

        @overload
        def to_frames(
            self, backend: Literal["pandas"], *, terms: TermsAs = ..., lists: ListsAs = ...
        ) -> dict[str, pd.DataFrame]: ...
        @overload
        def to_frames(
            self, backend: Literal["polars"], *, terms: TermsAs = ..., lists: ListsAs = ...
        ) -> dict[str, pl.DataFrame]: ...
        @overload
        def to_frames(
            self, backend: Literal["pyarrow"], *, terms: TermsAs = ..., lists: ListsAs = ...
        ) -> dict[str, pa.Table]: ...
        @overload
        def to_frames(
            self, backend: Backend | None = None, *, terms: TermsAs = ..., lists: ListsAs = ...
        ) -> dict[str, Any]: ...

    def to_frames(
        self, backend: str | None = None, *, terms: TermsAs = "categorical", lists: ListsAs = "list"
    ) -> dict[str, Any]:
        """Return all tables as data frames by their names, those of one row and the past ids included.

        Args:
            backend: `pandas`, `polars` or `pyarrow`; the first of them that is installed if not given.
            terms: `categorical` or `text`, as for a collection's `to_frame`.
            lists: `list`, `joined` or `explode`, as for a collection's `to_frame`. `from_frames` reads lists only.

        Raises:
            UnknownTermError: if there is no such backend or layout; it lists the valid ones.
            MissingExtraError: if the library is not installed; it names what to install.
        """
        from eaps_data.formats import columns
        from eaps_data.frames import Layout, frame

        layout = Layout(terms, lists)
        return {
            name: frame(columns.table(name), rows, backend, layout, self._about(name))
            for name, rows in self.to_rows().items()
        }

    def _about(self, table: str) -> dict[str, str]:
        """Return facts about a table for the data frames that hold it; those of others have no known license."""
        version, as_of = self.release.data_version, self.release.as_of
        facts = {"table": table, "data_version": version}
        if self == load():
            facts |= {"licence": LICENSE, "citation": reference(TITLE, AUTHOR, version, as_of)}
        return facts

    def to_rows(self) -> dict[str, list[dict[str, Any]]]:
        """Return the records of all tables as plain rows, ready for JSON; the inverse is reading any format.

        >>> [row["county"] for row in load().to_rows()["municipalities"]][:2]
        ['Suffolk', 'Hampshire']
        """
        plain = self.document.model_dump(mode="json")
        return {name: [plain[name]] if TABLE_SPECS[name].has_one_row else plain[name] for name in MEMBERS}

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a dataset document from JSON.

        Raises:
            InvalidDataError: if it is not a valid dataset; it lists all errors, each with line and column.
        """
        expect("text", text, str, bytes)
        return cls._of_json(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)

    @classmethod
    def from_release(cls, version: str) -> Self:
        """Return the packaged data as it was in a released version, migrated to the current schema.

        Raises:
            UnknownTermError: if there is no such version; it lists the released ones.

        >>> Dataset.from_release("1.0.0").release.as_of.year
        2026
        """
        one_of("data_version", version, resources.releases()["data"])
        return cls._of_json(resources.release(version), f"{version}.json", warns=False)

    @classmethod
    def _of_json(cls, data: bytes, file: str | None = None, *, warns: bool = True) -> Self:
        from eaps_data.formats import json

        return cls._of_content(json.JsonContent(data, file), warns=warns)

    @classmethod
    def _of_content(cls, content: "Content", *, warns: bool = True) -> Self:
        from eaps_data.tables.loading import build

        return cls._of_valid(build(content, warns=warns))

    def to_json(self) -> str:
        """Write the dataset as one JSON document, in canonical form."""
        from eaps_data._internal import canonical_json

        return canonical_json.to_json(self.document.model_dump(mode="json"))

    def find(self, key: str) -> Identified:
        """Return the record with a key, from any table; `table/key` searches one table only.

        A renamed id finds its record, with a `RenamedIdWarning`.

        Raises:
            KeyNotFoundError: if no record has the key; it suggests the closest.
            RemovedIdError: if the key is a removed id; it gives the version and the reason.
            AmbiguousKeyError: if several records have it; it lists them as `table/id`.

        >>> import eaps_data as eaps
        >>> eaps.load().find("RPD").id
        'revere-police-department'
        """
        return find(self, key)[1]

    def search(self, query: str, limit: int | None = None) -> Hits:
        """Search the records for words, best hits first; see `eaps_data.search`.

        Raises:
            ValueError: if the query has no word, or if the limit is less than 1.
        """
        try:
            index = self._texts
        except AttributeError:  # the first search; two threads may both build the index, and either will do
            from eaps_data.tables.search import TextIndex

            with GcPaused():
                index = TextIndex(self)
            object.__setattr__(self, "_texts", index)
        return index.search(query, limit)

    def __eq__(self, other: object) -> bool:
        return self.document == other.document if isinstance(other, Dataset) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.release, *self.municipalities.ids))

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[DatasetDocument]]:
        return type(self), (self.document,)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self

    def __repr__(self) -> str:
        from eaps_data.display.text import text_table

        sizes = [(each.table, len(each)) for each in self._collections()]
        return f"{self._caption}\n{text_table(('table', 'records'), sizes)}"

    def _repr_html_(self) -> str:
        from eaps_data.display.html import dataset_html

        tables = [(each.table, len(each), type(each).__doc__ or "") for each in self._collections()]
        is_empty = not (self.municipalities or self.programs or self.partners or self.partnerships)
        note = "It has no municipalities, programs, partners or partnerships yet." if is_empty else ""
        return dataset_html(self._caption, tables, note)

    @property
    def _caption(self) -> str:
        from eaps_data.display.text import short

        return f"Dataset {self.release.data_version} of {self.release.as_of}: {short(self.grant_program.name)}"

    def _collections(self) -> tuple[Collection[Any], ...]:
        return tuple(getattr(self, name) for name in TABLES)


_VERSION: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def opened(source: Dataset | str | PathLike[str]) -> Dataset:
    """Return a dataset, or read it from a file or folder in any lossless format, or from the release of a version.

    Raises:
        OSError: if it cannot be read.
        InvalidDataError: if it is not a valid dataset; it lists all errors, each with its location.
        UnknownTermError: if there is no release of the version; it lists those that exist.
    """
    if isinstance(source, Dataset):
        return source
    path = Path(source)
    if isinstance(source, str) and _VERSION.fullmatch(source) and not path.exists():
        return Dataset.from_release(source)
    # A shell's process substitution has no suffix; its content is a dataset document.
    return Dataset.from_path(path) if path.suffix or path.is_dir() else Dataset.from_file(path)


_loaded: list[Dataset] = []


def load() -> Dataset:
    """Return the packaged dataset; it is read and checked on the first call, and every call returns the same object.

    It can be called from several threads, needs no network, and works from a wheel, a zip or a frozen application.

    >>> load().release.data_version
    '2.0.0'
    """
    if not _loaded:
        with LOCK:
            if not _loaded:
                with GcPaused():
                    _loaded.append(Dataset(_packaged()))
    return _loaded[0]


def search(query: str, limit: int | None = None) -> Hits:
    """Search the packaged municipalities, programs, partners and grant program for words, best hits first.

    A record is found by its names, the terms it has, their synonyms and broader terms, its goals, activities and
    summary, the definitions of its terms, and the quotes of its evidence, in this order of weight. The quotes of a
    partnership find its program and its partner.

    Case, accents, hyphens and plurals make no difference. Words with another ending (`evaluate` for `evaluation`) and
    words abbreviated to at least three letters weigh a little less. A word of five letters or more that finds nothing
    is read with one typo; the match has a note. A word of three letters that the dataset has, or that is written in
    capitals, is an acronym: it is neither abbreviated nor has other endings.

    Args:
        query: words in any order.
        limit: the number of hits to return; all if not given.

    Returns:
        The hits, each with its `record`, its `score`, and in `matches` the fields and words that matched. The score is
        3 for a key as written and 2 for a key in another spelling. For words it is at most 1: of n words, records with
        k of them score more than (k - 1) / n and at most k / n, so those with all words come first. Among these, those
        with the whole phrase come first. To look a record up by its key, use `programs[key]`, which never guesses. If
        there is no hit, `tried` reports the words that were tried and similar ones.

    Raises:
        ValueError: if the query has no word, or if the limit is less than 1.

    >>> for hit in search("peer recovery", limit=1):
    ...     print(hit.record.id, hit.matches[0].field, hit.matches[0].words)
    winthrop-public-health-and-safety-team services ('peer', 'recovery')
    >>> search("recovry").records == search("recovery").records
    True
    >>> search("xylophones")
    0 hits; tried 'xylophones' (as 'xylophon')
    """
    return load().search(query, limit)


def _packaged() -> DatasetDocument:
    members = ("release", "grant_program", *RECORDS, "redirects", "tombstones")
    parts = [b'"schema_version":"%s"' % SCHEMA_VERSION.encode()]
    parts += (b'"%s":%s' % (name.encode(), resources.data(name)) for name in members)
    return DatasetDocument.model_validate_json(b"{%s}" % b",".join(parts))
