"""Text that any output can take, whatever its encoding and whatever stands in it."""

import codecs
import json
import re
from collections.abc import Mapping
from typing import Any, Final, TextIO

from eaps_data.errors import Problem

_UNSEEN: Final = re.compile(r"[^\n -~]")


def is_utf8(out: TextIO) -> bool:
    """Whether an output takes every character. One without an encoding keeps text as it is, and so does."""
    encoding = getattr(out, "encoding", None)
    return encoding is None or codecs.lookup(encoding).name == "utf-8"


def write(out: TextIO, text: str) -> None:
    r"""Write a text, with escapes such as `\u2019` for the characters that the output's encoding lacks."""
    encoding = getattr(out, "encoding", None) or "utf-8"
    out.write(text.encode(encoding, "backslashreplace").decode(encoding))


def as_json(value: object, out: TextIO, *, indent: int | None = None) -> str:
    """A value as JSON; in ASCII, which is the same JSON, for an output that is not in UTF-8.

    What a terminal would obey rather than show (control characters, turns of direction) is always escaped.
    """
    text = json.dumps(value, ensure_ascii=not is_utf8(out), indent=indent)
    # Outside of strings, JSON has nothing but ASCII and its line breaks: so each of these stands in a string.
    return _UNSEEN.sub(lambda found: found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1], text)


def whole(text: str) -> str:
    r"""A text with escapes for halves of surrogate pairs, which no encoding can write.

    Such come from file names that are not UTF-8, and from the keys of broken JSON.

    >>> print(whole("a\udcffb"))
    a\udcffb
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def plain(problem: Problem) -> Mapping[str, Any]:
    """The problem as plain data that can be written as JSON."""
    return {name: whole(part) if isinstance(part, str) else part for name, part in problem.to_dict().items()}


def about(problem: Problem) -> str:
    """The problem without its place in a file: the record, the field and the message."""
    subject = ", ".join(part for part in (problem.record, problem.field) if part is not None)
    return f"{subject}: {problem.message}" if subject else problem.message
