"""Read JSON without letting anything pass in silence, and tell where each value stands.

Python's `json` accepts NaN and keeps the last of two equal keys. Here both are errors (RFC 8259, sections 4
and 6), with a place. Places are worked out only when something asks for one, so valid input pays nothing.
"""

import json
import re
from bisect import bisect_right
from typing import Any, NamedTuple, Never

from eaps_data.errors import InvalidDataError
from eaps_data.problems import Path, Problem, pointer

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SCALAR = re.compile(r"[^ \t\n\r,\]}]+")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_DIGITS = 4000  # Python refuses to convert longer numbers, to bound the time that it takes


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
        self._values: dict[Path, int] = {}
        self._keys: dict[Path, int] = {}
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._scan()

    def of(self, path: Path, *, key: bool = False) -> Place:
        """Where the value at `path` begins, or its key; of what is missing, where its container begins."""
        if key and path in self._keys:
            return self.at(self._keys[path])
        while path not in self._values:
            path = path[:-1]
        return self.at(self._values[path])

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
        containers: list[set[str] | None] = []  # of an object, its keys so far; of an array, None
        while True:
            self._values.setdefault(tuple(path), offset)
            opening = text[offset]
            if opening in "{[":
                offset = self._skip(offset + 1)
                if text[offset] not in "}]":
                    containers.append(set() if opening == "{" else None)
                    path.append(0)
                    if opening == "{":
                        offset = self._scan_key(offset, path, containers[-1])
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
            keys = containers[-1]
            if keys is None:
                path[-1] += 1  # type: ignore[operator]  # in an array, the last step is a number
            else:
                offset = self._scan_key(offset, path, keys)

    def _scan_key(self, offset: int, path: list[str | int], keys: set[str] | None) -> int:
        end = _STRING.match(self._text, offset).end()  # type: ignore[union-attr]  # it is well-formed
        key: str = json.loads(self._text[offset:end])
        path[-1] = key
        self._check_text(self._text[offset:end], path, offset)
        if keys is not None and key in keys:
            message = f'the key "{key}" stands twice in one object; keep one of them'
            self._report("duplicate-key", message, path, offset)
        elif keys is not None:
            keys.add(key)
            self._keys[tuple(path)] = offset
        return self._skip(self._skip(end) + 1)  # past the colon

    def _check_number(self, token: str, path: list[str | int], offset: int) -> None:
        if token in {"NaN", "Infinity", "-Infinity"}:
            self._report("not-json", f"{token} is not JSON; write null, or a number", path, offset)
        elif len(token) > _DIGITS and token.lstrip("-").isdigit():
            self._report("not-json", f"a number of {len(token)} digits is too long to be read", path, offset)

    def _check_text(self, token: str, path: list[str | int], offset: int) -> None:
        if _SURROGATE.search(token) and any("\ud800" <= one <= "\udfff" for one in json.loads(token)):
            message = "half of a surrogate pair stands alone, which is no character; write both halves"
            self._report("not-json", message, path, offset)

    def _report(self, rule: str, message: str, path: list[str | int], offset: int) -> None:
        line, column = self.at(offset)
        self.problems.append(Problem(rule=rule, message=message, pointer=pointer(path), line=line, column=column))


def parse(data: bytes) -> tuple[Any, str]:
    """Parse a JSON text: its value in plain Python, and the text.

    Raises:
        InvalidDataError: when the bytes are not UTF-8, or not JSON, or repeat a key of an object, or hold NaN.

    >>> parse(b'{"a": [1]}')[0]
    {'a': [1]}
    >>> parse(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
    eaps_data.errors.InvalidDataError: 1 problem
    1:10: the key "a" stands twice in one object; keep one of them
    """
    text = _decode(data)
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

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_int=integer)
    except json.JSONDecodeError as error:
        _fail("not-json", *_malformed(error))
    except RecursionError:
        _fail("not-json", "the values are nested too deeply to be read", 1, 1)
    if suspicious or _SURROGATE.search(text):
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


def _decode(data: bytes) -> str:
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
