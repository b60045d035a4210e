"""An SQLite database: a table a table and one a list, with keys, references, terms, a text search, and views.

What the tables and columns mean stands in `data_dictionary`. `search` is a full-text index (FTS5) of programs,
partners and municipalities; the views answer what is asked most.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from eaps_data.errors import InvalidDataError, Problem
from eaps_data.export.assembling import Sheet, from_relations
from eaps_data.formats import columns as tidy
from eaps_data.formats.columns import Column, Table
from eaps_data.tables.dataset import Dataset

_TYPES: Final = {"text": "TEXT", "date": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}

_MORE: Final = """
CREATE TABLE data_dictionary (name TEXT NOT NULL, "column" TEXT, description TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE search USING fts5(subject UNINDEXED, name, acronym, goals, terms, summary);
CREATE VIEW programs_by_municipality AS
SELECT m.id AS municipality, m.name AS municipality_name, m.county, m.county_subdivision_geoid,
  p.id AS program, p.name AS program_name, p.kind, p.status, p.started_year
FROM municipalities m JOIN programs p ON p.municipality = m.id ORDER BY m.position, p.rowid;
CREATE VIEW program_terms AS
SELECT program, 'approach' AS sort, approach AS term FROM programs_approaches
UNION ALL SELECT program, 'service', service FROM programs_services
UNION ALL SELECT program, 'staff_role', staff_role FROM programs_staff_roles
UNION ALL SELECT program, 'population', population FROM programs_populations
UNION ALL SELECT program, 'need', need FROM programs_needs
UNION ALL SELECT program, 'framework', framework FROM programs_frameworks;
CREATE VIEW partners_of_programs AS
SELECT s.program, p.name AS program_name, s.role, s.example, s.partner, o.name AS partner_name, o.kind AS partner_kind
FROM partnerships s JOIN programs p ON p.id = s.program JOIN partners o ON o.id = s.partner ORDER BY s.rowid;
CREATE VIEW claims_with_sources AS
SELECT e.subject, e.field, e.item, e.quote, e.basis, e.note, e.section, e.paragraph, e.sentence,
  s.title AS source_title, s.url AS source_url
FROM evidence e JOIN sources s ON s.id = e.source ORDER BY e.rowid;
"""


def write(dataset: Dataset, file: Path) -> None:
    """Write the database."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        # The journal is of no use to a file that is thrown away where anything fails.
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;")
        database.execute("BEGIN")
        for table in tidy.tables():
            records = tidy.records_of(dataset.document, table.name)
            for part in tidy.relations(table.name):
                database.execute(_definition(part))
                marks = ", ".join("?" * len(part.columns))
                database.executemany(f'INSERT INTO "{part.name}" VALUES ({marks})', part.rows(records))  # noqa: S608 - our names
                for statement in _indexes(part):
                    database.execute(statement)
        for statement in _MORE.split(";\n"):
            database.execute(statement)
        database.executemany("INSERT INTO data_dictionary VALUES (?, ?, ?)", _dictionary())
        database.executemany("INSERT INTO search VALUES (?, ?, ?, ?, ?, ?)", _searchable(dataset))
        database.execute("COMMIT")


def _definition(table: Table) -> str:
    lines = [_column(column) for column in table.columns]
    if table.key:
        lines.append(f"PRIMARY KEY ({_names(table.key)})")
    lines += [
        f'FOREIGN KEY ("{column.name}") REFERENCES "{column.refers_to}" ("id") DEFERRABLE INITIALLY DEFERRED'
        for column in table.columns
        if column.refers_to
    ]
    return f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(lines) + "\n) STRICT"


def _column(column: Column) -> str:
    words = [f'"{column.name}" {_TYPES[column.kind]}', *(["NOT NULL"] if column.required else [])]
    if column.kind == "boolean":
        words.append(f'CHECK ("{column.name}" IN (0, 1))')
    if column.terms:
        words.append(f'CHECK ("{column.name}" IN ({", ".join(map(_quoted, column.terms))}))')
    return " ".join(words)


def _indexes(table: Table) -> Iterator[str]:
    """An index for each column that refers to a table or holds terms, where the key is not one already."""
    for column in table.columns:
        if (column.refers_to or column.terms) and column.name != (*table.key, "")[0]:
            yield f'CREATE INDEX "{table.name}_{column.name}_index" ON "{table.name}" ("{column.name}")'
    if table.name == "evidence":
        yield "CREATE INDEX evidence_subject_index ON evidence (subject, field)"


def _dictionary() -> Iterator[tuple[str, str | None, str]]:
    for table in tidy.tables():
        for part in tidy.relations(table.name):
            yield part.name, None, part.description
            yield from ((part.name, column.name, column.description) for column in part.columns)


def _searchable(dataset: Dataset) -> Iterator[tuple[str, str, str | None, str, str, str | None]]:
    for town in dataset.municipalities:
        yield f"municipalities/{town.id}", f"{town.name} {town.styled_name}", None, "", "", town.summary
    for row in dataset.programs:
        lists = (row.approaches, row.services, row.staff_roles, row.populations, row.needs, row.frameworks)
        terms = " ".join(term.value.replace("-", " ") for terms in lists for term in terms)
        names = " ".join([row.name, *row.aliases])
        yield f"programs/{row.id}", names, row.acronym, " ".join(row.goals), terms, row.summary
    for body in dataset.partners:
        yield f"partners/{body.id}", " ".join([body.name, *body.aliases]), body.acronym, "", "", None


def read(file: Path) -> Dataset:
    """Read a database."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
            broken = [fault for (fault,) in database.execute("PRAGMA integrity_check") if fault != "ok"]
            if broken:
                raise InvalidDataError([Problem(rule="shape", message=f"it is damaged: {broken[0]}", file=str(file))])
            names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            sheets = {
                part.name: _sheet(database, file, part)
                for table in tidy.tables()
                for part in tidy.relations(table.name)
                if part.name in names
            }
    except sqlite3.DatabaseError as error:
        message = f"this is no SQLite database, or not the whole of it: {error}"
        raise InvalidDataError([Problem(rule="shape", message=message, file=str(file))]) from None
    return from_relations(sheets, str(file))


def _sheet(database: sqlite3.Connection, file: Path, table: Table) -> Sheet:
    cursor = database.execute(f'SELECT rowid, * FROM "{table.name}" ORDER BY rowid')  # noqa: S608 - our names
    header: Sequence[str] = [column[0] for column in cursor.description[1:]]
    truths = {column.name for column in table.columns if column.kind == "boolean"}
    places = [place for place, name in enumerate(header) if name in truths]
    rows: list[tuple[int, list[Any]]] = []
    for number, *cells in cursor:
        for place in places:
            cells[place] = {0: False, 1: True}.get(cells[place], cells[place])
        rows.append((number, cells))
    return Sheet(f"{file}[{table.name}]", header, rows)


def _names(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
