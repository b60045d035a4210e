"""The fast way of the validation by each engine, and the slow way beside it."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from eaps_data.validation import Problem, checking, validate
from eaps_data.validation.fast import acceptor, chunks, engines

ENGINES = ("jsonschema-rs", "core")


@contextmanager
def by(engine: str) -> Generator[None]:
    """Let an engine do the work: `core` as where the extra is not installed."""

    def forget() -> None:
        for made in (acceptor.acceptor, engines.strict_reader):
            made.cache_clear()

    with pytest.MonkeyPatch.context() as patch:
        if engine == "core":
            patch.setitem(sys.modules, "jsonschema_rs", None)
        forget()
        yield
    forget()


@contextmanager
def in_pieces(size: int) -> Generator[None]:
    """Let every text be read in pieces of about so many bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(acceptor, "_SMALL", 0)
        patch.setattr(chunks, "_SIZE", size)
        yield


def slowly(data: bytes, kind: str | None) -> tuple[Problem, ...]:
    """What the slow way finds, which builds models."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "accepted", lambda *_: None)
        return validate(data, kind)
