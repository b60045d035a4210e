"""The command line: look at the data, search it, print its schemas, and validate files.

Exit codes: 0 done, or valid; 1 the data is not valid; 2 something cannot be read, or the usage is wrong;
3 a defect of this package; 130 interrupted; 141 the reader of the output has gone.
"""

import argparse
import gc
import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import eaps_data
from eaps_data.errors import EapsDataError

if TYPE_CHECKING:
    from eaps_data.models import Record
    from eaps_data.validation.reporters import Format

OK, INVALID, UNUSABLE, DEFECT, INTERRUPTED, NO_READER = 0, 1, 2, 3, 130, 141

_TABLES = ("municipalities", "programs", "partners", "partnerships", "sources", "evidence")
_KINDS = ("dataset", "release", "grant_program", *_TABLES)
_INPUTS = ("json", "jsonl", "yaml", "csv")
_REPORTS = ("text", "json", "github", "sarif", "junit")
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
        options = _parser().parse_args(arguments)
        code: int = options.command(options)
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
        traceback.print_exc()
        print("eaps-data: this is a defect of eaps-data; please report it with the lines above", file=sys.stderr)
        return DEFECT
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="eaps-data", description=_TITLE, epilog=_EXITS)
    parser.add_argument("--version", action="version", version=f"eaps-data {eaps_data.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, run_it: Any, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", epilog=_EXITS)
        added.set_defaults(command=run_it)
        return added

    listing = command("list", _list, "list the records of a table")
    listing.add_argument("table", choices=_TABLES, metavar="TABLE", help=", ".join(_TABLES))
    showing = command("show", _show, "show one record")
    showing.add_argument("key", metavar="KEY", help="id, name, acronym, alias or code; or TABLE/KEY")
    searching = command("search", _search, "search names, summaries, goals and terms")
    searching.add_argument("text", metavar="TEXT", nargs="+", help="words, whole or in part")
    schema = command("schema", _schema, "print a JSON Schema")
    schema.add_argument(
        "name", metavar="NAME", nargs="?", default="dataset", help="dataset, report, or a record's or table's name"
    )
    validating = command("validate", _validate, "validate files: dataset documents, or records of one table")
    validating.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="a file, folder or glob: .json, .jsonl, .yaml, .csv, or any of them .gz; - is stdin",
    )
    validating.add_argument("--type", choices=_KINDS, metavar="TYPE", help=f"what they hold: {', '.join(_KINDS)}")
    validating.add_argument("--as", choices=_INPUTS, metavar="FORM", help=f"how it is written: {', '.join(_INPUTS)}")
    validating.add_argument(
        "--format", choices=_REPORTS, default="text", metavar="FORMAT", help=f"of the report: {', '.join(_REPORTS)}"
    )
    validating.add_argument(
        "--jobs", type=_count, default=1, metavar="N", help="how many processes share the work (1 where not given)"
    )
    for each in (listing, showing, searching, validating):
        each.add_argument("--json", action="store_true", help="print JSON, for programs")
    return parser


def _count(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes: give 1 or more")
    return number


def _list(options: argparse.Namespace) -> int:
    table = getattr(eaps_data.load(), options.table)
    if options.json:
        _print_json(table.to_records())
    else:
        from eaps_data.text_table import text_table

        print(text_table(table.columns, ([getattr(row, name) for name in table.columns] for row in table)))
    return OK


def _show(options: argparse.Namespace) -> int:
    record = eaps_data.load().find(options.key)
    if options.json:
        _print_json(record.model_dump(mode="json"))
    else:
        print("\n".join(_lines(record)))
    return OK


def _lines(record: "Record") -> list[str]:
    from eaps_data.text_table import cell

    flat: dict[str, object] = {}
    for name, value in record:
        parts = value if hasattr(value, "model_fields_set") else None
        flat |= {name: value} if parts is None else {f"{name}.{part}": held for part, held in parts}
    width = max(map(len, flat))
    lines: list[str] = []
    for name, value in flat.items():
        items: tuple[object, ...] = value if isinstance(value, tuple) and value else (value,)
        lines.append(f"{name:{width}}  {cell(items[0])}")
        lines += [f"{'':{width}}  {cell(item)}" for item in items[1:]]
    return lines


def _search(options: argparse.Namespace) -> int:
    hits = eaps_data.search(" ".join(options.text))
    if options.json:
        _print_json(
            [
                {
                    "id": hit.record.id,
                    "name": hit.record.name,
                    "score": hit.score,
                    "matches": [{"field": match.field, "words": list(match.words)} for match in hit.matches],
                }
                for hit in hits
            ]
        )
    elif hits:
        from eaps_data.text_table import text_table

        rows = (
            (
                f"{hit.score:.2f}",
                hit.record.id,
                hit.record.name,
                "; ".join(f"{match.field}: {' '.join(match.words)}" for match in hit.matches),
            )
            for hit in hits
        )
        print(text_table(("score", "id", "name", "matched"), rows))
    else:
        print("no record matches", file=sys.stderr)
    return OK


def _schema(options: argparse.Namespace) -> int:
    from eaps_data import resources, schema

    sys.stdout.write(resources.schema(schema.schema_name(options.name)).decode("utf-8"))
    return OK


def _validate(options: argparse.Namespace) -> int:
    from eaps_data.validation.reporters import reporter
    from eaps_data.validation.run import run as run_checks

    form: Format = "json" if options.json else options.format
    colour = form == "text" and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    report = reporter(form, sys.stdout, colour=colour)
    summary = run_checks(options.files, report, kind=options.type, form=getattr(options, "as"), jobs=options.jobs)
    return UNUSABLE if summary.unreadable else INVALID if summary.errors else OK


def _print_json(value: object) -> None:
    import json

    # JSON travels as UTF-8; a console of another encoding gets it in ASCII, which is the same JSON.
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(value, ensure_ascii=not utf8, indent=2))


def _complain(message: str) -> int:
    print(f"eaps-data: {message}", file=sys.stderr)
    return UNUSABLE
