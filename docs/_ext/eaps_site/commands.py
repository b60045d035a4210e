"""The reference of the command line as Markdown, from its parser."""

import argparse
from collections.abc import Iterable, Iterator

from eaps_data.cli.parser import COMMANDS, build
from eaps_data.models.table_specs import TABLES
from eaps_site.text import code, plain


def commands_text() -> str:
    """Return all commands: what each one does, its usage, its arguments and its options."""
    return "\n".join(line for command in COMMANDS for line in _command(command))


def _command(name: str) -> Iterator[str]:
    parser = _parser(name)
    yield f"(command-{name})=\n## {name}\n"
    yield f"{plain(parser.description or '')}\n"
    yield f"```text\n{parser.format_usage().removeprefix('usage: ')}```\n"
    yield from _arguments(parser)
    if name == "list":
        for table in TABLES:
            yield f"### Filters of {table}\n"
            yield from _arguments(_parser(name, table, "--id"), without=_actions(parser))


def _parser(*arguments: str) -> argparse.ArgumentParser:
    """Return the parser of a command."""
    commands: dict[str, argparse.ArgumentParser] = next(
        action.choices for action in _actions(build(arguments)) if isinstance(action.choices, dict)
    )
    return commands[arguments[0]]


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return parser._actions  # noqa: SLF001 - argparse has no public way to list them


def _arguments(parser: argparse.ArgumentParser, without: Iterable[argparse.Action] = ()) -> Iterator[str]:
    known = {"help", *(action.dest for action in without)}
    for action in _actions(parser):
        if action.dest not in known:
            name = action.metavar if isinstance(action.metavar, str) else ""
            yield ", ".join(code(f"{option} {name}".strip()) for option in action.option_strings) or code(name)
            yield f": {plain(action.help or '')}\n"
