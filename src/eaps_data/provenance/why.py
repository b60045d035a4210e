"""Why a record says what it says: each claim, the phrases behind it, and the sources that they stand in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from eaps_data._internal.text_keys import closest, fold
from eaps_data.display.text import cell
from eaps_data.errors import UnknownTermError, printable
from eaps_data.models.fields import Model, model_in
from eaps_data.models.records import Evidence, Record, Source
from eaps_data.models.rows import subject_of
from eaps_data.models.table_specs import TABLE_SPECS
from eaps_data.provenance.page import Place
from eaps_data.rules.claims import claims
from eaps_data.tables.dataset import Dataset, load

UNSAID: Final = "the source does not say"
OURS: Final = "no claim: our own words"
_OF_SOURCE: Final = "no claim: a source is what claims rest on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim of a record, and what it rests on.

    Attributes:
        name: the field that makes it; of a part of a field, both, as in `identifiers.place_geoid`.
        field: the field that makes it.
        item: which item of a list, or which part of a field that has parts; else None.
        value: what is claimed: the field's value, or that of its item or part.
        evidence: the phrases that carry it, at least one.
        sources: the documents that the phrases stand in.
    """

    name: str
    field: str
    item: str | None
    value: Any
    evidence: tuple[Evidence, ...]
    sources: tuple[Source, ...]

    def to_dict(self) -> dict[str, Any]:
        """The claim as plain data, ready for JSON; of its sources, the ids."""
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
    """What a record, or one field of it, rests on. Print it to read it.

    Parts of a field, such as a code in `identifiers`, are named after a dot: `identifiers.place_geoid`.

    Attributes:
        subject: the record's table and id.
        record: the record.
        field: the field that was asked for; None for all.
        claims: each claim, in the order of the record's fields.
        unsaid: the fields that claim nothing, because the source does not say.
        ours: the fields that are no claims: ids, and our own words.
    """

    subject: str
    record: Record
    field: str | None
    claims: tuple[Claim, ...]
    unsaid: tuple[str, ...]
    ours: tuple[str, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The documents that the claims rest on, each once."""
        return tuple({source.id: source for claim in self.claims for source in claim.sources}.values())

    def __repr__(self) -> str:
        return self.to_text()

    def to_text(self) -> str:
        """All of it for a reader: each claim with its phrases and where they stand, then the sources."""
        name = getattr(self.record, "name", None)
        lines = [self.subject if name is None else f"{self.subject}: {name}"]
        for claim in self.claims:
            lines += ["", *_lines(claim)]
        ours = _OF_SOURCE if isinstance(self.record, Source) else OURS
        notes = [f"{', '.join(fields)}: {why}" for fields, why in ((self.unsaid, UNSAID), (self.ours, ours)) if fields]
        lines += ["", *notes] if notes else []
        lines += ["", "sources", *map(_source, self.sources)] if self.claims else []
        return "\n".join(map(printable, lines))

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, ready for JSON."""
        return {
            "subject": self.subject,
            "field": self.field,
            "claims": [claim.to_dict() for claim in self.claims],
            "unsaid": list(self.unsaid),
            "ours": list(self.ours),
            "sources": [source.model_dump(mode="json") for source in self.sources],
        }


def why(key: str, field: str | None = None, *, dataset: Dataset | None = None) -> Why:
    """Say what a record, or one field of it, rests on: each claim with its quotes, their places and their sources.

    Args:
        key: any key that finds just one record, or `table/key`; or `grant_program`.
        field: a field of the record, or a part of one, as in `identifiers.place_geoid`; all fields if none is given.
        dataset: where to look; the packaged data if none is given.

    Raises:
        KeyNotFoundError: when no record has the key; it names the closest.
        AmbiguousKeyError: when more than one has it; it lists them.
        UnknownTermError: when the record has no such field; it names the closest.

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
    started_year: the source does not say
    """
    data = load() if dataset is None else dataset
    record = data.grant_program if key == "grant_program" else data.find(key)
    names = _names(type(record))
    asked = None if field is None else _asked(field, record.table, names)
    chosen = [name for name in names if asked in {None, name, name.partition(".")[0]}]
    found = _claims(data, record)
    silent = [name for name in chosen if name not in found]
    return Why(
        subject=subject_of(record.table, vars(record)),
        record=record,
        field=asked,
        claims=tuple(claim for name in chosen for claim in found.get(name, ())),
        unsaid=tuple(name for name in silent if not _is_ours(record, name)),
        ours=tuple(name for name in silent if _is_ours(record, name)),
    )


def _names(kind: type[Record]) -> dict[str, None]:
    """The fields of a record, in order; of a field that has parts, the parts."""
    names: dict[str, None] = {}
    for field, spec in kind.model_fields.items():
        parts = model_in(spec.annotation)
        names |= dict.fromkeys([f"{field}.{part}" for part in parts.model_fields] if parts else [field])
    return names


def _asked(field: str, table: str, names: Iterable[str]) -> str:
    """The field or part that is meant, in its own spelling."""
    known = dict.fromkeys(each for name in names for each in (name.partition(".")[0], name))
    spelled = {fold(name): name for name in known}
    if fold(field) not in spelled:
        raise UnknownTermError(f"{table} field", field, tuple(known), closest(field, known))
    return spelled[fold(field)]


def _claims(dataset: Dataset, record: Record) -> Mapping[str, list[Claim]]:
    """The claims of a record, by the names of their fields or parts."""
    rows: defaultdict[tuple[str, str | None], list[Evidence]] = defaultdict(list)
    for row in dataset.evidence.where(subject=record):
        rows[row.field, row.item].append(row)
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    for field, item in claims(record):
        held = getattr(record, field)
        name, value = field, held if item is None else item
        if isinstance(held, Model):
            name, value = f"{field}.{item}", getattr(held, str(item))
        evidence = tuple(rows[field, item])
        sources = tuple(dataset.sources[key] for key in dict.fromkeys(row.source for row in evidence))
        found[name].append(Claim(name=name, field=field, item=item, value=value, evidence=evidence, sources=sources))
    return found


def _is_ours(record: Record, name: str) -> bool:
    """Whether a field that makes no claim holds something all the same."""
    field = name.partition(".")[0]
    # A name makes no claim where it is ours (`named_by_source` is false).
    may_claim = field in TABLE_SPECS[record.table].claims and field != "name"
    return not may_claim and getattr(record, field) not in (None, ())


def _lines(claim: Claim) -> Iterator[str]:
    yield f"{claim.name}: {_text(claim.value)}"
    for row in claim.evidence:
        yield f"  {row.basis}: “{row.quote}”"
        place = _place(row)
        yield f"    {row.source}" + (f": {place}" if place else "")
        if row.note is not None:
            yield f"    note: {row.note}"


def _text(value: object) -> str:
    """A value on one line; of an address, its parts."""
    return cell(tuple(part for _, part in value) if isinstance(value, Model) else value)


def _place(row: Evidence) -> str | None:
    # The three are given together, or not at all.
    if row.section is None or row.paragraph is None or row.sentence is None:
        return None
    return str(Place(row.section, row.paragraph, row.sentence))


def _source(source: Source) -> str:
    known = [part for part in (source.title, source.publisher, source.url) if part is not None]
    return f"  {source.id}: {', '.join(known)}"
