"""Draft the lines that a changed page needs: what the page shows is filled in, and the rest is marked to be decided."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any, Final, NamedTuple

from eaps_data.formats.columns import table as columns_of_table
from eaps_data.models.records import Evidence
from eaps_data.models.vocabulary import Basis, PartnerKind, ProgramKind, Role, Term
from eaps_data.provenance import draft_lines
from eaps_data.provenance.draft_lines import NO_CLAIM, REMOVED, TODO, Line
from eaps_data.provenance.fingerprints import Fingerprint
from eaps_data.provenance.page import Place, comparable, fold_spaces, names_a_municipality, place_of, slug
from eaps_data.provenance.saved_page import read_bytes
from eaps_data.provenance.verification import CheckedRow, Verification, verify
from eaps_data.tables.dataset import Dataset, load

_POSITION_NOTE: Final = "The page does not number its sections; this is the heading's place in their order."
_OPTIONAL: Final = "# "  # in front of a line, which is then a comment
_REMOVED_NOTE: Final = "The page no longer names it."
_CAPITALIZED: Final = r"[A-Z][\w'\u2019.-]{0,40}\w"
_NAME: Final = re.compile(
    rf"\b(?:The )?(?P<name>{_CAPITALIZED}(?:(?: of| for| of the| for the| and| &)? {_CAPITALIZED})+)"
    r"(?: \((?P<acronym>[A-Z]{2,20})\)(?=(?P<word> \w+)?))?"
)


class Draft(NamedTuple):
    """A draft of the lines that a changed page needs.

    Attributes:
        lines: The lines, and comments as strings, in the page's order; a line whose subject begins with `#` is
            a comment, too.
        page_hash: The SHA-256 of the page.
    """

    lines: tuple[Line | str, ...]
    page_hash: str

    def __str__(self) -> str:
        return draft_lines.write(self.lines, self.page_hash)

    @property
    def decisions(self) -> int:
        """The number of lines that are still to be decided."""
        return sum(TODO in "".join(row.values()) for row in self.to_rows())

    def to_rows(self) -> list[dict[str, str]]:
        """Return the lines without comments as plain rows."""
        lines = [each for each in self.lines if isinstance(each, Line) and not each.subject.startswith(_OPTIONAL)]
        return [{name: getattr(line, name) for name in draft_lines.COLUMNS} for line in lines]


def draft(
    page: bytes | str | PathLike[str],
    dataset: Dataset | None = None,
    fingerprints: tuple[Fingerprint, ...] | None = None,
) -> Draft:
    """Draft the lines that a changed page needs, for a curator to complete.

    Args:
        page: The bytes of a saved copy, or the path of its file.
        dataset: The dataset to bring up to date; by default the packaged one.
        fingerprints: The fingerprints of the page that the dataset comes from; by default the packaged ones.

    Returns:
        The draft; as a string, it is the text of a CSV file. It has the claims of each edited sentence, with the
        phrase that is most like a missing quote, and for each new municipality its heading's claims and the programs
        and partners that look like names. `TODO` marks what is to be decided.

    Raises:
        OSError, NotAPageError, MissingExtraError: As for `verify`.
    """
    dataset = load() if dataset is None else dataset
    if not isinstance(page, bytes):
        with Path(page).open("rb") as file:
            page = read_bytes(file)
    found = verify(page, dataset, fingerprints)
    return Draft(tuple(_Drafting(dataset, found).lines()), hashlib.sha256(page).hexdigest())


class _Drafting:
    def __init__(self, dataset: Dataset, found: Verification) -> None:
        self._dataset, self._found = dataset, found
        self._rows: defaultdict[object, list[CheckedRow]] = defaultdict(list)
        for row in found.affected:
            is_renamed = row.place is not None and row.place.section != row.row.section
            if row.status != "moved" and (not row.positions or is_renamed):  # `check` numbers the municipalities
                self._rows[place_of(row.row)].append(row)
        self._towns = {comparable(town.styled_name): town.id for town in dataset.municipalities}
        self._partners = {comparable(partner.name): partner.id for partner in dataset.partners}
        self._programs = {(program.municipality, comparable(program.name)) for program in dataset.programs}
        self._new_programs: defaultdict[str, list[str]] = defaultdict(list)

    def lines(self) -> Iterator[Line | str]:
        gone = {each.was for each in self._found.sections if each.change == "gone"}
        for each in self._found.sentences:
            rows = self._rows.get(each.was, [])
            text = fold_spaces(each.text or "")
            if each.was and each.was.section in gone:
                if each.was.paragraph == 0:
                    yield from self._removed_section(each.was.section)
            elif each.change == "new" and each.unreached and each.place:
                yield from self._new_sentence(each.place, text)
            elif each.change == "new" and each.supports:
                yield from (str(each), text)
                yield Line(f"{TODO}: read the sentence, add its other claims, and delete this line")
            elif each.change == "edited" or rows:
                yield str(each)
                yield from filter(None, [text])
                if each.change == "edited" and each.supports:
                    yield Line(f"{TODO}: read the sentence, correct the lines below it, and delete this line")
                heading = each.place.section if each.place and each.place.paragraph == 0 else None
                yield from (_affected_line(row, self._dataset, heading) for row in rows)
                if each.unreached and each.place:
                    yield from self._claims_of(each.place, text)
        yield from self._summaries()

    def _new_sentence(self, place: Place, text: str) -> Iterator[Line | str]:
        yield f"{place}: new"
        if place.paragraph == 0 and names_a_municipality(comparable(place.section)):
            yield from self._municipality(place.section)
        else:
            yield text
            yield from self._claims_of(place, text)

    def _municipality(self, heading: str) -> Iterator[Line | str]:
        style, _, name = heading.partition(" of ")
        id_ = self._towns.setdefault(comparable(heading), slug(name))
        subject = f"municipalities/{id_}"
        yield Line(subject, "name", name, name)
        yield Line(subject, "styled_name", heading, heading)
        yield Line(subject, "style", style.lower(), f"{style} of")
        yield Line(subject, "position", "", heading, "inferred", _POSITION_NOTE)
        yield Line(subject, "summary", f"{TODO}: what the page says about it, in your own words")
        if optional := [*self._fields_from_other_sources(subject)]:
            yield "from other sources; delete the # of a line that you can fill in"
            yield from optional

    def _fields_from_other_sources(self, subject: str) -> Iterator[Line]:
        """Yield a comment for each field that another source than the page has for the other municipalities."""
        rows: defaultdict[str, list[Evidence]] = defaultdict(list)
        for row in self._dataset.evidence:
            if row.subject.startswith("municipalities/") and row.source != self._dataset.grant_program.source:
                rows[_path_of(row)].append(row)
        for column in columns_of_table("municipalities").columns:
            if of_field := rows[".".join(column.path)]:
                first = of_field[0]
                value = _value_of(first, self._dataset)
                quotes = {row.quote for row in of_field}
                quote = first.quote if len(quotes) == 1 else f"{TODO}: such as {first.quote}"
                yield Line(
                    f"{_OPTIONAL}{subject}",
                    ".".join(column.path),
                    f"{TODO}: such as {value}",
                    "" if first.quote == value else quote,
                    _basis_of(first),
                    first.note or "",
                    source=first.source,
                )

    def _claims_of(self, place: Place, text: str) -> Iterator[Line]:
        """Yield what looks like a name in a sentence, and a line to be replaced by its claims."""
        town = self._towns.get(comparable(place.section))
        names = [match for match in _NAME.finditer(text) if not self._is_known(comparable(match["name"]))]
        if town:
            for match in names:
                yield from self._program(town, match)
            for match in names:
                yield from self._partner(town, match)
        first = " ".join(text.split()[:12])
        todo = f"{TODO}: replace this line by the claims of the sentence; if it makes none, write {NO_CLAIM} here"
        yield Line(todo, quote=first)

    def _is_known(self, name: str) -> bool:
        """Return whether a name is a municipality's, or the grant program's or a part of it."""
        grant = self._dataset.grant_program
        return name in self._towns or any(name in comparable(known or "") for known in (grant.name, grant.division))

    def _program(self, town: str, match: re.Match[str]) -> Iterator[Line]:
        name, acronym = match["name"], match["acronym"]
        kind = _kind(ProgramKind, match)
        if kind is None or (town, comparable(name)) in self._programs or comparable(name) in self._partners:
            return
        self._programs.add((town, comparable(name)))
        id_ = f"{town}-{slug(name).removeprefix(f'{town}-')}"
        self._new_programs[town].append(id_)
        subject = f"programs/{id_}"
        heading = next(heading for heading, each in self._towns.items() if each == town)
        yield Line(subject, "name", name, name)
        if acronym:
            yield Line(subject, "acronym", acronym, f"{name} ({acronym})")
        yield Line(subject, "municipality", town, heading)
        yield kind._replace(subject=subject)
        yield Line(subject, "summary", f"{TODO}: what it is, in your own words")

    def _partner(self, town: str, match: re.Match[str]) -> Iterator[Line]:
        name, acronym = match["name"], match["acronym"]
        if any(comparable(name) == known for _, known in self._programs):
            return
        known = self._partners.get(comparable(name))
        kind = _kind(PartnerKind, match)
        id_ = known or slug(name)
        subject = f"partners/{id_}"
        if known is None:
            self._partners[comparable(name)] = id_
            yield Line(subject, "name", name if kind else f"{TODO}: {name} (or delete its lines)", name)
            if acronym:
                yield Line(subject, "acronym", acronym, f"{name} ({acronym})")
            if kind:
                yield kind._replace(subject=subject)
            if slug(name).startswith(f"{town}-"):
                yield Line(subject, "municipality", town, name, "named")
        programs = self._new_programs[town] or [each.id for each in self._dataset.programs if each.municipality == town]
        program = programs[-1] if programs else f"{TODO}: program"
        roles = ", ".join(Role)
        yield Line(f"partnerships/{program}--{id_}", "role", f"{TODO}: {roles}", f"{TODO}: the words that say so")

    def _removed_section(self, heading: str) -> Iterator[Line | str]:
        """Yield a line for each record that only a removed section supports."""
        yield f"{heading}: gone section"
        kept = {row.row.subject for row in self._found.rows if row.place and row.row.section != heading}
        towns = {town for name, town in self._towns.items() if name == comparable(heading)}
        gone = {row.row.subject for row in self._found.rows if row.row.section == heading} - kept
        gone |= {f"municipalities/{town}" for town in towns}
        gone |= {f"programs/{each.id}" for each in self._dataset.programs if each.municipality in towns}
        gone |= {f"partnerships/{each.id}" for each in self._dataset.partnerships if f"programs/{each.program}" in gone}
        for subject in sorted(gone):
            if not subject.startswith("grant_program/"):
                yield Line(subject, basis=f"{TODO}: {REMOVED}", note=_REMOVED_NOTE)

    def _summaries(self) -> Iterator[Line | str]:
        """Yield the summaries of the programs with a claim that lost its quote, and of their municipalities."""
        changed = {row.row.subject for rows in self._rows.values() for row in rows if row.status == "missing"}
        programs = [each for each in self._dataset.programs if f"programs/{each.id}" in changed]
        towns = [each for each in self._dataset.municipalities if each.id in {each.municipality for each in programs}]
        summaries = {f"programs/{each.id}": each.summary for each in programs}
        summaries |= {f"municipalities/{each.id}": each.summary for each in towns}
        gone = {line.subject for line in self._gone_records()}
        lines = [
            Line(subject, "summary", f"{TODO}: {summary}")
            for subject, summary in summaries.items()
            if summary and subject not in gone
        ]
        if lines:
            yield "summaries of the records that changed"
        yield from lines

    def _gone_records(self) -> Iterator[Line]:
        for each in self._found.sections:
            if each.change == "gone" and each.was:
                yield from (line for line in self._removed_section(each.was) if isinstance(line, Line))


def _affected_line(checked: CheckedRow, dataset: Dataset, heading: str | None) -> Line:
    """Return the line of an evidence row whose sentence changed, or the heading of its section."""
    row, is_list = checked.row, _is_list(checked.row)
    value = "" if row.field == "position" or (row.item and not is_list) else _value_of(row, dataset)
    line = Line(row.subject, _path_of(row), value, row.quote, _basis_of(row))
    if heading and names_a_municipality(comparable(heading)):
        style, _, name = heading.partition(" of ")
        quote = {"name": name, "style": f"{style} of"}.get(row.field, heading)
        new = {"name": name, "styled_name": heading, "style": style.lower()}.get(row.field, line.value)
        if quote == row.quote and new == line.value:
            return line
        return line._replace(value=new if new == line.value else f"{TODO}: {new}", quote=f"{row.quote} => {quote}")
    if checked.status != "missing":
        return line
    if checked.nearest is None:
        return line._replace(quote="", basis=f"{TODO}: {REMOVED}, or quote the page")
    if row.field in {"name", "acronym", "aliases"} and line.value not in checked.nearest:
        new = _renamed(line.value, row.quote, checked.nearest)
        line = line._replace(value=f"{line.value} => {TODO}: {new}" if is_list else f"{TODO}: {new}")
    return line._replace(quote=f"{row.quote} => {TODO}: {checked.nearest}")


def _renamed(name: str, quote: str, phrase: str) -> str:
    """Return the part of a phrase that has the place of a name in a quote; the phrase, if the quote lacks the name."""
    if name not in quote:
        return phrase
    before, _, after = quote.partition(name)
    start = phrase.removeprefix(before)
    if start == phrase and before.endswith("("):  # an acronym, after a name that was changed too
        start = phrase.rpartition("(")[2]
    return start.removesuffix(after)


def _is_list(row: Evidence) -> bool:
    table = row.subject.partition("/")[0]
    return any(each.is_list and ".".join(each.path) == _path_of(row) for each in columns_of_table(table).columns)


def _path_of(row: Evidence) -> str:
    """Return the field of an evidence row, as a line of a draft names it."""
    paths = {".".join(each.path) for each in columns_of_table(row.subject.partition("/")[0]).columns}
    return row.field if row.field in paths else f"{row.field}.{row.item}"


def _value_of(row: Evidence, dataset: Dataset) -> str:
    """Return the value or the item that an evidence row supports."""
    value: Any = dataset.find(row.subject)
    for part in _path_of(row).split("."):
        value = getattr(value, part)
    if isinstance(value, tuple):
        value = row.item if row.item in value else next(iter(value))
    return str(value)


def _basis_of(row: Evidence) -> str:
    return "" if row.basis is Basis.STATED else row.basis


def _kind(kinds: type[Term], match: re.Match[str]) -> Line | None:
    """Return the line of the kind that ends a name, or follows the acronym after it; it has no subject."""
    name, acronym, word = match["name"], match["acronym"], match["word"] or ""
    for quote in (name, f"{name} ({acronym}){word}"):
        words = slug(quote)
        kind = max((each.value for each in kinds if words.endswith(f"-{each.value}")), key=len, default=None)
        if kind:
            return Line("", "kind", kind, quote, "" if word.islower() and quote != name else "named")
    return None
