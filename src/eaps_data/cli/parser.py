"""The parser of the command line: all commands, with their arguments and help."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from textwrap import fill
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from eaps_data._version import __version__
from eaps_data.cli.exit_codes import MEANINGS, ExitCode
from eaps_data.cli.output import raw
from eaps_data.errors import did_you_mean, printable

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_TITLE: Final = "Municipalities funded by Massachusetts' Equitable Approaches to Public Safety program, as data."
_WIDTH: Final = 79
_EXIT_CODES: Final = fill(
    "Exit codes: " + ", ".join(f"{code:d} {meaning}" for code, meaning in MEANINGS.items()) + ".", _WIDTH
)
_MAX_PROBLEMS: Final = 1000
_CITATIONS: Final = ("text", "bibtex", "csl-json")
_DEFAULT_FOLDER: Final = "default: the current folder if it has tables, or else the packaged data"
_PICTURES: Final[Mapping[str, str]] = {
    "map": "the municipalities",
    "network": "programs and their partners",
    "matrix": "the terms of programs",
}


class _Parser(argparse.ArgumentParser):
    # Help has colors since Python 3.14, and holds nothing that could need an escape.
    def print_help(self, file: "SupportsWrite[str] | None" = None) -> None:  # noqa: ARG002 - argparse gives none
        super().print_help(raw(sys.stdout))

    def print_usage(self, file: "SupportsWrite[str] | None" = None) -> None:  # noqa: ARG002 - argparse gives stderr
        super().print_usage(raw(sys.stderr))

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))  # it may quote an argument with escape codes for the terminal


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse a command line; `function` of the result names the function that runs the command.

    Raises:
        SystemExit: after printing help, the version, or a usage error.
    """
    parser = build(arguments)
    if not arguments:
        parser.print_help()
        parser.exit(ExitCode.UNUSABLE)
    _refuse_unknown(parser, arguments[0])
    for each in arguments:
        if each.startswith("--") and each.endswith("=--"):  # some versions of Python read it as an empty list
            parser.error(f"{each}: -- is not a value")
    return parser.parse_args(arguments)


def _refuse_unknown(parser: argparse.ArgumentParser, command: str) -> None:
    """Print a usage error, with a suggestion, if this is not a command."""
    if not command.startswith("-") and command not in COMMANDS:
        from eaps_data._internal.text_keys import closest

        parser.error(f"unknown command {command!r}{did_you_mean(closest(command, COMMANDS))}; --help lists all")


def build(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of a command line: of all commands, and of the arguments of the one in use."""
    parser = _Parser(
        prog="eaps-data",
        description=fill(_TITLE, _WIDTH),
        epilog=f"{_EXIT_CODES}\nHelp on a command, with examples: eaps-data COMMAND --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"eaps-data {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    # Only the command in use gets its arguments: the choices of others would import what they come from.
    in_use = [name for name in arguments[:1] if name in COMMANDS]
    for name in in_use or COMMANDS:
        function, summary, arguments_of, examples = COMMANDS[name]
        description = summary[0].upper() + summary[1:] + "."
        shown = "".join(f"  eaps-data {example}\n" for example in examples)
        command = commands.add_parser(
            name,
            help=summary,
            description=fill(description, _WIDTH),
            epilog=f"examples:\n{shown}\n{_EXIT_CODES}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.set_defaults(function=function)
        for add in arguments_of if in_use else ():
            add(command)
        if in_use == ["list"]:
            _filters(command, arguments[1:])
    return parser


def _table(parser: argparse.ArgumentParser) -> None:
    from eaps_data.models.table_specs import TABLES

    known = ", ".join(TABLES)
    parser.add_argument(
        "table", choices=TABLES, metavar="TABLE", help=f"{known}; eaps-data list TABLE -h shows its filters"
    )


def _filters(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> None:
    """Add the filters of the table, which need the models, unless there are no other options."""
    from eaps_data.models.table_specs import TABLES

    known = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    _rows_format(known)
    _from(known)
    known.add_argument("others", nargs="*")
    try:
        given, unknown = known.parse_known_args(arguments)
    except argparse.ArgumentError:  # the whole parser reports it
        return
    tables = [each for each in (*given.others, *unknown) if each in TABLES]
    if tables and any(each.startswith("-") for each in unknown):
        from eaps_data.cli.filters import add_filters

        add_filters(parser, tables[0])


def _rows_format(parser: argparse.ArgumentParser) -> None:
    _format(parser, ("table", "json", "jsonl", "csv"))
    _delimiter(parser)


def _delimiter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--delimiter",
        choices=(",", ";", "\t"),
        type=lambda name: "\t" if name == "tab" else name,
        metavar="CHAR",
        help='csv: the delimiter: ",", ";" or tab',
    )


def _key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("key", metavar="KEY", help="id, name, acronym, alias or code; or TABLE/KEY")


def _field(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("field", metavar="FIELD", nargs="?", help="a field, or a part such as identifiers.place_geoid")


def _words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", nargs="+", help="words, whole or abbreviated")


def _limit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=int, metavar="N", help="print at most N hits")


def _old_and_new(parser: argparse.ArgumentParser) -> None:
    for name in ("old", "new"):
        parser.add_argument(name, metavar=name.upper(), help="a file or folder with a dataset, or a data version")


def _page(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("page", metavar="PAGE", help="saved as HTML, MHTML or plain text; - is standard input")


def _curated(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="FOLDER", help=f"the folder of tables; {_DEFAULT_FOLDER}")


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", metavar="FILE", help="write to a file, such as draft.csv, instead of printing")
    parser.add_argument("--force", action="store_true", help="replace FILE if it exists")


def _new_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="the folder to create")
    parser.add_argument("--page", metavar="PAGE", help="your page, saved as HTML, MHTML or plain text; else an example")
    parser.add_argument("--name", metavar="NAME", help="the name of the grant program, as your page writes it")


def _schema(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        help="dataset (default), report, a record (Program), or a table (programs)",
    )
    parser.add_argument("--typescript", action="store_true", help="write TypeScript types instead")
    parser.add_argument(
        "--output",
        metavar="DEST",
        help="write to a file; if DEST ends in /, write NAME or all schemas to this folder",
    )


def _export(parser: argparse.ArgumentParser) -> None:
    from eaps_data.export.registry import FORMATS
    from eaps_data.models.table_specs import TABLES

    parser.add_argument("format", choices=FORMATS, metavar="FORMAT", help=", ".join(FORMATS))
    parser.add_argument("destination", metavar="DEST", help="the file or folder to create")
    parser.add_argument("--table", choices=TABLES, metavar="TABLE", help=f"one table only: {', '.join(TABLES)}")
    parser.add_argument(
        "--excel", action="store_true", help="csv: write files for Excel, with a byte order mark and without formulas"
    )
    _delimiter(parser)


def _chart(parser: argparse.ArgumentParser) -> None:
    charts = ", ".join(f"{name} ({about})" for name, about in _PICTURES.items())
    parser.add_argument("chart", choices=_PICTURES, metavar="CHART", help=charts)
    parser.add_argument("destination", metavar="DEST", help="the file to create: .svg, .png, .pdf, .html or .json")
    parser.add_argument("--title", metavar="TEXT", help="the title, instead of the chart's own")


def _force(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="replace DEST if it exists")


def _from(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="dataset", metavar="PATH", help="your dataset, in any lossless format")


def _files(parser: argparse.ArgumentParser) -> None:
    from eaps_data.validation.detection import TYPES
    from eaps_data.validation.inputs import SUFFIXES, TEXT_FORMATS

    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help=f"a file ({', '.join(SUFFIXES)}), folder or glob; text files may end in .gz; - is standard input",
    )
    parser.add_argument("--type", choices=TYPES, metavar="TYPE", help=f"type of the data: {', '.join(TYPES)}")
    parser.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="GLOB",
        help="skip matching files and folders in folders; repeatable",
    )
    known = ", ".join(TEXT_FORMATS)
    parser.add_argument(
        "--as", dest="input_format", choices=TEXT_FORMATS, metavar="FORMAT", help=f"format of the input: {known}"
    )


def _documents(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="a dataset document (JSON), which is replaced")


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        help=f"the folder of tables; {_DEFAULT_FOLDER}",
    )
    parser.add_argument("--page", metavar="PAGE", help="compare with the page, saved as HTML, MHTML or plain text")
    parser.add_argument("--draft", metavar="FILE", help="merge the lines of a draft first")
    parser.add_argument(
        "--fix",
        action="store_true",
        help="first write the files in canonical form; with --page, also merge the draft, sort the rows, and set "
        "locations and hashes, if no decision is missing",
    )


def _released(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="the folder of tables")
    parser.add_argument("--page", metavar="PAGE", help="review the tables with the page first, as check does")
    parser.add_argument(
        "--as-of", type=_day, metavar="DAY", help="the day on which the page was read; default with --page: today"
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would be written, and write nothing")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-01-31") from None


def _format(parser: argparse.ArgumentParser, formats: Sequence[str] = ("text", "json")) -> None:
    known = ", ".join(formats)
    parser.add_argument(
        "--format", choices=formats, default=formats[0], metavar="FORMAT", help=f"format of the output: {known}"
    )
    if "json" in formats:
        parser.add_argument("--json", dest="format", action="store_const", const="json", help="same as --format json")
    parser.add_argument(
        "--output",
        dest="output_file",
        metavar="FILE",
        help="write to a file in UTF-8 instead of standard output; an existing file is replaced",
    )


def _citation_format(parser: argparse.ArgumentParser) -> None:
    _format(parser, _CITATIONS)


def _report_format(parser: argparse.ArgumentParser) -> None:
    from eaps_data.validation.report import FORMATS

    _format(parser, FORMATS)
    parser.add_argument(
        "--max-problems",
        type=_count,
        default=_MAX_PROBLEMS,
        metavar="N",
        help=f"list at most N problems per file and count the others; default: {_MAX_PROBLEMS:,}",
    )


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


class Command(NamedTuple):
    """One command.

    Attributes:
        function: its module and function.
        summary: what it does.
        arguments: what adds its arguments to its parser.
        examples: command lines that its help shows.
    """

    function: str
    summary: str
    arguments: Sequence[Callable[[argparse.ArgumentParser], None]]
    examples: Sequence[str]


COMMANDS: Final[Mapping[str, Command]] = {
    "list": Command(
        "records:list_records",
        "list the records of a table, or those that match filters",
        (_table, _rows_format, _from),
        (
            "list programs --municipality revere",
            "list partners --format csv --output partners.csv",
            "list programs --from my-state",
        ),
    ),
    "show": Command(
        "records:show",
        "show one record",
        (_key, _format, _from),
        ("show revere-bhu", "show partners/revere-police-department --json"),
    ),
    "search": Command(
        "records:search",
        "search names, terms, goals, summaries and quotes",
        (_words, _limit, _format, _from),
        ('search "peer recovery"', "search youth --limit 3"),
    ),
    "why": Command(
        "provenance:why",
        "show the evidence for a record: claims, quotes, places and sources",
        (_key, _field, _format, _from),
        ("why revere-bhu", "why revere-bhu goals"),
    ),
    "diff": Command(
        "provenance:diff",
        "show what changed between two datasets (exit code 0 with or without changes)",
        (_old_and_new, _format),
        ("diff 1.0.0 2.0.0", "diff before.json my-state"),
    ),
    "cite": Command(
        "provenance:cite",
        "print a citation of the data",
        (_citation_format,),
        ("cite", "cite --format bibtex"),
    ),
    "verify": Command(
        "provenance:verify",
        "check the evidence against a saved copy of the page",
        (_page, _curated, _format),
        ("verify page.html", "verify page.txt --data my-state"),
    ),
    "draft": Command(
        "provenance:draft",
        "draft the changes that a new version of the page requires",
        (_page, _curated, _output),
        ("draft page.html --output draft.csv",),
    ),
    "init": Command(
        "provenance:init",
        "create a folder of tables for another state or program",
        (_new_folder,),
        ('init my-state --page page.html --name "Our Grant Program"',),
    ),
    "schema": Command(
        "export:schema",
        "print a JSON Schema, or its TypeScript types",
        (_schema,),
        ("schema Program", "schema --output schemas/", "schema program --typescript"),
    ),
    "export": Command(
        "export:export",
        "write the data in another format",
        (_export, _force, _from),
        ("export csv tables", "export xlsx eaps.xlsx --from my-state", "export csv programs.csv --table programs"),
    ),
    "plot": Command(
        "export:plot",
        "save a chart of the data (extra: plot)",
        (_chart, _force, _from),
        ("plot map map.svg --title 'Where we fund'", "plot network network.html --from my-state"),
    ),
    "validate": Command(
        "validate:validate",
        "validate datasets in any lossless format, or records of one table",
        (_files, _report_format),
        ("validate my-state", "validate partners.csv --format github"),
    ),
    "upgrade": Command(
        "export:upgrade",
        "rewrite dataset documents of an earlier schema in the current one",
        (_documents,),
        ("upgrade old.json",),
    ),
    "check": Command(
        "validate:check",
        "check a curated folder of tables, or merge a draft into it",
        (_folder, _report_format),
        ("check my-state", "check my-state --page page.html --fix"),
    ),
    "release": Command(
        "provenance:release",
        "release a folder of tables: raise its version, and keep a copy that never changes",
        (_released,),
        ("release my-state --page page.html --dry-run", "release my-state --as-of 2026-01-31"),
    ),
}
"""Each command by its name."""
