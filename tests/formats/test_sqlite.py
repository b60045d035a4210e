"""The SQLite database has keys, references, terms, a text search and views; and what was edited wrongly is told."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data.errors import InvalidDataError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    eaps.export.write("sqlite", tmp_path / "eaps.sqlite")
    return tmp_path / "eaps.sqlite"


@pytest.fixture
def database(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


def test_the_database_is_sound(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("SELECT count(*) FROM evidence").fetchone() == (len(eaps.evidence),)
    assert database.execute("SELECT ansi_code FROM municipalities WHERE id = 'revere'").fetchone() == ("00619465",)


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("UPDATE programs SET municipality = 'nowhere' WHERE id = 'revere-bhu'", "FOREIGN KEY"),
        ("UPDATE programs SET status = 'begun'", "CHECK"),
        ("UPDATE programs SET started_year = 'long ago'", "cannot store TEXT"),
        ("UPDATE programs SET name = NULL", "NOT NULL"),
        ("INSERT INTO programs SELECT * FROM programs LIMIT 1", "UNIQUE"),
        ("INSERT INTO programs_needs VALUES ('revere-bhu', 9, 'nothing')", "CHECK"),
    ],
)
def test_it_refuses_what_is_wrong(database: sqlite3.Connection, statement: str, complaint: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=complaint):
        database.executescript(f"BEGIN; {statement}; COMMIT;")


def test_the_text_search_finds_what_is_said(database: sqlite3.Connection) -> None:
    found = database.execute(
        "SELECT subject FROM search WHERE search MATCH 'peer AND recovery' ORDER BY rank"
    ).fetchall()
    assert ("programs/winthrop-public-health-and-safety-team",) in found
    assert database.execute("SELECT subject FROM search WHERE search MATCH 'LLEAPS'").fetchall() == [
        ("programs/lawrence-lleaps",)
    ]


def test_the_views_answer(database: sqlite3.Connection) -> None:
    def ask(question: str) -> list[tuple[object, ...]]:
        return database.execute(question).fetchall()

    assert ask("SELECT program FROM programs_by_municipality WHERE municipality = 'revere'") == [("revere-bhu",)]
    wanted = {row.id for row in eaps.programs.where(need="mental-health")}
    assert {program for (program,) in ask("SELECT program FROM program_terms WHERE term = 'mental-health'")} == wanted
    assert len(ask("SELECT * FROM partners_of_programs")) == len(eaps.partnerships)
    rows = eaps.evidence.where(subject="programs/revere-bhu", field="goals")
    question = "SELECT quote FROM claims_with_sources WHERE subject = 'programs/revere-bhu' AND field = 'goals'"
    assert ask(question) == [(row.quote,) for row in rows]


def test_each_table_and_column_is_explained(database: sqlite3.Connection) -> None:
    named = set(database.execute('SELECT name, "column" FROM data_dictionary WHERE "column" IS NOT NULL'))
    tables = {name for name, _ in named}
    for table in tables:
        columns = {column for _, column, *_ in database.execute(f"PRAGMA table_info({table})")}
        assert {(table, column) for column in columns} <= named
    assert len(tables) > 20


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "UPDATE programs SET status = 'begun' WHERE id = 'revere-bhu'",
            r'\[programs\]:13: .*status: "begun" is none of',
        ),
        ("UPDATE municipalities SET ansi_code = '619465' WHERE id = 'revere'", r"\[municipalities\]:5: .*ansi_code"),
        ("DELETE FROM partners WHERE id = 'city-of-lawrence'", r"\[partnerships\]:\d+: .* is no id of partners"),
        ("ALTER TABLE programs RENAME COLUMN kind TO sort", r'\[programs\]: there is no column "sort" in programs'),
        ("DROP TABLE sources_fields", "the table sources_fields is missing"),
    ],
)
def test_what_was_edited_wrongly_is_told_with_table_row_and_column(file: Path, statement: str, message: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.executescript(f"PRAGMA ignore_check_constraints = ON; {statement};")
    with pytest.raises(InvalidDataError, match=message):
        eaps.Dataset.from_path(file)


def test_what_is_no_database_or_half_of_one_is_told(file: Path) -> None:
    whole = file.read_bytes()
    for content in (b"not a database at all", whole[: len(whole) // 2]):
        file.write_bytes(content)
        with pytest.raises(InvalidDataError, match=r"eaps\.sqlite: "):
            eaps.Dataset.from_path(file)


ASK = """
import asyncio, json, sys
from datasette.app import Datasette
client = Datasette([sys.argv[1]]).client

async def ask(*paths):
    return [(await client.get(path)).json() for path in paths]

print(json.dumps(asyncio.run(ask("/eaps/programs/revere-bhu.json?_shape=objects", "/eaps.json"))))
"""


@pytest.mark.skipif(find_spec("datasette") is None, reason="datasette is not installed")
def test_datasette_serves_the_database(file: Path) -> None:
    # In a process of its own, as it leaves its connections for the end of the process to close.
    ran = subprocess.run([sys.executable, "-c", ASK, str(file)], capture_output=True, encoding="utf-8", check=True)
    record, database = json.loads(ran.stdout)
    assert record["rows"][0]["name"] == "Behavioral Health Unit"
    assert "programs_by_municipality" in {view["name"] for view in database["views"]}
