"""The package works in Pyodide, Python in the browser, with the pydantic that is published for it."""

import doctest
import json
import shutil
from pathlib import Path

import pytest

import eaps_data as eaps
from support.javascript import PACKAGES, node, project

pytestmark = [pytest.mark.node, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
WHEELS = ROOT / "tests" / "node" / "wheels"

# The examples of the page and of every module, unless an error says that they need another library.
EXAMPLES = """
import doctest, json, pkgutil, sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import eaps_data as eaps

attempted, failed, missing = {}, [], []


class Runner(doctest.DocTestRunner):
    def report_unexpected_exception(self, out, test, example, exc_info):
        if isinstance(exc_info[1], eaps.MissingExtraError):
            missing.append(test.name)
        super().report_unexpected_exception(out, test, example, exc_info)


tests = [doctest.DocTestParser().get_doctest(Path("pyodide.md").read_text(encoding="utf-8"), {}, "page", None, 0)]
for module in pkgutil.walk_packages(eaps.__path__, "eaps_data."):
    if module.name != "eaps_data.__main__":
        try:
            tests += doctest.DocTestFinder().find(import_module(module.name))
        except ModuleNotFoundError:  # a library
            missing.append(module.name)
for test in tests:
    result = Runner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(test)
    attempted[test.name] = result.attempted
    if result.failed and test.name not in missing:
        failed.append(test.name)
found = {"platform": sys.platform, "version": version("eaps-data"), "attempted": attempted}
Path("result.json").write_text(json.dumps({**found, "failed": failed, "missing": missing}), encoding="utf-8")
"""


def test_examples_run_in_pyodide(wheel: Path, tmp_path: Path) -> None:
    if not any(WHEELS.glob("*.whl")):
        pytest.skip("there is no pydantic for Pyodide in tests/node/wheels; .ci/run downloads it")
    project(tmp_path, "pyodide")
    for file in (*WHEELS.glob("*.whl"), wheel):
        shutil.copy(file, tmp_path)
    for file in (ROOT / "docs" / "pyodide.md", PACKAGES.parent / "pyodide.mjs"):
        shutil.copy(file, tmp_path)
    (tmp_path / "examples.py").write_text(EXAMPLES, encoding="utf-8")
    ran = node(tmp_path, "pyodide.mjs", ".", "examples.py")
    assert ran.returncode == 0, ran.stderr[-2000:]
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert result["failed"] == [], ran.stdout
    assert (result["platform"], result["version"]) == ("emscripten", eaps.__version__)
    page = (ROOT / "docs" / "pyodide.md").read_text(encoding="utf-8")
    assert result["attempted"]["page"] == len(doctest.DocTestParser().get_examples(page)) > 0
    assert sum(result["attempted"].values()) > 100
    assert {name for name in result["missing"] if not name.startswith("eaps_data.plot")} <= {
        "eaps_data.cli.completion",
        "eaps_data.formats.arrow",
        "eaps_data.frames.geopandas",
        "eaps_data.frames.pandas",
        "eaps_data.frames.polars",
        "eaps_data.provenance.saved_page.read_paragraphs",
        "eaps_data.tables.base.Collection.to_frame",
        "eaps_data.tables.dataset.Dataset.from_frames",
        "eaps_data.tables.hits.Hits.to_frame",
    }
