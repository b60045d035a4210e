"""Release a folder of tables: check them, raise the version, and write the document that never changes again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from eaps_data._internal import canonical_json
from eaps_data.errors import EapsDataError, Problem
from eaps_data.models.table_specs import MEMBERS
from eaps_data.provenance.new_state import PAGE
from eaps_data.provenance.releases import CHANGELOG, Releases, data_entry, too_early, too_low, with_entry
from eaps_data.provenance.review import review
from eaps_data.rules.problem import violation
from eaps_data.tables.dataset import Dataset
from eaps_data.validation.folder import check_folder


@dataclass(frozen=True, slots=True)
class Plan:
    """What the release of a folder writes.

    Attributes:
        open: What is wrong or to be decided; while there is anything, nothing is written.
        dataset: The data after the release; None if anything is open.
        reason: The new version and why it follows; empty if a person has set it, or if nothing is new.
        files: The text of each file that changes, by path.
    """

    open: tuple[Problem, ...] = ()
    dataset: Dataset | None = None
    reason: str = ""
    files: Mapping[Path, str] = field(default_factory=dict)

    def refusal(self, folder: Path, page: str | Path | None) -> str:
        """Return the message about what is open: each problem, and the next command."""
        of_page = "" if page is None else f" --page {page}"
        problems = (str(problem if problem.file or page is None else problem.at(str(page))) for problem in self.open)
        command = f"eaps-data check {folder}{of_page}"
        return "\n".join(
            [*problems, f"nothing is released; fix the above (see {command}), then run this command again"]
        )


def plan(
    folder: Path,
    releases: Releases,
    page: bytes | None = None,
    as_of: date | None = None,
    changelog: Path | None = None,
) -> Plan:
    """Return what a release of the tables in a folder writes.

    Args:
        folder: The folder of tables.
        releases: Their releases so far.
        page: The bytes of a saved page, to review the tables with; the release has its hash and fingerprints.
        as_of: The day on which the page was read; by default, today if a page is given.
        changelog: The file of the changelog; by default, that of the folder.

    Raises:
        EapsDataError: If the lock or the changelog cannot be read.
        NotAPageError, MissingExtraError: As for `verify`.
    """
    problems = dict.fromkeys([*check_folder(folder), *releases.changed_files()])  # which may be in another folder
    errors = tuple(problem for problem in problems if problem.severity == "error" or problem.rule == "old-schema")
    if errors:
        return Plan(errors)
    files: dict[Path, str] = {}
    dataset = Dataset.from_path(folder)
    if page is None:
        if unread := _unread(dataset, folder / PAGE):
            return Plan((unread,))
    else:
        reviewed = review(folder, page)
        if reviewed.open:
            return Plan(reviewed.open)
        files |= reviewed.files
    rows = dataset.document.model_dump(mode="json")
    rows |= {name: json.loads(files[path]) for name in MEMBERS if (path := folder / f"{name}.json") in files}
    dataset = Dataset.from_json(json.dumps(rows))
    if as_of is None and page is not None and not releases.has(dataset):
        as_of = date.today()  # noqa: DTZ011 - the local date
    if as_of is not None:
        rows["release"]["as_of"] = as_of.isoformat()
        dataset = Dataset.from_json(json.dumps(rows))
    bump, latest, reason = releases.bump(dataset), releases.latest, ""
    if bump is not None and dataset.release.data_version == latest:
        rows["release"]["data_version"] = bump.version
        reason = f"data {latest} -> {bump.version} ({bump.reason})"
        dataset = Dataset.from_json(json.dumps(rows))
    problem = too_early(dataset.release.as_of, releases, folder / "release.json") or too_low(
        dataset.release.data_version, latest, bump, folder / "release.json"
    )
    if problem is not None:
        return Plan((problem,))
    if not releases.has(dataset):
        old = releases.dataset(latest) if latest is not None else None
        path = folder / CHANGELOG if changelog is None else changelog
        files[path] = with_entry(_text(path), data_entry(old, dataset, releases.name))
    files[folder / "release.json"] = canonical_json.to_json(rows["release"])
    files |= releases.files(dataset)
    changed = {path: text for path, text in files.items() if not path.exists() or path.read_bytes() != text.encode()}
    return Plan((), dataset, reason, changed)


def _unread(dataset: Dataset, page: Path) -> Problem | None:
    """Return the problem of a page in the folder that is not the copy which the tables come from."""
    source = dataset.sources[dataset.grant_program.source]
    if not page.is_file() or source.sha256 == hashlib.sha256(page.read_bytes()).hexdigest():
        return None
    message = f"the tables are not from this copy of the page; to review them, add --page {page}"
    return violation("release", message, ()).at(str(page))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except UnicodeDecodeError:
        raise EapsDataError(f"{path}: the file is not UTF-8; save it as UTF-8") from None
