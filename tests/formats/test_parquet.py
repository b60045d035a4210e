"""Parquet files keep types; what JSON cannot represent, and what is damaged, is refused with its location."""

import io
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow")

import pyarrow as pa
from pyarrow import parquet

import eaps_data as eaps
from eaps_data.errors import InvalidDataError
from eaps_data.formats.columns import table as table_named
from eaps_data.validation import validate_file
from support.damage import assert_refused_or_valid, damaged


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    eaps.export.write("parquet", tmp_path / "out")
    return tmp_path / "out"


def edit(file: Path, change: Callable[[Any], Any]) -> None:
    parquet.write_table(change(parquet.ParquetFile(file).read()), file)


def set_column(name: str, values: Any) -> Callable[[Any], Any]:
    """Set a column, or repeat one value in it."""

    def change(table: Any) -> Any:
        array = values if isinstance(values, pa.Array) else pa.array([values] * table.num_rows)
        return table.set_column(table.column_names.index(name), name, array)

    return change


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(InvalidDataError) as caught:
        eaps.Dataset.from_path(folder)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (b"RPD", "binary"),
        (Decimal("1.50"), r"decimal128(3, 2)"),
        (time(12, 30), "time64[us]"),
        (timedelta(days=1), "duration[us]"),
        (date(2026, 11, 23), "date32[day]"),
        (datetime(2026, 11, 23, tzinfo=UTC), "timestamp[us, tz=UTC]"),
        ({"a": 1}, "struct<a: int64>"),
        ([["a"]], "list<element: list<element: string>>"),
        ([{"a": 1}], "list<element: struct<a: int64>>"),
    ],
)
def test_a_column_of_a_type_that_json_lacks_is_refused(value: Any, type_: str, folder: Path) -> None:
    file = folder / "partners.parquet"
    edit(file, set_column("acronym", value))
    message = f'{file}: the column "acronym" has the type {type_}, which JSON cannot represent'
    assert problems_of(folder) == [message]
    assert [str(problem) for problem in validate_file(file)] == [message]


@pytest.mark.parametrize(
    ("table", "column", "value", "messages"),
    [
        ("release", "as_of", date(999, 1, 1), [":1:2: release, as_of: "]),
        ("release", "as_of", pa.array([10**7], pa.int32()).cast(pa.date32()), [":1:2: release, as_of: "]),
        ("release", "as_of", datetime(2026, 11, 23, 1, tzinfo=UTC), [":1:2: release, as_of: "]),
        ("release", "data_version", 1.5, [":1:1: release, data_version: expected a string, found 1.5"]),
        ("grant_program", "means", "one", [":1:"]),
        ("grant_program", "name", pa.array([None], pa.null()), [":1:2: grant_program/eaps, name: "]),
    ],
)
def test_a_value_that_its_field_refuses_has_its_row_and_column(
    table: str, column: str, value: Any, messages: list[str], folder: Path
) -> None:
    file = folder / f"{table}.parquet"
    edit(file, set_column(column, value))
    found = problems_of(folder)
    assert len(found) == len(messages), found
    for message, expected in zip(found, messages, strict=True):
        assert message.startswith(f"{file}{expected}")


@pytest.mark.parametrize(
    ("table", "column", "type_"),
    [
        ("release", "as_of", pa.timestamp("ns")),
        ("release", "as_of", pa.date64()),
        ("programs", "started_year", pa.float64()),
        ("programs", "started_year", pa.uint16()),
        ("programs", "status", pa.large_string()),
        ("programs", "needs", pa.large_list(pa.string())),
        ("evidence", "quote", pa.dictionary(pa.int32(), pa.string())),
    ],
)
def test_a_value_of_another_type_but_the_same_meaning_is_read(
    table: str, column: str, type_: Any, folder: Path
) -> None:
    def cast(held: Any) -> Any:
        values = held.column(column).combine_chunks()
        if pa.types.is_dictionary(values.type) or pa.types.is_list(values.type):
            values = pa.array(values.to_pylist(), pa.list_(pa.string()) if column == "needs" else pa.string())
        return set_column(column, values.cast(type_) if column != "quote" else values.dictionary_encode())(held)

    edit(folder / f"{table}.parquet", cast)
    assert eaps.Dataset.from_path(folder) == eaps.load()


def test_missing_and_unknown_columns_are_reported(folder: Path) -> None:
    edit(
        folder / "programs.parquet",
        lambda held: held.rename_columns([name.replace("kind", "knid") for name in held.column_names]),
    )
    assert problems_of(folder) == [
        f"{folder / 'programs.parquet'}: programs has no column \"knid\" (did you mean 'kind' or 'id'?)",
        f'{folder / "programs.parquet"}: the column "kind" of programs is missing',
    ]


def test_a_file_that_is_not_parquet_is_one_problem(folder: Path) -> None:
    file = folder / "programs.parquet"
    whole = file.read_bytes()
    for content in (b"", b"not Parquet at all", whole[:-8], whole[4:]):
        file.write_bytes(content)
        (message,) = problems_of(folder)
        assert message.startswith(f"{file}: this is not Parquet, or the file is incomplete: ")
        assert [problem.rule for problem in validate_file(file, "programs")] == ["damaged-file"]
        assert [problem.rule for problem in validate_file(file)] == ["damaged-file"]


@pytest.mark.parametrize("compression", [True, False])
@pytest.mark.parametrize("count", [50, pytest.param(500, marks=pytest.mark.slow)])
def test_a_damaged_file_is_refused_or_valid(compression: bool, count: int, folder: Path) -> None:
    file = folder / "programs.parquet"
    parquet.write_table(parquet.ParquetFile(file).read(), file, compression="zstd" if compression else "none")
    assert_refused_or_valid(file, damaged(file.read_bytes(), count), folder)


def test_a_wrong_type_of_a_required_column_is_one_problem(folder: Path) -> None:
    file = folder / "programs.parquet"
    edit(file, set_column("name", b"x"))
    assert problems_of(folder) == [f'{file}: the column "name" has the type binary, which JSON cannot represent']


@pytest.mark.parametrize("value", ["x", "x" * 10_000])
def test_a_small_file_of_many_values_is_refused_before_it_fills_the_memory(value: str, folder: Path) -> None:
    file = folder / "partners.parquet"
    count = 2_000_000 if len(value) == 1 else 20_000
    column = pa.DictionaryArray.from_arrays(pa.array(bytes(count), pa.uint8()).cast(pa.int8()), pa.array([value]))
    parquet.write_table(
        pa.table({each.name: column for each in table_named("partners").columns}), file, compression="zstd"
    )
    tracemalloc.start()
    before = pa.total_allocated_bytes()
    message = f"{file}: its values take more than a hundred times its size; split the file"
    assert [str(problem) for problem in validate_file(file)] == [message]
    expanded = max(len(value), 8) * count * len(table_named("partners").columns)
    assert tracemalloc.get_traced_memory()[1] < expanded / 10
    assert pa.total_allocated_bytes() - before < expanded / 10
    tracemalloc.stop()


def test_a_damaged_page_is_found_by_its_checksum(folder: Path) -> None:
    file = folder / "sources.parquet"
    parquet.write_table(parquet.ParquetFile(file).read(), file, compression="none", write_page_checksum=True)
    assert eaps.Dataset.from_path(folder) == eaps.load()
    whole = file.read_bytes()
    title = eaps.sources[0].title.encode()
    file.write_bytes(whole.replace(title, title.swapcase(), 1))
    (message,) = problems_of(folder)
    assert message.startswith(f"{file}: this is not Parquet, or the file is incomplete: ")
    assert "checksum" in message.lower()


def test_the_export_has_checksums_of_its_pages(folder: Path) -> None:
    # Without them, a byte of a page that is not compressed could change unnoticed.
    for file in folder.iterdir():
        held = parquet.ParquetFile(file, page_checksum_verification=True).read()
        plain = io.BytesIO()
        parquet.write_table(held, plain, compression="zstd")
        assert file.stat().st_size > len(plain.getvalue())
