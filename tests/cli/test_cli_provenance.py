"""The commands why, diff, cite, verify and draft."""

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import eaps_data as eaps
from support import funded_places, sample
from support.commands import Runner


def test_why_prints_the_evidence(run: Runner) -> None:
    assert run("why", "BHU", "goals") == (0, f"{eaps.why('BHU', 'goals')}\n", "")
    assert run("why", "BHU").out == f"{eaps.why('BHU')}\n"
    assert json.loads(run("why", "BHU", "goals", "--json").out) == eaps.why("BHU", "goals").to_dict()


def test_diff_accepts_documents_folders_and_versions(run: Runner, tmp_path: Path) -> None:
    document = json.loads(eaps.load().to_json())
    document["programs"][0]["summary"] = "Another summary."
    path = tmp_path / "new.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    expected = eaps.diff(eaps.load(), eaps.Dataset.from_file(path))
    folder = sample.write_tables(tmp_path / "data")
    assert run("diff", str(folder), str(path)) == (0, f"{expected}\n", "")
    assert run("diff", eaps.release.data_version, str(path)).out == f"{expected}\n"
    since = eaps.diff(eaps.Dataset.from_release("1.0.0"), eaps.load())
    assert run("diff", "1.0.0", eaps.release.data_version) == (0, f"{since}\n", "")
    assert json.loads(run("diff", str(folder), str(path), "--json").out) == expected.to_dict()
    assert run("diff", str(path), str(path)) == (0, "nothing changed\n", "")


def test_diff_accepts_other_lossless_formats_and_files_without_a_suffix(run: Runner, tmp_path: Path) -> None:
    eaps.export.write("csv", tmp_path / "tables")
    (tmp_path / "document").write_text(eaps.load().to_json(), encoding="utf-8")
    assert run("diff", str(tmp_path / "tables"), str(tmp_path / "document")) == (0, "nothing changed\n", "")


def test_diff_of_an_invalid_dataset_reports_its_problems(run: Runner, tmp_path: Path) -> None:
    whole, folder = tmp_path / "whole.json", sample.write_tables(tmp_path / "data")
    whole.write_text(eaps.load().to_json().replace('"status": "established"', '"status": "estblished"'), "utf-8")
    broken = run("diff", str(folder), str(whole))
    assert (broken.code, broken.out) == (1, "")
    assert re.search(r'whole\.json:\d+:\d+: programs/revere-bhu, status: "estblished" is not a valid term', broken.err)
    (folder / "partners.json").write_text("[]", encoding="utf-8")
    dangling = run("diff", str(folder), str(whole))
    assert dangling.code == 1
    assert re.search(r"partnerships\.json:\d+:\d+: .* unknown partner id ", dangling.err)
    (folder / "partners.json").unlink()
    assert run("diff", str(folder), str(whole)).code == 1
    (folder / "partners.json").mkdir()
    unreadable = run("diff", str(folder), str(whole))
    assert unreadable.code == 2
    assert "partners.json: cannot be read: Is a directory" in unreadable.err


def test_cite_prints_each_format(run: Runner) -> None:
    citation = eaps.cite()
    assert run("cite").out == run("cite", "--format", "text").out == citation.text + "\n"
    assert run("cite", "--format", "bibtex").out == citation.bibtex
    assert json.loads(run("cite", "--format", "csl-json").out) == [citation.csl]


@pytest.fixture
def standard_input(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    return lambda data: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


@pytest.mark.parametrize("command", ["verify", "draft"])
def test_a_page_is_read_from_standard_input(
    command: str, run: Runner, standard_input: Callable[[bytes], None], tmp_path: Path, page_text: str
) -> None:
    file = tmp_path / "page.txt"
    file.write_text(page_text, encoding="utf-8")
    standard_input(page_text.encode())
    from_standard_input = run(command, "-")
    assert from_standard_input.code == 0
    assert from_standard_input == run(command, str(file))


@pytest.mark.parametrize("command", ["verify", "draft"])
def test_another_page_on_standard_input_is_refused(
    command: str, run: Runner, standard_input: Callable[[bytes], None]
) -> None:
    standard_input(b"Quite another page.")
    printed = run(command, "-")
    assert printed.code == 2
    assert printed.err.startswith("eaps-data: -: this seems to be another page")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no /dev/zero")
def test_a_page_without_end_is_refused(run: Runner) -> None:
    printed = run("verify", "/dev/zero")
    assert printed.code == 2
    assert printed.err.startswith("eaps-data: /dev/zero: the page has more than 16,777,216 bytes")


# Drafts


def test_draft_is_written_to_a_new_file(run: Runner, tmp_path: Path) -> None:
    data, target = tmp_path / "data", tmp_path / "draft.csv"
    page = funded_places.write_folder(data, funded_places.PAGE.replace("nurses visit", "nurses often visit"))
    before = {path: path.read_bytes() for path in data.iterdir()}
    drafted = run("draft", str(page), "--data", str(data), "--output", str(target))
    command = f"eaps-data check {data} --page {page} --draft {target}"
    assert drafted == (0, "", f"{target}: 2 lines, 1 to decide; then: {command}\n")
    for printing in ((), ("--output", "-")):
        assert run("draft", str(page), "--data", str(data), *printing).out == target.read_text(encoding="utf-8")
    again = run("draft", str(page), "--data", str(data), "--output", str(target))
    assert (again.code, "already exists" in again.err) == (2, True)
    assert run("draft", str(page), "--data", str(data), "--output", str(target), "--force").code == 0
    open_ = run(*command.split()[1:], "--fix")
    assert open_.code == 1
    assert f"{target}:5: to be decided: TODO: read the sentence" in open_.out
    assert run("verify", str(page), "--data", str(data)).code == 1
    assert before == {path: path.read_bytes() for path in data.iterdir()}


def test_complete_draft_is_merged_with_fix(run: Runner, tmp_path: Path) -> None:
    data, target = tmp_path / "data", tmp_path / "draft.csv"
    page = funded_places.write_folder(data, funded_places.PAGE.replace("nurses visit", "nurses often visit"))
    run("draft", str(page), "--data", str(data), "--output", str(target))
    lines = target.read_text(encoding="utf-8").splitlines(keepends=True)
    target.write_text("".join(line for line in lines if "TODO" not in line), encoding="utf-8")
    arguments = ("check", str(data), "--page", str(page), "--draft", str(target))
    checked = run(*arguments)
    assert checked.code == 0  # only the hash is to be fixed, which is a warning
    note = f"{target}: complete; --fix writes its lines and fills in positions, order and hashes\n"
    assert checked.err == note
    fixed = run(*arguments, "--fix")
    assert fixed.code == 0
    assert f"{data / 'sources.json'}: written in canonical form" in fixed.out
    assert run("verify", str(page), "--data", str(data)).code == 0
    assert "checked: valid" in run("check", str(data), "--page", str(page)).out


def test_warnings_are_those_of_the_tables_with_the_lines_of_the_draft(run: Runner, tmp_path: Path) -> None:
    data, target = tmp_path / "data", tmp_path / "draft.csv"
    page = funded_places.write_folder(data)
    run("draft", str(page), "--data", str(data), "--output", str(target))
    before = run("check", str(data), "--page", str(page)).out
    assert 'no record uses "team"' in before
    assert "share" not in before
    lines = ["programs/alder-care-team,kind,team,Care Team,named"]
    lines += [f"partners/{id_},name,Beacon House,Beacon House" for id_ in ("beacon", "house")]
    with target.open("a", encoding="utf-8") as file:
        file.write("\n".join([*lines, ""]))
    arguments = ("check", str(data), "--page", str(page), "--draft", str(target))
    checked = run(*arguments).out
    assert 'no record uses "team"' not in checked
    assert f"{target}:5: warning: partners/house, name: " in checked
    assert checked.count('no record uses "division"') == 1
    target.write_text(target.read_text(encoding="utf-8") + "programs/alder-care-team,status,TODO\n", encoding="utf-8")
    assert "no record uses" not in run(*arguments).out


def test_draft_without_a_page_or_with_a_wrong_name_is_refused(run: Runner, tmp_path: Path) -> None:
    page = funded_places.write_folder(tmp_path / "data")
    refused = run("check", str(tmp_path / "data"), "--draft", "draft.csv")
    assert (refused.code, refused.err) == (2, "eaps-data: --draft requires --page PAGE\n")
    missing = run("check", str(tmp_path / "data"), "--page", str(page), "--draft", str(tmp_path / "draft.csv"))
    assert (missing.code, missing.err.count("draft.csv: cannot be read: No such file")) == (2, 1)
    (tmp_path / "draft.csv").write_text("subject\né", encoding="cp1252")
    encoded = run("check", str(tmp_path / "data"), "--page", str(page), "--draft", str(tmp_path / "draft.csv"))
    assert (encoded.code, encoded.err.count("draft.csv: the draft is not UTF-8; save it as UTF-8")) == (2, 1)


def test_invalid_tables_are_reported_before_the_page(run: Runner, tmp_path: Path) -> None:
    page = funded_places.write_folder(tmp_path / "data")
    (tmp_path / "data" / "programs.json").write_text("<<<<<<< HEAD\n[]\n", encoding="utf-8")
    found = run("check", str(tmp_path / "data"), "--page", str(page))
    assert found.code == 1
    assert "programs.json:1:1: this is a merge conflict; keep the lines that are right" in found.out


def test_damaged_fingerprints_are_reported(run: Runner, tmp_path: Path) -> None:
    page = funded_places.write_folder(tmp_path / "data")
    path = tmp_path / "data" / "page.fingerprints"
    for content in ("<<<<<<< HEAD", "[{}]", "{}5"):
        path.write_text(content, encoding="utf-8")
        found = run("verify", str(page), "--data", str(tmp_path / "data"))
        assert (found.code, f"{path}: the file does not hold fingerprints; restore it" in found.err) == (2, True)


# A folder for another page


def test_new_folder_has_complete_data_and_a_workflow(run: Runner, tmp_path: Path) -> None:
    folder = tmp_path / "my-state"
    created = run("init", str(folder))
    command = f"eaps-data check {folder} --page {folder / 'page.txt'}"
    in_git = f"commit it to git (in a new repository: git init {folder})"
    assert created == (0, "", f"{folder}: created; {in_git}, then: {command}\n")
    assert run(*command.split()[1:]) == (0, "10 files, 52 records checked: valid (a dataset: references checked)\n", "")
    assert run("verify", str(folder / "page.txt"), "--data", str(folder)).code == 0
    assert run("validate", str(folder)).code == 0
    assert eaps.Dataset.from_path(folder).municipalities.ids == ("alder", "birch", "cedar")
    assert "eaps-data check . --page page.txt" in (folder / ".github/workflows/check.yml").read_text(encoding="utf-8")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# Whom we fund\n\nThe data of Safer Exampleland, ")
    assert "eaps-data release . --page page.txt" in readme
    assert "git init" in readme
    again = run("init", str(folder))
    assert (again.code, again.err) == (2, f"eaps-data: {folder}: already exists; choose another name\n")


def test_commands_default_to_the_tables_in_the_current_folder(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("init", str(tmp_path / "my-state"))
    monkeypatch.chdir(tmp_path / "my-state")
    assert run("check", "--page", "page.txt").out.startswith("10 files, 52 records checked: valid")
    assert run("verify", "page.txt").code == 0
    assert "no line, as the page has not changed" in run("draft", "page.txt", "--output", "../draft.csv").err
    Path("programs.json").write_text("[]\n", encoding="utf-8")
    assert "partnerships.json:3:16: partnerships/" in run("check").out


def test_new_folder_for_a_page_is_drafted_whole(run: Runner, tmp_path: Path) -> None:
    page, folder, draft = tmp_path / "page.html", tmp_path / "my-state", tmp_path / "draft.csv"
    page.write_text(funded_places.as_html(funded_places.PAGE), encoding="utf-8")
    command = f"draft {folder / 'page.txt'} --data {folder} --output {folder.parent / 'draft.csv'}"
    created = run("init", str(folder), "--page", str(page), "--name", "Safe Towns")
    assert created.code == 0
    assert f"eaps-data draft {folder / 'page.txt'} --data {folder}" in created.err
    assert run("check", str(folder)).out == "10 files, 4 records checked: valid (a dataset: references checked)\n"
    assert run(*command.split()).code == 0
    text = draft.read_text(encoding="utf-8")
    assert all(f"municipalities/{name},styled_name" in text for name in ("alder", "birch", "cedar"))
    assert 'no-claim here",,,Funded Places' in text
    # `init` has quoted the name of the grant program, but the sentence may make other claims.
    sentence = next(line for line in funded_places.PAGE.splitlines() if "Safe Towns" in line)
    assert f'{sentence}\n"TODO: read the sentence, add its other claims, and delete this line"\n' in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--page", "PAGE"), "use --page PAGE and --name NAME together"),
        (("--name", "Safe Towns"), "use --page PAGE and --name NAME together"),
        (("--page", "PAGE", "--name", "Safer"), "the name of the grant program, 'Safer'"),
        (("--page", "NONE", "--name", "Safe Towns"), "NONE: cannot be read"),
    ],
)
def test_new_folder_needs_a_page_with_the_name(
    run: Runner, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    page = tmp_path / "page.txt"
    page.write_text(funded_places.PAGE, encoding="utf-8")
    refused = run("init", str(tmp_path / "new"), *(str(page) if each == "PAGE" else each for each in options))
    assert refused.code == 2
    assert message in refused.err
    assert not (tmp_path / "new").exists()
