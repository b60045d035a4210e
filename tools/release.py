"""Release the data and the schemas, so that neither changes afterwards: `python tools/release.py`.

`--check` only says what is amiss, and what a change of the schema breaks. `--redo` first takes back the release of
the current versions, as long as no git tag has it: a tag is what publishes them.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker

import eaps_data
from eaps_data._internal import canonical_json
from eaps_data.models.past_ids import Redirect, Tombstone, version_key
from eaps_data.models.records import RECORDS, SCHEMA_VERSION
from eaps_data.schemas import generator
from eaps_data.schemas.published import schema_name
from eaps_data.tables.dataset import Dataset
from eaps_data.validation.checking import validate
from eaps_data.validation.detection import detect

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = Path(eaps_data.__file__).parent
LOCK: Final = "src/eaps_data/releases/lock.json"
RUN: Final = "run `python tools/release.py`"
BUMP_DATA: Final = f"raise data_version in src/eaps_data/data/release.json and {RUN}, or take the change back"
RESTORE: Final = "restore it: git checkout -- src/eaps_data/releases"

Lock = dict[str, dict[str, dict[str, str]]]


@dataclass(frozen=True)
class State:
    """What is to be released, and what was."""

    folder: Path
    """The folder of the releases."""
    dataset: Dataset
    """The current data."""
    schemas: Mapping[str, str]
    """The current schemas, by name."""
    version: str
    """Their version."""
    examples: Path
    """The folder of examples that are valid."""

    @cached_property
    def lock(self) -> Lock:
        """What was released, with its hashes."""
        path = self.folder / "lock.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"data": {}, "schemas": {}}

    @property
    def data_version(self) -> str:
        """The version of the current data."""
        return self.dataset.release.data_version

    def release(self, version: str) -> Path:
        """The file of a released dataset document."""
        return self.folder / f"{version}.json"

    def schema(self, version: str, name: str) -> Path:
        """The file of a published schema."""
        return self.folder / "schemas" / version / f"{name}.json"

    @cached_property
    def documents(self) -> dict[str, Any]:
        """The released dataset documents, by version; those whose file is missing are another gate's business."""
        paths = {version: self.release(version) for version in sorted(self.lock["data"], key=version_key)}
        return {version: json.loads(path.read_bytes()) for version, path in paths.items() if path.exists()}


def current() -> State:
    """The state of this checkout."""
    schemas = {name: generator.generate(name) for name in generator.PUBLISHED}
    folder = PACKAGE / "releases"
    return State(folder, eaps_data.load(), schemas, SCHEMA_VERSION, ROOT / "tests" / "examples" / "valid")


def content_hash(data: bytes) -> str:
    """The hash of a file; of a canonical dataset document, what `provenance.citation.content_hash` says."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


# The gates: each says what is amiss, and what mends it


def refusals(state: State) -> Iterator[str]:
    """What may not be: changes of what was released, schemas of a wrong version, ids that vanished."""
    yield from changed_files(state)
    yield from changed_data(state)
    yield from changed_schemas(state)
    yield from invalid_releases(state)
    yield from vanished_ids(state)


def pending(state: State) -> Iterator[str]:
    """What waits to be released."""
    if state.data_version not in state.lock["data"]:
        yield f"data {state.data_version} is not released: {RUN}"
    if state.version not in state.lock["schemas"]:
        yield f"schemas {state.version} are not released: {RUN}"
    known = {state.folder / "lock.json", *map(state.release, state.lock["data"])}
    known |= {state.schema(version, name) for version, names in state.lock["schemas"].items() for name in names}
    for path in sorted(set(state.folder.rglob("*.json")) - known):
        yield f"{path.relative_to(state.folder)} is of no release that the lock knows: {RUN}, or delete it"


def changed_files(state: State) -> Iterator[str]:
    """Each file is as the lock has it."""
    for version, entry in state.lock["data"].items():
        path = state.release(version)
        if not path.exists() or content_hash(path.read_bytes()) != entry["content_hash"]:
            yield f"{path.name} is not data {version} as it was released, which cannot change; {RESTORE}"
        elif entry != locked(json.loads(path.read_bytes()), entry["content_hash"]):
            yield f"the lock's as_of or schema_version is not that of data {version}; {RESTORE}"
    for version, names in state.lock["schemas"].items():
        for name, digest in names.items():
            path = state.schema(version, name)
            if not path.exists() or content_hash(path.read_bytes()) != digest:
                yield f"schemas/{version}/{path.name} is not as it was published, and cannot change; {RESTORE}"


def locked(document: Any, digest: str) -> dict[str, str]:
    """What the lock holds of a released document."""
    version = document["$schema"].rpartition(":")[2]
    return {"schema_version": version, "as_of": document["release"]["as_of"], "content_hash": digest}


def changed_data(state: State) -> Iterator[str]:
    """The current data are those that were released with their version, or come after all that were."""
    version, released = state.data_version, state.lock["data"]
    if version in released:
        if content_hash(state.dataset.to_json().encode()) != released[version]["content_hash"]:
            yield f"the data are not data {version} as released, which cannot change: {BUMP_DATA}"
    elif released and version_key(version) < max(map(version_key, released)):
        yield f"data {version} would come before what is released already ({', '.join(released)}): {BUMP_DATA}"


def changed_schemas(state: State) -> Iterator[str]:
    """The current schemas are those published with their version, or have one that says how much they changed."""
    if not state.lock["schemas"]:
        return
    published = max(state.lock["schemas"], key=version_key)
    names = [name for name in state.lock["schemas"][published] if state.schema(published, name).exists()]
    before = {name: state.schema(published, name).read_text(encoding="utf-8") for name in names}
    broken = [*breaks(state, published)]
    wanted = raised(published, before, state.schemas, breaking=bool(broken))
    hashes = {name: content_hash(text.encode()) for name, text in state.schemas.items()}
    same = state.version == published and hashes == state.lock["schemas"][published]
    if not same and (state.version in state.lock["schemas"] or version_key(state.version) < version_key(wanted)):
        why = f"it breaks what was valid ({broken[0]})" if broken else "what was valid stays so"
        yield (
            f"the schemas are not those published as {published}, which cannot change; {why}: raise SCHEMA_VERSION and "
            f"SCHEMA_ID in src/eaps_data/models/records.py to {wanted} or higher and {RUN}, or take the change back"
        )


def raised(version: str, before: Mapping[str, str], after: Mapping[str, str], *, breaking: bool) -> str:
    """The lowest version that changed schemas may have."""
    major, minor, patch = version_key(version)
    if breaking:
        return f"{major + 1}.0.0"
    rules, new_rules = (
        {name: without_words(json.loads(text)) for name, text in each.items()} for each in (before, after)
    )
    if rules != new_rules:
        return f"{major}.{minor + 1}.0"
    texts, new_texts = ({name: unversioned(text) for name, text in each.items()} for each in (before, after))
    return version if texts == new_texts else f"{major}.{minor}.{patch + 1}"


def unversioned(text: str) -> str:
    """A schema without the version in its names."""
    return re.sub(r"(urn:eaps-data:schema:[a-z-]+:)[0-9.]+", r"\1", text)


def without_words(value: Any) -> Any:
    """A schema with its rules alone: no versions, descriptions and examples."""
    if isinstance(value, dict):
        words = {key for key in ("description", "examples") if isinstance(value.get(key), str | list)}
        return {key: without_words(item) for key, item in value.items() if key not in words}
    if isinstance(value, list):
        return [without_words(item) for item in value]
    return unversioned(value) if isinstance(value, str) else value


def breaks(state: State, published: str) -> Iterator[str]:
    """What was valid under the last published schemas, and is no more, with the reason."""
    for version, document in state.documents.items():
        if document["$schema"].rpartition(":")[2].partition(".")[0] == published.partition(".")[0]:
            yield from (f"data {version}: {fault}" for fault in faults(state, "dataset", document))
    for path in sorted(state.examples.glob("*.json")):
        value = json.loads(path.read_bytes())
        name = schema_name(detect(value))
        yield from (f"the example {path.name}: {fault}" for fault in faults(state, name, value))


def faults(state: State, name: str, value: Any) -> list[str]:
    """What the current schema and models have against a value, the version that it names aside."""
    if isinstance(value, dict):
        value = {key: item for key, item in value.items() if key != "$schema"}
    found = errors(json.loads(state.schemas[name]), value)
    problems = validate(json.dumps(value).encode(), detect(value))
    return [*found, *(str(problem) for problem in problems if problem.severity == "error")][:1]


def errors(rules: Any, value: Any) -> list[str]:
    """What a JSON Schema has against a value."""
    engine = Draft202012Validator(rules, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:100]}" for error in engine.iter_errors(value)]


def invalid_releases(state: State) -> Iterator[str]:
    """Each release is valid under the schema that was published with it."""
    for version, document in state.documents.items():
        own = document["$schema"].rpartition(":")[2]
        path = state.schema(own, "dataset")
        if not path.exists():
            yield f"data {version} follows schema {own}, which is not among those published; {RESTORE}"
            continue
        for error in errors(json.loads(path.read_bytes()), document)[:1]:
            yield f"data {version} is not valid under schema {own}, its own ({error}); {RESTORE}"


def verdicts(state: State) -> Iterator[str]:
    """Of each release, whether it is valid under the current schema too."""
    for version, document in state.documents.items():
        own = document["$schema"].rpartition(":")[2]
        found = faults(state, "dataset", document)
        told = (
            f"not valid under schema {state.version} ({found[0]})" if found else f"valid under schema {state.version}"
        )
        yield f"data {version}, of schema {own}: {told}"


def vanished_ids(state: State) -> Iterator[str]:
    """Each id of a past version lives, was renamed or was removed; what was, does not come back."""
    living = ids_of(state.dataset.document.model_dump(mode="json"))
    reported: set[str] = set()
    for version, document in state.documents.items():
        past = {each["old"] for each in document["redirects"]} | {each["id"] for each in document["tombstones"]}
        for subject in sorted(past & living):
            yield f"{subject} lived no more in data {version}, and an id is never used again: give the record another"
        for subject in sorted((ids_of(document) | past) - living - reported):
            table, _, key = subject.partition("/")
            became = state.dataset.past_ids.exact(table, key)
            reported.add(subject)
            if not (isinstance(became, Tombstone) or (isinstance(became, Redirect) and became.new in living)):
                yield (
                    f"{subject} of data {version} has vanished: say what became of it in src/eaps_data/data/"
                    "redirects.json or tombstones.json, or put the record back"
                )
            elif subject not in past and version_key(version)[0] == version_key(state.data_version)[0]:
                yield f"{subject} of data {version} lives no more, which takes a new major version: {BUMP_DATA}"


def ids_of(document: Any) -> set[str]:
    """Every id of a dataset document, with its table."""
    ids = {f"{table}/{record['id']}" for table in RECORDS for record in document[table] if "id" in record}
    ids.add(f"grant_program/{document['grant_program']['id']}")
    return ids | {
        f"partnerships/{each['program']}--{each['partner']}--{each['role']}" for each in document["partnerships"]
    }


def changed_since(published: Lock, lock: Lock, tag: str) -> Iterator[str]:
    """What a tag has published is still what the lock has."""
    for kind, versions in published.items():
        for version, entry in versions.items():
            if lock[kind].get(version) != entry:
                yield f"{kind} {version} were published with the tag {tag}, and cannot change; put them back"


def tagged(root: Path) -> dict[str, Lock]:
    """The lock that each git tag has published; nothing where this is no checkout."""

    def git(*arguments: str) -> str:
        ran = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False, encoding="utf-8")  # noqa: S603, S607
        return "" if ran.returncode else ran.stdout

    locks = {tag: git("show", f"{tag}:{LOCK}") for tag in git("tag", "--list").split()}
    return {tag: json.loads(text) for tag, text in locks.items() if text}


# Releasing


def publish(state: State) -> None:
    """Write what is not released yet; the lock comes last, and what it has is left alone."""
    lock: Lock = {kind: dict(versions) for kind, versions in state.lock.items()}
    if state.version not in lock["schemas"]:
        for name, text in state.schemas.items():
            write(state.schema(state.version, name), text)
        lock["schemas"][state.version] = {name: content_hash(text.encode()) for name, text in state.schemas.items()}
    if state.data_version not in lock["data"]:
        text = state.dataset.to_json()
        write(state.release(state.data_version), text)
        lock["data"][state.data_version] = locked(json.loads(text), content_hash(text.encode()))
    write(state.folder / "lock.json", canonical_json.to_json(lock))


def write(path: Path, text: str) -> None:
    """Write a file whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8", newline="\n")
    new.replace(path)


def literal_ids(dataset: Dataset) -> str:
    """The module of the ids' types."""
    head = '"""The ids of the packaged data, for editors to complete. Written by `python tools/release.py`."""\n\n'
    parts = [head + "from typing import Literal, TypeAlias\n"]
    for table in (dataset.municipalities, dataset.programs, dataset.partners, dataset.sources):
        name = RECORDS[table.table].__name__ + "Id"
        ids = "".join(f'    "{key}",\n' for key in table.ids)
        parts.append(f'{name}: TypeAlias = Literal[\n{ids}]\n"""An id of `{table.table}`."""\n')
    return "\n".join(parts)


def main(arguments: list[str] | None = None) -> int:
    """Check, and release where nothing is amiss."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where something is not released")
    parser.add_argument("--redo", action="store_true", help="release the current versions anew, if no tag has them")
    options = parser.parse_args(arguments)
    state, tags = current(), tagged(ROOT)
    if options.redo:
        taken = {"data": state.data_version, "schemas": state.version}
        for kind, version in taken.items():
            if not any(version in lock[kind] for lock in tags.values()):
                state.lock[kind].pop(version, None)
    amiss = [*refusals(state), *(each for tag, lock in tags.items() for each in changed_since(lock, state.lock, tag))]
    if options.check:
        amiss += pending(state)
        print(*verdicts(state), sep="\n")
    elif not amiss:
        publish(state)
        write(PACKAGE / "models" / "ids.py", literal_ids(state.dataset))
        print(f"released: data {state.data_version}, schemas {state.version}")
    print(*amiss, sep="\n", file=sys.stderr, end="\n" if amiss else "")
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main())
