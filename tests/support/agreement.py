"""Validate many JSON texts with the models and three JSON Schema engines, and count the disagreements.

    cd tests && python -m support.agreement [CASES] [SEED]

Each text goes through the strict JSON reader and the models; what the reader accepts goes through the engines as well,
and ajv parses the text itself. The reader is stricter than JSON Schema, which never sees texts: it rejects repeated
keys, half surrogate pairs, NaN, and numbers that are too long or too large. Each rejection must have a location.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib.metadata import version
from itertools import repeat
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

from pydantic import ValidationError
from pydantic_core import SchemaValidator

import eaps_data
from eaps_data.errors import InvalidDataError, Problem
from eaps_data.formats import strict_json
from eaps_data.rules.checker import without_editors_schema
from eaps_data.schemas.document import schema_of
from eaps_data.schemas.generator import MODELS
from eaps_data.schemas.published import record_schema_name
from eaps_data.validation.detection import TYPES
from eaps_data.validation.fast.reader import _core, reader
from support.engines import jsonschema_rs_validator, jsonschema_validator
from support.mutations import Case, case

SCHEMAS: Final = Path(eaps_data.__file__).parent / "schemas"
NODE: Final = Path(__file__).parents[1] / "node"
MODULES: Final = NODE / "node_modules"
ACCEPTED, REJECTED, BY_READER, DISAGREEMENT = "accepted", "rejected", "rejected by the reader", "disagreements"
_AT_ONCE = 2000
_TYPE_OF_SCHEMA: Final = {record_schema_name(type_): type_ for type_ in TYPES}

Verdicts: TypeAlias = dict[str, bool]
"""Which validators accept a text."""


class Tally:
    """How many texts were accepted, rejected, or judged differently; and the latter."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.disagreements: list[tuple[Case, Verdicts]] = []

    def __iadd__(self, other: "Tally") -> Self:
        self.counts += other.counts
        self.disagreements += other.disagreements
        return self

    def __str__(self) -> str:
        verdicts = (ACCEPTED, REJECTED, BY_READER, DISAGREEMENT)
        counts = ", ".join(f"{self.counts[verdict]:,} {verdict}" for verdict in verdicts)
        shown = (f"{name}: {text}\n  {verdicts}" for (name, text), verdicts in self.disagreements[:20])
        return "\n".join([f"{self.counts.total():,} cases: {counts}", *engines(), *shown])


def engines() -> list[str]:
    """The engines, their versions and options."""
    ajv = "ajv: skipped, as node or ajv is not installed"
    node = _node()
    if node is not None:
        run = subprocess.run([node, "--version"], capture_output=True, check=True, encoding="utf-8").stdout.strip()
        versions = {name: json.loads((MODULES / name / "package.json").read_bytes())["version"] for name in _AJV}
        ajv = f"{' with '.join(' '.join(pair) for pair in versions.items())} on node {run}: Ajv2020, strict: true"
    return [
        f"pydantic {version('pydantic')} on Python {platform.python_version()}: strict_json.parse, model_validate_json",
        f"jsonschema {version('jsonschema')}: Draft202012Validator, format_checker=FormatChecker()",
        f"jsonschema-rs {version('jsonschema_rs')}: Draft202012Validator, validate_formats=True",
        ajv,
    ]


_AJV = ("ajv", "ajv-formats")


def _node() -> str | None:
    return shutil.which("node") if all((MODULES / name).is_dir() for name in _AJV) else None


def tally(cases: Iterable[Case]) -> Tally:
    """Validate each case with every validator."""
    result = Tally()
    valid_json: list[tuple[Case, Verdicts]] = []
    for name, text in cases:
        try:
            value, _ = strict_json.parse(text.encode())
        except InvalidDataError as error:
            _check_locations(text, error.problems)
            result.counts[BY_READER] += 1
        else:
            valid_json.append(((name, text), _by_python(name, text, value)))
    for (_, verdicts), accepted in zip(valid_json, _by_ajv([each for each, _ in valid_json]), strict=False):
        verdicts["ajv"] = accepted
    for each, verdicts in valid_json:
        agreed = ACCEPTED if verdicts["pydantic"] else REJECTED
        verdict = agreed if len({*verdicts.values()}) == 1 else DISAGREEMENT
        result.counts[verdict] += 1
        if verdict == DISAGREEMENT:
            result.disagreements.append((each, verdicts))
    return result


def _check_locations(text: str, problems: Sequence[Problem]) -> None:
    for problem in problems:
        assert lies_within(text, problem.line, problem.column), (problem, text)


def lies_within(text: str, line: int | None, column: int | None) -> bool:
    """Whether the text has such a location, or a line ends just before it."""
    lines = text.split("\n")
    return line is not None and column is not None and 0 < line <= len(lines) and 0 < column <= len(lines[line - 1]) + 1


def _by_python(name: str, text: str, value: Any) -> Verdicts:
    if name != "dataset" and (record := without_editors_schema(value)) != value:
        text = json.dumps(record)
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
    }


def _by_core(name: str, text: str) -> bool:
    """Whether the fast path's validator accepts a text; what the whole fast path accepts must be accepted here."""
    try:
        known = _core_validator(name).validate_json(text)
    except ValueError:
        accepted = False
    else:
        accepted = bool(known == json.loads(text))  # it leaves out unknown keys, which the key count reveals
    assert accepted or reader(_TYPE_OF_SCHEMA[name])(text.encode()) is None, text
    return accepted


@cache
def _core_validator(name: str) -> SchemaValidator:
    return SchemaValidator(_core(schema_of(_TYPE_OF_SCHEMA[name])))


def _by_ajv(cases: Sequence[Case]) -> list[bool]:
    """The verdicts of ajv; none if it is not installed."""
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
    """Tally so many cases on all processors, print the counts, and return 1 if there was a disagreement."""
    total = Tally()
    parts = [range(start, min(start + _AT_ONCE, count)) for start in range(0, count, _AT_ONCE)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for part in pool.map(_part, repeat(seed), parts):
            total += part
    sys.stdout.write(f"seed {seed}, {total}\n")
    return int(total.counts[DISAGREEMENT] > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
