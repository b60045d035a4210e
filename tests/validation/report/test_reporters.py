"""The same problems in five report formats, each read back by a parser of that format."""

import codecs
import io
import json
import os
import re
import tracemalloc
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest
from hypothesis import given, strategies as st
from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite
from pydantic import ValidationError

import eaps_data as eaps
from eaps_data._internal.safe_text import with_surrogates_escaped
from eaps_data.errors import Problem, UnknownTermError, printable
from eaps_data.models.report import Report
from eaps_data.rules.catalog import RULES
from eaps_data.validation.inputs import Count, Input
from eaps_data.validation.report import FORMATS, Summary, reporter, sarif, write_report
from eaps_data.validation.report.base import text_line
from eaps_data.validation.report.sarif import uri

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).parents[2] / "golden"
SUFFIX: dict[str, str] = {"text": "txt", "json": "json", "github": "github.txt", "sarif": "sarif", "junit": "xml"}

FILES = ("data/partners.json", "my towns/№ 1, 50% #new.yaml", "fine.jsonl")
PROBLEMS = [
    Problem(
        rule="term",
        message="\"polise-department\" is not a valid term (did you mean 'police-department'?)",
        record="partners/a",
        field="kind",
        pointer="/0/kind",
        file=FILES[0],
        line=2,
        column=35,
    ),
    Problem(
        rule="missing-field",
        message='the field "name" is required, and missing',
        record="partners",
        field="name",
        pointer="/1/name",
        file=FILES[0],
        line=3,
        column=2,
    ),
    Problem(
        rule="shared-name",
        message='"RPD" is the name of partners/a as well; a lookup by it lists both',
        severity="warning",
        record="partners/c",
        field="acronym",
        pointer="/2/acronym",
        file=FILES[0],
        line=4,
        column=20,
    ),
    Problem(rule="not-yaml", message="this is not YAML: found “:” <here> & there", file=FILES[1], line=7, column=1),
    Problem(rule="unreadable", message="there is no such file", file="no such.json"),
    Problem(rule="term", message="100% sure, it is: no term", record="programs/b", field="needs", pointer="/needs"),
]
SUMMARY = Summary(files=3, records=120, errors=4, warnings=1, unreadable=1)


class Stream(io.TextIOWrapper):
    """A stream as the command line sets it up; one with colors is a terminal."""

    def __init__(self, encoding: str, *, color: bool) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, errors="backslashreplace", newline="\n")
        self._color = color

    def isatty(self) -> bool:
        return self._color


def report(  # noqa: PLR0913 - all that a report can differ in
    report_format: str,
    found: Iterable[Problem],
    summary: Summary = SUMMARY,
    *,
    files: Iterable[str] = (),
    encoding: str = "utf-8",
    color: bool = False,
) -> str:
    """Write a report, and return what the stream received."""
    out = Stream(encoding, color=color)
    writer = reporter(report_format, out)
    writer.begin()
    for file in files:
        writer.file(file)
    for problem in found:
        writer.problem(problem)
    writer.end(summary)
    out.seek(0)
    return out.read()


HOSTILE_TEXTS = [
    "two\nlines\r\nand\rmore",
    "::error::injected",
    "%0A::error title=x::y%25",
    "\x00\x01\x1b[31m\x7f\x85\x9b2J",
    "\ufffe\uffff\ufdd0",
    "\udc80 \ud800",
    "👩‍👩‍👧 \U0001f3e1 \U0010ffff",
    "שלום \u202eabc\u202c \u2066x\u2069",
    "]]> <!-- & \"quoted\" 'so' -->",
    "a\u2028b\u2029c\u00a0d",
    "x" * 10_000,
    " leading, trailing ",
]
HOSTILE = [
    Problem(rule="value", message=text, record=f"programs/{text}", field=text, pointer=f"/{text}", file=f"{name}.json")
    for text in HOSTILE_TEXTS
    for name in (text, "with space #1 ü")
]
hostile = st.builds(
    Problem,
    rule=st.sampled_from(sorted(RULES)),
    message=st.text() | st.sampled_from(HOSTILE_TEXTS),
    severity=st.sampled_from(["error", "warning"]),
    record=st.none() | st.text(),
    field=st.none() | st.text(),
    pointer=st.text() | st.sampled_from(HOSTILE_TEXTS),
    file=st.none() | st.text(st.characters(exclude_characters="\x00"), min_size=1),
    line=st.none() | st.integers(1, 2**53 - 1),
    column=st.none() | st.integers(1, 2**53 - 1),
)


def annotations(log: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """The workflow commands of a log, as GitHub's runner reads them."""
    for line in log.split("\n"):
        command = re.fullmatch(r"::([a-z]+) (.*?)::(.*)", line, re.DOTALL)
        if command:
            parts = (part.split("=", 1) for part in command[2].split(","))
            properties = {name: unescaped(value, {"%3A": ":", "%2C": ","}) for name, value in parts}
            yield command[1], properties, unescaped(command[3], {})


def unescaped(text: str, more: dict[str, str]) -> str:
    for escape, meant in {"%0D": "\r", "%0A": "\n", **more, "%25": "%"}.items():
        text = text.replace(escape, meant)
    return text


@pytest.fixture(scope="module", autouse=True)
def _colors_are_not_off() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NO_COLOR", raising=False)
        yield


@pytest.fixture(scope="module")
def report_schema() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(eaps.json_schema("report"), validate_formats=True)


@pytest.fixture(scope="module")
def sarif_schema() -> Any:
    folder = Path(os.environ.get("EAPS_DATA_STANDARDS", ROOT.parent / "shared" / "standards"))
    path = folder / "sarif-2.1.0" / "sarif-schema-2.1.0.json"
    if not path.is_file():
        pytest.skip("SARIF's schema is not at hand; set EAPS_DATA_STANDARDS to the folder that holds sarif-2.1.0")
    return jsonschema_rs.validator_for(json.loads(path.read_bytes()), validate_formats=True)


@pytest.mark.parametrize("report_format", FORMATS)
def test_report_matches_golden_file(report_format: str, update_golden: bool) -> None:
    golden, written = GOLDEN / f"report.{SUFFIX[report_format]}", report(report_format, PROBLEMS, files=FILES)
    # The version of the code is not a matter of the report's shape.
    written = written.replace(f'"{eaps.__version__}"', '"VERSION"')
    if update_golden:
        golden.write_text(written, encoding="utf-8", newline="\n")
    assert written == golden.read_bytes().decode("utf-8"), "update it with: pytest --update-golden"


@pytest.mark.parametrize("report_format", FORMATS)
def test_report_without_problems_is_complete(report_format: str, report_schema: Any) -> None:
    summary = Summary(files=1)
    written = report(report_format, [], summary, files=["a.json"])
    assert written.endswith("\n")
    if report_format in {"text", "github"}:
        assert written == "1 file checked: valid\n"
    elif report_format == "json":
        assert report_schema.is_valid(json.loads(written))
        assert json.loads(written)["problems"] == []
    elif report_format == "sarif":
        assert json.loads(written)["runs"][0]["results"] == []
    else:
        assert '<testsuite name="eaps-data validate" tests="1" failures="0" errors="0" skipped="0">' in written


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        (Summary(files=1), "1 file checked: valid"),
        (Summary(files=2, records=1), "2 files, 1 record checked: valid"),
        (
            Summary(files=3, records=120, errors=2, warnings=1, datasets=1),
            "3 files, 120 records checked: 2 errors, 1 warning",
        ),
        (Summary(files=1, records=2, warnings=2), "1 file, 2 records checked: valid, 2 warnings"),
        (Summary(files=1, records=9, datasets=1), "1 file, 9 records checked: valid (a dataset: references checked)"),
        (
            Summary(files=3, records=9, warnings=1, datasets=2, tables={"programs": 3, "sources": 1}),
            (
                "3 files, 9 records checked: valid, 1 warning (2 datasets: references checked; "
                "3 records of programs, 1 record of sources: references not checked)"
            ),
        ),
        (Summary(files=1, records=9, errors=1, datasets=1), "1 file, 9 records checked: 1 error"),
        (Summary(unreadable=1), "0 files checked: 1 file unreadable"),
        (Summary(files=1, errors=1, unreadable=2), "1 file checked: 1 error, 2 files unreadable"),
    ],
)
def test_summary_is_one_line(summary: Summary, line: str) -> None:
    assert str(summary) == line


def test_write_report_counts_what_it_reports() -> None:
    out = io.StringIO()
    missing, broken = (Problem(rule="unreadable", message="no", file=file) for file in ("missing.json", "broken.gz"))
    steps: list[Problem | Input | Count] = [
        missing,
        Input("a.json", "json"),
        *PROBLEMS[:3],
        Count(2, "partners"),
        Input("broken.gz", "json"),
        Count(5, None),
        broken,
    ]
    summary = write_report(steps, reporter("text", out))
    assert summary == Summary(files=1, records=7, errors=2, warnings=1, unreadable=2, tables={"partners": 2})
    problems = [missing, *PROBLEMS[:3], broken]
    assert out.getvalue().splitlines()[:-2] == [str(problem) for problem in problems]
    assert out.getvalue().endswith(f"\n{summary}\n")


def many(files: dict[str, int]) -> Iterator[Problem | Input | Count]:
    """Yield the steps of a check that finds some problems in each of some files."""
    for file, number in files.items():
        yield Input(file, "json")
        yield from (Problem(rule="value", message=f"wrong {index}", file=file, line=1) for index in range(number))
        yield Count(number, "partners")


@pytest.mark.parametrize("report_format", FORMATS)
def test_problems_beyond_the_limit_are_counted(report_format: str, report_schema: Any, sarif_schema: Any) -> None:
    out = Stream("utf-8", color=False)
    summary = write_report(many({"a.json": 5, "b.json": 3, "c.json": 4}), reporter(report_format, out), 3)
    assert (summary.errors, summary.omitted) == (12, 3)
    out.seek(0)
    text = out.read()
    assert text.count("wrong ") == 9
    if report_format == "text":
        lines = text.splitlines()
        assert lines[3] == "a.json: 2 more problems; raise --max-problems to list them"
        assert lines[7:] == [
            *(f"c.json:1: wrong {index}" for index in range(3)),
            "c.json: 1 more problem; raise --max-problems to list them",
            "3 files, 12 records checked: 12 errors",
        ]
    elif report_format == "github":
        assert "\n3 more problems; raise --max-problems to list them\n" in text
    elif report_format == "json":
        document = json.loads(text)
        assert report_schema.is_valid(document)
        assert document["summary"]["errors"] == 12
        assert document["summary"]["omitted"] == 3
    elif report_format == "sarif":
        document = json.loads(text)
        assert sarif_schema.is_valid(document)
        (note,) = document["runs"][0]["invocations"][0]["toolExecutionNotifications"]
        assert note["message"]["text"] == "12 problems were found; 9 are listed"
    else:
        first, second, third = cases(text)
        assert [case.result[0].message for case in (first, second, third)] == [
            "3 errors, 2 more",
            "3 errors",
            "3 errors, 1 more",
        ]
        assert str(first.result[0].text).splitlines()[3:] == ["2 more problems; raise --max-problems to list them"]


@pytest.mark.parametrize("report_format", FORMATS)
def test_memory_does_not_grow_with_the_number_of_problems(report_format: str) -> None:
    def peak(number: int) -> int:
        tracemalloc.start()
        write_report(many({"a.json": number}), reporter(report_format, Stream("utf-8", color=False)), 100)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1000)  # what is imported and cached on first use
    assert peak(20_000) < 1.2 * peak(1000)


def test_github_says_that_it_shows_only_the_first_annotations() -> None:
    text = "only the first 10 errors and warnings of a step are annotations; the log lists more"
    for number, expected in ((10, 0), (11, 1)):
        out = Stream("utf-8", color=False)
        write_report(many({"a.json": number}), reporter("github", out))
        out.seek(0)
        assert out.read().splitlines().count(f"::notice title=annotations::{text}") == expected


def test_unknown_format_lists_the_formats() -> None:
    with pytest.raises(UnknownTermError, match="expected one of: text, json, github, sarif, junit"):
        reporter("html", io.StringIO())


def test_text_has_a_line_per_problem_then_counts_then_summary() -> None:
    *lines, counts, summary = report("text", PROBLEMS).splitlines()
    assert lines == [str(problem) for problem in PROBLEMS]
    assert counts == "  by rule: 2 term, 1 missing-field, 1 not-yaml, 1 shared-name, 1 unreadable"
    assert summary == str(SUMMARY)


def test_text_has_no_counts_for_one_rule() -> None:
    assert report("text", PROBLEMS[:1] * 2).splitlines()[2:] == [str(SUMMARY)]


def test_color_changes_only_color() -> None:
    nowhere = Problem(rule="value", message="wrong")
    colored = report("text", [*PROBLEMS, *HOSTILE, nowhere], color=True)
    lines = colored.splitlines()
    assert lines[0].startswith("\x1b[1mdata/partners.json:2:35\x1b[0m: \x1b[31mpartners/a, kind: ")
    assert lines[2].startswith("\x1b[1mdata/partners.json:4:20\x1b[0m: \x1b[33mwarning: ")
    assert lines[5].startswith("\x1b[1m/needs\x1b[0m: \x1b[31mprograms/b")
    assert "\x1b[31mwrong\x1b[0m" in lines
    plain = report("text", [*PROBLEMS, *HOSTILE, nowhere])
    assert re.sub(r"\x1b\[\d+m", "", colored) == plain
    assert "\x1b" not in plain


def is_workflow_command(line: str) -> bool:
    """Whether GitHub's runner would look for a command in the line."""
    return line.lstrip().startswith("::") or "##[" in line


@given(st.lists(hostile, max_size=3), st.booleans())
def test_no_line_of_text_is_a_workflow_command(found: list[Problem], color: bool) -> None:
    lines = report("text", found, color=color).split("\n")
    assert not any(map(is_workflow_command, lines))


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("::error file=a::x.json", r"\x3a:error file=a::x.json"),
        ("  ::error::x.json", r"  \x3a:error::x.json"),
        ("a ##[add-mask]x.json", r"a \x23#[add-mask]x.json"),
        ("a::b#c.json", "a::b#c.json"),
    ],
)
@pytest.mark.parametrize("report_format", ["text", "junit"])
def test_workflow_commands_are_escaped(name: str, escaped: str, report_format: str) -> None:
    problem = Problem(rule="value", message="wrong ::error::", file=name, line=1)
    assert f"{escaped}:1: wrong ::error::" in report(report_format, [problem])


@pytest.mark.parametrize("report_format", FORMATS)
def test_only_text_has_color(report_format: str) -> None:
    assert ("\x1b" in report(report_format, PROBLEMS, color=True)) == (report_format == "text")


def test_json_follows_its_schema_and_loses_nothing(report_schema: Any) -> None:
    document = json.loads(report("json", PROBLEMS))
    assert list(report_schema.iter_errors(document)) == []
    assert document["$schema"] == eaps.json_schema("report")["$id"]
    assert document["version"] == eaps.__version__
    assert document["problems"] == [problem.to_dict() for problem in PROBLEMS]
    assert document["summary"] == {
        "files": 3,
        "records": 120,
        "errors": 4,
        "warnings": 1,
        "unreadable": 1,
        "omitted": 0,
        "datasets": 0,
        "tables": [],
    }
    assert [Problem(**row) for row in document["problems"]] == PROBLEMS


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, dict | list):
        for step in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[step], (*path, step))


@pytest.mark.parametrize("odd", [None, True, 0, -1, 1.5, 2**53, "", "A b", "\n", [], {}, "error"], ids=repr)
def test_report_model_and_schema_agree(odd: Any, report_schema: Any) -> None:
    text = report("json", PROBLEMS[:1])
    for path in places(json.loads(text)):
        for gone in (False, True):
            changed: Any = {"": json.loads(text)}
            holder, steps = changed, ("", *path)
            for step in steps[:-1]:
                holder = holder[step]
            if gone:
                del holder[steps[-1]]
            else:
                holder[steps[-1]] = odd
            if changed:
                assert report_schema.is_valid(changed[""]) == model_accepts(changed[""]), (path, gone)


def model_accepts(value: Any) -> bool:
    try:
        Report.model_validate_json(json.dumps(value))
    except ValidationError:
        return False
    return True


@given(st.lists(hostile, max_size=3))
def test_json_represents_any_problem(found: list[Problem]) -> None:
    document = Report.model_validate_json(report("json", found))
    assert [row.model_dump() for row in document.problems] == [
        {
            name: with_surrogates_escaped(part) if isinstance(part, str) else part
            for name, part in problem.to_dict().items()
        }
        for problem in found
    ]


def test_json_keeps_characters_beyond_ascii() -> None:
    assert "found “:” <here> & there" in report("json", PROBLEMS)


def test_github_is_read_back() -> None:
    found = list(annotations(report("github", PROBLEMS)))
    assert [kind for kind, _, _ in found] == [problem.severity for problem in PROBLEMS]
    assert found[0][1] == {"file": FILES[0], "line": "2", "col": "35", "title": "term"}
    assert found[3][1]["file"] == FILES[1]
    assert found[4] == ("error", {"file": "no such.json", "title": "unreadable"}, "there is no such file")
    assert found[5][2] == "programs/b, needs: 100% sure, it is: no term"
    assert report("github", PROBLEMS).endswith(f"\n{SUMMARY}\n")


@pytest.mark.parametrize(
    "name",
    [*HOSTILE_TEXTS[:3], *HOSTILE_TEXTS[5:7], *HOSTILE_TEXTS[8:9], *HOSTILE_TEXTS[10:], "a:b,c%.json"],
    ids=ascii,
)
def test_github_keeps_any_file_name(name: str) -> None:
    log = report("github", [Problem(rule="value", message="wrong", file=name, line=1)])
    assert list(annotations(log)) == [
        ("error", {"file": with_surrogates_escaped(name), "line": "1", "title": "value"}, "wrong")
    ]
    assert not set(log.split("::")[1].removeprefix("error file=").split(",line=")[0]) & set(":,\n\r")


@given(hostile)
def test_github_writes_one_command_for_any_problem(problem: Problem) -> None:
    log = report("github", [problem], Summary())
    ((kind, properties, message),) = annotations(log)
    assert log.count("\n") == 2
    assert kind == problem.severity
    assert message.endswith(printable(problem.message))
    expected = {"file": problem.file, "line": problem.line, "col": problem.column, "title": problem.rule}
    expected |= {"file": properties.get("file") if problem.file else None}
    assert properties == {name: str(value) for name, value in expected.items() if value is not None}
    if problem.file and not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]", problem.file):
        assert properties["file"] == with_surrogates_escaped(problem.file)


def test_sarif_follows_the_official_schema(sarif_schema: Any) -> None:
    for found in ([], PROBLEMS, HOSTILE):
        errors = sarif_schema.iter_errors(json.loads(report("sarif", found)))
        assert [(error.instance_path, error.message) for error in errors] == []


@given(st.lists(hostile, max_size=3))
def test_sarif_of_any_problem_follows_the_official_schema(sarif_schema: Any, found: list[Problem]) -> None:
    assert sarif_schema.is_valid(json.loads(report("sarif", found)))


def test_sarif_has_rules_and_locations() -> None:
    (run,) = json.loads(report("sarif", PROBLEMS))["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("eaps-data", eaps.__version__)
    descriptions = {rule["id"]: rule["shortDescription"]["text"] for rule in driver["rules"]}
    assert descriptions == {rule.name: rule.description for rule in RULES.values()}
    assert {rule["id"]: rule["help"]["text"] for rule in driver["rules"]} == {
        rule.name: rule.fix for rule in RULES.values()
    }
    warned = {rule["id"] for rule in driver["rules"] if rule["defaultConfiguration"]["level"] == "warning"}
    assert warned == {rule.name for rule in RULES.values() if rule.severity == "warning"}
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"] == [{"executionSuccessful": False}]
    for result, problem in zip(run["results"], PROBLEMS, strict=True):
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == problem.rule
        assert result["level"] == problem.severity
        assert result["message"]["text"].endswith(problem.message)
    first, *_, nowhere = run["results"]
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "data/partners.json"},
                "region": {"startLine": 2, "startColumn": 35},
            },
            "logicalLocations": [{"name": "kind", "fullyQualifiedName": "partners/a/kind", "kind": "property"}],
        }
    ]
    assert "physicalLocation" not in nowhere["locations"][0]
    assert nowhere["properties"] == {"pointer": "/needs"}


def test_sarif_lists_only_as_many_results_as_services_accept(
    sarif_schema: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sarif.MOST_RESULTS == 25_000
    monkeypatch.setattr(sarif, "MOST_RESULTS", 4)
    for found in (PROBLEMS[:4], PROBLEMS):
        document = json.loads(report("sarif", found))
        assert sarif_schema.is_valid(document)
        (run,) = document["runs"]
        assert [result["ruleId"] for result in run["results"]] == [problem.rule for problem in PROBLEMS[:4]]
        notes = run["invocations"][0].get("toolExecutionNotifications", [])
        text = "6 problems were found; 4 are listed"
        assert notes == ([] if found != PROBLEMS else [{"level": "note", "message": {"text": text}}])


def test_sarif_names_an_unknown_rule(sarif_schema: Any) -> None:
    document = json.loads(report("sarif", [Problem(rule="invented", message="wrong")]))
    assert sarif_schema.is_valid(document)
    assert document["runs"][0]["results"][0].keys() == {"ruleId", "level", "message", "partialFingerprints"}


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ('found {"a": {}}', 'found {{"a": {{}}}}'),
        ("the same row stands at partners[0]", "the same row stands at partners[0]"),
        ("see [here](https://example.org)", r"see \[here\](https://example.org)"),
    ],
)
def test_sarif_escapes_placeholders_and_links(message: str, text: str) -> None:
    document = json.loads(report("sarif", [Problem(rule="value", message=message)]))
    assert document["runs"][0]["results"][0]["message"] == {"text": text}


def fingerprints(found: list[Problem]) -> list[str]:
    (run,) = json.loads(report("sarif", found))["runs"]
    return [result["partialFingerprints"]["eapsData/v1"] for result in run["results"]]


def test_fingerprints_are_distinct_and_stay_when_lines_move() -> None:
    moved = [problem._replace(line=999, column=9, pointer="/9") for problem in PROBLEMS]
    assert fingerprints(moved) == fingerprints(PROBLEMS)
    assert len(set(fingerprints(PROBLEMS * 2))) == 2 * len(PROBLEMS)
    assert fingerprints(PROBLEMS[:1]) != fingerprints([PROBLEMS[0].at("other.json")])


@pytest.mark.parametrize("name", ["a b/#1?.json", "50%.json", "ü/👩.json", "a:b.json", "../up.json", "-"])
def test_uri_of_a_file_is_relative_and_reversible(name: str) -> None:
    assert uri(name).isascii()
    assert not set(uri(name)) & set(" #?:")
    assert unquote(uri(name)) == name


def test_uri_of_an_absolute_path_is_relative_below_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert uri(str(tmp_path / "a b.json")) == uri("./a b.json") == "a%20b.json"
    assert uri(str(tmp_path.parent / "a#.json")) == tmp_path.parent.as_uri() + "/a%23.json"


def test_uri_keeps_bytes_that_are_not_utf8() -> None:
    assert uri("\udcff.json") == "%FF.json"
    assert uri("\ud800.json") == "%5Cud800.json"


def cases(xml: str) -> list[TestCase]:
    (suite,) = JUnitXml.fromstring(xml.encode())
    assert isinstance(suite, TestSuite)
    found = list(suite)
    assert suite.tests == len(found)
    assert suite.failures == sum(isinstance(result, Failure) for case in found for result in case.result)
    assert suite.errors == sum(isinstance(result, Error) for case in found for result in case.result)
    return found


def test_junit_is_read_back() -> None:
    found = cases(report("junit", PROBLEMS, files=FILES))
    assert [case.name for case in found] == [*FILES, "no such.json", "data"]
    (failure,) = found[0].result
    assert isinstance(failure, Failure)
    assert (failure.message, failure.type) == ("2 errors, 1 warning", "invalid")
    assert failure.text == f"{PROBLEMS[0]}\n{PROBLEMS[1]}"
    assert found[0].system_out == str(PROBLEMS[2])
    (one,) = found[1].result
    assert (one.message, one.type, one.text) == (PROBLEMS[3].message, "not-yaml", str(PROBLEMS[3]))
    assert found[2].result == []
    (error,) = found[3].result
    assert isinstance(error, Error)
    assert (error.message, error.type) == ("there is no such file", "unreadable")


def test_junit_warning_is_no_failure() -> None:
    (case,) = cases(report("junit", [PROBLEMS[2]], files=FILES[:1]))
    assert case.is_passed
    assert case.system_out == str(PROBLEMS[2])


@given(st.lists(hostile, max_size=3))
def test_junit_of_any_problem_is_valid_xml(found: list[Problem]) -> None:
    xml = report("junit", found, files=FILES)
    text = "\n".join(ET.fromstring(xml.encode()).itertext())  # noqa: S314 - it is our own
    assert [problem for problem in found if text_line(problem) not in text] == []
    cases(xml)


def test_junit_replaces_what_xml_forbids() -> None:
    problem = Problem(rule="value", message="wrong", file="a\x00b\x1b\ud800\ufffe\U0001f3e1.json")
    (case,) = cases(report("junit", [problem]))
    assert case.name == "a\ufffdb\ufffd\ufffd\ufffd\U0001f3e1.json"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "shift_jis", "latin-1", "utf-16-le", "utf-8"])
@pytest.mark.parametrize("color", [False, True])
def test_text_fits_any_encoding(encoding: str, color: bool) -> None:
    found = [*PROBLEMS, *HOSTILE]
    expected = report("text", found, color=color).encode(encoding, "backslashreplace").decode(encoding)
    assert report("text", found, encoding=encoding, color=color) == expected


@pytest.mark.parametrize("report_format", FORMATS)
def test_reports_have_no_control_characters(report_format: str) -> None:
    written = report(report_format, HOSTILE, files=FILES)
    obeyed = set("\x00\x07\x08\x1b\x7f\x85\x9b\r\u202e\u2066\u2028")
    assert set(written) & obeyed == set()
    for one in written:
        assert not codecs.encode(one, "utf-8", "surrogatepass").startswith(b"\xed\xa0"), "half a character"


@pytest.mark.parametrize("report_format", ["text", "json", "github"])
def test_problems_are_written_as_they_are_found(report_format: str) -> None:
    out = io.StringIO()
    writer = reporter(report_format, out)
    writer.begin()
    for number in range(3):
        writer.problem(Problem(rule="value", message=f"wrong {number}"))
        assert f"wrong {number}" in out.getvalue()


def test_stream_without_encoding_gets_text_unchanged() -> None:
    out = io.StringIO()
    writer = reporter("text", out)
    writer.problem(Problem(rule="value", message="é"))
    assert out.getvalue() == "é\n"
