"""Data frames hold terms and lists as requested, so that files, databases, joins and charts take them as they are."""

import io
import pickle
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pandas")
pytest.importorskip("polars")
pytest.importorskip("pyarrow")

import pandas as pd
import polars as pl
import pyarrow as pa

import eaps_data as eaps
from eaps_data.errors import UnknownTermError
from eaps_data.formats.columns import table
from eaps_data.frames import JOINT
from eaps_data.models.option_names import Backend
from eaps_data.models.records import RECORDS

BACKENDS = ("pandas", "polars", "pyarrow")
PANDAS_TEXT = pd.StringDtype("python")
LISTS = [column.name for column in table("programs").columns if column.is_list]


def cells(frame: Any, name: str) -> list[Any]:
    """Return the cells of a column in plain Python."""
    held = frame[name].to_pylist() if isinstance(frame, pa.Table) else frame[name].to_list()
    return [None if not isinstance(cell, list) and pd.isna(cell) else cell for cell in held]


def flat(backend: Backend) -> Any:
    return eaps.programs.to_frame(backend, terms="text", lists="joined")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", RECORDS)
def test_text_and_joined_leave_no_categories_and_no_lists(backend: Backend, name: str) -> None:
    frame = getattr(eaps, name).to_frame(backend, terms="text", lists="joined")
    plain = getattr(eaps, name).to_frame(backend)
    types = {
        "pandas": lambda: {str(dtype) for dtype in frame.dtypes},
        "polars": lambda: {str(dtype) for dtype in frame.dtypes},
        "pyarrow": lambda: {str(field.type) for field in frame.schema},
    }[backend]()
    assert not [
        type_ for type_ in types if type_.lower().startswith(("category", "enum", "dictionary", "list", "object"))
    ]
    for column in table(name).columns:
        expected = cells(plain, column.name)
        if column.is_list:
            expected = [JOINT.join(items) or None for items in expected]
        assert cells(frame, column.name) == expected


def test_joined_lists_can_be_split_again() -> None:
    for program, joined in zip(eaps.programs, cells(flat("pandas"), "goals"), strict=True):
        assert (joined.split(JOINT) if joined else []) == [*program.goals]


@pytest.mark.parametrize("backend", BACKENDS)
def test_terms_and_lists_are_chosen_separately(backend: Backend) -> None:
    text: Any = eaps.programs.to_frame(backend, terms="text")
    assert cells(text, "needs") == [[*map(str, program.needs)] for program in eaps.programs]
    joined: Any = eaps.programs.to_frame(backend, lists="joined", explode="needs")
    assert cells(joined, "needs") == [need for program in eaps.programs for need in program.needs or (None,)]
    assert JOINT.join(eaps.programs[0].services) in cells(joined, "services")
    if backend == "polars":
        assert text.schema["needs"] == pl.List(pl.String)
        assert isinstance(joined.schema["status"], pl.Enum)
        assert joined.schema["services"] == pl.String
    if backend == "pandas":
        assert text["status"].dtype == PANDAS_TEXT
        assert isinstance(joined["needs"].dtype, pd.CategoricalDtype)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("names", [("needs", "services"), ("services", "needs"), tuple(LISTS)])
def test_rows_of_several_exploded_lists_add_up(backend: Backend, names: tuple[str, ...]) -> None:
    frame = eaps.programs.to_frame(backend, explode=names)
    held = {name: cells(frame, name) for name in ("id", *names)}
    assert len(frame) == sum(max(1, sum(len(getattr(row, name)) for name in names)) for row in eaps.programs)
    for name in names:
        pairs = [(id_, item) for id_, item in zip(held["id"], held[name], strict=True) if item is not None]
        assert pairs == [(row.id, item) for row in eaps.programs for item in getattr(row, name)]
    for items in zip(*(held[name] for name in names), strict=True):
        assert sum(item is not None for item in items) <= 1


@pytest.mark.parametrize("backend", BACKENDS)
def test_explode_of_all_lists_is_a_layout(backend: Backend) -> None:
    every = eaps.programs.to_frame(backend, lists="explode")
    named = eaps.programs.to_frame(backend, explode=LISTS)
    assert {name: cells(every, name) for name in LISTS} == {name: cells(named, name) for name in LISTS}
    assert len(eaps.partnerships.to_frame(backend, lists="explode")) == len(eaps.partnerships)
    assert len(eaps.programs[:0].to_frame(backend, lists="explode")) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"terms": "txt"}, r"unknown terms value 'txt' \(did you mean 'text'\?\); expected one of: categorical, text"),
        (
            {"lists": "join"},
            r"unknown lists value 'join' \(did you mean 'joined'\?\); expected one of: list, joi",
        ),
        ({"lists": None}, r"unknown lists value None.*; expected one of: list, joined, explode"),
        ({"explode": ("needs", "need")}, r"unknown explode value 'need' \(did you mean 'needs'\?\)"),
        ({"explode": "status"}, r"unknown explode value 'status'.*expected one of: aliases, expands, goals"),
    ],
)
def test_an_unknown_layout_is_an_error_that_lists_the_choices(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UnknownTermError, match=message):
        eaps.programs.to_frame("pandas", **arguments)


def test_flat_frames_of_pandas_just_work(tmp_path: Path) -> None:
    frame = flat("pandas")
    assert len(pd.concat([frame, frame]).drop_duplicates()) == len(frame)
    filled = frame.fillna({"status": "not stated", "needs": "not stated"})
    assert filled.loc[frame["status"].isna(), "status"].unique().tolist() in ([], ["not stated"])
    assert not filled["needs"].isna().any()
    labels = pd.DataFrame({"kind": ["unit", "team"], "label": ["Unit", "Team"]})
    assert (
        frame.merge(labels, on="kind", how="left")["label"].notna().sum() == frame["kind"].isin(["unit", "team"]).sum()
    )
    with closing(sqlite3.connect(tmp_path / "flat.sqlite")) as database:
        frame.to_sql("programs", database, index=False)
        (names,) = zip(*database.execute("SELECT name FROM programs"), strict=True)
        assert names == tuple(program.name for program in eaps.programs)
    text = io.StringIO(frame.to_csv(index=False))
    again = pd.read_csv(text, dtype={name: str for name in frame.columns if frame[name].dtype == PANDAS_TEXT})
    assert cells(again, "needs") == cells(frame, "needs")
    frame.to_excel(tmp_path / "flat.xlsx")
    frame.to_parquet(tmp_path / "flat.parquet")
    assert frame.groupby("status", observed=True)["id"].count().sum() == frame["status"].notna().sum()


def test_flat_frames_of_polars_just_work() -> None:
    frame = flat("polars")
    assert pl.concat([frame, frame]).unique().height == frame.height
    assert frame.with_columns(pl.col("status").fill_null("not stated"))["status"].null_count() == 0
    labels = pl.DataFrame({"kind": ["unit", "team"], "label": ["Unit", "Team"]})
    assert frame.join(labels, on="kind", how="inner").height > 0
    assert pl.read_csv(io.BytesIO(frame.write_csv().encode()), infer_schema=False)["needs"].to_list() == cells(
        frame, "needs"
    )


def test_all_tables_can_be_written_to_a_database(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "flat.sqlite")) as database:
        for name, frame in eaps.load().to_frames("pandas", terms="text", lists="joined").items():
            frame.to_sql(name, database, index=False)
            (count,) = database.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608 - a name of ours
            assert count == len(frame)


def test_frames_of_pandas_name_their_table_version_licence_and_citation(tmp_path: Path) -> None:
    frame = eaps.programs.where(municipality="revere").to_frame("pandas")
    assert frame.attrs == {
        "table": "programs",
        "data_version": eaps.release.data_version,
        "licence": "CC-BY-4.0",
        "citation": f"The eaps-data authors (2026). eaps-data, version {eaps.release.data_version} [Data set].",
    }
    assert str(eaps.cite()).startswith(frame.attrs["citation"])
    assert frame[frame["status"].notna()].attrs == frame.attrs
    assert pickle.loads(pickle.dumps(frame)).attrs == frame.attrs  # noqa: S301 - our own bytes
    flat("pandas").to_parquet(tmp_path / "frame.parquet")
    assert pd.read_parquet(tmp_path / "frame.parquet").attrs == frame.attrs
    for name, each in eaps.load().to_frames("pandas").items():
        assert each.attrs["table"] == name


def test_frames_of_other_data_have_no_licence() -> None:
    document = eaps.load().document
    release = document.release.model_copy(update={"data_version": "9.0.0"})
    other = eaps.Dataset(document.model_copy(update={"release": release}))
    assert other.programs.to_frame("pandas").attrs == {"table": "programs", "data_version": "9.0.0"}
    assert eaps.Dataset.from_json(eaps.load().to_json()).programs.to_frame("pandas").attrs["licence"] == "CC-BY-4.0"


@pytest.mark.slow
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", RECORDS)
def test_altair_draws_frames(backend: Backend, name: str) -> None:
    alt = pytest.importorskip("altair")
    collection = getattr(eaps, name)
    chart = alt.Chart(collection.to_frame(backend)).mark_bar().encode(x=collection.columns[0], y="count()").to_dict()
    (rows,) = chart["datasets"].values()
    assert len(rows) == len(collection)
