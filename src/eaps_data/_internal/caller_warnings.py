"""Warnings that point at the line outside this package that caused them."""

import warnings


def warn(warning: Warning) -> None:
    """Issue a warning, at the line outside this package that led to it."""
    from inspect import currentframe  # imported for a warning only

    # From Python 3.12 on, `skip_file_prefixes` of `warnings.warn` can do this.
    frame, level = currentframe(), 1
    while frame and frame.f_globals.get("__name__", "").partition(".")[0] == "eaps_data":
        frame, level = frame.f_back, level + 1
    warnings.warn(warning, stacklevel=level)
