"""The commands that write the data in the forms that others use, and draw pictures of it."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from eaps_data.cli.output import INVALID, OK
from eaps_data.errors import EapsDataError, InvalidDataError

if TYPE_CHECKING:
    from eaps_data.tables.dataset import Dataset


def export(options: argparse.Namespace) -> int:
    """Write the packaged data, or a dataset of the user's own."""
    from eaps_data.export import write

    if options.excel and options.form != "csv":
        raise EapsDataError("--excel is for csv alone; leave it out")
    dataset = _dataset(options)
    if dataset is None:
        return INVALID
    write(options.form, options.destination, dataset, force=options.force, **({"excel": True} if options.excel else {}))
    return OK


def plot(options: argparse.Namespace) -> int:
    """Draw a picture of the packaged data, or of a dataset of the user's own."""
    from eaps_data import plot as pictures
    from eaps_data._internal.atomic_writes import check_destination

    target = Path(options.destination)
    check_destination(target, "a picture", force=options.force)
    dataset = _dataset(options)
    if dataset is None:
        return INVALID
    match options.picture:
        case "map":
            picture = pictures.map(dataset.municipalities)
        case "network":
            picture = pictures.network(dataset.programs)
        case _:
            picture = pictures.matrix(dataset.programs)
    picture.save(target)
    return OK


def _dataset(options: argparse.Namespace) -> "Dataset | None":
    """The dataset that is asked for; None where it is not valid, and why is told."""
    from eaps_data.tables.dataset import Dataset, load

    try:
        return Dataset.from_path(options.source) if options.source else load()
    except InvalidDataError as error:
        print(error, file=sys.stderr)
        return None
