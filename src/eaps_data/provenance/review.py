"""Review a curated folder against a saved page: what is to be decided, and what can be written without a decision."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eaps_data._internal import canonical_json
from eaps_data._internal.atomic_writes import write_texts
from eaps_data._internal.resources import FINGERPRINTS
from eaps_data.errors import Problem
from eaps_data.formats import json as json_format
from eaps_data.models.rows import known_parts, subject_of
from eaps_data.models.table_specs import CLAIMING, MEMBERS, SCHEMA_VERSION, TABLE_SPECS
from eaps_data.provenance import draft_lines, fingerprints
from eaps_data.provenance.merge import Merge, Rows
from eaps_data.provenance.page import PageText, Place, comparable, names_a_municipality
from eaps_data.provenance.verification import Verification, verify
from eaps_data.rules.checker import check
from eaps_data.rules.completeness import curators_warnings
from eaps_data.rules.problem import shown, violation
from eaps_data.tables.dataset import Dataset

_RUN: Final = 13
"""The number of words from which a run of the page's words counts as copied."""
_FIX: Final = "fix it with --fix"


@dataclass(frozen=True, slots=True)
class Review:
    """The result of reviewing a folder.

    Attributes:
        open: What is to be decided; while there is anything, nothing is written.
        fixable: What `write` fixes, and warnings.
        files: The text of each file that differs, by path.
    """

    open: tuple[Problem, ...]
    fixable: tuple[Problem, ...]
    files: dict[Path, str]

    def write(self) -> tuple[Path, ...]:
        """Write the files, each as a whole, and return their paths; nothing is written if anything is open.

        Raises:
            OSError: If a file cannot be written.
        """
        if self.open:
            return ()
        write_texts(self.files)
        return tuple(self.files)


def review(folder: Path, page: bytes, draft: tuple[str, str] | None = None) -> Review:
    """Review the tables of a folder against a page, with the lines of a draft merged into them.

    Args:
        folder: The folder, which holds a valid dataset, and `page.fingerprints`.
        page: The bytes of the saved page.
        draft: The text of a draft, and its file's name.

    Raises:
        OSError: If a file cannot be read.
        InvalidDataError: If the tables are not valid.
        NotAPageError, MissingExtraError: As for `verify`.
    """
    digest = hashlib.sha256(page).hexdigest()
    if draft is not None and (stale := draft_lines.unusable(*draft, digest)):
        return Review((stale,), (), {})
    dataset = Dataset.from_path(folder)
    known = fingerprints.of_folder(folder)
    found = verify(page, dataset, known)
    before: Rows = dataset.document.model_dump(mode="json")
    rows: Rows = json.loads(json.dumps(before))
    fixable = [*_relocate(rows, found), *_renew_hash(rows, digest)]
    sentences = [(each.place, each.text) for each in found.sentences if each.place and each.text]
    text = PageText(sentences)
    merge = Merge(rows, text)
    problems: list[Problem] = []
    if draft is not None:
        lines, problems = draft_lines.read(*draft)
        merge.add(lines, {problem.record for problem in problems})
    fixable += [*_quote_exactly(rows, text), *_arrange(rows, found)]
    content = json_format.JsonContent(canonical_json.to_json(rows).encode())
    checked = check(content, "dataset")
    problems += [*merge.problems, *_further(checked.errors, merge.problems, rows, merge, folder)]
    if not any(problem.rule == "draft" for problem in problems):  # else they follow from what is to be decided
        problems += _quote_problems(rows, text, merge, folder)
        problems += [*_further(_unquoted_names(rows), problems, rows, merge, folder)]
        problems += _sentence_problems(rows, found, merge, None if draft else folder)
    problems += (_located(problem, rows, merge, folder) for problem in _without_section(rows, found))
    problems += (_located(problem, rows, merge, folder) for problem in _copied(rows, text))
    unclaimed = {each.place for each in found.sentences if each.place and not each.needs_evidence}
    now = fingerprints.take_fingerprints(sentences, unclaimed | merge.without_claim)
    files = _texts(folder, rows, before)
    if now != known:
        files[folder / FINGERPRINTS] = fingerprints.to_json(now)
    if draft is not None:  # its lines are for `write`, which fills in the rest
        fixable = [] if problems else [*checked.problems, *curators_warnings(checked.built)]
    fixable = [problem if problem.file else _located(problem, rows, merge, folder) for problem in fixable]
    return Review(tuple(problems), tuple(fixable), files)


def _relocate(rows: Rows, found: Verification) -> Iterator[Problem]:
    """Give each quote the location that it has on the page now."""
    at = {id(row): checked for row, checked in zip(_page_rows(rows), found.rows, strict=True)}
    for index, row in enumerate(rows["evidence"]):
        checked = at.get(id(row))
        if checked and checked.place and checked.place != _place(row):
            row.update(checked.place._asdict())
            message = f"the quote {shown(row['quote'])} is now in {checked.place}; {_FIX}"
            yield violation("page-quote", message, ("evidence", index), row["subject"], row["field"])


def _quote_exactly(rows: Rows, text: PageText) -> Iterator[Problem]:
    """Give each quote the characters of the page, such as curly apostrophes."""
    for index, row in enumerate(rows["evidence"]):
        if row["source"] == rows["grant_program"]["source"] and row.get("section"):
            exact = text.exact(row["quote"], _place(row))
            if exact != row["quote"]:
                message = f"the page writes the quote as {shown(exact)}; {_FIX}"
                yield violation("page-quote", message, ("evidence", index), row["subject"], row["field"])
                row["quote"] = exact


def _page_rows(rows: Rows) -> Iterator[dict[str, Any]]:
    return (row for row in rows["evidence"] if row["source"] == rows["grant_program"]["source"])


def _place(row: dict[str, Any]) -> Place:
    return Place(row.get("section") or "", row.get("paragraph") or 0, row.get("sentence") or 0)


def _renew_hash(rows: Rows, digest: str) -> Iterator[Problem]:
    for index, source in enumerate(rows["sources"]):
        if source["id"] == rows["grant_program"]["source"] and source["sha256"] != digest:
            source["sha256"] = digest
            message = f"the hash is not the one of this copy of the page, {digest[:8]}…; {_FIX}"
            yield violation("page-hash", message, ("sources", index, "sha256"), f"sources/{source['id']}", "sha256")


def _numbers(found: Verification) -> dict[str, int]:
    """Number the municipalities in the order of the page, by their headings."""
    headings = [each.name for each in found.sections if each.name and names_a_municipality(comparable(each.name))]
    return {comparable(name): number for number, name in enumerate(headings, start=1)}


def _without_section(rows: Rows, found: Verification) -> Iterator[Problem]:
    """Yield a problem for each municipality that has no section on the page."""
    numbers = _numbers(found)
    for index, town in enumerate(rows["municipalities"]):
        if comparable(str(town.get("styled_name"))) not in numbers:
            message = (
                f"the page has no section {shown(town.get('styled_name'))}; correct the name, or remove the record"
            )
            path = ("municipalities", index, "styled_name")
            yield violation("page-order", message, path, f"municipalities/{town['id']}", "styled_name")


def _arrange(rows: Rows, found: Verification) -> Iterator[Problem]:
    """Sort and number the records in the page's order, and the evidence in the order of the records."""
    numbers = _numbers(found)
    towns, programs, partnerships = rows["municipalities"], rows["programs"], rows["partnerships"]
    for index, town in enumerate(towns):
        number = numbers.get(comparable(str(town.get("styled_name"))), len(numbers) + index + 1)
        if town.get("position") != number:
            if town.get("position") is not None:
                message = f"position {town['position']} → {number}; {_FIX}"
                yield violation("page-order", message, (), f"municipalities/{town['id']}", "position")
            town["position"] = number
    yield from _sort(rows, "municipalities", [town["position"] for town in towns])
    of_town = {town["id"]: town["position"] for town in towns}
    yield from _sort(rows, "programs", [of_town.get(row.get("municipality"), len(of_town)) for row in programs])
    of_program = {row["id"]: number for number, row in enumerate(rows["programs"])}
    yield from _sort(rows, "partnerships", [of_program.get(row["program"], len(of_program)) for row in partnerships])
    first: dict[str, int] = {}
    for row in rows["partnerships"]:
        first.setdefault(row["partner"], len(first))
    yield from _sort(rows, "partners", [first.get(row["id"], -1) for row in rows["partners"]])
    claims = {claim: number for number, claim in enumerate(_claims(rows))}
    last = len(claims)
    keys = [claims.get((row["subject"], row["field"], row.get("item")), last) for row in rows["evidence"]]
    yield from _sort(rows, "evidence", keys)


def _sort(rows: Rows, table: str, keys: Sequence[int]) -> Iterator[Problem]:
    order = sorted(range(len(keys)), key=keys.__getitem__)
    if order != [*range(len(keys))]:
        rows[table] = [rows[table][index] for index in order]
        yield violation("page-order", f"the rows are not in the order of the page; {_FIX}", (), table)


def _claims(rows: Rows) -> Iterator[tuple[str, str, str | None]]:
    """Yield each place of the evidence in its order: by record, field and item."""
    for table in CLAIMING:
        for row in _rows_of(rows, table):
            for field in TABLE_SPECS[table].claims:
                value = row.get(field)
                items = value if isinstance(value, list) else known_parts(value) if isinstance(value, dict) else [None]
                yield from ((subject_of(table, row), field, item) for item in items)


def _further(
    errors: Iterable[Problem], known: Iterable[Problem], rows: Rows, merge: Merge, folder: Path
) -> Iterator[Problem]:
    """Yield the errors of merged rows, but not those of a line that has a known problem, from which they may follow."""
    lines = {(problem.file, problem.line) for problem in known if problem.line}
    for error in errors:
        located = _located(error, rows, merge, folder)
        if (located.file, located.line) not in lines:
            yield located


def _located(problem: Problem, rows: Rows, merge: Merge, folder: Path) -> Problem:
    """Return a problem with the line of the draft that it comes from, or else the file of its table."""
    table, index = (*problem.path, None, None)[:2]
    subject, field, item = problem.record, problem.field, None
    if table == "evidence" and isinstance(index, int):
        row = rows["evidence"][index]
        subject, field, item = row["subject"], row["field"], row.get("item")
    elif table in CLAIMING and isinstance(index, int):
        subject = subject_of(str(table), rows[str(table)][index])
    line = merge.line_of(subject, field, item)
    if line is not None:
        return problem._replace(record=line.subject, file=line.file, line=line.number, column=None)
    name = table if table in MEMBERS else str(subject).partition("/")[0]
    return problem._replace(file=str(folder / f"{name}.json"), line=None, column=None)


def _quote_problems(rows: Rows, text: PageText, merge: Merge, folder: Path) -> Iterator[Problem]:
    """Yield a problem for each quote that is not in its sentence of the page."""
    for index, row in enumerate(rows["evidence"]):
        if row["source"] != rows["grant_program"]["source"] or text.has(row["quote"], _place(row)):
            continue
        message = text.not_found(row["quote"], row.get("section"))
        if places := text.places(row["quote"]):
            message = f"the quote {shown(row['quote'])} is not in {_place(row)}; it is in {'; '.join(map(str, places))}"
        problem = violation("page-quote", message, ("evidence", index), row["subject"], row["field"])
        yield _located(problem, rows, merge, folder)


def _unquoted_names(rows: Rows) -> Iterator[Problem]:
    """Yield a problem for each name that the page does not write as such, though its evidence claims so."""
    records = {subject_of(table, row): row for table in CLAIMING for row in _rows_of(rows, table)}
    for index, row in enumerate(rows["evidence"]):
        bases = {"name": {"stated"}, "acronym": {"stated", "named"}, "aliases": {"stated", "named"}}
        name = row.get("item") or records.get(row["subject"], {}).get(row["field"])
        if row["basis"] in bases.get(row["field"], ()) and name and comparable(name) not in comparable(row["quote"]):
            message = (
                f"the quote {shown(row['quote'])} does not contain the {row['field']} {shown(name)}; write the name as "
                "the page does, or give the basis inferred, with a note"
            )
            yield violation("page-quote", message, ("evidence", index), row["subject"], row["field"])


def _rows_of(rows: Rows, table: str) -> list[dict[str, Any]]:
    return [rows[table]] if TABLE_SPECS[table].has_one_row else rows[table]


def _sentence_problems(rows: Rows, found: Verification, merge: Merge, folder: Path | None) -> Iterator[Problem]:
    """Yield a problem for each sentence that has no evidence, or, if a folder has no draft, that was edited."""
    quoted = {_place(row) for row in _page_rows(rows)}
    for each in found.sentences:
        if not each.place or not each.needs_evidence or each.place in merge.without_claim:
            continue
        if each.place not in quoted:
            message = f"{each.place}: no evidence quotes the sentence {shown(each.text)}; add its claims to a draft"
            yield violation("page-sentence", message, ())
        elif each.change == "edited" and folder:
            command = f"eaps-data draft PAGE --data {folder}"
            message = f"{each.place}: the sentence was edited; read it again in a draft: {command}"
            yield violation("page-sentence", message, ())


def _copied(rows: Rows, text: PageText) -> Iterator[Problem]:
    """Yield a problem for each text of ours that has a run of the page's words."""
    page = text.runs(_RUN)
    for table in ("municipalities", "programs", "partners", "evidence"):
        for index, row in enumerate(rows[table]):
            for field in ("summary", "goals", "activities", "note"):
                value = row.get(field) or ()
                for item in [value] if isinstance(value, str) else value:
                    words = comparable(item).casefold().split()
                    if any(tuple(words[at : at + _RUN]) in page for at in range(len(words) - _RUN + 1)):
                        message = f"{shown(item)} has {_RUN} words in a row from the page; use other words"
                        subject = row["subject"] if table == "evidence" else subject_of(table, row)
                        yield violation("page-words", message, (table, index, field), subject, field)


def _texts(folder: Path, rows: Rows, before: Rows) -> dict[Path, str]:
    """Return the text of each table that changes, in canonical form."""
    try:
        document = Dataset.from_json(json.dumps({"schema_version": SCHEMA_VERSION} | rows)).document
    except ValueError:
        return {}
    after = document.model_dump(mode="json")
    return {
        folder / f"{name}.json": canonical_json.to_json(after[name]) for name in MEMBERS if after[name] != before[name]
    }
