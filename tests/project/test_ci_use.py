"""The GitHub action and the pre-commit hook: the action's steps run in a shell, and the hook selects data files."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from eaps_data.models.table_specs import MEMBERS

ROOT = Path(__file__).parents[2]
VALID = "2 files, 2 records checked: valid (2 records of partners: references not checked)\n"


def action() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def run_step(name: str, folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run a step of the action as a GitHub runner does: its script in bash, its inputs as environment variables."""
    (step,) = [step for step in action()["runs"]["steps"] if step.get("name") == name]
    given = {name: entry.get("default", "") for name, entry in action()["inputs"].items()} | inputs
    expression = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")
    environment = {key: expression.sub(lambda match: given[match[1]], text) for key, text in step["env"].items()}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    return subprocess.run(
        [bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={**os.environ, **environment, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good file.json").write_text('[{"id": "a", "name": "A"}]', encoding="utf-8")
    (tmp_path / "good.jsonl").write_text('{"id": "a", "name": "A"}', encoding="utf-8")
    (tmp_path / "bad.json").write_text('[{"id": "a", "nmae": "A", "name": "A"}]', encoding="utf-8")
    return tmp_path


def test_action_passes_valid_files(folder: Path) -> None:
    ran = run_step("Validate", folder, files="good*.json\n*.jsonl\n", type="partners")
    assert (ran.returncode, ran.stdout) == (0, VALID), ran.stderr


def test_action_annotates_invalid_files(folder: Path) -> None:
    ran = run_step("Validate", folder, files="*.json")
    assert ran.returncode == 1
    assert "::error file=bad.json,line=1,col=14,title=unknown-field::" in ran.stdout


def test_action_fails_if_no_file_matches(folder: Path) -> None:
    ran = run_step("Validate", folder, files="*.csv")
    assert ran.returncode == 2
    assert "no file matches" in ran.stdout


def test_action_never_runs_its_inputs_as_commands(folder: Path) -> None:
    ran = run_step("Validate", folder, files="$(touch run) `touch run` ; touch run", type="partners")
    assert ran.returncode == 2
    assert not (folder / "run").exists()


def test_hook_selects_the_files_that_are_named_like_a_table() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["entry"] == "eaps-data validate"
    for table in ("dataset", *MEMBERS):
        for name in ("{}.json", "data/{}.jsonl", "c/{}.yaml", "{}.yml", "{}.csv.gz", "d/{}.ndjson"):
            assert re.search(hook["files"], name.format(table))
    assert re.search(hook["files"], "tables/programs_staff_roles.csv")
    others = ("package.json", ".github/workflows/ci.yml", "tsconfig.json", "my-programs.json", "datapackage.json")
    for name in (*others, "programs.py", "partners", "partners.jsonx", "partners.gz"):
        assert not re.search(hook["files"], name)


def test_action_reads_one_path_per_line(folder: Path) -> None:
    (folder / "my data").mkdir()
    (folder / "good file.json").rename(folder / "my data" / "good file.json")
    ran = run_step("Validate", folder, files="  my data/good file.json\n\n  good.jsonl  \n", type="partners")
    assert (ran.returncode, ran.stdout) == (0, VALID), ran.stderr


def test_action_without_files_fails(folder: Path) -> None:
    assert run_step("Validate", folder, files=" \n").returncode == 2
