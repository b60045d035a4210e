"""Release the data and the schemas, so that neither changes afterwards: `python tools/release.py`.

`--check` writes nothing; it reports problems, and whether each release is valid under the current schema. `--ready`
also fails if the package cannot be published yet, because the address of the repository is not set. `--redo` releases
the current versions again, unless a git tag has published them.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker

import eaps_data as eaps
from eaps_data._internal import canonical_json
from eaps_data._internal.atomic_writes import atomic_write
from eaps_data.models.past_ids import version_key
from eaps_data.models.table_specs import LIVING, SCHEMA_VERSION, TABLE_SPECS
from eaps_data.models.vocabulary import VOCABULARIES
from eaps_data.schemas import generator
from eaps_data.schemas.published import record_schema_name
from eaps_data.validation import validate
from eaps_data.validation.detection import detect

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = Path(eaps.__file__).parent
LOCK: Final = "src/eaps_data/releases/lock.json"
RUN: Final = "run `python tools/release.py`"
RAISE_DATA: Final = f"raise data_version in src/eaps_data/data/release.json and {RUN}, or revert the change"
RESTORE: Final = "restore it: git checkout -- src/eaps_data/releases"

Lock = dict[str, dict[str, dict[str, str]]]
"""The hashes of what was released: `data` and `schemas`, by version."""


@dataclass(frozen=True)
class State:
    """The current data and schemas, and the folder of the releases.

    Attributes:
        folder: the folder of the releases.
        dataset: the current data.
        schemas: the current schemas, by name.
        schema_version: the version of the current schemas.
        examples: the folder of the valid example files.
    """

    folder: Path
    dataset: eaps.Dataset
    schemas: Mapping[str, str]
    schema_version: str
    examples: Path

    @cached_property
    def lock(self) -> Lock:
        """The content of the lock file."""
        path = self.folder / "lock.json"
        return json.loads(path.read_bytes()) if path.exists() else {"data": {}, "schemas": {}}

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


def current() -> State:
    """Return the state of this checkout."""
    schemas = {name: generator.generate(name) for name in generator.PUBLISHED}
    return State(PACKAGE / "releases", eaps.load(), schemas, SCHEMA_VERSION, ROOT / "tests" / "examples" / "valid")


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
            yield f"the data is not data {version} as released, which must not change: {RAISE_DATA}"
    elif released and version_key(version) < max(map(version_key, released)):
        yield f"data {version} is older than a release ({', '.join(released)}): {RAISE_DATA}"


def changed_schemas(state: State) -> Iterator[str]:
    """The current schemas must be those published, or have a version that says how much they changed."""
    if not state.lock["schemas"]:
        return
    published = max(state.lock["schemas"], key=version_key)
    hashes = {name: _hash(text.encode()) for name, text in state.schemas.items()}
    if state.schema_version == published and hashes == state.lock["schemas"][published]:
        return
    broken = [*newly_invalid(state, published)]
    required = required_version(state, published, breaking=bool(broken))
    if state.schema_version in state.lock["schemas"] or version_key(state.schema_version) < version_key(required):
        reason = f"valid data became invalid ({broken[0]})" if broken else "valid data stays valid"
        yield (
            f"the schemas differ from those published as {published}, which must not change; {reason}: raise "
            f"SCHEMA_VERSION in src/eaps_data/models/table_specs.py to {required} or higher and {RUN}, or "
            "revert the change"
        )


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
        yield from (f"the example {path.name}: {error}" for error in first_error(state, json.loads(path.read_bytes())))


def first_error(state: State, value: Any) -> list[str]:
    """Return the first error of the current schema or models in a value, apart from the `$schema` it names."""
    if isinstance(value, dict):
        value = {key: item for key, item in value.items() if key != "$schema"}
    type_ = detect(value)
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


def publish(state: State) -> None:
    """Write what is not released yet, the lock last; what is in the lock stays as it is."""
    lock: Lock = {type_: dict(versions) for type_, versions in state.lock.items()}
    if state.schema_version not in lock["schemas"]:
        for name, text in state.schemas.items():
            write(state.schema_path(state.schema_version, name), text)
        lock["schemas"][state.schema_version] = {name: _hash(text.encode()) for name, text in state.schemas.items()}
    if state.data_version not in lock["data"]:
        text = state.dataset.to_json()
        write(state.data_path(state.data_version), text)
        lock["data"][state.data_version] = _lock_entry(text.encode())
    write(state.folder / "lock.json", canonical_json.to_json(lock))


def write(path: Path, text: str) -> None:
    """Write a file atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


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
    head = '"""The texts of the terms, for editors to complete. Written by `python tools/release.py`."""\n\n'
    parts = [head + "from typing import Literal, TypeAlias\n"]
    for vocabulary in VOCABULARIES:
        name, synonyms = vocabulary.__name__, [synonym for term in vocabulary for synonym in term.synonyms]
        texts = [f'"{text}"' for text in dict.fromkeys([*vocabulary, *synonyms])]
        body = texts[0] if len(texts) == 1 else "".join(f"\n    {text}," for text in texts) + "\n"
        parts.append(f'{name}Term: TypeAlias = Literal[{body}]\n"""The text of a term of `{name}`, or a synonym."""\n')
    return "\n".join(parts)


def main(arguments: list[str] | None = None) -> int:
    """Check, and release if there is no violation; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if something is not released")
    parser.add_argument("--ready", action="store_true", help="--check, and fail if the package cannot be published yet")
    parser.add_argument("--redo", action="store_true", help="release the current versions again, unless a tag has them")
    options = parser.parse_args(arguments)
    state, tags = current(), tagged(ROOT)
    if options.redo:
        for type_, version in (("data", state.data_version), ("schemas", state.schema_version)):
            if not any(version in lock[type_] for lock in tags.values()):
                state.lock[type_].pop(version, None)
    errors = [
        *violations(state),
        *(each for tag, lock in tags.items() for each in changed_since(lock, state.lock, tag)),
    ]
    if options.ready:
        errors += unready(ROOT)
    if options.check or options.ready:
        errors += unreleased(state)
        print(*validity(state), sep="\n")
    elif not errors:
        publish(state)
        write(PACKAGE / "models" / "ids.py", literal_ids(state.dataset))
        write(PACKAGE / "models" / "terms.py", literal_terms())
        print(f"released: data {state.data_version}, schemas {state.schema_version}")
    print(*errors, sep="\n", file=sys.stderr, end="\n" if errors else "")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
