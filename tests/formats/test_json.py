"""Whatever bytes are given as JSON, the reader returns problems with locations, and never raises another exception.

The cases follow the categories of nst/JSONTestSuite, written from RFC 8259: texts to refuse, those that a reader may
refuse or accept (very large numbers, half surrogate pairs, byte order marks), and unusual ones to accept.
"""

import json
import re
from collections.abc import Iterable

import pytest
from hypothesis import example, given, strategies as st

from eaps_data.errors import InvalidDataError, Problem
from eaps_data.formats import strict_json
from eaps_data.validation import validate
from support.agreement import lies_within

DEEP = 100_000
VALID = (
    '{"id": "añb", "name": "A\\n\\ud83c\\udfe1 🏡", "aliases": ["B", "C"], "n": -1.5e+3, "x": [true, null]}'.encode()
)
DOCUMENT = b"""[
  {"id": "revere-police-department", "name": "Revere Police Department", "aliases": ["RPD"]},
  {"id": "cafe", "name": "Caf\xc3\xa9 \xf0\x9f\x8f\xa1", "kind": null}
]
"""


def separated(cases: str) -> list[str]:
    """Cases that are separated by two spaces or a line break."""
    return re.split(r"\s\s+", cases.strip())


STRUCTURE = separated(r"""
    [  ]  {  }  [1  {"a":1  {"a":  {"a"  {"  [1,  [,  [,1]  [1,]  [1,,2]  [1,,]  [,]  [1]]  [1}  {"a":1]  {"a":1}}
    {]  [}  []]  {}}  [][]  {}{}  {}[]  [1 2]  [1;2]  ["a" "b"]  ["a":1]  ["a",:1]  [:]  [x]  [x,1]  [1,x]  [*]
    {,}  {,"a":1}  {"a":1,}  {"a":1,,}  {"a":1,,"b":2}  {"a":1;"b":2}  {"a":1,"b"}  {"a":1,b}  {"a"}  {"a",1}  {"a"1}
    {"a" 1}  {"a":1 "b":2}  {"a" "b"}  {"a"::1}  {"a":1:2}  {"a":}  {"a":,}  {:1}  {:}  {a:1}  {'a':1}  {1:1}  {null:1}
    {true:1}  {[]:1}  {{}}  {{"a":1}}  {"a":b}  {"a":1}#  {"a":1}//  {"a":1}/**/  /**/[]  [/*x*/]  [//x]  //  #
    {"a":/**/1}  [1]x  [1] x  [1]1  [1],  ,  :  ,[1]  1,  1]  1}  1 1  "a"x  "a" "b"  ''  [''  ['a']  `a`  <a/>  a:1
    --  -  .  \  \u0061  [\u0061]  \n  ["a",\n]  =  @  $  [...]  [<null>]  [1,...]  {"a":1,...}  (1)  [1,(2)]
""")
NUMBERS = [
    *separated("""
    01  -01  00  -00  012  0x1  0X1F  0b1  0o7  1_000  +1  ++1  --1  -+1  +-1  - 1  -a  -x1  1a  1x  1-  1-1  1+1  1 000
    1.  -1.  .1  -.1  1..1  1.1.1  1.e1  .e1  0.  0.e1  0e  0E  0e+  0e-  0E+  1e  1e+  1e-  1ee1  1e1.5  1e1e1  1e+-1
    0.1.2  1.0e  1.0e+  1.0e-  0.3e  9.e+  2.e3  2.e-3  1eE2  1 e1  1e 1  1/2  1%  1e1a  1f  1L  1n  1j  0xg
    -Inf  Inf  +Inf  inf  nan  NAN  -NaN  +NaN  -nan  infinity  -infinity  +Infinity  - Infinity
    """),
    # Digits and signs of Unicode: fullwidth, Arabic, a fraction, an exponent, infinity, the minus sign.
    *(
        "1e\uff15",
        "\uff11",
        "\u0663",
        "-\u0663",
        "1\u0663",
        "1.\u0663",
        "1e\u0663",
        "\xbd",
        "\xb2",
        "\u221e",
        "\u22121",
    ),
]
LITERALS = separated(r"""
    n  nu  nul  nulll  Null  NULL  none  None  nil  t  tr  tru  truee  True  TRUE  yes  f  fals  falsee  False  FALSE
    no  undefined  void  nullnull  null null  truefalse  null1  1null  nul\u006c  nul\x6c  n ull
""")
STRINGS = [
    *('"', '"a', '"a\\', '"a\\"', '"\\', '"\\u', '"\\u1', '"\\u12', '"\\u123', '"\\"', 'a"', 'a"b"', '"a"b"', '"a"b'),
    *('"\\x41"', '"\\a"', '"\\v"', '"\\0"', '"\\\'"', '"\\ "', '"\\1"', '"\\U00000041"', '"\\é"', '"\\🏡"', '"\\\n"'),
    *('"\\u"', '"\\u1"', '"\\u12"', '"\\u123"', '"\\u123g"', '"\\u 123"', '"\\u+123"', '"\\u-123"', '"\\u1_23"'),
    *(
        '"\\ud83c\\u"',
        '"\\ud83c\\udfe"',
        '"\\ud83c\\x"',
        '"\\u\uff10\uff10\uff14\uff11"',
        "'a\"",
        "\"a'",
        '"a\\u0022',
        "\u201ca\u201d",
        "«a»",
    ),
    *(f'"a{chr(control)}b"' for control in range(32)),
    *(f'"{chr(control)}"' for control in range(32)),
]
# Halves of surrogate pairs are no characters.
HALVES = [
    *('"\\ud800"', '"\\uD800"', '"\\udbff"', '"\\udc00"', '"\\uDFFF"', '"\\ud800a"', '"a\\udc00"', '"\\ud800\\ud800"'),
    *('"\\udc00\\ud800"', '"\\ud800\\n"', '"\\ud800\\u0061"', '"\\ud800 \\udc00"', '"\\ud800\\\\udc00"'),
    *('"\\\\ud83c\\udfe1"', '"\\ud83c\\udfe1\\udfe1"', '"\\ud83c\\ud83c\\udfe1"', '"\\\\\\ud800"', '"\\"\\ud800"'),
]
SPACES = [
    "\x0b",
    "\x0c",
    "\x85",
    "\u00a0",
    "\u1680",
    "\u2003",
    "\u2028",
    "\u2029",
    "\u3000",
    "\u200b",
    "\u2060",
    "\ufeff",
]
# What Python would read, and other readers would lose or change.
TOO_LARGE = [
    *("1e400", "-1e400", "1E+400", "1.5e309", "0.1e310", "1e99999999999", "123e10000000", "9" * 400 + ".0", "NaN"),
    *("Infinity", "-Infinity", "9" * 4001, "-" + "9" * 4001, "1" + "0" * 100_000, "9" * 5000 + "." + "9" * 5000),
]
CHARACTER = "é".encode()
NOT_UTF8 = {
    "a lone continuation": b"\x80",
    "two lone continuations": b"\xbf\xbf",
    "an overlong solidus in 2 bytes": b"\xc0\xaf",
    "an overlong quotation mark": b"\xc0\xa2",
    "an overlong null": b"\xc0\x80",
    "an overlong del": b"\xc1\xbf",
    "overlong in 3 bytes": b"\xe0\x80\xaf",
    "the last overlong of 3 bytes": b"\xe0\x9f\xbf",
    "overlong in 4 bytes": b"\xf0\x80\x80\xaf",
    "the last overlong of 4 bytes": b"\xf0\x8f\xbf\xbf",
    "overlong in 6 bytes": b"\xfc\x83\xbf\xbf\xbf\xbf",
    "a high surrogate": b"\xed\xa0\x80",
    "a low surrogate": b"\xed\xbf\xbf",
    "a surrogate pair": b"\xed\xa0\xbc\xed\xbf\xa1",
    "just beyond U+10FFFF": b"\xf4\x90\x80\x80",
    "far beyond U+10FFFF": b"\xf7\xbf\xbf\xbf",
    "5 bytes": b"\xf8\x88\x80\x80\x80",
    "a start of 2 bytes alone": b"\xc3",
    "a start of 3 bytes alone": b"\xe2\x82",
    "a start of 4 bytes alone": b"\xf0\x9f\x8f",
    "a start before a start": b"\xc3\xc3\xa9",
    "0xfe": b"\xfe",
    "0xff": b"\xff",
    "latin-1": b"caf\xe9",
    "windows-1252": b"\x93a\x94",
}
# Where in a text some bytes may be: `@` marks it.
POSITIONS = [
    b"@",
    b"@[]",
    b"[]@",
    b"[@]",
    b"[1,@]",
    b"[1@]",
    b'["@"]',
    b'["a@b", 1]',
    b'{"@": 1}',
    b'{"a": @}',
    b"\n\n[\n@",
]
BINARY = {
    "nothing": b"",
    "spaces": b" \n\t\r\n ",
    "one NUL": b"\0",
    "NULs": b"\0" * 100,
    "a NUL before": b"\0[]",
    "a NUL after": b"[]\0",
    "a NUL inside": b"[1,\0 2]",
    "a NUL in a text": b'["a\0b"]',
    "a UTF-8 byte order mark": b"\xef\xbb\xbf[]",
    "a UTF-8 byte order mark alone": b"\xef\xbb\xbf",
    "two byte order marks": b"\xef\xbb\xbf" * 2 + b"[]",
    "half a byte order mark": b"\xef\xbb[]",
    "a byte order mark after": b"[]\xef\xbb\xbf",
    "a byte order mark inside": b"[\xef\xbb\xbf1]",
    "UTF-16 with its mark, little end first": "[1]".encode("utf-16"),
    "UTF-16, little end first": "[1]".encode("utf-16-le"),
    "UTF-16, big end first": "[1]".encode("utf-16-be"),
    "UTF-16 marks alone": b"\xff\xfe",
    "UTF-32 with its mark": "[1]".encode("utf-32"),
    "UTF-32, little end first": "[1]".encode("utf-32-le"),
    "UTF-32, big end first": "[1]".encode("utf-32-be"),
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
    "PNG": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "ZIP": b"PK\x03\x04\x14\0\0\0\x08\0",
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "ELF": b"\x7fELF\x02\x01\x01\0",
    "every byte": bytes(range(256)),
    "a shebang": b"#!/bin/sh\n",
    "CSV": b"id,name\na,b\n",
    "YAML": b"---\nid: a\n",
    "XML": b'<?xml version="1.0"?><a/>',
    "JSON Lines": b'{"id": "a"}\n{"id": "b"}\n',
    "a concatenation with record separators": b'\x1e{"id": "a"}\n\x1e{"id": "b"}\n',
    "JSONP": b'callback({"id": "a"});',
    "a guard against inclusion": b")]}',\n[]",
}
DEEP_TEXTS = {
    "open arrays": "[" * DEEP,
    "balanced arrays": "[" * DEEP + "]" * DEEP,
    "open objects": '{"a":' * DEEP,
    "balanced objects": '{"a":' * DEEP + "1" + "}" * DEEP,
    "open both": '[{"a":' * DEEP,
    "balanced both": '[{"a":' * DEEP + "1" + "}]" * DEEP,
    "closing only": "]" * DEEP,
    "on lines": "[\n" * DEEP + "]\n" * DEEP,
    "in a record": '{"id": "a", "name": ' + "[" * DEEP + "]" * DEEP + "}",
}
DUPLICATES = {
    "at once": ('{"a": 1, "a": 1}', 1, 10),
    "with other values": ('{"a": 1,\n "a": [2]}', 2, 2),
    "not side by side": ('{"a": 1, "b": 2, "a": 3}', 1, 18),
    "empty keys": ('{"": 1, "": 1}', 1, 9),
    "escaped in one": ('{"a": 1, "\\u0061": 1}', 1, 10),
    "escaped solidus": ('{"/": 1, "\\/": 1}', 1, 10),
    "in an array": ('[0, {}, {"a": 1, "a": 1}]', 1, 18),
    "in an object": ('{"x": {"y": {"a": 1, "a": 1}}}', 1, 22),
    "behind an emoji": ('{"🏡": 1, "🏡": 1}', 1, 10),
    "behind a deep value": ('{"a": [[[{"a": {}}]]], "a": 1}', 1, 24),
    "100 levels down": ("[" * 100 + '{"a": 1, "a": 1}' + "]" * 100, 1, 110),
}  # fmt: skip
UNUSUAL_BUT_VALID = [
    *("[]", "{}", " [] ", "\n\t\r [\n\t\r ]\n\t\r ", "null", "true", "false", "[null]", "[[]]", '[""]', '""', '"a"'),
    *(
        "0",
        "-0",
        "-0.0",
        "0e0",
        "0e-0",
        "0E+0",
        "0e99999",
        "1e1",
        "1E1",
        "1e+1",
        "1e-1",
        "1.5e-10",
        "123.456789",
        "-123",
    ),
    *("1e-400", "-1e-10000", "1.7976931348623157e308", "0." + "1" * 10_000, "9" * 400, "9" * 4000, "-" + "9" * 3999),
    *separated(r"""
    "\"\\\/\b\f\n\r\t"  "\u0000"  "\u001f"  "\u0022"  "\u005C"  "\u00e9"  "\uFFFF"  "\uFDD0"  "\ud83c\udfe1"
    "\uD83C\uDFE1"  "\\ud800"  "\\\\ud800"  "\\\ud83c\udfe1"  "\ud83c\udfe1\\udfe1"  "\ud83c\udfe1\ud83c\udfe1"
    "\\ud83c\\udfe1"
    """),
    *('"\x7f"', '"\x80"', '"\x85"', '"\u2028\u2029"', '"\ufeff"', '"\ufffe\uffff"', '"\U0001f3e1"', '"\U0010ffff"'),
    *('{"": 0}', '{"a": 1, "A": 2}', '{"a": {"a": {"a": 1}}}', '[{"a": 1}, {"a": 1}]', '{"\xe9": 1, "e\u0301": 2}'),
    *("[" * 500 + "]" * 500, '["' + "a" * 100_000 + '"]', "[" + "1," * 10_000 + "1]", "[" + " " * 10_000 + "]"),
    *('"NaN"', '"//"', '"/**/"', '"]"', '"}"', '",]"', '["[", "{", "\\"["]', '{"]": "}"}', '{"__proto__": 1}'),
]


def has_a_location(data: bytes, problem: Problem) -> bool:
    return lies_within(data.decode("utf-8", "replace"), problem.line, problem.column)


def problems_of(data: bytes) -> tuple[Problem, ...]:
    """The problems of data that cannot be read, which do not depend on its type."""
    problems = validate(data)
    for type_ in ("dataset", "partners", "grant_program"):
        assert validate(data, type_) == problems
    for problem in problems:
        assert has_a_location(data, problem), problem
        assert str(problem).isprintable()
        str(problem.to_dict()).encode()
    return problems


def assert_refused(data: bytes, rules: Iterable[str] = ("not-json",)) -> None:
    problems = problems_of(data)
    assert problems
    assert {problem.rule for problem in problems} <= {*rules}


def embedded(text: str) -> Iterable[bytes]:
    """The text by itself, and as a part of others."""
    return [
        each.replace("@", text).encode() for each in ("@", " @\n", "[@]", '[1, @, "b"]', '{"a": @}', '[{"a": [@]}]')
    ]


@pytest.mark.parametrize("text", STRUCTURE)
def test_a_broken_structure_is_refused(text: str) -> None:
    assert_refused(text.encode())
    assert_refused(f" {text}\n".encode())


@pytest.mark.parametrize("text", [*NUMBERS, *LITERALS])
def test_a_broken_number_or_literal_is_refused(text: str) -> None:
    for data in embedded(text):
        assert_refused(data)


@pytest.mark.parametrize("text", STRINGS)
def test_a_broken_string_is_refused(text: str) -> None:
    for data in embedded(text):
        assert_refused(data)


@pytest.mark.parametrize("text", HALVES)
def test_half_a_surrogate_pair_is_located_at_its_string(text: str) -> None:
    for data in [*embedded(text), f"{{{text}: 1}}".encode(), f'{{"a": {{{text}: 1}}}}'.encode()]:
        assert_refused(data)
        (problem,) = problems_of(data)
        assert problem.message == "half of a surrogate pair is not a character; write both halves"
        assert data.decode()[(problem.column or 0) - 1 :].startswith(text)


@pytest.mark.parametrize("text", TOO_LARGE, ids=lambda text: text[:20])
def test_a_number_that_readers_would_change_is_located(text: str) -> None:
    for data in embedded(text):
        assert_refused(data)
        (problem,) = problems_of(data)
        assert data.decode()[(problem.column or 0) - 1 :].startswith(text)
        assert len(problem.message) < 200


@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_other_white_space_than_the_four_of_json_is_refused(space: str) -> None:
    for position in ("@", "@[]", "[]@", "[@]", "[1@]", "[1,@2]", '{@"a": 1}', '{"a"@: 1}', '{"a":@1}', '{"a": 1@}'):
        rules = {"encoding"} if space == "\ufeff" and position.startswith("@") else {"not-json"}
        assert_refused(position.replace("@", space).encode(), rules)


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("wrong", NOT_UTF8.values(), ids=NOT_UTF8)
def test_bytes_that_are_not_utf8_are_located(wrong: bytes, position: bytes) -> None:
    before, _, after = position.partition(b"@")
    data = before + wrong + after
    (problem,) = problems_of(data)
    assert problem.rule == "encoding"
    start = len(before) + next(at for at, byte in enumerate(wrong) if byte > 127)
    assert (problem.line, problem.column) == (data[:start].count(b"\n") + 1, start - (data[:start].rfind(b"\n")))


@pytest.mark.parametrize("data", BINARY.values(), ids=BINARY)
def test_other_formats_are_refused(data: bytes) -> None:
    assert_refused(data, {"not-json", "encoding"})


@pytest.mark.parametrize("text", DEEP_TEXTS.values(), ids=DEEP_TEXTS)
def test_endless_nesting_is_refused(text: str) -> None:
    assert_refused(text.encode())


@pytest.mark.parametrize(("text", "line", "column"), DUPLICATES.values(), ids=DUPLICATES)
def test_a_duplicate_key_is_located(text: str, line: int, column: int) -> None:
    (problem,) = problems_of(text.encode())
    assert (problem.rule, problem.line, problem.column) == ("repeated-key", line, column)


@pytest.mark.parametrize("document", [VALID, DOCUMENT.rstrip()])
def test_a_truncated_document_is_refused(document: bytes) -> None:
    strict_json.parse(document)
    for end in range(len(document)):
        assert_refused(document[:end], {"not-json", "encoding"})


@pytest.mark.parametrize("text", UNUSUAL_BUT_VALID, ids=lambda text: ascii(text[:30]))
def test_unusual_but_valid_json_is_read(text: str) -> None:
    value, _ = strict_json.parse(text.encode())
    assert value == json.loads(text)
    for type_ in (None, "dataset", "partners"):
        problems = validate(text.encode(), type_)
        assert not {"encoding", "repeated-key"} & {problem.rule for problem in problems}
        assert all(has_a_location(text.encode(), problem) for problem in problems)


@given(st.binary() | st.text().map(str.encode) | st.text('[]{}:,"\\u0dD8e-+.1 \nnulltrue').map(str.encode))
@example(b"[" * 10_000)
def test_arbitrary_bytes_give_problems_or_are_valid(data: bytes) -> None:
    for type_ in (None, "dataset", "partners", "release"):
        for problem in validate(data, type_):
            assert has_a_location(data, problem), problem


@given(st.sampled_from([VALID, DOCUMENT]), st.data())
def test_a_document_with_a_byte_changed_gives_problems_or_is_valid(document: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(document) - 1))
    removed = data.draw(st.integers(0, 1))
    changed = document[:start] + data.draw(st.binary(max_size=1)) + document[start + removed :]
    for type_ in (None, "dataset", "partners"):
        for problem in validate(changed, type_):
            assert has_a_location(changed, problem), problem


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda part: st.lists(part) | st.dictionaries(st.text(), part),
    )
)
def test_what_python_writes_is_read_back_unless_it_is_nan_or_infinity(value: object) -> None:
    text = json.dumps(value)
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        assert_refused(text.encode())
    else:
        assert strict_json.parse(text.encode())[0] == value


def test_all_problems_are_reported_at_once() -> None:
    text = b'[NaN, {"a": 1, "a": "\\ud800"}, 1e400]'
    with pytest.raises(InvalidDataError) as caught:
        strict_json.parse(text)
    assert [(one.rule, one.column) for one in caught.value.problems] == [
        ("not-json", 2),
        ("repeated-key", 16),
        ("not-json", 21),
        ("not-json", 32),
    ]


def test_a_long_key_is_cut_in_the_message() -> None:
    key = json.dumps("k" * 10_000)
    (problem,) = problems_of(f"{{{key}: 1, {key}: 1}}".encode())
    assert len(problem.message) < 200


def test_endless_nesting_is_located_where_it_is_too_deep() -> None:
    (problem,) = problems_of(b'{"a[[[": 1,\n "b": ' + b"[" * DEEP)
    assert (problem.line, problem.message) == (2, "the values are nested too deeply")
    assert problem.column == len(' "b": ') + 200


@pytest.mark.parametrize("depth", [201, 500, 900])
def test_what_only_pydantic_finds_too_deep_is_located(depth: int) -> None:
    text = '{"id": "a",\n "name": "é]", "aliases": ' + "[" * depth + "]" * depth + "}"
    (problem,) = validate(text.encode(), "partners")
    assert problem.message == "the values are nested too deeply"
    assert (problem.line, problem.column) == (2, len(' "name": "é]", "aliases": ') + 200)


def test_escaped_pairs_need_no_search_for_locations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_json, "JsonLocations", None)
    assert strict_json.parse(b'["\\ud83c\\udfe1", "\\uD83C\\uDFE1\\ud83c\\udfe1"]')[0] == ["🏡", "🏡🏡"]


def test_brackets_that_are_closed_do_not_count_as_depth() -> None:
    closed = '[1], {"a": [[]]}, ' * 300
    (deep,) = problems_of(b"[" * 2000)
    (found,) = problems_of(f"[{closed}{'[' * 1999}".encode())
    assert found.message == deep.message
    assert found.column == len(closed) + (deep.column or 0)
