"""The SQLite database has keys, references, terms, a text search and views; problems have their table and row."""

import os
import shutil
import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data.errors import InvalidDataError
from eaps_data.formats import sqlite
from eaps_data.formats.sqlite import _open, _restrict
from support.damage import assert_refused_or_valid, damaged
from support.places import assert_problems, column_of, item_row_of, row_of


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
        ("INSERT INTO programs_expands VALUES ('revere-bhu', 1, 'nothing')", "FOREIGN KEY"),
        ("UPDATE programs SET status = 'begun'", "CHECK"),
        ("UPDATE programs SET started_year = 'long ago'", "cannot store TEXT"),
        ("UPDATE programs SET name = NULL", "NOT NULL"),
        ("INSERT INTO programs SELECT * FROM programs LIMIT 1", "UNIQUE"),
        ("INSERT INTO programs_needs VALUES ('revere-bhu', 9, 'nothing')", "CHECK"),
    ],
)
def test_the_database_refuses_invalid_rows(database: sqlite3.Connection, statement: str, complaint: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=complaint):
        database.executescript(f"BEGIN; {statement}; COMMIT;")


def test_the_text_search_finds_words(database: sqlite3.Connection) -> None:
    found = database.execute(
        "SELECT subject FROM search WHERE search MATCH 'peer AND recovery' ORDER BY rank"
    ).fetchall()
    assert ("programs/winthrop-public-health-and-safety-team",) in found
    (program, *_) = (program for program in eaps.programs if program.activities)
    question = "SELECT activities FROM search WHERE subject = ?"
    assert database.execute(question, [f"programs/{program.id}"]).fetchall() == [(" ".join(program.activities),)]
    assert database.execute("SELECT subject FROM search WHERE search MATCH 'LLEAPS'").fetchall() == [
        ("programs/lawrence-lleaps",)
    ]


def test_each_table_has_a_primary_key(database: sqlite3.Connection) -> None:
    definitions = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
    for (table,) in database.execute(definitions).fetchall():
        columns = database.execute(f'PRAGMA table_info("{table}")').fetchall()
        assert any(is_key for *_, is_key in columns), table


def test_no_column_has_the_name_of_the_table_that_it_refers_to(database: sqlite3.Connection) -> None:
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for _, _, target, column, *_ in database.execute(f'PRAGMA foreign_key_list("{table}")'):
            assert column != target, table


@pytest.mark.parametrize(
    ("table", "query", "column", "found"),
    [
        ("municipalities", "bedford", "id", "new-bedford"),
        ("programs", "opioid", "id", "winthrop-public-health-and-safety-team"),
        ("programs_goals", '"anti-racist"', "program", "amherst-cress"),
        ("partners", "RPD", "id", "revere-police-department"),
        ("sources", "geonames", "id", "geonames"),
        ("evidence", "quote: LLEAPS AND bounds", "subject", "programs/lawrence-lleaps"),
    ],
)
def test_each_table_of_prose_has_a_full_text_index(
    database: sqlite3.Connection, table: str, query: str, column: str, found: str
) -> None:
    index = f"{table}_fts"
    search = f"SELECT {column} FROM {table} WHERE rowid IN (SELECT rowid FROM {index} WHERE {index} MATCH ?)"  # noqa: S608
    rows = database.execute(search, [query]).fetchall()
    assert (found,) in rows
    for command in ("('integrity-check', 1)", "('rebuild', 0)"):
        database.execute(f"INSERT INTO {index} ({index}, rank) VALUES {command}")  # noqa: S608
    assert database.execute(search, [query]).fetchall() == rows


def test_the_views_answer_frequent_questions(database: sqlite3.Connection) -> None:
    def ask(question: str) -> list[tuple[object, ...]]:
        return database.execute(question).fetchall()

    assert ask("SELECT program FROM programs_by_municipality WHERE municipality = 'revere'") == [("revere-bhu",)]
    wanted = {row.id for row in eaps.programs.where(need="mental-health")}
    assert {program for (program,) in ask("SELECT program FROM program_terms WHERE term = 'mental-health'")} == wanted
    terms = {vocabulary for (vocabulary,) in ask("SELECT vocabulary FROM program_terms")}
    assert {"approach", "need", "service"} <= terms
    assert len(ask("SELECT * FROM partners_of_programs")) == len(eaps.partnerships)
    rows = eaps.evidence.where(subject="programs/revere-bhu", field="goals")
    question = "SELECT quote FROM claims_with_sources WHERE subject = 'programs/revere-bhu' AND field = 'goals'"
    assert ask(question) == [(row.quote,) for row in rows]


def test_each_table_and_column_is_described(database: sqlite3.Connection) -> None:
    named = set(database.execute('SELECT name, "column" FROM data_dictionary WHERE "column" <> \'\''))
    tables = {name for name, _ in named}
    for table in tables:
        columns = {column for _, column, *_ in database.execute(f"PRAGMA table_info({table})")}
        assert {(table, column) for column in columns} <= named
    assert len(tables) > 20


def cell_of(table: str, id_: str, column: str) -> str:
    """Return where a record's cell is, in the words of a problem."""
    return f"[{table}]:{row_of(table, id_)}:{column_of(table, column)}: "


def execute(file: Path, statements: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.executescript(f"PRAGMA ignore_check_constraints = ON; {statements};")


@pytest.mark.parametrize(
    ("statement", "messages"),
    [
        (
            "UPDATE programs SET status = 'begun' WHERE id = 'revere-bhu'",
            [
                cell_of("programs", "revere-bhu", "status")
                + 'programs/revere-bhu, status: "begun" is not a valid term; '
            ],
        ),
        (
            "UPDATE municipalities SET ansi_code = '619465' WHERE id = 'revere'",
            [
                cell_of("municipalities", "revere", "ansi_code")
                + 'municipalities/revere, identifiers.ansi_code: "619465" does not match '
            ],
        ),
        (
            "UPDATE programs SET municipality = 'reveer' WHERE id = 'revere-bhu'",
            [
                cell_of("programs", "revere-bhu", "municipality")
                + 'programs/revere-bhu, municipality: unknown municipality id "reveer" (did'
            ],
        ),
        (
            "ALTER TABLE programs RENAME COLUMN kind TO sort",
            [
                '[programs]: programs has no column "sort"; remove it',
                '[programs]: the column "kind" of programs is ',
            ],
        ),
        ("DROP TABLE sources_fields", [": the table sources_fields is missing"]),
        ("DROP TABLE evidence; CREATE VIEW evidence AS SELECT 1", [": the table evidence is missing"]),
        ("DELETE FROM release", ["[release]: release has 0 rows; it has exactly one"]),
        (
            "UPDATE programs_needs SET position = 7 WHERE program = 'revere-bhu' AND position = 1",
            [
                (
                    f"[programs_needs]:{item_row_of('programs', 'needs', 'revere-bhu', 1)}:2: "
                    "programs/revere-bhu, position: the list has an item 7, but no item 1"
                )
            ],
        ),
    ],
)
def test_each_problem_has_its_table_row_and_column(file: Path, statement: str, messages: list[str]) -> None:
    execute(file, statement)
    assert_problems(file, [f"{file}{message}" for message in messages])


def test_a_value_that_json_cannot_represent_is_refused_by_cell(file: Path) -> None:
    without_types(file, "partners")
    execute(file, "UPDATE partners SET name = x'00ff' WHERE rowid = 3")
    subject = f"partners/{eaps.partners[2].id}, name"
    message = f"{subject}: the cell holds a value of the type bytes, which JSON cannot represent"
    assert_problems(file, [f"{file}[partners]:3:2: {message}"])


def without_types(file: Path, table: str) -> None:
    """Replace a table by one without types, which takes any value."""
    execute(file, f"PRAGMA legacy_alter_table = ON; ALTER TABLE {table} RENAME TO old")
    execute(file, f"CREATE TABLE {table} AS SELECT * FROM old; DROP TABLE old")  # noqa: S608 - a name of ours


@pytest.mark.parametrize(("sql", "found"), [("9e999", "Infinity"), ("-9e999", "-Infinity")])
def test_a_value_that_is_not_a_whole_number_is_refused_by_cell(sql: str, found: str, file: Path) -> None:
    without_types(file, "municipalities")
    execute(file, f"UPDATE municipalities SET position = {sql}")  # noqa: S608 - a value above
    with pytest.raises(InvalidDataError) as caught:
        eaps.Dataset.from_path(file)
    for row, problem in enumerate(caught.value.problems, start=1):
        assert str(problem).startswith(f"{file}[municipalities]:{row}:{column_of('municipalities', 'position')}: ")
        assert str(problem).endswith(f"position: expected a whole number from 1 to 1000000, found {found}")


def test_a_file_that_is_no_database_is_one_problem(file: Path) -> None:
    whole = file.read_bytes()
    for content in (b"not a database at all", whole[: len(whole) // 2], whole[:99]):
        file.write_bytes(content)
        with pytest.raises(InvalidDataError) as caught:
            eaps.Dataset.from_path(file)
        (problem,) = caught.value.problems
        assert (problem.rule, problem.file) == ("damaged-file", str(file))
        assert problem.message.startswith("this is not an SQLite database, or the file is incomplete: ")


@pytest.mark.parametrize("count", [50, pytest.param(500, marks=pytest.mark.slow)])
def test_a_damaged_database_is_refused_or_valid(count: int, file: Path) -> None:
    assert_refused_or_valid(file, damaged(file.read_bytes(), count))


ENDLESS = "WITH RECURSIVE numbers(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM numbers) SELECT x AS id FROM numbers"
COMPUTED = 'the column "{}" is computed by the database; store its values instead'


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (f"DROP TABLE evidence; CREATE VIEW evidence AS {ENDLESS}", ": the table evidence is missing"),
        (
            (
                f"CREATE VIEW endless AS {ENDLESS}; DROP TABLE partners;"
                "CREATE VIRTUAL TABLE partners USING fts5(id, content='endless')"
            ),
            ": the table partners is missing",
        ),
        (f"CREATE VIEW endless AS {ENDLESS}; CREATE VIRTUAL TABLE more USING fts5(id, content='endless')", None),
        ("CREATE TRIGGER empty AFTER INSERT ON partners BEGIN DELETE FROM partners; END", None),
        ("ALTER TABLE partners ADD COLUMN more TEXT AS (hex(zeroblob(200000000)))", f"[partners]: {COMPUTED}"),
        ("ALTER TABLE partners ADD COLUMN more TEXT AS (id || name)", f"[partners]: {COMPUTED}"),
        (
            (
                "CREATE TABLE copy (id TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID; DROP TABLE partners;"
                "ALTER TABLE copy RENAME TO partners"
            ),
            "[partners]: the table has no rowids, which keep the order of its rows; create it without WITHOUT ROWID",
        ),
        ("ALTER TABLE redirects RENAME TO redirect", ": the table redirects is missing (did you mean 'redirect'?)"),
    ],
)
def test_the_schema_of_a_database_is_not_trusted(statements: str, message: str | None, file: Path) -> None:
    execute(file, f"PRAGMA legacy_alter_table = ON; {statements}")
    tracemalloc.start()
    if message is None:
        assert eaps.Dataset.from_path(file) == eaps.load()
    else:
        assert_problems(file, [f"{file}{message.format('more')}"])
    assert tracemalloc.get_traced_memory()[1] < 100 * file.stat().st_size
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("statement", "authorized"),
    [
        ("SELECT * FROM partners ORDER BY rowid", True),
        ('PRAGMA quick_check("partners")', True),
        ("SELECT * FROM partners_of_programs", False),
        ("SELECT hex(name) FROM partners", False),
        (ENDLESS, False),
        ("ATTACH ':memory:' AS other", False),
        ("PRAGMA writable_schema = ON", False),
        ("DELETE FROM partners", False),
    ],
)
def test_a_database_is_read_without_running_anything(statement: str, authorized: bool, file: Path) -> None:
    with closing(_open(file)) as database:
        _restrict(database, file.stat().st_size)
        if authorized:
            assert database.execute(statement).fetchall()
        else:
            with pytest.raises(sqlite3.DatabaseError, match=r"not authorized|prohibited|readonly"):
                database.execute(statement).fetchall()


def test_a_database_in_wal_mode_is_read_in_a_folder_that_is_not_writable(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
        database.execute("UPDATE partners SET kind = kind")
        database.commit()
    monkeypatch.setattr("os.access", lambda path, mode: (path, mode) != (file.parent.resolve(), os.W_OK))
    assert eaps.Dataset.from_path(file) == eaps.load()
    assert [*file.parent.iterdir()] == [file]  # SQLite would have created two


def test_a_database_with_a_change_in_its_wal_is_read_with_it(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("UPDATE programs SET name = 'In the log' WHERE id = 'revere-bhu'")
        database.commit()
        for end in ("", "-wal"):
            shutil.copyfile(f"{file}{end}", f"{copy}{end}")
    assert eaps.Dataset.from_path(copy).programs["revere-bhu"].name == "In the log"


def test_steps_are_bounded_by_the_size_of_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_STEPS_AT_ONCE", 100)
    assert eaps.Dataset.from_path(file) == eaps.load()
    monkeypatch.setattr(sqlite, "_SMALLEST_LIMIT", 1000)
    monkeypatch.setattr(sqlite, "_STEPS_PER_BYTE", 0)
    message = "reading the database needs more than its data: interrupted; copy the tables to a new database"
    assert_problems(file, [f"{file}: {message}"])


def test_a_database_larger_than_any_limit_of_sqlite_is_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_SMALLEST_LIMIT", 3 * 2**30)
    assert eaps.Dataset.from_path(file) == eaps.load()


def test_a_locked_database_is_reported_as_locked(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_PATIENCE", 0)
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        message = "the database is locked, because another program is writing to it; try again when that is done"
        assert_problems(file, [f"{file}: {message}"])
    assert eaps.Dataset.from_path(file) == eaps.load()


def test_text_that_is_not_utf_8_has_a_place(file: Path) -> None:
    execute(file, "UPDATE partners SET name = CAST(x'ff41' AS TEXT) WHERE rowid = 3")
    subject = f"partners/{eaps.partners[2].id}"
    assert_problems(file, [f"{file}[partners]:3:2: {subject}, name: the cell holds text that is not UTF-8"])
