"""Strict JSON: nothing passes silently.

Python's `json` accepts NaN and keeps the last of two equal keys. Here both are errors (RFC 8259, sections 4 and 6),
with their location.
"""

import json
import math
import re
import sys
from typing import Any, Never

from eaps_data.errors import InvalidDataError, Path, Problem
from eaps_data.formats.json_locations import SPACE, STRING, JsonLocations, match_at
from eaps_data.rules.problem import shown, violation

_SCALAR = re.compile(r"[^ \t\n\r,\]}]+")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_PAIR = re.compile(r"(?<!\\)\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_DIGITS = 4000


class _FaultFinder:
    """Finds the repeated keys of a text, and the values that JSON does not have, in order."""

    def __init__(self, text: str) -> None:
        """Take a text that Python's `json` has parsed without an error."""
        self.problems: list[Problem] = []
        self._text = text
        self._locations = JsonLocations(text)
        self._scan()

    def _skip(self, offset: int) -> int:
        return match_at(SPACE, self._text, offset).end()

    def _scan(self) -> None:
        # The text is known to be well-formed but for repeated keys and NaN. A loop, so that depth is no limit.
        text, offset = self._text, self._skip(0)
        path: list[str | int] = []
        keys: list[set[str] | None] = []  # those so far of each object on the way, None for an array
        while True:
            opening = text[offset]
            if opening in "{[":
                offset = self._skip(offset + 1)
                if text[offset] not in "}]":
                    keys.append(set() if opening == "{" else None)
                    path.append(-1)
                    offset = self._scan_key(offset, path, keys[-1])
                    continue
                offset += 1
            elif opening == '"':
                token = match_at(STRING, text, offset)[0]
                self._check_text(token, path, offset)
                offset += len(token)
            else:
                token = match_at(_SCALAR, text, offset)[0]
                self._check_number(token, path, offset)
                offset += len(token)
            offset = self._skip(offset)
            while keys and text[offset] in "}]":
                keys.pop()
                path.pop()
                offset = self._skip(offset + 1)
            if not keys:
                return
            offset = self._scan_key(self._skip(offset + 1), path, keys[-1])  # past the comma

    def _scan_key(self, offset: int, path: list[str | int], before: set[str] | None) -> int:
        """Move to the next value of an array, or to the next key of an object and past it."""
        if before is None:
            last = path.pop()
            path.append(last + 1 if isinstance(last, int) else 0)
            return offset
        end = match_at(STRING, self._text, offset).end()
        key: str = json.loads(self._text[offset:end])
        path[-1] = key
        self._check_text(self._text[offset:end], path, offset)
        if key in before:
            message = f"the key {shown(key)} is duplicated; remove one of the two"
            self._report("repeated-key", message, path, offset)
        before.add(key)
        return self._skip(self._skip(end) + 1)  # past the colon

    def _check_number(self, token: str, path: list[str | int], offset: int) -> None:
        if token.removeprefix("-").isdigit():
            if len(token) > most_digits():
                self._report("not-json", f"a number of {len(token)} digits is too long", path, offset)
        elif token in {"NaN", "Infinity", "-Infinity"}:
            self._report("not-json", f"{token} is not JSON; use null or a number", path, offset)
        elif token[-1].isdigit() and math.isinf(float(token)):
            self._report("not-json", "the number is too large", path, offset)

    def _check_text(self, token: str, path: list[str | int], offset: int) -> None:
        if _SURROGATE.search(token) and any("\ud800" <= one <= "\udfff" for one in json.loads(token)):
            message = "half of a surrogate pair is not a character; write both halves"
            self._report("not-json", message, path, offset)

    def _report(self, rule: str, message: str, path: list[str | int], offset: int) -> None:
        # A key may hold half a surrogate pair, which a pointer cannot.
        steps: Path = tuple(
            step.encode("utf-8", "backslashreplace").decode() if isinstance(step, str) else step for step in path
        )
        found = violation(rule, message, steps).at(None, *self._locations.at(offset))
        self.problems.append(found._replace(path=()))


CONFLICT_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
"""The beginnings of the lines with which git marks a merge conflict."""


def parse(data: bytes) -> tuple[Any, str]:
    """Parse a JSON text, and return its value in plain Python, and the text.

    Raises:
        InvalidDataError: if the bytes are not UTF-8 or not JSON, if an object repeats a key, or if there is a value
            that readers do not keep: half a surrogate pair, NaN, a number that is too long or too large.

    >>> parse(b'{"a": [1]}')[0]
    {'a': [1]}
    >>> parse(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
    eaps_data.errors.InvalidDataError: 1 problem
    1:10: the key "a" is duplicated; remove one of the two
    """
    text = decode(data)
    suspicious = False
    most = most_digits()

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
        suspicious |= len(digits) > most
        return int(digits[:most])

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
        _fail("not-json", "the values are nested too deeply", *(JsonLocations(text).too_deep() or ()))
    if suspicious or (_SURROGATE.search(text) and _SURROGATE.search(_PAIR.sub("", text))):
        problems = _FaultFinder(text).problems
        if problems:
            raise InvalidDataError(problems)
    return value, text


def _malformed(error: json.JSONDecodeError) -> tuple[str, int, int]:
    if error.doc.split("\n")[error.lineno - 1].startswith(CONFLICT_MARKS):
        return "this is a merge conflict; keep the lines that are right, and delete the marks", error.lineno, 1
    # Versions of Python differ in the message and the location of a trailing comma.
    before = error.doc[: error.pos + 1].rstrip(" \t\n\r]}")
    if before.endswith(",") and error.doc[len(before) :].lstrip(" \t\n\r")[:1] in {"]", "}"}:
        comma = json.JSONDecodeError("", error.doc, len(before) - 1)
        return "this is not JSON: trailing comma before the closing bracket", comma.lineno, comma.colno
    return f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]}", error.lineno, error.colno


def most_digits() -> int:
    """Return how many digits a number may have: Python refuses to convert more, to bound the time that it takes."""
    return min(_DIGITS, sys.get_int_max_str_digits() or _DIGITS)


def decode(data: bytes) -> str:
    """Decode a text in UTF-8.

    Raises:
        InvalidDataError: if the bytes are not UTF-8, or begin with a byte order mark.
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
    raise InvalidDataError([violation(rule, message, ()).at(None, line, column)]) from None
