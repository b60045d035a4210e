"""The matrix of terms: one row per term, one column per program or municipality."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import altair as alt

from eaps_data._internal.arguments import one_of
from eaps_data.display.text import count
from eaps_data.formats.columns import singular
from eaps_data.models.records import Program, term_fields
from eaps_data.models.vocabulary import Basis, Term
from eaps_data.plot import chart, words
from eaps_data.tables.collections import Programs
from eaps_data.tables.dataset import Dataset

_BY: Final = ("program", "municipality")
_STYLES: Final[Mapping[str, tuple[str, str, str]]] = {
    Basis.STATED: (chart.BLUE, "circle", "the source states it"),
    Basis.NAMED: (chart.VERMILLION, "square", "only a name says it"),
    Basis.INFERRED: (chart.GRAY, "triangle-up", "a careful reader concludes it"),
}
"""The color, the shape and the meaning of each basis, the strongest first."""
_COLUMN, _ROW = 26, 20  # pixels
_LABEL_WIDTH: Final = 60  # characters


def draw(programs: Programs, fields: Sequence[str], by: str) -> alt.Chart:
    """Draw the matrix."""
    for field in fields:
        one_of("field", field, words.TERM_LISTS)
    one_of("by", by, _BY)
    dataset = words.dataset_of(programs, Programs, "matrix")
    title = f"{dataset.grant_program.name}: {words.enumeration([_words(field) for field in fields])}"
    columns = _columns(dataset, programs, by)
    terms = {field: _terms(field, columns.values()) for field in dict.fromkeys(fields)}
    if not any(terms.values()):
        text = "There are no such terms here." if programs else "There are no programs here."
        return chart.message(text).properties(**chart.properties(title, [], text, dataset.release))
    numbers = [count(len(group), _words(singular(field))) for field, group in terms.items()]
    size = words.program_count(programs) if by == "program" else count(len(columns), by)
    summary = f"{size} with {', '.join(numbers)}."
    listed = {
        name: [words.term_label(term) for field in terms for term in _of(field, group)]
        for name, group in columns.items()
    }
    sentences = [f"{name}: {words.enumeration(each) or 'no terms'}." for name, each in listed.items()]
    subtitle = [summary, "No mark: the source does not say."]
    description = " ".join([summary, *sentences])
    rows = [row for field in terms for row in _rows(dataset, field, columns)]
    order = [words.term_label(term) for group in terms.values() for term in group]
    properties = chart.properties(title, subtitle, description, dataset.release)
    return _draw(rows, [_column_label(name) for name in columns], order).properties(**properties)


def _columns(dataset: Dataset, programs: Iterable[Program], by: str) -> dict[str, list[Program]]:
    """Return the programs of each column by its name: the acronym or name of a program, or that of a municipality."""
    groups: dict[str, list[Program]] = defaultdict(list)
    for each in programs:
        groups[each.id if by == "program" else each.municipality].append(each)
    names = {
        id_: (each.acronym or each.name) if by == "program" else dataset.municipalities[id_].name
        for id_, (each, *_) in groups.items()
    }
    counts = Counter(names.values())
    return {name if counts[name] == 1 else f"{name} ({id_})": groups[id_] for id_, name in names.items()}


def _column_label(name: str) -> str:
    label: str = chart.inert(chart.label(name, _LABEL_WIDTH)["label"])
    return label


def _words(field: str) -> str:
    return field.replace("_", " ")


def _of(field: str, programs: Iterable[Program]) -> dict[Term, None]:
    """Return the distinct terms of programs, in order."""
    return dict.fromkeys(term for program in programs for term in getattr(program, field))


def _terms(field: str, columns: Iterable[Iterable[Program]]) -> list[Term]:
    """Return the terms of the columns, the most frequent first, then in the order of the vocabulary."""
    counts = Counter(term for programs in columns for term in _of(field, programs))
    vocabulary = list(term_fields("programs")[field])
    return sorted(counts, key=lambda term: (-counts[term], vocabulary.index(term)))


def _rows(dataset: Dataset, field: str, columns: Mapping[str, Sequence[Program]]) -> Iterator[chart.Row]:
    """Yield a row for each mark: a term of a column, with the strongest basis among its programs."""
    for name, programs in columns.items():
        for term in _of(field, programs):
            having = [program for program in programs if term in getattr(program, field)]
            claims = [words.claims(dataset, program, field, term.value) for program in having]
            yield {
                "column": _column_label(name),
                "field": _words(field).capitalize(),
                "Program": words.enumeration([program.name for program in having]),
                "Municipality": dataset.municipalities[programs[0].municipality].name,
                "Term": words.term_label(term),
                "Definition": term.definition,
                "Basis": min(map(words.basis_of, claims), key=words.STRENGTHS.index).value,
                "Quotation": words.quotation(row for claim in claims for row in claim),
            }


def _draw(rows: Sequence[chart.Row], columns: Sequence[str], terms: Sequence[str]) -> alt.Chart:
    """Draw the marks, in columns and terms of the given order."""
    used = {row["Basis"] for row in rows}
    bases = [basis for basis in _STYLES if basis in used]
    colors, shapes, meanings = zip(*[_STYLES[basis] for basis in bases], strict=True)
    names = json.dumps({basis: f"{basis}: {meaning}" for basis, meaning in zip(bases, meanings, strict=True)})
    legend = alt.Legend(orient="bottom", labelExpr=f"{names}[datum.label]", labelLimit=0, columns=1)
    further = max(column.count("\n") for column in columns)  # lines of a slanted label, which need room
    guides: dict[str, Any] = {"grid": True, "tickBand": "extent", "ticks": False, "domain": False, "labelLimit": 0}
    slanted = alt.Axis(
        **guides, orient="top", labelAngle=-45, labelPadding=4 + 10 * further, labelExpr="split(datum.label, '\\n')"
    )
    groups = alt.Row("field:N", title=None, sort=list(dict.fromkeys(row["field"] for row in rows)), spacing=12)
    drawn: alt.Chart = (
        alt.Chart(chart.data(rows), width=alt.Step(_COLUMN * (1 + further)), height=alt.Step(_ROW))
        .mark_point(filled=True, opacity=1, size=90)
        .encode(
            x=alt.X("column:N", title=None, axis=slanted).scale(domain=columns, type="band"),
            y=alt.Y("Term:N", title=None, axis=alt.Axis(**guides), sort=terms).scale(type="band"),
            row=groups.header(labelFontSize=12, labelFontWeight="bold"),
            color=alt.Color("Basis:N", legend=legend).scale(domain=bases, range=colors),
            shape=alt.Shape("Basis:N", legend=legend).scale(domain=bases, range=shapes),
            tooltip=["Program:N", "Municipality:N", "Term:N", "Definition:N", "Basis:N", "Quotation:N"],
        )
        .resolve_scale(y="independent")
    )
    return drawn
