"""The example files: valid ones, and invalid ones, each with what it must give in `NAME.expect.json`."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from eaps_data.errors import Problem, pointer
from eaps_data.models.table_specs import DataType
from eaps_data.schemas.published import record_schema_name
from eaps_data.validation.checking import validate
from eaps_data.validation.detection import TYPES

FOLDER = Path(__file__).parents[1] / "examples"
SIDECAR = ".expect.json"
_TYPES: dict[str, DataType] = {record_schema_name(type_): type_ for type_ in TYPES}
NOT_JSON = {"encoding", "not-json"}
"""The rules that a text breaks before it holds any value that a schema could see."""


class Valid:
    """A valid file; its name begins with that of its schema."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.data = path.read_bytes()
        self.value: Any = json.loads(self.data)
        self.schema = max((name for name in _TYPES if self.name.startswith(name)), key=len)
        self.type: DataType | None = _TYPES[self.schema]


class Invalid:
    """A file with one problem, and what its sidecar expects.

    The sidecar has `type` (what to validate the file as; null if its shape decides), `rule`, `place`, `message` (a part
    of it) and `schema` (whether the JSON Schema rejects the file too).
    """

    def __init__(self, path: Path) -> None:
        expected = json.loads(path.with_name(path.stem + SIDECAR).read_bytes())
        self.name = path.stem
        self.data = path.read_bytes()
        self.type: DataType | None = expected["type"]
        self.rule: str = expected["rule"]
        self.message: str = expected["message"]
        self.schema_refuses: bool = expected["schema"]
        self.place: str = expected["place"]

    @property
    def value(self) -> Any:
        return json.loads(self.data)

    @property
    def schema(self) -> str:
        return record_schema_name(self.type or "dataset")

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return validate(self.data, self.type)

    @property
    def refused_at(self) -> set[str]:
        """Where a JSON Schema engine must reject it: where the model does, if the schema can see it at all."""
        if not self.schema_refuses:
            return set()
        # To an engine, a missing or an unknown field is an error of its object.
        of_object = self.rule in {"missing-field", "missing-table", "unknown-field"}
        return {pointer(problem.path[:-1] if of_object else problem.path) for problem in self.problems}


def name_of(example: Valid | Invalid) -> str:
    return example.name


VALID = [Valid(path) for path in sorted((FOLDER / "valid").glob("*.json"))]
INVALID = [Invalid(path) for path in sorted((FOLDER / "invalid").glob("*.json")) if not path.name.endswith(SIDECAR)]
READABLE = [example for example in INVALID if example.rule not in NOT_JSON]
