"""The command line: look at the data and what it rests on, validate files, and check the tables.

Exit codes: 0 done, or valid; 1 the data is not valid; 2 something cannot be read, or the usage is wrong;
3 a defect of this package; 130 interrupted; 141 the reader of the output has gone.
"""

import argparse
import gc
import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Final

import eaps_data
from eaps_data.errors import EapsDataError

OK, INVALID, UNUSABLE, DEFECT, INTERRUPTED, NO_READER = 0, 1, 2, 3, 130, 141

_WIDTH = 80
_TABLES = ("municipalities", "programs", "partners", "partnerships", "sources", "evidence")
_KINDS = ("dataset", "release", "grant_program", *_TABLES, "redirects", "tombstones")
_INPUTS = ("json", "jsonl", "yaml", "csv")
_REPORTS = ("text", "json", "github", "sarif", "junit")
_FORMS = ("csv", "datapackage", "geojson", "hsds", "html", "json", "jsonld", "jsonl", "parquet", "sqlite", "xlsx")
_PICTURES = ("map", "network", "matrix")
_CITATIONS = ("text", "bibtex", "csl-json")
_TITLE = "Municipalities funded by Massachusetts' Equitable Approaches to Public Safety program, as data."
_EXITS = "Exit codes: 0 done or valid, 1 invalid data, 2 cannot be read or wrong usage, 3 a defect of eaps-data."


def run() -> None:
    """Run the command of this process, and exit."""
    gc.set_threshold(100_000)  # a command is short: looking for garbage less often spares a tenth of its time
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run a command, and give its exit code.

    Args:
        arguments: the command's words, without the program's name.
    """
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks a character shows its code, rather than ending the command.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        options = _parser(arguments).parse_args(arguments)
        module, function = options.command.split(":")
        with warnings.catch_warnings():
            warnings.showwarning = _warn
            code: int = getattr(import_module(f"eaps_data.cli.{module}"), function)(options)
        sys.stdout.flush()
    except SystemExit as exit_:  # argparse has printed its message
        return int(exit_.code or 0)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Nobody reads: point the stream elsewhere, so that closing it at exit is quiet too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_READER
    except (EapsDataError, ValueError, OSError) as error:
        return _complain(str(error))
    except Exception:  # noqa: BLE001 - whatever it is, it is ours
        import traceback

        traceback.print_exc()
        print("eaps-data: this is a defect of eaps-data; please report it with the lines above", file=sys.stderr)
        return DEFECT
    return code


def _warn(message: Warning | str, *_place: object, **_more: object) -> None:
    # What a command has to say is for its user, who has no use for a line of our code.
    print(f"eaps-data: warning: {message}", file=sys.stderr)


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command that is asked for alone, as all of them take a while; of all, where it is none."""
    # argparse formats each argument as it is added, and imports compression libraries to know how wide the terminal
    # is; only help is to fit it.
    helps = not {"-h", "--help"}.isdisjoint(arguments)
    formatter = argparse.HelpFormatter if helps else partial(argparse.HelpFormatter, width=_WIDTH)
    parser = argparse.ArgumentParser(prog="eaps-data", description=_TITLE, epilog=_EXITS, formatter_class=formatter)
    parser.add_argument("--version", action="version", version=f"eaps-data {eaps_data.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, prog="eaps-data")
    for name in arguments[:1] if arguments and arguments[0] in _COMMANDS else _COMMANDS:
        does, text, add_arguments = _COMMANDS[name]
        description = text[0].upper() + text[1:] + "."
        added = commands.add_parser(name, help=text, description=description, epilog=_EXITS, formatter_class=formatter)
        added.set_defaults(command=does)
        add_arguments(added)
    return parser


def _list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", choices=_TABLES, metavar="TABLE", help=", ".join(_TABLES))
    _json(parser)


def _show(parser: argparse.ArgumentParser) -> None:
    _key(parser)
    _json(parser)


def _search(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", nargs="+", help="words, whole or in part")
    _json(parser)


def _why(parser: argparse.ArgumentParser) -> None:
    _key(parser)
    parser.add_argument("field", metavar="FIELD", nargs="?", help="one field, or a part as identifiers.place_geoid")
    _json(parser)


def _diff(parser: argparse.ArgumentParser) -> None:
    for name in ("old", "new"):
        parser.add_argument(name, metavar=name.upper(), help="dataset document, folder of tables, or released version")
    _json(parser)


def _cite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=_CITATIONS, default="text", metavar="FORMAT", help=f"one of: {', '.join(_CITATIONS)}"
    )


def _verify(parser: argparse.ArgumentParser) -> None:
    _page(parser)
    _json(parser)


def _schema(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", metavar="NAME", nargs="?", default="dataset", help="dataset, report, or a record's or table's name"
    )
    parser.add_argument("--typescript", action="store_true", help="print the types of what it describes instead")


def _export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("form", choices=_FORMS, metavar="FORMAT", help=f"one of: {', '.join(_FORMS)}")
    parser.add_argument("destination", metavar="DEST", help="the file, or the folder, to make")
    parser.add_argument("--force", action="store_true", help="replace what an earlier export made")
    parser.add_argument("--excel", action="store_true", help="csv: begin each file as Excel needs it for UTF-8")
    parser.add_argument("--from", dest="source", metavar="PATH", help="a dataset of your own, in any such format")


def _plot(parser: argparse.ArgumentParser) -> None:
    kinds = "map (where), network (who with whom), matrix (who does what)"
    parser.add_argument("picture", choices=_PICTURES, metavar="PICTURE", help=kinds)
    parser.add_argument("destination", metavar="DEST", help="the file to make: .svg, .html, or .png (extra: png)")
    parser.add_argument("--force", action="store_true", help="replace the file that is there")
    parser.add_argument("--from", dest="source", metavar="PATH", help="a dataset of your own, in any format of export")


def _validate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="a file, folder or glob: .json, .jsonl, .yaml, .csv, or any of them .gz; - is stdin",
    )
    parser.add_argument("--type", choices=_KINDS, metavar="TYPE", help=f"what they hold: {', '.join(_KINDS)}")
    parser.add_argument("--as", choices=_INPUTS, metavar="FORM", help=f"how it is written: {', '.join(_INPUTS)}")
    parser.add_argument(
        "--jobs", type=_count, default=1, metavar="N", help="how many processes share the work (1 where not given)"
    )
    _report(parser)


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        help="holds a file for each table; the checkout's src/eaps_data/data, or else the package's",
    )
    parser.add_argument("--fix", action="store_true", help="first write the files as the package writes them")
    _report(parser)


def _key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("key", metavar="KEY", help="id, name, acronym, alias or code; or TABLE/KEY")


def _page(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("page", metavar="PAGE", help="as a browser saves it: HTML, MHTML or plain text; - is stdin")


def _report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=_REPORTS, default="text", metavar="FORMAT", help=f"of the report: {', '.join(_REPORTS)}"
    )
    _json(parser)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")


_COMMANDS: Final[Mapping[str, tuple[str, str, Callable[[argparse.ArgumentParser], None]]]] = {
    "list": ("records:list_", "list the records of a table", _list),
    "show": ("records:show", "show one record", _show),
    "search": ("records:search", "search names, summaries, goals and terms", _search),
    "why": ("provenance:why", "say what a record rests on: each claim, its quotes, places and sources", _why),
    "diff": ("provenance:diff", "say what changed between two datasets; exit code 0, changed or not", _diff),
    "cite": ("provenance:cite", "say how to cite the data", _cite),
    "verify": ("page:verify", "check the evidence against a saved copy of the page", _verify),
    "draft": ("page:draft", "print a skeleton of rows for each new municipality on the page", _page),
    "schema": ("records:schema", "print a JSON Schema, or its TypeScript types", _schema),
    "export": ("exports:export", "write the data in a form that others use", _export),
    "plot": ("exports:plot", "draw a picture of the data", _plot),
    "validate": ("validate:validate", "validate files: dataset documents, or records of one table", _validate),
    "check": ("check:check", "check a folder of tables, as a curator: all that is to be mended", _check),
}
"""Each command: the function that does it, what it does in words, and what adds its arguments to its parser."""


def _count(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes: give 1 or more")
    return number


def _complain(message: str) -> int:
    print(f"eaps-data: {message}", file=sys.stderr)
    return UNUSABLE
