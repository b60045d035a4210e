"""The commands why, diff, cite, verify and draft."""

import io
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data import cli
from support.commands import Runner

DATA = Path(cli.__file__).parents[1] / "data"


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
    assert run("diff", str(DATA), str(path)) == (0, f"{expected}\n", "")
    assert run("diff", eaps.release.data_version, str(path)).out == f"{expected}\n"
    since = eaps.diff(eaps.Dataset.from_release("1.0.0"), eaps.load())
    assert run("diff", "1.0.0", eaps.release.data_version) == (0, f"{since}\n", "")
    assert json.loads(run("diff", str(DATA), str(path), "--json").out) == expected.to_dict()
    assert run("diff", str(path), str(path)) == (0, "nothing changed\n", "")


def test_diff_accepts_other_lossless_formats_and_files_without_a_suffix(run: Runner, tmp_path: Path) -> None:
    eaps.export.write("csv", tmp_path / "tables")
    (tmp_path / "document").write_text(eaps.load().to_json(), encoding="utf-8")
    assert run("diff", str(tmp_path / "tables"), str(tmp_path / "document")) == (0, "nothing changed\n", "")


def test_diff_of_an_invalid_dataset_reports_its_problems(run: Runner, tmp_path: Path) -> None:
    whole, folder = tmp_path / "whole.json", tmp_path / "data"
    whole.write_text(eaps.load().to_json().replace('"status": "established"', '"status": "estblished"'), "utf-8")
    shutil.copytree(DATA, folder)
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
