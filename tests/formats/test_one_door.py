"""The same data gets the same problems, whichever format it is stored in and whichever door it comes in by."""

import copy
import json
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import eaps_data as eaps
from eaps_data.errors import Problem
from eaps_data.formats.columns import Table, columns_of, table, tables
from eaps_data.models.records import DatasetDocument
from eaps_data.models.table_specs import MEMBERS, TABLE_SPECS
from eaps_data.validation import check, check_folder, validate
from support.storage import Rows, document, store, text_at
from support.strategies import documents

FORMATS = ("json", "tables", "jsonl", "csv", "parquet", "sqlite", "xlsx")
INSTALLED = [name for name in FORMATS if name != "parquet" or find_spec("pyarrow")]
BROKEN = "No such Thing"
"""What no id, term, code or reference is; an id has no capitals and no spaces."""

Found = set[tuple[str, str | None, str | None]]


def found_in(problems: Any) -> Found:
    return {(problem.rule, problem.record, problem.field) for problem in problems}


def plain_rows(held: DatasetDocument) -> dict[str, list[dict[str, Any]]]:
    plain = held.model_dump(mode="json")
    return {name: [plain[name]] if TABLE_SPECS[name].has_one_row else plain[name] for name in MEMBERS}


@st.composite
def edits(draw: st.DrawFn, rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """The rows with one edit: a value set, an item added, or a row dropped or repeated."""
    edited = copy.deepcopy({name: list(held) for name, held in rows.items()})
    name = draw(st.sampled_from([name for name, held in edited.items() if held]))
    index = draw(st.integers(0, len(edited[name]) - 1))
    row = edited[name][index]
    match draw(st.sampled_from(["set", "set", "set", "item", "drop", "repeat"])):
        case "drop" if not TABLE_SPECS[name].has_one_row:
            del edited[name][index]
        case "repeat" if not TABLE_SPECS[name].has_one_row:
            edited[name].append(copy.deepcopy(row))
        case "item" if any(column.many for column in table(name).columns):
            column = draw(st.sampled_from([column for column in table(name).columns if column.many]))
            holder = _holder(row, column.path)
            items = holder[column.path[-1]]
            items.append(draw(st.sampled_from([BROKEN, "alias 0 of program 1", *items])))
        case _:
            _set(draw, table(name), row)
    return edited


def _holder(row: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    for step in path[:-1]:
        row = row[step]
    return row


def _set(draw: st.DrawFn, of: Table, row: dict[str, Any]) -> None:
    def reachable(path: tuple[str, ...]) -> bool:
        holder: Any = row
        for step in path[:-1]:
            holder = holder[step]
            if holder is None:
                return False
        return True

    columns = [column for column in of.columns if not column.many and reachable(column.path)]
    column = draw(st.sampled_from(columns))
    values: dict[str, list[Any]] = {
        "text": [BROKEN, None, "program-1", "municipality-1", "partner-1", "inferred", "programs/program-1", "25999"],
        "date": [BROKEN, None, "0999-01-01"],
        "integer": [None, -1, 1, 10_000_000],
        "number": [None, 1000.0, 1.5],
        "boolean": [None, True, False],
    }
    _holder(row, column.path)[column.path[-1]] = draw(st.sampled_from(values[column.kind]))


def problems_of(path: Path) -> list[Problem]:
    return [step for step in check([str(path)]) if isinstance(step, Problem)]


def errors_of_loading(load: Any) -> Found:
    try:
        load()
    except eaps.InvalidDataError as error:
        return found_in(error.problems)
    return set()


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_each_format_and_each_door_reports_the_same_problems(data: st.DataObject) -> None:
    rows = data.draw(edits(plain_rows(data.draw(documents()))))
    text = json.dumps(document(rows)).encode()
    expected = validate(text, "dataset")
    errors = found_in(problem for problem in expected if problem.severity == "error")
    assert errors_of_loading(lambda: eaps.Dataset.from_json(text)) == errors
    with TemporaryDirectory() as folder:
        for format_ in INSTALLED:
            path = store(rows, format_, Path(folder))
            assert found_in(problems_of(path)) == found_in(expected), format_
            assert errors_of_loading(lambda path=path: eaps.Dataset.from_path(path)) == errors, format_
            if format_ == "tables":
                ignored = {"not-canonical", "unused-term"}  # rules of the curator's folder only
                found = [problem for problem in check_folder(path) if problem.rule not in ignored]
                assert found_in(found) == found_in(expected)
    if find_spec("pandas"):
        assert errors_of_loading(lambda: eaps.Dataset.from_frames(frames(rows))) == errors


def frames(rows: Rows) -> dict[str, Any]:
    pandas = pytest.importorskip("pandas")
    return {
        each.name: pandas.DataFrame(
            {
                column.name: pandas.Series(values, dtype=object)
                for column, values in zip(each.columns, columns_of(each, rows[each.name]), strict=True)
            }
        )
        for each in tables()
    }


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("programs", ("municipality",)),
        ("programs", ("kind",)),
        ("partners", ("id",)),
        ("partnerships", ("role",)),
        ("municipalities", ("identifiers", "place_geoid")),
        ("evidence", ("source",)),
        ("programs", ("services",)),
    ],
)
def test_the_location_points_at_the_broken_value(
    name: str, path: tuple[str, ...], format_: str, tmp_path: Path
) -> None:
    rows = copy.deepcopy(eaps.load().to_rows())
    row = rows[name][2]
    holder = _holder(row, path)
    holder[path[-1]] = [BROKEN] if isinstance(holder[path[-1]], list) else BROKEN
    problems = [problem for problem in problems_of(store(rows, format_, tmp_path)) if BROKEN in problem.message]
    assert {problem.field for problem in problems} == {".".join(path)}
    assert all(text_at(problem).strip("[\"'").startswith(BROKEN) for problem in problems)


@pytest.mark.parametrize("format_", [each for each in FORMATS if each != "json"])
@pytest.mark.parametrize("name", ["release", "programs", "evidence"])
def test_a_missing_table_is_reported(name: str, format_: str, tmp_path: Path) -> None:
    path = store(eaps.load().to_rows(), format_, tmp_path)
    if format_ in {"sqlite", "xlsx"}:
        pytest.skip("one file; see the tests of these formats")
    next(path.glob(f"{name}.*")).unlink()
    assert ("missing-table", None, None) in found_in(problems_of(path))
    assert ("missing-table", None, None) in errors_of_loading(lambda: eaps.Dataset.from_path(path))
