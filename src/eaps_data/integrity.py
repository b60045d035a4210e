"""The rules between records, which a schema of single records cannot see."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from eaps_data.claims import claims_of
from eaps_data.errors import did_you_mean
from eaps_data.keys import closest, fold, fold_all
from eaps_data.problems import Path, Problem, pointer, shown
from eaps_data.rows import REFERENCES, SINGLE, TABLES, Row, fields_of, getter, id_of, lookup_keys, rows_of, subject_of

if TYPE_CHECKING:
    from eaps_data.models import DatasetDocument

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


Rows: TypeAlias = Mapping[str, Sequence[Row]]
"""The rows of each member of a dataset document."""


def check(document: "DatasetDocument | Row") -> list[Problem]:
    """Check a whole dataset: all problems together, each with table, id and field; none where it is sound.

    Args:
        document: the document, or the plain JSON that would make one.
    """
    rows = rows_of(document)
    made = _claims_made(rows["evidence"])
    problems = [problem for name in TABLES if name != "evidence" for problem in check_table(name, rows[name])]
    problems += _duplicate_evidence(rows["evidence"], made)
    problems += _dangling(rows)
    problems += _circles("programs", rows["programs"])
    problems += _circles("partners", rows["partners"])
    problems += _evidence(rows, made)
    problems += _past_ids(rows)
    return problems


def warnings(document: "DatasetDocument | Row") -> list[Problem]:
    """What is allowed in a sound dataset, but looks like a mistake.

    Args:
        document: the document, or the plain JSON that would make one.
    """
    rows = rows_of(document)
    found = [problem for name in TABLES for problem in _shared_names(name, rows[name])]
    cited = {row["source"] for row in (*rows["evidence"], *rows["grant_program"])}
    homes = {program["municipality"] for program in rows["programs"]}
    found += [
        _warning("unused-source", "no evidence comes from this source", ("sources", index), f"sources/{source['id']}")
        for index, source in enumerate(rows["sources"])
        if source["id"] not in cited
    ]
    found += [
        _warning("municipality-without-program", "no program is in it", ("municipalities", index), subject)
        for index, town in enumerate(rows["municipalities"])
        for subject in [f"municipalities/{town['id']}"]
        if town["id"] not in homes
    ]
    return found


def check_table(table: str, rows: Sequence[Row]) -> list[Problem]:
    """Check the rows of one table by themselves."""
    if table == "evidence":
        return list(_duplicate_evidence(rows, _claims_made(rows)))
    problems = list(_duplicates(table, rows))
    if table == "municipalities":
        problems += _codes(rows)
    return problems


def _problem(rule: str, message: str, path: Path, record: str, field: str | None = None) -> Problem:
    return Problem(rule=rule, message=message, record=record, field=field, pointer=pointer(path), path=path)


def _warning(rule: str, message: str, path: Path, record: str, field: str | None = None) -> Problem:
    return _problem(rule, message, path, record, field)._replace(severity="warning")


def _shared_names(table: str, rows: Sequence[Row]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for field in ("name", "acronym"):
        named = [(index, row, row[field]) for index, row in enumerate(rows) if row.get(field) is not None]
        for (index, row, key), folded in zip(named, fold_all(key for *_, key in named), strict=True):
            if first.setdefault(folded, row["id"]) != row["id"]:
                other = f"{table}/{first[folded]}"
                message = f"{shown(key)} is the name of {other} as well; a lookup by it lists both"
                yield _warning("shared-name", message, (table, index, field), subject_of(table, row), field)


def _duplicates(table: str, rows: Sequence[Row]) -> Iterator[Problem]:
    yield from _repeated(table, rows, [id_of(table, row) for row in rows])
    if table in {"municipalities", "programs", "partners"}:
        yield from _duplicate_keys(table, rows)


def _duplicate_evidence(rows: Sequence[Row], made: Sequence["_Claim"]) -> Iterator[Problem]:
    if len(set(made)) < len(rows):  # rows that are of different claims need no other look
        whole = [frozenset((name, value) for name, value in row.items() if value is not None) for row in rows]
        yield from _repeated("evidence", rows, whole)


def _repeated(table: str, rows: Sequence[Row], identities: Sequence[Hashable]) -> Iterator[Problem]:
    if len(set(identities)) == len(rows):
        return
    first: dict[Hashable, int] = {}
    for index, (row, identity) in enumerate(zip(rows, identities, strict=True)):
        if first.setdefault(identity, index) != index:
            message = f"the same row stands at {table}[{first[identity]}]; give it an id of its own, or remove it"
            yield _problem("duplicate-id", message, (table, index, "id"), subject_of(table, row), "id")


def _duplicate_keys(table: str, rows: Sequence[Row]) -> Iterator[Problem]:
    # Of the records that have a key, the first two: enough to name another, however many there are.
    owners: dict[str, str] = {}
    others: dict[str, str] = {}
    keys = [lookup_keys(table, row) for row in rows]
    all_folded = fold_all(key for each in keys for key in each)
    for id_, *more in keys:
        for folded in islice(all_folded, 1 + len(more)):
            if owners.setdefault(folded, id_) != id_:
                others.setdefault(folded, id_)
    for index, row in enumerate(rows) if others else ():
        id_ = row["id"]
        for field, key in _exclusive_keys(table, row):
            folded = fold(key)
            other = others.get(folded) if owners[folded] == id_ else owners[folded]
            if other is not None:
                message = f"{shown(key)} is a key of {table}/{other} as well; no key may mean two records"
                yield _problem("duplicate-key", message, (table, index, field), f"{table}/{id_}", field)


def _exclusive_keys(table: str, row: Row) -> Iterator[tuple[str, str]]:
    # Two bodies may bear one name or acronym: a lookup by it lists both. Aliases and codes are for telling apart.
    if table == "municipalities":
        names = {row["id"], row["name"], row["styled_name"], row.get("census_name")}
        yield from (("identifiers", key) for key in lookup_keys(table, row) if key not in names)
    else:
        yield from (("aliases", alias) for alias in row.get("aliases") or ())


def _codes(rows: Sequence[Row]) -> Iterator[Problem]:
    positions: dict[int, str] = {}
    for index, row in enumerate(rows):
        subject = subject_of("municipalities", row)
        first = positions.setdefault(row["position"], subject)
        if first != subject:
            message = f"position {row['position']} is that of {first} already"
            path: Path = ("municipalities", index, "position")
            yield _problem("duplicate-position", message, path, subject, "position")
        codes = fields_of(row.get("identifiers") or {})
        whole, county = codes.get("county_subdivision_geoid"), codes.get("county_geoid")
        state = (county or whole or "")[:2]
        for part, code, start in (
            ("county_subdivision_geoid", whole, county or ""),
            ("place_geoid", codes.get("place_geoid"), state),
        ):
            if code is not None and not code.startswith(start):
                message = f"{part} {code} does not begin with {start}, as the municipality's other codes say"
                path = ("municipalities", index, "identifiers", part)
                yield _problem("identifier-mismatch", message, path, subject, "identifiers")


def _dangling(document: Rows) -> Iterator[Problem]:
    ids = {table: {row["id"] for row in document[table]} for table in set(REFERENCES.values())}
    for (table, field), target in REFERENCES.items():
        keys: list[Any] = [row.get(field) for row in document[table]]
        lost = set(keys) - ids[target] - {None}
        hint = _hints(ids[target])
        for index, (row, key) in enumerate(zip(document[table], keys, strict=True)) if lost else ():
            if key is not None and key in lost:
                message = f"{shown(key)} is no id of {target}{hint(key)}"
                path: Path = (table, field) if table in SINGLE else (table, index, field)
                yield _problem("dangling-reference", message, path, subject_of(table, row), field)


def _circles(table: str, rows: Sequence[Row]) -> Iterator[Problem]:
    whole: dict[str, str] = {row["id"]: row["part_of"] for row in rows if row.get("part_of") is not None}
    place = {row["id"]: index for index, row in enumerate(rows)} if whole else {}
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
_CLAIM: Final = getter(("subject", "field", "item"))
_TOLD: Final = getter(("section", "paragraph", "sentence", "basis", "note"))


def _claims_made(rows: Sequence[Row]) -> list[_Claim]:
    """The claim that each row of the evidence is of."""
    return [*map(_CLAIM, rows)]


def _evidence(document: Rows, made: Sequence[_Claim]) -> Iterator[Problem]:
    claimed = {(subject, *claim) for subject, table, row, _ in _subjects(document) for claim in claims_of(table, row)}
    supported = set(made)
    idle, missing = supported - claimed, claimed - supported
    if idle or not _are_told(document["evidence"]):
        yield from _odd_evidence(document["evidence"], made, idle, claimed)
    for subject, table, row, place in _subjects(document) if missing else ():
        for field, item in claims_of(table, row):
            if (subject, field, item) in missing:
                about = "" if item is None else f" of {shown(item)}"
                message = f"the claim{about} has no evidence; add a row"
                yield _problem("evidence-missing", message, (*place, field), subject, field)


def _are_told(rows: Sequence[Row]) -> bool:
    """Whether each row of the evidence says all of its place or nothing, and why, where it is inferred."""
    return all(
        (section is None) is (paragraph is None) is (sentence is None) and (basis != "inferred" or note is not None)
        for section, paragraph, sentence, basis, note in map(_TOLD, rows)
    )


def _odd_evidence(
    rows: Sequence[Row], made: Sequence[_Claim], idle: Collection[_Claim], claimed: Collection[_Claim]
) -> Iterator[Problem]:
    known = _claims_of(claimed) if idle else {}
    hint = _hints(known)
    for index, (claim, row) in enumerate(zip(made, rows, strict=True)):
        path = ("evidence", index)
        subject, field, _ = claim
        if claim in idle:
            yield _problem("evidence-idle", _idle(claim, known, hint), path, subject, field)
        unknown = row.get("section") is None
        if (row.get("paragraph") is None) is not unknown or (row.get("sentence") is None) is not unknown:
            message = "give the section, the paragraph and the sentence, or none of them"
            yield _problem("evidence-place", message, path, subject, field)
        if row["basis"] == "inferred" and row.get("note") is None:
            message = f"the quote {shown(row['quote'])} is inferred; add a note that says why"
            yield _problem("evidence-note", message, path, subject, field)


def _past_ids(document: Rows) -> Iterator[Problem]:
    redirects, tombstones = document["redirects"], document["tombstones"]
    past: list[tuple[str, Path]] = [(each["old"], ("redirects", at, "old")) for at, each in enumerate(redirects)]
    past += [(each["id"], ("tombstones", at, "id")) for at, each in enumerate(tombstones)]
    if not past:
        return
    living = {subject for subject, *_ in _subjects(document)} | {
        f"sources/{each['id']}" for each in document["sources"]
    }
    first: dict[str, Path] = {}
    for subject, path in past:
        if first.setdefault(subject, path) != path:
            there = pointer(first[subject][:2])
            message = f"what became of {shown(subject)} is said at {there} already; keep one of the two"
            yield _problem("past-id-twice", message, path, subject, str(path[-1]))
        if subject in living:
            message = f"{shown(subject)} is a record of this dataset; an id is not used again: give it another"
            yield _problem("past-id-lives", message, path, subject, str(path[-1]))
    renamed = {each["old"]: each["new"] for each in redirects}
    hint = _hints(living)
    for at, each in enumerate(redirects):
        old, new = each["old"], each["new"]
        path = ("redirects", at, "new")
        if new in renamed and new not in living:
            message = f"{shown(new)} was renamed as well, to {shown(renamed[new])}; say where it ended up"
            yield _problem("redirect-chain", message, path, old, "new")
        elif new not in living:
            yield _problem("redirect-target", f"there is no record {shown(new)}{hint(new)}", path, old, "new")
        elif new.partition("/")[0] != old.partition("/")[0]:
            message = f"{shown(new)} is of another table; a record keeps its table when it is renamed"
            yield _problem("redirect-target", message, path, old, "new")


def _subjects(document: Rows) -> Iterator[tuple[str, str, Row, Path]]:
    """What evidence calls each record that makes claims, its table, its row, and its place in the document."""
    for table in ("grant_program", "municipalities", "programs", "partners", "partnerships"):
        for index, row in enumerate(document[table]):
            yield subject_of(table, row), table, row, (table,) if table in SINGLE else (table, index)


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
