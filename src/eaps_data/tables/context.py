"""Find the dataset that holds a record, so that the record can be displayed with its evidence and related records."""

import gc
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from eaps_data.models import context
from eaps_data.models.context import Context
from eaps_data.models.fields import Model
from eaps_data.models.records import Municipality, Partner, Partnership, Program, Record
from eaps_data.models.table_specs import CLAIMING

if TYPE_CHECKING:
    from eaps_data.display.html import ClaimView, FieldView
    from eaps_data.tables.collections import Tables

_datasets: Final["WeakValueDictionary[int, Tables]"] = WeakValueDictionary()


def register(dataset: "Tables") -> None:
    """Remember a dataset as long as it is in memory."""
    _datasets[id(dataset)] = dataset


def _context(record: Model) -> Context | None:
    """Return the context of a record; None if no dataset holds this very object, or several that differ about it."""
    if not isinstance(record, Record) or record.table not in CLAIMING:
        return None
    found = _contexts(record)
    if len(found) > 1:
        gc.collect()  # a dataset that nobody uses anymore may still be in memory
        found = _contexts(record)
    return found[0] if len(found) == 1 else None


def _contexts(record: Record) -> list[Context]:
    """Return the different contexts of a record in the datasets that hold this very object."""
    datasets = [dataset for reference in _datasets.valuerefs() if (dataset := reference()) is not None]
    found = [_in_dataset(dataset, record) for dataset in datasets if _holds(dataset, record)]
    return [each for number, each in enumerate(found) if each not in found[:number]]


context.providers.append(_context)


def _holds(dataset: "Tables", record: Record) -> bool:
    rows = (dataset.grant_program,) if record.table == "grant_program" else getattr(dataset, record.table)
    return any(row is record for row in rows)


def _in_dataset(dataset: "Tables", record: Record) -> Context:
    claims: defaultdict[str, list[ClaimView]] = defaultdict(list)
    for claim in dataset.evidence.where(subject=record)._claims():
        in_parts = isinstance(getattr(record, claim.field), Model)
        claims[f"{claim.field}.{claim.item}" if in_parts else claim.field].append(claim)
    return Context(claims, tuple(_related(dataset, record)))


def _related(dataset: "Tables", record: Record) -> Iterator["FieldView"]:
    """Yield a field for each table with related records."""
    from eaps_data.display.html import FieldView

    match record:
        case Municipality():
            yield FieldView("programs", tuple(program.name for program in dataset.programs.where(municipality=record)))
        case Program():
            rows = dataset.partnerships.where(program=record)
            yield FieldView("partners", *_partnerships(dataset, [(dataset.partners[row.partner], row) for row in rows]))
        case Partner():
            rows = dataset.partnerships.where(partner=record)
            yield FieldView("programs", *_partnerships(dataset, [(dataset.programs[row.program], row) for row in rows]))
        case _:
            pass


def _partnerships(
    dataset: "Tables", rows: list[tuple[Partner | Program, Partnership]]
) -> tuple[tuple[str, ...], list["ClaimView"]]:
    """Return the other side of each partnership with its role, and the evidence of the roles."""
    names = tuple(f"{other.name} ({row.role})" for other, row in rows)
    claims = [
        claim._replace(item=other.name if claim.item is None else f"{other.name}, {claim.item}")
        for other, row in rows
        for claim in dataset.evidence.where(subject=row)._claims()
    ]
    return names, claims
