"""The filters of `list`: an option for each keyword of the table's `where`."""

import argparse
import inspect
import re
from collections.abc import Iterator
from typing import Any, get_args

from eaps_data.models.vocabulary import Term
from eaps_data.tables.dataset import load


def add_filters(parser: argparse.ArgumentParser, table: str) -> None:
    """Add the options of a table; `filters` of the parsed command line names them.

    A filter may be given several times, for records that match any of its values; `-` is a missing value, as in the
    printed table.
    """
    where = getattr(load(), table).where
    keywords = inspect.signature(where).parameters
    described = dict(re.findall(r"^ +(\w+): (.+)$", inspect.getdoc(where) or "", re.MULTILINE))
    filters = [name for name, keyword in keywords.items() if keyword.kind is keyword.KEYWORD_ONLY]
    group = parser.add_argument_group(
        "filters", "Given again, a filter also matches the other value; - matches a missing value."
    )
    for name in filters:
        types = {*_types(keywords[name].annotation)}
        terms = [term for each in types if isinstance(each, type) and issubclass(each, Term) for term in each]
        about = described.get(name, "").removesuffix(".").replace(" or as a record", "")
        about += f": {', '.join(terms)}" if terms else ""
        option = f"--{name.replace('_', '-')}"
        if bool in types:
            action = "store_true" if name == "exact" else argparse.BooleanOptionalAction
            group.add_argument(option, action=action, default=None, help=about)
        else:
            read = _number if int in types else _text
            group.add_argument(option, action="append", type=read, metavar="VALUE", help=about)
    parser.set_defaults(filters=filters)


def given_filters(options: argparse.Namespace) -> dict[str, Any]:
    """Return the filters of a command line with their values."""
    names = getattr(options, "filters", ())
    return {name: getattr(options, name) for name in names if getattr(options, name) is not None}


def _types(annotation: object) -> Iterator[object]:
    """Yield the types in an annotation."""
    yield annotation
    for each in get_args(annotation):
        yield from _types(each)


def _text(given: str) -> str | None:
    return None if given == "-" else given


def _number(given: str) -> int | str | None:
    return int(given) if given.isascii() and given.isdecimal() else _text(given)
