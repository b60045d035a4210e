"""The one way in which this package writes JSON, so that equal data has equal bytes."""

import json
from typing import Any


def to_json(value: object) -> str:
    r"""Write plain data as canonical JSON: two spaces, keys in order, text as it is, a final newline.

    >>> to_json({"name": "Revere"})
    '{\n  "name": "Revere"\n}\n'

    Raises:
        ValueError: for NaN and infinities, which JSON does not have.
    """
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def without_empty(members: dict[str, Any]) -> dict[str, Any]:
    """Return an object without its empty members: null, `[]` and `{}`.

    >>> without_empty({"name": "Revere", "acronym": None, "aliases": [], "position": 0, "example": False})
    {'name': 'Revere', 'position': 0, 'example': False}
    """
    return {name: value for name, value in members.items() if value is not None and value not in ((), [], {})}
