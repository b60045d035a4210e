"""Make the outline of Massachusetts for the map, from the counties that the Census Bureau publishes.

    npm pack us-atlas@3.0.1 && tar xzf us-atlas-3.0.1.tgz
    python tools/outline.py package/counties-10m.json

It reads TopoJSON: each line between counties once, as steps from point to point on a grid. It writes GeoJSON, with the
point for each county's label; rings run clockwise, as Vega-Lite expects them.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

STATE = "25"
TARGET = Path(__file__).parents[1] / "src" / "eaps_data" / "plot" / "massachusetts.json"
ABOUT = {
    "source": "U.S. Census Bureau, cartographic boundary files of 2017, 1:10,000,000, as in us-atlas 3.0.1",
    "licence": "US Government work; us-atlas: ISC",
    "notice": (
        "Copyright 2013-2019 Michael Bostock. Permission to use, copy, modify, and/or distribute this software for any "
        "purpose with or without fee is hereby granted, provided that the above copyright notice and this permission "
        'notice appear in all copies. THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH '
        "REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL "
        "THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER "
        "RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS "
        "ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE."
    ),
}

Point = tuple[float, float]


def counties(topology: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each county as a GeoJSON feature."""
    lines = [line(arc, topology["transform"]) for arc in topology["arcs"]]
    for shape in topology["objects"]["counties"]["geometries"]:
        if not shape["id"].startswith(STATE):
            continue
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        rings = [ring(indexes, lines) for polygon in polygons for indexes in polygon]
        yield feature(shape["id"], shape["properties"]["name"], rings)


def feature(geoid: str, name: str, rings: Sequence[Sequence[Point]]) -> dict[str, Any]:
    """Return a county as a GeoJSON feature; none has a hole, so each ring is a polygon."""
    _, longitude, latitude = min(map(area_and_center, rings))  # clockwise areas are negative: the largest
    return {
        "type": "Feature",
        "properties": {"geoid": geoid, "name": name, "longitude": longitude, "latitude": latitude},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]},
    }


def area_and_center(ring: Sequence[Point]) -> tuple[float, float, float]:
    """Return the signed area of a ring (negative if it runs clockwise), and its centroid."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross / 2, x + (x1 + x2) * cross / 6, y + (y1 + y2) * cross / 6
    return area, round(x / area, 4), round(y / area, 4)


def line(steps: Sequence[Sequence[int]], transform: dict[str, Sequence[float]]) -> list[Point]:
    """Return the points of a line, given the steps between them."""
    (scale_x, scale_y), (left, bottom) = transform["scale"], transform["translate"]
    x_values = accumulate(step[0] for step in steps)
    y_values = accumulate(step[1] for step in steps)
    return [
        (round(x * scale_x + left, 4), round(y * scale_y + bottom, 4)) for x, y in zip(x_values, y_values, strict=True)
    ]


def ring(indexes: Sequence[int], lines: Sequence[list[Point]]) -> list[Point]:
    """Return the points of a ring; a negative index means that the line is reversed."""
    points: list[Point] = []
    for index in indexes:
        line_points = lines[index] if index >= 0 else lines[~index][::-1]
        points += line_points[1:] if points else line_points
    return points


def main() -> None:
    """Read the TopoJSON file, and write the outline."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topology", type=Path, help="counties-10m.json of us-atlas")
    topology = json.loads(parser.parse_args().topology.read_text(encoding="utf-8"))
    write(sorted(counties(topology), key=lambda county: str(county["properties"]["geoid"])))


def write(features: Sequence[dict[str, Any]]) -> None:
    """Write the packaged file, one county per line."""
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    about = json.dumps({"type": "FeatureCollection", **ABOUT}, indent=2).removesuffix("\n}")
    TARGET.write_text(f'{about},\n  "features": [\n{lines}\n]}}\n', encoding="utf-8", newline="")
    print(f"{TARGET}: {len(features)} counties")


if __name__ == "__main__":
    main()
