"""Create problems: where a rule is broken, by which record, and how values are quoted in messages."""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from eaps_data._internal.text_keys import closest
from eaps_data.errors import Path, Problem, did_you_mean, pointer, printable
from eaps_data.models.table_specs import TABLE_SPECS
from eaps_data.rules.catalog import RULES

_LONGEST = 60


def violation(rule: str, message: str, path: Path, record: str | None = None, field: str | None = None) -> Problem:
    """Create the problem of a broken rule, with the rule's severity.

    Args:
        rule: the rule's name in the catalog.
        message: what is wrong, and what to do.
        path: the place in the document.
        record: table and id of the record.
        field: the record's field.
    """
    return Problem(rule, message, RULES[rule].severity, record, field, pointer(path), path=path)


def missing_tables(names: Iterable[str], present: Collection[str], unknown: Collection[str] = ()) -> Iterator[Problem]:
    """Create a problem for each table that a dataset lacks, unless it may and no other seems to be meant.

    Args:
        names: the tables of a dataset.
        present: those that there are.
        unknown: other names that exist; one may be a misspelled table.
    """
    for name in names:
        if name not in present:
            similar = closest(name, unknown, limit=1)
            if similar or name not in TABLE_SPECS or not TABLE_SPECS[name].optional:
                yield violation("missing-table", f"the table {name} is missing{did_you_mean(similar)}", (name,))


def not_one_row(table: str, rows: int) -> Problem:
    """Create the problem of a table of one row that has another number of them."""
    return violation("row-count", f"{table} has {rows} rows; it has exactly one", (table,))


def shown(value: Any) -> str:
    """Quote a value as JSON on one line, cut to a readable length.

    >>> shown("revere")
    '"revere"'
    """
    text = printable(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
