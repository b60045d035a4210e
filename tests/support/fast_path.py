"""The fast path of the validation: switched off, or reading in small chunks."""

import io
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager

import pytest

from eaps_data.errors import InvalidDataError
from eaps_data.validation import Count, Problem, checking, fast
from eaps_data.validation.fast import chunks

Result = tuple[tuple[Problem, ...], int]
"""The problems of a text, and how many records were checked."""


@contextmanager
def without_fast_path() -> Generator[None]:
    """Let the fast path be sure of nothing, as if its folder were deleted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "accept", lambda *_: None)
        patch.setattr(fast, "accept_lines", lambda *_: None)
        yield


@contextmanager
def in_chunks(size: int) -> Generator[None]:
    """Let the fast path read every text in chunks of about so many bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "_SMALL", 0)
        patch.setattr(chunks, "_SIZE", size)
        yield


def check_json(data: bytes, type_: str | None) -> Result:
    """Check a JSON text as `validate` does."""
    return _result(lambda: checking._check_json(data, type_, None))


def check_csv(data: bytes, type_: str | None) -> Result:
    """Check the text of a CSV file."""
    return _result(lambda: checking._check_csv(io.BytesIO(data), type_, "table.csv"))


def check_jsonl(data: bytes, type_: str | None) -> Result:
    """Check the text of a JSON Lines file."""
    return _result(lambda: checking._check_lines(io.BytesIO(data), type_, "lines.jsonl"))


def _result(check: Callable[[], Iterable[Problem | Count]]) -> Result:
    try:
        steps = [*check()]
    except InvalidDataError as error:
        return error.problems, 0
    return (
        tuple(step for step in steps if isinstance(step, Problem)),
        sum(step.records for step in steps if isinstance(step, Count)),
    )
