"""Each benchmark runs end to end."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
HEADS = ("checked", "5 municipalities", "format", "measured", "peak memory, checking", "in a new process", "---")
PAGE = (BENCHMARKS.parent / "docs" / "performance.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "fewest", "tables"),
    [
        ("validation", 6, ["measured"]),
        ("formats", 6, ["measured loading", "measured exports"]),
        ("speed", 6, ["measured from import to answer"]),
        ("starts", 1, ["measured starts"]),
    ],
)
def test_benchmark_runs_end_to_end(script: str, fewest: int, tables: list[str]) -> None:
    for library in ("frictionless", "jsonschema", "openpyxl", "pyarrow"):
        pytest.importorskip(library)
    command = [sys.executable, str(BENCHMARKS / f"{script}.py"), "--quick"]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, ran.stderr
    rows = [line.strip("| ").split(" | ") for line in ran.stdout.splitlines() if line.startswith("| ")]
    results = [row[-1] for row in rows if row[0] not in HEADS]
    assert len(results) >= fewest
    assert all(re.match(r"\d[\d.]*$|\d[\d.]* \(target |skipped: ", result) for result in results), results
    for name in tables:
        assert f"<!-- {name} -->" in PAGE
        assert f"<!-- end of {name} -->" in PAGE
