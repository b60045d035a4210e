"""Release the data and the schemas, so that neither changes afterwards: `python tools/release.py [PAGE]`.

One command does it all: it releases the tables as `eaps-data release` does, raises the version of the schemas as far as
their changes require, writes the citation, the types of ids and terms, the schemas and the lock, and updates the golden
files. It writes nothing if anything is wrong.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import edition
from gates import (
    ROOT,
    RefusedError,
    State,
    changed_since,
    current,
    schema_bump,
    unready,
    unreleased,
    violations,
)

import eaps_data as eaps
from eaps_data._internal import canonical_json
from eaps_data._internal.atomic_writes import write_texts
from eaps_data.provenance.releases import LOCK, hash_of, with_entry
from eaps_data.provenance.saved_page import NotAPageError
from eaps_data.validation.release import Plan, plan

SCHEMAS: Final = "src/eaps_data/schemas"
VERSIONED: Final = ("src/eaps_data/models/table_specs.py", "src/eaps_data/models/records.py")
"""The modules that name the version of the schemas."""
GOLDEN: Final = (
    "README.md",
    "CONTRIBUTING.md",
    "docs",
    "src",
    "tests/data",
    "tests/schemas",
    "tests/project/test_notebooks.py",
)
"""The tests whose golden files follow the data or the schemas."""
REHEARSED: Final = ("CHANGELOG.md", "CITATION.cff", "src", "tests/examples/valid", "tools")
"""What a release reads and writes, but for the golden files."""


def release(root: Path, arguments: list[str], options: argparse.Namespace) -> str:
    """Release what changed, or print what a release would write; return the versions.

    Raises:
        RefusedError: if something is wrong; nothing is written then.
    """
    state = current(root)
    if options.redo:
        current_versions = {("data", state.data_version), ("schemas", state.schema_version)}
        state = replace(state, redone=frozenset(each for each in current_versions if not state.is_published(*each)))
    elif files := raise_schema_version(state, root):
        # The version is a constant of the modules that are loaded, so the release goes on in a new process.
        if options.dry_run:
            raise SystemExit(rehearse(root, options))
        write_texts(files)
        raise SystemExit(subprocess.run([sys.executable, __file__, *arguments], check=False).returncode)  # noqa: S603
    planned = _planned(state, root, options)
    if planned.dataset is None:
        raise RefusedError(planned.refusal(state.data, options.page))
    state = replace(state, dataset=planned.dataset)
    errors = [*violations(state)]
    for tag, lock in state.tags.items():
        errors += changed_since(lock, state.lock, tag)
    if errors:
        raise RefusedError("\n".join(errors))
    files = _files(dict(planned.files), state, root)
    if planned.reason:
        print(planned.reason)
    version = f"data {state.data_version}, schemas {state.schema_version}"
    if options.dry_run:
        _print_files(path.relative_to(root) for path in files)
    else:
        write_texts(files)
        print(f"written: {version}")
    return version


def _files(files: dict[Path, str], state: State, root: Path) -> dict[Path, str]:
    """Return the files that a release changes: those of the tables, and what only this repository has."""
    _add(files, root / "CITATION.cff", lambda text: edition.with_edition(text, state.dataset.release))
    _add(files, root / "src/eaps_data/models/ids.py", lambda _: edition.literal_ids(state.dataset))
    _add(files, root / "src/eaps_data/models/terms.py", lambda _: edition.literal_terms())
    current_schemas = {root / SCHEMAS / f"{name}.schema.json": text for name, text in state.schemas.items()}
    texts = (current_schemas | released_files(state)).items()
    return files | {path: text for path, text in texts if not path.exists() or path.read_bytes() != text.encode()}


def _planned(state: State, root: Path, options: argparse.Namespace) -> Plan:
    """Return what the release of the tables writes.

    Raises:
        RefusedError: if the page cannot be read.
    """
    try:
        page = None if options.page is None else options.page.read_bytes()
        return plan(state.data, state.releases, page, options.as_of, root / "CHANGELOG.md")
    except (OSError, NotAPageError) as error:
        raise RefusedError(f"{options.page}: {error}") from None


def released_files(state: State) -> dict[Path, str]:
    """Return the files of what is not released yet, and of the lock; what is in the lock stays as it is."""
    lock_file = state.folder / LOCK
    files = {lock_file: canonical_json.to_json(state.lock)} | state.releases.files(state.dataset)
    if state.schema_version not in state.lock["schemas"]:
        files |= {state.schema_path(state.schema_version, name): text for name, text in state.schemas.items()}
        lock = json.loads(files[lock_file])
        lock["schemas"][state.schema_version] = {name: hash_of(text.encode()) for name, text in state.schemas.items()}
        files[lock_file] = canonical_json.to_json(lock)
    return files


def raise_schema_version(state: State, root: Path) -> dict[Path, str]:
    """Return the files that name the version of the schemas, with the version that their changes require, if any."""
    if not state.lock["schemas"] or state.schema_version not in state.lock["schemas"]:
        return {}
    needed = schema_bump(state)
    if needed is None:
        return {}
    files: dict[Path, str] = {}
    for name in VERSIONED:
        _add(files, root / name, lambda text: text.replace(f'"{state.schema_version}"', f'"{needed.version}"', 1))
    names = state.lock["schemas"][state.schema_version]
    old = {name: state.schema_path(state.schema_version, name).read_text(encoding="utf-8") for name in names}
    day = datetime.now(tz=UTC).date().isoformat()
    entry = edition.schema_entry(needed.version, day, old, state.schemas)
    _add(files, root / "CHANGELOG.md", lambda text: with_entry(text, entry))
    print(f"schemas {state.schema_version} -> {needed.version} ({needed.reason})", flush=True)
    return files


def _add(files: dict[Path, str], path: Path, edit: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if (after := edit(files.get(path, before))) != before:
        files[path] = after


def rehearse(root: Path, options: argparse.Namespace) -> int:
    """Release a copy of a checkout, and print what it writes; return the exit code."""
    with TemporaryDirectory() as folder:
        copy = Path(folder).resolve()
        for name in REHEARSED:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (root / name).is_dir() else shutil.copy)(root / name, copy / name)
        before = _contents(copy)
        arguments = [] if options.page is None else [str(options.page.resolve())]
        arguments += ["--as-of", str(options.as_of)] if options.as_of else []
        environment = os.environ | {"PYTHONPATH": str(copy / "src"), "GIT_DIR": str(root / ".git")}
        command = [sys.executable, "-B", str(copy / "tools" / "release.py"), *arguments]
        ran = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        print(*(line for line in ran.stdout.splitlines() if line.startswith("data ")), sep="\n")
        print(ran.stderr, end="", file=sys.stderr)
        if not ran.returncode:
            after = _contents(copy)
            _print_files(name for name, data in after.items() if before.get(name) != data)
        return ran.returncode


def _contents(root: Path) -> dict[Path, bytes]:
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _print_files(names: Iterable[Path]) -> None:
    lines = sorted(f"would write {name.as_posix()}" for name in names)
    if lines:
        print(*lines, "would write the golden files and examples that follow the data", sep="\n")


def check(root: Path, *, ready: bool) -> None:
    """Report what is wrong or not released; the tests, which also read the golden files, are not run.

    Raises:
        RefusedError: if something is.
    """
    state = current(root)
    errors = [*violations(state), *unreleased(state)]
    errors += [each for tag, lock in state.tags.items() for each in changed_since(lock, state.lock, tag)]
    if ready:
        errors += unready(root)
    if errors:
        raise RefusedError("\n".join(errors))
    versions = f"data {state.data_version} and schemas {state.schema_version}"
    print(f"{versions} are released as they are; not run: the tests (python -m pytest)")


def update_golden(root: Path, page: Path | None) -> None:
    """Update the golden files and the examples that follow the data.

    Raises:
        RefusedError: if a test or an example does not work with the new data.
    """
    if not (root / "pyproject.toml").exists():  # a copy of the data alone
        return
    print("updating the golden files and the examples", flush=True)
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pytest", "-q", "-m", "", "--update-golden", *GOLDEN],
        cwd=root,
        env=os.environ | ({} if page is None else {"EAPS_DATA_SOURCE": str(page.resolve())}),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RefusedError(unfinished(ran.stdout, ran.stderr))


def unfinished(output: str, errors: str) -> str:
    """Return the message about what pytest reports: the text that a person must edit, and the tests that fail."""
    failed = re.findall(r"(?m)^(?:FAILED|ERROR) (.*)$", output)
    tests = [each for each in failed if each.startswith("tests") and "::test_notebook_output" not in each]
    parts = {
        "text to edit: examples with `...` or an error, and notebooks that fail": [
            each.partition(" - ")[0] for each in failed if each not in tests
        ],
        "tests that fail": tests,
    }
    lines = [line for title, listed in parts.items() if listed for line in (f"{title}:", *(f"  {x}" for x in listed))]
    end = (
        "not finished: the files are written, but the above needs a person; then run: python -m pytest",
        "to correct the tables before the release is published: edit them, then run python tools/release.py --redo",
    )
    return "\n".join([*(lines or [output + errors]), *end])


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Check, and release if nothing is wrong; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", nargs="?", type=Path, help="a saved copy of the page, as `eaps-data verify` reads it")
    parser.add_argument(
        "--as-of", type=date.fromisoformat, help="the day on which the page was read; today if PAGE is given"
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would be written, and write nothing")
    parser.add_argument("--redo", action="store_true", help="release the current versions again, unless a tag has them")
    parser.add_argument(
        "--check", action="store_true", help="write nothing, run no tests; fail if something is not released"
    )
    parser.add_argument("--ready", action="store_true", help="--check, and fail if the package cannot be published yet")
    options = parser.parse_args(arguments)
    try:
        if options.check or options.ready:
            check(root, ready=options.ready)
        else:
            version = release(root, sys.argv[1:] if arguments is None else arguments, options)
            if not options.dry_run:
                update_golden(root, options.page)
                print(f"released: {version}")
    except (RefusedError, eaps.EapsDataError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
