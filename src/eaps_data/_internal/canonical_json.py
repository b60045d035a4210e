"""Canonical JSON: equal data is always written as the same bytes."""

import json
from typing import Any


def to_json(value: object) -> str:
    r"""Serialize plain data as canonical JSON.

    Two spaces of indentation, keys in their given order, non-ASCII characters unescaped, a final newline.

    >>> to_json({"name": "Revere"})
    '{\n  "name": "Revere"\n}\n'

    Raises:
        ValueError: if the data contains NaN or an infinity, which JSON does not have.
    """
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def without_empty(members: dict[str, Any]) -> dict[str, Any]:
    """Return an object without its empty members: null, `[]` and `{}`.

    >>> without_empty({"name": "Revere", "acronym": None, "aliases": [], "position": 0, "example": False})
    {'name': 'Revere', 'position': 0, 'example': False}
    """
    return {name: value for name, value in members.items() if value is not None and value not in ((), [], {})}
