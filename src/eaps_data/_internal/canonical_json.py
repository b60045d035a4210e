"""The one way in which this package writes JSON, so that equal data has equal bytes."""

import json


def to_json(value: object) -> str:
    r"""Write plain data as canonical JSON: two spaces, keys in order, text as it is, a final newline.

    >>> to_json({"name": "Revere"})
    '{\n  "name": "Revere"\n}\n'

    Raises:
        ValueError: for NaN and infinities, which JSON does not have.
    """
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
