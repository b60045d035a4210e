"""The location of each key and each value of a JSON text."""

import json
import re
from bisect import bisect_right
from functools import cached_property
from typing import Final, NamedTuple, cast

from eaps_data.errors import Path, Problem

SPACE: Final = re.compile(r"[ \t\n\r]*")
STRING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)

_BRACKET: Final = re.compile(STRING.pattern + "|[][{}]", re.DOTALL)
_SHORT: Final = 2**12  # characters: shorter containers are quickly read again
DEPTH: Final = 200  # how deeply pydantic reads nested JSON; no record nests that deeply


def match_at(pattern: re.Pattern[str], text: str, offset: int) -> re.Match[str]:
    """Match a pattern at an offset of a well-formed text where it is known to match."""
    return cast("re.Match[str]", pattern.match(text, offset))


class Location(NamedTuple):
    """A location in a text: line and column, both from 1, columns in characters."""

    line: int
    column: int


class _Member(NamedTuple):
    """The offsets of a value in an object or array, and of its key."""

    key: int
    value: int


class JsonLocations:
    r"""The locations in a JSON text, each computed on demand.

    >>> JsonLocations('{"a": [1,\n 22]}').of(("a", 1))
    Location(line=2, column=2)
    """

    def __init__(self, text: str) -> None:
        """Take a text that Python's `json` has parsed without an error."""
        self._text = text
        self._members: dict[int, dict[str | int, _Member]] = {}  # those of a long container, by its offset

    def of(self, path: Path, *, key: bool = False) -> Location:
        """Locate the value at a path, or its key; for a missing value, locate its container."""
        begin = self._skip(0)
        member = _Member(begin, begin)
        for step in path:
            within = self._within(member.value).get(step)
            if within is None:
                return self.at(member.value)
            member = within
        return self.at(member.key if key else member.value)

    def locate(self, problem: Problem, file: str | None) -> Problem:
        """Return a problem with the location of its path."""
        if problem.rule == "not-json":  # Python parsed the text, so pydantic can only refuse its depth
            return problem.at(file, *(self.too_deep() or self.at(0)))
        return problem.at(file, *self.of(problem.path, key=problem.rule == "unknown-field"))

    def at(self, offset: int) -> Location:
        """Return the line and column of an offset."""
        line = bisect_right(self._lines, offset)
        return Location(line, offset - self._lines[line - 1] + 1)

    def too_deep(self, levels: int = DEPTH) -> Location | None:
        """Locate the bracket that opens one level more than allowed, if there is one."""
        depth = 0
        for match in _BRACKET.finditer(self._text):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
            if depth > levels:
                return self.at(match.start())
        return None

    @cached_property
    def _lines(self) -> list[int]:
        """The offset of each line."""
        return [0, *(match.end() for match in re.finditer("\n", self._text))]

    def _skip(self, offset: int) -> int:
        return match_at(SPACE, self._text, offset).end()

    def _within(self, begin: int) -> dict[str | int, _Member]:
        """The members of the container at an offset; empty for a value that is no container."""
        if begin not in self._members:
            members: dict[str | int, _Member] = {}
            opening = self._text[begin]
            here = self._skip(begin + 1)
            while opening in "{[" and self._text[here] not in "}]":
                step: str | int = len(members)
                key = here
                if opening == "{":
                    step, end = _DECODER.raw_decode(self._text, here)
                    here = self._skip(self._skip(end) + 1)  # past the colon
                members[step] = _Member(key, here)
                here = self._skip(_DECODER.raw_decode(self._text, here)[1])
                if self._text[here] == ",":
                    here = self._skip(here + 1)
            if here - begin < _SHORT:
                return members
            self._members[begin] = members
        return self._members[begin]


# Values are decoded only to skip them; `len` avoids converting very long numbers, which Python refuses.
_DECODER: Final = json.JSONDecoder(parse_int=len, parse_float=len)
