"""What is displayed with a record although it is not part of it: the evidence of each field, and related records."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eaps_data.display.html import ClaimView, FieldView
    from eaps_data.models.fields import Model


class Context(NamedTuple):
    """The evidence of a record by field, or by part of a field such as `location.latitude`; and related records."""

    claims: "Mapping[str, Sequence[ClaimView]]"
    related: "Sequence[FieldView]"


providers: "list[Callable[[Model], Context | None]]" = []
"""Functions that know the context of some records. A record does not refer to its dataset, so `tables` adds one."""


def context_of(record: "Model") -> Context:
    """Return the context of a record; it is empty if no provider knows the record."""
    known = (provider(record) for provider in providers)
    return next(filter(None, known), Context({}, ()))
