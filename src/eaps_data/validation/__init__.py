"""Check data against the models: a dataset document, or the records of one table.

>>> from eaps_data.validation import validate
>>> for problem in validate(b'[{"id": "x", "name": "X", "kind": "polise-department"}]'):
...     print(problem)
1:35: partners/x, kind: "polise-department" is not a valid term (did you mean 'police-department'...
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from eaps_data.errors import Problem
    from eaps_data.validation.checking import check, check_lines, validate, validate_file
    from eaps_data.validation.folder import check_folder, fix_folder
    from eaps_data.validation.inputs import Count, Input

__all__ = [
    "Count",
    "Input",
    "Problem",
    "check",
    "check_folder",
    "check_lines",
    "fix_folder",
    "validate",
    "validate_file",
]

_HOMES: Final = {
    "Count": "eaps_data.validation.inputs",
    "Input": "eaps_data.validation.inputs",
    "Problem": "eaps_data.errors",
    "check": "eaps_data.validation.checking",
    "check_folder": "eaps_data.validation.folder",
    "fix_folder": "eaps_data.validation.folder",
    "check_lines": "eaps_data.validation.checking",
    "validate": "eaps_data.validation.checking",
    "validate_file": "eaps_data.validation.checking",
}

if not TYPE_CHECKING:  # to a type checker, a module with __getattr__ has every name that one may misspell

    def __getattr__(name: str) -> object:
        """Import a name on first use, so that a command imports only what it needs."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value = getattr(import_module(_HOMES[name]), name)
        return value


def __dir__() -> list[str]:
    return __all__
