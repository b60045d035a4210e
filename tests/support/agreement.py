"""Ask the models and three JSON Schema engines about many JSON texts, and count where they disagree.

    python tests/nightly_agreement.py [CASES] [SEED]

Each text goes through our reader and the models; what the reader takes for JSON goes through the engines too, ajv
parsing the text itself. What the reader refuses (it is stricter than JSON Schema, which never sees texts: repeated
keys, half surrogate pairs, NaN, numbers too long or too large) has to be refused with a place.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib.metadata import version
from itertools import repeat
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

import jsonschema_rs
from eaps_data.validation.fast.engines import without_not
from pydantic import ValidationError

import eaps_data
from eaps_data.errors import InvalidDataError, Problem
from eaps_data.formats import strict_json
from eaps_data.schemas.generator import MODELS
from eaps_data.schemas.published import json_schema
from eaps_data.validation.fast import core_reader
from support.engines import jsonschema_rs_validator, jsonschema_validator
from support.mutations import Case, case

SCHEMAS: Final = Path(eaps_data.__file__).parent / "schemas"
NODE: Final = Path(__file__).parent / "node"
MODULES: Final = NODE / "node_modules"
ACCEPTED, REFUSED, BY_READER, DISAGREEMENT = "accepted", "refused", "refused by the reader", "disagreements"
_AT_ONCE = 2000

Verdicts: TypeAlias = dict[str, bool]
"""Who accepts a text."""


class Tally:
    """How many texts were accepted, refused, or judged differently; and the latter."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.disagreements: list[tuple[Case, Verdicts]] = []

    def __iadd__(self, other: "Tally") -> Self:
        self.counts += other.counts
        self.disagreements += other.disagreements
        return self

    def __str__(self) -> str:
        counts = ", ".join(f"{self.counts[kind]:,} {kind}" for kind in (ACCEPTED, REFUSED, BY_READER, DISAGREEMENT))
        shown = (f"{name}: {text}\n  {verdicts}" for (name, text), verdicts in self.disagreements[:20])
        return "\n".join([f"{self.counts.total():,} cases: {counts}", *engines(), *shown])


def engines() -> list[str]:
    """The engines that are asked, their versions and options."""
    ajv = "ajv: not asked, as node or ajv is not installed"
    node = _node()
    if node is not None:
        run = subprocess.run([node, "--version"], capture_output=True, check=True, encoding="utf-8").stdout.strip()
        versions = {name: json.loads((MODULES / name / "package.json").read_bytes())["version"] for name in _AJV}
        ajv = f"{' with '.join(' '.join(pair) for pair in versions.items())} on node {run}: Ajv2020, strict: true"
    return [
        f"pydantic {version('pydantic')} on Python {platform.python_version()}: strict_json.parse, model_validate_json",
        f"jsonschema {version('jsonschema')}: Draft202012Validator, format_checker=FormatChecker()",
        f"jsonschema-rs {version('jsonschema_rs')}: Draft202012Validator, validate_formats=True; also without not",
        ajv,
    ]


_AJV = ("ajv", "ajv-formats")


def _node() -> str | None:
    return shutil.which("node") if all((MODULES / name).is_dir() for name in _AJV) else None


def tally(cases: Iterable[Case]) -> Tally:
    """Ask everyone about each case."""
    result = Tally()
    judged: list[tuple[Case, Verdicts]] = []
    for name, text in cases:
        try:
            value, _ = strict_json.parse(text.encode())
        except InvalidDataError as error:
            _check_places(text, error.problems)
            result.counts[BY_READER] += 1
        else:
            judged.append(((name, text), _by_python(name, text, value)))
    for verdicts, accepted in zip(
        (verdicts for _, verdicts in judged), _by_ajv([one for one, _ in judged]), strict=False
    ):
        verdicts["ajv"] = accepted
    for one, verdicts in judged:
        kind = DISAGREEMENT if len({*verdicts.values()}) > 1 else ACCEPTED if verdicts["pydantic"] else REFUSED
        result.counts[kind] += 1
        if kind == DISAGREEMENT:
            result.disagreements.append((one, verdicts))
    return result


def _check_places(text: str, problems: Sequence[Problem]) -> None:
    for problem in problems:
        assert lies_within(text, problem.line, problem.column), (problem, text)


def lies_within(text: str, line: int | None, column: int | None) -> bool:
    """Whether there is such a place in the text, or just behind one of its lines."""
    lines = text.split("\n")
    return line is not None and column is not None and 0 < line <= len(lines) and 0 < column <= len(lines[line - 1]) + 1


def _by_python(name: str, text: str, value: Any) -> Verdicts:
    try:
        MODELS[name].model_validate_json(text.encode())
    except ValidationError:
        accepted = False
    else:
        accepted = True
    return {
        "pydantic": accepted,
        "pydantic's core": _by_core(name, text),
        "jsonschema": jsonschema_validator(name).is_valid(value),
        "jsonschema-rs": jsonschema_rs_validator(name).is_valid(value),
        "jsonschema-rs without not": _lean_validator(name).is_valid(value),
    }


def _by_core(name: str, text: str) -> bool:
    try:
        known = _core_reader(name)(text.encode())
    except ValueError:
        return False
    return bool(known == json.loads(text))  # without the keys that it does not know, as who counts them finds


@cache
def _core_reader(name: str) -> Callable[[bytes], Any]:
    return core_reader.reader(json_schema(name))


@cache
def _lean_validator(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(without_not(json_schema(name)), validate_formats=True)


def _by_ajv(cases: Sequence[Case]) -> list[bool]:
    """The verdicts of ajv; none where it is not installed."""
    node = _node()
    if node is None:
        return []
    command = [node, str(NODE / "judge.mjs"), str(SCHEMAS)]
    run = subprocess.run(command, input=json.dumps(cases), stdout=subprocess.PIPE, check=True, encoding="utf-8")
    verdicts: list[bool] = json.loads(run.stdout)
    assert len(verdicts) == len(cases)
    return verdicts


def _part(seed: int, numbers: range) -> Tally:
    return tally(case(seed, number) for number in numbers)


def main(count: int = 200_000, seed: int = 0) -> int:
    """Tally so many cases on all processors, report, and say whether there was a disagreement."""
    total = Tally()
    parts = [range(start, min(start + _AT_ONCE, count)) for start in range(0, count, _AT_ONCE)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for part in pool.map(_part, repeat(seed), parts):
            total += part
    sys.stdout.write(f"seed {seed}, {total}\n")
    return int(total.counts[DISAGREEMENT] > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
