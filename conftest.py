"""Run the Python examples on the project's pages and in its docstrings, and compare their output."""

import tempfile
from collections.abc import Generator
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from importlib.util import find_spec
from typing import Any

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

from support import examples_output, sample

FRAME_LIBRARIES = ("pandas", "polars", "pyarrow")
NEEDS = {
    "src/eaps_data/cli/completion.py": "argcomplete",
    "src/eaps_data/formats/arrow.py": "pyarrow",
    "src/eaps_data/frames/geopandas.py": "geopandas",
    "src/eaps_data/frames/pandas.py": "pandas",
    "src/eaps_data/frames/polars.py": "polars",
    "tests/support/corruption.py": "pyarrow",
    **{
        f"src/eaps_data/plot/{name}.py": "altair"
        for name in ("__init__", "chart", "municipality_map", "program_network", "term_matrix")
    },
}
"""The modules whose examples need an optional library, or that import it when pytest looks for their examples."""

collect_ignore = [module for module, library in NEEDS.items() if not find_spec(library)]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that updates everything whose content follows the code or the data."""
    parser.addoption("--update-golden", action="store_true", help="update the golden files instead of comparing")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the update of the examples."""
    if config.getoption("--update-golden"):
        examples_output.configure(config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Collect the output of the examples to update."""
    if not item.config.getoption("--update-golden"):
        return (yield)
    with examples_output.collected(item):
        return (yield)


def pytest_sessionfinish() -> None:
    """Update the examples; a worker of pytest-xdist updates the files that it ran."""
    examples_output.write()


@pytest.fixture(scope="session", autouse=True)
def temporary_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let pytest clean up what the examples write to temporary folders."""
    tempfile.tempdir = str(tmp_path_factory.mktemp("temporary"))


@pytest.hookimpl(tryfirst=True)
def pytest_collectstart(collector: pytest.Collector) -> None:
    """Let tests of code be imported with a frozen release as the packaged data."""
    sample.switch(collector.path)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let tests of code run with a frozen release as the packaged data."""
    sample.switch(item.path)


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
    fixtures=["temporary_files"],
).pytest()
