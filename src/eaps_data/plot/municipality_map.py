"""The map of municipalities."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import pi, sqrt
from typing import Final, TypeAlias

import altair as alt

from eaps_data.display.text import count
from eaps_data.models.records import Municipality
from eaps_data.plot.chart import GRAY, LINE, Row, data, label, labels, message, properties
from eaps_data.plot.geography import County, Point, corners, counties_of, mercator, place, spans
from eaps_data.plot.words import claims, dataset_of, enumeration, program_count, quotation
from eaps_data.tables.collections import Municipalities
from eaps_data.tables.dataset import Dataset

_WIDTH, _HEIGHT = 640, 520  # at most
_AREAS: Final = (40, 500)  # of the points
_CHARACTER: Final = 6.5  # estimated width, in pixels
_LABEL_WIDTH: Final = 30  # characters
_MAX_LABELS: Final = 400
_NEARBY: Final = [(dx, dy, "center") for dy in (0, -16, 16, -32, 32) for dx in (0, -40, 40)]
"""Where a county's label may be, relative to its center."""
_OUTLINE: Final = "Shaded: counties with one of the municipalities. Outline: U.S. Census Bureau, 2017."

_Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels."""


def draw(municipalities: Municipalities) -> alt.LayerChart:
    """Draw the map."""
    dataset = dataset_of(municipalities, Municipalities, "map")
    title = f"{dataset.grant_program.name}: municipalities"
    located = [town for town in municipalities if town.location]
    others = enumeration([town.name for town in municipalities if not town.location])
    remarks = [f"Without a location: {others}."] if others else []
    if not located:
        text = " ".join(remarks) or "There are no municipalities here."
        return alt.LayerChart(layer=[message(text)]).properties(**properties(title, [], text, dataset.release))
    counties = counties_of(located)
    geoids = {town.identifiers.county_geoid for town in located}
    shaded = [county for county in counties if county["properties"]["geoid"] in geoids]
    rows = [_row(dataset, town) for town in located]
    noun = program_count(dataset.programs.where(municipality=located)).partition(" ")[2].capitalize()
    (west, east), (south, north) = spans([*map(place, located), *corners(shaded)])
    scale = min(_WIDTH / (east - west), _HEIGHT / (mercator(north) - mercator(south)))
    board = _Board(scale, *_pixels(scale, west, north), *_pixels(scale, east, south))
    view = {"type": "MultiPoint", "coordinates": [[west, south], [east, north]]}
    names = enumeration([f"{row['Municipality']} ({row['count']})" for row in rows])
    state = "Massachusetts with " if counties else ""
    description = " ".join([f"A map of {state}{count(len(rows), 'municipality')}: {names}.", *remarks])
    layers = [*_draw_counties(counties, shaded), _draw_points(rows, noun), *_draw_labels(rows, counties, board)]
    return (
        alt.LayerChart(layer=layers)
        .project(type="mercator", fit={"type": "Feature", "properties": {}, "geometry": view})
        .properties(
            **properties(title, [_OUTLINE, *remarks] if counties else remarks, description, dataset.release),
            width=round(board.right - board.left),
            height=round(board.bottom - board.top),
        )
    )


def _pixels(scale: float, longitude: float, latitude: float) -> Point:
    return longitude * scale, -mercator(latitude) * scale


def _row(dataset: Dataset, town: Municipality) -> Row:
    programs = dataset.programs.where(municipality=town)
    longitude, latitude = place(town)
    return {
        "Municipality": town.name,
        "County": town.county or "not stated",
        "count": program_count(programs),
        "programs": len(programs),
        "Program": enumeration([program.name for program in programs]),
        "Quotation": quotation(row for program in programs for row in claims(dataset, program, "name")),
        "longitude": longitude,
        "latitude": latitude,
    }


def _draw_counties(counties: Iterable[County], shaded: Sequence[County]) -> Iterator[alt.Chart]:
    values = [{**county, "opacity": 0.3 if county in shaded else 0.08} for county in counties]
    if values:
        chart = alt.Chart(alt.InlineData(values=values)).mark_geoshape(fill=GRAY, stroke=GRAY, clip=True)
        opacity = alt.FillOpacity("opacity:Q", scale=None, legend=None)
        yield chart.encode(fillOpacity=opacity, tooltip=alt.Tooltip("properties.name:N", title="County"))


def _draw_points(rows: Sequence[Row], noun: str) -> alt.Chart:
    counts = sorted({row["programs"] for row in rows})
    scale = alt.Scale(domain=[0, max(1, *counts)], range=_AREAS)
    legend = alt.Legend(values=counts[:3] + counts[3:][-1:], format="d", orient="bottom")
    drawn: alt.Chart = (
        alt.Chart(data(rows))
        .mark_circle(opacity=1)
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            size=alt.Size("programs:Q", scale=scale, legend=legend, title=noun),
            tooltip=["Municipality:N", "County:N", "Program:N", "Quotation:N"],
        )
    )
    return drawn


def _draw_labels(rows: Sequence[Row], counties: Iterable[County], board: "_Board") -> Iterator[alt.Chart]:
    """Yield the labels that have room: of municipalities, next to their points, and of counties."""
    most = max(1, *(row["programs"] for row in rows))
    radii = [3 + sqrt((_AREAS[0] + (_AREAS[1] - _AREAS[0]) * row["programs"] / most) / pi) for row in rows]
    board.taken = [
        board.box(row, (-radius, radius), (-radius, radius)) for row, radius in zip(rows, radii, strict=True)
    ]
    towns: list[Row] = []
    for row, radius in zip(rows[:_MAX_LABELS], radii, strict=False):
        text = f"{row['Municipality']}\n{row['count']}"
        above = radius + label(text, _LABEL_WIDTH)["lines"] * LINE / 2
        towns += board.place(
            row, text, [(radius, 0, "left"), (-radius, 0, "right"), (0, -above, "center"), (0, above, "center")]
        )
    names = [row for each in counties for row in board.place(each["properties"], each["properties"]["name"], _NEARBY)]
    for found, opacity in ((towns, 1), (names, 0.7)):
        yield labels(found, opacity, longitude="longitude:Q", latitude="latitude:Q")


@dataclass(slots=True)
class _Board:
    """The view in pixels, and the boxes in it that are taken."""

    scale: float
    left: float
    top: float
    right: float
    bottom: float
    taken: list[_Box] = field(default_factory=list)

    def place(self, row: Row, text: str, spots: Iterable[tuple[float, float, str]]) -> Iterator[Row]:
        """Yield a row with its label at the first of the spots that is free, if there is one."""
        for dx, dy, align in spots:
            found = label(text, _LABEL_WIDTH, dx, dy, align)
            width, height = max(map(len, found["label"].split("\n"))) * _CHARACTER, found["lines"] * LINE
            start = dx - {"left": 0, "center": width / 2, "right": width}[align]
            box = self.box(row, (start, start + width), (dy - height / 2, dy + height / 2))
            inside = box[0] > self.left and box[1] > self.top and box[2] < self.right and box[3] < self.bottom
            if inside and not any(_overlap(box, other) for other in self.taken):
                self.taken.append(box)
                yield {**row, **found}
                return

    def box(self, row: Row, x: Point, y: Point) -> _Box:
        """Return a box at an offset from the place of a row."""
        at_x, at_y = _pixels(self.scale, row["longitude"], row["latitude"])
        return at_x + x[0], at_y + y[0], at_x + x[1], at_y + y[1]


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
