"""A strict type checker accepts every use of the package in another project and rejects every misuse."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from eaps_data.models.terms import ProgramStatusTerm
from support.language_server import LanguageServer

pytestmark = pytest.mark.slow

CONSUMER = Path(__file__).parents[1] / "consumer"
# The folder of the interpreter is first, because pyright takes the first `python` on the path.
ENVIRONMENT = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
PYRIGHT = Path(__file__).parents[1] / "node" / "node_modules" / "pyright" / "index.js"


def expected() -> dict[str, set[int]]:
    lines = (CONSUMER / "misuses.py").read_text(encoding="utf-8").splitlines()
    return {"misuses.py": {number for number, line in enumerate(lines, start=1) if line.endswith("# error")}}


def test_mypy_rejects_exactly_the_misuses(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    shutil.copytree(CONSUMER, tmp_path / "consumer")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path / "cache"), "."]
    ran = subprocess.run(command, cwd=tmp_path / "consumer", capture_output=True, text=True, check=False)
    found: dict[str, set[int]] = {}
    for name, line in re.findall(r"^(\w+\.py):(\d+): error:", ran.stdout, re.MULTILINE):
        found.setdefault(name, set()).add(int(line))
    assert found == expected(), ran.stdout + ran.stderr


@pytest.mark.node
@pytest.mark.skipif(not PYRIGHT.is_file(), reason="pyright is not installed: npm ci --prefix tests/node")
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_pyright_rejects_exactly_the_misuses() -> None:
    command = ["node", str(PYRIGHT), "--project", str(CONSUMER), "--pythonpath", sys.executable, "--outputjson"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    found: dict[str, set[int]] = {}
    for each in json.loads(ran.stdout)["generalDiagnostics"]:
        if each["severity"] == "error":
            found.setdefault(Path(each["file"]).name, set()).add(each["range"]["start"]["line"] + 1)
    assert found == expected(), ran.stdout


@pytest.mark.node
@pytest.mark.skipif(not PYRIGHT.is_file(), reason="pyright is not installed: npm ci --prefix tests/node")
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_types_are_complete(tmp_path: Path) -> None:
    command = ["node", str(PYRIGHT), "--verifytypes", "eaps_data", "--ignoreexternal", "--outputjson"]
    ran = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    found = json.loads(ran.stdout)["typeCompleteness"]
    unknown = [each["name"] for each in found["symbols"] if each["isExported"] and not each["isTypeKnown"]]
    assert found["exportedSymbolCounts"]["withKnownType"] > 1000
    assert found["completenessScore"] >= 0.99, unknown


@pytest.mark.node
@pytest.mark.skipif(not PYRIGHT.is_file(), reason="pyright is not installed: npm ci --prefix tests/node")
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_an_editor_completes_terms_and_shows_readable_tooltips(tmp_path: Path) -> None:
    command = ["node", str(PYRIGHT.with_name("langserver.index.js")), "--stdio"]
    with LanguageServer(command, tmp_path, ENVIRONMENT) as editor:
        head = "import eaps_data as eaps\neaps."
        texts = {text.strip("'\"") for text in editor.completions(head + 'programs.where(status="|")')}
        assert texts >= {*get_args(ProgramStatusTerm)}
        assert any("sqlite" in text for text in editor.completions(head + 'export.write("|")'))
        tooltip = editor.hover(head + "programs.wh|ere()")
        assert "status: Filter[ProgramStatusTerm | ProgramStatus | None] = ANY," in tooltip
        assert "municipality: Filter[MunicipalityId | str | Municipality] = ANY," in tooltip
        assert "-> Programs" in tooltip
        assert "Literal[" not in tooltip
        assert max(map(len, tooltip.partition("->")[0].splitlines())) < 90
