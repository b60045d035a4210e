"""Who has which terms, as a table of marks: a row a term, a column a program or a municipality."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from eaps_data._internal.text_keys import closest
from eaps_data.display.text import count
from eaps_data.errors import UnknownTermError
from eaps_data.formats.columns import singular
from eaps_data.models.records import Evidence, Program
from eaps_data.models.vocabulary import Basis, Term
from eaps_data.plot.drawing import (
    MARGIN,
    TEXT,
    TOP,
    dataset_of,
    element,
    fitted,
    named,
    picture,
    sentence,
    text,
    width,
    words,
)
from eaps_data.plot.picture import Picture
from eaps_data.tables.collections import Programs
from eaps_data.tables.dataset import Dataset

FIELDS: Final = ("approaches", "services", "staff_roles", "populations", "needs", "frameworks")
"""The fields of a program that hold terms."""
_BY: Final = ("program", "municipality")
_MOST: Final = 100
_LEAST_WIDTH: Final = 640.0
_ROW: Final = 22.0
_COLUMN: Final = 46.0
_HEADER: Final = 190.0  # how high the slanted names may reach
_NAME: Final = 232.0  # how long they may be
_SLANT: Final = 0.7072  # of 45 degrees
_LEGEND: Final = 44.0
_BASES: Final = (
    (Basis.STATED, "the source states it"),
    (Basis.NAMED, "only a name says it"),
    (Basis.INFERRED, "a careful reader concludes it"),
)


class _Column(NamedTuple):
    name: str
    below: str
    programs: tuple[Program, ...]


_Known: TypeAlias = Mapping[tuple[str, str, str], Evidence]


def draw(programs: Programs, fields: Sequence[str], by: str) -> Picture:
    """Draw the matrix."""
    for field in fields:
        if field not in FIELDS:
            raise UnknownTermError("field", field, FIELDS, closest(field, FIELDS))
    if by not in _BY:
        raise UnknownTermError("by", by, _BY, closest(by, _BY))
    dataset = dataset_of(programs, Programs)
    columns = _columns(dataset, programs, by)
    shown = columns[:_MOST]
    rows = {field: _terms(field, shown) for field in dict.fromkeys(fields)}
    title = f"{dataset.grant_program.name}: who does what"
    said = [count(len(terms), singular(field).replace("_", " ")) for field, terms in rows.items()]
    if not any(rows.values()):
        nothing = "There are no such terms here." if programs else "There are no programs here."
        return sentence(title, nothing, dataset.release)
    left = MARGIN + max(width(words(term)) for terms in rows.values() for term in terms) + 12
    across = max(_LEAST_WIDTH, left + len(shown) * _COLUMN + _NAME * _SLANT + MARGIN)
    right = left + len(shown) * _COLUMN
    drawn = list(_header(shown, left))
    y = TOP + _HEADER + 10
    known = {
        (row.subject, row.field, str(row.item)): row
        for row in dataset.evidence.where(
            subject=[each for column in shown for each in column.programs], field=list(rows)
        )
    }
    for field, terms in rows.items():
        if terms:
            y += _ROW
            drawn.append(text(field.replace("_", " ").capitalize(), MARGIN, y, "strong"))
            y += 6
        for term in terms:
            drawn.append(_row(field, term, shown, known, (left, right, y)))
            y += _ROW
    drawn.extend(_legend(y + _LEGEND - 10))
    size = f"{count(len(shown), by)} with {', '.join(said)}"
    alt = f"{size}. " + " ".join(_told(column, list(rows)) for column in shown)
    note = f"The first {_MOST} of {count(len(columns), by)}." if len(columns) > _MOST else ""
    return picture(
        title=title, under=size, alt=alt, size=(across, y + _LEGEND), drawn=drawn, release=dataset.release, note=note
    )


def _columns(dataset: Dataset, programs: Iterable[Program], by: str) -> list[_Column]:
    if by == "program":
        return [_Column(each.name, dataset.municipalities[each.municipality].name, (each,)) for each in programs]
    towns: dict[str, list[Program]] = defaultdict(list)
    for program in programs:
        towns[program.municipality].append(program)
    return [
        _Column(dataset.municipalities[key].name, count(len(own), "program"), tuple(own)) for key, own in towns.items()
    ]


def _terms(field: str, columns: Iterable[_Column]) -> list[Term]:
    """The terms that the columns have, those of many first."""
    counts: dict[Term, int] = defaultdict(int)
    for column in columns:
        for term in _held(field, column):
            counts[term] += 1
    return sorted(counts, key=lambda term: (-counts[term], _position(term)))


def _position(term: Term) -> int:
    """Where a term stands in its vocabulary."""
    return tuple(type(term)).index(term)


def _held(field: str, column: _Column) -> dict[Term, None]:
    """The terms of a column, each once."""
    return dict.fromkeys(term for program in column.programs for term in getattr(program, field))


def _header(columns: Sequence[_Column], left: float) -> Iterator[str]:
    """The names over the columns, at a slant."""
    for number, column in enumerate(columns):
        x, y = left + (number + 0.5) * _COLUMN, TOP + _HEADER
        said = [
            text(fitted(column.name, _NAME), 0, -8, "strong"),
            text(fitted(column.below, _NAME, 12), 0, 7, "quiet"),
        ]
        turned = element("g", *said, transform=f"translate({x + 4:.1f} {y - 4:.1f}) rotate(-45)")
        yield named(f"{column.name} ({column.below})", turned)


def _row(field: str, term: Term, columns: Sequence[_Column], known: _Known, place: tuple[float, float, float]) -> str:
    left, right, y = place
    middle = y + _ROW / 2
    drawn = [
        element("path", d=f"M{MARGIN},{y + _ROW:.0f}H{right:.0f}", class_="line"),
        text(words(term), MARGIN, middle + TEXT / 3),
    ]
    for number, column in enumerate(columns):
        rows = [known[key] for each in column.programs if (key := (f"programs/{each.id}", field, str(term))) in known]
        if rows:
            best = min(rows, key=lambda row: [basis for basis, _ in _BASES].index(row.basis))
            mark = _mark(best.basis, left + (number + 0.5) * _COLUMN, middle)
            drawn.append(named(f"{column.name}: {words(term)}, {best.basis}: “{best.quote}”", mark))
    return named(term.definition, *drawn)


def _mark(basis: Basis, x: float, y: float) -> str:
    """A disc for what is stated, a ring around a point for what is named, and a ring for what is inferred."""
    if basis is Basis.STATED:
        return element("circle", cx=x, cy=y, r=6, class_="mark")
    ring = element("circle", cx=x, cy=y, r=6, class_="mark ring")
    return ring + element("circle", cx=x, cy=y, r=1.5, class_="mark") if basis is Basis.NAMED else ring


def _legend(y: float) -> Iterator[str]:
    x = float(MARGIN)
    for basis, said in _BASES:
        yield named(said, _mark(basis, x + 7, y - 4), text(basis.value, x + 22, y))
        x += 100
    yield text("no mark: the source does not say", x, y, "quiet")


def _told(column: _Column, fields: Sequence[str]) -> str:
    """What a column has, as a sentence."""
    held = [words(term) for field in fields for term in _held(field, column)]
    return f"{column.name}: {', '.join(held) or 'nothing is said'}."
