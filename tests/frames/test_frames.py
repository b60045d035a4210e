"""Data frames have the promised types and lose nothing; what a frame has lost is reported with its location."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

pytest.importorskip("pandas")
pytest.importorskip("polars")
pytest.importorskip("pyarrow")

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from hypothesis import given

import eaps_data as eaps
from eaps_data.errors import InvalidDataError, MissingExtraError, UnknownTermError
from eaps_data.formats import columns as tidy
from eaps_data.models.option_names import Backend
from eaps_data.models.records import RECORDS, DatasetDocument
from support.places import column_of
from support.strategies import documents

FRAME_TYPES = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.Table}
BACKENDS = tuple(FRAME_TYPES)


class ArrowStream:
    """An object of an unknown library that exports Arrow data."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def plain(cell: Any) -> Any:
    """Return a cell of a pandas frame as polars and pyarrow represent it."""
    if not isinstance(cell, list) and pd.isna(cell):
        return None
    return cell.date() if isinstance(cell, pd.Timestamp) else cell


@pytest.mark.parametrize("backend", BACKENDS)
@given(document=documents())
def test_dataset_round_trips_through_frames(backend: Backend, document: DatasetDocument) -> None:
    dataset = eaps.Dataset(document)
    assert eaps.Dataset.from_frames(dataset.to_frames(backend)).document == document


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("table", RECORDS)
def test_frame_has_the_columns_and_rows_of_its_table(backend: Any, table: str) -> None:
    collection = getattr(eaps.load(), table)
    frame: Any = collection.to_frame(backend)
    frame_type: Any = FRAME_TYPES[backend]
    assert isinstance(frame, frame_type)
    names = frame.column_names if backend == "pyarrow" else list(frame.columns)
    assert names == [column.name for column in tidy.table(table).columns]
    assert len(frame) == len(collection)


@pytest.mark.parametrize("table", RECORDS)
def test_all_backends_have_equal_values(table: str) -> None:
    collection = getattr(eaps.load(), table)
    from_arrow = collection.to_frame("pyarrow").to_pylist()
    from_polars = collection.to_frame("polars").to_dicts()
    from_pandas = collection.to_frame("pandas").astype(object).to_dict("records")
    assert from_arrow == from_polars
    for row, expected in zip(from_pandas, from_arrow, strict=True):
        assert {name: plain(cell) for name, cell in row.items()} == expected


def test_codes_are_strings_numbers_are_nullable_and_terms_are_categories() -> None:
    municipalities = eaps.municipalities.to_frame("pandas")
    assert municipalities["ansi_code"].dtype == pd.StringDtype("python")
    assert municipalities.loc[municipalities["id"] == "winthrop", "ansi_code"].item() == "00618335"
    programs = eaps.programs.to_frame("pandas")
    assert programs["started_year"].dtype == pd.Int64Dtype()
    assert programs["started_year"].isna().any()
    assert programs["named_by_source"].dtype == pd.BooleanDtype()
    assert list(programs["status"].cat.categories) == [term.value for term in eaps.ProgramStatus]
    assert programs["needs"][0] == list(eaps.programs[0].needs)
    assert eaps.sources.to_frame("pandas")["retrieved"].dtype == "datetime64[s]"
    schema = eaps.programs.to_frame("polars").schema
    assert schema["started_year"] == pl.Int64
    assert schema["status"] == pl.Enum([term.value for term in eaps.ProgramStatus])
    assert schema["needs"] == pl.List(pl.Enum([term.value for term in eaps.Need]))
    arrow = eaps.programs.to_frame("pyarrow").schema
    assert arrow.field("status").type == pa.dictionary(pa.int8(), pa.string())
    assert eaps.sources.to_frame("pyarrow").schema.field("retrieved").type == pa.date32()


@pytest.mark.parametrize("backend", BACKENDS)
def test_empty_collection_has_the_same_columns_and_types(backend: Any) -> None:
    empty, full = eaps.programs[:0].to_frame(backend), eaps.programs.to_frame(backend)
    assert len(empty) == 0
    if backend == "pandas":
        assert list(empty.dtypes) == list(full.dtypes)
    else:
        assert empty.schema == full.schema


@pytest.mark.parametrize("backend", BACKENDS)
def test_explode_expands_lists_into_one_row_per_item(backend: Any) -> None:
    frame = eaps.programs.to_frame(backend, explode="needs")
    needs = frame["needs"].to_pylist() if backend == "pyarrow" else list(frame["needs"])
    ids = frame["id"].to_pylist() if backend == "pyarrow" else list(frame["id"])
    expected = [(program.id, need) for program in eaps.programs for need in program.needs or (None,)]
    assert list(zip(ids, map(plain, needs), strict=True)) == expected


def test_explode_of_an_unknown_list_is_an_error() -> None:
    with pytest.raises(UnknownTermError, match=r"unknown explode value 'need' \(did you mean 'needs'"):
        eaps.programs.to_frame("pandas", explode="need")


def test_unknown_backend_is_an_error() -> None:
    with pytest.raises(UnknownTermError, match=r"unknown backend value 'panda' \(did you mean 'pandas'"):
        eaps.programs.to_frame("panda")  # type: ignore[call-overload]  # what is tested


@pytest.mark.parametrize(
    ("backend", "module", "extra"),
    [
        ("pandas", "eaps_data.frames.pandas", "pandas"),
        ("polars", "eaps_data.frames.polars", "polars"),
        ("pyarrow", "eaps_data.formats.arrow", "arrow"),
    ],
)
def test_missing_library_is_an_error_that_names_its_extra(
    backend: Backend, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in (backend, "numpy"):  # pandas needs it, and is not installed without it
        monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, module, raising=False)
    message = rf"needs {backend} \(extra '{extra}'\); install it with: pip install {backend}$"
    with pytest.raises(MissingExtraError, match=message) as caught:
        eaps.programs.to_frame(backend)
    assert caught.value.extra == extra


def test_default_backend_is_the_first_installed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(eaps.programs.to_frame(), pd.DataFrame)
    monkeypatch.setattr("eaps_data.frames.find_spec", lambda name: name == "polars" or None)
    assert isinstance(eaps.programs.to_frame(), pl.DataFrame)
    monkeypatch.setattr("eaps_data.frames.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"needs pandas, polars or pyarrow .*: pip install pandas$"):
        eaps.programs.to_frame()


def test_arrow_libraries_read_collections() -> None:
    assert pa.table(eaps.programs).equals(eaps.programs.to_frame("pyarrow"))
    assert pl.DataFrame(eaps.partners)["id"].to_list() == list(eaps.partners.ids)


WITHOUT_PYARROW = """
import sys
sys.modules["pyarrow"] = None
import polars as pl
import eaps_data as eaps
from polars.testing import assert_frame_equal

for table in (eaps.municipalities, eaps.programs, eaps.evidence, eaps.programs[:0]):
    assert_frame_equal(pl.DataFrame(table), table.to_frame("polars", terms="text"))
sys.modules["polars"] = None
try:
    eaps.programs.__arrow_c_stream__()
except eaps.MissingExtraError as error:
    print(error)
"""


def test_polars_needs_no_pyarrow() -> None:
    ran = subprocess.run([sys.executable, "-c", WITHOUT_PYARROW], capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, ran.stderr
    command = "pip install pyarrow"
    assert ran.stdout == f"a stream of Arrow data needs pyarrow or polars (extra 'arrow'); install it with: {command}\n"


@pytest.mark.parametrize("collection", [eaps.programs, eaps.municipalities[:1], eaps.evidence], ids=lambda it: it.table)
def test_pandas_and_numpy_refuse_a_collection_with_the_call_to_use(collection: Any) -> None:
    makers: list[Callable[[Any], object]] = [pd.DataFrame, pd.Series, np.asarray, np.array]
    for make in makers:
        with pytest.raises(TypeError, match=rf"for a data frame, call {collection.table}\.to_frame\('pandas'\)$"):
            make(collection)


def test_from_frames_reads_arrow_streams() -> None:
    frames = {name: ArrowStream(table) for name, table in eaps.load().to_frames("pyarrow").items()}
    assert eaps.Dataset.from_frames(frames) == eaps.load()


def test_from_frames_of_arrow_streams_without_pyarrow_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = {name: ArrowStream(table) for name, table in eaps.load().to_frames("pyarrow").items()}
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        MissingExtraError, match=r"needs pyarrow \(extra 'arrow'\); install it with: pip install pyarrow$"
    ):
        eaps.Dataset.from_frames(frames)


@pytest.mark.parametrize("backend", ["pandas", "polars"])
def test_from_frames_of_pandas_and_polars_needs_no_pyarrow(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = eaps.load().to_frames(backend)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert eaps.Dataset.from_frames(frames) == eaps.load()


def test_from_frames_accepts_other_types_with_equal_values() -> None:
    frames = eaps.load().to_frames("pandas")
    frames["programs"] = frames["programs"].astype(
        {
            "started_year": "float64",
            "status": object,
            "named_by_source": bool,
        }
    )
    frames["release"] = frames["release"].astype({"as_of": "datetime64[ns]"})
    frames["municipalities"] = (
        frames["municipalities"].astype(object).where(frames["municipalities"].notna(), float("nan"))
    )
    assert eaps.Dataset.from_frames(frames) == eaps.load()


def first_cell(table: str, column: str) -> str:
    """Return where the first cell of a column is, in the words of a problem."""
    return f"frame {table}:0:{column_of(table, column, has_lists=True)}: "


def changed(column: str, change: Callable[[Any], Any]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda frame: frame.assign(**{column: change(frame[column])})


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        (
            "municipalities",
            changed("ansi_code", lambda codes: codes.astype(int)),
            rf"{first_cell('municipalities', 'ansi_code')}.*ansi_code: expected a string, found 618335",
        ),
        (
            "municipalities",
            changed("ansi_code", lambda codes: codes.str.lstrip("0")),
            rf'{first_cell("municipalities", "ansi_code")}.*ansi_code: "618335" does not match',
        ),
        (
            "programs",
            changed("started_year", lambda years: years + 0.5),
            rf"{first_cell('programs', 'started_year')}.*started_year: expected a whole number",
        ),
        (
            "programs",
            changed("status", lambda _: "begun"),
            rf'{first_cell("programs", "status")}.*status: "begun" is not a valid term',
        ),
        (
            "programs",
            changed("needs", lambda _: "housing"),
            rf"{first_cell('programs', 'needs')}.*needs: expected an array",
        ),
        (
            "programs",
            lambda frame: frame.drop(columns="kind"),
            'frame programs: the column "kind" of programs is missing',
        ),
        (
            "programs",
            lambda frame: frame.rename(columns={"kind": "knid"}),
            r"frame programs: programs has no column \"knid\" \(did you mean 'kind'",
        ),
        (
            "release",
            changed("as_of", lambda days: days + pd.Timedelta(hours=1)),
            "frame release:0:2: release, as_of: expected a date",
        ),
    ],
    ids=["number", "zeros", "fraction", "term", "list", "missing column", "unknown column", "time of day"],
)
def test_from_frames_reports_table_row_and_column(
    table: str, change: Callable[[pd.DataFrame], pd.DataFrame], message: str
) -> None:
    frames = eaps.load().to_frames("pandas")
    frames[table] = change(frames[table])
    with pytest.raises(InvalidDataError, match=message):
        eaps.Dataset.from_frames(frames)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (5, "int"),
        (None, "NoneType"),
        ("programs", "str"),
        (eaps.programs.to_records(), "list"),
        (eaps.programs.to_frame("pandas").to_dict("list"), "dict"),
        (eaps.programs.to_frame("pandas")["id"], "Series"),
        (eaps.programs.to_frame("pandas").to_numpy(), "ndarray"),
        (eaps.programs.to_frame("polars").lazy(), r"LazyFrame; call its collect\(\)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_from_frames_refuses_what_is_not_a_frame(value: Any, found: str) -> None:
    frames = {**eaps.load().to_frames("pandas"), "programs": value}
    message = rf"frame programs: expected a data frame of pandas, polars or Arrow, found {found}$"
    with pytest.raises(InvalidDataError, match=message):
        eaps.Dataset.from_frames(frames)


def test_from_frames_refuses_an_unknown_table() -> None:
    frames = eaps.load().to_frames("pandas")
    frames["progams"] = frames["programs"]
    with pytest.raises(InvalidDataError, match=r'the frames: unknown table "progams" \(did you mean \'programs\''):
        eaps.Dataset.from_frames(frames)
    for wrong in (None, [frames["programs"]]):
        not_frames: Any = wrong
        with pytest.raises(TypeError, match=r"expected a mapping of table names to data frames, got (NoneType|list)"):
            eaps.Dataset.from_frames(not_frames)


ODD_CELLS: list[Any] = [
    time(1),
    pd.Timestamp("2020-01-01 05:00", tz="UTC"),
    pd.Timedelta(1, "h"),
    pd.Period("2020"),
    pd.Interval(0, 1),
    Decimal(2015),
    bytearray(b"x"),
    {"mental-health"},
    [["a"]],
    [{"a": 1}],
    [None],
    np.array([["a"]]),
    float("inf"),
    1j,
    2**80,
    object(),
]


@pytest.mark.parametrize("column", ["acronym", "started_year", "needs", "named_by_source", "status"])
@pytest.mark.parametrize("cell", ODD_CELLS, ids=lambda cell: f"{type(cell).__name__}")
def test_an_odd_cell_is_a_problem_with_table_row_and_column(column: str, cell: Any) -> None:
    frames = eaps.load().to_frames("pandas")
    cells = np.empty(len(eaps.programs), dtype=object)
    cells[:] = frames["programs"][column].astype(object).tolist()
    cells[1] = cell
    frames["programs"][column] = cells
    with pytest.raises(InvalidDataError) as caught:
        eaps.Dataset.from_frames(frames)
    place = f"frame programs:1:{column_of('programs', column, has_lists=True)}: "
    assert any(str(problem).startswith(place) and column in str(problem) for problem in caught.value.problems)


def test_from_frames_reports_a_missing_table() -> None:
    frames = eaps.load().to_frames("polars")
    del frames["evidence"]
    with pytest.raises(InvalidDataError, match="the frames: the table evidence is missing"):
        eaps.Dataset.from_frames(frames)


@pytest.mark.parametrize("value", [b"RPD", Decimal("1.5"), time(12, 30), date(2026, 11, 23), {"a": 1}, [["a"]]])
@pytest.mark.parametrize("backend", BACKENDS)
def test_from_frames_refuses_a_value_that_json_cannot_represent(backend: Backend, value: Any) -> None:
    frames = eaps.load().to_frames(backend)
    count = len(frames["partners"])
    subject = f"frame partners:{count - 1}:3: partners/{eaps.partners[-1].id}, acronym"
    match backend:
        case "pandas":
            frames["partners"]["acronym"] = pd.Series([None] * (count - 1) + [value], dtype=object)
            location = f"{subject}: the cell holds a value of the type "
        case "polars":
            column = pl.Series("acronym", [None] * (count - 1) + [value])
            frames["partners"] = frames["partners"].with_columns(column)
            location = f"{subject}: the cell holds a value of the type "
        case _:
            frames["partners"] = frames["partners"].set_column(2, "acronym", [[None] * (count - 1) + [value]])
            location = 'frame partners: the column "acronym" has the type '
    with pytest.raises(InvalidDataError) as caught:
        eaps.Dataset.from_frames(frames)
    (problem,) = caught.value.problems
    assert str(problem).startswith(location)
    assert problem.message.endswith(", which JSON cannot represent")


@pytest.mark.parametrize(("column", "cell"), [("summary", "x\ud800y"), ("goals", ["To end.", "\udfff"])])
def test_half_a_surrogate_pair_in_a_frame_is_a_problem_with_its_place(column: str, cell: Any) -> None:
    frames = eaps.load().to_frames("pandas")
    frames["programs"].at[1, column] = cell  # noqa: PD008 - `loc` takes a list for several rows
    with pytest.raises(InvalidDataError) as caught:
        eaps.Dataset.from_frames(frames)
    place = f"frame programs:1:{column_of('programs', column, has_lists=True)}"
    subject = f"programs/{eaps.programs[1].id}, {column}"
    message = "the cell holds half of a surrogate pair, which is not a character"
    assert [*map(str, caught.value.problems)] == [f"{place}: {subject}: {message}"]


@pytest.mark.parametrize("backend", ["polars", "pyarrow"])
def test_from_frames_refuses_a_year_below_1000(backend: Backend) -> None:
    frames = eaps.load().to_frames(backend)
    dates = [date(999, 1, 1)]
    if backend == "polars":
        frames["release"] = frames["release"].with_columns(pl.Series("as_of", dates))
    else:
        frames["release"] = frames["release"].set_column(1, "as_of", [dates])
    with pytest.raises(InvalidDataError, match=r'frame release:0:2: release, as_of: .*"0999-01-01"'):
        eaps.Dataset.from_frames(frames)


def test_from_frames_takes_terms_of_the_vocabularies() -> None:
    frames = eaps.load().to_frames("pandas")
    frames["programs"]["status"] = [program.status for program in eaps.programs]
    frames["programs"]["needs"] = [[*program.needs] for program in eaps.programs]
    assert eaps.Dataset.from_frames(frames) == eaps.load()
