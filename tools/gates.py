"""What must hold in this repository before a release: each gate yields its problems, with the way to fix them."""

import json
import re
import runpy
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker

import eaps_data as eaps
from eaps_data.models.past_ids import version_key
from eaps_data.models.table_specs import SCHEMA_VERSION, DataType
from eaps_data.provenance import releases
from eaps_data.provenance.releases import Bump, Lock, Releases, hash_of, read_lock, schema_version, too_low
from eaps_data.schemas import generator
from eaps_data.schemas.published import record_schema_name
from eaps_data.validation import check_folder, validate
from eaps_data.validation.detection import TYPES

ROOT: Final = Path(__file__).parents[1]
DATA: Final = "src/eaps_data/data"
RELEASES: Final = "src/eaps_data/releases"
LOCK_FILE: Final = f"{RELEASES}/{releases.LOCK}"
RUN: Final = "run `python tools/release.py`"
REDO: Final = "`python tools/release.py --redo`"
RAISE_DATA: Final = f"{RUN}, which raises data_version in src/eaps_data/data/release.json, or revert the change"
RESTORE: Final = f"restore it: git checkout -- {RELEASES}"


class RefusedError(Exception):
    """The problems that forbid a release, each with its file, and the next command."""


@dataclass(frozen=True)
class State:
    """The current data and schemas, and the folder of the releases.

    Attributes:
        data: the folder of the tables.
        folder: the folder of the releases.
        dataset: the current data.
        schemas: the current schemas, by name.
        schema_version: the version of the current schemas.
        examples: the folder of the valid example files.
        tags: the lock that each git tag has published.
        redone: the type and version of what is released again.
    """

    data: Path
    folder: Path
    dataset: eaps.Dataset
    schemas: Mapping[str, str]
    schema_version: str
    examples: Path
    tags: Mapping[str, Lock] = field(default_factory=dict)
    redone: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def lock(self) -> Lock:
        """The content of the lock file, without what is released again."""
        lock = read_lock(self.folder / releases.LOCK)
        lock.setdefault("schemas", {})
        return {
            type_: {version: entry for version, entry in versions.items() if (type_, version) not in self.redone}
            for type_, versions in lock.items()
        }

    @property
    def releases(self) -> Releases:
        """The releases of the data."""
        return Releases(self.folder, self.lock, name="{}")

    def is_published(self, type_: str, version: str) -> bool:
        """Return whether a git tag has published a version, so that it cannot be released again."""
        return any(version in lock[type_] for lock in self.tags.values())

    @property
    def data_version(self) -> str:
        """The version of the current data."""
        return self.dataset.release.data_version

    def schema_path(self, version: str, name: str) -> Path:
        """Return the file of a published schema."""
        return self.folder / "schemas" / version / f"{name}.schema.json"

    @cached_property
    def documents(self) -> dict[str, Any]:
        """The released dataset documents, by version; `changed_files` reports those that are missing."""
        paths = {version: self.releases.path(version) for version in sorted(self.lock["data"], key=version_key)}
        return {version: json.loads(path.read_bytes()) for version, path in paths.items() if path.exists()}


def current(root: Path = ROOT) -> State:
    """Return the state of a checkout.

    Raises:
        RefusedError: if the tables have errors.
    """
    data = root / DATA
    errors = [str(problem) for problem in check_folder(data) if problem.severity == "error"]
    if errors:
        raise RefusedError("\n".join([*errors, f"fix the tables first: eaps-data check {data} --fix"]))
    schemas = {name: generator.generate(name) for name in generator.PUBLISHED}
    examples = ROOT / "tests" / "examples" / "valid"
    return State(data, root / RELEASES, eaps.Dataset.from_path(data), schemas, SCHEMA_VERSION, examples, tagged(root))


def violations(state: State) -> Iterator[str]:
    """Yield what must not happen: a changed release, a wrong schema version, an id that disappeared."""
    yield from map(str, state.releases.changed_files())
    yield from changed_data(state)
    yield from changed_schema_files(state)
    yield from changed_schemas(state)
    yield from invalid_releases(state)
    yield from map(str, state.releases.lost_ids(state.dataset, state.data))


def unreleased(state: State) -> Iterator[str]:
    """Yield what has not been released yet, and the files of unknown releases."""
    if state.data_version not in state.lock["data"]:
        yield f"data {state.data_version} is not released: {RUN}"
    if state.schema_version not in state.lock["schemas"]:
        yield f"schemas {state.schema_version} are not released: {RUN}"
    yield from map(str, state.releases.unknown_files())
    known = {state.schema_path(version, name) for version, names in state.lock["schemas"].items() for name in names}
    for path in sorted({*(state.folder / "schemas").rglob("*.json")} - known):
        yield f"{path.relative_to(state.folder)} belongs to no release in the lock: {RUN}, or delete it"


def unready(root: Path) -> Iterator[str]:
    """Yield what must be set before the package is published."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    address = project["tool"]["hatch"]["metadata"]["hooks"]["custom"]["repository"]
    if not re.fullmatch(r"https://\S*[^/\s]", address):
        yield (
            "the public address of the repository is not set: set `repository` in pyproject.toml, as in "
            '"https://github.com/OWNER/eaps-data"'
        )
    version = runpy.run_path(str(root / "src/eaps_data/_version.py"))["__version__"]
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    if f"\n## Code {version} (" not in changelog:
        yield f"CHANGELOG.md has no section of the code's version: add ## Code {version} (YYYY-MM-DD)"
    for heading in re.findall(r"(?m)^## (.+) \(unreleased\)$", changelog):
        yield f"CHANGELOG.md marks {heading} as unreleased: write the date of its release"


def changed_data(state: State) -> Iterator[str]:
    """The current data must be the release of its version, or have a version that the changes allow."""
    version, releases = state.data_version, state.releases
    if version in releases.lock["data"] and not releases.has(state.dataset):
        redo = "" if state.is_published("data", version) else f"; no tag has it, so it can be released again: {REDO}"
        yield f"the data is not data {version} as released, which must not change: {RAISE_DATA}{redo}"
    elif not any(releases.changed_files()):
        problem = too_low(version, releases.latest, releases.bump(state.dataset), state.data / "release.json")
        if problem is not None:
            yield str(problem)


def changed_schema_files(state: State) -> Iterator[str]:
    """Each published schema must be as the lock records it."""
    for version, names in state.lock["schemas"].items():
        for name, digest in names.items():
            if not _has_hash(state.schema_path(version, name), digest):
                yield f"schemas/{version}/{name}.schema.json is not as published, and must not change; {RESTORE}"


def changed_schemas(state: State) -> Iterator[str]:
    """The current schemas must be those published, or have a version that says how much they changed."""
    if not state.lock["schemas"]:
        return
    needed = schema_bump(state)
    if needed is None or (
        state.schema_version not in state.lock["schemas"]
        and version_key(state.schema_version) >= version_key(needed.version)
    ):
        return
    published = max(state.lock["schemas"], key=version_key)
    redo = (
        "" if state.is_published("schemas", published) else f"; no tag has them, so they can be released again: {REDO}"
    )
    yield (
        f"the schemas differ from those published as {published}, which must not change; {needed.reason}: {RUN}, which "
        f"raises SCHEMA_VERSION in src/eaps_data/models/table_specs.py to {needed.version}, or revert the change{redo}"
    )


def schema_bump(state: State) -> Bump | None:
    """Return the lowest version that the current schemas may have; None if they are those published."""
    published = max(state.lock["schemas"], key=version_key)
    hashes = {name: hash_of(text.encode()) for name, text in state.schemas.items()}
    if state.schema_version == published and hashes == state.lock["schemas"][published]:
        return None
    broken = [*newly_invalid(state, published)]
    reason = f"valid data became invalid ({broken[0]})" if broken else "valid data stays valid"
    return Bump(required_version(state, published, breaking=bool(broken)), reason)


def required_version(state: State, published: str, *, breaking: bool) -> str:
    """Return the lowest version that the current schemas may have after those published."""
    major, minor, patch = version_key(published)
    names = [name for name in state.lock["schemas"][published] if state.schema_path(published, name).exists()]
    before = {name: _unversioned(state.schema_path(published, name).read_text(encoding="utf-8")) for name in names}
    after = {name: _unversioned(text) for name, text in state.schemas.items()}
    if breaking:
        return f"{major + 1}.0.0"
    if _constraints(before) != _constraints(after):
        return f"{major}.{minor + 1}.0"
    return published if before == after else f"{major}.{minor}.{patch + 1}"


def newly_invalid(state: State, published: str) -> Iterator[str]:
    """Yield the releases and examples that were valid under the published schemas and are invalid now."""
    for version, document in state.documents.items():
        if _major(schema_version(document)) == _major(published):
            yield from (f"data {version}: {error}" for error in first_error(state, document))
    for path in sorted(state.examples.glob("*.json")):
        type_: DataType = max((each for each in TYPES if path.stem.startswith(record_schema_name(each))), key=len)
        errors = first_error(state, json.loads(path.read_bytes()), type_)
        yield from (f"the example {path.name}: {error}" for error in errors)


def first_error(state: State, value: Any, type_: DataType = "dataset") -> list[str]:
    """Return the first error of the current schema or models in a value, apart from the `$schema` it names."""
    if isinstance(value, dict):
        value = {key: item for key, item in value.items() if key != "$schema"}
        if _major(str(value.get("schema_version"))) == _major(SCHEMA_VERSION):  # it is read as the current version
            value["schema_version"] = SCHEMA_VERSION
    errors = schema_errors(json.loads(state.schemas[record_schema_name(type_)]), value)
    problems = validate(json.dumps(value).encode(), type_)
    return [*errors, *(str(problem) for problem in problems if problem.severity == "error")][:1]


def schema_errors(schema: Any, value: Any) -> list[str]:
    """Return the errors of a JSON Schema in a value."""
    engine = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:100]}" for error in engine.iter_errors(value)]


def invalid_releases(state: State) -> Iterator[str]:
    """Each release must be valid under the schema that was published with it."""
    for version, document in state.documents.items():
        own = schema_version(document)
        path = state.schema_path(own, "dataset")
        if not path.exists():
            yield f"data {version} follows schema {own}, which is not published; {RESTORE}"
            continue
        for error in schema_errors(json.loads(path.read_bytes()), document)[:1]:
            yield f"data {version} is invalid under its own schema {own} ({error}); {RESTORE}"


def changed_since(published: Lock, lock: Lock, tag: str) -> Iterator[str]:
    """Everything that a tag has published must be in the lock unchanged."""
    for type_, versions in published.items():
        for version, entry in versions.items():
            if lock[type_].get(version) != entry:
                yield f"{type_} {version} was published with the tag {tag}, and must not change; restore it"


def tagged(root: Path) -> dict[str, Lock]:
    """Return the lock that each git tag has published; empty if this is not a checkout."""

    def git(*arguments: str) -> str:
        ran = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False, encoding="utf-8")  # noqa: S603, S607
        return "" if ran.returncode else ran.stdout

    locks = {tag: git("show", f"{tag}:{LOCK_FILE}") for tag in git("tag", "--list").split()}
    return {tag: json.loads(text) for tag, text in locks.items() if text}


def _has_hash(path: Path, digest: str) -> bool:
    return path.exists() and hash_of(path.read_bytes()) == digest


def _major(version: str) -> str:
    return version.partition(".")[0]


def _unversioned(schema: str) -> str:
    return re.sub(r"(urn:eaps-data:schema:[a-z-]+:)[0-9.]+", r"\1", schema)


def _constraints(schemas: Mapping[str, str]) -> dict[str, Any]:
    return {name: _without_prose(json.loads(text)) for name, text in schemas.items()}


def _without_prose(value: Any) -> Any:
    """Return a schema without its descriptions and examples; a property may have these names."""
    if isinstance(value, dict):
        prose = {key for key in ("description", "examples") if isinstance(value.get(key), str | list)}
        return {key: _without_prose(item) for key, item in value.items() if key not in prose}
    return [_without_prose(item) for item in value] if isinstance(value, list) else value
