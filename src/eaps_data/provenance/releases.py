"""The released versions of a dataset: none of them changes, and a change of the data says which version follows."""

import hashlib
import json
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from pydantic import TypeAdapter

from eaps_data._internal import canonical_json
from eaps_data.display.text import count
from eaps_data.errors import EapsDataError, OldSchemaWarning, Problem
from eaps_data.models.past_ids import Redirect, version_key
from eaps_data.models.rows import rows_of, subject_of
from eaps_data.models.table_specs import LIVING, TABLE_SPECS
from eaps_data.provenance.citation import content_hash
from eaps_data.provenance.diff import Change, diff
from eaps_data.rules.problem import violation
from eaps_data.tables.dataset import Dataset

FOLDER: Final = "releases"
"""The folder with the releases, in a folder of tables."""
LOCK: Final = "releases.lock"
"""The file, in JSON, with the hashes of the releases in its folder."""
CHANGELOG: Final = "CHANGELOG.md"

Lock: TypeAlias = dict[str, dict[str, dict[str, str]]]
"""The hashes of what was released, by version: `data`, and for the package also `schemas`."""

_LOCKS: Final = TypeAdapter(Lock)
_HEADINGS: Final = {"added": "Added", "changed": "Changed", "renamed": "Changed", "removed": "Removed"}


class Bump(NamedTuple):
    """The lowest version that may follow a release, and why."""

    version: str
    reason: str


@dataclass(frozen=True)
class Releases:
    """The released versions of a dataset.

    Attributes:
        folder: The folder with a document for each version, and the lock.
        lock: The content of the lock.
        name: How `eaps-data diff` is given a version, with `{}` in its place.
    """

    folder: Path
    lock: Lock
    name: str = f"{FOLDER}/{{}}.json"

    @classmethod
    def of_folder(cls, folder: Path) -> "Releases":
        """Return the releases of a folder of tables; there may be none yet.

        Raises:
            EapsDataError: If the lock cannot be read.
        """
        return cls(folder / FOLDER, read_lock(folder / FOLDER / LOCK))

    @property
    def latest(self) -> str | None:
        """The newest version."""
        return max(self.lock["data"], key=version_key, default=None)

    def path(self, version: str) -> Path:
        """Return the file of a version."""
        return self.folder / f"{version}.json"

    def has(self, dataset: Dataset) -> bool:
        """Return whether a dataset is the newest version."""
        version = dataset.release.data_version
        return version == self.latest and self.lock["data"][version].get("content_hash") == content_hash(dataset)

    def bump(self, dataset: Dataset) -> Bump | None:
        """Return the lowest version that a dataset may have; None if it is the newest one, or the first of all."""
        if self.latest is None or self.has(dataset):
            return None
        return data_bump(self.latest, self.dataset(self.latest), dataset)

    def dataset(self, version: str) -> Dataset:
        """Return the dataset of a version, migrated to the current schema."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OldSchemaWarning)
            return Dataset.from_file(self.path(version))

    def files(self, dataset: Dataset) -> dict[Path, str]:
        """Return the files that release a dataset: its document and the lock; none if its version is released."""
        version = dataset.release.data_version
        if version in self.lock["data"]:
            return {}
        text = dataset.to_json()
        lock = self.lock | {"data": self.lock["data"] | {version: _entry(text.encode())}}
        return {self.path(version): text, self.folder / LOCK: canonical_json.to_json(lock)}

    def changed_files(self) -> Iterator[Problem]:
        """Yield a problem for each document that is not as it was released."""
        for version, entry in self.lock["data"].items():
            path = self.path(version)
            data = path.read_bytes() if path.exists() else b""
            if not path.exists():
                message = f"data {version} as released is missing; restore it: {_restore(path)}"
                yield violation("release", message, ()).at(str(path))
            elif hash_of(data) != entry.get("content_hash"):
                message = (
                    f"data {version} does not have its hash in {LOCK}, so one of the two files was changed; "
                    f"restore both: {_restore(path, self.folder / LOCK)}"
                )
                yield violation("release", message, ()).at(str(path))
            elif entry != _entry(data):
                message = f"data {version} has another as_of or schema_version; restore the lock: "
                path = self.folder / LOCK
                yield violation("release", message + _restore(path), ()).at(str(path))

    def unknown_files(self) -> Iterator[Problem]:
        """Yield a problem for each document that belongs to no version in the lock."""
        for path in sorted({*self.folder.glob("*.json")} - {*map(self.path, self.lock["data"])}):
            message = f"this file belongs to no release in {LOCK}; delete it, or restore the lock: "
            yield violation("release", message + _restore(self.folder / LOCK), ()).at(str(path))

    def lost_versions(self) -> Iterator[Problem]:
        """Yield the problem of the versions that the changelog of the tables gives a date, and that the lock lacks."""
        path = self.folder.parent / CHANGELOG
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        lost = [version for version in re.findall(r"(?m)^## Data (\S+) \(\d", text) if version not in self.lock["data"]]
        if lost:
            message = f"the changelog has data {', '.join(lost)}, which {FOLDER}/ lacks; restore it: "
            yield violation("release", message + _restore(self.folder), ()).at(str(path))

    def lost_ids(self, dataset: Dataset, folder: Path) -> Iterator[Problem]:
        """Yield a problem for each released id that is missing without a redirect or tombstone, or that is used again.

        Args:
            dataset: The current data.
            folder: The folder of its tables, for messages.
        """
        living = _ids_of(dataset.document)
        reported: set[str] = set()
        major = version_key(self.latest)[0] if self.latest else 0
        since = f"{major + 1}.0.0"
        for version, entry in self.lock["data"].items():
            path = self.path(version)
            data = path.read_bytes() if path.exists() else b""
            if hash_of(data) != entry.get("content_hash"):
                continue  # `changed_files` reports it
            document = json.loads(data)
            past = {each["old"] for each in document["redirects"]} | {each["id"] for each in document["tombstones"]}
            for subject in sorted((past | _ids_of(document) - living) - reported):
                past_id = dataset.past_ids.exact(*subject.split("/"))
                if subject in past and subject in living:
                    message = (
                        f"the id was renamed or removed in data {version}, and ids are never reused: choose another"
                    )
                elif past_id is None or (isinstance(past_id, Redirect) and past_id.new not in living):
                    message = (
                        f"data {version} has this id, which is missing now: restore the record, or add a row to "
                        f"redirects.json (old, new, since {since}) or tombstones.json (id, since {since}, why)"
                    )
                else:
                    continue
                reported.add(subject)
                yield violation("release", message, (), subject).at(str(folder / f"{subject.partition('/')[0]}.json"))


def read_lock(path: Path) -> Lock:
    """Return the content of a lock; no releases if there is no file.

    Raises:
        EapsDataError: If the file is not a lock.
    """
    try:
        lock = _LOCKS.validate_json(path.read_bytes()) if path.exists() else {}
        sorted(lock.get("data", ()), key=version_key)
    except ValueError:
        raise EapsDataError(
            f"{path}: the file does not hold the hashes of releases; restore it: {_restore(path)}"
        ) from None
    return {"data": {}} | lock


def too_low(version: str, latest: str | None, bump: Bump | None, path: Path) -> Problem | None:
    """Return the problem of a version that is lower than the changes of the data require.

    Args:
        version: The version of the data.
        latest: The newest released version.
        bump: The lowest version that the data may have.
        path: The file that has the version.
    """
    if bump is None or version_key(version) >= version_key(bump.version):
        return None
    message = (
        f"data_version {version} is too low after {latest}; the changes need {bump.version} ({bump.reason}): "
        f"set it, or {latest}, which the release raises"
    )
    return violation("release", message, ()).at(str(path))


def too_early(day: date, releases: Releases, path: Path) -> Problem | None:
    """Return the problem of data that was read from the page before the newest release.

    Args:
        day: The day on which the page was read.
        releases: The releases so far.
        path: The file that has the day.
    """
    latest = releases.latest
    if latest is None or day.isoformat() >= (last := releases.lock["data"][latest]["as_of"]):
        return None
    message = f"as_of {day} is before {last}, when the page was read for data {latest}; give a later --as-of"
    return violation("release", message, (), "release").at(str(path))


def data_bump(version: str, old: Dataset, new: Dataset) -> Bump:
    """Return the version of the data that follows from its changes; `docs/versions.md` has the rules."""
    major, minor, patch = version_key(version)
    changes = [change for change in diff(old, new) if change.table in LIVING]
    for change in changes:
        if change.what in {"removed", "renamed"}:
            name = change.old if change.what == "renamed" else change.id
            return Bump(f"{major + 1}.0.0", f"major: {change.table}/{name} was {change.what}")
    for change in changes:
        if change.what == "added":
            return Bump(f"{major}.{minor + 1}.0", f"minor: {change.table}/{change.id} was added")
    for change in changes:
        if change.field in TABLE_SPECS[change.table].lookup_fields:
            return Bump(f"{major}.{minor + 1}.0", f"minor: {change.table}/{change.id} has another {change.field}")
    before, after = _claims(old), _claims(new)
    for claims, what in ((after - before, "added"), (before - after, "removed")):
        if claims:
            subject, field = min(claims)
            return Bump(f"{major}.{minor + 1}.0", f"minor: a claim of {subject}, {field}, was {what}")
    return Bump(f"{major}.{minor}.{patch + 1}", "patch: no record and no claim was added or removed")


def _claims(dataset: Dataset) -> Counter[tuple[str, str]]:
    """Count the claims by record and field: a list's item in other words is the same claim."""
    return Counter(
        (subject, field) for subject, field, _ in {(row.subject, row.field, row.item) for row in dataset.evidence}
    )


def with_entry(changelog: str, entry: str) -> str:
    """Return a changelog with a new section before the others of its type, unless it has that version.

    Args:
        changelog: The text of the changelog, which may be empty.
        entry: The section, from `data_entry`.
    """
    title = entry.partition("(")[0]
    changelog = changelog or "# Changelog\n\n"
    if title in changelog:
        return changelog
    type_ = " ".join(title.split()[:2])
    start = changelog.find(f"\n{type_} ") + 1 or len(changelog)
    return changelog[:start] + entry + changelog[start:]


def data_entry(old: Dataset | None, new: Dataset, name: str) -> str:
    """Return the section of the changelog for a version of the data, from what `diff` finds.

    Args:
        old: The previous version, if there is one.
        new: The data.
        name: How `eaps-data diff` is given a version.
    """
    title = f"## Data {new.release.data_version} ({new.release.as_of})\n\n"
    if old is None:
        return f"{title}The first release.\n\n"
    difference = diff(old, new)
    versions = f"{name.format(old.release.data_version)} {name.format(new.release.data_version)}"
    lines = [f"{title}`eaps-data diff {versions}` lists every change."]
    items: dict[str, list[str]] = {heading: [] for heading in _HEADINGS.values()}
    for (table, _), group in groupby(difference, key=lambda change: (change.table, change.id)):
        changes = [*group]
        if table in LIVING:
            items[_HEADINGS.get(changes[0].what, "Changed")].append(_item(changes))
    evidence = sum(change.table == "evidence" for change in difference)
    if evidence:
        items["Changed"].append(f"- The evidence: {count(evidence, 'change')}.")
    for heading, listed in items.items():
        lines += ["", f"### {heading}", "", *listed] if listed else []
    return "\n".join(lines) + "\n\n"


def _item(changes: list[Change]) -> str:
    first = changes[0]
    record = f"`{first.table}/{first.id}`" if first.id else f"`{first.table}`"
    match first.what:
        case "added" | "removed":
            row = first.new if first.what == "added" else first.old
            return f"- {record}{', ' + row['name'] if 'name' in row else ''}."
        case "renamed":
            return f"- `{first.table}/{first.old}` is now {record}."
        case _:
            fields = dict.fromkeys(change.field.partition(".")[0] for change in changes if change.field)
            return f"- {record}: {', '.join(f'`{field}`' for field in fields) or 'the order'}."


def schema_version(document: Any) -> str:
    """Return the version of the schema that a dataset document follows."""
    # Documents of schema 1.0.0 name their schema in `$schema`.
    return str(document.get("schema_version") or document["$schema"].rpartition(":")[2])


def hash_of(data: bytes) -> str:
    """Return the SHA-256 of a file as the lock has it; of a canonical document, it is its `content_hash`."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _entry(data: bytes) -> dict[str, str]:
    document = json.loads(data)
    as_of = str(document["release"]["as_of"])
    return {"schema_version": schema_version(document), "as_of": as_of, "content_hash": hash_of(data)}


def _restore(*paths: Path) -> str:
    """Return the command that restores files or the folder of the releases, from any folder and repository."""
    tables = next(path if path.name == FOLDER else path.parent for path in paths).parent
    return f"git -C {tables} checkout -- {' '.join(path.relative_to(tables).as_posix() for path in paths)}"


def _ids_of(document: Any) -> set[str]:
    """Return every id of a dataset document, with its table."""
    rows = rows_of(document)
    return {subject_of(table, row) for table in LIVING for row in rows[table]}
