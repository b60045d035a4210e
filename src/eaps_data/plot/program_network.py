"""Municipalities, their programs and the programs' partners, side by side, with a line for each role."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from eaps_data.display.text import count
from eaps_data.models.records import Partner, Partnership, Program
from eaps_data.models.vocabulary import Role
from eaps_data.plot.drawing import (
    MARGIN,
    TEXT,
    TOP,
    dataset_of,
    element,
    lines,
    listed,
    named,
    picture,
    sentence,
    text,
    words,
)
from eaps_data.plot.picture import Picture
from eaps_data.tables.collections import Programs
from eaps_data.tables.dataset import Dataset

_WIDTH: Final = 1_040.0
_MOST: Final = 200
_TALL: Final = 40.0  # a box
_STEP: Final = 48.0
_BETWEEN: Final = 14.0  # one municipality and the next
_LINE: Final = 15.0
_PAD: Final = 10.0
_TOWN: Final = (MARGIN, 150.0)  # left and width of each column
_PROGRAM: Final = (MARGIN + 166.0, 330.0)
_PARTNER: Final = (_WIDTH - MARGIN - 300.0, 300.0)
_LEGEND: Final = 44.0


@dataclass(frozen=True, slots=True)
class _Place:
    top: float
    tall: float

    @property
    def middle(self) -> float:
        return self.top + self.tall / 2


def draw(programs: Programs) -> Picture:
    """Draw the network."""
    dataset = dataset_of(programs, Programs)
    title = f"{dataset.grant_program.name}: who with whom"
    if not programs:
        return sentence(title, "There are no programs here.", dataset.release)
    towns = _by_town(programs[:_MOST])
    shown = [program for own in towns.values() for program in own]
    rows = list(dataset.partnerships.where(program=shown))
    program_places = _stacked(towns)
    partners = _in_order({row.partner: dataset.partners[row.partner] for row in rows}, rows, program_places)
    partner_places = _spaced(partners, max(place.top + place.tall for place in program_places.values()))
    bottom = max(place.top + place.tall for place in (*program_places.values(), *partner_places.values()))
    drawn = [
        *_lines(dataset, rows, program_places, partner_places),
        *_towns(dataset, towns, program_places),
        *(_box(program.name, _about(program), _PROGRAM, program_places[program.id]) for program in shown),
        *(_box(partner.name, words(partner.kind), _PARTNER, partner_places[partner.id]) for partner in partners),
        *_legend({row.role for row in rows}, bottom + _LEGEND - 12),
    ]
    of = [count(len(shown), "program"), count(len(towns), "municipality"), count(len(partners), "partner")]
    size = f"{of[0]} of {of[1]} with {of[2]}"
    alt = f"{size}. " + " ".join(_told(dataset, town, own) for town, own in towns.items())
    note = f"The first {_MOST} of {len(programs):,} programs." if len(programs) > _MOST else ""
    return picture(
        title=title,
        under=size,
        alt=alt,
        size=(_WIDTH, bottom + _LEGEND),
        drawn=drawn,
        release=dataset.release,
        note=note,
    )


def _by_town(programs: Iterable[Program]) -> dict[str, list[Program]]:
    """The programs of each municipality; what is part of another one stands under it, where that is here too."""
    towns: dict[str, list[Program]] = defaultdict(list)
    for program in programs:
        towns[program.municipality].append(program)
    return {town: sorted(own, key=_path(own)) for town, own in towns.items()}


def _path(programs: Sequence[Program]) -> Callable[[Program], list[int]]:
    """What sorts programs: the positions of all that a program is part of, from the whole, and its own."""
    positions = {program.id: number for number, program in enumerate(programs)}

    def path(program: Program) -> list[int]:
        # A circle of parts is no valid data, so that this ends.
        whole = positions.get(program.part_of) if program.part_of else None
        return [*([] if whole is None else path(programs[whole])), positions[program.id]]

    return path


def _stacked(towns: Mapping[str, Sequence[Program]]) -> dict[str, _Place]:
    places = {}
    top = float(TOP)
    for own in towns.values():
        for program in own:
            places[program.id] = _Place(top, _TALL)
            top += _STEP
        top += _BETWEEN
    return places


def _in_order(
    partners: Mapping[str, Partner], rows: Iterable[Partnership], places: Mapping[str, _Place]
) -> list[Partner]:
    """The partners as high as their programs are, on the average, so that few lines cross."""
    heights: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        heights[row.partner].append(places[row.program].middle)
    return sorted(partners.values(), key=lambda each: sum(heights[each.id]) / len(heights[each.id]))


def _spaced(partners: Sequence[Partner], bottom: float) -> dict[str, _Place]:
    step = max(_STEP, (bottom - TOP) / max(len(partners), 1))
    return {each.id: _Place(TOP + number * step + (step - _STEP) / 2, _TALL) for number, each in enumerate(partners)}


def _lines(
    dataset: Dataset, rows: Sequence[Partnership], programs: Mapping[str, _Place], partners: Mapping[str, _Place]
) -> Iterator[str]:
    starts = _ports(rows, [row.program for row in rows], programs, [partners[row.partner].middle for row in rows])
    ends = _ports(rows, [row.partner for row in rows], partners, [programs[row.program].middle for row in rows])
    left, right = sum(_PROGRAM), _PARTNER[0]
    middle = (left + right) / 2
    for row, start, end in zip(rows, starts, ends, strict=True):
        path = f"M{left:.0f},{start:.1f}C{middle:.0f},{start:.1f} {middle:.0f},{end:.1f} {right:.0f},{end:.1f}"
        partner, program = dataset.partners[row.partner].name, dataset.programs[row.program].name
        example = ", as one of several" if row.example else ""
        said = f"{partner}: {words(row.role)}{example}: {program}"
        yield named(said, element("path", d=path, class_=f"edge {row.role}"))


def _ports(
    rows: Sequence[Partnership], at: Sequence[str], places: Mapping[str, _Place], others: Sequence[float]
) -> list[float]:
    """How high each line leaves its box: side by side, in the order of where they go."""
    shares: dict[str, list[int]] = defaultdict(list)
    for number in sorted(range(len(rows)), key=lambda number: others[number]):
        shares[at[number]].append(number)
    heights = [0.0] * len(rows)
    for key, numbers in shares.items():
        place = places[key]
        for position, number in enumerate(numbers):
            heights[number] = place.top + place.tall * (position + 1) / (len(numbers) + 1)
    return heights


def _towns(dataset: Dataset, towns: Mapping[str, Sequence[Program]], places: Mapping[str, _Place]) -> Iterator[str]:
    left, across = _TOWN
    for key, own in towns.items():
        town = dataset.municipalities[key]
        top, last = places[own[0].id].top, places[own[-1].id]
        bottom = last.top + last.tall
        bracket = f"M{_PROGRAM[0] - 6:.0f},{top:.0f}h-6V{bottom:.0f}h6"
        made = lines(town.name, across, 2)
        first = (top + bottom) / 2 - (len(made) - 1) * _LINE / 2 + TEXT / 3
        said = [text(line, left, first + number * _LINE, "strong") for number, line in enumerate(made)]
        yield named(town.styled_name, element("path", d=bracket, class_="leader"), *said)


def _box(name: str, about: str, column: tuple[float, float], place: _Place) -> str:
    left, across = column
    made = lines(name, across - 2 * _PAD, 2)
    first = place.middle - (len(made) - 1) * _LINE / 2 + TEXT / 3
    said = [text(line, left + _PAD, first + number * _LINE) for number, line in enumerate(made)]
    frame = element("rect", x=left, y=place.top, width=across, height=place.tall, rx=4, class_="box")
    return named(f"{name} ({about})" if about else name, frame, *said)


def _about(program: Program) -> str:
    return ", ".join(filter(None, [program.acronym, program.status and words(program.status)]))


def _legend(roles: Iterable[Role], y: float) -> Iterator[str]:
    x = float(MARGIN)
    for role in sorted(roles, key=list(Role).index):
        line = element("path", d=f"M{x:.0f},{y - 4:.0f}h44", class_=f"edge {role}")
        yield named(role.definition, line, text(words(role), x + 52, y))
        x += 160


def _told(dataset: Dataset, town: str, programs: Sequence[Program]) -> str:
    """One municipality's programs with their partners, as a sentence."""
    parts = []
    for program in programs:
        rows = dataset.partnerships.where(program=program)
        partners = listed([f"{dataset.partners[row.partner].name} ({words(row.role)})" for row in rows])
        parts.append(f"{program.name} with {partners}" if partners else program.name)
    return f"{dataset.municipalities[town].styled_name}: {'; '.join(parts)}."
