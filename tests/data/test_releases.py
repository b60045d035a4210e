"""Releases never change: the gates pass in this checkout, and reject altered copies with a way to fix them."""

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

import eaps_data as eaps
from eaps_data._internal import canonical_json, resources
from eaps_data._internal.atomic_writes import write_texts
from eaps_data.errors import Problem
from eaps_data.models.past_ids import version_key
from eaps_data.models.table_specs import SCHEMA_VERSION
from eaps_data.provenance.citation import content_hash
from eaps_data.provenance.review import Review
from eaps_data.validation import release as validation_release
from support.changed_page import change_folder
from support.sample import write_tables

ROOT = Path(__file__).parents[2]
if not (ROOT / "src").is_dir():
    pytest.skip("there are no sources to release", allow_module_level=True)
sys.path.append(str(ROOT / "tools"))  # a folder of scripts, not a package
release: Any = importlib.import_module("release")
gates: Any = importlib.import_module("gates")
edition: Any = importlib.import_module("edition")
sys.path.remove(str(ROOT / "tools"))

Edit = Callable[[Any], object]
PROGRAM = "programs/revere-bhu"
_major, _minor, _patch = map(int, SCHEMA_VERSION.split("."))
MAJOR, MINOR, PATCH = f"{_major + 1}.0.0", f"{_major}.{_minor + 1}.0", f"{_major}.{_minor}.{_patch + 1}"
"""The next versions of the schemas, by how much they change."""


@pytest.fixture
def state(tmp_path: Path) -> Any:
    """This checkout, released into a temporary folder."""
    checkout = gates.current()
    examples = shutil.copytree(checkout.examples, tmp_path / "examples")
    released = with_data(replace(checkout, folder=tmp_path / "releases", examples=examples), bool, "1.0.0")
    write_texts(release.released_files(released))
    return fresh(released)


def fresh(state: Any, **changes: Any) -> Any:
    return replace(state, **changes)  # without cached files


def violation(state: Any) -> str:
    """Return the only violation."""
    violations = [*gates.violations(fresh(state))]
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
    state = gates.current()
    errors = [*gates.violations(state), *gates.unreleased(state)]
    for tag, lock in state.tags.items():
        errors += gates.changed_since(lock, state.lock, tag)
    assert not errors, "\n".join(errors)


def test_every_release_can_be_loaded_and_those_of_this_major_schema_version_are_valid() -> None:
    state = gates.current()
    assert state.documents.keys() == resources.releases()["data"].keys()
    for version, entry in resources.releases()["data"].items():
        dataset = eaps.Dataset.from_release(version)
        assert (dataset.release.data_version, dataset.release.as_of.isoformat()) == (version, entry["as_of"])
        assert (content_hash(dataset) == entry["content_hash"]) is (entry["schema_version"] == SCHEMA_VERSION)
        if entry["schema_version"].partition(".")[0] == SCHEMA_VERSION.partition(".")[0]:
            assert gates.first_error(state, state.documents[version]) == []


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
    with pytest.raises(eaps.UnknownTermError, match=r"schema \(version 1\.0\.0\)"):
        eaps.json_schema("Program", "1.0.0")


def test_id_types_match_the_data(update_golden: bool) -> None:
    path = ROOT / "src" / "eaps_data" / "models" / "ids.py"
    expected = edition.literal_ids(eaps.load())
    if update_golden:
        write_texts({path: expected})
    assert path.read_text(encoding="utf-8") == expected, "update it with: python tools/release.py"


def test_term_types_match_the_vocabularies(update_golden: bool) -> None:
    path = ROOT / "src" / "eaps_data" / "models" / "terms.py"
    expected = edition.literal_terms()
    if update_golden:
        write_texts({path: expected})
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
    assert [*gates.violations(state), *gates.unreleased(state)] == []
    before = {path: path.read_bytes() for path in state.folder.rglob("*") if path.is_file()}
    write_texts(release.released_files(fresh(state)))
    assert {path: path.read_bytes() for path in state.folder.rglob("*") if path.is_file()} == before


def test_changed_data_needs_a_new_version(state: Any) -> None:
    altered = with_data(state, lambda document: document["programs"][0].update(summary="Other words."))
    message = (
        "the data is not data 1.0.0 as released, which must not change: run `python tools/release.py`, which raises "
        "data_version in src/eaps_data/data/release.json, or revert the change"
    )
    redo = "; no tag has it, so it can be released again: `python tools/release.py --redo`"
    assert violation(altered) == message + redo
    assert violation(fresh(altered, tags={"v1": altered.lock})) == message
    later = with_data(altered, bool, "1.0.1")
    assert [*gates.violations(later)] == []
    assert [*gates.unreleased(later)] == ["data 1.0.1 is not released: run `python tools/release.py`"]
    write_texts(release.released_files(later))
    assert [*gates.violations(fresh(later)), *gates.unreleased(fresh(later))] == []
    assert sorted(path.name for path in state.folder.glob("1.*")) == ["1.0.0.json", "1.0.1.json"]
    assert "data_version 0.9.0 is too low after 1.0.1; the changes need 1.0.2" in violation(
        with_data(later, bool, "0.9.0")
    )


@pytest.mark.parametrize(
    "name", ["1.0.0.json", *(f"schemas/{SCHEMA_VERSION}/{name}.schema.json" for name in ("program", "dataset"))]
)
def test_changed_or_missing_release_file_is_rejected(state: Any, name: str) -> None:
    path = state.folder / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert violation(state).partition("; restore ")[2].startswith(("it: git ", "both: git "))
    path.unlink()
    assert "; restore it: git " in " ".join(gates.violations(fresh(state)))


@pytest.mark.parametrize(
    ("field", "value"), [("as_of", "2027-01-01"), ("schema_version", MAJOR), ("content_hash", "sha256:0")]
)
def test_lock_with_other_values_is_rejected(state: Any, field: str, value: str) -> None:
    lock = json.loads((state.folder / "releases.lock").read_bytes())
    lock["data"]["1.0.0"][field] = value
    (state.folder / "releases.lock").write_text(json.dumps(lock))
    assert f"git -C {state.folder.parent} checkout -- {state.folder.name}/" in " ".join(gates.violations(fresh(state)))


def test_file_of_an_unknown_release_is_reported(state: Any) -> None:
    (state.folder / "0.9.0.json").write_text("{}")
    (state.folder / "schemas" / "program.schema.json").write_text("{}")
    data, schema = gates.unreleased(state)
    assert data.startswith(
        f"{state.folder / '0.9.0.json'}: this file belongs to no release in releases.lock; delete it"
    )
    assert schema == (
        f"{Path('schemas', 'program.schema.json')} belongs to no release in the lock: run `python tools/release.py`, "
        "or delete it"
    )


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
    assert f"SCHEMA_VERSION in src/eaps_data/models/table_specs.py to {required}, or revert" in message
    versions = [PATCH, MINOR, MAJOR]
    for version in versions[: versions.index(required)]:
        assert f"to {required}, or revert" in violation(with_schemas(state, edit, version))
    for version in versions[versions.index(required) :]:
        accepted = with_schemas(state, edit, version)
        assert [*gates.violations(accepted)] == []
        assert [*gates.unreleased(accepted)] == [f"schemas {version} are not released: run `python tools/release.py`"]
        assert breaks or gates.first_error(accepted, accepted.documents["1.0.0"]) == []


def test_schema_that_rejects_an_example_is_a_breaking_change(state: Any) -> None:
    example = json.loads((state.examples / "program.json").read_bytes())
    example["id"] = "an-id-that-is-longer-than-any-id-in-the-data-but-valid-under-every-published-schema"
    (state.examples / "program.json").write_text(json.dumps(example))
    message = violation(with_schemas(state, lambda schema: schema["properties"]["id"].update(maxLength=60), MINOR))
    assert "valid data became invalid (the example program.json: $.id" in message


def test_errors_of_the_models_count_as_breaking(state: Any) -> None:
    document = json.loads(state.releases.path("1.0.0").read_bytes())
    document["programs"][0]["municipality"] = "nowhere"  # no schema can check this
    assert "nowhere" in gates.first_error(state, document)[0]


def test_release_that_the_current_schema_rejects_is_found(state: Any) -> None:
    changed = with_schemas(state, lambda schema: schema["properties"].pop("goals"), MAJOR)
    (error,) = gates.first_error(changed, changed.documents["1.0.0"])
    assert error.startswith("$.programs[0]: ")


def test_schemas_of_a_new_version_are_added_to_the_older_ones(state: Any) -> None:
    changed = with_schemas(state, lambda schema: schema["properties"].update(website={"type": "string"}), MINOR)
    write_texts(release.released_files(changed))
    assert [*gates.violations(fresh(changed)), *gates.unreleased(fresh(changed))] == []
    assert sorted(fresh(changed).lock["schemas"]) == [SCHEMA_VERSION, MINOR]
    assert json.loads(changed.schema_path(SCHEMA_VERSION, "program").read_bytes())["$id"].endswith(f":{SCHEMA_VERSION}")


def test_release_that_is_invalid_under_its_own_schema_is_rejected(state: Any) -> None:
    document = json.loads(state.releases.path("1.0.0").read_bytes())
    document["programs"][0]["name"] = ""
    text = json.dumps(document)
    state.releases.path("1.0.0").write_text(text)
    messages = " ".join(gates.violations(fresh(state)))
    assert f"data 1.0.0 is invalid under its own schema {SCHEMA_VERSION} ($.programs[0].name" in messages
    document["schema_version"] = "0.9.0"
    state.releases.path("1.0.0").write_text(json.dumps(document))
    assert "data 1.0.0 follows schema 0.9.0, which is not published" in " ".join(gates.violations(fresh(state)))


def test_missing_id_is_rejected(state: Any) -> None:
    messages = [*gates.violations(with_data(state, without_program, "2.0.0"))]
    assert messages[-1] == (
        f"{state.data / 'programs.json'}: {PROGRAM}: data 1.0.0 has this id, which is missing now: restore the "
        "record, or add a row to redirects.json (old, new, since 2.0.0) or tombstones.json (id, since 2.0.0, why)"
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
        assert [*gates.violations(later)] == []
        minor = with_data(later, bool, "1.1.0")
        message = f"data_version 1.1.0 is too low after 1.0.0; the changes need 2.0.0 (major: {PROGRAM} was "
        assert message in violation(minor)
    write_texts(release.released_files(removed))
    reused = fresh(state, dataset=with_data(state, bool, "3.0.0").dataset)
    assert violation(reused) == (
        f"{state.data / 'programs.json'}: {PROGRAM}: the id was renamed or removed in data 2.0.0, and ids are never "
        "reused: choose another"
    )
    forgotten = fresh(
        removed, dataset=with_data(removed, lambda document: document["tombstones"].clear(), "3.0.0").dataset
    )
    assert f"{PROGRAM}: data 1.0.0 has this id, which is missing now" in " ".join(gates.violations(forgotten))


def test_release_published_with_a_tag_must_not_change(state: Any, tmp_path: Path) -> None:
    path = tmp_path / "src" / "eaps_data" / "releases" / "releases.lock"
    path.parent.mkdir(parents=True)
    shutil.copy(state.folder / "releases.lock", path)
    assert gates.tagged(tmp_path) == {}
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    for command in (("init", "-q"), ("add", str(path)), (*identity, "commit", "-qm", "First"), ("tag", "data-1.0.0")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)  # noqa: S607
    ((tag, published),) = gates.tagged(tmp_path).items()
    assert [*gates.changed_since(published, state.lock, tag)] == []
    altered = {**state.lock, "data": {"1.0.0": {**state.lock["data"]["1.0.0"], "content_hash": "sha256:0"}}}
    assert [*gates.changed_since(published, altered, tag)] == [
        "data 1.0.0 was published with the tag data-1.0.0, and must not change; restore it"
    ]


# The command


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the files that a release reads and writes, in which release 2.0.0 is the newest."""
    root = tmp_path / "checkout"
    write_tables(root / gates.DATA)
    sections = "## Data 2.0.0 (2026-11-26)\n\n- Six towns.\n\n## Schemas 2.0.0 (2026-11-26)\n\n- All tables.\n"
    (root / "CHANGELOG.md").write_text(f"# Changelog\n\n{sections}", encoding="utf-8", newline="\n")
    for name in ("CITATION.cff", *release.VERSIONED, gates.LOCK_FILE):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    folder = root / "src" / "eaps_data" / "releases"
    shutil.copytree(ROOT / "src" / "eaps_data" / "releases" / "schemas", folder / "schemas")
    lock = json.loads((folder / "releases.lock").read_bytes())
    lock["data"] = {version: entry for version, entry in lock["data"].items() if version_key(version) <= (2, 0, 0)}
    for version in lock["data"]:
        shutil.copy(ROOT / "src" / "eaps_data" / "releases" / f"{version}.json", folder)
    (folder / "releases.lock").write_text(canonical_json.to_json(lock), encoding="utf-8", newline="\n")
    return root


def edit_table(root: Path, name: str, edit: Edit) -> None:
    path = root / gates.DATA / f"{name}.json"
    rows = json.loads(path.read_bytes())
    edit(rows)
    path.write_text(canonical_json.to_json(rows), encoding="utf-8", newline="\n")


def contents(root: Path) -> dict[Path, bytes]:
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def without_claim(root: Path) -> None:
    subject = "programs/winthrop-public-health-and-safety-team"
    edit_table(root, "programs", lambda rows: rows[0].update(staff_roles=[]))
    removed = [
        row
        for row in json.loads((root / gates.DATA / "evidence.json").read_bytes())
        if (row["subject"], row["field"]) == (subject, "staff_roles")
    ]
    edit_table(root, "evidence", lambda rows: [rows.remove(row) for row in removed])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edit", "version", "reason", "entry"),
    [
        (
            lambda root: edit_table(root, "programs", lambda rows: rows[0].update(summary="Other words.")),
            "2.0.1",
            "patch: no record and no claim was added or removed",
            "### Changed\n\n- `programs/winthrop-public-health-and-safety-team`: `summary`.\n",
        ),
        (
            lambda root: edit_table(root, "programs", lambda rows: rows[0].update(name="Health & Safety Team")),
            "2.1.0",
            "minor: programs/winthrop-public-health-and-safety-team has another name",
            "### Changed\n\n- `programs/winthrop-public-health-and-safety-team`: `name`.\n",
        ),
        (
            lambda root: edit_table(root, "evidence", lambda rows: rows[0].update(note="The page says so.")),
            "2.0.1",
            "patch: no record and no claim was added or removed",
            "- The evidence: 1 change.\n",
        ),
        (
            without_claim,
            "2.1.0",
            "minor: a claim of programs/winthrop-public-health-and-safety-team, staff_roles, was removed",
            "- The evidence: 3 changes.\n",
        ),
        (
            lambda root: change_folder(root / gates.DATA),
            "3.0.0",
            "major: municipalities/winthrop was removed",
            "### Added\n\n- `municipalities/sampleton`, Sampleton.\n",
        ),
    ],
)
def test_release_raises_the_version_and_writes_every_text_that_names_it(  # noqa: PLR0913, PLR0917 - fixtures
    checkout: Path, capsys: pytest.CaptureFixture[str], edit: Edit, version: str, reason: str, entry: str
) -> None:
    edit(checkout)
    before = contents(checkout)
    assert release.main(["--check"], checkout) == 1
    assert "python tools/release.py" in capsys.readouterr().err
    assert release.main(["--dry-run", "--as-of", "2027-02-03"], checkout) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"data 2.0.0 -> {version} ({reason})\nwould write CHANGELOG.md\nwould write CITATION.cff\n")
    assert out.endswith("\nwould write the golden files and examples that follow the data\n")
    assert contents(checkout) == before
    assert release.main(["--as-of", "2027-02-03"], checkout) == 0
    written_files = {path for path, data in contents(checkout).items() if before.get(path) != data}
    assert {line.removeprefix("would write ") for line in out.splitlines()[1:-1]} == {
        path.as_posix() for path in written_files
    }
    assert capsys.readouterr().out.endswith(f"released: data {version}, schemas {SCHEMA_VERSION}\n")
    assert release.main(["--check"], checkout) == 0
    assert json.loads((checkout / gates.DATA / "release.json").read_bytes()) == {
        "data_version": version,
        "as_of": "2027-02-03",
    }
    changelog = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    assert changelog.count("\n## Data ") == before[Path("CHANGELOG.md")].decode().count("\n## Data ") + 1
    section = changelog.partition(f"\n## Data {version} (2027-02-03)\n")[2].partition("\n## ")[0]
    assert f"`eaps-data diff 2.0.0 {version}`" in section
    assert entry in section
    assert f'version: {version}\ndate-released: "2027-02-03"\n' in (checkout / "CITATION.cff").read_text("utf-8")
    assert f"{version}.json" in {path.name for path in (checkout / "src" / "eaps_data" / "releases").iterdir()}
    written = contents(checkout)
    assert release.main([], checkout) == 0
    assert contents(checkout) == written


def test_release_tests_the_given_page(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "pyproject.toml").touch()
    seen: list[str | None] = []
    notebook = "tests/project/test_notebooks.py::test_notebook_output_is_the_stored_output[tour]"
    test = "tests/data/test_data.py::test_a - assert 1 == 2"
    output = f"FAILED docs/x.md::line:3,column:1 - doctest.Doc...\nFAILED {notebook}\nFAILED {test}\n3 failed\n"
    codes = iter([0, 1])

    def ran(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        seen.append(options["env"].get("EAPS_DATA_SOURCE"))
        return subprocess.CompletedProcess(command, next(codes), output, "")

    page = checkout / "page.txt"
    with monkeypatch.context() as patched:
        patched.setattr(release.subprocess, "run", ran)
        release.update_golden(checkout, page)
        with pytest.raises(release.RefusedError) as refused:
            release.update_golden(checkout, page)
    assert seen == [str(page.resolve())] * 2
    assert str(refused.value).splitlines() == [
        "text to edit: examples with `...` or an error, and notebooks that fail:",
        "  docs/x.md::line:3,column:1",
        f"  {notebook}",
        "tests that fail:",
        f"  {test}",
        "not finished: the files are written, but the above needs a person; then run: python -m pytest",
        "to correct the tables before the release is published: edit them, then run python tools/release.py --redo",
    ]
    assert capsys.readouterr().out == "updating the golden files and the examples\n" * 2


def test_release_refuses_a_version_that_is_too_low(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change_folder(checkout / gates.DATA)
    edit_table(checkout, "release", lambda row: row.update(data_version="2.1.0"))
    before = contents(checkout)
    assert release.main([], checkout) == 1
    message = (
        f"{checkout / gates.DATA / 'release.json'}: data_version 2.1.0 is too low after 2.0.0; the changes need 3.0.0"
    )
    assert capsys.readouterr().err.startswith(message)
    edit_table(checkout, "release", lambda row: row.update(data_version="4.0.0"))  # a person may decide on more
    assert release.main([], checkout) == 0
    assert gates.current(checkout).data_version == "4.0.0"
    assert Path("src", "eaps_data", "releases", "4.0.0.json") in contents(checkout).keys() - before.keys()


def test_release_refuses_invalid_tables_and_names_the_next_command(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit_table(checkout, "programs", lambda rows: rows[0].update(municipality="nowhere"))
    before = contents(checkout)
    assert release.main([], checkout) == 1
    err = capsys.readouterr().err
    assert "programs.json:" in err
    assert f"fix the tables first: eaps-data check {checkout / gates.DATA} --fix\n" in err
    assert contents(checkout) == before


def test_release_with_a_page_needs_every_decision_and_takes_its_fingerprints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], checkout: Path
) -> None:
    data = checkout / gates.DATA
    page = tmp_path / "page.txt"
    opened = Review((Problem("page-quote", "the quote is nowhere", file="evidence.json", line=7),), (), {})
    monkeypatch.setattr(validation_release, "review", lambda *_: opened)
    assert release.main([str(page)], checkout) == 1
    assert f"{page}: " in capsys.readouterr().err
    page.write_text("A page.", encoding="utf-8")
    assert release.main([str(page)], checkout) == 1
    err = capsys.readouterr().err
    assert err.startswith("evidence.json:7: ")
    command = f"eaps-data check {data} --page {page}"
    assert err.endswith(f"nothing is released; fix the above (see {command}), then run this command again\n")
    reviewed = Review((), (), {data / resources.FINGERPRINTS: "[]\n"})
    monkeypatch.setattr(validation_release, "review", lambda *_: reviewed)
    assert release.main([str(page)], checkout) == 0
    assert (data / resources.FINGERPRINTS).read_text(encoding="utf-8") == "[]\n"


def test_release_is_redone_unless_a_tag_has_it(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit_table(checkout, "programs", lambda rows: rows[0].update(summary="Other words."))
    path = checkout / "src" / "eaps_data" / "releases" / "2.0.0.json"
    released = path.read_bytes()
    assert release.main(["--redo"], checkout) == 0
    assert path.read_bytes() != released
    assert release.main(["--check"], checkout) == 0
    lock = gates.current(checkout).lock
    monkeypatch.setattr(gates, "tagged", lambda _root: {"v1.0.0": lock})
    edit_table(checkout, "programs", lambda rows: rows[0].update(summary="More words."))
    assert release.main(["--redo"], checkout) == 0  # what is published stays, and the next version follows
    assert gates.current(checkout).data_version == "2.0.1"


@pytest.mark.parametrize(
    ("edit", "version", "reason"),
    [
        (lambda schema: schema["$defs"]["Need"]["enum"].append("housing"), MINOR, "valid data stays valid"),
        (lambda schema: schema["$defs"]["Need"].update(description="Other words."), PATCH, "valid data stays valid"),
        (lambda schema: schema["$defs"]["Need"]["enum"].remove("homelessness"), MAJOR, "valid data became invalid"),
    ],
)
def test_release_raises_the_version_of_changed_schemas(  # noqa: PLR0913, PLR0917 - fixtures
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    edit: Edit,
    version: str,
    reason: str,
) -> None:
    before = gates.current(checkout)
    schemas = dict(before.schemas)
    dataset = json.loads(schemas["dataset"])
    edit(dataset)
    schemas["dataset"] = json.dumps(dataset)
    monkeypatch.setattr(release, "current", lambda _root: fresh(before, schemas=schemas))
    started: list[list[str]] = []

    def start(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        started.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(release.subprocess, "run", start)
    with pytest.raises(SystemExit, match="0"):
        release.main(["--as-of", "2027-02-03"], checkout)
    assert started[-1][2:] == ["--as-of", "2027-02-03"]
    assert capsys.readouterr().out.startswith(f"schemas {SCHEMA_VERSION} -> {version} ({reason}")
    specs, records = ((checkout / name).read_text(encoding="utf-8") for name in release.VERSIONED)
    assert f'SCHEMA_VERSION: Final = "{version}"' in specs
    assert f'schema_version: Literal["{version}"]' in records
    changelog = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## Schemas {version} (" in changelog
    assert ("\n### Added\n\n- The term `housing` of `Need`.\n" in changelog) is (version == MINOR)
    assert ("\n### Removed\n\n- The term `homelessness` of `Need`.\n" in changelog) is (version == MAJOR)


def unready(
    folder: Path, *, address: str = "https://github.com/someone/eaps-data", headings: Sequence[str]
) -> list[str]:
    """Return what must be set before version 1.2.0 of the code is published."""
    (folder / "src/eaps_data").mkdir(parents=True)
    (folder / "src/eaps_data/_version.py").write_text('__version__ = "1.2.0"\n', encoding="utf-8")
    project = f'[tool.hatch.metadata.hooks.custom]\nrepository = "{address}"\n'
    (folder / "pyproject.toml").write_text(project, encoding="utf-8")
    changelog = "\n\n".join(["# Changelog", *(f"## {heading}" for heading in headings), ""])
    (folder / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    return [*gates.unready(folder)]


@pytest.mark.parametrize("address", ["", "github.com/someone/eaps-data", "https://github.com/someone/eaps-data/"])
def test_package_is_not_ready_without_the_address_of_the_repository(tmp_path: Path, address: str) -> None:
    (message,) = unready(tmp_path, address=address, headings=["Code 1.2.0 (2026-12-01)"])
    assert "address of the repository is not set: set `repository` in pyproject.toml" in message


@pytest.mark.parametrize(
    ("headings", "messages"),
    [
        (["Code 1.2.0 (2026-12-01)", "Schemas 2.0.0 (2026-11-26)", "Code 1.1.0 (2026-11-01)"], []),
        (
            ["Code 1.2.0 (unreleased)", "Data 2.0.0 (2026-11-26)", "Schemas 2.0.0 (unreleased)"],
            [
                "CHANGELOG.md marks Code 1.2.0 as unreleased: write the date of its release",
                "CHANGELOG.md marks Schemas 2.0.0 as unreleased: write the date of its release",
            ],
        ),
        (
            ["Data 1.2.0 (2026-12-01)", "Code 1.1.0 (2026-11-01)"],
            ["CHANGELOG.md has no section of the code's version: add ## Code 1.2.0 (YYYY-MM-DD)"],
        ),
    ],
)
def test_package_is_not_ready_without_its_dated_section_of_the_changelog(
    headings: list[str], messages: list[str], tmp_path: Path
) -> None:
    assert unready(tmp_path, headings=headings) == messages


def test_only_the_check_before_publishing_needs_the_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(release, "unready", lambda _root: iter(["the address is not set"]))
    assert release.main(["--check"]) == 0
    released = f"data {eaps.release.data_version} and schemas {SCHEMA_VERSION} are released as they are"
    assert capsys.readouterr() == (f"{released}; not run: the tests (python -m pytest)\n", "")
    assert release.main(["--ready"]) == 1
    assert capsys.readouterr() == ("", "the address is not set\n")
