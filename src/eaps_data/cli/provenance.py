"""Commands about where the data comes from and how it changed: why, diff, cite, verify, draft, init, release."""

import argparse
import sys
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from eaps_data.cli.datasets import curated_folder, given_dataset, is_of_package, read_dataset
from eaps_data.cli.exit_codes import ExitCode
from eaps_data.cli.output import print_json, print_note, print_result, print_text, utf8_output
from eaps_data.display.text import count
from eaps_data.errors import EapsDataError

if TYPE_CHECKING:
    from eaps_data.provenance.fingerprints import Fingerprint
    from eaps_data.tables.dataset import Dataset


def why(options: argparse.Namespace) -> ExitCode:
    """Print the evidence for a record, or for one of its fields."""
    from eaps_data.provenance import why

    print_result(why.why(options.key, options.field, dataset=given_dataset(options)), options.format)
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

    with page(options.page) as data:
        dataset, known = _curated(options.data)
        found = verification.verify(data, dataset, known)
    print_result(found, options.format)
    return ExitCode.OK if found else ExitCode.INVALID


def draft(options: argparse.Namespace) -> ExitCode:
    """Write a draft of the lines that a changed page needs."""
    from eaps_data._internal.atomic_writes import atomic_export, check_destination
    from eaps_data.provenance import draft

    with page(options.page) as data:
        drafted = draft.draft(data, *_curated(options.data))
    if options.output in {None, "-"}:
        print(drafted, end="", file=utf8_output())
        return ExitCode.OK
    target = Path(options.output)
    check_destination(target, "a draft", force=options.force)
    with atomic_export(target) as temporary:
        temporary.write_text(str(drafted), encoding="utf-8", newline="\n")
    rows = drafted.to_rows()
    if rows:
        print_note(f"{target}: {count(len(rows), 'line')}, {drafted.decisions} to decide; then: {_next(options)}")
    else:
        print_note(f"{target}: no line, as the page has not changed")
    return ExitCode.OK


def init(options: argparse.Namespace) -> ExitCode:
    """Create a folder of tables for another page."""
    from eaps_data.provenance import new_state

    folder = Path(options.folder)
    if (options.page is None) != (options.name is None):
        raise EapsDataError("use --page PAGE and --name NAME together")
    if options.page is None:
        new_state.create(folder)
    else:
        with page(options.page) as data:
            new_state.create(folder, data, options.name)
    page_of_folder = folder / new_state.PAGE
    command = f"check {folder} --page {page_of_folder}"
    if options.page is not None:
        command = f"draft {page_of_folder} --data {folder} --output draft.csv"
    in_git = f"commit it to git (in a new repository: git init {folder})"
    print_note(f"{folder}: created; {in_git}, then: eaps-data {command}")
    return ExitCode.OK


def release(options: argparse.Namespace) -> ExitCode:
    """Release a folder of tables, or print what that would write."""
    from eaps_data._internal.atomic_writes import write_texts
    from eaps_data.provenance.releases import Releases
    from eaps_data.validation.release import plan

    folder = Path(options.folder)
    if is_of_package(folder):
        raise EapsDataError(f"{folder}: this is the packaged data; release it with: python tools/release.py PAGE")
    with nullcontext() if options.page is None else page(options.page) as data:
        planned = plan(folder, Releases.of_folder(folder), data, options.as_of)
    if planned.dataset is None:
        print_note(planned.refusal(folder, options.page))
        return ExitCode.INVALID
    if planned.reason:
        print_text(planned.reason)
    if not options.dry_run:
        write_texts(planned.files)
    for path in sorted(planned.files):
        print_text(f"would write {path}" if options.dry_run else f"{path}: written")
    version = planned.dataset.release.data_version
    if not planned.files:
        print_text(f"data {version} is released already, and nothing has changed")
    elif not options.dry_run:
        print_text(f"data {version} is released; now commit these files, and tag the commit")
    return ExitCode.OK


def _next(options: argparse.Namespace) -> str:
    data = f" {options.data}" if options.data else ""
    return f"eaps-data check{data} --page {options.page} --draft {options.output}"


def _curated(folder: str | None) -> "tuple[Dataset, tuple[Fingerprint, ...]]":
    """Return the dataset of a curated folder, and the fingerprints of its page."""
    from eaps_data.provenance import fingerprints

    path = curated_folder(folder)
    return read_dataset(str(path)), fingerprints.of_folder(path)


@contextmanager
def page(name: str) -> Generator[bytes]:
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
