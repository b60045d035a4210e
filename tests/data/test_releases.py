"""What was released does not change: gates that hold here, and refuse in altered copies, each with what mends it."""

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

import eaps_data as eaps
from eaps_data._internal import resources
from eaps_data.models.records import SCHEMA_VERSION
from eaps_data.provenance.citation import content_hash

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tools"))  # a folder of scripts, not a package
release: Any = importlib.import_module("release")
sys.path.remove(str(ROOT / "tools"))

Edit = Callable[[Any], object]
PROGRAM = "programs/revere-bhu"


@pytest.fixture
def state(tmp_path: Path) -> Any:
    """This checkout, released into a folder of its own."""
    here = release.current()
    examples = shutil.copytree(here.examples, tmp_path / "examples")
    released = with_data(replace(here, folder=tmp_path / "releases", examples=examples), bool, "1.0.0")
    release.publish(released)
    return fresh(released)


def fresh(state: Any, **changes: Any) -> Any:
    return replace(state, **changes)  # which forgets what was read


def refused(state: Any) -> str:
    """The one thing that is amiss."""
    found = [*release.refusals(fresh(state))]
    assert len(found) == 1, found
    return str(found[0])


def with_data(state: Any, edit: Edit, version: str | None = None) -> Any:
    document = json.loads(state.dataset.to_json())
    edit(document)
    document["release"]["data_version"] = version or document["release"]["data_version"]
    return fresh(state, dataset=eaps.Dataset.from_json(json.dumps(document)))


def with_schemas(state: Any, edit: Edit, version: str = "1.0.0") -> Any:
    """As if the models said otherwise: of each schema, its definition of a program is edited."""
    schemas: dict[str, str] = {}
    for name, text in state.schemas.items():
        rules = json.loads(text.replace(":1.0.0", f":{version}"))
        if name == "program":
            edit(rules)
        elif "Program" in rules.get("$defs", {}):
            edit(rules["$defs"]["Program"])
        schemas[name] = json.dumps(rules)
    return fresh(state, schemas=schemas, version=version)


def without_program(document: Any) -> None:
    """Remove a program and all that refers to it."""
    document["programs"] = [each for each in document["programs"] if each["id"] != "revere-bhu"]
    document["partnerships"] = [each for each in document["partnerships"] if each["program"] != "revere-bhu"]
    gone = (PROGRAM, "partnerships/revere-bhu--")
    document["evidence"] = [each for each in document["evidence"] if not each["subject"].startswith(gone)]


def renaming_program(document: Any) -> None:
    text = json.dumps(document)
    for old in ('"revere-bhu', "programs/revere-bhu", "partnerships/revere-bhu--"):
        text = text.replace(old, old.replace("revere-bhu", "revere-unit"))
    document.update(json.loads(text))


# Here


def test_what_is_released_holds_here() -> None:
    state = release.current()
    amiss = [*release.refusals(state), *release.pending(state)]
    for tag, lock in release.tagged(ROOT).items():
        amiss += release.changed_since(lock, state.lock, tag)
    assert not amiss, "\n".join(amiss)


def test_each_release_of_this_major_schema_version_is_read_and_valid() -> None:
    verdicts = [*release.verdicts(release.current())]
    assert len(verdicts) == len(resources.releases()["data"])
    for (version, entry), verdict in zip(resources.releases()["data"].items(), verdicts, strict=True):
        if entry["schema_version"].partition(".")[0] == SCHEMA_VERSION.partition(".")[0]:
            assert f": valid under schema {SCHEMA_VERSION}" in verdict
            dataset = eaps.Dataset.from_release(version)
            assert (dataset.release.data_version, dataset.release.as_of.isoformat()) == (version, entry["as_of"])
            same = entry["schema_version"] == SCHEMA_VERSION
            assert (content_hash(dataset) == entry["content_hash"]) is same


def test_the_current_data_are_a_release() -> None:
    assert eaps.Dataset.from_release(eaps.release.data_version) == eaps.load()


def test_an_unknown_version_is_an_error_that_lists_those_there_are() -> None:
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


def test_a_published_schema_can_be_had_by_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    assert eaps.json_schema("Program", "1.0.0") == eaps.json_schema("Program")
    monkeypatch.setattr(resources, "releases", lambda: {"schemas": {"1.0.0": {"dataset": ""}}})
    with pytest.raises(eaps.KeyNotFoundError, match=r"the schemas 1\.0\.0"):
        eaps.json_schema("Program", "1.0.0")


def test_the_types_of_the_ids_are_the_datas(update_golden: bool) -> None:
    path = ROOT / "src" / "eaps_data" / "models" / "ids.py"
    expected = release.literal_ids(eaps.load())
    if update_golden:
        release.write(path, expected)
    assert path.read_text(encoding="utf-8") == expected, "write it anew with: python tools/release.py"


# Altered copies


def test_what_was_just_released_is_refused_by_no_gate(state: Any) -> None:
    assert [*release.refusals(state), *release.pending(state)] == []
    before = {path: path.read_bytes() for path in state.folder.rglob("*") if path.is_file()}
    release.publish(fresh(state))
    assert {path: path.read_bytes() for path in state.folder.rglob("*") if path.is_file()} == before


def test_data_that_differ_from_the_release_of_their_version_are_refused(state: Any) -> None:
    altered = with_data(state, lambda document: document["programs"][0].update(summary="Other words."))
    assert refused(altered) == (
        "the data are not data 1.0.0 as released, which cannot change: raise data_version in src/eaps_data/data/"
        "release.json and run `python tools/release.py`, or take the change back"
    )
    later = with_data(altered, bool, "1.0.1")
    assert [*release.refusals(later)] == []
    assert [*release.pending(later)] == ["data 1.0.1 is not released: run `python tools/release.py`"]
    release.publish(later)
    assert [*release.refusals(fresh(later)), *release.pending(fresh(later))] == []
    assert sorted(path.name for path in state.folder.glob("1.*")) == ["1.0.0.json", "1.0.1.json"]
    assert "would come before what is released already (1.0.0, 1.0.1)" in refused(with_data(later, bool, "0.9.0"))


@pytest.mark.parametrize("name", ["1.0.0.json", "schemas/1.0.0/program.json", "schemas/1.0.0/dataset.json"])
def test_a_released_file_that_changed_or_is_gone_is_refused(state: Any, name: str) -> None:
    path = state.folder / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert "git checkout -- src/eaps_data/releases" in refused(state)
    path.unlink()
    found = " ".join(release.refusals(fresh(state)))
    assert "cannot change; restore it" in found


@pytest.mark.parametrize(
    ("field", "value"), [("as_of", "2027-01-01"), ("schema_version", "2.0.0"), ("content_hash", "sha256:0")]
)
def test_a_lock_that_says_otherwise_is_refused(state: Any, field: str, value: str) -> None:
    lock = json.loads((state.folder / "lock.json").read_bytes())
    lock["data"]["1.0.0"][field] = value
    (state.folder / "lock.json").write_text(json.dumps(lock))
    assert "git checkout -- src/eaps_data/releases" in " ".join(release.refusals(fresh(state)))


def test_a_file_of_no_release_is_told(state: Any) -> None:
    (state.folder / "0.9.0.json").write_text("{}")
    assert [*release.pending(state)] == [
        "0.9.0.json is of no release that the lock knows: run `python tools/release.py`, or delete it"
    ]


@pytest.mark.parametrize(
    ("edit", "breaks", "wanted"),
    [
        (lambda rules: rules["properties"].pop("goals"), True, "2.0.0"),
        (lambda rules: rules["required"].append("summary"), True, "2.0.0"),
        (lambda rules: rules["properties"]["id"].update(maxLength=5), True, "2.0.0"),
        (
            lambda rules: rules["properties"].update(website={"type": "string", "description": "Its site."}),
            False,
            "1.1.0",
        ),
        (lambda rules: rules["properties"]["id"].update(maxLength=200), False, "1.1.0"),
        (lambda rules: rules["properties"]["id"].update(description="Other words."), False, "1.0.1"),
    ],
)
def test_a_changed_schema_is_refused_until_its_version_says_how_much(
    state: Any, edit: Edit, breaks: bool, wanted: str
) -> None:
    told = refused(with_schemas(state, edit))
    assert told.startswith("the schemas are not those published as 1.0.0, which cannot change; ")
    assert ("it breaks what was valid (" in told) is breaks
    assert f"SCHEMA_ID in src/eaps_data/models/records.py to {wanted} or higher" in told
    versions = ["1.0.1", "1.1.0", "2.0.0"]
    for version in versions[: versions.index(wanted)]:
        assert f"to {wanted} or higher" in refused(with_schemas(state, edit, version))
    for version in versions[versions.index(wanted) :]:
        accepted = with_schemas(state, edit, version)
        assert [*release.refusals(accepted)] == []
        assert [*release.pending(accepted)] == [f"schemas {version} are not released: run `python tools/release.py`"]
        (verdict,) = release.verdicts(accepted)
        assert breaks or verdict == f"data 1.0.0, of schema 1.0.0: valid under schema {version}"


def test_an_example_that_a_schema_refuses_makes_it_a_breaking_one(state: Any) -> None:
    example = json.loads((state.examples / "program.json").read_bytes())
    example["id"] = "an-id-that-is-longer-than-each-of-the-data-and-still-valid-in-all-that-was-published"
    (state.examples / "program.json").write_text(json.dumps(example))
    told = refused(with_schemas(state, lambda rules: rules["properties"]["id"].update(maxLength=60), "1.1.0"))
    assert "it breaks what was valid (the example program.json: $.id" in told


def test_what_the_models_refuse_is_broken_too(state: Any) -> None:
    document = json.loads(state.release("1.0.0").read_bytes())
    document["programs"][0]["municipality"] = "nowhere"  # which no schema sees
    assert "is no id of municipalities" in release.faults(state, "dataset", document)[0]


def test_each_release_is_said_to_be_valid_under_the_current_schema_or_not(state: Any) -> None:
    changed = with_schemas(state, lambda rules: rules["properties"].pop("goals"), "2.0.0")
    (verdict,) = release.verdicts(changed)
    assert verdict.startswith("data 1.0.0, of schema 1.0.0: not valid under schema 2.0.0 ($.programs[0]: ")


def test_schemas_of_a_new_version_are_kept_beside_those_before(state: Any) -> None:
    changed = with_schemas(state, lambda rules: rules["properties"].update(website={"type": "string"}), "1.1.0")
    release.publish(changed)
    assert [*release.refusals(fresh(changed)), *release.pending(fresh(changed))] == []
    assert sorted(fresh(changed).lock["schemas"]) == ["1.0.0", "1.1.0"]
    assert json.loads(changed.schema("1.0.0", "program").read_bytes())["$id"].endswith(":1.0.0")


def test_a_release_that_its_own_schema_refuses_is_refused(state: Any) -> None:
    document = json.loads(state.release("1.0.0").read_bytes())
    document["programs"][0]["name"] = ""
    text = json.dumps(document)
    state.release("1.0.0").write_text(text)
    assert any(
        "is not valid under schema 1.0.0, its own ($.programs[0].name" in told
        for told in release.refusals(fresh(state))
    )
    document["$schema"] = document["$schema"].replace("1.0.0", "0.9.0")
    state.release("1.0.0").write_text(json.dumps(document))
    assert any("follows schema 0.9.0, which is not among" in told for told in release.refusals(fresh(state)))


def test_an_id_that_vanished_is_refused(state: Any) -> None:
    found = [*release.refusals(with_data(state, without_program, "2.0.0"))]
    assert found[-1] == (
        f"{PROGRAM} of data 1.0.0 has vanished: say what became of it in src/eaps_data/data/redirects.json or "
        "tombstones.json, or put the record back"
    )
    partnerships = len(eaps.partnerships.where(program="revere-bhu"))
    assert len(found) == partnerships + 1
    assert all("partnerships/revere-bhu--" in told for told in found[:-1])


REMOVED: Mapping[str, object] = {"id": PROGRAM, "since": "2.0.0", "why": "The page names it no more."}
RENAMED: Mapping[str, object] = {"old": PROGRAM, "new": "programs/revere-unit", "since": "2.0.0"}


def test_an_id_that_was_removed_or_renamed_has_not_vanished_and_does_not_come_back(state: Any) -> None:
    removed = with_data(
        with_data(state, without_program, "2.0.0"), lambda document: document["tombstones"].append(REMOVED)
    )
    renamed = with_data(
        with_data(state, renaming_program, "2.0.0"), lambda document: document["redirects"].append(RENAMED)
    )
    for later in (removed, renamed):
        assert [*release.refusals(later)] == []
        soon = with_data(later, bool, "1.1.0")
        assert (
            f"{PROGRAM} of data 1.0.0 lives no more, which takes a new major version: raise data_version"
            in " ".join(release.refusals(soon))
        )
    release.publish(removed)
    back = fresh(state, dataset=with_data(state, bool, "3.0.0").dataset)
    assert refused(back) == (
        f"{PROGRAM} lived no more in data 2.0.0, and an id is never used again: give the record another"
    )
    forgotten = fresh(
        removed, dataset=with_data(removed, lambda document: document["tombstones"].clear(), "3.0.0").dataset
    )
    assert f"{PROGRAM} of data 1.0.0 has vanished" in " ".join(release.refusals(forgotten))


def test_what_a_tag_has_published_stays(state: Any, tmp_path: Path) -> None:
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
        "data 1.0.0 were published with the tag data-1.0.0, and cannot change; put them back"
    ]


def test_the_tool_releases_once_refuses_changes_and_redoes_what_no_tag_has(
    state: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = fresh(state, folder=tmp_path / "anew")
    monkeypatch.setattr(release, "current", lambda: fresh(now))
    monkeypatch.setattr(release, "PACKAGE", tmp_path)
    monkeypatch.setattr(release, "tagged", lambda _root: {})
    assert release.main(["--check"]) == 1
    assert "data 1.0.0 is not released: run `python tools/release.py`" in capsys.readouterr().err
    assert release.main([]) == 0
    assert capsys.readouterr().out == "released: data 1.0.0, schemas 1.0.0\n"
    assert release.main(["--check"]) == 0
    assert capsys.readouterr().out == "data 1.0.0, of schema 1.0.0: valid under schema 1.0.0\n"
    held = {path.name: path.read_bytes() for path in now.folder.glob("*") if path.is_file()}
    now = with_data(now, lambda document: document["programs"][0].update(summary="Other words."))
    assert release.main([]) == 1
    assert "raise data_version" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in now.folder.glob("*") if path.is_file()} == held
    assert release.main(["--redo"]) == 0
    assert now.release("1.0.0").read_bytes() != held["1.0.0.json"]
    lock = fresh(now).lock
    monkeypatch.setattr(release, "tagged", lambda _root: {"data-1.0.0": lock})
    now = with_data(now, lambda document: document["programs"][0].update(summary="Others again."))
    assert release.main(["--redo"]) == 1
    assert "raise data_version" in capsys.readouterr().err
    assert not [*tmp_path.rglob("*.new")]
