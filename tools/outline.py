"""Make the outline of Massachusetts for the map, from the counties that the Census Bureau publishes.

    npm pack us-atlas@3.0.1 && tar xzf us-atlas-3.0.1.tgz
    python tools/outline.py package/counties-10m.json

The file is TopoJSON: each line between counties once, as steps from point to point on a grid.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from itertools import accumulate
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
    """Yield each county with its rings of points (longitude, latitude)."""
    lines = [line(arc, topology["transform"]) for arc in topology["arcs"]]
    for shape in topology["objects"]["counties"]["geometries"]:
        if not shape["id"].startswith(STATE):
            continue
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        rings = [ring(indexes, lines) for polygon in polygons for indexes in polygon]
        yield {"geoid": shape["id"], "name": shape["properties"]["name"], "rings": rings}


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
    outlines = sorted(counties(topology), key=lambda county: str(county["geoid"]))
    lines = ",\n".join(json.dumps(county, separators=(",", ":")) for county in outlines)
    about = json.dumps(ABOUT, indent=2).removesuffix("\n}")
    TARGET.write_text(f'{about},\n  "counties": [\n{lines}\n]}}\n', encoding="utf-8", newline="")
    print(f"{TARGET}: {len(outlines)} counties, {sum(len(ring) for each in outlines for ring in each['rings'])} points")


if __name__ == "__main__":
    main()
