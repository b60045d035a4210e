"""What is measured in process: each validator reads a file of one form and says how many records it accepted.

    python benchmarks/contestants.py NAME KIND FILE

runs as a process of its own, so that no validator inherits another's modules or rubbish. It writes one line of JSON
when it is ready, `{"version": ...}` or `{"skipped": why}`, and then, for each line that it reads, one run:
`{"seconds": ..., "records": ...}`. The file is read anew in each run; compiling is done before.
"""

import gc
import importlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TypeAlias

Run: TypeAlias = Callable[[], int]
Prepare: TypeAlias = Callable[[str, Path], Run]
"""Takes what the records are (a table, or `dataset`) and a file; gives what validates it and counts its records."""

FAST: Final = ("jsonschema_rs", "orjson")
"""The modules of the extra `fast`."""

TABLES: Final = ("municipalities", "programs", "partners", "partnerships", "sources", "evidence")


class RefusedError(Exception):
    """A validator refuses data that is valid."""


def schema_of(kind: str, form: str) -> dict[str, Any]:
    """The published schema of a dataset document or of a record, or that of an array of such records."""
    from eaps_data.schemas.published import json_schema

    schema = json_schema(kind)
    if kind == "dataset" or form != ".json":
        return schema
    del schema["$id"]
    array = {key: schema.pop(key) for key in ("$schema", "$defs") if key in schema}
    return array | {"type": "array", "items": schema}


def by_eaps_data(kind: str, file: Path) -> Run:
    """Our own check, as the command line calls it."""
    from eaps_data.validation import Input, Problem, check

    def run() -> int:
        count = 0
        for step in check([str(file)], kind):
            if isinstance(step, Problem):
                raise RefusedError(str(step))
            count += 0 if isinstance(step, Input) else step
        return count

    return run


def without_extra(kind: str, file: Path) -> Run:
    """Our own check, as where the extra `fast` is not installed."""
    hide_extra()
    return by_eaps_data(kind, file)


def with_extra(kind: str, file: Path) -> Run:
    """Our own check with the extra `fast`."""
    for name in FAST:
        importlib.import_module(name)
    return by_eaps_data(kind, file)


def hide_extra() -> None:
    """Make the modules of the extra impossible to import in this process."""
    hidden: dict[str, Any] = dict.fromkeys(FAST)
    sys.modules.update(hidden)


def by_pydantic(kind: str, file: Path) -> Run:
    """Pydantic's own validator of the same model: no strict JSON, and no rule between records."""
    from eaps_data.validation.records import several
    from pydantic import TypeAdapter

    from eaps_data.models.records import RECORDS, DatasetDocument

    model: Any = DatasetDocument if kind == "dataset" else RECORDS[kind]
    many = kind != "dataset" and file.suffix == ".json"
    kinds: Any = several(kind) if many else model
    accept = TypeAdapter(kinds).validator.validate_json
    if file.suffix == ".jsonl":
        return _each_line(file, lambda line: bool(accept(line)))
    return lambda: _count(dict(made) if isinstance(made := accept(file.read_bytes()), model) else made)


def by_jsonschema_rs(kind: str, file: Path) -> Run:
    """The engine of the extra `fast`, with its parser: no strict JSON, and no rule between records."""
    import jsonschema_rs
    import orjson

    engine = jsonschema_rs.Draft202012Validator(schema_of(kind, file.suffix), validate_formats=True)
    return _by_parts(file, orjson.loads, engine.is_valid)


def by_jsonschema(kind: str, file: Path) -> Run:
    """The engine in pure Python."""
    import jsonschema

    checker = jsonschema.FormatChecker()
    engine = jsonschema.Draft202012Validator(schema_of(kind, file.suffix), format_checker=checker)
    return _by_parts(file, json.loads, engine.is_valid)


def by_frictionless(kind: str, file: Path) -> Run:
    """Frictionless, with a schema of the same fields, terms, patterns and key; it looks into no item of a list."""
    frictionless: Any = importlib.import_module("frictionless")  # it has no types
    descriptor = {"name": kind, "path": file.name, "schema": _fields(schema_of(kind, ".csv"))}

    def run() -> int:
        resource = frictionless.Resource.from_descriptor(descriptor, basepath=str(file.parent))
        report = resource.validate()
        if not report.valid:
            raise RefusedError(str(report.flatten(["rowNumber", "fieldName", "note"])[:3]))
        return int(report.tasks[0].stats["rows"])

    return run


def _fields(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A record's JSON Schema as Frictionless has it."""
    fields: list[dict[str, Any]] = []
    for name, field in schema["properties"].items():
        options = [_meant(each, schema) for each in field.get("anyOf", [field])]
        meant = next(each for each in options if each.get("type") != "null")
        bounds = {key: meant[key] for key in ("enum", "pattern", "minimum", "maximum", "maxLength") if key in meant}
        made = {"name": name, "type": meant["type"], "constraints": bounds | {"required": name in schema["required"]}}
        fields.append({**made, "type": "list", "delimiter": "\n"} if meant["type"] == "array" else made)
    return {"fields": fields, "primaryKey": ["id"]}


def _meant(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = schema["$defs"][field["$ref"].rpartition("/")[2]] if "$ref" in field else field
    return found


def _by_parts(file: Path, loads: Callable[[bytes], Any], accepts: Callable[[Any], bool]) -> Run:
    if file.suffix == ".jsonl":
        return _each_line(file, lambda line: accepts(loads(line)))

    def run() -> int:
        value = loads(file.read_bytes())
        if not accepts(value):
            raise RefusedError(file.name)
        return _count(value)

    return run


def _each_line(file: Path, accept: Callable[[bytes], bool]) -> Run:
    def run() -> int:
        count = 0
        with file.open("rb") as lines:
            for line in lines:
                if not accept(line):
                    raise RefusedError(line.decode())
                count += 1
        return count

    return run


def _count(value: Any) -> int:
    parts: Iterable[Any] = (value[table] for table in TABLES) if isinstance(value, dict) else (value,)
    return sum(map(len, parts))


CONTESTANTS: Final[Mapping[str, tuple[Prepare, tuple[str, ...]]]] = {
    "eaps-data": (without_extra, ("eaps-data",)),
    "eaps-data[fast]": (with_extra, ("eaps-data",)),
    "pydantic": (by_pydantic, ("pydantic",)),
    "jsonschema-rs with orjson": (by_jsonschema_rs, ("jsonschema-rs", "orjson")),
    "jsonschema": (by_jsonschema, ("jsonschema",)),
    "frictionless": (by_frictionless, ("frictionless",)),
}
"""The validators of Python, each with the packages whose versions tell what it is."""


def main(name: str, kind: str, file: str) -> None:
    """Prepare one validator, and run it as often as it is asked."""
    prepare, packages = CONTESTANTS[name]
    try:
        run = prepare(kind, Path(file))
    except ImportError as error:
        return _say({"skipped": f"{error.name or 'it'} is not installed"})
    _say({"version": " and ".join(f"{package} {version(package)}" for package in packages)})
    for _ in sys.stdin:
        # As timeit does: nobody's run pays for the collection of another's rubbish, or for a large heap's.
        gc.collect()
        gc.disable()
        begun = perf_counter()
        records = run()
        seconds = perf_counter() - begun
        gc.enable()
        _say({"seconds": seconds, "records": records})
    return None


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
