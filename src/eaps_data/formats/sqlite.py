"""SQLite: a table per table and per list, with keys, references, terms, a text search, and views.

`data_dictionary` describes the tables and columns. Tables with prose have a full-text index (FTS5), such as
`programs_fts`; `search` is an index of programs, partners and municipalities together, with their lists. The views
answer the most frequent questions.
"""

import os
import sqlite3
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import Any, Final

from eaps_data.errors import InvalidDataError, Problem
from eaps_data.formats.columns import Column, Table, relations, singular, table, tables
from eaps_data.formats.content import Sheet, TableContent, Unusable, numbered, of_relations, representable, unread
from eaps_data.rules.problem import shown, violation

_TYPES: Final = {"text": "TEXT", "date": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}

_ROWS_AT_ONCE: Final = 1_000  # they fit into the processor's caches
_PATIENCE: Final = 1.0  # seconds to wait for another program to finish writing
_SMALLEST_LIMIT: Final = 10**6  # bytes of a value, and steps
_LARGEST_LIMIT: Final = 2**31 - 1  # that SQLite can be given
_STEPS_PER_BYTE: Final = 100  # of SQLite's virtual machine; reading and checking the tables takes fewer than ten
_STEPS_AT_ONCE: Final = 10_000
_SETTINGS: Final = (
    "trusted_schema = OFF",
    "query_only = ON",
    "cell_size_check = ON",
    "ignore_check_constraints = ON",  # the models check values, and explain more
)
_PRAGMAS: Final = frozenset((*(setting.split()[0] for setting in _SETTINGS), "quick_check", "table_xinfo"))

_NUMBER: Final = Column(
    name="number",
    type="integer",
    path=("number",),
    description="The number of the row, from 1; not part of the data, and it may change between versions.",
)
"""The primary key of a table whose rows nothing else identifies: another name of SQLite's `rowid`."""

_SEARCHED: Final = frozenset(
    ("municipalities", "programs", "programs_goals", "programs_activities", "partners", "sources", "evidence")
)
"""The tables with a full-text index."""

_DICTIONARY: Final = (
    'CREATE TABLE data_dictionary (name TEXT NOT NULL, "column" TEXT NOT NULL, description TEXT NOT NULL,'
    ' PRIMARY KEY (name, "column")) STRICT'
)
_MORE: Final = """
CREATE VIRTUAL TABLE search USING fts5(subject UNINDEXED, name, acronym, goals, activities, terms, summary);
CREATE VIEW programs_by_municipality AS
SELECT m.id AS municipality, m.name AS municipality_name, m.county, m.county_subdivision_geoid,
  p.id AS program, p.name AS program_name, p.kind, p.status, p.started_year
FROM municipalities m JOIN programs p ON p.municipality = m.id ORDER BY m.position, p.rowid;
CREATE VIEW partners_of_programs AS
SELECT s.program, p.name AS program_name, s.role, s.example, s.partner, o.name AS partner_name, o.kind AS partner_kind
FROM partnerships s JOIN programs p ON p.id = s.program JOIN partners o ON o.id = s.partner ORDER BY s.rowid;
CREATE VIEW claims_with_sources AS
SELECT e.subject, e.field, e.item, e.quote, e.basis, e.note, e.section, e.paragraph, e.sentence,
  s.title AS source_title, s.url AS source_url
FROM evidence e JOIN sources s ON s.id = e.source ORDER BY e.rowid;
"""


def read(file: Path) -> TableContent:
    """Read a dataset from a database, whose schema is not trusted: no view, trigger, function or other code of it runs.

    Raises:
        InvalidDataError: if it is no SQLite database, damaged, locked, or made to exhaust time or memory.
    """
    try:
        with closing(_open(file)) as database:
            _restrict(database, file.stat().st_size)
            names = {
                name
                for name, sql in database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
                if not str(sql).upper().startswith("CREATE VIRTUAL") and "_fts_" not in name  # no text index
            }
            parts = [part for each in tables() for part in relations(each.name) if part.name in names]
            sheets = {part.name: _read_sheet(database, file, part) for part in parts}
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter if a message of SQLite is not UTF-8
        raise InvalidDataError([_refused(error).at(str(file))]) from None
    return of_relations(sheets, str(file), names)


def _open(file: Path) -> sqlite3.Connection:
    """Open a database for reading."""
    # A database in WAL mode needs other files next to it, unless it is certain not to change.
    path = file.resolve()
    may_change = os.access(path.parent, os.W_OK) or any(Path(f"{path}-{end}").exists() for end in ("wal", "journal"))
    mode = "mode=ro" if may_change else "mode=ro&immutable=1"
    return sqlite3.connect(f"{path.as_uri()}?{mode}", uri=True, timeout=_PATIENCE)


def _restrict(database: sqlite3.Connection, size: int) -> None:
    """Limit what reading a database may do, and how long it may take, by the size of its file."""
    longest = min(max(size, _SMALLEST_LIMIT), _LARGEST_LIMIT)  # what is stored is not longer
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)
    steps = repeat(0, (_SMALLEST_LIMIT + _STEPS_PER_BYTE * size) // _STEPS_AT_ONCE)
    database.set_progress_handler(lambda: next(steps, 1), _STEPS_AT_ONCE)
    database.set_authorizer(_authorize)
    for pragma in _SETTINGS:
        database.execute(f"PRAGMA {pragma}")


def _authorize(action: int, name: str | None, _detail: str | None, _database: str | None, code: str | None) -> int:
    """Allow to read tables and their descriptions, and nothing that a view or a trigger does."""
    allowed = action in {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ} and code is None
    if action == sqlite3.SQLITE_PRAGMA:
        allowed = name in _PRAGMAS
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _refused(error: sqlite3.Error | UnicodeDecodeError) -> Problem:
    """Return the problem of a database that cannot be read."""
    name = getattr(error, "sqlite_errorname", None) or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        message = "the database is locked, because another program is writing to it; try again when that is done"
        return violation("unreadable", message, ())
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")):
        fix = "copy it, with its -wal or -journal file, to another folder, and open it there with SQLite once"
        message = f"the database cannot be opened for reading: {error}; {fix}"
        return violation("unreadable", message, ())
    if name.startswith(("SQLITE_AUTH", "SQLITE_INTERRUPT", "SQLITE_TOOBIG", "SQLITE_NOMEM")):
        message = f"reading the database needs more than its data: {error}; copy the tables to a new database"
        return violation("unreadable", message, ())
    message = f"this is not an SQLite database, or the file is incomplete: {error}"
    return violation("damaged-file", message, ())


def _read_sheet(database: sqlite3.Connection, file: Path, table: Table) -> Sheet:
    place = f"{file}[{table.name}]"
    hidden = {name for _, name, *_, kind in database.execute(f'PRAGMA table_xinfo("{table.name}")') if kind}
    if hidden:
        message = f"the column {shown(min(hidden))} is computed by the database; store its values instead"
        return unread(table, place, [violation("cell-type", message, (table.name,)).at(place)])
    faults = [fault for (fault,) in database.execute(f'PRAGMA quick_check("{table.name}")') if fault != "ok"]
    if faults:
        raise InvalidDataError([violation("damaged-file", f"the table is damaged: {faults[0]}", ()).at(place)])
    try:
        header, cells = _select(database, table)
    except sqlite3.OperationalError as error:
        if "no such column: rowid" in str(error):
            message = "the table has no rowids, which keep the order of its rows; create it without WITHOUT ROWID"
            return unread(table, place, [violation("cell-type", message, (table.name,)).at(place)])
        if "decode" not in str(error):
            raise
        database.text_factory = _text
        header, cells = _select(database, table)
    if not table.key and _NUMBER.name in header:
        del cells[header.index(_NUMBER.name)]
        header = [name for name in header if name != _NUMBER.name]
    booleans = {column.name for column in table.columns if column.type == "boolean"}
    for index, name in enumerate(header):
        if name in booleans:
            cells[index] = [{0: False, 1: True}.get(cell, cell) for cell in cells[index]]
    return representable(table, Sheet(place, header, cells, numbered(1)))


def _select(database: sqlite3.Connection, table: Table) -> tuple[Sequence[str], list[list[Any]]]:
    """Return the names and the cells of the columns of a table, in the order of their rows."""
    cursor = database.execute(f'SELECT * FROM "{table.name}" ORDER BY rowid')
    cells: list[list[Any]] = [[] for _ in cursor.description]
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        for held, values in zip(cells, zip(*rows, strict=True), strict=True):
            held.extend(values)
    return [column[0] for column in cursor.description], cells


def _text(data: bytes) -> str | Unusable:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return Unusable("text that is not UTF-8")


def write(rows: Mapping[str, Sequence[Any]], file: Path) -> None:
    """Write a database.

    Args:
        rows: the records of each table, in plain Python; the search and the views need all tables.
        file: where to write.

    Raises:
        OSError: if it cannot be written.
    """
    try:
        _write(rows, file)
    except sqlite3.OperationalError as error:  # a full disk, for example
        raise OSError(str(error)) from error


def _write(rows: Mapping[str, Sequence[Any]], file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        # A journal is of no use to a file that is discarded if anything fails.
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;")
        database.execute("BEGIN")
        for each in filter(lambda each: each.name in rows, tables()):
            for part in relations(each.name):
                database.execute(_definition(part, rows))
                names = [column.name for column in part.columns]
                marks = ", ".join("?" * len(names))
                insert = f'INSERT INTO "{part.name}" ({_names(names)}) VALUES ({marks})'
                database.executemany(insert, part.rows(rows[each.name]))
                for statement in [*_indexes(part), *_text_index(part)]:
                    database.execute(statement)
        database.execute(_DICTIONARY)
        database.executemany("INSERT INTO data_dictionary VALUES (?, ?, ?)", _dictionary(rows))
        if len(rows) == len(tables()):
            for statement in [*_MORE.split(";\n"), _program_terms()]:
                database.execute(statement)
            database.executemany("INSERT INTO search VALUES (?, ?, ?, ?, ?, ?, ?)", _searchable(rows))
        database.execute("COMMIT")


def _with_key(table: Table) -> Table:
    """Return a table with a primary key: a number, last, if nothing else identifies a row."""
    return table if table.key else replace(table, columns=(*table.columns, _NUMBER), key=(_NUMBER.name,))


def _definition(table: Table, others: Container[str]) -> str:
    table = _with_key(table)
    lines = [*map(_column, table.columns), f"PRIMARY KEY ({_names(table.key)})"]
    lines += [
        f'FOREIGN KEY ("{column.name}") REFERENCES "{column.refers_to}" ("id") DEFERRABLE INITIALLY DEFERRED'
        for column in table.columns
        if column.refers_to and column.refers_to in others
    ]
    return f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(lines) + "\n) STRICT"


def _column(column: Column) -> str:
    words = [f'"{column.name}" {_TYPES[column.type]}', *(["NOT NULL"] if column.required else [])]
    if column.type == "boolean":
        words.append(f'CHECK ("{column.name}" IN (0, 1))')
    if column.terms:
        words.append(f'CHECK ("{column.name}" IN ({", ".join(map(_quoted, column.terms))}))')
    return " ".join(words)


def _indexes(table: Table) -> Iterator[str]:
    """Yield an index for each column with references or terms that is not the key's first."""
    for column in table.columns:
        if (column.refers_to or column.terms) and column.name != (*table.key, "")[0]:
            yield f'CREATE INDEX "{table.name}_{column.name}_index" ON "{table.name}" ("{column.name}")'
    if table.name == "evidence":
        yield "CREATE INDEX evidence_subject_index ON evidence (subject, field)"


def _text_index(table: Table) -> Iterator[str]:
    """Yield the statements that index the columns of prose, whose values may have several words.

    The index stores no text, but reads it from the table, as Datasette and sqlite-utils expect.
    """
    if table.name in _SEARCHED:
        prose = [column.name for column in table.columns if " " in column.schema.get("pattern", "")]
        index = f'"{table.name}_fts"'
        yield f'CREATE VIRTUAL TABLE {index} USING fts5({_names(prose)}, content="{table.name}")'
        yield f"INSERT INTO {index} ({index}) VALUES ('rebuild')"


def _dictionary(rows: Container[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each table and column, and its description; the column is empty for a table."""
    for each in filter(lambda each: each.name in rows, tables()):
        for part in map(_with_key, relations(each.name)):
            yield part.name, "", part.description
            yield from ((part.name, column.name, column.description) for column in part.columns)


def _program_terms() -> str:
    """Return the definition of the view of all terms of programs."""
    selects = [
        f"SELECT program, '{singular(name)}' AS vocabulary, {singular(name)} AS term FROM programs_{name}"
        for name in _term_lists()
    ]
    return "CREATE VIEW program_terms AS\n" + "\nUNION ALL ".join(selects)


def _term_lists() -> list[str]:
    return [column.name for column in table("programs").columns if column.is_list and column.vocabulary]


def _searchable(rows: Mapping[str, Sequence[Any]]) -> Iterator[tuple[str, str, str | None, str, str, str, str | None]]:
    """Yield subject, names, acronym, goals, activities, terms and summary of each record that a search may find."""
    for town in rows["municipalities"]:
        yield f"municipalities/{town['id']}", f"{town['name']} {town['styled_name']}", None, "", "", "", town["summary"]
    for row in rows["programs"]:
        terms = " ".join(term.replace("-", " ") for name in _term_lists() for term in row[name])
        names = " ".join([row["name"], *row["aliases"]])
        goals, activities = " ".join(row["goals"]), " ".join(row["activities"])
        yield f"programs/{row['id']}", names, row["acronym"], goals, activities, terms, row["summary"]
    for row in rows["partners"]:
        yield f"partners/{row['id']}", " ".join([row["name"], *row["aliases"]]), row["acronym"], "", "", "", None


def _names(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
