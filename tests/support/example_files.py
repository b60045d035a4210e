"""The example files: valid ones, and invalid ones, each beside what it must give (`NAME.expect.json`)."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from eaps_data.errors import Problem, pointer
from eaps_data.schemas.published import schema_name
from eaps_data.validation.checking import validate
from eaps_data.validation.detection import recognise

FOLDER = Path(__file__).parents[1] / "examples"
SIDECAR = ".expect.json"
NOT_JSON = {"encoding", "not-json"}
"""The rules that a text breaks before it holds any value that a schema could see."""


class Valid:
    """A file in which nothing is wrong; its shape alone says what it is."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.data = path.read_bytes()
        self.value: Any = json.loads(self.data)
        self.schema = schema_name(recognise(self.value))


class Invalid:
    """A file in which one thing is wrong, and what its sidecar expects.

    The sidecar has `kind` (what to validate the file as; null where its shape is to tell), `rule`, `place`,
    `message` (a part of it) and `schema` (whether the JSON Schema refuses the file too).
    """

    def __init__(self, path: Path) -> None:
        expected = json.loads(path.with_name(path.stem + SIDECAR).read_bytes())
        self.name = path.stem
        self.data = path.read_bytes()
        self.kind: str | None = expected["kind"]
        self.rule: str = expected["rule"]
        self.message: str = expected["message"]
        self.schema_refuses: bool = expected["schema"]
        self.place: str = expected["place"]

    @property
    def value(self) -> Any:
        return json.loads(self.data)

    @property
    def schema(self) -> str:
        return schema_name(self.kind or "dataset")

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return validate(self.data, self.kind)

    @property
    def refused_at(self) -> set[str]:
        """Where a JSON Schema engine is to refuse it: where the model does, if the schema can see it at all."""
        if not self.schema_refuses:
            return set()
        # To an engine, a field too few or too many is a fault of the object that has it or not.
        of_object = self.rule in {"missing-field", "unknown-field"}
        return {pointer(problem.path[:-1] if of_object else problem.path) for problem in self.problems}


def name_of(example: Valid | Invalid) -> str:
    return example.name


VALID = [Valid(path) for path in sorted((FOLDER / "valid").glob("*.json"))]
INVALID = [Invalid(path) for path in sorted((FOLDER / "invalid").glob("*.json")) if not path.name.endswith(SIDECAR)]
READABLE = [example for example in INVALID if example.rule not in NOT_JSON]
