"""ajv, in strict mode, compiles the published schemas and reports the same errors as the models."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import eaps_data
from eaps_data.models.records import RECORDS
from eaps_data.schemas.published import TITLES, record_schema_name
from support.engines import innermost
from support.example_files import READABLE, VALID, Invalid, Valid, name_of

pytestmark = pytest.mark.node

NODE = Path(__file__).parents[1] / "node"
SCHEMAS = Path(eaps_data.__file__).parent / "schemas"


class Ajv:
    """A Node process with the compiled schemas, which answers each line with a line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.compiled: dict[str, str | None] = self._answer()

    def __call__(self, name: str, value: Any) -> set[str]:
        """Return the JSON Pointers of the values that the schema rejects."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, value]) + "\n")
        self._process.stdin.flush()
        return innermost(self._answer())

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "node has ended; see its stderr"
        return json.loads(line)


@pytest.fixture(scope="session")
def ajv() -> Iterator[Ajv]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    if not (NODE / "node_modules" / "ajv").is_dir():
        pytest.skip("ajv is not installed; run npm ci in tests/node")
    command = [node, str(NODE / "check.mjs"), str(SCHEMAS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        yield Ajv(process)


def test_every_published_schema_compiles_in_strict_mode(ajv: Ajv) -> None:
    assert ajv.compiled == dict.fromkeys(TITLES)


def test_ajv_accepts_the_canonical_document(ajv: Ajv) -> None:
    assert ajv("dataset", json.loads(eaps_data.load().to_json())) == set()


@pytest.mark.parametrize("table", [*RECORDS, "grant_program"])
def test_ajv_accepts_each_canonical_record(ajv: Ajv, table: str) -> None:
    content = json.loads(eaps_data.load().to_json())[table]
    for record in content if isinstance(content, list) else [content]:
        assert ajv(record_schema_name(table), record) == set(), record


@pytest.mark.parametrize("example", VALID, ids=name_of)
def test_ajv_accepts_a_valid_example(ajv: Ajv, example: Valid) -> None:
    assert ajv(example.schema, example.value) == set()


@pytest.mark.parametrize("example", READABLE, ids=name_of)
def test_ajv_rejects_an_invalid_example_at_the_same_place_as_the_model(ajv: Ajv, example: Invalid) -> None:
    assert ajv(example.schema, example.value) == example.refused_at
