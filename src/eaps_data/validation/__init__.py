"""Check data against the models: a dataset document, or the records of one table.

>>> from eaps_data.validation import validate
>>> for problem in validate(b'[{"id": "x", "name": "X", "kind": "polise-department"}]'):
...     print(problem)
1:35: partners/x, kind: "polise-department" is none of its terms (did you mean 'police-department'...
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from eaps_data.errors import Problem
    from eaps_data.validation.checking import check, validate, validate_file
    from eaps_data.validation.folder_check import check_folder
    from eaps_data.validation.folder_fix import fix_folder
    from eaps_data.validation.inputs import Input
    from eaps_data.validation.json_lines import check_lines

__all__ = ["Input", "Problem", "check", "check_folder", "check_lines", "fix_folder", "validate", "validate_file"]

_HOMES: Final = {
    "Input": "eaps_data.validation.inputs",
    "Problem": "eaps_data.errors",
    "check": "eaps_data.validation.checking",
    "check_folder": "eaps_data.validation.folder_check",
    "fix_folder": "eaps_data.validation.folder_fix",
    "check_lines": "eaps_data.validation.json_lines",
    "validate": "eaps_data.validation.checking",
    "validate_file": "eaps_data.validation.checking",
}

if not TYPE_CHECKING:  # to a type checker, a module with __getattr__ has every name that one may misspell

    def __getattr__(name: str) -> object:
        """Make a name when it is first asked for: a command pays for no format that it does not read."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value = getattr(import_module(_HOMES[name]), name)
        return value


def __dir__() -> list[str]:
    return __all__
