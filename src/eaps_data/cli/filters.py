"""The filters of `list`: an option for each keyword of the table's `where`."""

import argparse
from typing import Any

from eaps_data.tables.dataset import load
from eaps_data.tables.where_signatures import filter_specs


def add_filters(parser: argparse.ArgumentParser, table: str) -> None:
    """Add the options of a table; `filters` of the parsed command line names them.

    A filter may be given several times, for records that match any of its values; `-` is a missing value, as in the
    printed table.
    """
    group = parser.add_argument_group(
        "filters", "Repeat a filter to match any of several values; - matches a missing value."
    )
    specs = filter_specs(getattr(load(), table))
    for spec in specs:
        about = spec.description.partition(". None ")[0].replace(" or as a record", "").replace("`", "")
        about = ": ".join(filter(None, (about, ", ".join(spec.vocabulary or ()))))  # no description with python -OO
        option = f"--{spec.name.replace('_', '-')}"
        if bool in spec.types:
            action = "store_true" if spec.name == "exact" else argparse.BooleanOptionalAction
            group.add_argument(option, action=action, default=None, help=about)
        else:
            read = _number if int in spec.types else _text
            group.add_argument(option, action="append", type=read, metavar="VALUE", help=about)
    parser.set_defaults(filters=[spec.name for spec in specs])


def given_filters(options: argparse.Namespace) -> dict[str, Any]:
    """Return the filters of a command line with their values."""
    names = getattr(options, "filters", ())
    return {name: getattr(options, name) for name in names if getattr(options, name) is not None}


def _text(given: str) -> str | None:
    return None if given == "-" else given


def _number(given: str) -> int | str | None:
    return int(given) if given.isascii() and given.isdecimal() else _text(given)
