"""Fixtures and settings for all tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from eaps_data.provenance.saved_page import read_paragraphs
from support.commands import Runner

ROOT = Path(__file__).parents[1]

settings.register_profile(
    "quick",
    deadline=None,
    derandomize=True,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],  # an example may be a whole dataset
)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=100)
settings.register_profile("explore", settings.get_profile("quick"), derandomize=False, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(capsys)


@pytest.fixture(scope="session")
def source_folder() -> Path:
    """The folder with the page and, if known, the reference identifiers, which are not in the repository."""
    source = Path(os.environ.get("EAPS_DATA_SOURCE", ROOT.parent / "shared" / "source"))
    if not source.exists():
        pytest.skip("there is no text of the page; set EAPS_DATA_SOURCE to the page, or to the folder that has it")
    return source if source.is_dir() else source.parent


@pytest.fixture(scope="session")
def page_file(source_folder: Path) -> Path:
    source = Path(os.environ.get("EAPS_DATA_SOURCE", source_folder))
    return source if source.is_file() else source_folder / "funded-municipalities.txt"


@pytest.fixture(scope="session")
def page_text(page_file: Path) -> str:
    return "\n".join(read_paragraphs(page_file.read_bytes()))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as it would be published."""
    if not (ROOT / "src").is_dir():
        pytest.skip("there are no sources to build a wheel from")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built
