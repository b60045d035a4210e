"""The check of a curator's folder: each problem has its file and line, and fixing loses nothing."""

import gzip
import json
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from pydantic import TypeAdapter, ValidationError

import eaps_data as eaps
from eaps_data._internal import canonical_json, resources
from eaps_data._internal.resources import FINGERPRINTS
from eaps_data.cli.datasets import _PACKAGE
from eaps_data.errors import Problem
from eaps_data.models.records import DatasetDocument
from eaps_data.models.table_specs import MEMBERS, TABLE_SPECS
from eaps_data.validation import check_folder, fix_folder, validate
from support import sample
from support.commands import Runner
from support.strategies import documents


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tables of the sample."""
    return sample.write_tables(tmp_path / "data")


def rows(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_bytes())


def write(folder: Path, name: str, value: Any) -> None:
    (folder / f"{name}.json").write_text(canonical_json.to_json(value), encoding="utf-8", newline="\n")


def replace(folder: Path, name: str, old: str, new: str) -> int:
    """Replace the first occurrence of a string in a table's file; return its line."""
    path = folder / f"{name}.json"
    before, found, after = path.read_text(encoding="utf-8").partition(old)
    assert found, old
    path.write_text(before + new + after, encoding="utf-8", newline="\n")
    return before.count("\n") + 1


def the_problem(folder: Path) -> Problem:
    (problem,) = check_folder(folder)
    return problem


def about(problem: Problem, folder: Path) -> tuple[str, str | None, int | None]:
    assert problem.file is not None
    return problem.rule, str(Path(problem.file).relative_to(folder)), problem.line


def test_canonical_tables_have_no_problem(folder: Path) -> None:
    assert check_folder(folder) == ()
    assert eaps.Dataset.from_path(folder) == eaps.load()
    assert fix_folder(folder) == ()


# Single files


@pytest.mark.parametrize("name", MEMBERS)
def test_a_table_without_a_file_is_missing(folder: Path, name: str) -> None:
    (folder / f"{name}.json").rename(folder / f"{name}x.json")
    missing, stray = check_folder(folder)
    assert about(stray, folder) == ("stray-file", f"{name}x.json", None)
    assert about(missing, folder) == ("missing-table", ".", None)
    assert missing.message == f"the table {name} is missing (did you mean '{name}x'?)"


@pytest.mark.parametrize("name", MEMBERS)
def test_only_an_optional_table_may_have_no_file(folder: Path, name: str) -> None:
    (folder / f"{name}.json").unlink()
    expected = [] if TABLE_SPECS[name].optional else [f"the table {name} is missing"]
    assert [problem.message for problem in check_folder(folder) if problem.severity == "error"] == expected


@pytest.mark.parametrize(
    ("content", "rule", "line", "message"),
    [
        (b'[\n {"id": "a",\n  "id": "a"}\n]', "repeated-key", 3, 'the key "id" is duplicated'),
        (b'[\n {"id": "a"},\n]', "not-json", 2, "trailing comma before the closing bracket"),
        (b"[\n \xff]", "encoding", 2, "not UTF-8"),
        (b"\xef\xbb\xbf[]", "encoding", 1, "byte order mark"),
        (b"", "not-json", 1, "not JSON"),
        (b'{"id": "a", "name": "A"}', "value", 1, "expected an array"),
        (b'[\n {"id": "a"}\n]', "missing-field", 2, 'the required field "name" is missing'),
        (b'[\n {"id": "a", "name": "A",\n  "knid": null}\n]', "unknown-field", 3, "did you mean 'kind' or 'id'?"),
        (b'[\n {"id": "a", "name": "A",\n  "kind": "ofice"}\n]', "term", 3, "did you mean 'office' or 'police'?"),
        (b'[\n {"id": "a",\n  "name": "A "}\n]', "value", 3, "expected one line of text"),
    ],
)
def test_a_problem_of_one_file_is_located(folder: Path, content: bytes, rule: str, line: int, message: str) -> None:
    (folder / "partners.json").write_bytes(content)
    problem = the_problem(folder)
    assert about(problem, folder) == (rule, "partners.json", line)
    assert problem.column
    assert message in problem.message


@pytest.mark.parametrize("name", ["release", "grant_program"])
def test_a_list_is_not_a_record(folder: Path, name: str) -> None:
    write(folder, name, [rows(folder, name)])
    problem = the_problem(folder)
    assert about(problem, folder) == ("value", f"{name}.json", 1)
    assert problem.message.startswith("expected an object")


def test_a_quote_has_at_most_12_words(folder: Path) -> None:
    line = replace(folder, "evidence", '"quote": "', '"quote": "one two three four five six seven eight nine ten ')
    problem = the_problem(folder)
    assert about(problem, folder) == ("value", "evidence.json", line)
    assert "a phrase of at most 12 words" in problem.message


def test_a_file_that_cannot_be_opened_is_unreadable(folder: Path) -> None:
    (folder / "partners.json").unlink()
    (folder / "partners.json").mkdir()
    problem = the_problem(folder)
    assert about(problem, folder) == ("unreadable", "partners.json", None)
    assert problem.message.startswith("cannot be read: ")


def test_the_other_tables_are_checked_if_one_is_invalid(folder: Path) -> None:
    partners = rows(folder, "partners")
    write(folder, "partners", [*partners, partners[0]])
    replace(folder, "programs", '"status": "established"', '"status": "estblished"')
    assert [(problem.rule, problem.record) for problem in check_folder(folder)] == [
        ("term", "programs/revere-bhu"),
        ("duplicate-id", f"partners/{partners[0]['id']}"),
    ]


# Rules between records, each in the file and on the line of its record


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("programs", '"municipality": "revere"', '"municipality": "reveer"', "dangling-reference"),
        ("evidence", '"source": "geonames"', '"source": "geoname"', "dangling-reference"),
        ("grant_program", '"source": "funded-', '"source": "fnded-', "dangling-reference"),
        ("municipalities", '"position": 2', '"position": 1', "duplicate-position"),
        ("municipalities", '"place_geoid": "25', '"place_geoid": "26', "identifier-mismatch"),
    ],
)
def test_a_problem_between_records_is_located_at_the_field(
    folder: Path, name: str, old: str, new: str, rule: str
) -> None:
    line = replace(folder, name, old, new)
    assert (rule, f"{name}.json", line) in {about(problem, folder) for problem in check_folder(folder)}


def test_a_claim_without_evidence_is_located_at_the_claim(folder: Path) -> None:
    write(folder, "evidence", [row for row in rows(folder, "evidence") if row["field"] != "acronym"])
    problems = [problem for problem in check_folder(folder) if problem.record == "programs/revere-bhu"]
    text = (folder / "programs.json").read_text(encoding="utf-8").splitlines()
    (problem,) = problems
    assert about(problem, folder)[:2] == ("evidence-missing", "programs.json")
    assert problem.line is not None
    assert text[problem.line - 1] == '    "acronym": "BHU",'


def test_evidence_without_a_claim_is_located_at_its_row(folder: Path) -> None:
    replace(folder, "programs", '"acronym": "BHU"', '"acronym": null')
    evidence = (folder / "evidence.json").read_text(encoding="utf-8")
    row = evidence.index('"subject": "programs/revere-bhu",\n    "field": "acronym"')
    problem = the_problem(folder)
    assert about(problem, folder) == ("evidence-idle", "evidence.json", evidence[:row].count("\n"))
    assert problem.message == 'programs/revere-bhu makes no claim in the field "acronym"'


def test_problems_are_sorted_by_file_and_line(folder: Path) -> None:
    replace(folder, "programs", '"acronym": "BHU"', '"acronym": "BHUX"')
    replace(folder, "programs", '"municipality": "winthrop"', '"municipality": "wintrop"')
    write(folder, "partners", [])
    found = [about(problem, folder) for problem in check_folder(folder)]
    order = {f"{name}.json": number for number, name in enumerate(MEMBERS)}
    assert found == sorted(found, key=lambda each: (order[str(each[1])], each[2]))
    assert len({file for _, file, _ in found}) == 3


# Warnings


def test_an_unused_source_is_a_warning(folder: Path) -> None:
    write(folder, "sources", [*rows(folder, "sources"), {**rows(folder, "sources")[0], "id": "unused"}])
    problem = the_problem(folder)
    assert problem.severity == "warning"
    assert about(problem, folder)[:2] == ("unused-source", "sources.json")


def test_a_term_that_no_record_uses_is_a_warning(folder: Path) -> None:
    write(
        folder,
        "programs",
        [
            {**row, "approaches": [term for term in row["approaches"] if term != "co-response"]}
            for row in rows(folder, "programs")
        ],
    )
    write(folder, "evidence", [row for row in rows(folder, "evidence") if row["item"] != "co-response"])
    problem = the_problem(folder)
    assert problem.severity == "warning"
    assert about(problem, folder) == ("unused-term", "programs.json", 1)
    assert str(problem).endswith('approaches: no record uses "co-response" of Approach; retire the terms or use them')


def test_a_municipality_without_a_field_that_most_others_have_is_a_warning(folder: Path) -> None:
    towns = rows(folder, "municipalities")
    codes = dict.fromkeys(towns[0]["identifiers"]) | {"ocd_aliases": []}
    for town in towns[:2]:  # two at once: neither hides the other
        town |= {"county": None, "identifiers": codes}
    write(folder, "municipalities", towns)
    gone = {f"municipalities/{town['id']}" for town in towns[:2]}
    kept = [
        row
        for row in rows(folder, "evidence")
        if row["subject"] not in gone or row["field"] not in {"county", "identifiers"}
    ]
    write(folder, "evidence", kept)
    problems = check_folder(folder)
    assert [(each.rule, each.severity, each.record) for each in problems] == [
        ("incomplete-municipality", "warning", f"municipalities/{town['id']}") for town in towns[:2]
    ]
    lacks = f"{towns[0]['name']} lacks what most other municipalities have: county, identifiers; add it from its source"
    assert problems[0].message.startswith(lacks)


def test_a_retired_term_is_valid_and_a_warning_where_a_record_uses_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(eaps.Approach.DEFLECTION), "retired", "2.1.0")  # one program has it
    problem = the_problem(folder)
    assert problem.severity == "warning"
    assert about(problem, folder)[:2] == ("retired-term", "programs.json")
    assert "approaches: deflection is retired since schema 2.1.0; use another term" in str(problem).replace('"', "")
    assert len(eaps.programs.where(approach="deflection")) == 1
    with pytest.raises(eaps.UnknownTermError, match=r"'decoy'.*deflection \(retired\), diversion"):
        eaps.programs.where(approach="decoy")  # type: ignore[arg-type]
    json_row = b'[{"id": "a", "name": "A", "municipality": "b", "kind": "team", "approaches": ["decoy"]}]'
    (invalid,) = validate(json_row, "programs")
    assert "diversion" in invalid.message
    assert "deflection" not in invalid.message
    with pytest.raises(ValidationError, match="diversion") as refused:
        TypeAdapter(eaps.Approach).validate_python("decoy")
    assert "deflection" not in str(refused.value)
    assert TypeAdapter(eaps.Approach).validate_python("deflection") is eaps.Approach.DEFLECTION
    write(
        folder,
        "programs",
        [
            {**row, "approaches": [term for term in row["approaches"] if term != "deflection"]}
            for row in rows(folder, "programs")
        ],
    )
    write(folder, "evidence", [row for row in rows(folder, "evidence") if row["item"] != "deflection"])
    assert check_folder(folder) == ()  # a retired term need not be used


@pytest.mark.parametrize("name", ["partners.json.bak", "notes.md", "partners.yaml", "release.json.gz"])
def test_a_file_that_is_never_read_is_a_warning(folder: Path, name: str) -> None:
    (folder / name).write_bytes(gzip.compress(b"{}"))
    problem = the_problem(folder)
    assert (problem.severity, about(problem, folder)) == ("warning", ("stray-file", name, None))


def test_hidden_files_are_ignored(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"")
    assert check_folder(folder) == ()


# Canonical form, and the fixer


@pytest.mark.parametrize(
    ("change", "line", "column"),
    [
        (lambda text: text.replace("  ", " "), 2, 2),
        (lambda text: text.replace("\n", "\r\n"), 1, 2),
        (lambda text: text.removesuffix("\n"), 4, 2),
        (lambda text: text + "\n", 5, 1),
        (lambda text: text.replace("0.", "0\\u002e", 1), 2, 23),
    ],
)
def test_a_file_that_is_not_canonical_is_located_and_fixed(
    folder: Path, change: Callable[[str], str], line: int, column: int
) -> None:
    path = folder / "release.json"
    path.write_bytes(change(path.read_text(encoding="utf-8")).encode())
    problem = the_problem(folder)
    assert about(problem, folder) == ("not-canonical", "release.json", line)
    assert (problem.column, problem.severity) == (column, "error")
    assert problem.message.endswith(f"fix it with: eaps-data check {folder} --fix")
    assert fix_folder(folder) == (path,)
    assert check_folder(folder) == ()
    assert path.read_bytes() == resources.data("release")


def test_omitted_fields_and_the_order_of_keys_are_fixed(folder: Path) -> None:
    short = [{key: row[key] for key in reversed(row) if row[key] not in (None, [])} for row in rows(folder, "partners")]
    write(folder, "partners", short)
    assert [problem.rule for problem in check_folder(folder)] == ["not-canonical"]
    fix_folder(folder)
    assert (folder / "partners.json").read_bytes() == resources.data("partners")


def test_invalid_files_are_not_fixed(folder: Path) -> None:
    contents = {"partners": b'[{"id": "a", "id": "b"}]', "programs": b'[{"id": "A"}]', "sources": b"[{]"}
    for name, content in contents.items():
        (folder / f"{name}.json").write_bytes(content)
    (folder / "evidence.json").unlink()
    assert fix_folder(folder) == ()
    assert all((folder / f"{name}.json").read_bytes() == content for name, content in contents.items())
    assert not (folder / "evidence.json").exists()


def test_files_are_fixed_before_they_have_evidence(folder: Path) -> None:
    write(folder, "evidence", [])
    (folder / "partners.json").write_text(json.dumps(rows(folder, "partners")), encoding="utf-8")
    assert fix_folder(folder) == (folder / "partners.json",)
    assert {problem.rule for problem in check_folder(folder)} == {"evidence-missing"}


def formatted(draw: st.DrawFn, value: Any) -> str:
    """The JSON of a value in any formatting: spaces, order of keys, escapes, and fields that say nothing left out."""

    def space() -> str:
        return draw(st.sampled_from(["", "", " ", "\n", "\r\n\t"]))

    def written(part: Any) -> str:
        if isinstance(part, dict):
            keys = draw(st.permutations([key for key, held in part.items() if held is not None or draw(st.booleans())]))
            items = [f"{written(key)}{space()}:{space()}{written(part[key])}" for key in keys]
            return "{" + space() + f"{space()},{space()}".join(items) + space() + "}"
        if isinstance(part, list):
            return "[" + space() + f"{space()},{space()}".join(map(written, part)) + space() + "]"
        return json.dumps(part, ensure_ascii=draw(st.booleans()))

    return space() + written(value) + space()


@pytest.mark.slow
@settings(max_examples=settings().max_examples // 2)
@given(documents(), st.data())
def test_any_formatting_is_fixed_to_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, document: DatasetDocument, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("data")
    plain = document.model_dump(mode="json")
    for name in MEMBERS:
        text = data.draw(st.composite(formatted)(plain[name]), label=name)
        (folder / f"{name}.json").write_bytes(text.encode("utf-8"))
    before = eaps.Dataset.from_path(folder)
    assert before.document == document
    fix_folder(folder)
    for name in MEMBERS:
        assert (folder / f"{name}.json").read_bytes() == canonical_json.to_json(plain[name]).encode("utf-8")
    assert eaps.Dataset.from_path(folder) == before
    assert fix_folder(folder) == ()


@pytest.mark.parametrize("broken", ["os.fsync", "pathlib.Path.write_text", "shutil.copymode", "pathlib.Path.replace"])
@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "interrupted"]
)
def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch, broken: str, error: BaseException
) -> None:
    path = folder / "release.json"
    old = json.dumps(rows(folder, "release")).encode()
    path.write_bytes(old)

    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(broken, fail)
        with pytest.raises(type(error)):
            fix_folder(folder)
    assert path.read_bytes() == old
    assert {path.name for path in folder.iterdir()} == {f"{name}.json" for name in MEMBERS} | {FINGERPRINTS}


@pytest.mark.skipif(os.name != "posix", reason="permissions and links differ elsewhere")
def test_fixing_keeps_permissions_and_links(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    (folder / "release.json").rename(kept)
    kept.write_text(json.dumps(json.loads(resources.data("release"))), encoding="utf-8")
    kept.chmod(0o640)
    (folder / "release.json").symlink_to(kept)
    assert fix_folder(folder) == (folder / "release.json",)
    assert (folder / "release.json").is_symlink()
    assert kept.read_bytes() == resources.data("release")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640


# Reading a folder


def test_a_folder_with_a_broken_reference_is_not_read(folder: Path) -> None:
    line = replace(folder, "programs", '"municipality": "revere"', '"municipality": "reveer"')
    with pytest.raises(eaps.InvalidDataError) as caught:
        eaps.Dataset.from_path(folder)
    (problem,) = caught.value.problems
    assert about(problem, folder) == ("dangling-reference", "programs.json", line)


def test_warnings_do_not_prevent_reading(folder: Path) -> None:
    write(folder, "sources", [*rows(folder, "sources"), {**rows(folder, "sources")[0], "id": "unused"}])
    assert "unused" in eaps.Dataset.from_path(folder).sources


# The command


def test_check_defaults_to_the_tables_of_the_checkout_or_the_package(
    run: Runner, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 2 + sum(len(rows(_PACKAGE, name)) for name in MEMBERS[2:])
    monkeypatch.chdir(tmp_path)
    code, out, err = run("check")
    assert (code, err) == (0, "")
    *_, last = out.splitlines()  # the packaged data may have warnings
    counts = f"{len(MEMBERS)} files, {count} records checked"
    assert re.fullmatch(rf"{counts}: valid(, \d+ warnings?)? \(a dataset: references checked\)", last)
    (tmp_path / "src" / "eaps_data").mkdir(parents=True)
    folder.rename(tmp_path / "src" / "eaps_data" / "data")
    (tmp_path / "src" / "eaps_data" / "data" / "stray").touch()
    code, out, err = run("check")
    assert (code, err) == (0, "")
    assert out.startswith(f"{Path('src', 'eaps_data', 'data', 'stray')}: warning: ")


def test_check_lists_fixed_files_before_the_report_but_not_in_one_for_programs(run: Runner, folder: Path) -> None:
    path = folder / "partners.json"
    path.write_text(json.dumps(rows(folder, "partners")), encoding="utf-8")
    code, out, err = run("check", str(folder))
    assert (code, err) == (1, "")
    assert out.startswith(f"{path}:1:2: from here on")
    code, out, err = run("check", str(folder), "--fix")
    assert (code, err) == (0, "")
    assert out.startswith(f"{path}: written in canonical form\n")
    assert out.endswith("checked: valid (a dataset: references checked)\n")
    assert "written" not in run("check", "--fix", str(folder))[1]
    path.write_text(json.dumps(rows(folder, "partners")), encoding="utf-8")
    code, out, err = run("check", str(folder), "--fix", "--json")
    assert (code, err) == (0, f"{path}: written in canonical form\n")
    assert json.loads(out)["problems"] == []


@pytest.mark.parametrize("format_", ["text", "json", "github", "sarif", "junit"])
def test_check_reports_in_every_format(run: Runner, folder: Path, format_: str) -> None:
    line = replace(folder, "programs", '"municipality": "revere"', '"municipality": "reveer"')
    code, out, _ = run("check", str(folder), "--format", format_)
    assert code == 1
    assert "reveer" in out
    assert str(line) in out
    if format_ == "json":
        report = json.loads(out)
        assert report["summary"]["files"] == len(MEMBERS)
        assert report["problems"][0]["line"] == line
        assert run("check", str(folder), "--json")[1] == out


@pytest.mark.parametrize("format_", ["text", "json", "github", "sarif", "junit"])
def test_an_unreadable_folder_is_exit_2(run: Runner, folder: Path, format_: str) -> None:
    for name, message in (
        (f"{folder}x", f"no such folder (did you mean '{folder}'?)"),
        (__file__, "this is not a folder"),
    ):
        code, out, _ = run("check", name, "--format", format_)
        assert code == 2
        assert message in re.sub(r"\\(.)|&#x27;|&apos;", lambda match: match[1] or "'", out)
    (folder / "partners.json").unlink()
    (folder / "partners.json").mkdir()
    code, out, _ = run("check", str(folder), "--format", format_)
    assert code == 2
    assert "cannot be read: " in out


@pytest.mark.parametrize("format_", [None, "csv", "datapackage", "json", "jsonl", "parquet", "sqlite"])
def test_a_folder_without_tables_in_json_is_one_error_that_names_the_fix(
    run: Runner, tmp_path: Path, format_: eaps.export.FormatName | None
) -> None:
    folder = tmp_path / "data"
    if format_ in {"json", "sqlite"}:
        folder.mkdir()
        eaps.export.write(format_, folder / f"dataset.{format_}")
    elif format_ is None:
        folder.mkdir()
    else:
        if format_ == "parquet":
            pytest.importorskip("pyarrow")
        eaps.export.write(format_, folder)
    for options in ([], ["--fix"]):
        code, out, err = run("check", str(folder), *options)
        assert (code, err) == (2, "")
        assert out.splitlines()[0] == (
            f"{folder}: check needs a folder with a JSON file per table, as eaps-data init creates, and this has none; "
            "to check a dataset in another format, use: eaps-data validate"
        )
        assert [problem.rule for problem in check_folder(folder)] == ["unreadable"]
    assert run("validate", str(folder))[0] == (0 if format_ else 2)


def test_check_counts_the_files_that_it_read(run: Runner, folder: Path) -> None:
    (folder / "release.json").unlink()
    assert f"\n{len(MEMBERS) - 1} files, " in run("check", str(folder))[1]


def test_a_failed_write_is_exit_2(run: Runner, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "partners.json").write_text(json.dumps(rows(folder, "partners")), encoding="utf-8")

    def fail(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.mkdtemp", fail)
    code, out, err = run("check", "--fix", str(folder))
    assert (code, out) == (2, "")
    assert "Read-only file system" in err


def test_tables_of_an_earlier_schema_are_rewritten(tmp_path: Path) -> None:
    document = json.loads(resources.release("1.0.0"))
    for name in MEMBERS:
        write(tmp_path, name, document[name])
    notice = next(problem for problem in check_folder(tmp_path) if problem.rule == "old-schema")
    assert (notice.file, notice.severity) == (str(tmp_path), "warning")
    assert notice.message.endswith("rewrite them: eaps-data check FOLDER --fix")
    assert tmp_path / "programs.json" in fix_folder(tmp_path)
    assert [problem for problem in check_folder(tmp_path) if problem.rule in {"old-schema", "not-canonical"}] == []
    assert eaps.Dataset.from_path(tmp_path) == eaps.Dataset.from_release("1.0.0")
    assert fix_folder(tmp_path) == ()
