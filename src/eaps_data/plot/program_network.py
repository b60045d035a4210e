"""The network of municipalities, their programs and the programs' partners, with a line for each role."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import altair as alt

from eaps_data.display.text import count
from eaps_data.models.records import Municipality, Partner, Partnership, Program
from eaps_data.models.vocabulary import Basis, Role
from eaps_data.plot import chart
from eaps_data.plot.words import (
    STRENGTHS,
    basis_of,
    claims,
    dataset_of,
    enumeration,
    program_count,
    quotation,
    term_label,
)
from eaps_data.tables.collections import Programs
from eaps_data.tables.dataset import Dataset

_STYLES: Final[Mapping[Role, tuple[str, Sequence[int]]]] = {
    Role.LEAD: (chart.BLUE, [1, 0]),
    Role.CREATOR: (chart.VERMILLION, [10, 3]),
    Role.DEVELOPER: (chart.OCHRE, [10, 3, 2, 3]),
    Role.EXPANDER: (chart.GREEN, [5, 3]),
    Role.PARTNER: (chart.PINK, [3, 2]),
    Role.COLLABORATOR: (chart.GRAY, [1, 3]),
}
"""The color and the dashes of each role."""
_WIDTHS: Final[dict[Basis, float]] = dict(zip(STRENGTHS, (2.5, 1.6, 0.9), strict=True))
"""The width of a line by the basis of its claim."""
_GAP: Final = 0.9  # between labels, in lines
_TOWN, _BRACKET, _PROGRAM, _PARTNER, _RIGHT = 0, 140, 430, 650, 950
"""Where the columns are, in pixels."""
_LABEL_WIDTHS: Final = {_TOWN: 20, _PROGRAM: 40, _PARTNER: 40}  # characters


def draw(programs: Programs) -> alt.LayerChart:
    """Draw the network."""
    dataset = dataset_of(programs, Programs, "network")
    title = f"{dataset.grant_program.name}: programs and partners"
    if not programs:
        text = "There are no programs here."
        return alt.LayerChart(layer=[chart.message(text)]).properties(
            **chart.properties(title, [], text, dataset.release)
        )
    by_town: dict[str, list[Program]] = defaultdict(list)
    for program in _parts_after_wholes(programs):
        by_town[program.municipality].append(program)
    partnerships = dataset.partnerships.where(program=programs)
    town_rows, program_rows, bottom = _place_programs(dataset, by_town)
    partner_rows, bottom = _place_partners(dataset, partnerships, program_rows, bottom)
    lines = [*_lines(dataset, partnerships, program_rows, partner_rows)]
    sizes = (
        f"{program_count(programs)} of {count(len(by_town), 'municipality')} with {count(len(partner_rows), 'partner')}"
    )
    description = " ".join([f"{sizes}.", *(_sentence(dataset, id_, group) for id_, group in by_town.items())])
    x = alt.X("x:Q", axis=None).scale(domain=[0, _RIGHT], nice=False)
    y = alt.Y("y:Q", axis=None).scale(domain=[bottom, 0], nice=False)
    brackets = alt.Chart(chart.data(town_rows)).mark_rule(color=chart.GRAY)
    layers = [
        *([_draw_lines(lines)] if lines else []),
        brackets.encode(x=alt.datum(_BRACKET), y="top:Q", y2="bottom:Q"),
        _draw_points([*program_rows.values(), *partner_rows.values()]),
        *map(chart.labels, (town_rows, program_rows.values(), partner_rows.values())),
    ]
    drawn: alt.LayerChart = alt.LayerChart(layer=layers, view=alt.ViewBackground(stroke=None)).encode(x=x, y=y)
    return drawn.properties(
        **chart.properties(title, [sizes], description, dataset.release),
        width=_RIGHT,
        height=round(bottom * chart.LINE),
    )


def _parts_after_wholes(programs: Iterable[Program]) -> Iterator[Program]:
    """Yield programs in order, each followed by its parts."""
    ids = {program.id for program in programs}
    parts: dict[str | None, list[Program]] = defaultdict(list)
    for program in programs:
        parts[program.part_of if program.part_of in ids else None].append(program)
    waiting = parts[None][::-1]
    while waiting:
        program = waiting.pop()
        yield program
        waiting += parts[program.id][::-1]


def _node(dataset: Dataset, record: Municipality | Program | Partner, x: int, top: float) -> dict[str, Any]:
    """Return a record with its label, and its middle and bottom in lines."""
    acronym = None if isinstance(record, Municipality) else record.acronym
    name = f"{record.name} ({acronym})" if acronym else record.name
    side = -1 if x == _PROGRAM else 1
    label = chart.label(name, _LABEL_WIDTHS[x], dx=8 * side, align="right" if side < 0 else "left")
    height = label["lines"] + _GAP
    return {
        "Name": name,
        "Quotation": quotation(claims(dataset, record, "name")),
        "x": x,
        "y": top + height / 2,
        "bottom": top + height,
        **label,
    }


def _place_programs(
    dataset: Dataset, by_town: Mapping[str, Sequence[Program]]
) -> tuple[list[chart.Row], Mapping[str, chart.Row], float]:
    """Return the municipalities, their programs by id, and how many lines they take: one below the other."""
    towns: list[chart.Row] = []
    programs: dict[str, chart.Row] = {}
    y = 0.0
    for id_, group in by_town.items():
        top = y
        for program in group:
            programs[program.id] = node = _node(dataset, program, _PROGRAM, y)
            y = node["bottom"]
        town = _node(dataset, dataset.municipalities[id_], _TOWN, top)
        y = max(y, town["bottom"])
        towns.append(town | {"y": (top + y) / 2, "top": top + _GAP / 2, "bottom": y - _GAP / 2})
        y += _GAP
    return towns, programs, y


def _place_partners(
    dataset: Dataset, partnerships: Iterable[Partnership], programs: Mapping[str, chart.Row], bottom: float
) -> tuple[Mapping[str, chart.Row], float]:
    """Return the partners by id, ordered so that few lines cross, and how many lines all take."""
    heights: dict[str, list[float]] = defaultdict(list)
    for each in partnerships:
        heights[each.partner].append(programs[each.program]["y"])
    nodes: dict[str, dict[str, Any]] = {}
    y = 0.0
    for id_ in sorted(heights, key=lambda id_: sum(heights[id_]) / len(heights[id_])):
        nodes[id_] = _node(dataset, dataset.partners[id_], _PARTNER, y)
        y = nodes[id_]["bottom"]
    space = max(bottom - y, 0) / max(len(nodes), 1)
    for number, node in enumerate(nodes.values()):
        node["y"] += (number + 0.5) * space
    return nodes, max(bottom, y)


def _lines(
    dataset: Dataset,
    partnerships: Iterable[Partnership],
    programs: Mapping[str, chart.Row],
    partners: Mapping[str, chart.Row],
) -> Iterator[chart.Row]:
    """Yield a line for each partnership; lines between the same two records are next to each other."""
    earlier: Counter[tuple[str, str]] = Counter()
    for each in partnerships:
        program, partner, rows = programs[each.program], partners[each.partner], claims(dataset, each, "role")
        offset = earlier[each.program, each.partner] * _GAP / 3
        earlier[each.program, each.partner] += 1
        yield {
            "Program": program["Name"],
            "Partner": partner["Name"],
            "Role": term_label(each.role),
            "Example": "one of several" if each.example else "no",
            "Basis": basis_of(rows).value,
            "Quotation": quotation(rows),
            "x": program["x"],
            "y": program["y"] + offset,
            "x2": partner["x"],
            "y2": partner["y"] + offset,
        }


def _draw_lines(rows: Sequence[chart.Row]) -> alt.Chart:
    used = {row["Role"] for row in rows}
    styles = {label: style for role, style in _STYLES.items() if (label := term_label(role)) in used}
    bases = [basis for basis in STRENGTHS if basis.value in {row["Basis"] for row in rows}]
    legend = alt.Legend(orient="top", symbolSize=500, symbolStrokeWidth=2)
    colors = alt.Scale(domain=[*styles], range=[color for color, _ in styles.values()])
    dashes = alt.Scale(domain=[*styles], range=[dash for _, dash in styles.values()])
    widths = alt.Scale(domain=[*bases], range=[_WIDTHS[basis] for basis in bases], type="ordinal")
    drawn: alt.Chart = (
        alt.Chart(chart.data(rows))
        .mark_rule()
        .encode(
            x2="x2:Q",
            y2="y2:Q",
            color=alt.Color("Role:N", scale=colors, legend=legend),
            strokeDash=alt.StrokeDash("Role:N", scale=dashes, legend=legend),
            strokeWidth=alt.StrokeWidth("Basis:O", scale=widths, legend=alt.Legend(orient="top", symbolSize=500)),
            tooltip=["Program:N", "Partner:N", "Role:N", "Example:N", "Basis:N", "Quotation:N"],
        )
    )
    return drawn


def _draw_points(rows: Iterable[chart.Row]) -> alt.Chart:
    points = alt.Chart(chart.data(rows)).mark_circle(color=chart.GRAY, opacity=1, size=40)
    drawn: alt.Chart = points.encode(tooltip=["Name:N", "Quotation:N"])
    return drawn


def _sentence(dataset: Dataset, town: str, programs: Sequence[Program]) -> str:
    """Describe the programs of a municipality and their partners in a sentence."""
    parts: list[str] = []
    for program in programs:
        partnerships = dataset.partnerships.where(program=program)
        partners = [f"{dataset.partners[each.partner].name} ({term_label(each.role)})" for each in partnerships]
        parts.append(f"{program.name} with {enumeration(partners)}" if partners else program.name)
    return f"{dataset.municipalities[town].styled_name}: {'; '.join(parts)}."
