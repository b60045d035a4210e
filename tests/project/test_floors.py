"""`lowest.txt` pins the lowest version that the project declares of each library that the core tests use."""

import re
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOWEST = ROOT / "tests" / "lowest.txt"
HEAD = "# The lowest declared versions, for pip's --constraint. Update it with: pytest --update-golden\n"


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def of_extras() -> list[str]:
    """Return the requirements of the package and of its extras."""
    project = pyproject()["project"]
    extras = chain.from_iterable(project["optional-dependencies"].values())
    return [each for each in (*project["dependencies"], *extras) if not each.startswith("eaps-data[")]


def floors(requirements: list[str]) -> dict[str, str]:
    """Return the lowest version of each library, and its environment marker."""
    matches = (re.fullmatch(r"([\w-]+)(?:\[\w+\])?>=([\d.]+)(; .+)?", requirement) for requirement in requirements)
    return {match[1]: match[2] + (match[3] or "") for match in matches if match}


def test_lowest_versions_are_the_declared_ones(update_golden: bool) -> None:
    expected = HEAD + "".join(sorted(f"{name}=={floor}\n" for name, floor in floors(of_extras()).items()))
    if update_golden:
        LOWEST.write_text(expected, encoding="utf-8")
    assert LOWEST.read_text(encoding="utf-8") == expected


def test_each_requirement_has_a_lowest_version() -> None:
    groups = [each for group in pyproject()["dependency-groups"].values() for each in group if isinstance(each, str)]
    for requirement in [*of_extras(), *groups]:
        assert floors([requirement]), requirement


def test_extra_all_has_every_extra_for_users() -> None:
    extras = pyproject()["project"]["optional-dependencies"]
    (everything,) = extras["all"]
    assert set(everything.removeprefix("eaps-data[").removesuffix("]").split(",")) == {*extras} - {
        "all",
        "curate",
        "test",
    }
