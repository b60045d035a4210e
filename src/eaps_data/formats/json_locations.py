"""Where each key and each value of a JSON text stands."""

import json
import re
from bisect import bisect_right
from functools import cached_property
from typing import Final, NamedTuple, cast

from eaps_data.errors import Path, Problem

SPACE: Final = re.compile(r"[ \t\n\r]*")
STRING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)

_BRACKET: Final = re.compile(STRING.pattern + "|[][{}]", re.DOTALL)
_DEPTH: Final = 200  # how deep pydantic reads JSON; no record is nested that deeply


def match_at(pattern: re.Pattern[str], text: str, offset: int) -> re.Match[str]:
    """What a pattern matches at an offset of a well-formed text, where it does match."""
    return cast("re.Match[str]", pattern.match(text, offset))


class Place(NamedTuple):
    """A place in a text: line and column, both from 1, columns in characters."""

    line: int
    column: int


class _Member(NamedTuple):
    """Where a value of an object or an array begins, and where its key does."""

    key: int
    value: int


class Places:
    r"""The places of a JSON text, each worked out when it is asked for: what is not on the way to it is skipped.

    >>> Places('{"a": [1,\n 22]}').of(("a", 1))
    Place(line=2, column=2)
    """

    def __init__(self, text: str) -> None:
        """Take a text that Python's `json` has read without an error."""
        self._text = text
        self._members: dict[int, dict[str | int, _Member]] = {}  # those of a container, by where it begins

    def of(self, path: Path, *, key: bool = False) -> Place:
        """Where the value at `path` begins, or its key; of what is missing, where its container begins."""
        begin = self._skip(0)
        member = _Member(begin, begin)
        for step in path:
            within = self._within(member.value).get(step)
            if within is None:
                return self.at(member.value)
            member = within
        return self.at(member.key if key else member.value)

    def locate(self, problem: Problem, file: str | None) -> Problem:
        """The problem, with its place in the text."""
        if problem.rule == "not-json":  # Python's reader took it, so all that pydantic's has against it is its depth
            return problem.at(file, *self.too_deep())
        return problem.at(file, *self.of(problem.path, key=problem.rule == "unknown-field"))

    def at(self, offset: int) -> Place:
        """The line and column of an offset."""
        line = bisect_right(self._lines, offset)
        return Place(line, offset - self._lines[line - 1] + 1)

    def too_deep(self) -> Place:
        """Where the bracket stands that opens one level too many."""
        depth = 0
        for match in _BRACKET.finditer(self._text):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
            if depth > _DEPTH:
                return self.at(match.start())
        return self.at(0)

    @cached_property
    def _lines(self) -> list[int]:
        """Where each line begins."""
        return [0, *(match.end() for match in re.finditer("\n", self._text))]

    def _skip(self, offset: int) -> int:
        return match_at(SPACE, self._text, offset).end()

    def _within(self, begin: int) -> dict[str | int, _Member]:
        """What the value that begins at an offset holds; nothing, if it is neither an object nor an array."""
        if begin not in self._members:
            members: dict[str | int, _Member] = {}
            self._members[begin] = members
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
        return self._members[begin]


# Values are read only to be passed over, and Python refuses to make very long numbers.
_DECODER: Final = json.JSONDecoder(parse_int=len, parse_float=len)
