"""The claims that a record makes: each needs evidence, and all evidence supports a claim."""

from collections.abc import Iterator, Sequence
from itertools import chain, compress, repeat
from typing import TYPE_CHECKING, Any, TypeVar

from eaps_data.models.rows import known_parts
from eaps_data.models.table_specs import TABLE_SPECS
from eaps_data.rules.columns import Columns, repeat_for_items, sample_of

if TYPE_CHECKING:
    from eaps_data.models.records import Record

Owner = TypeVar("Owner")


def claims(record: "Record") -> Iterator[tuple[str, str | None]]:
    """Yield each claim of a record, as its field and item.

    An empty field claims nothing. A list claims each of its items. A nested object, such as `identifiers`, claims each
    part that is known, with the part's name as the item. Ids, summaries, and names that are ours (`named_by_source` is
    false) are no claims.

    >>> from eaps_data.models.records import Partner
    >>> partner = Partner(id="a", name="Office of A", aliases=("The Office", "OA"))
    >>> list(claims(partner))
    [('name', None), ('aliases', 'The Office'), ('aliases', 'OA')]
    """
    fields = TABLE_SPECS[record.table].claims
    columns = Columns(record.table, (*fields, "named_by_source"), [vars(record)])
    for _, field, item in claims_in(columns, (record,)):
        yield field, None if item is None else str(item)


def claims_in(columns: Columns, owners: Sequence[Owner]) -> Iterator[tuple[Owner, str, str | None]]:
    """Yield each claim of a table's rows, field by field, with its owner; see `claims`.

    Args:
        columns: the rows, with the fields that may make claims, and `named_by_source` if the table has it.
        owners: what represents each row in the result.
    """
    return chain.from_iterable(_claims_of_field(columns, field, owners) for field in TABLE_SPECS[columns.table].claims)


def _claims_of_field(columns: Columns, field: str, owners: Sequence[Owner]) -> Iterator[tuple[Owner, str, str | None]]:
    values: list[Any] = columns[field]
    if columns.table == "programs" and field == "name":
        values = [by_source is not False for by_source in columns["named_by_source"]]
    sample = sample_of(values)
    if sample is None or isinstance(sample, str | int | float):
        return zip(compress(owners, values), repeat(field), repeat(None))
    if not isinstance(sample, tuple | list):
        values = [None if value is None else known_parts(value) for value in values]
    items: list[Any] = [value or () for value in values]
    return zip(repeat_for_items(owners, items), repeat(field), chain.from_iterable(items))
