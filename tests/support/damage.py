"""Damage files at random, but reproducibly."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import eaps_data as eaps
from eaps_data.errors import InvalidDataError


def damaged(data: bytes, count: int, *, seed: int = 0) -> Iterator[bytes]:
    """Yield copies of some bytes with a few of them changed, or with the end cut off.

    Args:
        data: the bytes.
        count: how many copies.
        seed: of the random numbers.
    """
    random = Random(seed)  # noqa: S311 - not for secrets
    for _ in range(count):
        copy = bytearray(data)
        for _ in range(random.choice((1, 1, 4, 30))):
            # The ends of files hold their tables of contents.
            last = random.choice((len(copy), len(copy), 6000))
            copy[-random.randint(1, min(len(copy), last))] = random.randrange(256)
        yield bytes(copy[: random.randrange(len(copy))] if random.random() < 0.1 else copy)


def assert_refused_or_valid(file: Path, contents: Iterable[bytes], path: Path | None = None) -> None:
    """Assert that reading each content of a file gives a dataset or problems, and never another exception.

    Args:
        file: the file that holds the content.
        contents: its contents, one after the other; most must be refused.
        path: what to read; the file itself if not given.
    """
    refused = count = 0
    for content in contents:
        file.write_bytes(content)
        count += 1
        try:
            eaps.Dataset.from_path(path or file)
        except InvalidDataError:
            refused += 1
    assert refused > count / 4
