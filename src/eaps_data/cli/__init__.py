"""The command line: look at the data and its evidence, export it, and validate files."""

import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

from eaps_data.cli import output
from eaps_data.cli.exit_codes import ExitCode
from eaps_data.cli.parser import parse
from eaps_data.errors import EapsDataError, InvalidDataError

__all__ = ["ExitCode", "main", "run"]


def run() -> None:
    """Run the command of this process, and exit."""
    output.replace_closed_streams()
    code = main(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.close()  # what could not be written is dropped, instead of failing again at exit
    sys.exit(code)


def main(arguments: Sequence[str]) -> int:
    """Run a command, and return its exit code.

    Args:
        arguments: the command line, without the program's name.
    """
    output.accept_every_character()
    code: int
    try:
        try:
            code = _run(arguments)
        finally:
            sys.stdout.flush()
    except SystemExit as exit_:  # argparse has printed its message
        code = int(exit_.code or 0)
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
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
    return int(code)


def _run(arguments: Sequence[str]) -> ExitCode:
    options = parse(arguments)
    module, function = options.function.split(":")
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        code: ExitCode = getattr(import_module(f"eaps_data.cli.{module}"), function)(options)
    return code


def _show_warning(message: Warning | str, *_place: object, **_more: object) -> None:
    output.print_error(f"warning: {message}")  # without the line of our code, which means nothing to users


def _message(error: Exception) -> str:
    if isinstance(error, OSError) and not isinstance(error, EapsDataError) and error.strerror:
        return f"{error.filename or 'standard output'}: {error.strerror}"
    return str(error)
