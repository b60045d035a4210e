"""What several formats do with what the source does not say: leave it out."""

from typing import Any


def told(described: dict[str, Any]) -> dict[str, Any]:
    """A JSON object without the members that say nothing: null, and what is empty.

    >>> told({"name": "Revere", "acronym": None, "aliases": [], "position": 0, "example": False})
    {'name': 'Revere', 'position': 0, 'example': False}
    """
    return {name: value for name, value in described.items() if value is not None and value not in ((), [], {})}
