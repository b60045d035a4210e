"""What to check: files, folders, globs and standard input, plain or gzipped, with a bound on what they expand to."""

import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from eaps_data._internal.text_keys import closest
from eaps_data.errors import did_you_mean

STDIN: Final = "-"
FORMATS: Final = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".csv": "csv",
}
"""The format of a file, by the end of its name (`.gz` may follow)."""

_MAGIC: Final = frozenset("*?[")  # what makes a name a glob


class UnreadableError(Exception):
    """An input cannot be read: it is missing, a folder without data, broken, or a bomb."""


class Input(NamedTuple):
    """One thing to check.

    Attributes:
        name: the file as it was given or found; `-` is standard input.
        format: `json`, `jsonl`, `yaml` or `csv`.
    """

    name: str
    format: str

    @property
    def is_plain_file(self) -> bool:
        """Whether one can read it from anywhere: it is a file as such, and not gzipped."""
        return not self.name.endswith(".gz") and Path(self.name).is_file()

    def open(self) -> BinaryIO:
        """Open it for reading bytes, expanded if it is gzipped.

        Raises:
            UnreadableError: when it cannot be opened.
        """
        try:
            stream = sys.stdin.buffer if self.name == STDIN else Path(self.name).open("rb")  # noqa: SIM115 - the caller closes
        except OSError as error:
            raise UnreadableError(_reason(error)) from None
        if self.name.endswith(".gz"):
            from eaps_data.validation.gzipped import Expanded

            return io.BufferedReader(Expanded(stream))
        return stream


def expand(names: Sequence[str], form: str | None = None) -> Iterator[Input | tuple[str, UnreadableError]]:
    """The inputs that the names stand for, in order; beside a name that stands for none, the reason.

    Args:
        names: files, folders (searched for files of a known format), globs, or `-` for standard input.
        form: the format of them all; told by the end of the file's name where not given.
    """
    for name in names:
        try:
            yield from _inputs(name, form)
        except UnreadableError as error:
            yield name, error


def _inputs(name: str, form: str | None) -> Iterator[Input]:
    path = Path(name)
    if name == STDIN:
        yield Input(name, form or "json")
    elif path.is_dir():
        files = sorted(str(file) for file in path.rglob("*") if _format(file) and file.is_file())
        if not files:
            raise UnreadableError(f"there is no file in it that ends in {', '.join(FORMATS)} (or .gz)")
        yield from (Input(file, form or _format(Path(file)) or "json") for file in files)
    elif set(name) & _MAGIC and not path.exists():
        import glob

        # Path.glob takes no absolute pattern, and gives other names than the shell would.
        found = sorted(file for file in glob.glob(name, recursive=True) if Path(file).is_file())  # noqa: PTH207
        if not found:
            raise UnreadableError("no file matches")
        for file in found:
            yield Input(file, _known_format(Path(file), form))
    elif not path.exists():
        raise UnreadableError(missing(name))
    else:
        yield Input(name, _known_format(path, form))


def missing(name: str, noun: str = "file") -> str:
    """Say that there is no such file, and which one may be meant.

    >>> missing("no-such-folder/data", "folder")
    'there is no such folder'
    """
    folder = Path(name).parent
    siblings = [str(file) for file in folder.iterdir()] if folder.is_dir() else []
    return f"there is no such {noun}{did_you_mean(closest(name, siblings, limit=1))}"


def _format(path: Path) -> str | None:
    suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    return FORMATS.get(suffix.lower())


def _known_format(path: Path, form: str | None) -> str:
    known = form or _format(path)
    if known is None:
        raise UnreadableError(f"its name does not end in {', '.join(FORMATS)}; say the format")
    return known


def _reason(error: OSError) -> str:
    return f"cannot be opened: {error.strerror or error}"
