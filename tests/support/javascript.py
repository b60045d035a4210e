"""Node, with the packages in `tests/node`."""

import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGES = Path(__file__).parents[1] / "node" / "node_modules"
STRICT = ("--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--resolveJsonModule")


def project(folder: Path, *needed: str) -> None:
    """Make a folder a Node project that can import the packages, or skip the test if they are missing."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    for name in needed:
        if not (PACKAGES / name).is_dir():
            pytest.skip(f"{name} is not installed: npm ci --prefix tests/node")
    try:
        (folder / "node_modules").symlink_to(PACKAGES, target_is_directory=True)
    except OSError as error:  # on Windows, only some users may create links
        pytest.skip(f"cannot link to node_modules: {error}")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")


def node(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run node in the folder."""
    command = [shutil.which("node") or "node", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)


def compile_strictly(folder: Path, *files: str, module: str = "nodenext") -> str:
    """Compile files with TypeScript in its strictest mode, and return its errors."""
    options = (*STRICT, "--module", module, "--target", "es2022", "--outDir", "compiled")
    ran = node(folder, "node_modules/typescript/bin/tsc", *options, *files)
    assert bool(ran.returncode) is bool(ran.stdout), ran.stderr
    return ran.stdout
