"""Commands about where the data comes from and how it changed: why, diff, cite, verify, draft."""

import argparse
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from eaps_data.cli.datasets import read_dataset
from eaps_data.cli.exit_codes import ExitCode
from eaps_data.cli.output import print_json, print_result, print_text, utf8_output
from eaps_data.errors import EapsDataError


def why(options: argparse.Namespace) -> ExitCode:
    """Print the evidence for a record, or for one of its fields."""
    from eaps_data.provenance import why

    print_result(why.why(options.key, options.field), options.format)
    return ExitCode.OK


def diff(options: argparse.Namespace) -> ExitCode:
    """Print what changed between two datasets."""
    from eaps_data.provenance import diff

    print_result(diff.diff(read_dataset(options.old), read_dataset(options.new)), options.format)
    return ExitCode.OK


def cite(options: argparse.Namespace) -> ExitCode:
    """Print a citation of the packaged data."""
    from eaps_data.provenance import citation

    cited = citation.cite()
    match options.format:
        case "csl-json":
            print_json([cited.csl])
        case "bibtex":
            print(cited.bibtex, end="", file=utf8_output())
        case _:
            print_text(cited.text)
    return ExitCode.OK


def verify(options: argparse.Namespace) -> ExitCode:
    """Check the evidence against a saved page, and print what changed on it."""
    from eaps_data.provenance import verification

    with _page(options.page) as data:
        found = verification.verify(data)
    print_result(found, options.format)
    return ExitCode.OK if found else ExitCode.INVALID


def draft(options: argparse.Namespace) -> ExitCode:
    """Print a skeleton of rows for each municipality that is new on a saved page."""
    from eaps_data.provenance import draft

    with _page(options.page) as data:
        drafted = draft.draft(data)
    print_json(drafted)
    return ExitCode.OK


@contextmanager
def _page(name: str) -> Generator[bytes]:
    """Read a saved page; what is wrong with it is reported with its name."""
    from eaps_data.provenance.saved_page import NotAPageError, read_bytes

    try:
        if name == "-":
            yield read_bytes(sys.stdin.buffer)
        else:
            with Path(name).open("rb") as stream:
                yield read_bytes(stream)
    except OSError as error:
        raise EapsDataError(f"{name}: cannot be read: {error.strerror or error}") from None
    except NotAPageError as error:
        raise EapsDataError(f"{name}: {error}") from None
