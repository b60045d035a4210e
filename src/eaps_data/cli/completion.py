"""Shell completion: commands, options, choices, ids, terms and fields, with argcomplete."""

import argparse
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, get_args

from argcomplete import autocomplete
from argcomplete.completers import BaseCompleter, FilesCompleter
from argcomplete.lexers import split_line

from eaps_data.cli.datasets import given_dataset
from eaps_data.cli.parser import build
from eaps_data.errors import EapsDataError

if TYPE_CHECKING:
    from eaps_data.tables.dataset import Dataset

_NOT_FILES: Final = frozenset(("TEXT", "NAME", "N"))
"""The placeholders of arguments whose values are not completed."""


def complete() -> None:
    """Print the completions of the shell's command line, and exit."""
    words = split_line(os.environ["COMP_LINE"], int(os.environ["COMP_POINT"]))[3]
    given = words[int(os.environ["_ARGCOMPLETE"]) :]
    parser = build([*given, "--help"])  # an option, so that `list` gets the filters of its table
    autocomplete(parser, always_complete_options="long", default_completer=_Values())


class _Values(BaseCompleter):
    """The values of an argument that has no choices."""

    def __call__(
        self,
        *,
        prefix: str,
        action: argparse.Action,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - argcomplete passes it by name
        parsed_args: argparse.Namespace,
    ) -> Iterable[str]:
        try:
            return self._values(prefix, action, parsed_args)
        except EapsDataError:  # of the key or the dataset: the command reports it
            return ()

    def _values(self, prefix: str, action: argparse.Action, options: argparse.Namespace) -> Iterable[str]:
        match action.dest, action.metavar:
            case "key", _:
                return _ids(given_dataset(options))
            case "field", _:
                return tuple(type(given_dataset(options).find(options.key)).model_fields)
            case "name", "NAME" if not action.option_strings:
                from eaps_data.schemas.published import SchemaName

                return get_args(SchemaName)
            case name, "VALUE":
                return _filter_values(given_dataset(options), options.table, name)
            case _, metavar:
                return () if metavar in _NOT_FILES else FilesCompleter()(prefix)


def _ids(dataset: "Dataset") -> list[str]:
    from eaps_data.models.table_specs import TABLE_SPECS, TABLES

    tables = (name for name in TABLES if TABLE_SPECS[name].key == ("id",))
    return [known for name in tables for known in getattr(dataset, name).ids]


def _filter_values(dataset: "Dataset", table: str, name: str) -> Iterable[str]:
    """Return the terms of a filter, or the ids of the records it refers to."""
    from eaps_data.models.table_specs import TABLE_SPECS
    from eaps_data.tables.where_signatures import filter_specs

    (spec,) = (spec for spec in filter_specs(getattr(dataset, table)) if spec.name == name)
    if spec.vocabulary:
        return [term.value for term in spec.vocabulary if not term.retired]
    models = {each.model: each.name for each in TABLE_SPECS.values()}
    return getattr(dataset, models[spec.record.__name__]).ids if spec.record else ()
