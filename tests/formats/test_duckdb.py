"""DuckDB reads exports in Parquet, CSV and JSON Lines, with codes as strings, and queries collections."""

# ruff: noqa: S608 - the queries are built from names of ours
from pathlib import Path
from typing import Any

import pytest

import eaps_data as eaps
from eaps_data.export import LosslessName

pytestmark = pytest.mark.slow
duckdb: Any = pytest.importorskip("duckdb")


def ask(query: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = duckdb.sql(query).fetchall()
    return rows


@pytest.mark.parametrize(
    ("format", "source", "code", "needs"),
    [
        ("parquet", "'{}'", "county_subdivision_geoid", "needs"),
        ("jsonl", "'{}'", "identifiers.county_subdivision_geoid", "needs"),
        ("csv", "read_csv('{}', all_varchar = true)", "county_subdivision_geoid", None),
    ],
)
def test_duckdb_reads_the_export(
    format: LosslessName, source: str, code: str, needs: str | None, tmp_path: Path
) -> None:
    if format == "parquet":
        pytest.importorskip("pyarrow")
    eaps.export.write(format, tmp_path / "out")

    def table(name: str) -> str:
        return source.format(tmp_path / "out" / f"{name}.{format}")

    codes = [(town.id, town.identifiers.county_subdivision_geoid) for town in eaps.municipalities]
    assert ask(f"SELECT id, {code} FROM {table('municipalities')}") == codes
    pairs = [(program.id, need) for program in eaps.programs for need in program.needs]
    if needs:
        assert ask(f"SELECT id, unnest({needs}) FROM {table('programs')}") == pairs
    else:
        assert ask(f"SELECT program, need FROM {table('programs_needs')}") == pairs
    for each in eaps.load().to_rows():
        ask(f"SELECT * FROM {table(each)}")


def test_duckdb_queries_collections_and_frames() -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("pandas")
    # DuckDB finds local variables by name.
    programs = eaps.programs
    _frame = programs.to_frame("pandas")
    wanted = [(id_,) for id_ in programs.where(status="expanding").ids]
    assert duckdb.sql("SELECT id FROM programs WHERE status = 'expanding'").fetchall() == wanted
    assert duckdb.sql("SELECT id FROM _frame WHERE status = 'expanding'").fetchall() == wanted
