"""All that a curator has to mend in a folder, told with file and line."""

from collections import defaultdict
from collections.abc import Iterator
from os import PathLike, fspath
from pathlib import Path

from eaps_data.errors import Problem
from eaps_data.formats.json_locations import Places
from eaps_data.models.table_specs import MEMBERS
from eaps_data.rules.terms import unused_terms
from eaps_data.validation.checking import Step
from eaps_data.validation.folder import Folder, TableFile
from eaps_data.validation.inputs import Input, missing


def check_folder(folder: str | PathLike[str]) -> tuple[Problem, ...]:
    """Every problem of a folder that holds the tables as files, by file and line; none where all is well.

    Args:
        folder: the folder, which holds `release.json`, `grant_program.json` and a file for each table.

    Returns:
        What is wrong in single records and between them; files that are not in canonical form (`not-canonical`), that
        are missing or cannot be read (`unreadable`), or that the package never reads (`stray-file`, a warning); and,
        where the data is sound, what looks like a mistake, with terms that no record uses (`unused-term`).

    >>> check_folder("src/eaps-data/date")[0].message
    'there is no such folder'
    """
    return tuple(step for step in check(folder) if isinstance(step, Problem))


def check(folder: str | PathLike[str]) -> Iterator[Step]:
    """Check a folder, and say what is found file by file, as `eaps_data.validation.check` does.

    Yields:
        Each file when its turn comes, its problems, and how many records it holds.
    """
    where = Path(folder)
    if not where.is_dir():
        message = "this is no folder" if where.exists() else missing(str(where), "folder")
        yield Problem(rule="unreadable", message=message, file=fspath(folder))
        return
    read = Folder(where)
    between: defaultdict[str | None, list[Problem]] = defaultdict(list)
    for problem in _between(read):
        between[problem.file].append(problem)
    for file in read.files.values():
        yield Input(str(file.path), "json")
        found = [*file.problems, *_not_canonical(file), *between[str(file.path)]]
        yield from sorted(found, key=lambda problem: (problem.line or 0, problem.column or 0))
        yield file.count
    yield from _stray_files(where)


def _between(read: Folder) -> Iterator[Problem]:
    found = read.between()
    yield from found
    # Whether a term is used can be told once all records are sound.
    if read.document is not None and not any(problem.severity == "error" for problem in found):
        yield from read.in_files(unused_terms(read.document))


def _not_canonical(file: TableFile) -> Iterator[Problem]:
    wanted = file.canonical_text
    if wanted is None or file.text is None or wanted == file.text:
        return
    pairs = enumerate(zip(wanted, file.text, strict=False))
    offset = next((at for at, (one, other) in pairs if one != other), min(len(wanted), len(file.text)))
    line, column = Places(file.text).at(offset)
    message = "from here on, this is not how the package writes it; mend it with: eaps-data check --fix"
    yield Problem(rule="not-canonical", message=message, file=str(file.path), line=line, column=column)


def _stray_files(where: Path) -> Iterator[Problem]:
    known = {f"{name}.json" for name in MEMBERS}
    for entry in sorted(where.iterdir()):
        if entry.name not in known and not entry.name.startswith("."):
            message = "no table has this name, so it is never read; move it elsewhere, or rename it"
            yield Problem(rule="stray-file", message=message, severity="warning", file=str(entry))
