"""Printing: text for people, UTF-8 for programs, and messages on standard error.

All that commands print passes one writer, `EscapedStream`, which replaces the standard streams while a command
runs. Only what needs codes of its own gets the stream behind it (`raw`): colors, the progress bar, and GitHub commands,
whose writers escape what they are given.
"""

import os
import sys
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, Protocol, TextIO, cast

from eaps_data._internal.safe_text import as_json, without_commands
from eaps_data.errors import printable


class EscapedStream:
    """A text stream that escapes control characters of terminals and commands of CI services."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        self.stream = stream
        self._is_line_start = True

    def write(self, text: str) -> int:
        """Write text, escaped line by line."""
        first, *others = map(_printable, text.split("\n"))
        # Within a line, only the older commands are found.
        first = without_commands(first) if self._is_line_start else without_commands(f".{first}")[1:]
        self.stream.write("\n".join([first, *map(without_commands, others)]))
        self._is_line_start = text.endswith("\n") if text else self._is_line_start
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several strings."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _printable(line: str) -> str:
    return "\t".join(map(printable, line.split("\t")))  # tabs do no harm, and may separate cells


@contextmanager
def escaped_streams() -> Generator[None]:
    """Escape what is printed on standard output and standard error."""
    streams = (cast("TextIO", EscapedStream(raw(stream))) for stream in (sys.stdout, sys.stderr))
    with redirect_stdout(next(streams)), redirect_stderr(next(streams)):
        yield


def raw(stream: TextIO) -> TextIO:
    """Return the stream behind one that escapes, for codes of our own; the caller escapes everything else."""
    return stream.stream if isinstance(stream, EscapedStream) else stream


@contextmanager
def output_to(file: str | None) -> Generator[None]:
    """Write what is printed on standard output to a file instead, in UTF-8; the file is replaced at the end.

    Args:
        file: the name of the file; None or `-` for standard output itself.

    Raises:
        ExportError: if the file cannot be written.
    """
    from eaps_data._internal.atomic_writes import atomic_export, check_destination

    if file is None or file == "-":
        yield
        return
    target = Path(file)
    check_destination(target, "the output", force=True)
    with atomic_export(target) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        _reconfigure(stream, errors="backslashreplace")
        with redirect_stdout(cast("TextIO", EscapedStream(stream))):
            yield


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
    print(text)


def print_json(value: object) -> None:
    """Print plain data as JSON."""
    print(as_json(value, indent=2), file=utf8_output())


def print_note(message: str) -> None:
    """Print a message on standard error, unless nobody reads it."""
    with suppress(OSError):
        print(message, file=sys.stderr)


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
