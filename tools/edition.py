"""What follows from a change of the data or the schemas: the version, and the texts that name it."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final, NamedTuple

import eaps_data as eaps
from eaps_data.display.text import count
from eaps_data.models.past_ids import version_key
from eaps_data.models.table_specs import LIVING, TABLE_SPECS
from eaps_data.models.vocabulary import VOCABULARIES
from eaps_data.provenance.diff import Change

_HEADINGS: Final = {"added": "Added", "changed": "Changed", "renamed": "Changed", "removed": "Removed"}


class Bump(NamedTuple):
    """The lowest version that may follow a release, and why."""

    version: str
    reason: str


def data_bump(version: str, old: eaps.Dataset, new: eaps.Dataset) -> Bump:
    """Return the version of the data that follows from its changes; `docs/versions.md` has the rules."""
    major, minor, patch = version_key(version)
    changes = [change for change in eaps.diff(old, new) if change.table in LIVING]
    for change in changes:
        if change.what in {"removed", "renamed"}:
            name = change.old if change.what == "renamed" else change.id
            return Bump(f"{major + 1}.0.0", f"major: {change.table}/{name} was {change.what}")
    for change in changes:
        if change.what == "added":
            return Bump(f"{major}.{minor + 1}.0", f"minor: {change.table}/{change.id} was added")
    for change in changes:
        if change.field in TABLE_SPECS[change.table].lookup_fields:
            return Bump(f"{major}.{minor + 1}.0", f"minor: {change.table}/{change.id} has another {change.field}")
    before, after = _claims(old), _claims(new)
    for claims, what in ((after - before, "added"), (before - after, "removed")):
        if claims:
            subject, field = min(claims)
            return Bump(f"{major}.{minor + 1}.0", f"minor: a claim of {subject}, {field}, was {what}")
    return Bump(f"{major}.{minor}.{patch + 1}", "patch: no record and no claim was added or removed")


def _claims(dataset: eaps.Dataset) -> Counter[tuple[str, str]]:
    """Count the claims by record and field: a list's item in other words is the same claim."""
    return Counter(
        (subject, field) for subject, field, _ in {(row.subject, row.field, row.item) for row in dataset.evidence}
    )


def data_entry(old: eaps.Dataset, new: eaps.Dataset) -> str:
    """Return the section of the changelog for a version of the data, from what `eaps.diff` finds."""
    difference = eaps.diff(old, new)
    versions = f"{difference.old.data_version} {difference.new.data_version}"
    lines = [
        f"## Data {difference.new.data_version} ({difference.new.as_of})",
        "",
        f"`eaps-data diff {versions}` lists every change.",
    ]
    items: dict[str, list[str]] = {heading: [] for heading in _HEADINGS.values()}
    for (table, _), group in groupby(difference, key=lambda change: (change.table, change.id)):
        changes = [*group]
        if table in LIVING:
            items[_HEADINGS.get(changes[0].what, "Changed")].append(_item(changes))
    evidence = sum(change.table == "evidence" for change in difference)
    if evidence:
        items["Changed"].append(f"- The evidence: {count(evidence, 'change')}.")
    for heading, listed in items.items():
        lines += ["", f"### {heading}", "", *listed] if listed else []
    return "\n".join(lines) + "\n\n"


def _item(changes: list[Change]) -> str:
    first = changes[0]
    record = f"`{first.table}/{first.id}`" if first.id else f"`{first.table}`"
    match first.what:
        case "added" | "removed":
            row = first.new if first.what == "added" else first.old
            return f"- {record}{', ' + row['name'] if 'name' in row else ''}."
        case "renamed":
            return f"- `{first.table}/{first.old}` is now {record}."
        case _:
            fields = dict.fromkeys(change.field.partition(".")[0] for change in changes if change.field)
            return f"- {record}: {', '.join(f'`{field}`' for field in fields) or 'the order'}."


def schema_entry(version: str, day: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Return the section of the changelog for a version of the schemas, with the terms that it adds and retires."""
    before, after = _terms(old), _terms(new)
    added = [f"- The term `{term}` of `{name}`." for name, term in after if (name, term) not in before]
    removed = [f"- The term `{term}` of `{name}`." for name, term in before if (name, term) not in after]
    retired = [
        f"- The term `{term}` of `{terms.__name__}` is retired."
        for terms in VOCABULARIES
        for term in terms
        if term.retired == version
    ]
    lines = [f"## Schemas {version} ({day})"]
    for heading, listed in (("Added", added), ("Deprecated", retired), ("Removed", removed)):
        lines += ["", f"### {heading}", "", *listed] if listed else []
    if len(lines) == 1:
        lines += ["", "- Other descriptions or fields."]
    return "\n".join(lines) + "\n\n"


def _terms(schemas: Mapping[str, str]) -> dict[tuple[str, str], None]:
    definitions: dict[str, Any] = json.loads(schemas["dataset"]).get("$defs", {})
    return dict.fromkeys((name, term) for name, part in definitions.items() for term in part.get("enum", ()))


def with_entry(changelog: str, entry: str) -> str:
    """Return the changelog with a new section before the others of its type, unless it has that version."""
    title = entry.partition("(")[0]
    if title in changelog:
        return changelog
    type_ = " ".join(title.split()[:2])
    start = changelog.find(f"\n{type_} ") + 1 or len(changelog)
    return changelog[:start] + entry + changelog[start:]


def with_edition(citation: str, release: eaps.Release) -> str:
    """Return the citation file with the version of the data and its day."""
    citation = re.sub(r"(?m)^version: .*$", f"version: {release.data_version}", citation)
    return re.sub(r"(?m)^date-released: .*$", f'date-released: "{release.as_of}"', citation)
