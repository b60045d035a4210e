"""The folder of tables that a curator keeps: check everything about it, and write its files in canonical form."""

from collections import defaultdict
from collections.abc import Iterator
from os import PathLike, fspath
from pathlib import Path
from typing import Final

from eaps_data._internal import canonical_json
from eaps_data._internal.atomic_writes import write_texts
from eaps_data._internal.bounded_reads import open_in_folder
from eaps_data._internal.resources import FINGERPRINTS
from eaps_data.errors import Problem
from eaps_data.formats import json
from eaps_data.formats.json_locations import JsonLocations
from eaps_data.models.fields import Model
from eaps_data.models.records import DatasetDocument
from eaps_data.models.table_specs import MEMBERS, TABLE_SPECS
from eaps_data.provenance import fingerprints, new_state
from eaps_data.provenance.releases import CHANGELOG, FOLDER, Releases
from eaps_data.rules.checker import check
from eaps_data.rules.completeness import curators_warnings
from eaps_data.rules.problem import violation
from eaps_data.tables.dataset import Dataset
from eaps_data.validation.checking import Step, unreadable
from eaps_data.validation.inputs import Count, Input, missing

_NO_TABLES: Final = (
    "check needs a folder with a JSON file per table, as eaps-data init creates, and this has none; "
    "to check a dataset in another format, use: eaps-data validate"
)


def check_folder(folder: str | PathLike[str]) -> tuple[Problem, ...]:
    """Return every problem of a folder that holds the tables as JSON files; none if all is well.

    Args:
        folder: the folder, which holds `release.json`, `grant_program.json` and a file for each table.

    Returns:
        What is wrong in single records and between them; files that are not in canonical form (`not-canonical`) or
        cannot be read (`unreadable`); files that are never read (`stray-file`, a warning); releases that were changed
        (`release`); and, if there are no errors, what looks like a mistake, such as terms that no record uses
        (`unused-term`).

    >>> check_folder("src/eaps-data/date")[0].message
    'no such folder'
    """
    return tuple(step for step in check_steps(folder) if isinstance(step, Problem))


def is_valid(folder: str | PathLike[str]) -> bool:
    """Return whether a folder holds a valid dataset, in canonical form or not."""
    return Path(folder).is_dir() and not check(json.read_folder(Path(folder)), "dataset").errors


def check_steps(folder: str | PathLike[str]) -> Iterator[Step]:
    """Check a folder, and yield what is found file by file, as `eaps_data.validation.check` does.

    Yields:
        Each file and its problems; then how many records they hold.
    """
    where = Path(folder)
    if not where.is_dir():
        reason = "this is not a folder" if where.exists() else missing(str(where), "folder")
        yield unreadable(fspath(folder), reason)
        return
    if not any((where / f"{name}.json").exists() for name in MEMBERS):
        yield unreadable(fspath(folder), _NO_TABLES)
        return
    content = json.read_folder(where)
    checked = check(content, "dataset")
    found: defaultdict[str | None, list[Problem]] = defaultdict(list)
    for problem in checked.problems:
        found[problem.file].append(problem)
    if not checked.errors:
        for problem in map(content.locate, _of_curators(checked.built, where)):
            found[problem.file].append(problem)
    # of tables that are missing, and of the schema of all
    yield from (problem.at(str(where)) for problem in (*found.pop(str(where), []), *found.pop(None, [])))
    records = 0
    for name in MEMBERS:
        path = where / f"{name}.json"
        if path.exists():
            value = content.value.get(name)
            records += len(value) if isinstance(value, list) else int(value is not None)
            yield Input(str(path), "json")
            problems = [*found[str(path)], *_not_canonical(path, name)]
            yield from sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))
    yield Count(records, "dataset", checked.built is not None)
    yield from _stray_files(where)
    releases = Releases.of_folder(where)
    yield from (*releases.changed_files(), *releases.unknown_files(), *releases.lost_versions())
    if not checked.errors:
        yield from releases.lost_ids(Dataset(checked.built), where)


def _of_curators(document: DatasetDocument, folder: Path) -> Iterator[Problem]:
    """Yield what breaks the rules for curators in a valid dataset."""
    yield from curators_warnings(document)
    if known := fingerprints.of_folder(folder):
        yield from fingerprints.gaps(known, document.evidence, document.grant_program.source)


def fix_folder(folder: str | PathLike[str]) -> tuple[Path, ...]:
    """Write each file of a folder in canonical form: the same records, as the package itself writes them.

    A file that is not valid by itself is left as it is, but valid tables of an earlier schema are migrated. All files
    are written or none.

    Args:
        folder: the folder, which holds the tables as JSON files.

    Returns:
        The files that were written.

    Raises:
        OSError: if a file cannot be written.
    """
    files: dict[Path, str] = {}
    checked = check(json.read_folder(Path(folder)), "dataset")
    is_old = not checked.errors and any(problem.rule == "old-schema" for problem in checked.problems)
    migrated = checked.built.model_dump(mode="json") if is_old else {}
    for name in MEMBERS:
        path = Path(folder, f"{name}.json")
        wanted = canonical_json.to_json(migrated[name]) if is_old and path.exists() else _canonical(path, name)
        if wanted is not None and wanted.encode() != path.read_bytes():
            files[path] = wanted
    write_texts(files)
    return tuple(files)


def _canonical(path: Path, name: str) -> str | None:
    """The text of a file as the package itself writes it; None if the file is not valid by itself."""
    try:
        with open_in_folder(path) as stream:
            data = stream.read()
    except OSError:
        return None
    built = check(json.JsonContent(data), name, between_records=False).built
    if built is None or isinstance(built, Model) != TABLE_SPECS[name].has_one_row:
        return None
    if isinstance(built, Model):
        return canonical_json.to_json(built.model_dump(mode="json"))
    return canonical_json.to_json([record.model_dump(mode="json") for record in built])


def _not_canonical(path: Path, name: str) -> Iterator[Problem]:
    wanted = _canonical(path, name)
    text = "" if wanted is None else path.read_bytes().decode("utf-8")
    if wanted is None or wanted == text:
        return
    pairs = enumerate(zip(wanted, text, strict=False))
    offset = next((at for at, (one, other) in pairs if one != other), min(len(wanted), len(text)))
    message = f"from here on, the file is not in canonical form; fix it with: eaps-data check {path.parent} --fix"
    yield violation("not-canonical", message, ()).at(str(path), *JsonLocations(text).at(offset))


def _stray_files(where: Path) -> Iterator[Problem]:
    known = {*(f"{name}.json" for name in MEMBERS), FINGERPRINTS, new_state.PAGE, new_state.README, CHANGELOG, FOLDER}
    for entry in sorted(where.iterdir()):
        if entry.name not in known and not entry.name.startswith("."):
            message = "no table has this name, so it is never read; move or rename it"
            yield violation("stray-file", message, ()).at(str(entry))
