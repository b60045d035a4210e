"""A later edition of the data fails no test, but where a person has to look: on a page whose example it removed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from eaps_data.models.table_specs import SCHEMA_VERSION
from support.changed_page import change_folder

ROOT = Path(__file__).parents[2]
PAGE = Path(os.environ.get("EAPS_DATA_SOURCE", ROOT.parent / "shared" / "source"))
LEFT_OUT = shutil.ignore_patterns(".*cache", ".git", ".hypothesis", ".venv", "__pycache__", "build", "node_modules")

PAGES = ("README.md", "docs/", "src/", "tests/project/test_notebooks.py")

pytestmark = [pytest.mark.slow, pytest.mark.edition]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout with a later edition, released; `source` next to it has the changed page, if known."""
    if not (ROOT / "src").is_dir():
        pytest.skip("there is no checkout to copy")
    folder = tmp_path_factory.mktemp("changed")
    shutil.copytree(ROOT, folder / "checkout", ignore=LEFT_OUT)
    page = shutil.copytree(PAGE, folder / "source", copy_function=shutil.copyfile) if PAGE.is_dir() else None
    change_folder(folder / "checkout" / "src" / "eaps_data" / "data", page)
    return folder / "checkout"


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(map(str, (checkout / "src", checkout / "tests")))
    environment = os.environ | {
        "HYPOTHESIS_PROFILE": "quick",
        "PYTHONPATH": path,
        "EAPS_DATA_SOURCE": str(checkout.parent / "source"),
    }
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)


def test_no_test_fails_for_a_later_edition_of_the_data(checkout: Path) -> None:
    released = run(checkout, "tools/release.py")
    assert "written: data " in released.stdout, released.stderr
    assert ("released: data " in released.stdout) == (released.returncode == 0)
    failed = [line.strip() for line in released.stderr.splitlines() if "::" in line]
    assert all(line.startswith(PAGES) for line in failed), released.stderr  # examples of what the edition removed
    tests = run(checkout, "-m", "pytest", "-q", "tests")
    assert tests.returncode == 0, tests.stdout[-5000:]


def test_new_and_retired_terms_raise_the_version_of_the_schemas(checkout: Path) -> None:
    vocabulary = checkout / "src" / "eaps_data" / "models" / "vocabulary.py"
    text = vocabulary.read_text(encoding="utf-8")
    new = '    HOUSING = _term("housing", "Housing that is not safe.", (), "basic-needs")\n'
    retired = '"homelessness", "Challenges related to homelessness.", (), None, "9.9.9"'
    text = text.replace("    MENTAL_HEALTH = ", f"{new}    MENTAL_HEALTH = ", 1)
    text = text.replace('"homelessness", "Challenges related to homelessness."', retired, 1)
    vocabulary.write_text(text, encoding="utf-8", newline="\n")
    planned = run(checkout, "tools/release.py", "--dry-run")
    assert planned.returncode == 0, planned.stderr
    files = {path: path.read_bytes() for path in checkout.rglob("*.*") if path.is_file() and "src" in path.parts}
    released = run(checkout, "tools/release.py")
    changed = {path for path in checkout.rglob("*.*") if path.is_file() and path.suffix in {".json", ".fingerprints"}}
    changed = {path for path in changed if "src" in path.parts and files.get(path) != path.read_bytes()}
    listed = {line.removeprefix("would write ") for line in planned.stdout.splitlines() if line.startswith("would")}
    assert {path.relative_to(checkout).as_posix() for path in changed} <= listed
    versions = [line for line in released.stdout.splitlines() if " -> " in line]
    assert versions == [line for line in planned.stdout.splitlines() if " -> " in line]
    assert [line.split()[0] for line in versions] == ["schemas", "data"]
    major, minor, _ = SCHEMA_VERSION.split(".")
    version = f"{major}.{int(minor) + 1}.0"
    assert f"schemas {SCHEMA_VERSION} -> {version} (valid data stays valid)" in released.stdout, released.stderr
    assert run(checkout, "tools/release.py", "--check").returncode == 0
    completed = (checkout / "src" / "eaps_data" / "models" / "terms.py").read_text(encoding="utf-8")
    assert '"housing"' in completed
    assert '"homelessness"' not in completed
    assert "own-da" not in released.stderr  # neither the page nor the notebook names the version of the schemas
    assert "- The term `housing` of `Need`." in (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    older = checkout / "older.json"
    shutil.copy(checkout / "src" / "eaps_data" / "releases" / "2.0.0.json", older)
    upgraded = run(checkout, "-m", "eaps_data", "upgrade", str(older))
    assert upgraded.returncode == 0, upgraded.stderr
    assert f'"schema_version": "{version}"' in older.read_text(encoding="utf-8")
    assert "retired-term" in run(checkout, "-m", "eaps_data", "check", "--format", "json").stdout
