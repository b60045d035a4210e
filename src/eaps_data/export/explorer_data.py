"""The data of the explorer's script: the filters with their values for each record, the downloads and the index."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, Final, TypeAlias

from eaps_data.display.text import visible
from eaps_data.formats import columns, csv
from eaps_data.models.not_stated import PAGE, NotStated, not_stated
from eaps_data.models.records import RECORDS, Partnership, Record
from eaps_data.models.vocabulary import Term
from eaps_data.plot.words import term_label
from eaps_data.tables.base import Collection
from eaps_data.tables.dataset import Dataset
from eaps_data.tables.search import TextIndex
from eaps_data.tables.where_signatures import FilterSpec, filter_specs

VIEWS: Final[Mapping[str, Sequence[str]]] = {
    "programs": ("name", "municipality", "started_year"),
    "municipalities": ("name", "county"),
    "partners": ("name", "kind"),
}
"""The tables that have a view, and the fields by which it can be sorted."""

_FIRST: Final = ("municipality", "need", "approach", "service", "population", "partner", "kind", "status")
"""The filters that come first; the others follow in the order of `where`."""
_LABELS: Final = {
    "named_by_source": "Has a name in the source",
    "open_ended": "Partial lists",
    "plural": "Represents several programs",
    "role": "Role of the partner",
    "style": "Town or city",
}
_LINKED: Final = ("program", "partner", "partner_kind", "role")
"""The filters that must hold for one and the same partnership."""
_NOT_STATED: Final = "-"
"""The value of a filter that finds what the source does not state, as on the command line."""

_Choices: TypeAlias = Mapping[str, tuple[Any, str]]
"""The possible values of a filter and their labels, by the text that represents them in an address."""


def script_data(dataset: Dataset) -> str:
    """Return the data as JSON, ready for a `script` element."""
    data = {
        "views": {name: _view(dataset, getattr(dataset, name)) for name in VIEWS},
        "search": TextIndex(dataset).to_plain(),
        "unknown": {
            name: topic.explanation for topic in unstated_topics(dataset) for name in (topic.topic, *topic.names)
        },
    }
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def filters_of(collection: Collection[Any]) -> Sequence[FilterSpec]:
    """Return the filters of a table in the order of the page."""
    specs = [spec for spec in filter_specs(collection) if spec.name != "exact"]
    return sorted(specs, key=lambda spec: _FIRST.index(spec.name) if spec.name in _FIRST else len(_FIRST))


def _view(dataset: Dataset, collection: Any) -> dict[str, Any]:
    table = columns.table(collection.table)
    header = _csv(table, [])
    filters: list[dict[str, Any]] = []
    values: dict[str, dict[str, list[str]]] = {id_: {} for id_ in collection.ids}
    links: dict[str, list[Mapping[str, list[str]]]] = {id_: [] for id_ in collection.ids}
    for row in dataset.partnerships:
        for id_ in {row.program, row.partner} & links.keys():
            links[id_].append(_link_values(dataset, row))
    for spec in filters_of(collection):
        used: list[tuple[str, str]] = []
        choices = _choices(dataset, collection, spec)
        for text, (value, label) in choices.items():
            # Of a broader term, `where` finds the records that have it or a narrower one.
            found = collection.where(**{spec.name: value}).ids
            if found:
                used.append((text, visible(label)))
            for id_ in collection.where(**{spec.name: value}, exact=True).ids:
                values[id_].setdefault(spec.name, []).append(text)
        terms = [value for value, _ in choices.values() if isinstance(value, Term)]
        filters.append(
            {
                "name": spec.name,
                "label": label_of(spec.name),
                "linked": spec.name in _LINKED,
                "values": used,
                "broader": {term: term.ancestors for term in terms if term.ancestors},
                "definitions": {term: visible(term.definition) for term in terms},
            }
        )
    return {
        "filters": [each for each in filters if each["values"]],
        "sorts": [(field, label_of(field)) for field in VIEWS[collection.table]],
        "csv": header,
        "records": [
            {
                "id": record.id,
                "values": values[record.id],
                "links": links[record.id],
                "csv": _csv(table, [plain]).removeprefix(header),
                "json": plain,
            }
            for record, plain in zip(collection, collection.to_records(), strict=True)
        ],
    }


def _link_values(dataset: Dataset, row: Partnership) -> dict[str, list[str]]:
    """Return the values of a partnership for the filters in `_LINKED`."""
    values = (row.program, row.partner, dataset.partners[row.partner].kind or _NOT_STATED, row.role)
    return {name: [value] for name, value in zip(_LINKED, values, strict=True)}


def _choices(dataset: Dataset, collection: Any, spec: FilterSpec) -> _Choices:
    choices: dict[str, tuple[Any, str]] = {}
    if spec.vocabulary:
        choices = {term.value: (term, term_label(term)) for term in sorted(spec.vocabulary)}
    elif spec.record:
        choices = {each.id: (each.id, name_of(each)) for each in getattr(dataset, spec.record.table)}
    elif bool in spec.types:
        choices = {"true": (True, "yes"), "false": (False, "no")}
    else:
        # A field of the record itself or, like the county, of its municipality.
        owners = collection if spec.name in RECORDS[collection.table].model_fields else collection.municipalities
        held = {value for owner in owners for value in _items(getattr(owner, spec.name))}
        choices = {str(value): (value, str(value).replace("_", " ")) for value in sorted(held)}
    if type(None) in spec.types:
        choices[_NOT_STATED] = (None, "not stated")
    return choices


def unstated_topics(dataset: Dataset) -> tuple[NotStated, ...]:
    """Return what the page of a dataset does not state; none if it is another page than that of the packaged data."""
    return not_stated() if dataset.grant_program.source == PAGE else ()


def name_of(record: Record) -> str:
    """Return the name of a record as the source styles it."""
    name: str = vars(record).get("styled_name") or vars(record)["name"]
    return name


def label_of(field: str) -> str:
    """Return the name of a field or filter as a heading."""
    return _LABELS.get(field, field.replace("_", " ").capitalize())


def _items(value: Any) -> Iterator[Any]:
    """Yield the items of a list, or the value itself; nothing if the source does not state it."""
    yield from value if isinstance(value, tuple) else () if value is None else (value,)


def _csv(table: columns.Table, records: Iterable[Any]) -> str:
    stream = StringIO()
    csv.write_rows(table, records, stream, ",", excel=True)
    return stream.getvalue()
