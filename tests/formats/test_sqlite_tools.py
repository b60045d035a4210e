"""Tools for SQL read the exported database without configuration: keys, references and full-text indexes."""

import json
import sqlite3
import subprocess
import sys
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import eaps_data as eaps

pytestmark = pytest.mark.slow


@pytest.fixture
def file(tmp_path: Path) -> Path:
    eaps.export.write("sqlite", tmp_path / "eaps.sqlite")
    return tmp_path / "eaps.sqlite"


def run(script: str, *arguments: object) -> Any:
    """Run a script in a separate process, for tools that leave connections open, and return the JSON it prints."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout)


DATASETTE = """
import asyncio, json, sys
from datasette.app import Datasette
client = Datasette([sys.argv[1]]).client

async def ask():
    return [(await client.get(path)).json() for path in sys.argv[2:]]

print(json.dumps(asyncio.run(ask())))
"""


def test_datasette_serves_and_searches_the_tables(file: Path) -> None:
    pytest.importorskip("datasette")
    record, found, database = run(
        DATASETTE,
        file,
        "/eaps/programs/revere-bhu.json?_shape=objects",
        "/eaps/programs.json?_search=opioid&_shape=array",
        "/eaps.json",
    )
    assert record["rows"][0]["name"] == "Behavioral Health Unit"
    assert [row["id"] for row in found] == ["winthrop-public-health-and-safety-team"]
    assert "programs_by_municipality" in {view["name"] for view in database["views"]}
    assert all(table["primary_keys"] for table in database["tables"] if not table["hidden"])


def test_sqlite_utils_finds_keys_and_searches_the_tables(file: Path) -> None:
    sqlite_utils = pytest.importorskip("sqlite_utils")
    with closing(sqlite3.connect(file)) as connection:
        database = sqlite_utils.Database(connection)
        (found,) = database["programs"].search("opioid")
        assert found["id"] == "winthrop-public-health-and-safety-team"
        assert database["programs_needs"].get(("revere-bhu", 1))["need"] == eaps.programs["revere-bhu"].needs[0]
        assert database["evidence"].get(1)["quote"] == eaps.evidence[0].quote
        assert not [table.name for table in database.tables if table.use_rowid and not table.virtual_table_using]


def test_sqlalchemy_maps_the_tables(file: Path) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    orm = pytest.importorskip("sqlalchemy.orm")
    base = pytest.importorskip("sqlalchemy.ext.automap").automap_base()
    engine = sqlalchemy.create_engine(f"sqlite:///{file}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        base.prepare(autoload_with=engine)
    with orm.Session(engine) as session:
        program = session.get(base.classes.programs, "revere-bhu")
        assert program.municipalities.name == "Revere"
        assert [row.need for row in program.programs_needs_collection] == [*eaps.programs["revere-bhu"].needs]
        (grant,) = session.scalars(sqlalchemy.select(base.classes.grant_program))
        assert [row.means for row in grant.grant_program_means_collection] == [*eaps.grant_program.means]
        assert session.get(base.classes.evidence, 1).sources.id == eaps.evidence[0].source
        assert session.get(base.classes.release, eaps.release.data_version)
    engine.dispose()


DJANGO = """
import io, json, sys, types
import django
from django.conf import settings
from django.core import management

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1]}}, INSTALLED_APPS=["funded"]
)
source = io.StringIO()
sys.modules["funded"] = app = types.ModuleType("funded")
app.__path__ = [sys.argv[2]]
django.setup()
management.call_command("inspectdb", stdout=source)
assert "Unable to inspect" not in source.getvalue(), source.getvalue()
sys.modules["funded.models"] = models = types.ModuleType("funded.models")
exec(source.getvalue(), models.__dict__)
management.call_command("check", stdout=io.StringIO())
print(json.dumps([
    [*models.Programs.objects.filter(municipality__county="Suffolk").values_list("id", flat=True)],
    [*models.ProgramsNeeds.objects.filter(program="revere-bhu").values_list("need", flat=True)],
    models.GrantProgramMeans.objects.filter(grant_program__name__isnull=False).count(),
    models.Evidence.objects.get(pk=1).quote,
]))
"""


def test_django_inspects_the_tables(file: Path, tmp_path: Path) -> None:
    pytest.importorskip("django", minversion="5.2")  # composite primary keys
    programs, needs, means, quote = run(DJANGO, file, tmp_path)
    assert programs == [*eaps.programs.where(county="Suffolk").ids]
    assert needs == [*eaps.programs["revere-bhu"].needs]
    assert means == len(eaps.grant_program.means)
    assert quote == eaps.evidence[0].quote
