"""`lowest.txt` pins the lowest version that the project declares of each library that the core tests use."""

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOWEST = ROOT / "tests" / "lowest.txt"
NOT_NEEDED_BY_CORE_TESTS = {"dev", "docs", "test-all"}
HEAD = "# The lowest declared versions, for pip's --constraint. Update it with: pytest --update-golden\n"


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]  # type: ignore[no-any-return]


def floors(requirements: list[str]) -> dict[str, str]:
    """Return the lowest version of each library, and its environment marker."""
    matches = (re.fullmatch(r"([\w-]+)(?:\[\w+\])?>=([\d.]+)(; .+)?", requirement) for requirement in requirements)
    return {match[1]: match[2] + (match[3] or "") for match in matches if match}


def test_lowest_versions_are_the_declared_ones(update_golden: bool) -> None:
    extras = project()["optional-dependencies"]
    needed = [each for name, extra in extras.items() if name not in NOT_NEEDED_BY_CORE_TESTS for each in extra]
    pins = sorted(f"{name}=={floor}\n" for name, floor in floors([*project()["dependencies"], *needed]).items())
    expected = HEAD + "".join(pins)
    if update_golden:
        LOWEST.write_text(expected, encoding="utf-8")
    assert LOWEST.read_text(encoding="utf-8") == expected


def test_each_requirement_has_a_lowest_version() -> None:
    extras = project()["optional-dependencies"].values()
    requirements = [*project()["dependencies"], *(each for extra in extras for each in extra)]
    libraries = [each for each in requirements if not each.startswith("eaps-data[")]
    assert len(floors(libraries)) == len(libraries)
