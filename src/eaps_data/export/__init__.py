"""The dataset in the forms that others use, and back.

>>> import tempfile
>>> from pathlib import Path
>>> import eaps_data as eaps
>>> with tempfile.TemporaryDirectory() as folder:
...     path = Path(folder, "eaps.json")
...     eaps.export.write("json", path)
...     eaps.Dataset.from_path(path) == eaps.load()
True
"""

from eaps_data.export.formats import FORMATS, Format
from eaps_data.export.read import read
from eaps_data.export.write import write

__all__ = ["FORMATS", "Format", "read", "write"]
