"""The catalog of rules: every rule that data can break, in one sentence each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple


class Rule(NamedTuple):
    """One rule.

    Attributes:
        name: its name in problems and reports.
        description: what holds where it is kept, in one sentence.
        severity: `error`, or `warning` for what is allowed but looks like a mistake.
    """

    name: str
    description: str
    severity: Literal["error", "warning"] = "error"


_RULES = (
    # Of a file and its text
    Rule("csv", "A CSV file is well-formed, and each row has as many cells as there are columns."),
    Rule("damaged-file", "A Parquet, SQLite or Excel file is complete."),
    Rule("encoding", "A file is text in UTF-8."),
    Rule("last-line", "The last line of a CSV file ends with a line break, so the file is not cut off.", "warning"),
    Rule("line", "Each line of a JSON Lines file holds one record."),
    Rule("not-canonical", "A curated file has the bytes that the package itself writes."),
    Rule("not-json", "A JSON file is well-formed, and holds no value that JSON does not have."),
    Rule("not-yaml", "A YAML file is well-formed, and uses only what JSON can represent."),
    Rule("repeated-key", "No object has the same key twice, and no table the same column."),
    Rule("shape", "Data is a dataset document, or records of one table."),
    Rule("unreadable", "An input can be read."),
    # Of a table
    Rule("cell-type", "A cell holds a value that JSON can represent."),
    Rule("list-item", "A list item names its record and its position: each position once, from 1 without a gap."),
    Rule("missing-column", "A table has all its columns."),
    Rule("missing-table", "A dataset has all its tables."),
    Rule("row-count", "A table of one row has exactly one row."),
    Rule("stray-file", "A folder of tables holds no file that is never read.", "warning"),
    # Of one record
    Rule("missing-field", "A record has all fields that its schema requires."),
    Rule("old-schema", "A dataset document follows the current version of the schema.", "warning"),
    Rule("schema-version", "A dataset document follows a known version of the schema."),
    Rule("term", "A term is one of those that its field allows."),
    Rule("unknown-field", "A record has only fields that its schema knows."),
    Rule("value", "A value has the type, the pattern and the bounds that its field requires."),
    # Between records
    Rule("duplicate-id", "No two records of a table have the same id, and no row is duplicated."),
    Rule("duplicate-key", "No alias or identifier of a record is a key of another record of its table."),
    Rule("duplicate-position", "No two municipalities have the same position."),
    Rule("dangling-reference", "A reference is the id of an existing record."),
    Rule("part-of-circle", "No record is part of itself, directly or through others."),
    Rule("expands-circle", "No program expands itself, directly or through others."),
    Rule("identifier-mismatch", "The codes of a municipality agree on its county and its state."),
    Rule("evidence-missing", "Each claim has evidence."),
    Rule("evidence-idle", "Each evidence row supports a claim that a record makes."),
    Rule("evidence-place", "Section, paragraph and sentence are given together, or not at all."),
    Rule("evidence-note", "Inferred evidence has a note that explains it."),
    Rule("past-id-lives", "An id that was renamed or removed is not used again."),
    Rule("past-id-twice", "An id is renamed or removed only once."),
    Rule("redirect-chain", "A redirect does not lead to another redirect."),
    Rule("redirect-target", "A redirect leads to an existing record of the same table."),
    Rule("shared-name", "No two records of a table share a name or an acronym.", "warning"),
    Rule("unused-source", "Each source is cited by evidence.", "warning"),
    Rule("municipality-without-program", "Each municipality has a program.", "warning"),
    # Between a curated folder and its page
    Rule("draft", "A draft is complete, and made for the page and the data that it is used with."),
    Rule("page-hash", "A source has the hash of the page that was read.", "warning"),
    Rule("page-order", "Records are in the order of the page, and evidence is in the order of the records."),
    Rule("page-quote", "A quote is in the sentence of the page that its row names."),
    Rule("page-sentence", "Each sentence that makes a claim has evidence, and was read since it was edited."),
    Rule("page-words", "No text has a run of 13 words of the page."),
    Rule("retired-term", "No record uses a retired term.", "warning"),
    Rule("unused-term", "Each term of a vocabulary is used by a record.", "warning"),
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.name: rule for rule in _RULES})
"""Each rule by its name. Models and JSON Schema check single records; the rest need the file or other records."""
