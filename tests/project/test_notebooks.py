"""The notebooks run, and their output is the output stored in them."""

import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

pytest.importorskip("ipykernel")
pytest.importorskip("nbclient")
pytest.importorskip("nbformat")

import nbformat

pytestmark = [pytest.mark.notebook, pytest.mark.slow]

SVG = "{http://www.w3.org/2000/svg}"
FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"
RUN = """
import os
import sys
import tempfile
import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
folder = tempfile.TemporaryDirectory()
options = {"connection_file": folder.name + "/kernel.json"}
if os.name != "nt":  # Unix sockets need no network; their paths must be short
    options |= {"transport": "ipc", "ip": folder.name + "/k"}
manager = AsyncKernelManager(kernel_name="python3", **options)
NotebookClient(notebook, km=manager, timeout=120).execute(cwd=os.path.dirname(sys.argv[1]))
nbformat.write(notebook, sys.argv[1])
"""
WARNING = re.compile(r"(?m)^\S.*:\d+: \w*Warning: ")
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types


def outputs(notebook: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield the output of each cell: the cell's id, the stream or media type, and the content.

    A stream is one string: a busy kernel may send it in several chunks.
    """
    for cell in notebook.cells:
        streams: defaultdict[str, str] = defaultdict(str)
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                streams[output.name] += output.text
            else:
                yield from ((cell.id, media_type, words(content)) for media_type, content in output.data.items())
        yield from ((cell.id, name, text) for name, text in streams.items())


def without_warnings(found: list[Any]) -> Iterator[Any]:
    """Yield outputs without Python's warnings, which name local paths and follow the libraries' versions."""
    for output in found:
        if getattr(output, "name", None) != "stderr" or not WARNING.search(output.text):
            yield output


def words(content: Any) -> Any:
    """Return the words of a chart, which other versions of Vega draw differently; any other content as it is."""
    if not str(content).startswith("<svg "):
        return content
    return ["".join(element.itertext()) for element in ET.fromstring(content).iter(f"{SVG}text")]  # noqa: S314 - our own


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_output_is_the_stored_output(
    path: Path, update_golden: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR"):  # no user settings
        monkeypatch.setenv(name, str(tmp_path / name))
    copy = tmp_path / path.name
    shutil.copy(path, copy)
    # A separate process: Jupyter leaves sockets open, and its warnings are not ours to fix.
    ran = subprocess.run([sys.executable, "-c", RUN, str(copy)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    stored, run = read(path), read(copy)
    for cell in run.cells:
        cell.metadata.pop("execution", None)  # the time of the run
        if cell.cell_type == "code":
            cell.outputs = [*without_warnings(cell.outputs)]
    if update_golden:
        nbformat.write(run, path)  # type: ignore[no-untyped-call]  # nbformat has no types
        stored = read(path)
    assert [*outputs(run)] == [*outputs(stored)]


def test_warnings_are_not_stored_but_messages_are() -> None:
    messages = ["my-state: created\n", "/x/cell.py:3: UserWarning: no font\n  warn()\n"]
    streams = [nbformat.v4.new_output("stream", name="stderr", text=text) for text in messages]  # type: ignore[no-untyped-call]  # nbformat has no types
    assert [*without_warnings(streams)] == streams[:1]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_has_a_title_and_no_local_paths(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.cells[0].cell_type == "markdown"
    assert notebook.cells[0].source.startswith("# ")
    assert [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"] == [
        *range(1, sum(cell.cell_type == "code" for cell in notebook.cells) + 1)
    ]
    assert any(outputs(notebook))
    assert not re.search(r"/tmp/|/home/|/root|0x[0-9a-f]{6}", path.read_text(encoding="utf-8"))  # noqa: S108 - a pattern, not a path


def test_notebooks_are_a_tour_a_join_and_a_custom_dataset() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["census", "own-dataset", "tour"]
