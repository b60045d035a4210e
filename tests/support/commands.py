"""Two ways to run a command: in this process, which is fast, and in a process of its own."""

import os
import subprocess
import sys
from typing import NamedTuple

import pytest

from eaps_data import cli


class Result(NamedTuple):
    """The exit code of a command, and what it printed."""

    code: int
    out: str
    err: str


class Runner:
    """Runs commands in this process, as `run("list", "partners")`."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Result:
        code = cli.main(arguments)
        captured = self._capsys.readouterr()
        return Result(code, captured.out, captured.err)


def process(*arguments: str, data: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process, with some data on its standard input."""
    command = [sys.executable, "-m", "eaps_data", *arguments]
    return subprocess.run(command, input=data, capture_output=True, check=False, env={**os.environ, **environment})
