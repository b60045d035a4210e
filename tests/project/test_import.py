"""Importing is light, the public names agree, and the package works offline, read-only and from a zip."""

import ast
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import eaps_data as eaps

PACKAGE = Path(eaps.__file__).parent
TABLES = ("_MODULES", "_SUBMODULES", "_OF_THE_PACKAGED_DATASET")
"""The tables of public names in `__init__.py`."""


def python(code: str, **environment: str) -> str:
    environment = {"PATH": "", "PYTHONPATH": str(PACKAGE.parent), **environment}  # the package that is tested
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_import_loads_no_model_and_reads_no_data() -> None:
    code = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
before = set(sys.modules)
import eaps_data
print(sorted(set(sys.modules) - before))
print([path for path in opened if path.endswith(".json")])
eaps_data.Approach
print("pydantic" in sys.modules)
eaps_data.programs
print("pydantic" in sys.modules)
"""
    assert python(code).splitlines() == ["['eaps_data', 'eaps_data._version']", "[]", "False", "True"]


@pytest.mark.parametrize("command", [["list", "programs"], ["schema", "program"]])
def test_a_command_that_prints_packaged_data_imports_no_models_and_no_readers(command: list[str]) -> None:
    code = f"""
import contextlib, io, sys
from eaps_data.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    assert main({command}) == 0
heavy = ("pydantic", "eaps_data.models.records", "eaps_data.formats", "eaps_data.rules", "eaps_data.validation.inputs")
print([name for name in sys.modules if name.startswith(heavy)])
"""
    assert python(code) == "[]\n"


def test_package_works_without_network_and_write_permission() -> None:
    code = """
import sys
def forbid(event, args):
    if event.startswith("socket.") or event in ("os.mkdir", "os.remove", "os.rename", "tempfile.mkstemp"):
        raise PermissionError(event)
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        raise PermissionError(args[0])
sys.dont_write_bytecode = True
sys.addaudithook(forbid)
import eaps_data as eaps
print(eaps.programs["BHU"].id, len(eaps.evidence) > 300, eaps.search("youth")[0].record.id)
print(eaps.json_schema("Program")["title"], eaps.Dataset.from_json(eaps.load().to_json()) == eaps.load())
"""
    assert python(code) == "revere-bhu True new-bedford-ssyi\nProgram True\n"


def test_package_works_from_a_zipped_wheel(wheel: Path) -> None:
    code = """
import eaps_data as eaps
print(".whl" in eaps.__file__, eaps.municipalities["revere"].county, eaps.json_schema()["title"])
import tempfile, pathlib
with tempfile.TemporaryDirectory() as folder:
    eaps.export.write("html", pathlib.Path(folder, "a.html"))
    print('<article id="programs/revere-bhu"' in pathlib.Path(folder, "a.html").read_text(encoding="utf-8"))
"""
    assert python(code, PYTHONPATH=str(wheel)) == "True Suffolk DatasetDocument\nTrue\n"


def test_stub_declares_exactly_the_runtime_names() -> None:
    tables = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    runtime: dict[str, Any] = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tables.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in TABLES
    }
    stub = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
    imported = {
        node.module: [alias.name for alias in node.names] for node in stub.body if isinstance(node, ast.ImportFrom)
    }
    annotated = {
        node.target.id for node in stub.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    assert sorted(imported.pop("eaps_data")) == sorted(runtime["_SUBMODULES"])
    assert imported.pop("eaps_data._version") == ["__version__"]
    assert annotated == {"__all__", *runtime["_OF_THE_PACKAGED_DATASET"]}
    assert imported == {f"eaps_data.{module}": [*names] for module, names in runtime["_MODULES"].items()}


def test_public_names_are_sorted() -> None:
    assert eaps.__all__ == sorted(set(eaps.__all__))


@pytest.mark.parametrize("name", eaps.__all__)
def test_each_public_name_can_be_imported(name: str) -> None:
    assert getattr(eaps, name) is getattr(eaps, name)
    assert name in dir(eaps)


def test_unknown_name_raises_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'invented'"):
        getattr(eaps, "invented")  # noqa: B009 - a type checker refuses eaps.invented


@pytest.mark.parametrize("module", [eaps.export, eaps.plot, eaps.validation])
def test_a_module_completes_only_its_public_names(module: ModuleType) -> None:
    assert dir(module) == sorted(module.__all__)
