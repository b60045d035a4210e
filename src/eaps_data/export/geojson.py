"""Export the municipalities as points on a map: GeoJSON (RFC 7946), one feature per municipality."""

from pathlib import Path

from eaps_data._internal.canonical_json import to_json
from eaps_data.tables.collections import Municipalities


def write(municipalities: Municipalities, file: Path) -> None:
    """Write municipalities as features, in their order."""
    file.write_text(to_json(municipalities.__geo_interface__), encoding="utf-8", newline="")
