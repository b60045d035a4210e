"""The network of municipalities, their programs and the programs' partners, with a line for each role."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from eaps_data.display.text import count
from eaps_data.models.records import Partner, Partnership, Program
from eaps_data.models.vocabulary import Role
from eaps_data.plot.picture import Picture
from eaps_data.plot.svg import (
    FONT_SIZE,
    MARGIN,
    TOP,
    build_picture,
    dataset_of,
    element,
    enumeration,
    message_picture,
    program_count,
    term_label,
    text,
    with_tooltip,
    wrap,
)
from eaps_data.tables.collections import Programs
from eaps_data.tables.dataset import Dataset

_WIDTH: Final = 1_040.0
_MAX_PROGRAMS: Final = 200
_BOX_HEIGHT: Final = 40.0
_STEP: Final = 48.0
_TOWN_GAP: Final = 14.0
_LINE_HEIGHT: Final = 15.0
_PADDING: Final = 10.0
_TOWN_COLUMN: Final = (MARGIN, 150.0)  # x and width
_PROGRAM_COLUMN: Final = (MARGIN + 166.0, 330.0)
_PARTNER_COLUMN: Final = (_WIDTH - MARGIN - 300.0, 300.0)
_LEGEND_HEIGHT: Final = 44.0


@dataclass(frozen=True, slots=True)
class _Row:
    """The vertical extent of a box."""

    top: float

    @property
    def middle(self) -> float:
        return self.top + _BOX_HEIGHT / 2

    @property
    def bottom(self) -> float:
        return self.top + _BOX_HEIGHT


_Rows: TypeAlias = Mapping[str, _Row]


def draw(programs: Programs) -> Picture:
    """Draw the network."""
    dataset = dataset_of(programs, Programs, "network")
    title = f"{dataset.grant_program.name}: who with whom"
    if not programs:
        return message_picture(title, "There are no programs here.", dataset.release)
    by_town = _group_by_town(programs[:_MAX_PROGRAMS])
    shown = [program for group in by_town.values() for program in group]
    partnerships = list(dataset.partnerships.where(program=shown))
    program_rows = _place_programs(by_town)
    partners = _order_partners(dataset, partnerships, program_rows)
    partner_rows = _place_partners(partners, max(row.bottom for row in program_rows.values()))
    bottom = max(row.bottom for row in (*program_rows.values(), *partner_rows.values()))
    content = [
        *_draw_lines(dataset, partnerships, program_rows, partner_rows),
        *_draw_towns(dataset, by_town, program_rows),
        *(_draw_box(each.name, _about(each), _PROGRAM_COLUMN, program_rows[each.id]) for each in shown),
        *(_draw_box(each.name, term_label(each.kind), _PARTNER_COLUMN, partner_rows[each.id]) for each in partners),
        *_draw_legend({partnership.role for partnership in partnerships}, bottom + _LEGEND_HEIGHT - 12),
    ]
    town_count, partner_count = count(len(by_town), "municipality"), count(len(partners), "partner")
    subtitle = f"{program_count(shown)} of {town_count} with {partner_count}"
    alt = f"{subtitle}. " + " ".join(_describe(dataset, town, group) for town, group in by_town.items())
    is_cut = len(programs) > _MAX_PROGRAMS
    return build_picture(
        title=title,
        subtitle=subtitle,
        alt=alt,
        size=(_WIDTH, bottom + _LEGEND_HEIGHT),
        content=content,
        release=dataset.release,
        note=f"The first {_MAX_PROGRAMS} of {program_count(programs)}." if is_cut else "",
    )


def _group_by_town(programs: Iterable[Program]) -> dict[str, list[Program]]:
    """Group programs by municipality, with each part after the program that it is a part of."""
    by_town: dict[str, list[Program]] = defaultdict(list)
    for program in programs:
        by_town[program.municipality].append(program)
    return {town: sorted(group, key=_tree_position(group)) for town, group in by_town.items()}


def _tree_position(programs: Sequence[Program]) -> Callable[[Program], list[int]]:
    """Return a sort key: the positions of the programs that a program is part of, outermost first, and its own."""
    positions = {program.id: number for number, program in enumerate(programs)}

    def position(program: Program) -> list[int]:
        # The recursion ends, because valid data has no cycles of parts.
        whole = positions.get(program.part_of) if program.part_of else None
        return [*([] if whole is None else position(programs[whole])), positions[program.id]]

    return position


def _place_programs(by_town: Mapping[str, Sequence[Program]]) -> _Rows:
    rows: dict[str, _Row] = {}
    top = float(TOP)
    for programs in by_town.values():
        for program in programs:
            rows[program.id] = _Row(top)
            top += _STEP
        top += _TOWN_GAP
    return rows


def _order_partners(dataset: Dataset, partnerships: Iterable[Partnership], program_rows: _Rows) -> list[Partner]:
    """Return the partners by the mean height of their programs, so that few lines cross."""
    heights: dict[str, list[float]] = defaultdict(list)
    for partnership in partnerships:
        heights[partnership.partner].append(program_rows[partnership.program].middle)
    ids = sorted(heights, key=lambda id_: sum(heights[id_]) / len(heights[id_]))
    return [dataset.partners[id_] for id_ in ids]


def _place_partners(partners: Sequence[Partner], bottom: float) -> _Rows:
    step = max(_STEP, (bottom - TOP) / max(len(partners), 1))
    return {partner.id: _Row(TOP + number * step + (step - _STEP) / 2) for number, partner in enumerate(partners)}


def _draw_lines(
    dataset: Dataset, partnerships: Sequence[Partnership], program_rows: _Rows, partner_rows: _Rows
) -> Iterator[str]:
    programs, partners = [each.program for each in partnerships], [each.partner for each in partnerships]
    starts = _line_ends(programs, program_rows, [partner_rows[id_].middle for id_ in partners])
    ends = _line_ends(partners, partner_rows, [program_rows[id_].middle for id_ in programs])
    left, right = sum(_PROGRAM_COLUMN), _PARTNER_COLUMN[0]
    middle = (left + right) / 2
    for partnership, start, end in zip(partnerships, starts, ends, strict=True):
        path = f"M{left:.0f},{start:.1f}C{middle:.0f},{start:.1f} {middle:.0f},{end:.1f} {right:.0f},{end:.1f}"
        partner, program = dataset.partners[partnership.partner].name, dataset.programs[partnership.program].name
        example = ", as one of several" if partnership.example else ""
        tooltip = f"{partner}: {term_label(partnership.role)}{example}: {program}"
        yield with_tooltip(tooltip, element("path", d=path, class_=f"edge {partnership.role}"))


def _line_ends(ids: Sequence[str], rows: _Rows, targets: Sequence[float]) -> list[float]:
    """Return the height at which each line meets its box; the lines of a box are in the order of their targets.

    Args:
        ids: The id of each line's box.
        rows: The boxes.
        targets: The height of each line's other end.
    """
    lines: dict[str, list[int]] = defaultdict(list)
    for number in sorted(range(len(ids)), key=lambda number: targets[number]):
        lines[ids[number]].append(number)
    heights = [0.0] * len(ids)
    for id_, numbers in lines.items():
        for position, number in enumerate(numbers, start=1):
            heights[number] = rows[id_].top + _BOX_HEIGHT * position / (len(numbers) + 1)
    return heights


def _draw_towns(dataset: Dataset, by_town: Mapping[str, Sequence[Program]], rows: _Rows) -> Iterator[str]:
    left, width = _TOWN_COLUMN
    for id_, programs in by_town.items():
        town = dataset.municipalities[id_]
        top, bottom = rows[programs[0].id].top, rows[programs[-1].id].bottom
        bracket = f"M{_PROGRAM_COLUMN[0] - 6:.0f},{top:.0f}h-6V{bottom:.0f}h6"
        name = _draw_text(town.name, left, width, (top + bottom) / 2, "strong")
        yield with_tooltip(town.styled_name, element("path", d=bracket, class_="leader"), *name)


def _draw_box(name: str, about: str, column: tuple[float, float], row: _Row) -> str:
    left, width = column
    frame = element("rect", x=left, y=row.top, width=width, height=_BOX_HEIGHT, rx=4, class_="box")
    content = _draw_text(name, left + _PADDING, width - 2 * _PADDING, row.middle)
    return with_tooltip(f"{name} ({about})" if about else name, frame, *content)


def _draw_text(content: str, x: float, width: float, middle: float, class_: str = "") -> Iterator[str]:
    """Yield at most two lines of text, centered vertically."""
    lines = wrap(content, width, 2)
    first = middle - (len(lines) - 1) * _LINE_HEIGHT / 2 + FONT_SIZE / 3
    for number, line in enumerate(lines):
        yield text(line, x, first + number * _LINE_HEIGHT, class_)


def _about(program: Program) -> str:
    return ", ".join(filter(None, [program.acronym, term_label(program.status)]))


def _draw_legend(roles: Iterable[Role], y: float) -> Iterator[str]:
    x = float(MARGIN)
    for role in sorted(roles, key=list(Role).index):
        line = element("path", d=f"M{x:.0f},{y - 4:.0f}h44", class_=f"edge {role}")
        yield with_tooltip(role.definition, line, text(term_label(role), x + 52, y))
        x += 160


def _describe(dataset: Dataset, town: str, programs: Sequence[Program]) -> str:
    """Describe the programs of a municipality and their partners in a sentence."""
    parts: list[str] = []
    for program in programs:
        partnerships = dataset.partnerships.where(program=program)
        partners = [f"{dataset.partners[each.partner].name} ({term_label(each.role)})" for each in partnerships]
        parts.append(f"{program.name} with {enumeration(partners)}" if partners else program.name)
    return f"{dataset.municipalities[town].styled_name}: {'; '.join(parts)}."
