"""Text that neither a terminal nor a CI service can act on."""

import json
import re
from collections.abc import Callable
from typing import Final

_NOT_ASCII: Final = re.compile(r"[^\n -~]")
# GitHub's runner skips spaces before `::`, and finds the older `##[` anywhere in a line.
_WORKFLOW_COMMAND: Final = re.compile(r"^[ \t]*:(?=:)|#(?=#\[)")


def without_commands(line: str) -> str:
    r"""Escape what GitHub Actions would run as a workflow command if the line were printed in a job.

    >>> print(without_commands("::error file=a::x.json: there is no such file"))
    \x3a:error file=a::x.json: there is no such file
    """
    return _WORKFLOW_COMMAND.sub(lambda found: f"{found[0][:-1]}\\x{ord(found[0][-1]):x}", line)


def as_json(value: object, *, indent: int | None = None) -> str:
    """Serialize a value as JSON; what is not printable, or a command to a CI service, is escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent).replace("##[", "#\\u0023[")
    # Such characters occur only in strings, where JSON allows an escape for any of them.
    return escape_unprintable(text, lambda one: json.dumps(one)[1:-1])


def escape_unprintable(text: str, escape: Callable[[str], str]) -> str:
    """Escape control characters, changes of direction and other characters that a terminal might act on."""
    return _NOT_ASCII.sub(lambda found: found[0] if found[0].isprintable() else escape(found[0]), text)


def with_surrogates_escaped(text: str) -> str:
    r"""Escape lone surrogates, which no encoding can write: they come from file names that are not UTF-8.

    >>> print(with_surrogates_escaped("a\udcffb"))
    a\udcffb
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
