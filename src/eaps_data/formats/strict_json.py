"""Read JSON without letting anything pass in silence.

Python's `json` accepts NaN and keeps the last of two equal keys. Here both are errors (RFC 8259, sections 4
and 6), with a place.
"""

import json
import math
import re
from typing import Any, Never

from eaps_data.errors import InvalidDataError, Problem, pointer
from eaps_data.formats.json_locations import SPACE, STRING, Places, match_at
from eaps_data.rules.problem import shown

_SCALAR = re.compile(r"[^ \t\n\r,\]}]+")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_PAIR = re.compile(r"(?<!\\)\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_DIGITS = 4000  # Python refuses to convert longer numbers, to bound the time that it takes


class _Faults:
    """The repeated keys of a text, and the values in it that JSON does not have, in the text's order."""

    def __init__(self, text: str) -> None:
        """Find those of `text`, which Python's `json` has read without an error."""
        self.problems: list[Problem] = []
        self._text = text
        self._places = Places(text)
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
        """Step to the next value of an object, where its key stands, or of an array."""
        if before is None:
            last = path.pop()
            path.append(last + 1 if isinstance(last, int) else 0)
            return offset
        end = match_at(STRING, self._text, offset).end()
        key: str = json.loads(self._text[offset:end])
        path[-1] = key
        self._check_text(self._text[offset:end], path, offset)
        if key in before:
            message = f"the key {shown(key)} stands twice in one object; keep one of them"
            self._report("repeated-key", message, path, offset)
        before.add(key)
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
        line, column = self._places.at(offset)
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
        _fail("not-json", "the values are nested too deeply to be read", *Places(text).too_deep())
    if suspicious or (_SURROGATE.search(text) and _SURROGATE.search(_PAIR.sub("", text))):
        problems = _Faults(text).problems
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
