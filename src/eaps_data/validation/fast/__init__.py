"""The fast path: accept valid data without building models.

What is accepted here is certainly valid; for all else the answer is "not sure", and the ordinary check decides.
Deleting this folder, with the calls of its functions, would change no answer.
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import Final

from eaps_data._internal.gc_pause import GcPaused
from eaps_data.models.rows import Row, rows_of
from eaps_data.models.table_specs import TABLES
from eaps_data.rules import integrity
from eaps_data.validation.detection import TYPES, closest_tables, named
from eaps_data.validation.fast import chunks
from eaps_data.validation.fast.evidence import EvidenceStream
from eaps_data.validation.fast.reader import reader

_SMALL: Final = 2**16  # bytes; a smaller text is read as a whole
_FIRST: Final = 2**16  # bytes; the first record of an array is looked for in them
_DATASET_KEY: Final = re.compile(
    rb'[ \t\n\r]*\{[ \t\n\r]*"(schema_version|' + b"|".join(map(str.encode, TYPES)) + rb')"'
)
_ARRAY: Final = re.compile(r"[ \t\n\r]*\[[ \t\n\r]*(?=\{)")


def accept(data: bytes, type_: str) -> int | None:
    """Return the number of records in a JSON text that is certainly valid, without a warning; None if not sure.

    Args:
        data: a dataset document, a record, or an array of records.
        type_: what it is: `dataset`, or the table of the records.
    """
    is_array = data.lstrip(b" \t\n\r")[:1] == b"["
    if is_array and type_ == "dataset":
        return None
    with GcPaused():
        if type_ == "dataset":
            return _accept_document(data)
        if is_array:
            return _accept_array(data, type_)
        return None if reader(type_)(data) is None else 1


def accept_lines(array: bytes, count: int, type_: str) -> Sequence[str | None] | None:
    """Return the ids of the records in an array that is certainly valid; None if not sure.

    Args:
        array: lines of JSON Lines as one array.
        count: the number of lines; each must be one record.
        type_: the table of the records.
    """
    if type_ == "dataset":  # has rules between records
        return None
    with GcPaused():
        records: list[Row] | None = reader(type_, array=True)(array)
    if records is None or len(records) != count:
        return None
    return [record.get("id") for record in records]


def _accept_document(data: bytes) -> int | None:
    cuts = [chunks.of_document(data)] if len(data) > _SMALL else []
    for rest, cut in (*cuts, (data, dict[str, chunks.Records]())):
        value = reader("dataset")(rest)
        if value is None or any(value[table] for table in cut):
            continue
        tables = {name: integrity.columns_of(name, rows) for name, rows in rows_of(value).items()}
        if all(_read(name, data, cut[name], tables[name].add) for name in cut if name != "evidence"):
            evidence = EvidenceStream(tables)
            evidence.add(value["evidence"])
            if "evidence" in cut and not _read("evidence", data, cut["evidence"], evidence.add):
                continue
            tables["evidence"] = evidence.sources()
            if not evidence.is_sound or integrity.check_tables(tables, is_evidence_sound=True):
                return None
            return sum(len(tables[name]) for name in TABLES if name != "evidence") + len(evidence)
    return None


def _accept_array(data: bytes, table: str) -> int | None:
    records = chunks.of_array(data) if len(data) > _SMALL else None
    columns = integrity.columns_of(table)
    if records is None or not _read(table, data, records, columns.add):
        rows = reader(table, array=True)(data)
        if rows is None:
            return None
        columns = integrity.columns_of(table, rows)
    return None if integrity.check_table(columns) else len(columns)


def _read(table: str, data: bytes, records: chunks.Records, add: Callable[[Sequence[Row]], None]) -> bool:
    """Read an array in chunks, whose records are passed on; return whether all of them are valid."""
    read = reader(table, array=True)
    for chunk in records.chunks(data):
        rows = read(chunk)
        if not rows:
            return False
        add(rows)
    return True


def detect(data: bytes, file: str | None = None) -> str | None:
    """Return what a JSON text is by its beginning and the name of its file; None if not sure."""
    if _DATASET_KEY.match(data):
        return "dataset"
    text = data[:_FIRST].decode("utf-8", "ignore")
    match = _ARRAY.match(text)
    if match is None:
        return None
    if (name := named(file)) is not None:
        return name
    try:
        first, _ = json.JSONDecoder().raw_decode(text, match.end())
    except (ValueError, RecursionError):
        return None
    likely = closest_tables({*first})
    return likely[0] if len(likely) == 1 else None
