"""Data frames have the types that were promised, lose nothing, and what has lost something on its way is told where."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pandas")
pytest.importorskip("polars")
pytest.importorskip("pyarrow")

import pandas as pd
import polars as pl
import pyarrow as pa
from hypothesis import given, settings

import eaps_data as eaps
from eaps_data.errors import InvalidDataError, MissingExtraError, UnknownTermError
from eaps_data.formats import columns as tidy
from eaps_data.models.records import RECORDS, DatasetDocument
from support.strategies import documents

BACKENDS = ("pandas", "polars", "pyarrow")
KINDS = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.Table}


def plain(cell: Any) -> Any:
    """A cell of pandas as the others have it."""
    if not isinstance(cell, list) and pd.isna(cell):
        return None
    return cell.date() if isinstance(cell, pd.Timestamp) else cell


@pytest.mark.parametrize("backend", BACKENDS)
@settings(max_examples=25)
@given(document=documents())
def test_a_dataset_comes_back_from_its_frames(backend: str, document: DatasetDocument) -> None:
    dataset = eaps.Dataset(document)
    assert eaps.Dataset.from_frames(dataset.to_frames(backend)).document == document


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("table", RECORDS)
def test_a_frame_has_the_columns_of_the_tidy_form(backend: Any, table: str) -> None:
    frame: Any = getattr(eaps.load(), table).to_frame(backend)
    kind: Any = KINDS[backend]
    assert isinstance(frame, kind)
    names = frame.column_names if backend == "pyarrow" else list(frame.columns)
    assert names == [column.name for column in tidy.table(table).columns]
    assert len(frame) == len(getattr(eaps.load(), table))


@pytest.mark.parametrize("table", RECORDS)
def test_all_backends_say_the_same(table: str) -> None:
    collection = getattr(eaps.load(), table)
    by_arrow = collection.to_frame("pyarrow").to_pylist()
    by_polars = collection.to_frame("polars").to_dicts()
    by_pandas = collection.to_frame("pandas").astype(object).to_dict("records")
    assert by_arrow == by_polars
    for one, other in zip(by_pandas, by_arrow, strict=True):
        assert {name: plain(cell) for name, cell in one.items()} == other


def test_codes_are_text_numbers_may_be_missing_and_terms_are_categories() -> None:
    frame = eaps.municipalities.to_frame("pandas")
    assert frame["ansi_code"].dtype == pd.StringDtype("python")
    assert frame.loc[frame["id"] == "winthrop", "ansi_code"].item() == "00618335"
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
def test_an_empty_collection_has_the_same_columns_and_types(backend: Any) -> None:
    nothing, everything = eaps.programs[:0].to_frame(backend), eaps.programs.to_frame(backend)
    assert len(nothing) == 0
    if backend == "pandas":
        assert list(nothing.dtypes) == list(everything.dtypes)
    else:
        assert nothing.schema == everything.schema


@pytest.mark.parametrize("backend", BACKENDS)
def test_each_item_of_an_exploded_list_has_a_row(backend: Any) -> None:
    frame = eaps.programs.to_frame(backend, explode="needs")
    needs = frame["needs"].to_pylist() if backend == "pyarrow" else list(frame["needs"])
    wanted = [need for program in eaps.programs for need in program.needs or (None,)]
    assert list(map(plain, needs)) == wanted
    both = eaps.programs.to_frame(backend, explode=("needs", "services"))
    assert len(both) == sum(max(1, len(row.needs)) * max(1, len(row.services)) for row in eaps.programs)


def test_only_a_list_can_be_exploded() -> None:
    with pytest.raises(UnknownTermError, match=r"unknown explode value 'need' \(did you mean 'needs'"):
        eaps.programs.to_frame("pandas", explode="need")


def test_a_backend_that_there_is_not_is_an_error() -> None:
    with pytest.raises(UnknownTermError, match=r"unknown backend value 'panda' \(did you mean 'pandas'"):
        eaps.programs.to_frame("panda")


@pytest.mark.parametrize(("backend", "extra"), [("pandas", "pandas"), ("polars", "polars"), ("pyarrow", "arrow")])
def test_a_library_that_is_missing_is_told_with_its_extra(
    backend: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, backend, None)
    monkeypatch.delitem(sys.modules, f"eaps_data.frames.{backend}", raising=False)
    with pytest.raises(MissingExtraError, match=rf"eaps-data\[{extra}\]"):
        eaps.programs.to_frame(backend)


def test_without_a_choice_the_first_that_is_installed_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(eaps.programs.to_frame(), pd.DataFrame)
    monkeypatch.setattr("eaps_data.frames.find_spec", lambda name: name == "polars" or None)
    assert isinstance(eaps.programs.to_frame(), pl.DataFrame)
    monkeypatch.setattr("eaps_data.frames.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match="pandas, polars or pyarrow"):
        eaps.programs.to_frame()


def test_whatever_speaks_arrow_reads_a_collection() -> None:
    assert pa.table(eaps.programs).equals(eaps.programs.to_frame("pyarrow"))
    assert pl.DataFrame(eaps.partners)["id"].to_list() == list(eaps.partners.ids)


def test_frames_of_arrow_itself_come_back() -> None:
    class Stream:
        def __init__(self, table: Any) -> None:
            self._table = table

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return self._table.__arrow_c_stream__(requested_schema)

    frames = {name: Stream(table) for name, table in eaps.load().to_frames("pyarrow").items()}
    assert eaps.Dataset.from_frames(frames) == eaps.load()


def test_what_has_only_changed_its_form_is_taken_as_it_was() -> None:
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


def changed(column: str, change: Callable[[Any], Any]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda frame: frame.assign(**{column: change(frame[column])})


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        (
            "municipalities",
            changed("ansi_code", lambda codes: codes.astype(int)),
            r"frame municipalities:0: municipalities\[0\], ansi_code: expected text, found 618335; a code is text",
        ),
        (
            "municipalities",
            changed("ansi_code", lambda codes: codes.str.lstrip("0")),
            r'frame municipalities:0: municipalities/winthrop, ansi_code: "618335" does not match',
        ),
        (
            "programs",
            changed("started_year", lambda years: years + 0.5),
            "frame programs:0: .*started_year: expected a whole",
        ),
        ("programs", changed("status", lambda _: "begun"), 'frame programs:0: .*status: "begun" is none of its terms'),
        ("programs", changed("needs", lambda _: "housing"), "frame programs:0: .*needs: expected an array"),
        (
            "programs",
            lambda frame: frame.drop(columns="kind"),
            'frame programs: the column "kind" of programs is missing',
        ),
        (
            "programs",
            lambda frame: frame.rename(columns={"kind": "knid"}),
            "there is no column \"knid\".*did you mean 'kind'",
        ),
        (
            "release",
            changed("as_of", lambda days: days + pd.Timedelta(hours=1)),
            "frame release:0: release, as_of: expected a date",
        ),
    ],
)
def test_what_was_lost_is_told_with_table_row_and_column(
    table: str, change: Callable[[pd.DataFrame], pd.DataFrame], message: str
) -> None:
    frames = eaps.load().to_frames("pandas")
    frames[table] = change(frames[table])
    with pytest.raises(InvalidDataError, match=message):
        eaps.Dataset.from_frames(frames)


def test_a_table_that_is_missing_is_told() -> None:
    frames = eaps.load().to_frames("polars")
    del frames["evidence"]
    with pytest.raises(InvalidDataError, match="the frames: the table evidence is missing"):
        eaps.Dataset.from_frames(frames)


def test_a_parquet_file_that_is_broken_is_named(tmp_path: Path) -> None:
    eaps.export.write("parquet", tmp_path / "out")
    file = tmp_path / "out" / "programs.parquet"
    file.write_bytes(file.read_bytes()[:-8])
    with pytest.raises(InvalidDataError, match=r"programs\.parquet: this is not Parquet, or not the whole of it"):
        eaps.Dataset.from_path(tmp_path / "out")


def test_without_pyarrow_parquet_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"eaps-data\[arrow\]"):
        eaps.export.write("parquet", tmp_path / "out")
