"""The validators that are measured in process.

    python benchmarks/competitors.py NAME TYPE FILE

runs one validator in its own process, so that none inherits the modules or the garbage of another. When it is ready, it
writes one line of JSON, `{"version": ...}` or `{"skipped": reason}`. For each line that it reads, it then validates the
file and writes `{"seconds": ..., "records": ...}`. This includes reading the file, but not compiling the schema.
"""

import gc
import importlib
import json
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TypeAlias

import eaps_data as eaps
from eaps_data.models.table_specs import TABLE_SPECS, TABLES
from eaps_data.schemas.published import record_schema_name, schema_named

Run: TypeAlias = Callable[[], int]
Prepare: TypeAlias = Callable[[str, Path], Run]
"""Takes the type of the records (a table, or `dataset`) and a file; returns a function that validates and counts."""


class RejectedError(Exception):
    """A validator rejects valid data."""


def schema_of(type_: str, suffix: str) -> dict[str, Any]:
    """Return the published schema of a dataset document or record; for a `.json` table, that of an array of records."""
    return schema_named(type_ if suffix == ".json" else record_schema_name(type_))


def _eaps_data(type_: str, file: Path) -> Run:
    """The package's own check, as the command calls it."""
    from eaps_data.validation import Input, Problem, check

    def run() -> int:
        count = 0
        for step in check([str(file)], type_):
            if isinstance(step, Problem):
                raise RejectedError(str(step))
            count += 0 if isinstance(step, Input) else step.records
        return count

    return run


def _pydantic(type_: str, file: Path) -> Run:
    """Pydantic's validator of the same models, without strict JSON and without rules between records."""
    from pydantic import TypeAdapter

    model: Any = eaps.DatasetDocument if type_ == "dataset" else getattr(eaps, TABLE_SPECS[type_].model)
    is_array = type_ != "dataset" and file.suffix == ".json"
    schema: Any = list[model] if is_array else model
    validate_json = TypeAdapter(schema).validator.validate_json
    if file.suffix == ".jsonl":
        return _by_line(file, lambda line: bool(validate_json(line)))

    def run() -> int:
        value = validate_json(file.read_bytes())
        return _count(value if is_array else dict(value))

    return run


def _jsonschema_rs(type_: str, file: Path) -> Run:
    """jsonschema-rs with orjson, without strict JSON and without rules between records."""
    import jsonschema_rs

    orjson = importlib.import_module("orjson")  # only benchmarks/requirements.txt has it
    engine = jsonschema_rs.Draft202012Validator(schema_of(type_, file.suffix), validate_formats=True)
    return _by_schema(file, orjson.loads, engine.is_valid)


def _jsonschema(type_: str, file: Path) -> Run:
    """The validator in pure Python."""
    import jsonschema

    checker = jsonschema.FormatChecker()
    engine = jsonschema.Draft202012Validator(schema_of(type_, file.suffix), format_checker=checker)
    return _by_schema(file, json.loads, engine.is_valid)


def _frictionless(type_: str, file: Path) -> Run:
    """Frictionless, with the same fields, terms, patterns and key; it does not check the items of lists."""
    frictionless: Any = importlib.import_module("frictionless")  # it has no types
    descriptor = {"name": type_, "path": file.name, "schema": _table_schema(schema_of(type_, ".csv"))}

    def run() -> int:
        resource = frictionless.Resource.from_descriptor(descriptor, basepath=str(file.parent))
        report = resource.validate()
        if not report.valid:
            raise RejectedError(str(report.flatten(["rowNumber", "fieldName", "note"])[:3]))
        return int(report.tasks[0].stats["rows"])

    return run


def _table_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record's JSON Schema as a Frictionless Table Schema."""
    fields: list[dict[str, Any]] = []
    columns = {name: each for name, each in schema["properties"].items() if name != "$schema"}  # for editors of JSON
    for name, definition in columns.items():
        options = [_resolved(each, schema) for each in definition.get("anyOf", [definition])]
        rule = next(each for each in options if each.get("type") != "null")
        constraints = {key: rule[key] for key in ("enum", "pattern", "minimum", "maximum", "maxLength") if key in rule}
        field = {"name": name, "constraints": constraints | {"required": name in schema["required"]}}
        is_list = rule["type"] == "array"
        fields.append(field | ({"type": "list", "delimiter": "\n"} if is_list else {"type": rule["type"]}))
    return {"fields": fields, "primaryKey": ["id"]}


def _resolved(definition: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    target: Mapping[str, Any] = definition
    return schema["$defs"][target["$ref"].rpartition("/")[2]] if "$ref" in target else target


def _by_schema(file: Path, loads: Callable[[bytes], Any], is_valid: Callable[[Any], bool]) -> Run:
    if file.suffix == ".jsonl":
        return _by_line(file, lambda line: is_valid(loads(line)))

    def run() -> int:
        value = loads(file.read_bytes())
        if not is_valid(value):
            raise RejectedError(file.name)
        return _count(value)

    return run


def _by_line(file: Path, is_valid: Callable[[bytes], bool]) -> Run:
    def run() -> int:
        count = 0
        with file.open("rb") as lines:
            for line in lines:
                if not is_valid(line):
                    raise RejectedError(line.decode())
                count += 1
        return count

    return run


def _count(value: Any) -> int:
    return sum(len(value[table]) for table in TABLES) if isinstance(value, dict) else len(value)


VALIDATORS: Final[Mapping[str, tuple[Prepare, tuple[str, ...]]]] = {
    "eaps-data": (_eaps_data, ("eaps-data",)),
    "pydantic": (_pydantic, ("pydantic",)),
    "jsonschema-rs with orjson": (_jsonschema_rs, ("jsonschema-rs", "orjson")),
    "jsonschema": (_jsonschema, ("jsonschema",)),
    "frictionless": (_frictionless, ("frictionless",)),
}
"""The validators in Python, each with the packages whose versions are reported."""


def main(name: str, type_: str, file: str) -> None:
    """Prepare one validator, and run it once for each line of standard input."""
    prepare, packages = VALIDATORS[name]
    try:
        run = prepare(type_, Path(file))
    except ImportError as error:
        _reply(skipped=f"{error.name or name} is not installed")
        return
    _reply(version=" and ".join(f"{package} {version(package)}" for package in packages))
    for _ in sys.stdin:
        # As timeit does: no run pays for collecting the garbage of another, or for a large heap.
        gc.collect()
        gc.disable()
        start = perf_counter()
        records = run()
        seconds = perf_counter() - start
        gc.enable()
        _reply(seconds=seconds, records=records)


def _reply(**reply: Any) -> None:
    print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
