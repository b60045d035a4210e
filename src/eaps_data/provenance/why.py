"""Trace what a record states to its evidence: each claim, the phrases that support it, and their sources."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from eaps_data._internal.arguments import expect, one_of
from eaps_data._internal.text_keys import fold
from eaps_data.display.text import cell
from eaps_data.errors import UnknownTermError, printable
from eaps_data.models.fields import Model, model_in
from eaps_data.models.not_stated import PAGE, not_stated
from eaps_data.models.records import (
    Evidence,
    Identified,
    Municipality,
    Program,
    Record,
    Source,
)
from eaps_data.models.rows import subject_of
from eaps_data.rules.claims import claims
from eaps_data.tables.dataset import Dataset, load

_NOT_STATED: Final = "not stated by the source"
_OUR_WORDS: Final = "no claim: our own words"
_FALSE: Final = "no claim: false"
_OF_A_SOURCE: Final = "no claim: sources need no evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim of a record and its evidence.

    Attributes:
        name: The field that makes the claim; for a part of a field, both, as in `identifiers.place_geoid`.
        field: The field that makes the claim.
        item: The item of a list, or the part of a field that has parts; else None.
        value: The value claimed: the field's, or that of its item or part.
        evidence: The phrases that support it, at least one.
        sources: The documents that the phrases are from.
    """

    name: str
    field: str
    item: str | None
    value: Any
    evidence: tuple[Evidence, ...]
    sources: tuple[Source, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the claim as plain data, ready for JSON, with the ids of its sources."""
        return {
            "name": self.name,
            "field": self.field,
            "item": self.item,
            "value": self.value.model_dump(mode="json") if isinstance(self.value, Model) else self.value,
            "evidence": [row.model_dump(mode="json") for row in self.evidence],
            "sources": [source.id for source in self.sources],
        }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Why:
    """The evidence for a record, or for one field of it. Print it to read it.

    A part of a field, such as a code in `identifiers`, is named after a dot: `identifiers.place_geoid`.

    Attributes:
        subject: The record's table and id.
        record: The record.
        field: The field in question; None for all.
        claims: The claims, in the order of the record's fields.
        not_stated: The fields that claim nothing because the source does not say.
        ours: The fields that have a value and make no claim: ids, our own words, and what is false.
        note: What the page states instead, if the field is not one of the record's; else empty.
    """

    subject: str
    record: Identified
    field: str | None
    claims: tuple[Claim, ...]
    not_stated: tuple[str, ...]
    ours: tuple[str, ...]
    note: str = ""

    @property
    def sources(self) -> tuple[Source, ...]:
        """The documents that the evidence is from, each once."""
        return tuple({source.id: source for claim in self.claims for source in claim.sources}.values())

    def __repr__(self) -> str:
        return self.to_text()

    def to_text(self) -> str:
        """Return the claims with their phrases and locations, then the sources, as text."""
        name = getattr(self.record, "name", None)
        lines = [self.subject if name is None else f"{self.subject}: {name}"]
        for claim in self.claims:
            lines += ["", *_lines(claim)]
        words = _OF_A_SOURCE if isinstance(self.record, Source) else _OUR_WORDS
        false = [name for name in self.ours if getattr(self.record, name, None) is False]
        ours = [name for name in self.ours if name not in false]
        notes = [
            f"{', '.join(fields)}: {why}"
            for fields, why in ((self.not_stated, _NOT_STATED), (false, _FALSE), (ours, words))
            if fields
        ]
        notes += [self.note] if self.note else []
        lines += ["", *notes] if notes else []
        lines += ["", "sources", *map(_source_line, self.sources)] if self.claims else []
        return "\n".join(map(printable, lines))

    def to_dict(self) -> dict[str, Any]:
        """Return the evidence as plain data, ready for JSON."""
        return {
            "subject": self.subject,
            "field": self.field,
            "claims": [claim.to_dict() for claim in self.claims],
            "not_stated": list(self.not_stated),
            "ours": list(self.ours),
            "note": self.note,
            "sources": [source.model_dump(mode="json") for source in self.sources],
        }


def why(key: str | Identified, field: str | None = None, *, dataset: Dataset | None = None) -> Why:
    """Return the evidence for a record, or for one field of it: each claim with its quotes, locations and sources.

    Args:
        key: A record, any key that finds exactly one, `table/key`, or `grant_program`.
        field: A field of the record, or a part of one, as in `identifiers.place_geoid`; by default all fields.
        dataset: The dataset; by default the packaged one.

    Raises:
        KeyNotFoundError: If no record has the key; it names the closest keys.
        TypeError: If the record is a row of evidence.
        AmbiguousKeyError: If several records have the key; it lists them.
        UnknownTermError: If the record has no such field; it names the closest fields, and the programs of a
            municipality if they have it. What the page of the packaged data is known not to state, such as `budget`,
            is no error: `note` says so.

    >>> why("revere-bhu", "status")
    programs/revere-bhu: Behavioral Health Unit
    <BLANKLINE>
    status: established
      stated: “has created a Behavioral Health Unit”
        funded-municipalities: City of Revere, paragraph 1, sentence 1
    <BLANKLINE>
    sources
      funded-municipalities: Funded Municipalities, Mass.gov, https://www.mass.gov/info-details/funded-municipalities
    >>> print(why("revere-bhu", "started_year"))
    programs/revere-bhu: Behavioral Health Unit
    <BLANKLINE>
    started_year: not stated by the source
    """
    dataset = load() if dataset is None else dataset
    expect("dataset", dataset, Dataset)
    expect("field", field, str, type(None))
    record = dataset.find(_key(key))
    names = _names(type(record))
    missing = not_stated(field) if field is not None else ()
    if field is not None:
        try:
            field = _known_field(field, record.table, names)
        except UnknownTermError as error:
            if not missing or dataset.grant_program.source != PAGE:
                raise _with_programs(error, dataset, record) from None
            subject = subject_of(record.table, vars(record))
            return Why(
                subject=subject,
                record=record,
                field=field,
                claims=(),
                not_stated=(field,),
                ours=(),
                note=missing[0].explanation,
            )
    chosen = [name for name in names if field in {None, name, name.partition(".")[0]}]
    found = _claims(dataset, record)
    without = [name for name in chosen if name not in found]
    return Why(
        subject=subject_of(record.table, vars(record)),
        record=record,
        field=field,
        claims=tuple(claim for name in chosen for claim in found.get(name, ())),
        not_stated=tuple(name for name in without if not _has_value(record, name)),
        ours=tuple(name for name in without if _has_value(record, name)),
    )


def _key(given: str | Record) -> str:
    if isinstance(given, Evidence):
        raise TypeError("evidence rows have no evidence; pass their subject: why(row.subject, row.field)")
    return subject_of(given.table, vars(given)) if isinstance(given, Record) else given


def _names(model: type[Record]) -> list[str]:
    """Return the fields of a model in order, a field that has parts as its parts."""
    names: list[str] = []
    for field, info in model.model_fields.items():
        parts = model_in(info.annotation)
        names += [f"{field}.{part}" for part in parts.model_fields] if parts else [field]
    return names


def _known_field(field: str, table: str, names: Iterable[str]) -> str:
    """Return the field or part that is meant, as it is spelled in the model."""
    known = dict.fromkeys(each for name in names for each in (name.partition(".")[0], name))
    spelled = {fold(name): name for name in known}
    return spelled.get(fold(field)) or one_of(f"{table} field", field, known)


def _with_programs(error: UnknownTermError, dataset: Dataset, record: Record) -> UnknownTermError:
    """Return the error for a field that a municipality lacks, with its programs if they have it."""
    known = {fold(name): name for name in Program.model_fields}
    name = known.get(fold(str(error.value)))
    if name is None or not isinstance(record, Municipality):
        return error
    calls = [f"why({id_!r}, {name!r})" for id_ in dataset.programs.where(municipality=record).ids]
    hint = f"its programs have it: {', '.join(calls)}" if calls else ""
    return UnknownTermError(error.name, error.value, error.known, error.closest, hint)


def _claims(dataset: Dataset, record: Record) -> Mapping[str, list[Claim]]:
    """Return the claims of a record by the names of their fields or parts."""
    rows: defaultdict[tuple[str, str | None], list[Evidence]] = defaultdict(list)
    for row in dataset.evidence.where(subject=record):
        rows[row.field, row.item].append(row)
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    for field, item in claims(record):
        value = getattr(record, field)
        name = field
        if isinstance(value, Model):
            name, value = f"{field}.{item}", getattr(value, str(item))
        elif item is not None:
            value = item
        evidence = tuple(rows[field, item])
        sources = tuple(dataset.sources[key] for key in dict.fromkeys(row.source for row in evidence))
        found[name].append(Claim(name=name, field=field, item=item, value=value, evidence=evidence, sources=sources))
    return found


def _has_value(record: Record, name: str) -> bool:
    """Return whether a field, or a part of one, has a value."""
    field, _, part = name.partition(".")
    value = getattr(record, field)
    return (getattr(value, part, None) if part else value) not in (None, ())


def _lines(claim: Claim) -> Iterator[str]:
    # Of an address, the parts are shown.
    value = tuple(part for _, part in claim.value) if isinstance(claim.value, Model) else claim.value
    yield f"{claim.name}: {cell(value)}"
    for row in claim.evidence:
        yield f"  {row.basis}: “{row.quote}”"
        yield f"    {row.source}" + ("" if row.place is None else f": {row.place}")
        if row.note is not None:
            yield f"    note: {row.note}"


def _source_line(source: Source) -> str:
    known = [part for part in (source.title, source.publisher, source.url) if part is not None]
    return f"  {source.id}: {', '.join(known)}"
