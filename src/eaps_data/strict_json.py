"""Read JSON without letting anything pass in silence, and tell where each value stands.

Python's `json` accepts NaN and keeps the last of two equal keys. Here both are errors (RFC 8259, sections 4
and 6), with a place. Places are worked out only when something asks for one, so valid input pays nothing.
"""

import json
import math
import re
from bisect import bisect_right
from typing import Any, NamedTuple, Never

from eaps_data.errors import InvalidDataError
from eaps_data.problems import Path, Problem, pointer, shown

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_SCALAR = re.compile(r"[^ \t\n\r,\]}]+")
_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"|[][{}]', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_PAIR = re.compile(r"(?<!\\)\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_DIGITS = 4000  # Python refuses to convert longer numbers, to bound the time that it takes
_DEPTH = 200  # no record is nested that deeply; where one is, a parser gives up here or further down


class Place(NamedTuple):
    """A place in a text: line and column, both from 1, columns in characters."""

    line: int
    column: int


class Places:
    """Where each key and each value of a JSON text stands.

    Attributes:
        problems: repeated keys and values that JSON does not have, in the text's order.
    """

    def __init__(self, text: str) -> None:
        """Work out the places in `text`, which Python's `json` has read without an error."""
        self.problems: list[Problem] = []
        self._text = text
        # The values are numbered in the text's order, 0 being the whole. By their paths they would take a space
        # that grows with their depth.
        self._numbers: dict[tuple[int, str | int], int] = {}
        self._values: list[int] = []
        self._keys: dict[int, int] = {}
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._scan()

    def of(self, path: Path, *, key: bool = False) -> Place:
        """Where the value at `path` begins, or its key; of what is missing, where its container begins."""
        number = 0
        for step in path:
            within = self._numbers.get((number, step))
            if within is None:
                return self.at(self._values[number])
            number = within
        return self.at(self._keys.get(number, self._values[number]) if key else self._values[number])

    def locate(self, problem: Problem, file: str | None) -> Problem:
        """The problem, with its place in the text."""
        return problem.at(file, *self.of(problem.path, key=problem.rule == "unknown-field"))

    def at(self, offset: int) -> Place:
        """The line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)

    def _skip(self, offset: int) -> int:
        return _SPACE.match(self._text, offset).end()  # type: ignore[union-attr]  # the pattern matches anything

    def _scan(self) -> None:
        # The text is known to be well-formed but for repeated keys and NaN. A loop, so that depth is no limit.
        text, offset = self._text, self._skip(0)
        path: list[str | int] = []
        containers: list[tuple[int, bool]] = []  # the number of each, and whether it is an object
        while True:
            if containers:
                self._numbers[containers[-1][0], path[-1]] = len(self._values)
            self._values.append(offset)
            opening = text[offset]
            if opening in "{[":
                offset = self._skip(offset + 1)
                if text[offset] not in "}]":
                    containers.append((len(self._values) - 1, opening == "{"))
                    path.append(0)
                    if opening == "{":
                        offset = self._scan_key(offset, path, containers[-1][0])
                    continue
                offset += 1
            elif opening == '"':
                token = _STRING.match(text, offset)[0]  # type: ignore[index]  # it is well-formed
                self._check_text(token, path, offset)
                offset += len(token)
            else:
                token = _SCALAR.match(text, offset)[0]  # type: ignore[index]  # it is well-formed
                self._check_number(token, path, offset)
                offset += len(token)
            offset = self._skip(offset)
            while containers and text[offset] in "}]":
                containers.pop()
                path.pop()
                offset = self._skip(offset + 1)
            if not containers:
                return
            offset = self._skip(offset + 1)  # past the comma
            number, is_object = containers[-1]
            if is_object:
                offset = self._scan_key(offset, path, number)
            else:
                path[-1] += 1  # type: ignore[operator]  # in an array, the last step is a number

    def _scan_key(self, offset: int, path: list[str | int], number: int) -> int:
        """Note the key of the next value, in the object of a number, and go on to that value."""
        end = _STRING.match(self._text, offset).end()  # type: ignore[union-attr]  # it is well-formed
        key: str = json.loads(self._text[offset:end])
        path[-1] = key
        self._check_text(self._text[offset:end], path, offset)
        if (number, key) in self._numbers:
            message = f"the key {shown(key)} stands twice in one object; keep one of them"
            self._report("repeated-key", message, path, offset)
        self._keys[len(self._values)] = offset
        return self._skip(self._skip(end) + 1)  # past the colon

    def _check_number(self, token: str, path: list[str | int], offset: int) -> None:
        if token.removeprefix("-").isdigit():
            if len(token) > _DIGITS:
                self._report("not-json", f"a number of {len(token)} digits is too long to be read", path, offset)
        elif token in {"NaN", "Infinity", "-Infinity"}:
            self._report("not-json", f"{token} is not JSON; write null, or a number", path, offset)
        elif token[-1].isdigit() and math.isinf(float(token)):
            self._report("not-json", "the number is too large to be read", path, offset)

    def _check_text(self, token: str, path: list[str | int], offset: int) -> None:
        if _SURROGATE.search(token) and any("\ud800" <= one <= "\udfff" for one in json.loads(token)):
            message = "half of a surrogate pair stands alone, which is no character; write both halves"
            self._report("not-json", message, path, offset)

    def _report(self, rule: str, message: str, path: list[str | int], offset: int) -> None:
        line, column = self.at(offset)
        where = pointer(path).encode("utf-8", "backslashreplace").decode()  # a key may hold half a pair
        self.problems.append(Problem(rule=rule, message=message, pointer=where, line=line, column=column))


def parse(data: bytes) -> tuple[Any, str]:
    """Parse a JSON text: its value in plain Python, and the text.

    Raises:
        InvalidDataError: when the bytes are not UTF-8, or not JSON, or repeat a key of an object, or hold what no
            reader keeps as it is: half a surrogate pair, NaN, a number that is too long or too large.

    >>> parse(b'{"a": [1]}')[0]
    {'a': [1]}
    >>> parse(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
    eaps_data.errors.InvalidDataError: 1 problem
    1:10: the key "a" stands twice in one object; keep one of them
    """
    text = decode(data)
    suspicious = False

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal suspicious
        mapping = dict(items)
        suspicious |= len(mapping) != len(items)
        return mapping

    def constant(_token: str) -> None:
        nonlocal suspicious
        suspicious = True

    def integer(digits: str) -> int:
        nonlocal suspicious
        suspicious |= len(digits) > _DIGITS
        return int(digits[:_DIGITS])

    def fraction(digits: str) -> float:
        nonlocal suspicious
        number = float(digits)
        suspicious |= math.isinf(number)
        return number

    try:
        value = json.loads(
            text, object_pairs_hook=pairs, parse_constant=constant, parse_int=integer, parse_float=fraction
        )
    except json.JSONDecodeError as error:
        _fail("not-json", *_malformed(error))
    except RecursionError:
        _fail("not-json", "the values are nested too deeply to be read", *_too_deep(text))
    if suspicious or (_SURROGATE.search(text) and _SURROGATE.search(_PAIR.sub("", text))):
        problems = Places(text).problems
        if problems:
            raise InvalidDataError(problems)
    return value, text


def _malformed(error: json.JSONDecodeError) -> tuple[str, int, int]:
    # Pythons differ in what they say of a comma too many, and in where they say it stands.
    before = error.doc[: error.pos + 1].rstrip(" \t\n\r]}")
    if before.endswith(",") and error.doc[len(before) :].lstrip(" \t\n\r")[:1] in {"]", "}"}:
        comma = json.JSONDecodeError("", error.doc, len(before) - 1)
        return "this is not JSON: a comma stands before the closing bracket", comma.lineno, comma.colno
    return f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]}", error.lineno, error.colno


def _too_deep(text: str) -> tuple[int, int]:
    """The line and column of the bracket that opens one level too many."""
    depth, offset = 0, 0
    for match in _BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth > _DEPTH:
            offset = match.start()
            break
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def decode(data: bytes) -> str:
    """The text of some bytes in UTF-8.

    Raises:
        InvalidDataError: when they are not UTF-8, or begin with a byte order mark.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        _fail("encoding", "the text begins with a byte order mark; save it as UTF-8 without one", 1, 1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        found = f"byte 0x{data[error.start]:02x}"
        _fail("encoding", f"the text is not UTF-8 ({found}); save it as UTF-8", line, column)


def _fail(rule: str, message: str, line: int | None = None, column: int | None = None) -> Never:
    raise InvalidDataError([Problem(rule=rule, message=message, line=line, column=column)]) from None
