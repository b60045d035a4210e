"""Check data against the models: a dataset document, or the records of one table.

>>> from eaps_data.validation import validate
>>> for problem in validate(b'[{"id": "x", "name": "X", "kind": "polise-department"}]'):
...     print(problem)
1:35: partners/x, kind: "polise-department" is none of its terms; did you mean "police-department" ...
"""

from eaps_data.validation.validate import validate, validate_file

__all__ = ["validate", "validate_file"]
