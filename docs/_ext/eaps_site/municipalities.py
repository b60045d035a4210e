"""A Markdown page for each municipality: what its programs do, by whom, with whom and for whom; then the evidence."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import eaps_data as eaps
from eaps_data.display.text import count
from eaps_data.formats import columns as tidy
from eaps_data.models.fields import Model
from eaps_site.dictionary import column_anchor, term_anchor
from eaps_site.text import code, plain

_LEADING: Final = frozenset(("lead", "creator", "developer", "expander"))
"""The roles of the partners by whom a program is done; the others are those with whom it is done."""
_FACTS: Final[Mapping[str, str]] = {
    "activities": "Activities",
    "populations": "For whom",
    "goals": "Goals",
    "needs": "Needs it addresses",
    "services": "Services",
    "approaches": "Approaches",
    "staff_roles": "Staff",
    "frameworks": "Frameworks",
    "kind": "Type",
    "status": "Status",
    "started_year": "Since",
    "aliases": "Also called",
}
"""The fields of a program that are shown before the evidence, with their labels."""
_PROSE: Final = frozenset(("Activities", "Goals"))
"""The labels of prose fields, whose items are a list."""
_URL: Final = re.compile(r"https?://[!-~]+")
_UNLINKABLE: Final = re.compile(r"[<>\\\s]")


def pages(data: eaps.Dataset) -> Mapping[str, str]:
    """Return the pages by name: an index, and one for each municipality."""
    towns = {town.id: "\n".join(_page(data, town)) for town in data.municipalities}
    return {"index": "\n".join(_index(data)), **towns}


def _index(data: eaps.Dataset) -> Iterator[str]:
    yield "# The municipalities\n"
    if data.municipalities:
        yield f"{count(len(data.municipalities), 'municipality')}, in the order of the page."
        yield "Each has a page with its programs, their partners, and the quotation for each claim.\n"
    else:
        yield "There are no municipalities here yet.\n"
    for town in data.municipalities:
        programs = ", ".join(plain(program.name) for program in data.programs.where(municipality=town))
        yield f"[{plain(town.styled_name)}]({town.id}.md)"
        yield f": {programs or 'no programs'}\n"
    yield "```{toctree}\n:hidden:\n"
    yield from (f"{town.id}" for town in data.municipalities)
    yield "```\n"
    yield f"## {plain(data.grant_program.name)}\n"
    yield "The program that funds them. Its goal and means are paraphrased.\n"
    for label, values in (("Goal", [data.grant_program.goal]), ("Means", data.grant_program.means)):
        known = [plain(value) for value in values if value]
        if known:
            yield f"{label}\n: " + "\n  ".join(f"- {each}" for each in known) + "\n"
    yield from _evidence(_claims(data, "grant_program"))


def _page(data: eaps.Dataset, town: eaps.Municipality) -> Iterator[str]:
    yield f"# {plain(town.styled_name)}\n"
    yield from _paragraph(town.summary)
    county = f"{plain(town.county)} County" if town.county else None
    where = ", ".join(part for part in (county, town.state and plain(town.state)) if part)
    yield f"{where}.\n" if where else ""
    programs = data.programs.where(municipality=town)
    yield "" if programs else "The source names no program here.\n"
    for program in programs:
        yield from _program(data, program)
    partners = _partners(data, town, programs)
    yield "## Partners\n"
    yield "" if partners else "The source names no partner here.\n"
    for partner in partners:
        yield f"{{#{_anchor(partner)}}}\n### {plain(partner.name)}\n"
        kind = f"{_value(partner.kind)}: " if partner.kind else ""
        roles = [
            f"{row.role} of {_link(data.programs[row.program])}"
            for row in data.partnerships
            if row.partner == partner.id
        ]
        yield f"{kind}{', '.join(roles)}\n"
        yield from _evidence(_claims(data, f"partners/{partner.id}"))
    yield "## About the municipality\n"
    yield from _evidence(_claims(data, f"municipalities/{town.id}"), "Codes, location and evidence")
    yield "## Sources\n"
    yield "Summaries, goals and activities are paraphrased. The evidence quotes the page for each fact, with its"
    yield "basis: *stated*, *named* (supported only by a name) or *inferred*. See"
    yield "[How the page was read](../data.md).\n"
    subjects = [town, *programs, *partners]
    used = dict.fromkeys(row.source for row in data.evidence.where(subject=subjects))
    yield from (f"- {_source(data.sources[key])}" for key in used)


def _program(data: eaps.Dataset, program: eaps.Program) -> Iterator[str]:
    acronym = f" ({plain(program.acronym)})" if program.acronym else ""
    yield f"{{#program-{program.id}}}\n## {plain(program.name)}{acronym}\n"
    yield from _paragraph(program.summary)
    partnerships = data.partnerships.where(program=program)
    activities, *others = ((label, _values(program, field)) for field, label in _FACTS.items())
    by = [_partners_in(data, partnerships, role) for role in eaps.Role if role in _LEADING]
    with_ = [_partners_in(data, partnerships, role) for role in eaps.Role if role not in _LEADING]
    related = [("Part of", _programs(data, program.part_of)), ("Expands", _programs(data, *program.expands))]
    for label, values in (
        activities,
        ("By whom", [*filter(None, by)]),
        ("With whom", [*filter(None, with_)]),
        *others,
        *related,
    ):
        if values:
            yield label
            # An item of prose has a line of its own; terms and names share one.
            yield ": " + ("\n  ".join(f"- {each}" for each in values) if label in _PROSE else ", ".join(values)) + "\n"
    yield from _evidence(_program_claims(data, program))


def _program_claims(data: eaps.Dataset, program: eaps.Program) -> Iterator[str]:
    yield from _claims(data, f"programs/{program.id}")
    for partnership in data.partnerships.where(program=program):
        partner = data.partners[partnership.partner]
        for claim in eaps.why(f"partnerships/{partnership.id}", dataset=data).claims:
            name = f"[{plain(partner.name)}](#{_anchor(partner)})"
            yield from _claim(data, claim, f"{_field('partnerships', claim.name)} {_value(claim.value)}: {name}")


def _values(program: eaps.Program, field: str) -> list[str]:
    """Return the values of a field; where the source marks its list as partial, with a note that there are others."""
    value = getattr(program, field)
    values = value if isinstance(value, tuple) else () if value is None else (value,)
    others = ["*and others*"] if field in program.open_ended else []
    return [*map(_value, values), *others] if values else []


def _partners_in(data: eaps.Dataset, partnerships: eaps.Partnerships, role: eaps.Role) -> str:
    """Return the partners with a role, and the role; if the source names them as examples, that there are others."""
    rows = partnerships.where(role=role)
    partners = [data.partners[row.partner] for row in rows]
    names = [f"[{plain(partner.name)}](#{_anchor(partner)})" for partner in partners]
    others = ["*and others*"] if any(row.example for row in rows) else []
    return f"{', '.join([*names, *others])} ({role})" if rows else ""


def _programs(data: eaps.Dataset, *ids: str | None) -> list[str]:
    return [_link(data.programs[key]) for key in ids if key]


def _link(program: eaps.Program) -> str:
    return f"[{plain(program.name)}]({program.municipality}.md#program-{program.id})"


def _evidence(claims: Iterable[str], summary: str = "Evidence") -> Iterator[str]:
    """Fold claims."""
    yield f"<details><summary>{summary}</summary>\n"
    yield from claims
    yield "\n</details>\n"


def _partners(data: eaps.Dataset, town: eaps.Municipality, programs: eaps.Programs) -> tuple[eaps.Partner, ...]:
    """Return the partners of the municipality's programs and its own departments, in the order of the data."""
    found = {row.partner for row in data.partnerships if row.program in programs.ids}
    return tuple(partner for partner in data.partners if partner.id in found or partner.municipality == town.id)


def _claims(data: eaps.Dataset, subject: str) -> Iterator[str]:
    """Yield each claim with its quotes, and the unknown fields."""
    why = eaps.why(subject, dataset=data)
    for claim in why.claims:
        yield from _claim(data, claim, f"{_field(why.record.table, claim.name)} {_value(claim.value)}")
    if why.not_stated:
        fields = ", ".join(_field(why.record.table, name) for name in why.not_stated)
        yield f"Not stated by the source: {fields}.\n"


def _claim(data: eaps.Dataset, claim: eaps.Claim, term: str) -> Iterator[str]:
    yield term
    for row in claim.evidence:
        note = f" ({plain(row.note)})" if row.note else ""
        yield f": “{plain(row.quote)}” *{row.basis}*{note}, {_place(data, row)}"
    yield ""


def _field(table: str, name: str) -> str:
    column = name.rpartition(".")[2]
    if column in {each.name for each in tidy.table(table).columns}:
        return f"[{code(name)}](../dictionary.md#{column_anchor(table, column)})"
    return code(name)


def _value(value: Any) -> str:
    if isinstance(value, eaps.Term):
        return f"[{value}](../vocabulary.md#{term_anchor(value)})"
    if isinstance(value, Model):
        return ", ".join(plain(str(part)) for _, part in value)
    return plain("yes" if value is True else "no" if value is False else str(value))


def _place(data: eaps.Dataset, row: eaps.Evidence) -> str:
    source = data.sources[row.source]
    return _linked(plain(row.place or source.title), source.url)


def _source(source: eaps.Source) -> str:
    known = [_linked(plain(source.title), source.url), source.publisher and plain(source.publisher)]
    return ", ".join(part for part in known if part) + (f" ({plain(source.licence)})" if source.licence else "")


def _linked(text: str, url: str | None) -> str:
    safe = url and _URL.fullmatch(url) and not _UNLINKABLE.search(url)
    return f"[{text}](<{url}>)" if safe else text


def _paragraph(text: str | None) -> Iterable[str]:
    return [f"{plain(text)}\n"] if text else []


def _anchor(partner: eaps.Partner) -> str:
    return f"partner-{partner.id}"
