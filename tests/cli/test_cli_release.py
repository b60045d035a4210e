"""The release of a folder of tables: each version is written once, whole, and never changes."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import eaps_data as eaps
from eaps_data._internal import canonical_json, resources
from eaps_data.cli.datasets import curated_folder
from eaps_data.models.table_specs import MEMBERS, SCHEMA_VERSION
from eaps_data.provenance import new_state
from eaps_data.provenance.citation import content_hash
from support.commands import Runner

AFTER_CHECK = "; fix the above (see eaps-data check {}), then run this command again\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of tables that is not released yet."""
    new_state.create(tmp_path / "my-state")
    return tmp_path / "my-state"


@pytest.fixture
def released(folder: Path, run: Runner) -> Path:
    """A folder of tables whose version 0.1.0 is released."""
    assert run("release", str(folder)).code == 0
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def edit(folder: Path, name: str, change: Callable[[Any], object]) -> None:
    path = folder / f"{name}.json"
    rows = json.loads(path.read_bytes())
    change(rows)
    path.write_text(canonical_json.to_json(rows), encoding="utf-8", newline="\n")


def reword(folder: Path) -> None:
    edit(folder, "programs", lambda rows: rows[0].update(summary="Other words."))


def remove_program(folder: Path) -> None:
    """Remove the last program, and everything that refers to it."""
    gone = json.loads((folder / "programs.json").read_bytes())[-1]["id"]
    edit(folder, "programs", lambda rows: rows.pop())
    for table in ("partnerships", "evidence"):
        edit(folder, table, lambda rows: rows.__setitem__(slice(None), [row for row in rows if gone not in str(row)]))
    # the sentences that nothing quotes now are of no interest here
    (folder / "page.fingerprints").unlink()


def test_first_release_writes_the_document_its_hash_and_a_changelog(run: Runner, folder: Path) -> None:
    before = contents(folder)
    rehearsed = run("release", str(folder), "--dry-run")
    assert contents(folder) == before
    found = run("release", str(folder))
    new = [folder / "CHANGELOG.md", folder / "releases" / "0.1.0.json", folder / "releases" / "releases.lock"]
    assert rehearsed == (0, "".join(f"would write {path}\n" for path in new), "")
    written = "".join(f"{path}: written\n" for path in new)
    assert found == (0, f"{written}data 0.1.0 is released; now commit these files, and tag the commit\n", "")
    assert {name: data for name, data in contents(folder).items() if name in before} == before
    dataset = eaps.Dataset.from_path(folder)
    assert (folder / "releases" / "0.1.0.json").read_text(encoding="utf-8") == dataset.to_json()
    entry = {"schema_version": SCHEMA_VERSION, "as_of": "2026-01-31", "content_hash": content_hash(dataset)}
    assert json.loads((folder / "releases" / "releases.lock").read_bytes()) == {"data": {"0.1.0": entry}}
    changelog = "# Changelog\n\n## Data 0.1.0 (2026-01-31)\n\nThe first release.\n\n"
    assert (folder / "CHANGELOG.md").read_text(encoding="utf-8") == changelog
    assert run("check", str(folder), "--page", str(folder / "page.txt")).code == 0
    assert run("validate", str(folder)).out.endswith("valid (2 datasets: references checked)\n")


def test_released_data_is_not_released_again(run: Runner, released: Path) -> None:
    before = contents(released)
    for page in ((), ("--page", str(released / "page.txt"))):
        again = run("release", str(released), *page)
        assert again == (0, "data 0.1.0 is released already, and nothing has changed\n", "")
    assert contents(released) == before


def test_change_raises_the_version_and_is_listed_in_the_changelog(run: Runner, released: Path) -> None:
    reword(released)
    before = contents(released)
    options = ("release", str(released), "--page", str(released / "page.txt"), "--as-of", "2026-02-28")
    rehearsed = run(*options, "--dry-run")
    assert contents(released) == before
    found = run(*options)
    reason, *lines = rehearsed.out.splitlines()
    assert reason == "data 0.1.0 -> 0.1.1 (patch: no record and no claim was added or removed)"
    assert found.out.splitlines()[:-1] == [reason, *(f"{line.removeprefix('would write ')}: written" for line in lines)]
    after = contents(released)
    assert {name for name in after if before.get(name) != after[name]} == {
        *("CHANGELOG.md", "release.json", "releases/0.1.1.json", "releases/releases.lock")
    }
    dataset = eaps.Dataset.from_path(released)
    assert (dataset.release.data_version, dataset.release.as_of) == ("0.1.1", date(2026, 2, 28))
    section = after["CHANGELOG.md"].decode().partition("\n## Data 0.1.0 (")[0]
    assert section == (
        "# Changelog\n\n## Data 0.1.1 (2026-02-28)\n\n"
        "`eaps-data diff releases/0.1.0.json releases/0.1.1.json` lists every change.\n\n"
        "### Changed\n\n- `programs/alder-care-team`: `summary`.\n"
    )
    names = [str(released / "releases" / f"{version}.json") for version in ("0.1.0", "0.1.1")]
    assert "alder-care-team, summary: " in run("diff", *names).out
    assert run("check", str(released), "--page", str(released / "page.txt")).code == 0


def test_page_that_was_saved_again_is_released_with_its_hash(run: Runner, released: Path) -> None:
    page = released / "page.txt"
    page.write_text(page.read_text(encoding="utf-8") + "\n\n", encoding="utf-8", newline="\n")
    found = run("release", str(released), "--page", str(page))
    assert found.out.startswith("data 0.1.0 -> 0.1.1 (patch: ")
    assert f"{released / 'sources.json'}: written\n" in found.out
    assert eaps.Dataset.from_path(released).release.as_of > date(2026, 1, 31)
    assert run("verify", str(page), "--data", str(released)).code == 0
    page.write_text(page.read_text(encoding="utf-8") + "A new sentence.\n", encoding="utf-8", newline="\n")
    before = contents(released)
    refused = run("release", str(released), "--page", str(page))
    assert (refused.code, "no evidence quotes the sentence" in refused.err) == (1, True)
    assert contents(released) == before


def test_release_refuses_a_page_that_was_not_read(run: Runner, released: Path, tmp_path: Path) -> None:
    page = released / "page.txt"
    page.write_text(page.read_text(encoding="utf-8") + "\nA new sentence.\n", encoding="utf-8")
    fresh = tmp_path / "fresh"
    assert run("init", str(fresh), "--page", str(page), "--name", "Safer Exampleland").code == 0
    for folder in (released, fresh):
        refused = run("release", str(folder))
        own = folder / "page.txt"
        message = f"{own}: the tables are not from this copy of the page; to review them, add --page {own}\n"
        assert refused == (1, "", f"{message}nothing is released{AFTER_CHECK.format(folder)}")
        assert "no evidence quotes the sentence" in run("release", str(folder), "--page", str(own)).err


def test_release_refuses_what_check_reports_and_names_the_next_command(run: Runner, released: Path) -> None:
    page = released / "page.txt"
    edit(released, "evidence", lambda rows: rows[-1].update(quote="nowhere on the page"))
    before = contents(released)
    refused = run("release", str(released), "--page", str(page))
    assert refused.code == 1
    assert refused.err.startswith(f"{released / 'evidence.json'}: ")
    assert "nowhere on the page" in refused.err
    assert refused.err.endswith("nothing is released" + AFTER_CHECK.format(f"{released} --page {page}"))
    edit(released, "programs", lambda rows: rows[0].update(municipality="nowhere"))
    invalid = run("release", str(released), "--dry-run")
    assert (invalid.code, invalid.out) == (1, "")
    assert f"{released / 'programs.json'}:" in invalid.err
    assert invalid.err.endswith("nothing is released" + AFTER_CHECK.format(released))
    assert contents(released).keys() == before.keys()


def test_version_that_is_too_low_is_refused_and_a_higher_one_is_kept(run: Runner, released: Path) -> None:
    edit(released, "release", lambda row: row.update(data_version="0.0.9"))
    refused = run("release", str(released))
    message = "data_version 0.0.9 is too low after 0.1.0; the changes need 0.1.1 (patch: "
    assert (refused.code, f"{released / 'release.json'}: {message}" in refused.err) == (1, True)
    edit(released, "release", lambda row: row.update(data_version="3.0.0"))
    assert run("release", str(released)).code == 0
    assert eaps.Dataset.from_path(released).release.data_version == "3.0.0"
    assert (released / "releases" / "3.0.0.json").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "releases/0.1.0.json",
            "data 0.1.0 does not have its hash in releases.lock, so one of the two files was changed; restore both: ",
        ),
        ("releases/0.9.0.json", "this file belongs to no release in releases.lock; delete it, or restore the lock"),
    ],
)
def test_changed_release_is_an_error_of_check_and_release(run: Runner, released: Path, name: str, message: str) -> None:
    reword(released)
    with (released / name).open("ab") as stream:
        stream.write(b"{}\n")
    before = contents(released)
    checked, refused = run("check", str(released)), run("release", str(released))
    assert (checked.code, refused.code) == (1, 1)
    assert f"{released / name}: {message}" in checked.out
    assert f"{released / name}: {message}" in refused.err
    assert contents(released) == before


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false")
    program = shutil.which("git") or pytest.skip("git is not installed")
    subprocess.run([program, "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


@pytest.mark.parametrize("repository", [".", ".."])  # the folder itself, or one around it
@pytest.mark.parametrize("name", ["releases", "releases/0.1.0.json", "releases/releases.lock", "lock", "document"])
def test_release_is_restored_by_the_command_that_is_shown(
    run: Runner, released: Path, repository: str, name: str
) -> None:
    git(released / repository, "init")
    git(released / repository, "add", ".")
    git(released / repository, "commit", "-m", "Release")
    before = contents(released / "releases")
    lock, document = released / "releases" / "releases.lock", released / "releases" / "0.1.0.json"
    if name == "lock":
        lock.write_text(lock.read_text(encoding="utf-8").replace("sha256:", "sha256:0"), encoding="utf-8")
    elif name == "document":
        document.write_text("{}\n", encoding="utf-8")
    elif name == "releases":
        shutil.rmtree(released / name)
    else:
        (released / name).unlink()
    checked = run("check", str(released))
    assert checked.code == 1
    for command in re.findall("git -C .*", checked.out):
        _, _, folder, *arguments = command.split()
        git(Path(folder), *arguments)
    assert contents(released / "releases") == before
    assert run("check", str(released)).code == 0


def test_lost_releases_are_found_by_the_changelog(run: Runner, released: Path) -> None:
    shutil.rmtree(released / "releases")
    message = "the changelog has data 0.1.0, which releases/ lacks; restore it: git"
    changelog = released / "CHANGELOG.md"
    assert f"{changelog}: {message}" in run("check", str(released)).out
    assert f"{changelog}: {message}" in run("release", str(released)).err
    assert not (released / "releases").exists()
    changelog.write_text(
        changelog.read_text(encoding="utf-8").replace("(2026-01-31)", "(unreleased)"), encoding="utf-8"
    )
    assert run("check", str(released)).code == 0  # a section that was written ahead


def test_missing_release_is_an_error_of_check(run: Runner, released: Path) -> None:
    path = released / "releases" / "0.1.0.json"
    path.unlink()
    assert f"{path}: data 0.1.0 as released is missing" in run("check", str(released)).out


@pytest.mark.parametrize("content", ["", "[]", '{"data": {"new": {}}}', '{"data": {"1.0.0": 1}}', "<<<<<<< ours\n"])
def test_damaged_lock_is_one_error(run: Runner, released: Path, content: str) -> None:
    lock = released / "releases" / "releases.lock"
    lock.write_text(content, encoding="utf-8")
    for command in ("check", "release"):
        found = run(command, str(released))
        message = (
            f"eaps-data: {lock}: the file does not hold the hashes of releases; "
            f"restore it: git -C {released} checkout -- releases/releases.lock\n"
        )
        assert (found.code, found.err) == (2, message)


def test_lock_with_another_date_is_an_error(run: Runner, released: Path) -> None:
    lock = released / "releases" / "releases.lock"
    lock.write_text(lock.read_text(encoding="utf-8").replace("2026-01-31", "2026-01-30"), encoding="utf-8")
    assert f"{lock}: data 0.1.0 has another as_of or schema_version; restore" in run("check", str(released)).out


def test_release_is_not_older_than_the_last_one(run: Runner, released: Path) -> None:
    reword(released)
    refused = run("release", str(released), "--as-of", "2025-12-31")
    message = "as_of 2025-12-31 is before 2026-01-31, when the page was read for data 0.1.0; give a later --as-of"
    assert (refused.code, refused.err.splitlines()[0]) == (1, f"{released / 'release.json'}: release: {message}")
    assert run("release", str(released), "--as-of", "2026-01-31").code == 0


def test_released_id_must_be_kept(run: Runner, released: Path) -> None:
    program = eaps.Dataset.from_path(released).programs[-1].id
    remove_program(released)
    message = f"programs/{program}: data 0.1.0 has this id, which is missing now: restore the record, or add"
    assert f"{released / 'programs.json'}: {message}" in run("check", str(released)).out
    assert message in run("release", str(released)).err
    gone = sorted(
        line.split(": ")[-3] for line in run("release", str(released)).err.splitlines() if "has this id" in line
    )
    tombstones = [{"id": id_, "since": "1.0.0", "why": "The page no longer names it."} for id_ in gone]
    edit(released, "tombstones", lambda rows: rows.extend(tombstones))
    assert run("check", str(released)).code == 0
    found = run("release", str(released))
    assert found.out.startswith("data 0.1.0 -> 1.0.0 (major: ")
    edit(released, "tombstones", lambda rows: rows.clear())
    assert message in run("check", str(released)).out


def test_release_of_the_packaged_data_names_its_own_tool(run: Runner) -> None:
    found = run("release", str(curated_folder(None)))
    assert (found.code, "release it with: python tools/release.py PAGE" in found.err) == (2, True)


def test_failure_writes_nothing(run: Runner, released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reword(released)
    before = contents(released)
    replace = Path.replace
    replaced: list[Path] = []

    def fail_at_the_last(self: Path, target: Path) -> Path:
        if len(replaced) == 3:
            raise PermissionError(13, "Permission denied", str(target))
        replaced.append(target)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_at_the_last)
    found = run("release", str(released))
    assert (found.code, "cannot be written: Permission denied" in found.err) == (2, True)
    assert len(replaced) == 3
    assert contents(released) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--as-of", "yesterday"), "'yesterday' is not a day such as 2026-01-31"),
        (("--page", "missing.html"), "missing.html: cannot be read"),
    ],
)
def test_bad_option_is_one_error(run: Runner, folder: Path, options: tuple[str, ...], message: str) -> None:
    found = run("release", str(folder), *options)
    assert (found.code, message in found.err) == (2, True)


def test_changelog_in_another_encoding_is_one_error(run: Runner, folder: Path) -> None:
    (folder / "CHANGELOG.md").write_bytes(b"caf\xe9")
    found = run("release", str(folder))
    assert (found.code, f"{folder / 'CHANGELOG.md'}: the file is not UTF-8" in found.err) == (2, True)


def test_tables_of_an_earlier_schema_are_rewritten_first(run: Runner, tmp_path: Path) -> None:
    document = json.loads(resources.release("1.0.0"))
    for name in MEMBERS:
        (tmp_path / f"{name}.json").write_text(canonical_json.to_json(document[name]), encoding="utf-8", newline="\n")
    refused = run("release", str(tmp_path))
    assert (refused.code, "rewrite them: eaps-data check FOLDER --fix" in refused.err) == (1, True)
    run("check", str(tmp_path), "--fix")
    assert run("release", str(tmp_path)).code == 0
