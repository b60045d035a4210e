"""A folder of JSON Lines files, one a table: each line is a record, as the table's schema has it."""

import json
from pathlib import Path

from eaps_data.errors import InvalidDataError, Problem
from eaps_data.export.assembling import Gathered, assemble, missing_tables
from eaps_data.formats import columns as tidy, strict_json
from eaps_data.tables.dataset import Dataset


def file_names() -> frozenset[str]:
    """The files of such a folder."""
    return frozenset(f"{table.name}.jsonl" for table in tidy.tables())


def write(dataset: Dataset, folder: Path) -> None:
    """Write the files."""
    for table in tidy.tables():
        with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8", newline="") as stream:
            for record in tidy.records_of(dataset.document, table.name):
                stream.write(json.dumps(record.model_dump(mode="json"), ensure_ascii=False) + "\n")


def read(folder: Path) -> Dataset:
    """Read the files of such a folder."""
    gathered: dict[str, Gathered] = {}
    problems: list[Problem] = []
    for table in tidy.tables():
        path = folder / f"{table.name}.jsonl"
        if path.exists():
            gathered[table.name], found = _read(path)
            problems += found
    problems += missing_tables(gathered, [table.name for table in tidy.tables()], str(folder))
    return assemble(gathered, problems)


def _read(path: Path) -> tuple[Gathered, list[Problem]]:
    gathered, problems = Gathered(str(path)), list[Problem]()
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            value, _ = strict_json.parse(line)
        except InvalidDataError as error:
            problems += (problem.on_line(number).at(str(path)) for problem in error.problems)
            continue
        gathered.records.append(value)
        gathered.numbers.append(number)
    return gathered, problems
