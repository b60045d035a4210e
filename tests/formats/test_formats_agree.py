"""The same data gets the same problems, whichever format it is stored in and whichever door it comes in by."""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

import eaps_data as eaps
from eaps_data._internal import resources
from eaps_data.errors import Problem
from eaps_data.formats import columns
from eaps_data.formats.columns import Table, columns_of, table, tables
from eaps_data.models.records import DatasetDocument
from eaps_data.models.table_specs import MEMBERS, TABLE_SPECS
from eaps_data.rules import migration
from eaps_data.validation import check, check_folder, validate
from support import storage
from support.commands import Runner
from support.storage import Rows, document, store, text_at
from support.strategies import documents

FORMATS = ("json", "tables", "jsonl", "csv", "parquet", "sqlite", "xlsx")
INSTALLED = [name for name in FORMATS if name != "parquet" or find_spec("pyarrow")]
BROKEN = "No such Thing"
UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
"""What no id, term, code or reference is; an id has no capitals and no spaces."""

Found = set[tuple[str, str | None, str | None, str]]


def found_in(problems: Any) -> Found:
    return {(problem.rule, problem.record, problem.field, problem.message) for problem in problems}


def plain_rows(held: DatasetDocument) -> dict[str, list[dict[str, Any]]]:
    plain = held.model_dump(mode="json")
    return {name: [plain[name]] if TABLE_SPECS[name].has_one_row else plain[name] for name in MEMBERS}


Edited = dict[str, list[dict[str, Any]]]


def _add(rows: Edited, of: str, **values: Any) -> None:
    """Add a copy of a table's first row with other values."""
    rows[of].append({**copy.deepcopy(rows[of][0]), **values})


def _past(old: str, new: str) -> dict[str, Any]:
    return {"old": f"programs/{old}", "new": f"programs/{new}", "since": "1.2.3"}


def _remove_programs(rows: Edited) -> None:
    rows.update(programs=[], partnerships=[], redirects=[])
    rows["evidence"] = [
        row for row in rows["evidence"] if not row["subject"].startswith(("programs/", "partnerships/"))
    ]


# An edit that breaks each rule which rows of every format can break; a rule with two has words after its name.
BREAKS: Final[Mapping[str, Callable[[Edited], Any]]] = {
    "value": lambda rows: rows["municipalities"][-1].update(position=-1),
    "term": lambda rows: rows["programs"][-1]["services"].append(BROKEN),
    "duplicate-id": lambda rows: _add(rows, "partners"),
    "duplicate-key": lambda rows: _add(rows, "programs", id="another", name="another", aliases=["program-1"]),
    "duplicate-position": lambda rows: _add(rows, "municipalities", id="another", name="another"),
    "dangling-reference": lambda rows: rows["programs"][-1].update(municipality="nowhere"),
    "dangling-reference of a list": lambda rows: rows["programs"][-1]["expands"].append("nowhere"),
    "part-of-circle": lambda rows: rows["programs"][-1].update(part_of=rows["programs"][-1]["id"]),
    "expands-circle": lambda rows: rows["programs"][-1].update(expands=[rows["programs"][-1]["id"]]),
    "identifier-mismatch": lambda rows: rows["municipalities"][-1]["identifiers"].update(county_geoid="26000"),
    "evidence-missing": lambda rows: rows["evidence"].pop(),
    "evidence-idle": lambda rows: _add(rows, "evidence", subject="partners/nobody"),
    "evidence-place": lambda rows: rows["evidence"][-1].update(paragraph=1),
    "evidence-note": lambda rows: rows["evidence"][-1].update(basis="inferred"),
    "past-id-lives": lambda rows: rows["redirects"].append(_past("program-1", "program-1")),
    "past-id-twice": lambda rows: rows["redirects"].extend([_past("past", "program-1")] * 2),
    "redirect-chain": lambda rows: rows["redirects"].extend([_past("past", "later"), _past("later", "program-1")]),
    "redirect-target": lambda rows: rows["redirects"].append(_past("past", "nothing")),
    "shared-name": lambda rows: rows["partners"][-1].update(acronym=rows["partners"][0]["name"]),
    "unused-source": lambda rows: _add(rows, "sources", id="another"),
    "municipality-without-program": _remove_programs,
}


@st.composite
def edits(draw: st.DrawFn, rows: Rows) -> Edited:
    """The rows with one edit at random: a value set, an item added or removed, or a row removed or repeated."""
    edited = copy.deepcopy({name: list(held) for name, held in rows.items()})
    name = draw(st.sampled_from([name for name, held in edited.items() if held]))
    index = draw(st.integers(0, len(edited[name]) - 1))
    row = edited[name][index]
    match draw(st.sampled_from(["set", "set", "add item", "remove items", "remove", "repeat"])):
        case "remove" if not TABLE_SPECS[name].has_one_row:
            del edited[name][index]
        case "repeat" if not TABLE_SPECS[name].has_one_row:
            edited[name].append(copy.deepcopy(row))
        case "add item" if any(column.is_list for column in table(name).columns):
            items = _list(draw, name, row)
            items.append(draw(st.sampled_from([BROKEN, "alias 0 of program 1", *items])))
        case "remove items" if any(column.is_list for column in table(name).columns):
            _list(draw, name, row).clear()
        case _:
            _set(draw, table(name), row)
    return edited


def _list(draw: st.DrawFn, name: str, row: dict[str, Any]) -> list[Any]:
    """Draw one of the lists in a row."""
    path = draw(st.sampled_from([column.path for column in table(name).columns if column.is_list]))
    items: list[Any] = _holder(row, path)[path[-1]]
    return items


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

    columns = [column for column in of.columns if not column.is_list and reachable(column.path)]
    column = draw(st.sampled_from(columns))
    values: dict[str, list[Any]] = {
        "text": [BROKEN, None, "program-1", "municipality-1", "partner-1", "inferred", "programs/program-1", "25999"],
        "date": [BROKEN, None, "0999-01-01"],
        "integer": [None, -1, 1, 10_000_000],
        "number": [None, 1000.0, 1.5],
        "boolean": [None, True, False],
    }
    _holder(row, column.path)[column.path[-1]] = draw(st.sampled_from(values[column.type]))


def problems_of(path: Path) -> list[Problem]:
    return [step for step in check([str(path)]) if isinstance(step, Problem)]


def errors_of_loading(load: Any) -> Found:
    try:
        load()
    except eaps.InvalidDataError as error:
        return found_in(error.problems)
    return set()


@pytest.mark.parametrize("rule", BREAKS)
@settings(
    max_examples=settings().max_examples // 10,
    suppress_health_check=UNHURRIED,
)
@given(st.data())
def test_a_broken_rule_is_reported_alike_by_each_format_and_door(rule: str, data: st.DataObject) -> None:
    held = data.draw(documents())
    if rule == "shared-name":  # a warning, which the evidence of a new acronym would be missing before
        assume(len(held.partners) > 1 and held.partners[-1].acronym)
    rows = plain_rows(held)
    BREAKS[rule](rows)
    assert rule.partition(" ")[0] in {problem[0] for problem in assert_alike(rows)}


@settings(
    max_examples=settings().max_examples // 2,
    suppress_health_check=UNHURRIED,
)
@given(st.data())
def test_any_edit_is_judged_alike_by_each_format_and_door(data: st.DataObject) -> None:
    assert_alike(data.draw(edits(plain_rows(data.draw(documents())))))


def assert_alike(rows: Rows) -> Found:
    """Assert that each format and each door report the same problems, and return them."""
    text = json.dumps(document(rows)).encode()
    problems = validate(text, "dataset")
    expected = found_in(problems)
    errors = found_in(problem for problem in problems if problem.severity == "error")
    assert errors_of_loading(lambda: eaps.Dataset.from_json(text)) == errors
    with TemporaryDirectory() as folder:
        for format_ in INSTALLED:
            path = store(rows, format_, Path(folder))
            assert found_in(problems_of(path)) == expected, format_
            assert errors_of_loading(lambda path=path: eaps.Dataset.from_path(path)) == errors, format_
            if format_ == "tables":
                ignored = {"incomplete-municipality", "not-canonical", "unused-term"}  # rules of a folder
                assert found_in(each for each in check_folder(path) if each.rule not in ignored) == expected
    if find_spec("pandas"):
        assert errors_of_loading(lambda: eaps.Dataset.from_frames(frames(rows))) == errors
    return expected


def test_the_commands_enter_by_the_same_door(run: Runner, tmp_path: Path) -> None:
    rows = copy.deepcopy(eaps.load().to_rows())
    rows["programs"][2]["municipality"] = "nowhere"
    path = store(rows, "csv", tmp_path)
    (expected,) = map(str, problems_of(path))
    for arguments in (
        ["export", "json", str(tmp_path / "out.json"), "--from", str(path)],
        ["diff", "1.0.0", str(path)],
    ):
        ran = run(*arguments)
        assert ran.code == 1
        assert expected in ran.err


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
        ("programs", ("expands",)),
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


@pytest.mark.parametrize("format_", ["tables", "jsonl", "csv", "parquet"])
@pytest.mark.parametrize("name", ["release", "programs", "evidence"])
def test_a_missing_table_is_reported(name: str, format_: str, tmp_path: Path) -> None:
    path = store(eaps.load().to_rows(), format_, tmp_path)
    next(path.glob(f"{name}.*")).unlink()
    missing = ("missing-table", None, None, f"the table {name} is missing")
    assert missing in found_in(problems_of(path))
    assert missing in errors_of_loading(lambda: eaps.Dataset.from_path(path))


@pytest.mark.parametrize("format_", ["tables", "jsonl", "csv", "parquet", "sqlite", "xlsx"])
def test_tables_of_an_earlier_schema_are_migrated(
    format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if format_ == "parquet":
        pytest.importorskip("pyarrow")
    old = json.loads(resources.release("1.0.0"))
    rows: Rows = {name: [old[name]] if TABLE_SPECS[name].has_one_row else old[name] for name in MEMBERS}
    new = {(name, field) for name, fields in migration.fields_since("1.0.0").items() for field in fields}
    older = tuple(
        replace(each, columns=tuple(column for column in each.columns if (each.name, column.path[0]) not in new))
        for each in tables()
    )
    with monkeypatch.context() as then:
        for module in (columns, storage):
            then.setattr(module, "tables", lambda: older)
            then.setattr(module, "table", lambda name: next(each for each in older if each.name == name))
        columns.relations.cache_clear()
        path = store(rows, format_, tmp_path)
    columns.relations.cache_clear()
    (problem,) = problems_of(path)
    assert problem.rule == "old-schema"
    assert "the tables follow schema 1.0.0, and are read as" in problem.message
    command = "eaps-data check FOLDER --fix" if format_ == "tables" else "eaps-data export FORMAT NEW --from OLD"
    assert problem.message.endswith(f"rewrite them: {command}")
    with pytest.warns(eaps.OldSchemaWarning, match="follow schema 1"):
        assert eaps.Dataset.from_path(path) == eaps.Dataset.from_release("1.0.0")


@pytest.mark.parametrize("format_", ["tables", "jsonl"])
def test_records_that_leave_fields_out_follow_the_current_schema(format_: str, tmp_path: Path) -> None:
    rows = plain_rows(eaps.load().document)
    new = {(name, field) for name, fields in migration.fields_since("1.0.0").items() for field in fields}
    for name, field in new:
        for row in rows[name]:
            row.pop(field, None)
    rows["programs"][0]["kind"] = BROKEN
    path = store(rows, format_, tmp_path)
    problems = [problem for problem in problems_of(path) if problem.rule in {"old-schema", "term"}]
    assert [(problem.rule, problem.field) for problem in problems] == [("term", "kind")]
