# PYTHON_ARGCOMPLETE_OK
"""The command line: look at the data and its evidence, export it, and validate files."""

import os
import signal
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from errno import EBADF, EIO, ENOSPC

from eaps_data.cli.exit_codes import ExitCode

__all__ = ["ExitCode", "main", "run"]


def run() -> None:
    """Run the command of this process, and exit."""
    if "_ARGCOMPLETE" in os.environ:  # the shell wants completions; without argcomplete, there are none
        with suppress(ImportError):
            from eaps_data.cli.completion import complete

            complete()
    try:
        from eaps_data.cli import output

        output.replace_closed_streams()
        code = main(sys.argv[1:])
    except KeyboardInterrupt:  # while a message was printed, for example
        code = ExitCode.INTERRUPTED
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # from here on, it ends the process without a traceback
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.close()  # what could not be written is dropped, instead of failing again at exit
    sys.exit(code)


def main(arguments: Sequence[str]) -> int:
    """Run a command, and return its exit code.

    Args:
        arguments: the command line, without the program's name.
    """
    try:
        from eaps_data.cli import output

        output.accept_every_character()
        with output.escaped_streams():
            return int(_main(arguments))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


def _main(arguments: Sequence[str]) -> int:
    from eaps_data.cli import output
    from eaps_data.errors import EapsDataError, InvalidDataError

    code: int
    try:
        try:
            code = _run(arguments)
        finally:
            sys.stdout.flush()
    except SystemExit as exit_:  # argparse has printed its message
        code = int(exit_.code or 0)
    except BrokenPipeError:
        code = ExitCode.NO_READER
    except InvalidDataError as error:
        output.print_error(str(error))
        unreadable = any(problem.rule == "unreadable" for problem in error.problems)
        code = ExitCode.UNUSABLE if unreadable else ExitCode.INVALID
    except (EapsDataError, ValueError, OSError) as error:
        output.print_error(_message(error))
        code = ExitCode.UNUSABLE
    except Exception:  # noqa: BLE001 - a bug of any type has its own exit code, and a request to report it
        import traceback

        output.print_error(f"{traceback.format_exc()}this is a bug in eaps-data; please report it with the lines above")
        code = ExitCode.DEFECT
    return code


def _run(arguments: Sequence[str]) -> ExitCode:
    from importlib import import_module

    from eaps_data.cli.output import output_to
    from eaps_data.cli.parser import parse

    options = parse(arguments)
    module, function = options.function.split(":")
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        with output_to(getattr(options, "output_file", None)):
            code: ExitCode = getattr(import_module(f"eaps_data.cli.{module}"), function)(options)
    return code


def _show_warning(message: Warning | str, *_place: object, **_more: object) -> None:
    from eaps_data.cli.output import print_error

    print_error(f"warning: {message}")  # without the line of our code, which means nothing to users


_OF_STREAMS = frozenset((EBADF, EIO, ENOSPC))
"""The errors of a write to a stream, which names no file."""


def _message(error: Exception) -> str:
    from eaps_data.errors import EapsDataError

    if isinstance(error, OSError) and not isinstance(error, EapsDataError) and error.strerror:
        place = error.filename or ("standard output" if error.errno in _OF_STREAMS else None)
        return f"{place}: {error.strerror}" if place else error.strerror
    return str(error)
