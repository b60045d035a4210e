"""The rules between records, which a schema of single records cannot see."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, Final, TypeAlias

from eaps_data.claims import claims
from eaps_data.errors import did_you_mean
from eaps_data.keys import closest, fold
from eaps_data.models import RECORDS, DatasetDocument, Evidence, Municipality, Partner, Program, Record
from eaps_data.problems import Path, Problem, pointer, shown
from eaps_data.tidy import REFERENCES
from eaps_data.vocabulary import Basis

RULES: Final = {
    "duplicate-id": "No two records of a table have the same id, and no row stands twice.",
    "duplicate-key": "No alias or identifier of a record is a key of another record of its table.",
    "duplicate-position": "Each municipality has a position of its own.",
    "dangling-reference": "What a record refers to exists.",
    "part-of-circle": "No record is a part of itself, directly or through others.",
    "identifier-mismatch": "The codes of a municipality agree about its county and its state.",
    "evidence-missing": "Each claim has evidence.",
    "evidence-idle": "Each evidence row has its claim.",
    "evidence-place": "Section, paragraph and sentence are given together, or not at all.",
    "evidence-note": "Inferred evidence has a note that says why.",
    "past-id-lives": "An id that was renamed or removed is no record's.",
    "past-id-twice": "An id is renamed or removed once.",
    "redirect-chain": "A redirect does not lead to another redirect.",
    "redirect-target": "A redirect leads to a record of the same table.",
}
"""Each rule by its name. Models and JSON Schema see single records; these rules see all of them."""


WARNINGS: Final = {
    "shared-name": "Two records of a table share a name or an acronym: a lookup by it lists both.",
    "unused-source": "No evidence comes from a source.",
    "municipality-without-program": "No program is in a municipality.",
}
"""Each rule by its name that may be broken on purpose: a validation warns of it, and a dataset loads all the same."""

_MOST_HINTS: Final = 20


def check(document: DatasetDocument) -> list[Problem]:
    """Check a whole dataset: all problems together, each with table, id and field; none where it is sound."""
    tables: dict[str, Sequence[Any]] = {name: getattr(document, name) for name in RECORDS}
    problems = [problem for name, records in tables.items() for problem in check_table(name, records)]
    problems += _dangling(document)
    problems += _circles("programs", document.programs)
    problems += _circles("partners", document.partners)
    problems += _evidence(document)
    problems += _past_ids(document)
    return problems


def warnings(document: DatasetDocument) -> list[Problem]:
    """What is allowed in a sound dataset, but looks like a mistake."""
    found = [problem for name in RECORDS for problem in _shared_names(name, getattr(document, name))]
    cited = {row.source for row in document.evidence} | {document.grant_program.source}
    homes = {program.municipality for program in document.programs}
    found += [
        _warning("unused-source", "no evidence comes from this source", ("sources", index), f"sources/{source.id}")
        for index, source in enumerate(document.sources)
        if source.id not in cited
    ]
    found += [
        _warning("municipality-without-program", "no program is in it", ("municipalities", index), subject)
        for index, town in enumerate(document.municipalities)
        for subject in [f"municipalities/{town.id}"]
        if town.id not in homes
    ]
    return found


def check_table(table: str, records: Sequence[Record]) -> list[Problem]:
    """Check the records of one table by themselves."""
    problems = list(_duplicates(table, records))
    if RECORDS[table] is Municipality:
        problems += _codes([record for record in records if isinstance(record, Municipality)])
    return problems


def subject_of(table: str, record: Record) -> str:
    """What evidence and messages call a record: its table and id, or the table alone where it has no id."""
    return f"{table}/{record.lookup_keys[0]}" if record.lookup_keys else table


def _problem(rule: str, message: str, path: Path, record: str, field: str | None = None) -> Problem:
    return Problem(rule=rule, message=message, record=record, field=field, pointer=pointer(path), path=path)


def _warning(rule: str, message: str, path: Path, record: str, field: str | None = None) -> Problem:
    return replace(_problem(rule, message, path, record, field), severity="warning")


def _shared_names(table: str, records: Sequence[Record]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for field in ("name", "acronym"):
        if field not in RECORDS[table].model_fields:
            continue
        for index, record in enumerate(records):
            key = getattr(record, field)
            if key is not None and first.setdefault(fold(key), record.lookup_keys[0]) != record.lookup_keys[0]:
                other = f"{table}/{first[fold(key)]}"
                message = f"{shown(key)} is the name of {other} as well; a lookup by it lists both"
                yield _warning("shared-name", message, (table, index, field), subject_of(table, record), field)


def _duplicates(table: str, records: Sequence[Record]) -> Iterator[Problem]:
    if RECORDS[table] is Evidence:
        # Hashing a whole row is slow; rows that differ in these need no other look.
        brief: Sequence[Hashable] = list(map(attrgetter("subject", "field", "item", "quote"), records))
        identities: Sequence[Hashable] = brief if len(set(brief)) == len(brief) else records
    else:
        identities = [record.lookup_keys[0] for record in records]
    if len(set(identities)) < len(records):
        first: dict[Hashable, int] = {}
        for index, (record, identity) in enumerate(zip(records, identities, strict=True)):
            if first.setdefault(identity, index) != index:
                message = f"the same row stands at {table}[{first[identity]}]; give it an id of its own, or remove it"
                yield _problem("duplicate-id", message, (table, index, "id"), subject_of(table, record), "id")
    if RECORDS[table] in (Municipality, Program, Partner):
        yield from _duplicate_keys(table, records)


def _duplicate_keys(table: str, records: Sequence[Record]) -> Iterator[Problem]:
    # Of the records that have a key, the first two: enough to name another, however many there are.
    owners: dict[str, str] = {}
    others: dict[str, str] = {}
    exclusive: list[tuple[int, str, str, str]] = []
    for index, record in enumerate(records):
        keys = record.lookup_keys
        id_ = keys[0]
        for key in keys:
            folded = fold(key)
            if owners.setdefault(folded, id_) != id_:
                others.setdefault(folded, id_)
        exclusive += ((index, id_, field, key) for field, key in _exclusive_keys(record))
    if not others:
        return
    for index, id_, field, key in exclusive:
        folded = fold(key)
        other = others.get(folded) if owners[folded] == id_ else owners[folded]
        if other is not None:
            message = f"{shown(key)} is a key of {table}/{other} as well; no key may mean two records"
            yield _problem("duplicate-key", message, (table, index, field), f"{table}/{id_}", field)


def _exclusive_keys(record: Record) -> Iterator[tuple[str, str]]:
    # Two bodies may bear one name or acronym: a lookup by it lists both. Aliases and codes are for telling apart.
    if isinstance(record, Program | Partner):
        yield from (("aliases", alias) for alias in record.aliases)
    elif isinstance(record, Municipality):
        names = {record.id, record.name, record.styled_name, record.census_name}
        yield from (("identifiers", key) for key in record.lookup_keys if key not in names)


def _codes(records: Sequence[Municipality]) -> Iterator[Problem]:
    positions: dict[int, str] = {}
    for index, record in enumerate(records):
        subject = subject_of("municipalities", record)
        first = positions.setdefault(record.position, subject)
        if first != subject:
            message = f"position {record.position} is that of {first} already"
            path: Path = ("municipalities", index, "position")
            yield _problem("duplicate-position", message, path, subject, "position")
        codes = record.identifiers
        whole, county, place = codes.county_subdivision_geoid, codes.county_geoid, codes.place_geoid
        state = (county or whole or "")[:2]
        for part, code, start in (
            ("county_subdivision_geoid", whole, county or ""),
            ("place_geoid", place, state),
        ):
            if code is not None and not code.startswith(start):
                message = f"{part} {code} does not begin with {start}, as the municipality's other codes say"
                path = ("municipalities", index, "identifiers", part)
                yield _problem("identifier-mismatch", message, path, subject, "identifiers")


def _dangling(document: DatasetDocument) -> Iterator[Problem]:
    ids = {table: {key for record in getattr(document, table) for key in record.lookup_keys[:1]} for table in RECORDS}

    def dangling(table: str, field: str, target: str) -> Iterator[Problem]:
        records: Sequence[Record] = getattr(document, table)
        keys = list(map(attrgetter(field), records))
        lost = set(keys) - ids[target] - {None}
        hint = _hints(ids[target])
        for index, (record, key) in enumerate(zip(records, keys, strict=True)) if lost else ():
            if key in lost:
                message = f"{shown(key)} is no id of {target}{hint(key)}"
                path = (table, index, field)
                yield _problem("dangling-reference", message, path, subject_of(table, record), field)

    for (table, field), target in REFERENCES.items():
        if table in RECORDS:
            yield from dangling(table, field, target)
    if document.grant_program.source not in ids["sources"]:
        hint = did_you_mean(closest(document.grant_program.source, ids["sources"]))
        message = f"{shown(document.grant_program.source)} is no id of sources{hint}"
        subject = subject_of("grant_program", document.grant_program)
        yield _problem("dangling-reference", message, ("grant_program", "source"), subject, "source")


def _circles(table: str, records: Sequence[Program | Partner]) -> Iterator[Problem]:
    whole = {record.id: record.part_of for record in records if record.part_of is not None}
    place = {record.id: index for index, record in enumerate(records)} if whole else {}
    walked: set[str] = set()
    for start in whole:
        chain: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in walked:
            chain[here] = None
            walked.add(here)
            here = whole.get(here)
        if here in chain:
            steps = list(chain)
            circle = steps[steps.index(here) :]
            first = circle.index(min(circle, key=place.__getitem__))
            around = [*circle[first:], *circle[: first + 1]]
            message = f"part_of goes in a circle: {' -> '.join(around)}"
            path = (table, place[around[0]], "part_of")
            yield _problem("part-of-circle", message, path, f"{table}/{around[0]}", "part_of")


_Claim: TypeAlias = tuple[str, str, str | None]


def _evidence(document: DatasetDocument) -> Iterator[Problem]:
    claimed = {(subject, *claim) for subject, record, _ in _subjects(document) for claim in claims(record)}
    rows: list[_Claim] = list(map(attrgetter("subject", "field", "item"), document.evidence))
    supported = set(rows)
    idle, missing = supported - claimed, claimed - supported
    known = _claims_of(claimed) if idle else {}
    hint = _hints(known)
    for index, (claim, row) in enumerate(zip(rows, document.evidence, strict=True)):
        path = ("evidence", index)
        if claim in idle:
            yield _problem("evidence-idle", _idle(claim, known, hint), path, row.subject, row.field)
        unknown = row.section is None
        if (row.paragraph is None) is not unknown or (row.sentence is None) is not unknown:
            message = "give the section, the paragraph and the sentence, or none of them"
            yield _problem("evidence-place", message, path, row.subject, row.field)
        if row.note is None and row.basis is Basis.INFERRED:
            message = f"the quote {shown(row.quote)} is inferred; add a note that says why"
            yield _problem("evidence-note", message, path, row.subject, row.field)
    for subject, record, place in _subjects(document) if missing else ():
        for field, item in claims(record):
            if (subject, field, item) in missing:
                about = "" if item is None else f" of {shown(item)}"
                message = f"the claim{about} has no evidence; add a row"
                yield _problem("evidence-missing", message, (*place, field), subject, field)


def _past_ids(document: DatasetDocument) -> Iterator[Problem]:
    past: list[tuple[str, Path]] = [(each.old, ("redirects", at, "old")) for at, each in enumerate(document.redirects)]
    past += [(each.id, ("tombstones", at, "id")) for at, each in enumerate(document.tombstones)]
    if not past:
        return
    living = {subject for subject, _, _ in _subjects(document)} | {f"sources/{each.id}" for each in document.sources}
    first: dict[str, Path] = {}
    for subject, path in past:
        if first.setdefault(subject, path) != path:
            there = pointer(first[subject][:2])
            message = f"what became of {shown(subject)} is said at {there} already; keep one of the two"
            yield _problem("past-id-twice", message, path, subject, str(path[-1]))
        if subject in living:
            message = f"{shown(subject)} is a record of this dataset; an id is not used again: give it another"
            yield _problem("past-id-lives", message, path, subject, str(path[-1]))
    renamed = {each.old: each.new for each in document.redirects}
    hint = _hints(living)
    for at, each in enumerate(document.redirects):
        path = ("redirects", at, "new")
        if each.new in renamed and each.new not in living:
            message = f"{shown(each.new)} was renamed as well, to {shown(renamed[each.new])}; say where it ended up"
            yield _problem("redirect-chain", message, path, each.old, "new")
        elif each.new not in living:
            yield _problem(
                "redirect-target", f"there is no record {shown(each.new)}{hint(each.new)}", path, each.old, "new"
            )
        elif each.new.partition("/")[0] != each.old.partition("/")[0]:
            message = f"{shown(each.new)} is of another table; a record keeps its table when it is renamed"
            yield _problem("redirect-target", message, path, each.old, "new")


def _subjects(document: DatasetDocument) -> Iterator[tuple[str, Record, Path]]:
    yield subject_of("grant_program", document.grant_program), document.grant_program, ("grant_program",)
    for table in ("municipalities", "programs", "partners", "partnerships"):
        for index, record in enumerate(getattr(document, table)):
            yield subject_of(table, record), record, (table, index)


def _claims_of(claimed: Iterable[_Claim]) -> Mapping[str, list[tuple[str, str | None]]]:
    found: defaultdict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for subject, field, item in sorted(claimed, key=str):
        found[subject].append((field, item))
    return found


def _idle(claim: _Claim, known: Mapping[str, list[tuple[str, str | None]]], hint: Callable[[str], str]) -> str:
    subject, field, item = claim
    if subject not in known:
        return f"no record {shown(subject)} makes a claim{hint(subject)}"
    fields = [other for other, _ in known[subject]]
    if field not in fields:
        return f"{subject} claims nothing in {shown(field)}{did_you_mean(closest(field, fields))}"
    items = [part for other, part in known[subject] if other == field and part is not None]
    if item is None:
        return f"{field} has items; say which one in item: {', '.join(map(shown, items))}"
    return f"{field} of {subject} has no item {shown(item)}{did_you_mean(closest(item, items))}"


def _hints(known: Collection[str]) -> Callable[[str], str]:
    """Says which of many keys may be meant, but not for every one of thousands: each takes a look at all."""
    told: dict[str, str] = {}

    def hint(key: str) -> str:
        if key not in told and len(told) < _MOST_HINTS:
            told[key] = did_you_mean(closest(key, known))
        return told.get(key, "")

    return hint
