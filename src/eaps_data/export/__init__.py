"""Export the dataset to the formats that others use, and read the lossless ones back.

>>> import tempfile
>>> from pathlib import Path
>>> import eaps_data as eaps
>>> with tempfile.TemporaryDirectory() as folder:
...     path = Path(folder, "eaps.json")
...     eaps.export.write("json", path)
...     eaps.export.read(path) == eaps.load()
True
"""

from eaps_data.export.registry import FORMATS
from eaps_data.export.write import write
from eaps_data.formats.registry import Format
from eaps_data.tables.dataset import Dataset

__all__ = ["FORMATS", "Format", "read", "write"]

read = Dataset.from_path
