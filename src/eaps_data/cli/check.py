"""The command for those who keep the tables: check."""

import argparse
import os
import sys
from pathlib import Path
from typing import Final

import eaps_data
from eaps_data.cli.reporting import exit_code, reporter_of

_CHECKOUT: Final = Path("src", "eaps_data", "data")


def check(options: argparse.Namespace) -> int:
    """Check a folder of tables, after putting its files into canonical form if asked to."""
    from eaps_data.validation import folder_check, folder_fix
    from eaps_data.validation.run import write_report

    folder = options.folder or _folder()
    for path in folder_fix.fix_folder(folder) if options.fix else ():
        print(f"{path}: written in canonical form", file=sys.stderr)
    return exit_code(write_report(folder_check.check(folder), reporter_of(options)))


def _folder() -> str:
    """The tables of the checkout that one stands in, or else those of the package."""
    return os.fspath(_CHECKOUT if _CHECKOUT.is_dir() else Path(eaps_data.__file__).parent / "data")
