"""The strings of charts and pages about records: names, counts, terms and quotations."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from eaps_data.display.text import count
from eaps_data.models.records import Evidence, Program, Record, term_fields
from eaps_data.models.vocabulary import Basis, Term
from eaps_data.tables.base import Collection
from eaps_data.tables.dataset import Dataset

TERM_LISTS: Final = tuple(field for field in term_fields("programs") if Program.model_fields[field].default == ())
"""The fields of a program that hold lists of terms."""
STRENGTHS: Final = (Basis.STATED, Basis.NAMED, Basis.INFERRED)
"""The bases of claims, strongest first."""
_MAX_ITEMS: Final = 50
# Prefixes that English joins with a hyphen.
_HYPHENATED: Final = re.compile(r"\b(anti|co|follow|non|third|trauma) (\w)")


def dataset_of(records: Collection[Any], expected: type[Collection[Any]], function: str) -> Dataset:
    """Return the dataset that the records of a chart belong to.

    Raises:
        TypeError: If the records are not a collection of the expected type.
    """
    if not isinstance(records, expected):
        raise TypeError(f"plot.{function}() expects {expected.__name__}, got {type(records).__name__}")
    dataset: Dataset = records._tables  # noqa: SLF001 - there is no public way from a collection to its dataset
    return dataset


def enumeration(items: Sequence[str]) -> str:
    """Join items as in a sentence; of a long list, the beginning.

    >>> enumeration(["a"]), enumeration(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    if len(items) > _MAX_ITEMS:
        items = [*items[:_MAX_ITEMS], f"{len(items) - _MAX_ITEMS:,} more"]
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def program_noun(programs: Iterable[Program]) -> str:
    """Return `program`, or `program record` if one of them represents several programs or has no name of its own."""
    return "program" if all(each.named_by_source and not each.plural for each in programs) else "program record"


def program_count(programs: Sequence[Program] | Collection[Program]) -> str:
    """Return how many programs there are.

    >>> from eaps_data.models.records import Program
    >>> one = Program(id="a", name="A", municipality="alder")
    >>> program_count([one]), program_count([one, one.model_copy(update={"plural": True})])
    ('1 program', '2 program records')
    """
    return count(len(programs), program_noun(programs))


def term_label(term: Term | None) -> str:
    """Return a term in words, or an empty string for None.

    >>> from eaps_data.models.vocabulary import Approach, Need
    >>> term_label(Need.MENTAL_HEALTH)
    'mental health'
    >>> term_label(Approach.CO_RESPONSE)
    'co-response'
    """
    return _HYPHENATED.sub(r"\1-\2", term.replace("-", " ")) if term else ""


def claims(dataset: Dataset, record: Record, field: str, item: str | None = None) -> list[Evidence]:
    """Return the evidence for a field of a record, or for one item of it."""
    rows = dataset.evidence.where(subject=record)
    return [row for row in rows if row.field == field and (item is None or row.item == item)]


def quotation(rows: Iterable[Evidence]) -> str:
    """Return the quotes of evidence, each once."""
    return " ".join(dict.fromkeys(f"“{row.quote}”" for row in rows)) or "no quotation"


def basis_of(rows: Iterable[Evidence]) -> Basis:
    """Return the basis of a claim, which is that of its weakest evidence; without evidence, the weakest."""
    return max((row.basis for row in rows), key=STRENGTHS.index, default=STRENGTHS[-1])
