"""Migrate dataset documents of an earlier schema to the current one.

A document without `schema_version` follows schema 1.0.0, the only version without that field, unless it has fields or
terms of the current one. Any other document names its schema, which is an earlier one if it was published with this
package.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from eaps_data._internal import resources
from eaps_data._internal.text_keys import closest
from eaps_data.errors import Path, Problem, did_you_mean
from eaps_data.models.past_ids import version_key
from eaps_data.models.past_terms import Renamed, since
from eaps_data.models.rows import id_of
from eaps_data.models.table_specs import CLAIM, SCHEMA_VERSION
from eaps_data.rules.model_errors import subject_at
from eaps_data.rules.problem import shown, violation

_FIRST: Final = "1.0.0"
_FIRST_ID: Final = f"urn:eaps-data:schema:dataset:{_FIRST}"


@dataclass(frozen=True, slots=True)
class Migrated:
    """A dataset document of the current schema, made from one of an earlier schema.

    Attributes:
        value: The document, in plain Python.
        notice: The warning that the document was migrated.
        problems: What breaks the earlier schema, and would no longer be seen in the new document.
        origins: The path in the earlier document of each value that moved, by its new path.
    """

    value: dict[str, Any]
    notice: Problem
    problems: list[Problem]
    origins: Mapping[Path, Path]

    def origin(self, path: Path) -> Path:
        """Return the path in the earlier document of a path in the new one."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return (*self.origins[path[:length]], *path[length:])
        return path


def old_version(value: object) -> str | None:
    """Return the earlier schema version that a document follows; None if it follows another one.

    >>> old_version({"$schema": "urn:eaps-data:schema:dataset:1.0.0"}), old_version({"schema_version": "2.0.0"})
    ('1.0.0', None)
    """
    if not isinstance(value, dict):
        return None
    if "schema_version" in value:
        named = value["schema_version"]
        is_old = isinstance(named, str) and named not in {_FIRST, SCHEMA_VERSION} and named in _published()
        return named if is_old and version_key(named) < version_key(SCHEMA_VERSION) else None
    if "$schema" in value:
        return _FIRST if value["$schema"] == _FIRST_ID else None
    first, current = (sum(1 for _ in _breaks(_schema(each), value, (), each)) for each in (_FIRST, SCHEMA_VERSION))
    return _FIRST if first <= current else None


def named_version(version: str | None) -> dict[str, str]:
    """Return the member of a document that names its schema version, by default the current one."""
    return {"$schema": _FIRST_ID} if version == _FIRST else {"schema_version": version or SCHEMA_VERSION}


def version_of_tables(fields: Mapping[str, Collection[str]]) -> str | None:
    """Return the latest earlier schema version that lacks every field that the tables lack; None if they lack none.

    Args:
        fields: the fields of each table that is there.

    >>> version_of_tables({"programs": ["id", "name"], "grant_program": ["id"]})
    '1.0.0'
    """
    for version in sorted(_published() - {SCHEMA_VERSION}, key=version_key, reverse=True):
        new = [(table, field) for table, names in fields_since(version).items() for field in names]
        if new and all(table in fields and field not in fields[table] for table, field in new):
            return version
    return None


def version_of_records(tables: Mapping[str, Any]) -> str | None:
    """Return the latest earlier schema version that the records of tables follow, and not the current one, if any.

    Records may leave fields out, so they follow an earlier version only if it has more of their fields and terms.

    Args:
        tables: The records of each table, or its only one, in plain Python.

    >>> version_of_records({"programs": [{"services": ["peer-recovery"]}], "grant_program": {}})
    '1.0.0'
    """
    fields: dict[str, Collection[str]] = {}
    for name, value in tables.items():
        records = value if isinstance(value, list) else [value]
        fields[name] = {key for record in records if isinstance(record, dict) for key in record}
    old = version_of_tables(fields)
    if old is None:
        return None
    then, now = (sum(1 for _ in _breaks(_schema(each), tables, (), each)) for each in (old, SCHEMA_VERSION))
    return old if then < now else None


def notice_of_tables(notice: Problem, command: str = "eaps-data export FORMAT NEW --from OLD") -> Problem:
    """Return the warning that a document was migrated, for tables, which `eaps-data upgrade` does not rewrite."""
    follows = notice.message.partition("; ")[0].replace("the document follows", "the tables follow")
    follows = follows.replace("and is read", "and are read")
    return notice._replace(message=f"{follows}; rewrite them: {command}")


@cache
def fields_since(version: str | None) -> Mapping[str, Collection[str]]:
    """Return the fields that each table has and had not in an earlier schema version; none since the current one.

    >>> sorted(fields_since("1.0.0")["programs"])
    ['activities', 'expands', 'plural']
    """
    if version is None:
        return {}
    then, now = _fields(_schema(version)), _fields(json.loads(resources.schema("dataset")))
    return {table: new for table, names in now.items() if (new := names - then.get(table, names))}


def _fields(schema: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    parts = {name: part.get("items", part).get("$ref") for name, part in schema["properties"].items()}
    return {
        name: frozenset(schema["$defs"][reference.rpartition("/")[2]]["properties"])
        for name, reference in parts.items()
        if reference
    }


def migrate(value: Mapping[str, Any]) -> Migrated:
    """Migrate a dataset document of an earlier schema.

    Renamed terms are replaced, in records and in their evidence; terms that became one are merged. What cannot be
    migrated stays as it is, for the current schema to judge.

    Args:
        value: The document, in plain Python; it may be invalid.
    """
    old = old_version(value) or _FIRST
    new = {"schema_version": SCHEMA_VERSION} | {
        name: part for name, part in value.items() if name not in {"$schema", "schema_version"}
    }
    moves = _Moves()
    for table, fields in since(old).items():
        if isinstance(value.get(table), list):
            new[table] = [
                moves.record(record, fields, (table, index)) if isinstance(record, dict) else record
                for index, record in enumerate(value[table])
            ]
    if isinstance(value.get("evidence"), list):
        new["evidence"] = moves.evidence(value["evidence"])
    message = f"the document follows schema {old}, and is read as {SCHEMA_VERSION}; rewrite it: eaps-data upgrade FILE"
    problems = [
        violation(rule, text, path, *subject_at(value, path))
        for rule, text, path in _breaks(_schema(old), value, (), old)
    ]
    return Migrated(new, violation("old-schema", message, ()), problems, moves.origins)


@dataclass(slots=True)
class _Moves:
    """The changes that are made to a document.

    Attributes:
        origins: The old path of each value that moved, by its new path.
        subjects: The records with renamed terms: the old fields of each, by `table/id`.
    """

    origins: dict[Path, Path] = field(default_factory=dict)
    subjects: dict[str, Mapping[str, Mapping[str, Renamed]]] = field(default_factory=dict)

    def record(
        self, record: Mapping[str, Any], fields: Mapping[str, Mapping[str, Renamed]], path: Path
    ) -> dict[str, Any]:
        """Return a record with its renamed terms replaced."""
        self.subjects[f"{path[0]}/{id_of(str(path[0]), record)}"] = fields
        changed = {*fields, *(each.field for terms in fields.values() for each in terms.values())}
        lists = {name: items for name, items in record.items() if name in changed and isinstance(items, list)}
        moved: dict[str, list[tuple[Any, Path, bool]]] = {name: [] for name in lists}
        for name, items in lists.items():
            for index, item in enumerate(items):
                renamed = fields.get(name, {}).get(item) if isinstance(item, str) else None
                if renamed is not None and not isinstance(record.get(renamed.field, []), list):
                    renamed = None  # the invalid field is reported, and not overwritten
                target, term = renamed or (name, item)
                moved.setdefault(target, []).append((term, (*path, name, index), renamed is not None))
        return {**record} | {name: self._list(items, (*path, name)) for name, items in moved.items()}

    def evidence(self, rows: Iterable[Any]) -> list[Any]:
        """Return the evidence of renamed terms with the terms that they are now; equal rows become one."""
        moved = []
        for index, row in enumerate(rows):
            new = self._row(row) if isinstance(row, dict) else row
            moved.append((new, ("evidence", index), new is not row))
        return self._list(moved, ("evidence",))

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        subject, name, item = (row.get(key) for key in CLAIM)
        if not (isinstance(subject, str) and isinstance(name, str) and isinstance(item, str)):
            return row
        renamed = self.subjects.get(subject, {}).get(name, {}).get(item)
        return row if renamed is None else row | {"field": renamed.field, "item": renamed.term}

    def _list(self, items: Iterable[tuple[Any, Path, bool]], path: Path) -> list[Any]:
        """Return the items of a list, without those that became equal to others, and record where each was."""
        kept: list[Any] = []
        has_changed: dict[str, bool] = {}
        for item, origin, changed in items:
            key = json.dumps(item, sort_keys=True)
            if key in has_changed and (changed or has_changed[key]):
                continue
            has_changed[key] = changed
            if origin != (*path, len(kept)):
                self.origins[*path, len(kept)] = origin
            kept.append(item)
        return kept


@cache
def _published() -> frozenset[str]:
    return frozenset(resources.releases()["schemas"])


@cache
def _schema(version: str) -> Mapping[str, Any]:
    released = None if version == SCHEMA_VERSION else version
    schema: Mapping[str, Any] = json.loads(resources.schema("dataset", released))
    return schema


def _breaks(schema: Mapping[str, Any], value: Any, path: Path, old: str) -> Iterator[tuple[str, str, Path]]:
    """Yield the fields and terms that the earlier schema does not have: the rule, the message and the path of each."""
    while "$ref" in schema or "anyOf" in schema:
        schema = _schema(old)["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema["anyOf"][0]
    if isinstance(value, dict) and "properties" in schema:
        for name, part in value.items():
            if name in schema["properties"]:
                yield from _breaks(schema["properties"][name], part, (*path, name), old)
            else:
                hint = did_you_mean(closest(name, schema["properties"])) or "; remove it"
                yield "unknown-field", f"schema {old} has no field {shown(name)}{hint}", (*path, name)
    elif isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from _breaks(schema["items"], item, (*path, index), old)
    elif isinstance(value, str) and value not in schema.get("enum", (value,)):
        terms = schema["enum"]
        hint = did_you_mean(closest(value, terms))
        message = f"{shown(value)} is not a valid term of schema {old}{hint}; valid terms: {', '.join(terms)}"
        yield "term", message, path
