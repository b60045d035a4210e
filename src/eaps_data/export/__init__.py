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

from typing import Final

from eaps_data.export.registry import FORMATS, FormatName
from eaps_data.export.write import write
from eaps_data.formats.registry import Format
from eaps_data.models.option_names import LosslessName
from eaps_data.tables.dataset import Dataset

__all__ = ["FORMATS", "Format", "FormatName", "LosslessName", "read", "write"]


def __dir__() -> list[str]:
    return __all__


read: Final = Dataset.from_path
