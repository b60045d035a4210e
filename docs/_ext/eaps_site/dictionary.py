"""The data dictionary as Markdown: all tables with their columns, and all vocabularies with their terms."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, Final

import eaps_data as eaps
from eaps_data.display.text import short
from eaps_data.formats import columns as tidy
from eaps_data.models.vocabulary import VOCABULARIES
from eaps_site.text import code, plain, slug

_TYPES: Final = {"boolean": "true or false", "integer": "whole number"}


def tables_text(data: eaps.Dataset) -> str:
    """Return all tables: a description, and the type, meaning and an example of each column."""
    return "\n".join(line for table in tidy.tables() for line in _table(table, data))


def vocabulary_text() -> str:
    """Return all vocabularies: a description, the columns that use it, and its terms with what describes them."""
    return "\n".join(line for kind in VOCABULARIES for line in _vocabulary(kind))


def column_anchor(table: str, column: str) -> str:
    """Return the anchor of a column in the data dictionary."""
    return slug(f"{table} {column}")


def term_anchor(term: eaps.Term) -> str:
    """Return the anchor of a term on the vocabulary page."""
    return f"{slug(type(term).__name__)}-{term}"


def _table(table: tidy.Table, data: eaps.Dataset) -> Iterator[str]:
    yield f"(table-{slug(table.name)})=\n## {table.name}\n"
    yield f"{plain(table.description)}\n"
    if table.key:
        yield f"Key: {', '.join(map(code, table.key))}.\n"
    yield "| column | type | required | meaning | example |"
    yield "|---|---|---|---|---|"
    examples = _examples(table, data)
    for column in table.columns:
        name = f"{code(column.name)}{{#{column_anchor(table.name, column.name)}}}"
        if len(column.path) > 1:
            name += f" in {code('.'.join(column.path[:-1]))}"
        required = "yes" if column.required and not column.is_list else "no"
        yield f"| {name} | {_type(column)} | {required} | {plain(column.description)} | {examples[column.name]} |"
    yield ""


def _type(column: tidy.Column) -> str:
    kind = _TYPES.get(column.type, column.type)
    if column.refers_to:
        kind = f"id of [{column.refers_to}](#table-{slug(column.refers_to)})"
    elif column.terms:
        known = next((kind for kind in VOCABULARIES if tuple(kind) == column.terms), None)
        kind = f"[{known.__name__}](vocabulary.md#terms-{slug(known.__name__)})" if known else _any_of(column.terms)
    return f"list of {kind}" if column.is_list else kind


def _any_of(terms: tuple[str, ...]) -> str:
    return f"any of {', '.join(map(code, terms))}"


def _examples(table: tidy.Table, data: eaps.Dataset) -> Mapping[str, str]:
    """Return an example of each column: the first value in the data, the schema's example, or a dash."""
    found: dict[str, Any] = {}
    for row in table.rows(data.to_rows()[table.name]):
        for column, value in zip(table.columns, row, strict=True):
            if value not in (None, []):
                found.setdefault(column.name, value[0] if column.is_list else value)
    return {column.name: _example(found.get(column.name, _published(table, column))) for column in table.columns}


def _published(table: tidy.Table, column: tidy.Column) -> object:
    """Return the schema's example of a column, or None."""
    schema = eaps.json_schema()

    def resolved(part: dict[str, Any]) -> dict[str, Any]:
        part = part.get("anyOf", [part])[0]
        part = part.get("items", part)
        return schema["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part

    part = schema["properties"][table.name]
    for name in column.path:
        part = resolved(part)["properties"][name]
    example = part.get("examples", [None])[0]
    return next(iter(example), None) if isinstance(example, list) else example


def _example(value: object) -> str:
    return "-" if value is None else code(short(str(value).lower() if isinstance(value, bool) else value))


def _vocabulary(kind: type[eaps.Term]) -> Iterator[str]:
    users = [
        f"[{table.name}.{column.name}](dictionary.md#{column_anchor(table.name, column.name)})"
        for table in tidy.tables()
        for column in table.columns
        if column.terms == tuple(kind)
    ]
    yield f"(terms-{slug(kind.__name__)})=\n## {kind.__name__}\n"
    yield f"{plain(inspect.getdoc(kind) or '')} In {', '.join(users)}.\n"
    for term in kind:
        yield f"{code(term)}{{#{term_anchor(term)}}}"
        yield f": {plain(term.definition)}{_related(term)}\n"


def _related(term: eaps.Term) -> str:
    synonyms = f" Synonyms: {plain(', '.join(term.synonyms))}." if term.synonyms else ""
    broader = f" Broader: [{code(term.broader)}](#{term_anchor(term.broader)})." if term.broader else ""
    retired = f" Retired since schema {term.retired}." if term.retired else ""
    return synonyms + broader + retired
