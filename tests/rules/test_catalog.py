"""The catalog has all rules that the code reports, and no others."""

import ast
import re
from pathlib import Path

import eaps_data as eaps
from eaps_data.rules import catalog
from eaps_data.rules.catalog import RULES

TREES = [
    ast.parse(path.read_text(encoding="utf-8"))
    for path in Path(eaps.__file__).parent.rglob("*.py")
    if path != Path(catalog.__file__)
]


def test_every_rule_in_use_is_in_the_catalog() -> None:
    calls = [node for tree in TREES for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = {
        node.args[0].value
        for node in calls
        if getattr(node.func, "id", "") == "violation" and isinstance(node.args[0], ast.Constant)
    }
    assert len(named) > 20
    assert named <= set(RULES)


def test_every_rule_of_the_catalog_is_in_use() -> None:
    strings = {node.value for tree in TREES for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert set(RULES) - strings == set()


def test_descriptions_and_fixes_are_sentences() -> None:
    texts = [text for rule in RULES.values() for text in (rule.description, rule.fix)]
    assert all(re.fullmatch(r"[A-Z].*\.", text) for text in texts)
