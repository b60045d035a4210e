"""A strict type checker accepts every use of the package in another project and rejects every misuse."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CONSUMER = Path(__file__).parents[1] / "consumer"
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
