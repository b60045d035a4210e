"""Printing: text for people, UTF-8 for programs, and messages on standard error."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol, TextIO

from eaps_data._internal.safe_text import as_json, without_commands
from eaps_data.errors import printable


class Result(Protocol):
    """What a command found: a string for people, and a dictionary for programs."""

    def to_dict(self) -> Mapping[str, Any]:
        """Return plain data that can be written as JSON."""
        ...


def print_result(result: Result, format: str) -> None:
    """Print a result as text or JSON."""
    if format == "json":
        print_json(result.to_dict())
    else:
        print_text(str(result))


def print_text(text: str) -> None:
    """Print text for people."""
    print(_safe(text))


def print_json(value: object) -> None:
    """Print plain data as JSON."""
    print(as_json(value, indent=2), file=utf8_output())


def print_note(message: str) -> None:
    """Print a message on standard error, unless nobody reads it."""
    with suppress(OSError):
        print(_safe(message), file=sys.stderr)


def print_error(message: str) -> None:
    """Print what went wrong on standard error."""
    print_note(f"eaps-data: {message}")


def utf8_output() -> TextIO:
    r"""Return standard output, set to UTF-8 and `\n`: what programs expect, whatever a console's encoding is."""
    _reconfigure(sys.stdout, encoding="utf-8", errors="backslashreplace", newline="\n")
    return sys.stdout


def accept_every_character() -> None:
    """Let standard output and standard error escape what their encoding lacks, instead of raising an error."""
    for stream in (sys.stdout, sys.stderr):
        _reconfigure(stream, errors="backslashreplace")


def replace_closed_streams() -> None:
    """Replace the standard streams that the caller closed, which Python sets to None.

    Output is discarded. Reading raises OSError, as from a file that cannot be read.
    """
    for name, mode in {"stdin": "r", "stdout": "w", "stderr": "w"}.items():
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), mode, encoding="utf-8"))


def _reconfigure(stream: TextIO, **settings: str) -> None:
    # A stream that a notebook or a test put in place may lack the method.
    getattr(stream, "reconfigure", lambda **_: None)(**settings)


def _safe(text: str) -> str:
    """Escape, line by line, what a terminal or a CI service would act on."""
    return "\n".join(without_commands(printable(line)) for line in text.split("\n"))
