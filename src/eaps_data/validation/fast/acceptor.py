"""Accept what is valid, as fast as the engines at hand allow; say nothing of what is not.

Data that is accepted here is valid: an engine has found so, no key stands twice, and no rule between records is
broken. What is not goes to the slow way, which parses it strictly, builds models and words each problem.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Final, TypeAlias

from eaps_data._internal.gc_pause import GcPaused
from eaps_data.models.rows import Row
from eaps_data.models.table_specs import TABLES
from eaps_data.rules import integrity
from eaps_data.rules.columns import Columns, Tables
from eaps_data.rules.evidence import Support
from eaps_data.validation.detection import NAMES, best_kind, schema_of
from eaps_data.validation.fast.chunks import Records, records_of_array, records_of_document
from eaps_data.validation.fast.engines import strict_reader

Acceptor: TypeAlias = Callable[[bytes], list[str | None] | None]
"""Takes lines of JSON, each one record. Gives their ids, None for what has no id; or None if any may not be valid."""

_BEGINNING: Final = 65_536
_SMALL: Final = 65_536
_DATASET_KEY: Final = re.compile(rb'[ \t\n\r]*\{[ \t\n\r]*"(\$schema|' + b"|".join(map(str.encode, NAMES)) + rb')"')
_ID: Final = itemgetter("id")
_ARRAY: Final = re.compile(r"[ \t\n\r]*\[[ \t\n\r]*(?=\{)")


def accepted(data: bytes, kind: str | None) -> int | None:
    """How many records a whole JSON text holds, if it is valid and gives no warning; None if it may not be.

    Args:
        data: a dataset document, a record, or an array of records.
        kind: what it is; recognised by its beginning where not given.
    """
    name = kind or _recognise(data)
    if name is None:
        return None
    is_array = data.lstrip(b" \t\n\r")[:1] == b"["
    if is_array and name == "dataset":
        return None
    with GcPaused():
        if name == "dataset":
            return _accepted_document(data)
        if is_array:
            return _accepted_array(data, name)
        return None if strict_reader(name, array=False, small=len(data) <= _SMALL)(data) is None else 1


def _accepted_document(data: bytes) -> int | None:
    in_pieces = [records_of_document(data)] if len(data) > _SMALL else []
    for rest, cut in (*in_pieces, (data, dict[str, Records]())):
        seen = _seen(rest, cut, data)
        if seen is not None and seen[1].is_sound:
            tables, support = seen
            if integrity.check_tables(tables, support) or integrity.warnings_of(tables, support.cited):
                return None
            return sum(len(tables[table]) for table in TABLES) + len(support)
    return None


def _seen(rest: bytes, cut: Mapping[str, Records], data: bytes) -> tuple[Tables, Support] | None:
    """What the rules between records look at in a document; None if any of it may not be valid.

    Args:
        rest: the document without the records of some tables.
        cut: where those stand.
        data: the document.
    """
    value = strict_reader("dataset", array=False, small=len(rest) <= _SMALL)(rest)
    if value is None or any(value[table] for table in cut):
        return None
    tables = integrity.tables_of(value)
    records = [table for table in cut if table != "evidence"]
    if not all(_each_read(table, data, cut[table], tables[table].add, within=True) for table in records):
        return None
    support = Support(tables)
    support.add(value["evidence"])
    if "evidence" in cut and not _each_read("evidence", data, cut["evidence"], support.add, within=True):
        return None
    return tables, support


def _accepted_array(data: bytes, name: str) -> int | None:
    fields = integrity.LOOKED_AT_ALONE[name] if name in TABLES else ()
    columns, records = Columns(name, fields), records_of_array(data) if len(data) > _SMALL else None
    if records is None or not _each_read(name, data, records, columns.add):
        rows = strict_reader(name, array=True, small=len(data) <= _SMALL)(data)
        if rows is None:
            return None
        columns = Columns(name, fields, rows)
    return None if name in TABLES and integrity.check_table(columns) else len(columns)


def _each_read(
    kind: str, data: bytes, records: Records, take: Callable[[Sequence[Row]], None], *, within: bool = False
) -> bool:
    """Whether all pieces of an array are valid; the records are given away a piece at a time.

    Args:
        kind: what the records are.
        data: a text with the array.
        records: where they stand in it.
        take: takes some of them.
        within: whether the rules between records of a document are to be checked besides.
    """
    read = strict_reader(kind, array=True, small=False, within=within)
    for piece in records.pieces(data):
        rows = read(piece)
        if not rows:
            return False
        take(rows)
    return True


@cache
def acceptor(kind: str) -> Acceptor:
    """What accepts lines, each a record of a kind."""
    if kind == "dataset":  # has rules between records, which no engine sees
        return lambda _: None
    read = strict_reader(kind, array=True, small=False)
    has_id = "id" in schema_of(kind)["required"]

    def accept(lines: bytes) -> list[str | None] | None:
        array = _array(lines)
        if array is None:
            return None
        text, count = array
        records = read(text)
        if records is None or len(records) != count:
            return None
        ids: list[str | None] = [*map(_ID, records)] if has_id else [None] * count
        return ids

    return accept


def _array(text: bytes) -> tuple[bytes, int] | None:
    """Lines as one array, as an engine reads that faster, and their number; None if a line does not begin with a brace.

    Where it is an array of as many valid records as there are lines, each line is one: none can end inside a text, as
    a text has no line break in it; nor inside an object, as the next begins with a brace, which is no key; nor inside
    an array of a record, as those hold no objects.
    """
    lines = text.removesuffix(b"\n").split(b"\n")
    return (b"[%s]" % b",\n".join(lines), len(lines)) if {line[:1] for line in lines} == {b"{"} else None


def _recognise(data: bytes) -> str | None:
    if _DATASET_KEY.match(data):
        return "dataset"
    text = data[:_BEGINNING].decode("utf-8", "ignore")
    match = _ARRAY.match(text)
    if match is None:
        return None
    try:
        first, _ = json.JSONDecoder().raw_decode(text, match.end())
    except (ValueError, RecursionError):
        return None
    return best_kind(set(first))
