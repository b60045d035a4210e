"""Commands that tell where the data comes from and how it changed: why, diff, cite."""

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import eaps_data
from eaps_data.cli.output import INVALID, OK, UNUSABLE, print_json
from eaps_data.errors import EapsDataError, InvalidDataError

if TYPE_CHECKING:
    from eaps_data.tables.dataset import Dataset

_VERSION: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def why(options: argparse.Namespace) -> int:
    """Print what a record, or a field of it, rests on."""
    found = eaps_data.why(options.key, options.field)
    if options.json:
        print_json(found.to_dict())
    else:
        print(found)
    return OK


def diff(options: argparse.Namespace) -> int:
    """Print what changed from one dataset to another."""
    try:
        changes = eaps_data.diff(_dataset(options.old), _dataset(options.new))
    except InvalidDataError as error:
        print(error, file=sys.stderr)
        return UNUSABLE if any(problem.rule == "unreadable" for problem in error.problems) else INVALID
    if options.json:
        print_json(changes.to_dict())
    else:
        print(changes)
    return OK


def _dataset(name: str) -> "Dataset":
    """A dataset by its file, by the folder of its tables, or by the version of a release."""
    from eaps_data.tables.dataset import Dataset

    path = Path(name)
    if path.is_dir():
        from eaps_data.validation.folder import read_folder

        return read_folder(path)
    if not path.exists() and _VERSION.fullmatch(name):
        return Dataset.from_release(name)
    try:
        return Dataset.from_file(path)
    except FileNotFoundError:
        from eaps_data.validation.inputs import missing

        raise EapsDataError(f"{name}: {missing(name)}") from None
    except OSError as error:
        raise EapsDataError(f"{name}: cannot be read: {error.strerror or error}") from None


def cite(options: argparse.Namespace) -> int:
    """Print how to cite the packaged data."""
    citation = eaps_data.cite()
    if options.format == "csl-json":
        print_json([citation.csl])
    else:
        print((citation.bibtex if options.format == "bibtex" else citation.text).rstrip("\n"))
    return OK
