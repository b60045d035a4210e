"""All tables together: loaded, checked and queried as one."""

import threading
from collections.abc import Callable, Mapping
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Never, Self

from eaps_data._internal import resources
from eaps_data._internal.gc_pause import GcPaused
from eaps_data._internal.text_keys import closest
from eaps_data.errors import InvalidDataError, UnknownTermError
from eaps_data.models.past_ids import PastIds
from eaps_data.models.records import RECORDS, DatasetDocument, GrantProgram, Record, Release
from eaps_data.rules import integrity
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
    from eaps_data.tables.search import Hits, TextIndex


class Dataset:
    """The municipalities, programs, partners, partnerships, sources and evidence of one edition.

    Immutable; equal to a dataset that says the same; hashable; may be pickled. `load()` gives the packaged one.

    >>> import eaps_data as eaps
    >>> dataset = eaps.load()
    >>> dataset.municipalities["revere"].styled_name
    'City of Revere'
    >>> eaps.Dataset.from_json(dataset.to_json()) == dataset
    True
    """

    __slots__ = (
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

    _texts: "TextIndex"
    document: DatasetDocument
    """The dataset as one Pydantic model."""
    release: Release
    """Which edition of the data this is: its version, and the day on which the sources were read."""
    grant_program: GrantProgram
    """The program that funds the municipalities."""
    municipalities: Municipalities
    """The funded towns and cities, in the page's order."""
    programs: Programs
    """What the municipalities do."""
    partners: Partners
    """The organizations that the page names."""
    partnerships: Partnerships
    """What the partners are to the programs."""
    sources: Sources
    """The documents that the facts come from."""
    evidence: EvidenceRows
    """Each claim, and the phrase behind it."""
    past_ids: PastIds
    """The ids that were renamed or removed."""

    def __init__(self, document: DatasetDocument) -> None:
        """Make a dataset of a document.

        Raises:
            InvalidDataError: when the records do not fit together; it lists all problems.
        """
        problems = integrity.check(document)
        if problems:
            raise InvalidDataError(problems)
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

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"a dataset is immutable: {name!r} cannot be set")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"a dataset is immutable: {name!r} cannot be deleted")

    @classmethod
    def from_file(cls, path: str | PathLike[str]) -> Self:
        """Read a dataset document from a JSON file in UTF-8.

        Raises:
            OSError: when the file cannot be read.
            InvalidDataError: when it is not a valid dataset; it lists all problems, each with file and line.
        """
        return cls._read(Path(path).read_bytes(), str(path))

    @staticmethod
    def from_path(path: str | PathLike[str], format: str | None = None) -> "Dataset":  # noqa: A002 - as `export.write` has it
        """Read a dataset from a file or folder in any format that `eaps_data.export` writes and that holds all of it.

        Args:
            path: the file or folder.
            format: the format's name, such as `csv`; told by the ends of the files' names where not given.

        Raises:
            OSError: when it cannot be read.
            UnknownTermError: when there is no such format.
            InvalidDataError: when it holds no valid dataset; it lists all problems, each with file, table and row.
            MissingExtraError: when a library is missing that the format needs; it names the extra.
        """
        # The formats are built upon this module, which knows of them by name only.
        read: Callable[..., Dataset] = import_module("eaps_data.export").read
        return read(path, format)

    def to_frames(self, backend: str | None = None) -> dict[str, Any]:
        """All tables as data frames by their names, those of one row and the ids of the past included.

        Args:
            backend: `pandas`, `polars` or `pyarrow`; whichever of them is installed, in this order, where not given.

        Raises:
            UnknownTermError: when there is no such backend; it lists those that there are.
            MissingExtraError: when the library is not installed; it names the extra.
        """
        frames: dict[str, Any] = import_module("eaps_data.export.frames").to_frames(self, backend)
        return frames

    @staticmethod
    def from_frames(frames: Mapping[str, Any]) -> "Dataset":
        """A dataset of data frames: the way back from `to_frames`.

        Args:
            frames: of pandas, polars or anything that speaks Arrow, by the names of their tables. What has only
                changed its form on the way is taken as what it was: 2015.0 in a column of whole numbers, a time of
                midnight in a column of dates, NaN for nothing.

        Raises:
            InvalidDataError: when a table or column is missing or too many, a code has lost its zeros, or the
                records are no valid dataset; each problem names its table, its row, from 0, and its column.

        >>> dataset = load()
        >>> Dataset.from_frames(dataset.to_frames()) == dataset
        True
        """
        dataset: Dataset = import_module("eaps_data.export.frames").from_frames(frames)
        return dataset

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a dataset document from JSON.

        Raises:
            InvalidDataError: when it is not a valid dataset; it lists all problems, each with its line.
        """
        return cls._read(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text, None)

    @classmethod
    def from_release(cls, version: str) -> Self:
        """The packaged data as it was in a version that was released.

        Raises:
            UnknownTermError: when there is no such version; it lists those that there are.
            InvalidDataError: when its schema is older than the models still read; it says what does.

        >>> Dataset.from_release("1.0.0").release.as_of.year
        2026
        """
        known = tuple(resources.releases()["data"])
        if version not in known:
            raise UnknownTermError("data_version", version, known, closest(version, known))
        return cls._read(resources.release(version), f"{version}.json")

    @classmethod
    def _read(cls, data: bytes, file: str | None) -> Self:
        from eaps_data.tables.loading import read_document

        return read_document(data, file, cls)

    def to_json(self) -> str:
        """Write the dataset as one JSON document, in canonical form."""
        from eaps_data._internal import canonical_json

        return canonical_json.to_json(self.document.model_dump(mode="json"))

    def find(self, key: str) -> Record:
        """The one record of any table that has a key; `table/key` looks into one table only.

        An id that was renamed finds its record, with a `RenamedIdWarning`.

        Raises:
            KeyNotFoundError: when no record has the key; it names the closest.
            RemovedIdError: when the key is an id that was removed; it says since when, and why.
            AmbiguousKeyError: when more than one has it; it lists them as `table/id`.

        >>> import eaps_data as eaps
        >>> eaps.load().find("RPD").id
        'revere-police-department'
        """
        return find(self, key)[1]

    def search(self, query: str) -> "Hits":
        """Find records by what is said in them, best first; see `eaps_data.search`."""
        try:
            index = self._texts
        except AttributeError:  # nobody has searched yet; the index is the same whichever thread comes last
            from eaps_data.tables.search import TextIndex

            index = TextIndex(self)
            object.__setattr__(self, "_texts", index)
        return index.search(query)

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
        from eaps_data.display.text import count

        counts = ", ".join(
            count(len(table), noun)
            for noun, table in (
                ("municipality", self.municipalities),
                ("program", self.programs),
                ("partner", self.partners),
                ("evidence row", self.evidence),
            )
        )
        return f"<Dataset {self.release.data_version} of {self.release.as_of}: {counts}>"

    def _repr_html_(self) -> str:
        from eaps_data.display.html import dataset_html
        from eaps_data.display.text import short

        listed = (self.municipalities, self.programs, self.partners, self.partnerships)
        name = f"Dataset {self.release.data_version} of {self.release.as_of}: {short(self.grant_program.name)}"
        tables = [(each.table, len(each), type(each).__doc__ or "") for each in (*listed, self.sources, self.evidence)]
        note = "" if any(listed) else "It has no municipalities, programs, partners or partnerships yet."
        return dataset_html(name, tables, note)


_lock = threading.Lock()
_loaded: list[Dataset] = []


def load() -> Dataset:
    """The packaged dataset: read once, checked, and the same object ever after.

    Safe to call from many threads; offline; from a wheel, a zip or a frozen application.

    >>> load().release.data_version
    '1.0.0'
    """
    if not _loaded:
        with _lock:
            if not _loaded:
                with GcPaused():
                    _loaded.append(Dataset(_packaged()))
    return _loaded[0]


def search(query: str) -> "Hits":
    """Search the packaged municipalities, programs and partners for words, best hits first.

    Args:
        query: words in any order, whole or abbreviated from the start.

    Returns:
        The hits, each with its `record`, its `score`, and in `matches` the fields and words that matched. The
        score is 3 for a key as written, 2 for a key in another spelling, and from 0 to 1 for words. To look a
        record up by its key, use `programs[key]`, which never guesses.

    Raises:
        ValueError: if the query has no word.

    >>> for hit in search("peer recovery")[:1]:
    ...     print(hit.record.id, [match.field for match in hit.matches])
    winthrop-public-health-and-safety-team ['services', 'staff_roles', 'summary', 'definition']
    """
    return load().search(query)


def _packaged() -> DatasetDocument:
    members = ("release", "grant_program", *RECORDS, "redirects", "tombstones")
    parts = (b'"%s":%s' % (name.encode(), resources.data(name)) for name in members)
    return DatasetDocument.model_validate_json(b"{%s}" % b",".join(parts))
