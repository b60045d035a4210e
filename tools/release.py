"""Release the data and the schemas, so that neither changes afterwards: `python tools/release.py [PAGE]`.

One command does it all: it checks the tables (and reviews them against PAGE, a saved copy of the page), raises the
versions as far as the changes require, sets `as_of`, writes the citation, the changelog, the fingerprints of the page,
the release and its lock, and updates the golden files. It writes nothing if anything is wrong.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import edition
from jsonschema import Draft202012Validator, FormatChecker

import eaps_data as eaps
from eaps_data._internal import canonical_json
from eaps_data._internal.atomic_writes import atomic_write
from eaps_data.models.past_ids import version_key
from eaps_data.models.table_specs import LIVING, MEMBERS, SCHEMA_VERSION, TABLE_SPECS, DataType
from eaps_data.models.vocabulary import VOCABULARIES
from eaps_data.provenance.review import review
from eaps_data.schemas import generator
from eaps_data.schemas.published import record_schema_name
from eaps_data.validation import check_folder, validate
from eaps_data.validation.detection import TYPES

ROOT: Final = Path(__file__).parents[1]
DATA: Final = "src/eaps_data/data"
SCHEMAS: Final = "src/eaps_data/schemas"
LOCK: Final = "src/eaps_data/releases/lock.json"
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
RUN: Final = "run `python tools/release.py`"
REDO: Final = "`python tools/release.py --redo`"
RAISE_DATA: Final = f"{RUN}, which raises data_version in src/eaps_data/data/release.json, or revert the change"
RESTORE: Final = "restore it: git checkout -- src/eaps_data/releases"

Lock = dict[str, dict[str, dict[str, str]]]
"""The hashes of what was released: `data` and `schemas`, by version."""


class RefusedError(Exception):
    """The problems that forbid a release, each with its file, and the next command."""


@dataclass(frozen=True)
class State:
    """The current data and schemas, and the folder of the releases.

    Attributes:
        folder: the folder of the releases.
        dataset: the current data.
        schemas: the current schemas, by name.
        schema_version: the version of the current schemas.
        examples: the folder of the valid example files.
        tags: the lock that each git tag has published.
        redone: the type and version of what is released again.
    """

    folder: Path
    dataset: eaps.Dataset
    schemas: Mapping[str, str]
    schema_version: str
    examples: Path
    tags: Mapping[str, "Lock"] = field(default_factory=dict)
    redone: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def lock(self) -> Lock:
        """The content of the lock file, without what is released again."""
        path = self.folder / "lock.json"
        lock: Lock = json.loads(path.read_bytes()) if path.exists() else {"data": {}, "schemas": {}}
        return {
            type_: {version: entry for version, entry in versions.items() if (type_, version) not in self.redone}
            for type_, versions in lock.items()
        }

    def is_published(self, type_: str, version: str) -> bool:
        """Return whether a git tag has published a version, so that it cannot be released again."""
        return any(version in lock[type_] for lock in self.tags.values())

    @property
    def data_version(self) -> str:
        """The version of the current data."""
        return self.dataset.release.data_version

    def data_path(self, version: str) -> Path:
        """Return the file of a released dataset document."""
        return self.folder / f"{version}.json"

    def schema_path(self, version: str, name: str) -> Path:
        """Return the file of a published schema."""
        return self.folder / "schemas" / version / f"{name}.schema.json"

    @cached_property
    def documents(self) -> dict[str, Any]:
        """The released dataset documents, by version; `changed_files` reports those that are missing."""
        paths = {version: self.data_path(version) for version in sorted(self.lock["data"], key=version_key)}
        return {version: json.loads(path.read_bytes()) for version, path in paths.items() if path.exists()}


def current(root: Path = ROOT) -> State:
    """Return the state of a checkout.

    Raises:
        RefusedError: if the tables have errors.
    """
    errors = [str(problem) for problem in check_folder(root / DATA) if problem.severity == "error"]
    if errors:
        raise RefusedError("\n".join([*errors, f"fix the tables first: eaps-data check {root / DATA} --fix"]))
    schemas = {name: generator.generate(name) for name in generator.PUBLISHED}
    rows = {name: json.loads((root / DATA / f"{name}.json").read_bytes()) for name in MEMBERS}
    dataset = _dataset({"schema_version": SCHEMA_VERSION} | rows)
    examples = ROOT / "tests" / "examples" / "valid"
    return State(root / "src/eaps_data/releases", dataset, schemas, SCHEMA_VERSION, examples, tagged(root))


# Gates: each yields a message for each problem, with the way to fix it


def violations(state: State) -> Iterator[str]:
    """Yield what must not happen: a changed release, a wrong schema version, an id that disappeared."""
    yield from changed_files(state)
    yield from changed_data(state)
    yield from changed_schemas(state)
    yield from invalid_releases(state)
    yield from missing_ids(state)
    yield from reused_ids(state)


def unreleased(state: State) -> Iterator[str]:
    """Yield what has not been released yet, and the files of unknown releases."""
    if state.data_version not in state.lock["data"]:
        yield f"data {state.data_version} is not released: {RUN}"
    if state.schema_version not in state.lock["schemas"]:
        yield f"schemas {state.schema_version} are not released: {RUN}"
    known = {state.folder / "lock.json", *map(state.data_path, state.lock["data"])}
    known |= {state.schema_path(version, name) for version, names in state.lock["schemas"].items() for name in names}
    for path in sorted(set(state.folder.rglob("*.json")) - known):
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


def changed_files(state: State) -> Iterator[str]:
    """Each released file must be as the lock records it."""
    for version, entry in state.lock["data"].items():
        path = state.data_path(version)
        if not _has_hash(path, entry["content_hash"]):
            yield f"{path.name} is not data {version} as released, which must not change; {RESTORE}"
        elif entry != _lock_entry(path.read_bytes()):
            yield f"the lock has another as_of or schema_version than data {version}; {RESTORE}"
    for version, names in state.lock["schemas"].items():
        for name, digest in names.items():
            if not _has_hash(state.schema_path(version, name), digest):
                yield f"schemas/{version}/{name}.schema.json is not as published, and must not change; {RESTORE}"


def changed_data(state: State) -> Iterator[str]:
    """The current data must be the release of its version, or newer than all releases."""
    version, released = state.data_version, state.lock["data"]
    if version in released:
        if _hash(state.dataset.to_json().encode()) != released[version]["content_hash"]:
            redo = (
                "" if state.is_published("data", version) else f"; no tag has it, so it can be released again: {REDO}"
            )
            yield f"the data is not data {version} as released, which must not change: {RAISE_DATA}{redo}"
    elif released and version_key(version) < max(map(version_key, released)):
        yield f"data {version} is older than a release ({', '.join(released)}): {RAISE_DATA}"


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


def schema_bump(state: State) -> edition.Bump | None:
    """Return the lowest version that the current schemas may have; None if they are those published."""
    published = max(state.lock["schemas"], key=version_key)
    hashes = {name: _hash(text.encode()) for name, text in state.schemas.items()}
    if state.schema_version == published and hashes == state.lock["schemas"][published]:
        return None
    broken = [*newly_invalid(state, published)]
    reason = f"valid data became invalid ({broken[0]})" if broken else "valid data stays valid"
    return edition.Bump(required_version(state, published, breaking=bool(broken)), reason)


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
        if _major(_schema_version(document)) == _major(published):
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
        own = _schema_version(document)
        path = state.schema_path(own, "dataset")
        if not path.exists():
            yield f"data {version} follows schema {own}, which is not published; {RESTORE}"
            continue
        for error in schema_errors(json.loads(path.read_bytes()), document)[:1]:
            yield f"data {version} is invalid under its own schema {own} ({error}); {RESTORE}"


def validity(state: State) -> Iterator[str]:
    """Yield for each release whether it is valid under the current schema as well."""
    current_schema = f"valid under schema {state.schema_version}"
    for version, document in state.documents.items():
        errors = first_error(state, document)
        result = f"in{current_schema} ({errors[0]})" if errors else current_schema
        yield f"data {version}, of schema {_schema_version(document)}: {result}"


def missing_ids(state: State) -> Iterator[str]:
    """Each id of a release must still exist, or have a redirect or tombstone; losing one needs a major version."""
    living = ids_of(state.dataset.document.model_dump(mode="json"))
    reported: set[str] = set()
    for version, document in state.documents.items():
        past = past_ids_of(document)
        for subject in sorted((ids_of(document) | past) - living - reported):
            reported.add(subject)
            entry = state.dataset.past_ids.exact(*subject.split("/"))
            if entry is None or (isinstance(entry, eaps.Redirect) and entry.new not in living):
                yield (
                    f"{subject} of data {version} is missing: add it to src/eaps_data/data/redirects.json or "
                    "tombstones.json, or restore the record"
                )
            elif subject not in past and _major(version) == _major(state.data_version):
                yield f"{subject} of data {version} was renamed or removed, which needs a major version: {RAISE_DATA}"


def reused_ids(state: State) -> Iterator[str]:
    """An id that was renamed or removed in a release must not be used again."""
    living = ids_of(state.dataset.document.model_dump(mode="json"))
    for version, document in state.documents.items():
        for subject in sorted(past_ids_of(document) & living):
            yield f"{subject} was renamed or removed in data {version}, and ids are never reused: choose another id"


def ids_of(document: Any) -> set[str]:
    """Return every id of a dataset document, with its table."""
    return {
        f"{table}/{record['id'] if 'id' in record else '--'.join(record[field] for field in TABLE_SPECS[table].key)}"
        for table in LIVING
        for record in ([document[table]] if TABLE_SPECS[table].has_one_row else document[table])
    }


def past_ids_of(document: Any) -> set[str]:
    """Return every renamed or removed id of a dataset document, with its table."""
    return {each["old"] for each in document["redirects"]} | {each["id"] for each in document["tombstones"]}


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

    locks = {tag: git("show", f"{tag}:{LOCK}") for tag in git("tag", "--list").split()}
    return {tag: json.loads(text) for tag, text in locks.items() if text}


def _hash(data: bytes) -> str:
    # The same as `eaps_data.provenance.citation.content_hash` for a canonical dataset document.
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _has_hash(path: Path, digest: str) -> bool:
    return path.exists() and _hash(path.read_bytes()) == digest


def _lock_entry(data: bytes) -> dict[str, str]:
    document = json.loads(data)
    schema_version, as_of = _schema_version(document), document["release"]["as_of"]
    return {"schema_version": schema_version, "as_of": as_of, "content_hash": _hash(data)}


def _schema_version(document: Any) -> str:
    # Documents of schema 1.0.0 name their schema in `$schema`.
    return str(document.get("schema_version") or document["$schema"].rpartition(":")[2])


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


# Releasing


@dataclass
class Plan:
    """What a release writes.

    Attributes:
        state: the data to release, with its new version, and the schemas.
        files: the text of each file that changes.
        notes: what was decided, for the person who runs the command.
    """

    state: State
    files: dict[Path, str]
    notes: list[str]


def plan(state: State, root: Path, options: argparse.Namespace) -> Plan:
    """Return what a release of the tables in a checkout writes.

    Raises:
        RefusedError: if the tables have errors, or do not agree with the page.
    """
    data = root / DATA
    files = _reviewed(data, options.page)
    rows: dict[str, Any] = {
        name: json.loads(files.get(path := data / f"{name}.json") or path.read_bytes()) for name in MEMBERS
    }
    state = _with_rows(state, rows)
    notes: list[str] = []
    if options.as_of or (options.page and not _is_released(state)):
        rows["release"]["as_of"] = options.as_of or datetime.now(tz=UTC).date().isoformat()
        state = _with_rows(state, rows)
    released = state.lock["data"]
    if released and not _is_released(state):
        latest = max(released, key=version_key)
        old = _dataset(state.documents[latest])
        bump = edition.data_bump(latest, old, state.dataset)
        if state.data_version == latest:
            rows["release"]["data_version"] = bump.version
            notes.append(f"data {latest} -> {bump.version} ({bump.reason})")
        elif version_key(state.data_version) < version_key(bump.version):
            raise RefusedError(
                f"{DATA}/release.json: data_version {state.data_version} is too low after {latest}; the changes need "
                f"{bump.version} ({bump.reason}): set it, or {latest}, which this command raises, and {RUN}"
            )
        state = _with_rows(state, rows)
        _add(
            files, root / "CHANGELOG.md", lambda text: edition.with_entry(text, edition.data_entry(old, state.dataset))
        )
    state = _with_rows(state, rows)
    _add(files, data / "release.json", lambda _: canonical_json.to_json(rows["release"]))
    _add(files, root / "CITATION.cff", lambda text: edition.with_edition(text, state.dataset.release))
    _add(files, root / "src/eaps_data/models/ids.py", lambda _: literal_ids(state.dataset))
    _add(files, root / "src/eaps_data/models/terms.py", lambda _: literal_terms())
    return Plan(state, files, notes)


def _reviewed(data: Path, page: Path | None) -> dict[Path, str]:
    """Return the files that the review against a page fixes; none without a page."""
    if page is None:
        return {}
    try:
        found = review(data, page.read_bytes())
    except (OSError, eaps.EapsDataError) as error:
        raise RefusedError(f"{page}: {error}") from None
    if found.open:
        raise RefusedError(
            "\n".join([*map(str, found.open), f"decide these first: eaps-data check {data} --page {page}"])
        )
    return dict(found.files)


def _with_rows(state: State, rows: dict[str, Any]) -> State:
    return replace(state, dataset=_dataset({"schema_version": SCHEMA_VERSION} | dict(rows)))


def _dataset(document: Any) -> eaps.Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", eaps.OldSchemaWarning)
        return eaps.Dataset.from_json(json.dumps(document))


def _is_released(state: State) -> bool:
    entry = state.lock["data"].get(state.data_version, {})
    return entry.get("content_hash") == _hash(state.dataset.to_json().encode())


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_bytes() != text.encode()


def _add(files: dict[Path, str], path: Path, edit: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if (after := edit(files.get(path, before))) != before:
        files[path] = after


def released_files(state: State) -> dict[Path, str]:
    """Return the files of what is not released yet, and of the lock; what is in the lock stays as it is."""
    files: dict[Path, str] = {}
    lock: Lock = {type_: dict(versions) for type_, versions in state.lock.items()}
    if state.schema_version not in lock["schemas"]:
        files |= {state.schema_path(state.schema_version, name): text for name, text in state.schemas.items()}
        lock["schemas"][state.schema_version] = {name: _hash(text.encode()) for name, text in state.schemas.items()}
    if state.data_version not in lock["data"]:
        files[state.data_path(state.data_version)] = state.dataset.to_json()
        lock["data"][state.data_version] = _lock_entry(state.dataset.to_json().encode())
    return files | {state.folder / "lock.json": canonical_json.to_json(lock)}


def publish(state: State) -> None:
    """Write the release, its schemas and the lock."""
    write(released_files(state))


def write(files: Mapping[Path, str]) -> None:
    """Write files: all of them are complete before the first one is replaced."""
    with ExitStack() as stack:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(atomic_write(path)).write_text(text, encoding="utf-8", newline="\n")


def literal_ids(dataset: eaps.Dataset) -> str:
    """Return the module with the types of the ids."""
    head = '"""The ids of the packaged data, for editors to complete. Written by `python tools/release.py`."""\n\n'
    parts = [head + "from typing import Literal, TypeAlias\n"]
    for table in (dataset.municipalities, dataset.programs, dataset.partners, dataset.sources):
        name = f"{TABLE_SPECS[table.table].model}Id"
        ids = "".join(f'    "{key}",\n' for key in table.ids)
        parts.append(f'{name}: TypeAlias = Literal[\n{ids}]\n"""An id of `{table.table}`."""\n')
    return "\n".join(parts)


def literal_terms() -> str:
    """Return the module with the types of the terms' texts."""
    head = '"""The strings of the terms, for editors to complete. Written by `python tools/release.py`."""\n\n'
    parts = [head + "from typing import Literal, TypeAlias\n"]
    for vocabulary in VOCABULARIES:
        name, terms = vocabulary.__name__, [term for term in vocabulary if not term.retired]
        synonyms = [synonym for term in terms for synonym in term.synonyms]
        texts = [f'"{text}"' for text in dict.fromkeys([*terms, *synonyms])]
        body = texts[0] if len(texts) == 1 else "".join(f"\n    {text}," for text in texts) + "\n"
        parts.append(f'{name}Term: TypeAlias = Literal[{body}]\n"""The text of a term of `{name}`, or a synonym."""\n')
    return "\n".join(parts)


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
    _add(files, root / "CHANGELOG.md", lambda text: edition.with_entry(text, entry))
    print(f"schemas {state.schema_version} -> {needed.version} ({needed.reason})", flush=True)
    return files


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
        write(files)
        raise SystemExit(subprocess.run([sys.executable, __file__, *arguments], check=False).returncode)  # noqa: S603
    planned = plan(state, root, options)
    errors = [*violations(planned.state)]
    for tag, lock in state.tags.items():
        errors += changed_since(lock, state.lock, tag)
    if errors:
        raise RefusedError("\n".join(errors))
    planned.files |= {path: text for path, text in released_files(planned.state).items() if _differs(path, text)}
    current_schemas = {root / SCHEMAS / f"{name}.schema.json": text for name, text in state.schemas.items()}
    planned.files |= {path: text for path, text in current_schemas.items() if _differs(path, text)}
    print(*planned.notes, sep="\n", end="\n" if planned.notes else "")
    version = f"data {planned.state.data_version}, schemas {planned.state.schema_version}"
    if options.dry_run:
        _print_files(path.relative_to(root) for path in planned.files)
    else:
        write(planned.files)
        print(f"written: {version}")
    return version


def rehearse(root: Path, options: argparse.Namespace) -> int:
    """Release a copy of a checkout, and print what it writes; return the exit code."""
    with TemporaryDirectory() as folder:
        copy = Path(folder).resolve()
        for name in REHEARSED:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (root / name).is_dir() else shutil.copy)(root / name, copy / name)
        before = _contents(copy)
        arguments = [] if options.page is None else [str(options.page.resolve())]
        arguments += ["--as-of", options.as_of] if options.as_of else []
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
    """Report what is wrong or not released, and whether each release is valid under the current schema.

    Raises:
        RefusedError: if something is.
    """
    state = current(root)
    errors = [*violations(state), *unreleased(state)]
    errors += [each for tag, lock in state.tags.items() for each in changed_since(lock, state.lock, tag)]
    if ready:
        errors += unready(root)
    print(*validity(state), sep="\n")
    if errors:
        raise RefusedError("\n".join(errors))


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
    end = "not finished: the files are written, but the above needs a person; then run these tests again"
    return "\n".join([*(lines or [output + errors]), end])


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Check, and release if nothing is wrong; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", nargs="?", type=Path, help="a saved copy of the page, as `eaps-data verify` reads it")
    parser.add_argument("--as-of", type=_day, help="the day on which the page was read; today if PAGE is given")
    parser.add_argument("--dry-run", action="store_true", help="print what would be written, and write nothing")
    parser.add_argument("--redo", action="store_true", help="release the current versions again, unless a tag has them")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if something is not released")
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
    except RefusedError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
