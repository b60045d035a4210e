"""The catalog of rules: every rule that data can break, and how to fix it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple


class Rule(NamedTuple):
    """One rule.

    Attributes:
        name: its name in problems and reports.
        description: what is true of valid data, in one sentence.
        fix: what to do about a problem, in one sentence.
        severity: `error`, or `warning` for what is allowed but looks like a mistake.
    """

    name: str
    description: str
    fix: str
    severity: Literal["error", "warning"] = "error"


SECTIONS: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        "Files": (
            Rule(
                "csv",
                "A CSV file is well-formed, and each row has as many cells as there are columns.",
                "Correct the quotation marks of the row, or the number of its cells.",
            ),
            Rule("damaged-file", "A Parquet, SQLite or Excel file is complete.", "Export or copy the file again."),
            Rule("encoding", "A file is text in UTF-8.", "Save the file as UTF-8."),
            Rule(
                "last-line",
                "The last line of a CSV file ends with a line break, so the file is not cut off.",
                "Check that the file is complete, and end its last line with a line break.",
                "warning",
            ),
            Rule(
                "line",
                "Each line of a JSON Lines file contains one record.",
                "Write each record on one line, without line breaks in it.",
            ),
            Rule(
                "not-canonical",
                "A curated file has the bytes that the package itself writes.",
                "Run `eaps-data check --fix`.",
            ),
            Rule(
                "not-json",
                "A JSON file is well-formed, and contains only values that JSON supports.",
                "Correct the syntax at the location of the problem.",
            ),
            Rule(
                "not-yaml",
                "A YAML file is well-formed, and uses only what JSON can represent.",
                "Correct the syntax, and replace aliases, anchors and tags with plain values.",
            ),
            Rule(
                "repeated-key",
                "No object has the same key twice, and no table the same column.",
                "Delete or rename the duplicate.",
            ),
            Rule(
                "shape",
                "Data is a dataset document, or records of one table.",
                "Write a dataset document, an array of records or one record, or set `--type`.",
            ),
            Rule("unreadable", "An input can be read.", "Check the path, the permissions and the format of the file."),
        ),
        "Tables": (
            Rule(
                "cell-type",
                "A cell contains a value that JSON can represent.",
                "Replace the value with a string, a number, true or false.",
            ),
            Rule(
                "list-item",
                "A list item names its record and its position: each position once, from 1 without a gap.",
                "Use the id of an existing record, and number its items 1, 2, 3 and so on.",
            ),
            Rule(
                "missing-column",
                "A table has all its columns.",
                "Add the column; its cells may be empty if the field is optional.",
            ),
            Rule(
                "missing-table",
                "A dataset has all its tables.",
                "Add the file or sheet of the table; it may have no rows.",
            ),
            Rule("row-count", "A table of one row has exactly one row.", "Keep exactly one row."),
            Rule(
                "stray-file",
                "A folder of tables contains only files that are read.",
                "Rename the file to the name of a table, or move it elsewhere.",
                "warning",
            ),
        ),
        "Records": (
            Rule("missing-field", "A record has all fields that its schema requires.", "Add the field."),
            Rule(
                "old-schema",
                "A dataset follows the current version of the schema.",
                "Run `eaps-data upgrade FILE`, or for tables `eaps-data export FORMAT NEW --from OLD`.",
                "warning",
            ),
            Rule(
                "schema-version",
                "A dataset document follows a known version of the schema.",
                "Correct `schema_version`, or install the version of eaps-data that reads it.",
            ),
            Rule(
                "term",
                "A term is one of those that its field allows.",
                "Use one of the valid terms that the message lists.",
            ),
            Rule(
                "unknown-field",
                "A record has only fields that its schema defines.",
                "Correct the spelling, or delete the field.",
            ),
            Rule(
                "value",
                "A value has the type, the pattern and the bounds that its field requires.",
                "Change the value as the message describes; codes are strings with their leading zeros.",
            ),
        ),
        "Between records": (
            Rule(
                "duplicate-id",
                "No two records of a table have the same id, and no row is duplicated.",
                "Give one record another id, or delete the duplicate.",
            ),
            Rule(
                "duplicate-key",
                "No alias or identifier of a record is a key of another record of its table.",
                "Remove the alias or identifier from one of the two records.",
            ),
            Rule(
                "duplicate-position",
                "No two municipalities have the same position.",
                "Number the municipalities in the order of the page.",
            ),
            Rule(
                "dangling-reference",
                "A reference is the id of an existing record.",
                "Correct the id, or add the record.",
            ),
            Rule(
                "part-of-circle",
                "No record is part of itself, directly or through others.",
                "Remove one `part_of` of the cycle.",
            ),
            Rule(
                "expands-circle",
                "No program expands itself, directly or through others.",
                "Remove one item of `expands` from the cycle.",
            ),
            Rule(
                "identifier-mismatch",
                "The codes of a municipality agree on its county and its state.",
                "Correct the code that disagrees with the others.",
            ),
            Rule(
                "evidence-missing",
                "Each claim has evidence.",
                "Add an evidence row for the claim, or remove the claim.",
            ),
            Rule(
                "evidence-idle",
                "Each evidence row supports a claim that a record makes.",
                "Correct the subject, field or item of the row, or delete the row.",
            ),
            Rule(
                "evidence-place",
                "Section, paragraph and sentence are all present or all absent.",
                "Give all three, or none.",
            ),
            Rule("evidence-note", "Inferred evidence has a note that explains it.", "Add a note, or change the basis."),
            Rule(
                "past-id-lives",
                "An id that was renamed or removed is not used again.",
                "Give the new record an id that was never used.",
            ),
            Rule(
                "past-id-twice", "An id is renamed or removed only once.", "Keep one redirect or tombstone for the id."
            ),
            Rule(
                "redirect-chain",
                "A redirect does not lead to another redirect.",
                "Point the redirect to the current id.",
            ),
            Rule(
                "redirect-target",
                "A redirect leads to an existing record of the same table.",
                "Point the redirect to an existing record, or write a tombstone.",
            ),
            Rule(
                "shared-name",
                "No two records of a table share a name or an acronym.",
                "Nothing, if both records have the name; otherwise correct one of them.",
                "warning",
            ),
            Rule(
                "unused-source",
                "Each source is cited by evidence.",
                "Cite the source in an evidence row, or delete it.",
                "warning",
            ),
            Rule(
                "municipality-without-program",
                "Each municipality has a program.",
                "Add the programs of the municipality, if the source names any.",
                "warning",
            ),
        ),
        "A curated folder and its page": (
            Rule(
                "draft",
                "A draft is complete, and belongs to the given page and data.",
                "Complete the lines marked TODO, or make a new draft with `eaps-data draft`.",
            ),
            Rule(
                "page-hash",
                "A source has the hash of the page that was read.",
                "Check the evidence against the page, then run `eaps-data check --page PAGE --fix`.",
                "warning",
            ),
            Rule(
                "page-order",
                "Records are in the order of the page, and evidence is in the order of the records.",
                "Run `eaps-data check --page PAGE --fix`.",
            ),
            Rule(
                "page-quote",
                "A quote is in the sentence of the page that its row names, and contains the name that it supports.",
                "Quote the page exactly, write the name as the page does, or remove the claim.",
            ),
            Rule(
                "page-sentence",
                "Each sentence that makes a claim has evidence, and was reviewed after its last edit.",
                "Read the sentence, and add its claims with a draft.",
            ),
            Rule("page-words", "No text has a run of 13 words of the page.", "Reword the text, or shorten the quote."),
            Rule(
                "release",
                "What was released does not change, and its ids are neither lost nor used again.",
                "Restore the file with git, or add the id to `redirects.json` or `tombstones.json`.",
            ),
            Rule(
                "incomplete-municipality",
                "A municipality has the fields that most others have.",
                "Add the field, with its source, or leave it empty if no source has it.",
                "warning",
            ),
            Rule("retired-term", "No record uses a retired term.", "Use another term.", "warning"),
            Rule(
                "unused-term",
                "Each term of a vocabulary is used by a record.",
                "Retire the term, or keep it if it is needed later.",
                "warning",
            ),
        ),
    }
)
"""The rules by what they are about."""

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.name: rule for rules in SECTIONS.values() for rule in rules})
"""Each rule by its name. Models and JSON Schema check single records; the rest need the file or other records."""
