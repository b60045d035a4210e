"""The command that writes the data in the forms that others use."""

import argparse
import sys

from eaps_data.commands.output import INVALID, OK
from eaps_data.errors import EapsDataError, InvalidDataError


def export(options: argparse.Namespace) -> int:
    """Write the packaged data, or a dataset of the user's own."""
    from eaps_data.dataset import Dataset, load
    from eaps_data.export import write

    if options.excel and options.form != "csv":
        raise EapsDataError("--excel is for csv alone; leave it out")
    try:
        dataset = Dataset.from_path(options.source) if options.source else load()
    except InvalidDataError as error:
        print(error, file=sys.stderr)
        return INVALID
    write(options.form, options.destination, dataset, force=options.force, **({"excel": True} if options.excel else {}))
    return OK
