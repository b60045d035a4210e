"""Merge the lines of a draft into the rows of a dataset."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from eaps_data._internal.text_keys import closest
from eaps_data.errors import Problem, did_you_mean
from eaps_data.formats.columns import Column, table as columns_of_table
from eaps_data.models.past_ids import version_key
from eaps_data.models.rows import subject_of
from eaps_data.models.table_specs import CLAIMING, TABLE_SPECS
from eaps_data.provenance.draft_lines import NO_CLAIM, REMOVED, Line, replacement
from eaps_data.provenance.page import PageText, Place, comparable
from eaps_data.rules.problem import shown

Rows = dict[str, Any]
"""The members of a dataset document, in plain JSON."""

_BOOLEANS: Final = {"true": True, "false": False}


class Merge:
    """Rows into which the lines of a draft are merged.

    Attributes:
        rows: The members of the dataset document, changed in place.
        problems: What is wrong with the lines.
        without_claim: The locations of the sentences that make no claim.
    """

    def __init__(self, rows: Rows, page: PageText) -> None:
        """Prepare the rows, whose evidence has the locations of the page as it is now."""
        self.rows, self._page = rows, page
        self.problems: list[Problem] = []
        self.without_claim: set[Place] = set()
        self._source: str = rows["grant_program"]["source"]
        self._records = {
            subject_of(table, row): row
            for table in CLAIMING
            for row in ([rows[table]] if TABLE_SPECS[table].has_one_row else rows[table])
        }
        self._lines: dict[str, list[Line]] = {}

    def add(self, lines: Sequence[Line], undecided: Collection[str | None] = ()) -> None:
        """Merge lines: first the records and values, then the evidence, whose section the records give.

        Args:
            lines: The lines.
            undecided: The subjects of lines that are still to be decided.
        """
        roles = {line.subject: line.value for line in lines if line.subject.count("--") == 1 and line.field == "role"}
        complete = [
            line._replace(subject=f"{line.subject}--{line.value if line.field == 'role' else roles[line.subject]}")
            if line.subject in roles
            else line
            for line in lines
        ]
        named = {line.subject for line in complete if line.field in {"name", "role"} and line.basis != REMOVED}
        known = [line for line in complete if self._is_known(line, named, undecided)]
        for line in known:
            self._lines.setdefault(line.subject, []).append(line)
        for line in [line for line in known if self._set(line)]:
            self._support(line)

    def line_of(self, subject: str | None, field: str | None, item: str | None = None) -> Line | None:
        """Return the line that a record, a field or an item comes from; None if it comes from no line."""
        lines = self._lines.get(subject or "", [])
        ranked = sorted(lines, key=lambda line: (line.field != field, item is not None and line.value != item))
        return next(iter(ranked), None)

    def _is_known(self, line: Line, named: Collection[str], undecided: Collection[str | None]) -> bool:
        if line.subject == NO_CLAIM:
            place = self._locate(line, line.quote, None)
            self.without_claim |= {place} if place else set()
            return False
        table, _, id_ = line.subject.partition("/")
        if line.subject in self._records:
            return True
        if line.subject in named and table in CLAIMING and not TABLE_SPECS[table].has_one_row:
            parts = id_.split("--")
            key = TABLE_SPECS[table].key
            if len(parts) == len(key):
                row = self._records[line.subject] = dict(zip(key, parts, strict=True))
                self.rows[table].append(row)
                return True
        suggestion = did_you_mean(closest(line.subject, {*self._records, *named}))
        message = f"no record {shown(line.subject)}{suggestion}; for a new record, add a line with its name or role"
        if line.basis != REMOVED and line.subject not in undecided:  # it may be removed already
            self.problems.append(line.problem(message))
        return False

    def _set(self, line: Line) -> bool:
        """Change the value of a line; return whether the line may have evidence."""
        table = line.subject.partition("/")[0]
        record = self._records[line.subject]
        if not line.field and line.basis == REMOVED:
            self._remove(line)
            return False
        columns = {".".join(each.path): each for each in columns_of_table(table).columns}
        if line.field not in columns:
            suggestion = did_you_mean(closest(line.field, columns))
            message = f"{table} have no field {shown(line.field)}{suggestion}; valid fields: {', '.join(columns)}"
            self.problems.append(line.problem(message))
            return False
        column = columns[line.field]
        old, text = replacement(line.value)
        if refusal := self._refusal(line, column, text):
            self.problems.append(line.problem(refusal))
            return False
        *parents, name = column.path
        holder: dict[str, Any] = record
        for parent in parents:
            holder[parent] = holder.get(parent) or {}
            holder = holder[parent]
        value = _converted(column, text)
        if column.is_list:
            items = holder[name] = [*holder.get(name, [])]
            if not self._set_item(line, items, value, old):
                return False
        elif line.basis == REMOVED:
            holder[name] = None
        elif text or not line.quote:  # a line may add a quote to a value that is there
            holder[name] = value
        is_ours = column.path == ("name",) and record.get("named_by_source") is False
        return column.path[0] in TABLE_SPECS[table].claims and not is_ours

    def _refusal(self, line: Line, column: Column, text: str) -> str | None:
        """Return why a line does not set a value; None if it does."""
        table, _, id_ = line.subject.partition("/")
        parts = dict(zip(TABLE_SPECS[table].key, id_.split("--"), strict=False))
        if parts.get(line.field, text) != text:
            new = f"{table}/{'--'.join((parts | {line.field: text}).values())}"
            row = json.dumps({"old": line.subject, "new": new, "since": self._next_major})
            return f"a draft does not rename an id; rename it in each table, and add to redirects.json: {row}"
        if column.is_list and not text:
            return f"{line.field} is a list; give the item that the quote supports"
        if text and not column.is_list:
            of_field = [each for each in self._lines[line.subject] if each.field == line.field and each.value]
            first = replacement(of_field[0].value)[1]
            if text != first:
                return f"line {of_field[0].number} gives the value {shown(first)}; keep one of the two"
        return None

    @property
    def _next_major(self) -> str:
        major, *_ = version_key(self.rows["release"]["data_version"])
        return f"{major + 1}.0.0"

    def _set_item(self, line: Line, items: list[Any], value: Any, old: str | None) -> bool:
        """Change an item of a list; return False if there is no such item."""
        if line.basis == REMOVED:
            items[:] = [item for item in items if item != value]
        elif old in items:
            items[items.index(old)] = value
            self._rename_item(line, str(old), value)
        elif value not in items:
            if old is not None:
                suggestion = did_you_mean(closest(old, items))
                message = f"{line.field} has no item {shown(old)}{suggestion}; correct it, or make a new draft"
                self.problems.append(line.problem(message))
                return False
            items.append(value)
        return True

    def _remove(self, line: Line) -> None:
        table = line.subject.partition("/")[0]
        record = self._records.pop(line.subject)
        self.rows[table] = [row for row in self.rows[table] if row is not record]
        self.rows["evidence"] = [row for row in self.rows["evidence"] if row["subject"] != line.subject]
        if not line.note:
            self.problems.append(line.problem("say in the note why the record is removed"))
        # A redirect must not lead to a removed record, so its old id is a removed one, too.
        redirects = self.rows.get("redirects", [])
        gone = [line.subject, *(row["old"] for row in redirects if row["new"] == line.subject)]
        self.rows["redirects"] = [row for row in redirects if row["new"] != line.subject]
        self.rows["tombstones"] = [
            *self.rows.get("tombstones", []),
            *({"id": id_, "since": self._next_major, "why": line.note} for id_ in gone),
        ]

    def _rename_item(self, line: Line, old: str, new: str) -> None:
        for row in self.rows["evidence"]:
            if (row["subject"], row["field"], row.get("item")) == (line.subject, line.field, old):
                row["item"] = new

    def _support(self, line: Line) -> None:
        """Change the evidence of a line."""
        table = line.subject.partition("/")[0]
        column = next(each for each in columns_of_table(table).columns if ".".join(each.path) == line.field)
        text = replacement(line.value)[1]
        field, *parts = column.path
        item = parts[0] if parts else text if column.is_list else None
        claim = (line.subject, field, item)
        evidence = self.rows["evidence"]
        rows = [row for row in evidence if (row["subject"], row["field"], row.get("item")) == claim]
        if line.basis == REMOVED:
            self.rows["evidence"] = [row for row in evidence if row not in rows]
            return
        old, quote = replacement(line.quote or text)
        if old is not None and not quote:
            self.rows["evidence"] = [row for row in evidence if row not in rows or row["quote"] != old]
            return
        source = line.source or self._source
        row = next(
            (row for row in rows if comparable(row["quote"]) in {comparable(quote), comparable(old or quote)}), None
        )
        if row is None:
            if old is not None:
                hint = "if an earlier line gives the item a new value, give it here too; else make a new draft"
                self.problems.append(line.problem(f"no evidence of this claim quotes {shown(old)}; {hint}"))
                return
            row = {"subject": claim[0], "field": claim[1], "item": item, "basis": line.basis or "stated", "note": None}
            evidence.append(row)
        elif line.basis:
            row["basis"] = line.basis
        row["note"] = line.note or row.get("note")
        place = self._locate(line, quote, row) if source == self._source else None
        row |= {"quote": quote, "source": source}
        row |= place._asdict() if place else dict.fromkeys(Place._fields) if source != self._source else {}

    def _locate(self, line: Line, quote: str, row: Mapping[str, Any] | None) -> Place | None:
        """Return the sentence that has a quote; if there is none or more than one, report it."""
        home = None if row is None else self._home(line.subject)
        places = self._page.places(quote)
        at_home = [place for place in places if place.section == home] or places
        in_heading = [place for place in at_home if not place.paragraph]
        if line.place and places:
            at_home = [place for place in at_home if f"{place.paragraph}.{place.sentence}" == line.place]
        elif line.subject.startswith("municipalities/") or line.field == "municipality":
            at_home = in_heading or at_home
        else:
            at_home = [place for place in at_home if place.paragraph] or at_home
        if len(at_home) == 1:
            return at_home[0]
        if at_home:
            was = tuple((row or {}).get(part) for part in Place._fields)
            for place in at_home:
                if place == was:
                    return place
            where = "; ".join(map(str, at_home))
            message = (
                f"the quote {shown(quote)} is in {len(at_home)} sentences ({where}); quote more words, or set place"
            )
            message += f' to "{at_home[0].paragraph}.{at_home[0].sentence}", for example'
        elif places:
            message = f"the quote {shown(quote)} is not in {line.place}; it is in {'; '.join(map(str, places))}"
        else:
            message = self._page.not_found(quote, home)
        self.problems.append(line.problem(message))
        return None

    def _home(self, subject: str) -> str | None:
        """Return the heading of the municipality of a record."""
        record: dict[str, Any] = self._records.get(subject, {})
        table = subject.partition("/")[0]
        if table == "municipalities":
            return str(record.get("styled_name"))
        if table == "partnerships":
            return self._home(f"programs/{record.get('program')}")
        if table == "partners" and not record.get("municipality"):
            id_ = subject.partition("/")[2]
            program = next((row["program"] for row in self.rows["partnerships"] if row["partner"] == id_), None)
            return self._home(f"programs/{program}") if program else None
        return self._home(f"municipalities/{record['municipality']}") if record.get("municipality") else None


def _converted(column: Column, text: str) -> Any:
    """Return the text of a cell as a JSON value; a text of another type is left for the models to report."""
    try:
        match column.type:
            case "integer":
                return int(text)
            case "number":
                return float(text)
            case "boolean":
                return _BOOLEANS.get(text.casefold(), text)
            case _:
                return text or None
    except ValueError:
        return text
