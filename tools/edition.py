"""The texts of a release: the section of the schemas in the changelog, the citation, the types of ids and terms."""

import json
import re
from collections.abc import Mapping
from typing import Any

import eaps_data as eaps
from eaps_data.models.table_specs import TABLE_SPECS
from eaps_data.models.vocabulary import VOCABULARIES


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


def with_edition(citation: str, release: eaps.Release) -> str:
    """Return the citation file with the version of the data and its day."""
    citation = re.sub(r"(?m)^version: .*$", f"version: {release.data_version}", citation)
    return re.sub(r"(?m)^date-released: .*$", f'date-released: "{release.as_of}"', citation)


def literal_ids(dataset: eaps.Dataset) -> str:
    """Return the module with the types of the ids."""
    head = '"""The ids of the packaged data, for editors to complete. Written by `python tools/release.py`."""\n\n'
    parts = [head + "from typing import Literal, TypeAlias\n"]
    for table in (dataset.municipalities, dataset.programs, dataset.partners, dataset.sources):
        name = f"{TABLE_SPECS[table.table].model}Id"
        ids = "".join(f'    "{key}",\n' for key in table.ids)
        parts.append(f'{name}: TypeAlias = Literal[\n{ids}]\n"""An id of `{table.table}`."""\n')
    return "\n".join(parts)


def literal_terms() -> str:
    """Return the module with the types of the terms' texts."""
    head = '"""The strings of the terms, for editors to complete. Written by `python tools/release.py`."""\n\n'
    parts = [head + "from typing import Literal, TypeAlias\n"]
    for vocabulary in VOCABULARIES:
        name, terms = vocabulary.__name__, [term for term in vocabulary if not term.retired]
        synonyms = [synonym for term in terms for synonym in term.synonyms]
        texts = [f'"{text}"' for text in dict.fromkeys([*terms, *synonyms])]
        body = texts[0] if len(texts) == 1 else "".join(f"\n    {text}," for text in texts) + "\n"
        parts.append(f'{name}Term: TypeAlias = Literal[{body}]\n"""The text of a term of `{name}`, or a synonym."""\n')
    return "\n".join(parts)
