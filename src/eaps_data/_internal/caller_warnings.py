"""Warnings that point at the line outside this package that caused them."""

import sys
import warnings


def warn(warning: Warning) -> None:
    """Issue a warning, at the line outside this package that led to it."""
    frame, level = sys._getframe(1), 2  # noqa: SLF001 - `skip_file_prefixes` of `warnings.warn` is of Python 3.12
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "eaps_data":
        frame, level = frame.f_back, level + 1
    warnings.warn(warning, stacklevel=level)
