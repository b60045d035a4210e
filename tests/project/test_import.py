"""Importing is light, the names agree, and everything works offline, read-only and from a zip."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data._internal import resources

ROOT = Path(__file__).parents[2]
PACKAGE = Path(eaps.__file__).parent


def python(code: str, **environment: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={"PATH": "", **environment}
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_import_builds_no_model_and_opens_none_of_our_files() -> None:
    code = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
before = set(sys.modules)
import eaps_data
print(sorted(name for name in set(sys.modules) - before))
print([path for path in opened if path.endswith(".json")])
eaps_data.Approach
print("pydantic" in sys.modules)
eaps_data.programs
print("pydantic" in sys.modules)
"""
    assert python(code).splitlines() == ["['eaps_data']", "[]", "False", "True"]


def test_it_works_without_network_and_without_write_permission() -> None:
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


def test_it_works_from_the_wheel_as_a_zip(wheel: Path) -> None:
    code = """
import eaps_data as eaps
print(".whl" in eaps.__file__, eaps.municipalities["revere"].county, eaps.json_schema()["title"])
import tempfile, pathlib
with tempfile.TemporaryDirectory() as folder:
    eaps.export.write("html", pathlib.Path(folder, "a.html"))
    print(eaps.plot.map().svg in pathlib.Path(folder, "a.html").read_text(encoding="utf-8"))
"""
    assert python(code, PYTHONPATH=str(wheel)) == "True Suffolk DatasetDocument\nTrue\n"


def test_its_files_are_read_whatever_has_loaded_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eaps, "__loader__", object())  # which cannot read files, as the usual ones can
    assert resources.data("programs") == (PACKAGE / "data" / "programs.json").read_bytes()


def test_the_names_are_declared_once_for_people_and_once_for_type_checkers_alike() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imported = {alias.name for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    declared = {
        node.target.id for node in block.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    assert (imported | declared | {"__version__", "search"}) == set(eaps.__all__)
    assert eaps.__all__ == sorted(eaps.__all__)


@pytest.mark.parametrize("name", eaps.__all__)
def test_every_name_can_be_had(name: str) -> None:
    assert getattr(eaps, name) is getattr(eaps, name)
    assert name in dir(eaps)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'invented'"):
        getattr(eaps, "invented")  # noqa: B009 - the type checker knows better


def test_layers_import_downwards_only() -> None:
    layers = [
        {
            "vocabulary",
            "errors",
            "keys",
            "canonical",
            "collecting",
            "distinct_keys",
            "problems",
            "resources",
            "text_table",
        },
        {"rows"},
        {"fields", "ids", "tidy", "writing"},
        {"past_ids", "reprs", "frames"},
        {"display"},
        {"models", "report"},
        {"claims", "wording", "schema", "schema_generation", "field_index"},
        {"collection", "typescript"},
        {"finding", "evidence_rules"},
        {"places", "integrity", "tables"},
        {"strict_json"},
        {"reading"},
        {"text_search"},
        {"dataset"},
        {"validation", "provenance", "plot"},
        {"export"},
        {"curation"},
        {"commands"},
        {"cli"},
        {"__main__"},
    ]
    level = {name: number for number, names in enumerate(layers) for name in names}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        # What only type checkers import makes no circle.
        source = re.sub(
            r"^if TYPE_CHECKING:\n(?:(?: .*)?\n)+", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        for target in re.findall(r"^\s*from eaps_data\.(\w+)", source, re.MULTILINE):
            if name not in {target, "__init__"}:
                assert level[target] < level[name], (name, target)
