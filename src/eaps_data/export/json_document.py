"""The dataset document: one JSON file, in canonical form."""

from pathlib import Path

from eaps_data.tables.dataset import Dataset


def write(dataset: Dataset, file: Path) -> None:
    """Write the document."""
    file.write_text(dataset.to_json(), encoding="utf-8", newline="")


def read(file: Path) -> Dataset:
    """Read a document."""
    return Dataset.from_file(file)
