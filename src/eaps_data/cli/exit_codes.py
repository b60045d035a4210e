"""The exit codes of all commands."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final


class ExitCode(IntEnum):
    """The meaning of a command's exit code."""

    OK = 0
    INVALID = 1
    UNUSABLE = 2
    DEFECT = 3
    INTERRUPTED = 130  # as a shell reports SIGINT
    NO_READER = 141  # as a shell reports SIGPIPE


MEANINGS: Final[Mapping[ExitCode, str]] = {
    ExitCode.OK: "success",
    ExitCode.INVALID: "invalid data",
    ExitCode.UNUSABLE: "unreadable input or usage error",
    ExitCode.DEFECT: "a bug in eaps-data",
}
"""The documented codes, each in a few words."""
