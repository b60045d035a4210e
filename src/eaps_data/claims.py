"""Which claims a record makes: each is to have evidence, and no evidence is to be without its claim."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from eaps_data.fields import Model
from eaps_data.models import (
    Evidence,
    GrantProgram,
    Municipality,
    Partner,
    Partnership,
    Program,
    Record,
    Source,
)

_NO_CLAIMS: Final[dict[type[Record], frozenset[str]]] = {
    GrantProgram: frozenset({"id", "source"}),
    Municipality: frozenset({"id", "summary"}),
    Program: frozenset({"id", "summary", "named_by_source"}),
    Partner: frozenset({"id"}),
    Partnership: frozenset({"program", "partner"}),  # they say which row this is; its role is the claim
    Source: frozenset(Source.model_fields),  # a source is where claims end
    Evidence: frozenset(Evidence.model_fields),
}


def claims(record: Record) -> Iterator[tuple[str, str | None]]:
    """Each claim of a record, as its field and item.

    An empty field claims nothing. A list claims each of its items. A field that has parts, such as
    `identifiers`, claims each part that is known; the part's name is the item. Ids, summaries of our own and
    names of our own (`named_by_source` false) are no claims.

    >>> from eaps_data.models import Partner
    >>> partner = Partner(id="a", name="Office of A", aliases=("The Office", "OA"))
    >>> list(claims(partner))
    [('name', None), ('aliases', 'The Office'), ('aliases', 'OA')]
    """
    held = vars(record)  # a field at a time would take twice as long
    for field in claiming(type(record)):
        value = held[field]
        if (
            value is None
            or value is False
            or value == ()
            or (field == "name" and not held.get("named_by_source", True))
        ):
            continue
        if isinstance(value, tuple):
            for item in value:
                yield field, str(item)
        elif isinstance(value, Model):
            for part, known in value:
                if known not in (None, ()):
                    yield field, part
        else:
            yield field, None


@cache
def claiming(kind: type[Record]) -> tuple[str, ...]:
    """The fields of a record that may claim something.

    >>> from eaps_data.models import Partnership
    >>> claiming(Partnership)
    ('role', 'example')
    """
    return tuple(field for field in kind.model_fields if field not in _NO_CLAIMS[kind])
