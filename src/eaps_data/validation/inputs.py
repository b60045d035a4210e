"""The inputs of a validation: files, folders, globs and standard input, plain or gzipped."""

import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, TypeAlias

from eaps_data._internal.bounded_reads import BoundedLines
from eaps_data._internal.text_keys import closest
from eaps_data.errors import did_you_mean
from eaps_data.formats.registry import file_names, formats_in

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STDIN: Final = "-"
SUFFIXES: Final = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".csv": "csv",
    ".parquet": "parquet",
    ".sqlite": "sqlite",
    ".xlsx": "xlsx",
}
"""The format of a file by the end of its name; `.gz` may follow that of a text format."""
TEXT_FORMATS: Final = ("json", "jsonl", "yaml", "csv")
"""The formats that can be read from a stream."""

_DESCRIPTOR: Final = "datapackage.json"
"""Describes the data in its folder, and is no data."""
_GLOB: Final = frozenset("*?[")
_HIDDEN: Final = (".", "~$")  # the latter is what Excel writes next to a file that is open
# Honest data compresses about tenfold, a bomb a thousandfold. Small files may expand freely.
_MOST_EXPANSION: Final = 100
_ALWAYS_ALLOWED: Final = 64 * 2**20


class UnreadableError(Exception):
    """An input cannot be read: it is missing, a folder without data, damaged, or a bomb."""


Unreadable: TypeAlias = tuple[str, UnreadableError]
"""The name of an input that cannot be read, and why."""


class Input(NamedTuple):
    """One thing to validate.

    Attributes:
        name: the file or folder, as it was given or found; `-` is standard input.
        format: the format of the file, or of the dataset in the folder.
    """

    name: str
    format: str

    @property
    def is_dataset(self) -> bool:
        """Whether its format holds whole datasets only."""
        return self.format in {"sqlite", "xlsx"} or (self.name != STDIN and Path(self.name).is_dir())

    def open(self) -> BinaryIO:
        """Open it for reading bytes, expanded if it is gzipped.

        Raises:
            UnreadableError: if it cannot be opened.
        """
        try:
            stream = sys.stdin.buffer if self.name == STDIN else Path(self.name).open("rb")  # noqa: SIM115 - the caller closes
        except OSError as error:
            raise UnreadableError(f"cannot be opened: {error.strerror or error}") from None
        if self.name.lower().endswith(".gz"):
            stream = io.BufferedReader(_Expanded(stream))
        return io.BufferedReader(BoundedLines(stream)) if self.format in {"csv", "jsonl"} else stream


class Count(NamedTuple):
    """Records that were checked.

    Attributes:
        records: how many.
        type: `dataset`, if they are all records of one, or their table; None if it is unknown.
        linked: whether the references between the records of a dataset were checked, as those of sound records are.
    """

    records: int
    type: str | None
    linked: bool = True


class _Expanded(io.RawIOBase):
    """A gzipped stream, expanded as it is read, with a bound on the expansion."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._plain = gzip.GzipFile(fileobj=packed, mode="rb")
        self._expanded = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill a buffer with the next bytes, and return their number, 0 at the end.

        Raises:
            UnreadableError: if the data is not complete gzip data, or expands beyond the bound.
        """
        view = memoryview(buffer)
        try:
            chunk = self._plain.read(len(view))
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableError(f"it is not complete gzip data ({error})") from None
        self._expanded += len(chunk)
        if self._expanded > max(_ALWAYS_ALLOWED, _MOST_EXPANSION * self._packed.tell()):
            raise UnreadableError(f"it expands to more than {_MOST_EXPANSION} times its size")
        view[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        """Close the stream and the file that it reads."""
        self._plain.close()
        self._packed.close()
        super().close()


def expand(
    names: Sequence[str], format_: str | None = None, exclude: Sequence[str] = (), *, whole: bool = True
) -> Iterator[Input | Unreadable]:
    """Yield the inputs that names match, in order; a name that matches none, with the reason.

    Args:
        names: files, folders, globs, or `-` for standard input. Folders are searched for files of a known format,
            without hidden files and folders, `node_modules` and virtual environments.
        format_: the format of them all; recognized by the ends of the files' names if not given.
        exclude: globs of files and folders that are left out of folders.
        whole: whether a folder with the tables of a dataset is one input.
    """
    for index, name in enumerate(names):
        try:
            if name == STDIN and STDIN in names[:index]:
                yield name, UnreadableError("standard input can be read only once")
            else:
                yield from _inputs(name, format_, exclude, whole=whole and format_ is None)
        except UnreadableError as error:
            yield name, error
        except OSError as error:  # a name that is too long, for example
            yield name, UnreadableError(f"cannot be opened: {error.strerror or error}")


def _inputs(name: str, format_: str | None, exclude: Sequence[str], *, whole: bool) -> Iterator[Input | Unreadable]:
    path = Path(name)
    if name == STDIN:
        yield Input(name, format_ or "json")
    elif not name:
        raise UnreadableError("the name is empty; for the current folder, write .")
    elif path.is_dir():
        yield from _below_folder(path, format_, exclude, whole=whole)
    elif path.exists():
        yield _input(path, name, format_)
    elif _GLOB.isdisjoint(name):
        with suppress(FileNotFoundError, NotADirectoryError, ValueError):
            path.stat()  # since Python 3.14, `exists` is false for a name that is too long too
        raise UnreadableError(missing(name))
    else:
        for file in _matches(name):
            try:
                if not Path(file).is_file():  # a pipe would block
                    raise _irregular(Path(file))
                yield _input(Path(file), file, format_)
            except UnreadableError as error:
                yield file, error


def _input(path: Path, name: str, format_: str | None) -> Input:
    if path.name == _DESCRIPTOR and format_ is None:
        return Input(str(path.parent), "datapackage")
    return Input(name, _known_format(path, format_))


def _matches(pattern: str) -> list[str]:
    import glob

    found = glob.glob(pattern, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern, and gives other names
    files = sorted(file for file in found if not Path(file).is_dir())
    if not files:
        raise UnreadableError("no file matches")
    return files


def _below_folder(
    top: Path, format_: str | None, exclude: Sequence[str], *, whole: bool
) -> Iterator[Input | Unreadable]:
    """Yield the datasets and files in a folder and its subfolders, and what in them cannot be read."""
    failed: list[OSError] = []
    count = 0
    for folder, subfolders, files in os.walk(top, onerror=failed.append):
        subfolders[:], linked = _subfolders(Path(folder), sorted(subfolders), top, exclude)
        visible = [file for file in sorted(files) if not file.startswith(_HIDDEN)]
        kept = [file for file in visible if not _is_excluded(Path(folder, file), top, exclude)]
        for each in (*_errors(failed), *linked, *_in_folder(Path(folder), kept, format_, whole=whole)):
            count += 1
            yield each
    if count == len(failed) == 0:
        raise UnreadableError(f"no file in it ends in {', '.join(SUFFIXES)} (or .gz)")
    yield from _errors(failed)


def _errors(failed: list[OSError]) -> Iterator[Unreadable]:
    """Yield the folders that could not be listed since the last call."""
    while failed:
        error = failed.pop(0)
        yield str(error.filename), UnreadableError(f"cannot be opened: {error.strerror or error}")


def _subfolders(
    folder: Path, names: Sequence[str], top: Path, exclude: Sequence[str]
) -> tuple[list[str], list[Unreadable]]:
    """Return the subfolders to search, and those that are links, which are not followed."""
    found: list[str] = []
    linked: list[Unreadable] = []
    for name in names:
        path = folder / name
        if name.startswith(".") or name == "node_modules" or _is_excluded(path, top, exclude):
            continue
        if path.is_symlink():
            linked.append((str(path), UnreadableError("it is a link to a folder; name that folder instead")))
        elif not (path / "pyvenv.cfg").exists():
            found.append(name)
    return found, linked


def _is_excluded(path: Path, top: Path, exclude: Sequence[str]) -> bool:
    """Return whether a glob matches the path below the top folder, or the name alone."""
    below = path.relative_to(top).as_posix()
    return any(fnmatch(text, pattern.rstrip("/")) for pattern in exclude for text in (below, path.name))


def _in_folder(folder: Path, files: Sequence[str], format_: str | None, *, whole: bool) -> Iterator[Input | Unreadable]:
    """Yield the datasets in a folder, and then its other files of a known format."""
    used: set[str] = set()
    for name in formats_in(folder) if whole else ():
        used |= file_names(name)
        yield Input(str(folder), name)
    for file in files:
        path, known = folder / file, _format(folder / file)
        if not path.suffix and path.is_symlink() and not path.exists():  # it may have led to a folder
            yield str(path), _irregular(path)
        elif known is None or file in used or file == _DESCRIPTOR:
            continue
        elif path.is_file():
            yield Input(str(path), format_ or known)
        else:
            yield str(path), _irregular(path)


def _irregular(path: Path) -> UnreadableError:
    what = "a broken link" if path.is_symlink() else "not a regular file"
    return UnreadableError(f"it is {what}; fix it, or leave it out with --exclude")


def missing(name: str, noun: str = "file") -> str:
    """Return a message that there is no such file, and which one may be meant.

    >>> missing("no-such-folder/data", "folder")
    'no such folder'
    """
    folder = Path(name).parent
    siblings = [str(file) for file in folder.iterdir()] if folder.is_dir() else []
    return f"no such {noun}{did_you_mean(closest(name, siblings, limit=1))}"


def _format(path: Path) -> str | None:
    if path.suffix.lower() != ".gz":
        return SUFFIXES.get(path.suffix.lower())
    packed = SUFFIXES.get(path.with_suffix("").suffix.lower())
    return packed if packed in TEXT_FORMATS else None


def _known_format(path: Path, format_: str | None) -> str:
    known = format_ or _format(path)
    if known is None:
        raise UnreadableError(f"its name does not end in {', '.join(SUFFIXES)}; give its format")
    return known
