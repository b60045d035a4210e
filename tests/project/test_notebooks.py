"""The notebooks run, and what they show is what is kept in them."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"
RUN = """
import os
import sys
import tempfile
import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
sockets = tempfile.TemporaryDirectory()  # files, as then no network is needed; their names may not be long
own = {} if os.name == "nt" else {"transport": "ipc", "ip": sockets.name + "/k"}
manager = AsyncKernelManager(kernel_name="python3", **own)
NotebookClient(notebook, km=manager, timeout=120).execute(cwd=os.path.dirname(sys.argv[1]))
nbformat.write(notebook, sys.argv[1])
"""
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types


def shown(notebook: Any) -> Iterator[tuple[str, str, Any]]:
    """What each cell shows: its id, the kind, and the content."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                yield cell.id, output.name, output.text
            else:
                yield from ((cell.id, kind, content) for kind, content in output.data.items())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_is_kept_in_it(
    path: Path, update_golden: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR"):  # nobody's own settings
        monkeypatch.setenv(name, str(tmp_path / name))
    copy = tmp_path / path.name
    shutil.copy(path, copy)
    # In a process of its own: what Jupyter leaves open, and warns of, is not ours to mend.
    ran = subprocess.run([sys.executable, "-c", RUN, str(copy)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    kept, run = read(path), read(copy)
    for cell in run.cells:
        cell.metadata.pop("execution", None)  # when it was run
    if update_golden:
        nbformat.write(run, path)  # type: ignore[no-untyped-call]  # nbformat has no types
        kept = read(path)
    assert [*shown(run)] == [*shown(kept)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_begins_with_its_title_and_names_no_place_of_a_machine(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.cells[0].cell_type == "markdown"
    assert notebook.cells[0].source.startswith("# ")
    assert [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"] == [
        *range(1, sum(cell.cell_type == "code" for cell in notebook.cells) + 1)
    ]
    assert any(shown(notebook))
    assert not re.search(r"/tmp/|/home/|/root|0x[0-9a-f]{6}", path.read_text(encoding="utf-8"))  # noqa: S108 - none is used


def test_there_are_a_tour_a_join_and_ones_own_dataset() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["census", "own-dataset", "tour"]
