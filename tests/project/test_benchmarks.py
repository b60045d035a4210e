"""The benchmarks measure valid data, the same each time, and run through without their peers."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree

from eaps_data.models.records import RECORDS
from eaps_data.validation import validate, validate_file

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
MUNICIPALITIES = 30


@pytest.fixture
def synthetic(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("synthetic")


@pytest.fixture
def validation(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("validation")


def test_the_synthetic_dataset_is_valid_and_gives_no_warning(synthetic: ModuleType) -> None:
    assert validate(synthetic.document(MUNICIPALITIES)) == ()


def test_the_synthetic_dataset_is_the_same_for_the_same_seed(synthetic: ModuleType) -> None:
    assert synthetic.document(MUNICIPALITIES) == synthetic.document(MUNICIPALITIES)
    assert synthetic.document(MUNICIPALITIES, 1) != synthetic.document(MUNICIPALITIES)


@pytest.mark.parametrize("table", RECORDS)
def test_a_synthetic_record_does_not_depend_on_how_many_follow(synthetic: ModuleType, table: str) -> None:
    few = [*synthetic.rows(table, 2)]
    many = [*synthetic.rows(table, MUNICIPALITIES)]
    assert 0 < len(few) < len(many)
    assert many[: len(few)] == few


@pytest.mark.parametrize(
    ("table", "name"),
    [
        *((table, f"{table}{end}") for table in RECORDS for end in (".json", ".jsonl")),
        ("programs", "programs.csv"),
    ],
)
def test_a_synthetic_table_is_valid_in_each_format(
    synthetic: ModuleType, tmp_path: Path, table: str, name: str
) -> None:
    synthetic.main([str(MUNICIPALITIES), str(tmp_path / name), "--table", table])
    assert validate_file(tmp_path / name, table) == ()


def test_the_benchmark_runs_and_names_each_row_without_its_peers() -> None:
    peers = ["pydantic", "jsonschema-rs with orjson", "ajv", "jsonschema", "frictionless", "check-jsonschema"]
    command = [sys.executable, str(BENCHMARKS / "validation.py"), "--quick", "--memory", "--skip", *peers[1:]]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    lines = [line.strip("| ").split(" | ") for line in done.stdout.splitlines() if line.startswith("| ")]
    rows = {(checked, peer): rest for checked, peer, *rest in lines[2:]}
    for checked in (
        "JSON Lines of programs",
        "JSON Lines of evidence",
        "a JSON array of programs",
        "a dataset document",
    ):
        assert all("(target" in cell or float(cell) for cell in rows[checked, "pydantic"])
        assert all(rows[checked, peer] == ["skipped: left out"] for peer in peers[1:4])
    assert rows["CSV of programs", "frictionless"] == ["skipped: left out"]
    whole = "one small file, whole process", "a large JSON array, whole process", "the same, without the starts"
    assert all(rows[checked, "check-jsonschema"] == ["skipped: left out"] for checked in whole)
    assert ("JSON Lines of programs, 1 MB, whole process, `--jobs 2`", "`--jobs 1`") in rows


def test_the_way_from_import_to_answer_is_measured_without_its_peers() -> None:
    command = [sys.executable, str(BENCHMARKS / "speed.py"), "--quick", "--skip", "pycountry", "us", "holidays"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    rows = [line.strip("| ").split(" | ") for line in done.stdout.splitlines() if line.startswith("| ")][2:]
    skipped = {peer.partition(",")[0] for _, peer, ratio in rows if ratio == "skipped: left out"}
    assert skipped == {"pycountry", "us", "holidays"}
    assert all(float(ratio.split()[0]) > 0 for *_, ratio in rows if not ratio.startswith("skipped"))
    measured = " ".join(row[0] for row in rows)
    for what in ("import", "first record", "lookup by id", "where(", "search", "from_json", "to_json", "memory"):
        assert what in measured


def test_the_exports_are_measured_each_beside_its_plain_library() -> None:
    command = [sys.executable, str(BENCHMARKS / "exporting.py"), "--municipalities", "5"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    rows = [line.strip("| ").split(" | ") for line in done.stdout.splitlines() if line.startswith("| ")][2:]
    assert {name for name, *_ in rows} == {"csv", "json", "jsonl", "parquet", "sqlite", "xlsx"}
    assert all(float(ratio) > 0 for _, _, *ratios in rows for ratio in ratios)


def test_the_curve_is_a_picture_that_says_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    curve = importlib.import_module("curve")
    growth = {name: [(100, 2.0), (1_000, 2.0), (10_000, 4.0)] for name in curve.LINES}
    root = etree.fromstring(curve.svg(growth))
    assert {"title", "desc"} <= {child.tag.rpartition("}")[2] for child in root}
    names = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {*curve.LINES, "1,000", "10,000"} <= names


def test_a_peer_that_is_not_installed_is_skipped_and_named() -> None:
    code = "import sys; sys.modules['frictionless'] = None; from contestants import main; main(*sys.argv[1:])"
    command = [sys.executable, "-c", code, "frictionless", "programs", "none.csv"]
    done = subprocess.run(command, cwd=BENCHMARKS, capture_output=True, encoding="utf-8", check=True, input="")
    assert done.stdout == '{"skipped": "frictionless is not installed"}\n'


def test_the_tables_are_written_between_the_marks_of_the_page(validation: ModuleType, tmp_path: Path) -> None:
    begin, end = validation.MARKS
    page = tmp_path / "page.md"
    page.write_text(f"before\n{begin}\nold\n{end}\nafter\n", encoding="utf-8")
    validation.pages.write(page, validation.MARKS, "new")
    assert page.read_text(encoding="utf-8") == f"before\n{begin}\nnew\n{end}\nafter\n"
    assert begin in validation.PAGE.read_text(encoding="utf-8")
    assert end in validation.PAGE.read_text(encoding="utf-8")
