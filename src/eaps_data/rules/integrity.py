"""The rules between records, which a schema of single records cannot see."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set as AbstractSet
from itertools import chain, compress
from operator import itemgetter, ne
from typing import TYPE_CHECKING, Any, Final

from eaps_data._internal.text_keys import closest_of, fold
from eaps_data.errors import Path, Problem, did_you_mean, pointer
from eaps_data.models.rows import Row, fields_of, keys_in, rows_of
from eaps_data.models.table_specs import LIVING, REFERENCES, TABLE_SPECS, TABLES
from eaps_data.rules.columns import Columns, Field, Tables, column
from eaps_data.rules.evidence import EVIDENCE, Support, duplicate_evidence, evidence_problems
from eaps_data.rules.problem import breach, repeated, shown

if TYPE_CHECKING:
    from eaps_data.models.records import DatasetDocument

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

LOOKED_AT: Final[Mapping[str, tuple[Field, ...]]] = {
    "grant_program": ("id", "source", *TABLE_SPECS["grant_program"].claims),
    "municipalities": ("id", *TABLE_SPECS["municipalities"].claims),
    "programs": ("id", "named_by_source", *TABLE_SPECS["programs"].claims),
    "partners": ("id", *TABLE_SPECS["partners"].claims),
    "partnerships": ("program", "partner", *TABLE_SPECS["partnerships"].claims),
    "sources": ("id",),
    "evidence": EVIDENCE,
    "redirects": ("old", "new"),
    "tombstones": ("id",),
}
"""The fields of each member of a dataset document that the rules look at."""

LOOKED_AT_ALONE: Final[Mapping[str, tuple[Field, ...]]] = {
    **LOOKED_AT,
    **{table: TABLE_SPECS[table].lookup_fields for table in ("programs", "partners")},
}
"""Those that the rules of one table by itself look at."""


def tables_of(document: "DatasetDocument | Row") -> dict[str, Columns]:
    """What the rules look at in a document, or in the plain JSON that would make one; but nothing of the evidence."""
    rows = rows_of(document) | {"evidence": ()}
    return {name: Columns(name, fields, rows[name]) for name, fields in LOOKED_AT.items()}


def check(document: "DatasetDocument | Row") -> list[Problem]:
    """Check a whole dataset: all problems together, each with table, id and field; none where it is sound.

    Args:
        document: the document, or the plain JSON that would make one.
    """
    tables, evidence = tables_of(document), rows_of(document)["evidence"]
    support = Support(tables)
    support.add(evidence)
    if not support.is_sound:
        tables["evidence"].add(evidence)
    return check_tables(tables, support)


def check_tables(tables: Tables, support: Support) -> list[Problem]:
    """Check a whole dataset.

    Args:
        tables: the fields of each that are `LOOKED_AT`; none of the evidence, where that is sound.
        support: what has seen the evidence.
    """
    problems = [problem for name in TABLES for problem in check_table(tables[name])]
    problems += _dangling(tables)
    problems += _circles(tables["programs"])
    problems += _circles(tables["partners"])
    if not support.is_sound:
        problems += evidence_problems(tables)
    problems += _past_ids(tables)
    return problems


def warnings(document: "DatasetDocument | Row") -> list[Problem]:
    """What is allowed in a sound dataset, but looks like a mistake.

    Args:
        document: the document, or the plain JSON that would make one.
    """
    return warnings_of(tables_of(document), {*column(rows_of(document)["evidence"], "source")})


def warnings_of(tables: Tables, cited: AbstractSet[str]) -> list[Problem]:
    """What is allowed in a dataset, but looks like a mistake.

    Args:
        tables: the fields of each that are `LOOKED_AT`; none of the evidence is needed.
        cited: the sources that the evidence comes from.
    """
    found = [problem for name in ("municipalities", "programs", "partners") for problem in _shared_names(tables[name])]
    found += _without(
        "unused-source",
        "no evidence comes from this source",
        tables["sources"],
        cited | {*tables["grant_program"]["source"]},
    )
    found += _without(
        "municipality-without-program",
        "no program is in it",
        tables["municipalities"],
        {*tables["programs"]["municipality"]},
    )
    return found


def check_table(columns: Columns) -> list[Problem]:
    """Check the rows of one table by themselves, of which there are the fields that are `LOOKED_AT_ALONE`."""
    if columns.table == "evidence":
        return list(duplicate_evidence(columns))
    ids = columns.ids()
    problems = [*repeated(columns.table, columns.subjects(), ids)] if len({*ids}) < len(ids) else []
    if columns.table in {"municipalities", "programs", "partners"}:
        problems += _duplicate_keys(columns)
    if columns.table == "municipalities":
        problems += _codes(columns)
    return problems


def _warned(*told: Any) -> Problem:
    return breach(*told)._replace(severity="warning")


def _without(rule: str, message: str, columns: Columns, used: Collection[str]) -> Iterator[Problem]:
    for index, id_ in enumerate(columns.ids()):
        if id_ not in used:
            yield _warned(rule, message, (columns.table, index), f"{columns.table}/{id_}")


def _shared_names(columns: Columns) -> Iterator[Problem]:
    fields = [field for field in ("name", "acronym") if field in LOOKED_AT[columns.table]]
    if not _are_shared(columns, fields):
        return
    table, ids, first = columns.table, columns.ids(), dict[str, str]()
    for field in fields:
        for index, folded in zip(*columns.folded_keys(field), strict=True):
            if first.setdefault(folded, ids[index]) != ids[index]:
                other = f"{table}/{first[folded]}"
                message = f"{shown(columns[field][index])} is the name of {other} as well; a lookup by it lists both"
                yield _warned("shared-name", message, (table, index, field), f"{table}/{ids[index]}", field)


def _are_shared(columns: Columns, fields: Iterable[str]) -> bool:
    """Whether two rows have a key in common, whatever its spelling."""
    found = [columns.folded_keys(field) for field in fields]
    owners = [*chain.from_iterable(owners for owners, _ in found)]
    keys = [*chain.from_iterable(keys for _, keys in found)]
    last = dict(zip(keys, owners, strict=True))
    return any(map(ne, map(last.__getitem__, keys), owners))


def _duplicate_keys(columns: Columns) -> Iterator[Problem]:
    table, fields, ids = columns.table, TABLE_SPECS[columns.table].lookup_fields, columns.ids()
    if not _are_shared(columns, fields):
        return
    keys = [zip(*columns.folded_keys(field), strict=True) for field in fields]
    # Of the records that have a key, the first two: enough to name another, however many there are.
    owners: dict[str, str] = {}
    others: dict[str, str] = {}
    for index, folded in sorted(chain.from_iterable(keys), key=itemgetter(0)):
        if owners.setdefault(folded, ids[index]) != ids[index]:
            others.setdefault(folded, ids[index])
    # Two bodies may bear one name or acronym: a lookup by it lists both. Aliases and codes are for telling apart.
    field = "identifiers" if table == "municipalities" else "aliases"
    for index, value in enumerate(columns[field]) if others else ():
        for key in keys_in(value):
            folded = fold(key)
            other = others.get(folded) if owners[folded] == ids[index] else owners[folded]
            if other is not None:
                message = f"{shown(key)} is a key of {table}/{other} as well; no key may mean two records"
                yield breach("duplicate-key", message, (table, index, field), f"{table}/{ids[index]}", field)


def _codes(columns: Columns) -> Iterator[Problem]:
    positions: dict[int, int] = {}
    subjects = columns.subjects()
    for index, (position, codes) in enumerate(zip(columns["position"], columns["identifiers"], strict=True)):
        first = positions.setdefault(position, index)
        if subjects[first] != subjects[index]:
            message = f"position {position} is that of {subjects[first]} already"
            path: Path = ("municipalities", index, "position")
            yield breach("duplicate-position", message, path, subjects[index], "position")
        known = fields_of(codes or {})
        whole, county = known.get("county_subdivision_geoid"), known.get("county_geoid")
        state = (county or whole or "")[:2]
        for part, code, start in (
            ("county_subdivision_geoid", whole, county or ""),
            ("place_geoid", known.get("place_geoid"), state),
        ):
            if code is not None and not code.startswith(start):
                message = f"{part} {code} does not begin with {start}, as the municipality's other codes say"
                path = ("municipalities", index, "identifiers", part)
                yield breach("identifier-mismatch", message, path, subjects[index], "identifiers")


def _dangling(tables: Tables) -> Iterator[Problem]:
    ids = {table: {*tables[table].ids()} for table in set(REFERENCES.values())}
    for (table, field), target in REFERENCES.items():
        keys = tables[table][field]
        lost = set(keys) - ids[target] - {None}
        near = closest_of(tables[target].ids())
        subjects = tables[table].subjects() if lost else []
        for index, key in enumerate(keys) if lost else ():
            if key is not None and key in lost:
                message = f"{shown(key)} is no id of {target}{did_you_mean(near(key))}"
                path: Path = (table, field) if TABLE_SPECS[table].has_one_row else (table, index, field)
                yield breach("dangling-reference", message, path, subjects[index], field)


def _circles(columns: Columns) -> Iterator[Problem]:
    table, ids, wholes = columns.table, columns.ids(), columns["part_of"]
    whole: dict[str, str] = dict(compress(zip(ids, wholes, strict=True), wholes))
    place = {id_: index for index, id_ in enumerate(ids)} if whole else {}
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
            yield breach("part-of-circle", message, path, f"{table}/{around[0]}", "part_of")


def _past_ids(tables: Tables) -> Iterator[Problem]:
    redirects, tombstones = tables["redirects"], tables["tombstones"]
    past: list[tuple[str, Path]] = [(old, ("redirects", at, "old")) for at, old in enumerate(redirects["old"])]
    past += [(id_, ("tombstones", at, "id")) for at, id_ in enumerate(tombstones["id"])]
    if not past:
        return
    subjects = [*chain.from_iterable(tables[name].subjects() for name in LIVING)]
    living = {*subjects}
    first: dict[str, Path] = {}
    for subject, path in past:
        if first.setdefault(subject, path) != path:
            there = pointer(first[subject][:2])
            message = f"what became of {shown(subject)} is said at {there} already; keep one of the two"
            yield breach("past-id-twice", message, path, subject, str(path[-1]))
        if subject in living:
            message = f"{shown(subject)} is a record of this dataset; an id is not used again: give it another"
            yield breach("past-id-lives", message, path, subject, str(path[-1]))
    renamed = dict(zip(redirects["old"], redirects["new"], strict=True))
    near = closest_of(subjects)
    for at, (old, new) in enumerate(zip(redirects["old"], redirects["new"], strict=True)):
        path = ("redirects", at, "new")
        if new in renamed and new not in living:
            message = f"{shown(new)} was renamed as well, to {shown(renamed[new])}; say where it ended up"
            yield breach("redirect-chain", message, path, old, "new")
        elif new not in living:
            yield breach(
                "redirect-target", f"there is no record {shown(new)}{did_you_mean(near(new))}", path, old, "new"
            )
        elif new.partition("/")[0] != old.partition("/")[0]:
            message = f"{shown(new)} is of another table; a record keeps its table when it is renamed"
            yield breach("redirect-target", message, path, old, "new")
