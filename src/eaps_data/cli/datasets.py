"""The dataset that a command works on."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eaps_data.errors import EapsDataError

if TYPE_CHECKING:
    from eaps_data.tables.dataset import Dataset

_CHECKOUT: Final = Path("src", "eaps_data", "data")
_PACKAGE: Final = Path(__file__).parents[1] / "data"


def read_dataset(name: str) -> "Dataset":
    """Read a dataset from a file or folder, or the released version of that name.

    Raises:
        EapsDataError: if it cannot be read.
        InvalidDataError: if it is not valid.
    """
    from eaps_data.tables.dataset import opened
    from eaps_data.validation.inputs import missing

    try:
        return opened(name)
    except FileNotFoundError:
        raise EapsDataError(f"{name}: {missing(name)}") from None
    except OSError as error:
        raise EapsDataError(f"{name}: cannot be read: {error.strerror or error}") from None


def given_dataset(options: argparse.Namespace) -> "Dataset":
    """Return the dataset that `--from` names, or the packaged one.

    Raises:
        EapsDataError: if it cannot be read.
        InvalidDataError: if it is not valid.
    """
    from eaps_data.tables.dataset import load

    return load() if options.dataset is None else read_dataset(options.dataset)


def is_of_package(folder: Path) -> bool:
    """Return whether a folder has the packaged data, of the checkout or as installed."""
    return folder.resolve() in {_CHECKOUT.resolve(), _PACKAGE.resolve()}


def curated_folder(name: str | None) -> Path:
    """Return the folder of tables to curate: the named one, the current one, the checkout's, or else the package's."""
    if name is not None or Path("grant_program.json").exists():
        return Path(name or ".")
    return _CHECKOUT if _CHECKOUT.is_dir() else _PACKAGE
