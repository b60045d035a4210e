"""Commands that read a saved copy of the page: verify, draft."""

import argparse
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import eaps_data
from eaps_data.cli.output import INVALID, OK, print_json
from eaps_data.errors import EapsDataError
from eaps_data.provenance.saved_page import NotAPageError, read_bytes


def verify(options: argparse.Namespace) -> int:
    """Check the evidence against the page, and print what has moved on."""
    with _reading(options.page) as data:
        found = eaps_data.verify(data)
    if options.json:
        print_json(found.to_dict())
    else:
        print(found)
    return OK if found else INVALID


def draft(options: argparse.Namespace) -> int:
    """Print a skeleton of rows for what is new on the page."""
    with _reading(options.page) as data:
        drafted = eaps_data.draft(data)
    print_json(drafted)
    return OK


@contextmanager
def _reading(name: str) -> Generator[bytes, None, None]:
    """The bytes of a file, whose name begins the message of what is wrong with it."""
    try:
        if name == "-":
            yield read_bytes(sys.stdin.buffer)
        else:
            with Path(name).open("rb") as file:
                data = read_bytes(file)
            yield data
    except OSError as error:
        raise EapsDataError(f"{name}: cannot be read: {error.strerror or error}") from None
    except NotAPageError as error:
        raise EapsDataError(f"{name}: {error}") from None
