"""Run the Python examples on the project's pages and in its docstrings, and compare their output."""

from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from importlib.util import find_spec
from typing import Any

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

FRAME_LIBRARIES = ("pandas", "polars", "pyarrow")
NEEDS = {"formats/arrow.py": "pyarrow", "frames/pandas.py": "pandas", "frames/polars.py": "polars"}
"""The modules that import an optional library when they are imported, as pytest does to find their examples."""

collect_ignore = [f"src/eaps_data/{module}" for module, library in NEEDS.items() if not find_spec(library)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the docstrings that make data frames if there is no library for them."""
    if any(map(find_spec, FRAME_LIBRARIES)):
        return
    for item in items:
        if isinstance(item, pytest.DoctestItem) and any("to_frame" in each.source for each in item.dtest.examples):
            item.add_marker(pytest.mark.skip(reason="no library for data frames is installed"))


def _setup(namespace: dict[str, Any]) -> None:
    """Let a page skip its examples if a library is missing: `<!-- skip: start if(missing("pandas")) -->`."""
    namespace["missing"] = lambda name: find_spec(name) is None


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=ELLIPSIS | NORMALIZE_WHITESPACE), SkipParser()],
    patterns=["*.md"],
    excludes=["tests/**"],
    setup=_setup,
).pytest()
