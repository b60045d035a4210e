"""Create problems: where a rule is broken, by which record, and how values are quoted in messages."""

import json
from typing import Any

from eaps_data.errors import Path, Problem, pointer, printable
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


def shown(value: Any) -> str:
    """Quote a value as JSON on one line, cut to a readable length.

    >>> shown("revere")
    '"revere"'
    """
    text = printable(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
