"""The matrix of terms: one row per term, one column per program or municipality."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from eaps_data._internal.text_keys import closest
from eaps_data.display.text import count
from eaps_data.errors import UnknownTermError
from eaps_data.formats.columns import singular
from eaps_data.models.records import Evidence, Program, term_fields
from eaps_data.models.vocabulary import Basis, Term
from eaps_data.plot.picture import Picture
from eaps_data.plot.svg import (
    FONT_SIZE,
    MARGIN,
    TOP,
    build_picture,
    dataset_of,
    element,
    message_picture,
    program_count,
    term_label,
    text,
    text_width,
    truncate,
    with_tooltip,
)
from eaps_data.tables.collections import Programs
from eaps_data.tables.dataset import Dataset

TERM_LISTS: Final = tuple(field for field in term_fields("programs") if Program.model_fields[field].default == ())
"""The fields of a program that hold lists of terms."""
_BY: Final = ("program", "municipality")
_MAX_COLUMNS: Final = 100
_MIN_WIDTH: Final = 640.0
_ROW_HEIGHT: Final = 22.0
_COLUMN_WIDTH: Final = 46.0
_HEADER_HEIGHT: Final = 190.0  # of the slanted names
_NAME_WIDTH: Final = 232.0
_SLANT: Final = 0.7072  # the sine of 45 degrees
_LEGEND_HEIGHT: Final = 44.0
_LEGEND: Final[Mapping[Basis, str]] = {
    Basis.STATED: "the source states it",
    Basis.NAMED: "only a name says it",
    Basis.INFERRED: "a careful reader concludes it",
}
"""What each basis means, the strongest first."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A program, or a municipality with all its programs."""

    name: str
    subtitle: str
    programs: Sequence[Program]

    def terms(self, field: str) -> dict[Term, None]:
        """Return the column's distinct terms, in order."""
        return dict.fromkeys(term for program in self.programs for term in getattr(program, field))


_Claims: TypeAlias = Mapping[tuple[str, str, str], Evidence]
"""Evidence by subject, field and item."""


def draw(programs: Programs, fields: Sequence[str], by: str) -> Picture:
    """Draw the matrix."""
    for field in fields:
        if field not in TERM_LISTS:
            raise UnknownTermError("field", field, TERM_LISTS, closest(field, TERM_LISTS))
    if by not in _BY:
        raise UnknownTermError("by", by, _BY, closest(by, _BY))
    dataset = dataset_of(programs, Programs, "matrix")
    title = f"{dataset.grant_program.name}: who does what"
    all_columns = _columns(dataset, programs, by)
    columns = all_columns[:_MAX_COLUMNS]
    terms = {field: _terms(field, columns) for field in dict.fromkeys(fields)}
    if not any(terms.values()):
        message = "There are no such terms here." if programs else "There are no programs here."
        return message_picture(title, message, dataset.release)
    left = MARGIN + max(text_width(term_label(term)) for group in terms.values() for term in group) + 12
    right = left + len(columns) * _COLUMN_WIDTH
    rows, bottom = _draw_rows(terms, columns, _claims(dataset, columns), (left, right))
    term_counts = [count(len(group), singular(field).replace("_", " ")) for field, group in terms.items()]
    subtitle = f"{_column_count(columns, by)} with {', '.join(term_counts)}"
    is_cut = len(all_columns) > _MAX_COLUMNS
    return build_picture(
        title=title,
        subtitle=subtitle,
        alt=f"{subtitle}. " + " ".join(_describe(column, terms) for column in columns),
        size=(max(_MIN_WIDTH, right + _NAME_WIDTH * _SLANT + MARGIN), bottom + _LEGEND_HEIGHT),
        content=[*_draw_header(columns, left), *rows, *_draw_legend(bottom + _LEGEND_HEIGHT - 10)],
        release=dataset.release,
        note=f"The first {_MAX_COLUMNS} of {_column_count(all_columns, by)}." if is_cut else "",
    )


def _columns(dataset: Dataset, programs: Iterable[Program], by: str) -> list[_Column]:
    towns = dataset.municipalities
    if by == "program":
        return [_Column(program.name, towns[program.municipality].name, [program]) for program in programs]
    by_town: dict[str, list[Program]] = defaultdict(list)
    for program in programs:
        by_town[program.municipality].append(program)
    return [_Column(towns[id_].name, program_count(group), group) for id_, group in by_town.items()]


def _column_count(columns: Sequence[_Column], by: str) -> str:
    if by == "program":
        return program_count([program for column in columns for program in column.programs])
    return count(len(columns), by)


def _terms(field: str, columns: Iterable[_Column]) -> list[Term]:
    """Return the terms of the columns, the most frequent first, then in the order of the vocabulary."""
    counts: dict[Term, int] = defaultdict(int)
    for column in columns:
        for term in column.terms(field):
            counts[term] += 1
    vocabulary = list(term_fields("programs")[field])
    return sorted(counts, key=lambda term: (-counts[term], vocabulary.index(term)))


def _claims(dataset: Dataset, columns: Iterable[_Column]) -> _Claims:
    programs = [program for column in columns for program in column.programs]
    return {(row.subject, row.field, str(row.item)): row for row in dataset.evidence.where(subject=programs)}


def _draw_header(columns: Sequence[_Column], left: float) -> Iterator[str]:
    """Yield the slanted names of the columns."""
    for number, column in enumerate(columns):
        x, y = left + (number + 0.5) * _COLUMN_WIDTH, TOP + _HEADER_HEIGHT
        name = text(truncate(column.name, _NAME_WIDTH), 0, -8, "strong")
        subtitle = text(truncate(column.subtitle, _NAME_WIDTH, 12), 0, 7, "quiet")
        slanted = element("g", name, subtitle, transform=f"translate({x + 4:.1f} {y - 4:.1f}) rotate(-45)")
        yield with_tooltip(f"{column.name} ({column.subtitle})", slanted)


def _draw_rows(
    terms: Mapping[str, Sequence[Term]], columns: Sequence[_Column], claims: _Claims, x: tuple[float, float]
) -> tuple[list[str], float]:
    """Return a row for each term under a heading for its field, and the y coordinate below the last row."""
    content: list[str] = []
    y = TOP + _HEADER_HEIGHT + 10
    for field, group in terms.items():
        if group:
            y += _ROW_HEIGHT
            content.append(text(field.replace("_", " ").capitalize(), MARGIN, y, "strong"))
            y += 6
        for term in group:
            content.append(_draw_row(field, term, columns, claims, (*x, y)))
            y += _ROW_HEIGHT
    return content, y


def _draw_row(
    field: str, term: Term, columns: Sequence[_Column], claims: _Claims, place: tuple[float, float, float]
) -> str:
    left, right, y = place
    middle = y + _ROW_HEIGHT / 2
    content = [
        element("path", d=f"M{MARGIN},{y + _ROW_HEIGHT:.0f}H{right:.0f}", class_="line"),
        text(term_label(term), MARGIN, middle + FONT_SIZE / 3),
    ]
    for number, column in enumerate(columns):
        evidence = [claims.get((f"programs/{program.id}", field, term.value)) for program in column.programs]
        strongest = min(filter(None, evidence), key=lambda row: list(_LEGEND).index(row.basis), default=None)
        if strongest:
            mark = _draw_mark(strongest.basis, left + (number + 0.5) * _COLUMN_WIDTH, middle)
            tooltip = f"{column.name}: {term_label(term)}, {strongest.basis}: “{strongest.quote}”"
            content.append(with_tooltip(tooltip, mark))
    return with_tooltip(term.definition, *content)


def _draw_mark(basis: Basis, x: float, y: float) -> str:
    """Draw a disc for a stated term, a ring with a center for a named one, and a ring for an inferred one."""
    if basis is Basis.STATED:
        return element("circle", cx=x, cy=y, r=6, class_="mark")
    ring = element("circle", cx=x, cy=y, r=6, class_="mark ring")
    return ring + element("circle", cx=x, cy=y, r=1.5, class_="mark") if basis is Basis.NAMED else ring


def _draw_legend(y: float) -> Iterator[str]:
    x = float(MARGIN)
    for basis, meaning in _LEGEND.items():
        yield with_tooltip(meaning, _draw_mark(basis, x + 7, y - 4), text(basis.value, x + 22, y))
        x += 100
    yield text("no mark: the source does not say", x, y, "quiet")


def _describe(column: _Column, fields: Iterable[str]) -> str:
    """Describe a column in a sentence."""
    labels = [term_label(term) for field in fields for term in column.terms(field)]
    return f"{column.name}: {', '.join(labels) or 'no terms'}."
