"""Make records of data that has been parsed, or say what is wrong with it."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eaps_data.problems import Problem
from eaps_data.wording import from_validation


def validated(
    kind: Any, value: Any, text: bytes, *, table: str | None, check: Callable[[Any], Iterable[Problem]] | None = None
) -> tuple[Any, list[Problem]]:
    """The records, and what is wrong with them: if the models refuse them, all that; else what the rules say.

    Args:
        kind: the type of the records or of the document.
        value: the data, in plain Python.
        text: the same data, as JSON.
        table: the table that the records are of, or None for a dataset document.
        check: the rules between records, if they are to be checked here.
    """
    try:
        records = _adapter(kind).validate_json(text)
    except ValidationError as error:
        return None, list(from_validation(error, value, kind, table))
    return records, list(check(records)) if check else []


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
