"""The tool that measures what the tests notice changes the code, one place at a time."""

import ast
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CODE = '''
def older(a: "int", b: int = 1) -> bool:
    """Docstring."""
    if not a:
        raise ValueError(f"no {a}")
    return a < b and a is not b
'''

pytest.importorskip("coverage")


def tool() -> Any:
    spec = spec_from_file_location("mutants", ROOT / "tools" / "mutants.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_mutant_is_valid_code_with_one_change_on_its_line() -> None:
    tree = ast.parse(CODE)
    mutants = tool()
    changed = [
        (node.lineno, mutants._replaced(CODE, node, after))
        for node in mutants._executed(tree)
        for after in mutants.changes(node)
    ]
    assert {line for line, _ in changed} == {2, 4, 5, 6}
    for line, text in changed:
        before, after = CODE.splitlines(), text.splitlines()
        assert before[: line - 1] == after[: line - 1]
        assert ast.dump(ast.parse(text)) != ast.dump(tree)
    texts = {text for _, text in changed}
    assert CODE.replace("a < b", "(a <= b)") in texts
    assert CODE.replace("a is not b", "(a is b)") in texts
    assert CODE.replace('raise ValueError(f"no {a}")', "pass") in texts
    assert CODE.replace("return a < b and a is not b", "return None") in texts
    assert not any('"""Docstring."""' not in text or '"int"' not in text for text in texts)


def test_sample_is_the_same_for_a_seed_and_has_every_package() -> None:
    mutants = tool()
    first, again, other = mutants.sample(400, 1), mutants.sample(400, 1), mutants.sample(400, 2)
    assert first == again != other
    folders = {path.name for path in (ROOT / "src/eaps_data").iterdir() if (path / "__init__.py").exists()}
    assert folders <= {mutant.package for mutant in first} | {"data", "releases"}
    assert len(first) >= 400
