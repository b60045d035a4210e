"""Every rule that data can break, in one sentence each, for reports that explain their rules."""

from collections.abc import Mapping
from typing import Final

from eaps_data.rules import integrity

WARNINGS: Final[Mapping[str, str]] = {
    **integrity.WARNINGS,
    "stray-file": "A folder of tables holds a file that is none of them, and is never read.",
    "unused-term": "A vocabulary has a term that no record uses.",
}
"""Each rule by its name that may be broken on purpose."""

RULES: Final[Mapping[str, str]] = {
    **integrity.RULES,
    **WARNINGS,
    "csv": "A CSV file is well-formed, and each row has as many cells as there are columns.",
    "encoding": "A file is text in UTF-8.",
    "line": "Each line of a JSON Lines file holds one value.",
    "list-item": "An item of a list names its record and its place in the list: each place once, from 1 without a gap.",
    "missing-field": "A record has all fields that its schema requires.",
    "not-canonical": "A curated file is written just as the package itself writes it.",
    "not-json": "A JSON file is well-formed, and holds no value that JSON does not have.",
    "not-yaml": "A YAML file is well-formed, and says no more than JSON can.",
    "repeated-key": "No key stands twice in one object, nor a column twice in one table.",
    "schema-version": "A dataset document follows a version of the schema that is known here.",
    "shape": "Data is a dataset document, or records of one table.",
    "term": "A term is one of those that its field allows.",
    "unknown-field": "A record has no field that its schema does not know.",
    "unreadable": "A file that is to be checked can be read.",
    "value": "A value has the type, the pattern and the bounds that its field asks for.",
}
"""Each rule by its name: those of single values and of the text, those between records, and the warnings."""
