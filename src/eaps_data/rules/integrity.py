"""The rules between records, which a schema of single records cannot check."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain, compress
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from eaps_data._internal.text_keys import closest_of, fold
from eaps_data.errors import Path, Problem, did_you_mean
from eaps_data.models.rows import Row, fields_of, keys_in, rows_of
from eaps_data.models.table_specs import LIVING, REFERENCES, TABLE_SPECS, TABLES
from eaps_data.rules.columns import Columns, Field, Tables, sample_of
from eaps_data.rules.evidence import EVIDENCE, duplicate_rows, evidence_problems
from eaps_data.rules.problem import shown, violation

if TYPE_CHECKING:
    from eaps_data.models.records import DatasetDocument

_WITH_NAMES: Final = ("municipalities", "programs", "partners")

_FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
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


def check(document: "DatasetDocument | Row") -> list[Problem]:
    """Check the rules between the records of a dataset.

    Args:
        document: the document, or the plain JSON of one whose records are valid.

    Returns:
        All errors, each with its table, record and field; if there are none, all warnings.
    """
    rows = rows_of(document)
    return check_tables({name: columns_of(name, rows[name]) for name in _FIELDS})


def columns_of(table: str, rows: Sequence[Row] = ()) -> Columns:
    """Return the fields of a table's rows that the rules look at."""
    return Columns(table, _FIELDS.get(table, ()), rows)


def check_tables(tables: Tables, *, is_evidence_sound: bool = False) -> list[Problem]:
    """Check the rules between the records of all tables, given as columns; see `check`.

    Args:
        tables: the fields of each table that the rules look at.
        is_evidence_sound: whether the evidence has been checked; then only its sources are needed.
    """
    checked = [name for name in TABLES if name != "evidence" or not is_evidence_sound]
    problems = [problem for name in checked for problem in check_table(tables[name])]
    problems += _dangling(tables)
    problems += _circles(tables["programs"], "part_of", "part-of-circle")
    problems += _circles(tables["partners"], "part_of", "part-of-circle")
    problems += _circles(tables["programs"], "expands", "expands-circle")
    if not is_evidence_sound:
        problems += evidence_problems(tables)
    problems += _past_ids(tables)
    return problems or _warnings(tables)


def check_table(columns: Columns) -> list[Problem]:
    """Check the rules between the records of one table, given as columns."""
    if columns.table not in TABLES:
        return []
    if columns.table == "evidence":
        return [_duplicate(columns, index) for index in duplicate_rows(columns)]
    problems = [_duplicate(columns, index) for index, _ in _repeated(columns.ids())]
    if columns.table in _WITH_NAMES:
        problems += _duplicate_keys(columns)
    if columns.table == "municipalities":
        problems += _duplicate_positions(columns)
        problems += _mismatched_codes(columns)
    return problems


def _repeated(values: list[Any]) -> Iterator[tuple[int, int]]:
    """Yield the index of each value that repeats an earlier one, and the index of that one."""
    if len({*values}) == len(values):
        return
    first: dict[Any, int] = {}
    for index, value in enumerate(values):
        if first.setdefault(value, index) != index:
            yield index, first[value]


def _duplicate(columns: Columns, index: int) -> Problem:
    if columns.table == "evidence":
        message = f"the row repeats an earlier one, of the quote {shown(columns['quote'][index])}; remove one of them"
    else:
        message = f"the id {shown(columns.ids()[index])} is used already; change or remove it"
    return violation("duplicate-id", message, (columns.table, index, "id"), columns.subjects()[index], "id")


def _duplicate_keys(columns: Columns) -> Iterator[Problem]:
    """Yield a problem for each alias or code that is a key of another record.

    Two organizations may share a name or an acronym: a lookup by it lists both. Aliases and codes identify.
    """
    if not columns.has_shared_keys:
        return
    table, ids = columns.table, columns.ids()
    keys = columns.folded_keys(TABLE_SPECS[table].lookup_fields)
    # The first two records that have a key are enough to name another one.
    owners: dict[str, str] = {}
    others: dict[str, str] = {}
    for index, folded in sorted(keys, key=itemgetter(0)):
        if owners.setdefault(folded, ids[index]) != ids[index]:
            others.setdefault(folded, ids[index])
    field = "identifiers" if table == "municipalities" else "aliases"
    for index, value in enumerate(columns[field]) if others else ():
        for key in keys_in(value):
            folded = fold(key)
            other = others.get(folded) if owners[folded] == ids[index] else owners[folded]
            if other is not None:
                message = f"{shown(key)} is also a key of {table}/{other}; a key identifies one record"
                yield violation("duplicate-key", message, (table, index, field), f"{table}/{ids[index]}", field)


def _duplicate_positions(columns: Columns) -> Iterator[Problem]:
    subjects = columns.subjects()
    for index, first in _repeated(columns["position"]):
        if subjects[first] != subjects[index]:
            message = f"position {columns['position'][index]} is already taken by {subjects[first]}"
            path: Path = ("municipalities", index, "position")
            yield violation("duplicate-position", message, path, subjects[index], "position")


def _mismatched_codes(columns: Columns) -> Iterator[Problem]:
    for index, codes in enumerate(columns["identifiers"]):
        known = fields_of(codes or {})
        subdivision, county = known.get("county_subdivision_geoid"), known.get("county_geoid")
        state = (county or subdivision or "")[:2]
        for part, code, start in (
            ("county_subdivision_geoid", subdivision, county or ""),
            ("place_geoid", known.get("place_geoid"), state),
        ):
            if code is not None and not code.startswith(start):
                message = f"{part} {code} does not begin with {start}, as the municipality's other codes do"
                path: Path = ("municipalities", index, "identifiers", part)
                subject = f"municipalities/{columns.ids()[index]}"
                yield violation("identifier-mismatch", message, path, subject, f"identifiers.{part}")


def _dangling(tables: Tables) -> Iterator[Problem]:
    ids = {table: {*tables[table].ids()} for table in set(REFERENCES.values())}
    for (table, field), target in REFERENCES.items():
        values = tables[table][field]
        is_list = isinstance(sample_of(values), tuple | list)
        given = filter(None, values)
        lost = {*(chain.from_iterable(given) if is_list else given)} - ids[target]
        if not lost:
            continue
        suggest = closest_of(tables[target].ids())
        subjects = tables[table].subjects()
        for index, value in enumerate(values):
            for item, key in enumerate((value or ()) if is_list else (value,)):
                if key in lost:
                    message = f"unknown {TABLE_SPECS[target].singular} id {shown(key)}{did_you_mean(suggest(key))}"
                    path: Path = (table, field) if TABLE_SPECS[table].has_one_row else (table, index, field)
                    path = (*path, item) if is_list else path
                    yield violation("dangling-reference", message, path, subjects[index], field)


def _circles(columns: Columns, field: str, rule: str) -> Iterator[Problem]:
    """Yield a problem for each circle of references in a field."""
    table, ids, values = columns.table, columns.ids(), columns[field]
    given = compress(zip(ids, values, strict=True), values)
    targets: dict[str, Sequence[str]] = {id_: (one,) if isinstance(one, str) else one for id_, one in given}
    place = {id_: index for index, id_ in enumerate(ids)} if targets else {}
    for circle in _circles_in(targets):
        first = circle.index(min(circle, key=place.__getitem__))
        around = [*circle[first:], *circle[: first + 1]]
        message = f"{field} is circular: {' -> '.join(around)}"
        path: Path = (table, place[around[0]], field)
        if not isinstance(values[place[around[0]]], str):
            path = (*path, [*targets[around[0]]].index(around[1]))
        yield violation(rule, message, path, f"{table}/{around[0]}", field)


def _circles_in(targets: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Yield the circles of a graph that a walk from each of its nodes meets, each once."""
    walked: set[str] = set()
    for start in targets:
        if start in walked:
            continue
        steps: dict[str, None] = {start: None}  # the nodes from the start to the current one
        branches = [iter(targets[start])]
        walked.add(start)
        while branches:
            following = next(branches[-1], None)
            if following is None:
                branches.pop()
                steps.popitem()
            elif following in steps:
                yield [*steps][[*steps].index(following) :]
            elif following not in walked:
                walked.add(following)
                steps[following] = None
                branches.append(iter(targets.get(following, ())))


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
            message = f"{shown(subject)} already has an entry in {first[subject][0]}; keep one of the two"
            yield violation("past-id-twice", message, path, subject, str(path[-1]))
        if subject in living:
            message = f"{shown(subject)} is a record of this dataset; ids are not reused: give it another id"
            yield violation("past-id-lives", message, path, subject, str(path[-1]))
    renamed = dict(zip(redirects["old"], redirects["new"], strict=True))
    suggest = closest_of(subjects)
    for at, (old, new) in enumerate(zip(redirects["old"], redirects["new"], strict=True)):
        problem = _redirect_problem(old, new, living, renamed, suggest)
        if problem is not None:
            rule, message = problem
            yield violation(rule, message, ("redirects", at, "new"), old, "new")


def _redirect_problem(
    old: str, new: str, living: Collection[str], renamed: Mapping[str, str], suggest: Callable[[str], tuple[str, ...]]
) -> tuple[str, str] | None:
    """The rule that a redirect breaks, and the message."""
    if new not in living:
        if new in renamed:
            return "redirect-chain", f"{shown(new)} was renamed too; redirect to {shown(renamed[new])}"
        return "redirect-target", f"no record {shown(new)}{did_you_mean(suggest(new))}"
    if new.partition("/")[0] != old.partition("/")[0]:
        return "redirect-target", f"{shown(new)} is in another table; a renamed record stays in its table"
    return None


def _warnings(tables: Tables) -> list[Problem]:
    problems = [problem for name in _WITH_NAMES for problem in _shared_names(tables[name])]
    cited = {*tables["evidence"]["source"], *tables["grant_program"]["source"]}
    problems += _unused("unused-source", "no evidence cites this source", tables["sources"], cited)
    with_programs = {*tables["programs"]["municipality"]}
    message = "the municipality has no program"
    problems += _unused("municipality-without-program", message, tables["municipalities"], with_programs)
    return problems


def _unused(rule: str, message: str, columns: Columns, used: Collection[str]) -> Iterator[Problem]:
    for index, id_ in enumerate(columns.ids()):
        if id_ not in used:
            yield violation(rule, message, (columns.table, index), f"{columns.table}/{id_}")


def _shared_names(columns: Columns) -> Iterator[Problem]:
    if not columns.has_shared_keys:
        return
    table, ids, first = columns.table, columns.ids(), dict[str, str]()
    for field in [field for field in ("name", "acronym") if field in TABLE_SPECS[table].lookup_fields]:
        for index, folded in columns.folded_keys([field]):
            if first.setdefault(folded, ids[index]) != ids[index]:
                other = f"{table}/{first[folded]}"
                message = f"{shown(columns[field][index])} is also the name of {other}; a lookup by it lists both"
                yield violation("shared-name", message, (table, index, field), f"{table}/{ids[index]}", field)
