"""Imports run one way: each room imports only from the rooms before it, eagerly, lazily or for type checkers."""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import eaps_data as eaps

PACKAGE = Path(eaps.__file__).parent
ROOT = Path(__file__).parents[2]
ROOMS = (
    "_version",
    "errors",
    "_internal",
    "display",
    "models",
    "schemas",
    "rules",
    "formats",
    "frames",
    "tables",
    "provenance",
    "plot",
    "validation",
    "export",
    "cli",
    "__main__",
)
"""The rooms from the bottom up. `__init__` is the front door: nothing imports from it."""


def test_rooms_import_only_from_earlier_rooms() -> None:
    height = {room: number for number, room in enumerate(ROOMS)}
    upward = [
        f"{module} imports {target}"
        for module, targets in _imports(PACKAGE).items()
        if module != "eaps_data"
        for target in targets
        if target != "eaps_data" and height[_room(target)] > height[_room(module)]
    ]
    assert upward == []


def test_nothing_imports_from_the_front_door() -> None:
    allowed = {"eaps_data.__main__", "eaps_data.cli"}
    importers = {module for module, targets in _imports(PACKAGE).items() if "eaps_data" in targets}
    assert {module for module in importers if not any(module.startswith(name) for name in allowed)} == set()


def test_modules_have_no_import_cycle() -> None:
    imports = _imports(PACKAGE)
    imports.pop("eaps_data")
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        raise AssertionError(f"import cycle: {' -> '.join(error.args[1])}") from None


def test_root_has_few_modules() -> None:
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert len(modules) <= 6
    assert {path.name for path in PACKAGE.iterdir() if path.is_dir()} - {"__pycache__"} == {
        *(room for room in ROOMS if (PACKAGE / room).is_dir()),
        "data",
        "releases",
    }


def test_contributing_lists_the_rooms_in_order() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms = [name for name in ROOMS if not name.startswith("_v") and name != "__main__"]
    listed = re.findall(r"^\| `(\w+)/?` \|", guide, re.MULTILINE)
    assert listed == rooms


def test_lazy_dynamic_and_type_checking_imports_are_found(tmp_path: Path) -> None:
    source = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from eaps_data.a import A
def f(name):
    from eaps_data.b import B
    import eaps_data.c
    import_module("eaps_data.d")
    import_module(f"eaps_data.e.{name}")
    __import__("eaps_data.g")
"""
    for name in "abcdeg":
        (tmp_path / f"{name}.py").touch()
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "one.py").touch()
    (tmp_path / "z.py").write_text(source, encoding="utf-8")
    assert _imports(tmp_path)["eaps_data.z"] == {
        "eaps_data.a",
        "eaps_data.b",
        "eaps_data.c",
        "eaps_data.d",
        "eaps_data.e.one",
        "eaps_data.g",
    }


def _imports(package: Path) -> dict[str, set[str]]:
    """Return the modules of the package that each module imports, in any way."""
    paths = {_name(package, path): path for path in package.rglob("*.py")}
    found: dict[str, set[str]] = {}
    for module, path in paths.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found[module] = {target for name in _imported(tree) for target in _modules(name, paths)} - {module}
    return found


def _name(package: Path, path: Path) -> str:
    parts = path.relative_to(package).with_suffix("").parts
    return ".".join(["eaps_data", *(part for part in parts if part != "__init__")])


def _imported(tree: ast.Module) -> Iterator[str]:
    """Yield the dotted names that a module imports; a name that is completed at run time ends in a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
            yield node.value  # an argument of import_module, or an entry in a table of names
        elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            yield str(node.values[0].value)


def _modules(name: str, known: dict[str, Path]) -> set[str]:
    """Return the modules that a dotted name refers to; for `package.module.Name`, the module that defines the name."""
    if name.endswith("."):
        return {module for module in known if module.startswith(name)}
    while name.startswith("eaps_data"):
        if name in known:
            return {name}
        name = name.rpartition(".")[0]
    return set()


def _room(module: str) -> str:
    return module.split(".")[1]
