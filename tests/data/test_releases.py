"""Releases never change: the gates pass in this checkout, and reject altered copies with a way to fix them."""

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

import eaps_data as eaps
from eaps_data._internal import resources
from eaps_data.models.table_specs import SCHEMA_VERSION
from eaps_data.provenance.citation import content_hash

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tools"))  # a folder of scripts, not a package
release: Any = importlib.import_module("release")
sys.path.remove(str(ROOT / "tools"))

Edit = Callable[[Any], object]
PROGRAM = "programs/revere-bhu"
_major, _minor, _patch = map(int, SCHEMA_VERSION.split("."))
MAJOR, MINOR, PATCH = f"{_major + 1}.0.0", f"{_major}.{_minor + 1}.0", f"{_major}.{_minor}.{_patch + 1}"
"""The next versions of the schemas, by how much they change."""


@pytest.fixture
def state(tmp_path: Path) -> Any:
    """This checkout, released into a temporary folder."""
    checkout = release.current()
    examples = shutil.copytree(checkout.examples, tmp_path / "examples")
    released = with_data(replace(checkout, folder=tmp_path / "releases", examples=examples), bool, "1.0.0")
    release.publish(released)
    return fresh(released)


def fresh(state: Any, **changes: Any) -> Any:
    return replace(state, **changes)  # without cached files


def violation(state: Any) -> str:
    """Return the only violation."""
    violations = [*release.violations(fresh(state))]
    assert len(violations) == 1, violations
    return str(violations[0])


def with_data(state: Any, edit: Edit, version: str | None = None) -> Any:
    document = json.loads(state.dataset.to_json())
    edit(document)
    document["release"]["data_version"] = version or document["release"]["data_version"]
    return fresh(state, dataset=eaps.Dataset.from_json(json.dumps(document)))


def with_schemas(state: Any, edit: Edit, version: str = SCHEMA_VERSION) -> Any:
    """Edit the definition of a program in each schema, as a change of the models would."""
    schemas: dict[str, str] = {}
    for name, text in state.schemas.items():
        schema = json.loads(text.replace(f":{SCHEMA_VERSION}", f":{version}"))
        if name == "program":
            edit(schema)
        elif "Program" in schema.get("$defs", {}):
            edit(schema["$defs"]["Program"])
        schemas[name] = json.dumps(schema)
    return fresh(state, schemas=schemas, schema_version=version)


def without_program(document: Any) -> None:
    """Remove a program and everything that refers to it."""
    document["programs"] = [each for each in document["programs"] if each["id"] != "revere-bhu"]
    document["partnerships"] = [each for each in document["partnerships"] if each["program"] != "revere-bhu"]
    removed = (PROGRAM, "partnerships/revere-bhu--")
    document["evidence"] = [each for each in document["evidence"] if not each["subject"].startswith(removed)]


def with_renamed_program(document: Any) -> None:
    text = json.dumps(document)
    for old in ('"revere-bhu', "programs/revere-bhu", "partnerships/revere-bhu--"):
        text = text.replace(old, old.replace("revere-bhu", "revere-unit"))
    document.update(json.loads(text))


# This checkout


def test_checkout_passes_all_gates() -> None:
    state = release.current()
    errors = [*release.violations(state), *release.unreleased(state)]
    for tag, lock in release.tagged(ROOT).items():
        errors += release.changed_since(lock, state.lock, tag)
    assert not errors, "\n".join(errors)


def test_every_release_can_be_loaded_and_those_of_this_major_schema_version_are_valid() -> None:
    results = [*release.validity(release.current())]
    assert len(results) == len(resources.releases()["data"])
    for (version, entry), result in zip(resources.releases()["data"].items(), results, strict=True):
        dataset = eaps.Dataset.from_release(version)
        assert (dataset.release.data_version, dataset.release.as_of.isoformat()) == (version, entry["as_of"])
        assert (content_hash(dataset) == entry["content_hash"]) is (entry["schema_version"] == SCHEMA_VERSION)
        if entry["schema_version"].partition(".")[0] == SCHEMA_VERSION.partition(".")[0]:
            assert f": valid under schema {SCHEMA_VERSION}" in result


def test_current_data_is_a_release() -> None:
    assert eaps.Dataset.from_release(eaps.release.data_version) == eaps.load()


def test_unknown_version_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(
        eaps.UnknownTermError, match=r"unknown data_version value '99\.0\.0'.* expected one of: 1\.0\.0"
    ):
        eaps.Dataset.from_release("99.0.0")
    with pytest.raises(
        eaps.UnknownTermError, match=r"unknown data_version value '\.\./data'; expected one of: 1\.0\.0"
    ):
        eaps.Dataset.from_release("../data")
    with pytest.raises(eaps.UnknownTermError, match=r"unknown schema_version value '9\.0\.0'"):
        eaps.json_schema("Program", "9.0.0")


def test_published_schema_is_found_by_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    assert eaps.json_schema("Program", SCHEMA_VERSION) == eaps.json_schema("Program")
    assert eaps.json_schema("Program", "1.0.0")["$id"].endswith(":program:1.0.0")
    monkeypatch.setattr(resources, "releases", lambda: {"schemas": {"1.0.0": {"dataset": ""}}})
    with pytest.raises(eaps.KeyNotFoundError, match=r"schemas 1\.0\.0"):
        eaps.json_schema("Program", "1.0.0")


def test_id_types_match_the_data(update_golden: bool) -> None:
    path = release.PACKAGE / "models" / "ids.py"
    expected = release.literal_ids(eaps.load())
    if update_golden:
        release.write(path, expected)
    assert path.read_text(encoding="utf-8") == expected, "update it with: python tools/release.py"


def test_term_types_match_the_vocabularies(update_golden: bool) -> None:
    path = release.PACKAGE / "models" / "terms.py"
    expected = release.literal_terms()
    if update_golden:
        release.write(path, expected)
    assert path.read_text(encoding="utf-8") == expected, "update it with: python tools/release.py"


def test_changelog_has_code_data_and_schema_versions() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## Code {eaps.__version__} " in changes
    assert f"## Data {eaps.release.data_version} ({eaps.release.as_of})" in changes
    schema = eaps.json_schema()["$id"].rpartition(":")[2]
    assert f"## Schemas {schema} " in changes


def test_citation_file_describes_the_packaged_data() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == eaps.release.data_version
    assert citation["date-released"] == eaps.release.as_of.isoformat()
    assert citation["references"][0]["url"] == eaps.sources["funded-municipalities"].url


# Altered copies


def test_new_release_passes_all_gates_and_publishing_again_changes_nothing(state: Any) -> None:
    assert [*release.violations(state), *release.unreleased(state)] == []
    before = {path: path.read_bytes() for path in state.folder.rglob("*") if path.is_file()}
    release.publish(fresh(state))
    assert {path: path.read_bytes() for path in state.folder.rglob("*") if path.is_file()} == before


def test_changed_data_needs_a_new_version(state: Any) -> None:
    altered = with_data(state, lambda document: document["programs"][0].update(summary="Other words."))
    assert violation(altered) == (
        "the data is not data 1.0.0 as released, which must not change: raise data_version in src/eaps_data/data/"
        "release.json and run `python tools/release.py`, or revert the change"
    )
    later = with_data(altered, bool, "1.0.1")
    assert [*release.violations(later)] == []
    assert [*release.unreleased(later)] == ["data 1.0.1 is not released: run `python tools/release.py`"]
    release.publish(later)
    assert [*release.violations(fresh(later)), *release.unreleased(fresh(later))] == []
    assert sorted(path.name for path in state.folder.glob("1.*")) == ["1.0.0.json", "1.0.1.json"]
    assert "data 0.9.0 is older than a release (1.0.0, 1.0.1)" in violation(with_data(later, bool, "0.9.0"))


@pytest.mark.parametrize(
    "name", ["1.0.0.json", *(f"schemas/{SCHEMA_VERSION}/{name}.schema.json" for name in ("program", "dataset"))]
)
def test_changed_or_missing_release_file_is_rejected(state: Any, name: str) -> None:
    path = state.folder / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert "git checkout -- src/eaps_data/releases" in violation(state)
    path.unlink()
    assert "must not change; restore it" in " ".join(release.violations(fresh(state)))


@pytest.mark.parametrize(
    ("field", "value"), [("as_of", "2027-01-01"), ("schema_version", MAJOR), ("content_hash", "sha256:0")]
)
def test_lock_with_other_values_is_rejected(state: Any, field: str, value: str) -> None:
    lock = json.loads((state.folder / "lock.json").read_bytes())
    lock["data"]["1.0.0"][field] = value
    (state.folder / "lock.json").write_text(json.dumps(lock))
    assert "git checkout -- src/eaps_data/releases" in " ".join(release.violations(fresh(state)))


def test_file_of_an_unknown_release_is_reported(state: Any) -> None:
    (state.folder / "0.9.0.json").write_text("{}")
    assert [*release.unreleased(state)] == [
        "0.9.0.json belongs to no release in the lock: run `python tools/release.py`, or delete it"
    ]


@pytest.mark.parametrize(
    ("edit", "breaks", "required"),
    [
        (lambda schema: schema["properties"].pop("goals"), True, MAJOR),
        (lambda schema: schema["required"].append("summary"), True, MAJOR),
        (lambda schema: schema["properties"]["id"].update(maxLength=5), True, MAJOR),
        (
            lambda schema: schema["properties"].update(website={"type": "string", "description": "Its site."}),
            False,
            MINOR,
        ),
        (lambda schema: schema["properties"]["id"].update(maxLength=200), False, MINOR),
        (lambda schema: schema["properties"]["id"].update(description="Other words."), False, PATCH),
    ],
)
def test_changed_schema_needs_a_version_that_says_how_much_it_changed(
    state: Any, edit: Edit, breaks: bool, required: str
) -> None:
    message = violation(with_schemas(state, edit))
    assert message.startswith(f"the schemas differ from those published as {SCHEMA_VERSION}, which must not change; ")
    assert ("valid data became invalid (" in message) is breaks
    assert f"SCHEMA_VERSION in src/eaps_data/models/table_specs.py to {required} or higher" in message
    versions = [PATCH, MINOR, MAJOR]
    for version in versions[: versions.index(required)]:
        assert f"to {required} or higher" in violation(with_schemas(state, edit, version))
    for version in versions[versions.index(required) :]:
        accepted = with_schemas(state, edit, version)
        assert [*release.violations(accepted)] == []
        assert [*release.unreleased(accepted)] == [f"schemas {version} are not released: run `python tools/release.py`"]
        (result,) = release.validity(accepted)
        assert breaks or result == f"data 1.0.0, of schema {SCHEMA_VERSION}: valid under schema {version}"


def test_schema_that_rejects_an_example_is_a_breaking_change(state: Any) -> None:
    example = json.loads((state.examples / "program.json").read_bytes())
    example["id"] = "an-id-that-is-longer-than-any-id-in-the-data-but-valid-under-every-published-schema"
    (state.examples / "program.json").write_text(json.dumps(example))
    message = violation(with_schemas(state, lambda schema: schema["properties"]["id"].update(maxLength=60), MINOR))
    assert "valid data became invalid (the example program.json: $.id" in message


def test_errors_of_the_models_count_as_breaking(state: Any) -> None:
    document = json.loads(state.data_path("1.0.0").read_bytes())
    document["programs"][0]["municipality"] = "nowhere"  # no schema can check this
    assert "nowhere" in release.first_error(state, document)[0]


def test_release_that_the_current_schema_rejects_is_reported(state: Any) -> None:
    changed = with_schemas(state, lambda schema: schema["properties"].pop("goals"), MAJOR)
    (result,) = release.validity(changed)
    assert result.startswith(f"data 1.0.0, of schema {SCHEMA_VERSION}: invalid under schema {MAJOR} ($.programs[0]: ")


def test_schemas_of_a_new_version_are_added_to_the_older_ones(state: Any) -> None:
    changed = with_schemas(state, lambda schema: schema["properties"].update(website={"type": "string"}), MINOR)
    release.publish(changed)
    assert [*release.violations(fresh(changed)), *release.unreleased(fresh(changed))] == []
    assert sorted(fresh(changed).lock["schemas"]) == [SCHEMA_VERSION, MINOR]
    assert json.loads(changed.schema_path(SCHEMA_VERSION, "program").read_bytes())["$id"].endswith(f":{SCHEMA_VERSION}")


def test_release_that_is_invalid_under_its_own_schema_is_rejected(state: Any) -> None:
    document = json.loads(state.data_path("1.0.0").read_bytes())
    document["programs"][0]["name"] = ""
    text = json.dumps(document)
    state.data_path("1.0.0").write_text(text)
    messages = " ".join(release.violations(fresh(state)))
    assert f"data 1.0.0 is invalid under its own schema {SCHEMA_VERSION} ($.programs[0].name" in messages
    document["schema_version"] = "0.9.0"
    state.data_path("1.0.0").write_text(json.dumps(document))
    assert "data 1.0.0 follows schema 0.9.0, which is not published" in " ".join(release.violations(fresh(state)))


def test_missing_id_is_rejected(state: Any) -> None:
    messages = [*release.violations(with_data(state, without_program, "2.0.0"))]
    assert messages[-1] == (
        f"{PROGRAM} of data 1.0.0 is missing: add it to src/eaps_data/data/redirects.json or tombstones.json, or "
        "restore the record"
    )
    partnerships = len(eaps.partnerships.where(program="revere-bhu"))
    assert len(messages) == partnerships + 1
    assert all("partnerships/revere-bhu--" in message for message in messages[:-1])


REMOVED: Mapping[str, object] = {"id": PROGRAM, "since": "2.0.0", "why": "The page no longer names it."}
RENAMED: Mapping[str, object] = {"old": PROGRAM, "new": "programs/revere-unit", "since": "2.0.0"}


def test_removed_or_renamed_id_needs_a_major_version_and_is_never_reused(state: Any) -> None:
    removed = with_data(
        with_data(state, without_program, "2.0.0"), lambda document: document["tombstones"].append(REMOVED)
    )
    renamed = with_data(
        with_data(state, with_renamed_program, "2.0.0"), lambda document: document["redirects"].append(RENAMED)
    )
    for later in (removed, renamed):
        assert [*release.violations(later)] == []
        minor = with_data(later, bool, "1.1.0")
        message = f"{PROGRAM} of data 1.0.0 was renamed or removed, which needs a major version: raise data_version"
        assert message in " ".join(release.violations(minor))
    release.publish(removed)
    reused = fresh(state, dataset=with_data(state, bool, "3.0.0").dataset)
    assert violation(reused) == (
        f"{PROGRAM} was renamed or removed in data 2.0.0, and ids are never reused: choose another id"
    )
    forgotten = fresh(
        removed, dataset=with_data(removed, lambda document: document["tombstones"].clear(), "3.0.0").dataset
    )
    assert f"{PROGRAM} of data 1.0.0 is missing" in " ".join(release.violations(forgotten))


def test_release_published_with_a_tag_must_not_change(state: Any, tmp_path: Path) -> None:
    path = tmp_path / "src" / "eaps_data" / "releases" / "lock.json"
    path.parent.mkdir(parents=True)
    shutil.copy(state.folder / "lock.json", path)
    assert release.tagged(tmp_path) == {}
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    for command in (("init", "-q"), ("add", str(path)), (*identity, "commit", "-qm", "First"), ("tag", "data-1.0.0")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)  # noqa: S607
    ((tag, published),) = release.tagged(tmp_path).items()
    assert [*release.changed_since(published, state.lock, tag)] == []
    altered = {**state.lock, "data": {"1.0.0": {**state.lock["data"]["1.0.0"], "content_hash": "sha256:0"}}}
    assert [*release.changed_since(published, altered, tag)] == [
        "data 1.0.0 was published with the tag data-1.0.0, and must not change; restore it"
    ]


def test_tool_releases_once_rejects_changes_and_redoes_what_no_tag_has(
    state: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = fresh(state, folder=tmp_path / "new")
    monkeypatch.setattr(release, "current", lambda: fresh(now))
    monkeypatch.setattr(release, "PACKAGE", tmp_path)
    monkeypatch.setattr(release, "tagged", lambda _root: {})
    assert release.main(["--check"]) == 1
    assert "data 1.0.0 is not released: run `python tools/release.py`" in capsys.readouterr().err
    assert release.main([]) == 0
    assert capsys.readouterr().out == f"released: data 1.0.0, schemas {SCHEMA_VERSION}\n"
    assert release.main(["--check"]) == 0
    assert capsys.readouterr().out == f"data 1.0.0, of schema {SCHEMA_VERSION}: valid under schema {SCHEMA_VERSION}\n"
    released = {path.name: path.read_bytes() for path in now.folder.glob("*") if path.is_file()}
    now = with_data(now, lambda document: document["programs"][0].update(summary="Other words."))
    assert release.main([]) == 1
    assert "raise data_version" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in now.folder.glob("*") if path.is_file()} == released
    assert release.main(["--redo"]) == 0
    assert now.data_path("1.0.0").read_bytes() != released["1.0.0.json"]
    lock = fresh(now).lock
    monkeypatch.setattr(release, "tagged", lambda _root: {"data-1.0.0": lock})
    now = with_data(now, lambda document: document["programs"][0].update(summary="More words."))
    assert release.main(["--redo"]) == 1
    assert "raise data_version" in capsys.readouterr().err
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} == {".json", ".py"}  # no temporary files


@pytest.mark.parametrize("address", ["", "github.com/someone/eaps-data", "https://github.com/someone/eaps-data/"])
def test_package_is_not_ready_without_the_address_of_the_repository(tmp_path: Path, address: str) -> None:
    project = "[tool.hatch.metadata.hooks.custom]\nrepository = "
    (tmp_path / "pyproject.toml").write_text(f'{project}"{address}"', encoding="utf-8")
    (message,) = release.unready(tmp_path)
    assert "address of the repository is not set: set `repository` in pyproject.toml" in message
    (tmp_path / "pyproject.toml").write_text(f'{project}"https://github.com/someone/eaps-data"', encoding="utf-8")
    assert [*release.unready(tmp_path)] == []


def test_only_the_check_before_publishing_needs_the_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(release, "unready", lambda _root: iter(["the address is not set"]))
    assert release.main(["--check"]) == 0
    assert release.main(["--ready"]) == 1
    assert capsys.readouterr().err == "the address is not set\n"
