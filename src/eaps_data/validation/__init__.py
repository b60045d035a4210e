"""Check data against the models: a dataset document, or the records of one table.

>>> from eaps_data.validation import validate
>>> for problem in validate(b'[{"id": "x", "name": "X", "kind": "polise-department"}]'):
...     print(problem)
1:35: partners/x, kind: "polise-department" is none of its terms; did you mean "police-department" ...
"""

from eaps_data.problems import Problem
from eaps_data.validation.inputs import Input
from eaps_data.validation.json_lines import check_lines
from eaps_data.validation.validate import check, validate, validate_file

__all__ = ["Input", "Problem", "check", "check_lines", "validate", "validate_file"]
