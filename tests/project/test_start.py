"""The first answer imports few modules, and an indexed query reads only its result: counted, not timed."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.models.records import DatasetDocument, Program
from support.strategies import documents

PACKAGE = Path(eaps.__file__).parent
PROGRAMS = PACKAGE / "data" / "programs.json"
ROOMS_NEEDED_FOR_A_RECORD = {"_internal", "_version", "errors", "models", "rules", "tables"}
NOT_NEEDED_FOR_A_RECORD = (
    "argparse",
    "eaps_data.display.html",
    "eaps_data.export",
    "eaps_data.frames",
    "eaps_data.tables.loading",
    "eaps_data.schemas.published",
    "eaps_data.formats.strict_json",
    "eaps_data.tables.search",
    "eaps_data.validation",
)


def loaded_after(code: str) -> set[str]:
    """Return the modules that a new process has loaded after running the code."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules, file=sys.stderr)"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return set(ran.stderr.split())


def test_first_record_loads_only_the_modules_it_needs() -> None:
    loaded = loaded_after("import eaps_data; eaps_data.programs['revere-bhu']")
    assert loaded.isdisjoint(NOT_NEEDED_FOR_A_RECORD)
    assert {name.split(".")[1] for name in loaded if name.startswith("eaps_data.")} == ROOMS_NEEDED_FOR_A_RECORD


_FIRST_USES = (
    "Municipality.model_json_schema()",
    "GrantProgram.model_json_schema()",
    "DatasetDocument.model_json_schema()",
    "TypeAdapter(Any).dump_json(eaps.municipalities['revere'])",
    "TypeAdapter(Any).dump_python([*eaps.sources], mode='json')",
    "create_model('Page', program=(eaps.Program, eaps.programs['revere-bhu'])).model_json_schema()",
)


@pytest.mark.parametrize("use", _FIRST_USES)
def test_first_use_of_a_model_may_be_its_schema_or_within_other_data(use: str) -> None:
    imports = "from typing import Any; from pydantic import TypeAdapter, create_model; import eaps_data as eaps"
    code = f"{imports}; from eaps_data.models.records import *; {use}"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "words",
    [
        ("list", "programs"),
        ("list", "evidence", "--json"),
        ("schema", "program"),
        ("validate", "FILE"),
        ("validate", "LINES"),
    ],
)
def test_commands_over_plain_data_do_not_import_pydantic(words: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "programs.json"
    file.write_bytes(PROGRAMS.read_bytes())
    lines = tmp_path / "programs.jsonl"
    lines.write_text("".join(json.dumps(each) + "\n" for each in json.loads(file.read_bytes())), encoding="utf-8")
    files = {"FILE": str(file), "LINES": str(lines)}
    arguments = [files.get(word, word) for word in words]
    loaded = loaded_after(f"from eaps_data.cli import main; assert main({arguments!r}) == 0")
    assert loaded.isdisjoint({"pydantic", "eaps_data.models.records"})


def test_validation_without_the_fast_extra_imports_only_pydantic_core(tmp_path: Path) -> None:
    file = tmp_path / "programs.json"
    file.write_bytes(PROGRAMS.read_bytes())
    hidden = "import sys; sys.modules['jsonschema_rs'] = None; from eaps_data.cli import main"
    loaded = loaded_after(f"{hidden}; assert main(['validate', {str(file)!r}]) == 0")
    assert "pydantic_core" in loaded
    assert loaded.isdisjoint({"pydantic", "eaps_data.models.records"})


@pytest.fixture
def programs_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the programs whose lookup keys were read, in order."""
    found: list[str] = []
    keys: Any = Program.lookup_keys

    def counted(record: Program) -> tuple[str, ...]:
        found.append(record.id)
        values: tuple[str, ...] = keys.fget(record)
        return values

    monkeypatch.setattr(Program, "lookup_keys", property(counted))
    return found


def test_indexed_query_reads_only_its_result(programs_read: list[str]) -> None:
    dataset = eaps.Dataset(eaps.load().document)
    for build_index in (dataset.programs.__getitem__, dataset.find, dataset.search):
        build_index("bhu")
    programs_read.clear()
    assert dataset.programs["revere-bhu"] is dataset.programs["BHU"] is dataset.programs["behavioral HEALTH unit"]
    assert dataset.programs.where(municipality="revere")[0].id == "revere-bhu"
    assert dataset.find("behavioral health unit").lookup_keys[0] == "revere-bhu"
    assert len(dataset.evidence.where(subject="revere-bhu")) > 0
    assert set(programs_read) == {"revere-bhu"}


FILTERS: dict[str, tuple[Callable[[eaps.Dataset], Iterable[Any]], Callable[[Program], Iterable[Any]]]] = {
    "municipality": (lambda data: data.municipalities.ids, lambda row: (row.municipality,)),
    "kind": (lambda _: [*eaps.ProgramKind, None], lambda row: (row.kind,)),
    "status": (lambda _: [*eaps.ProgramStatus, None], lambda row: (row.status,)),
    "approach": (lambda _: [*eaps.Approach, None], lambda row: row.approaches or (None,)),
    "need": (lambda _: [*eaps.Need, None], lambda row: row.needs or (None,)),
}


def with_narrower(values: Iterable[Any]) -> set[Any]:
    return {each for value in values for each in (value, *(value.narrower if isinstance(value, eaps.Term) else ()))}


@given(documents(), st.booleans(), st.data())
def test_filter_returns_the_records_that_a_full_scan_finds(
    document: DatasetDocument, exact: bool, data: st.DataObject
) -> None:
    dataset = eaps.Dataset(document)
    names = data.draw(st.lists(st.sampled_from([*FILTERS]), unique=True))
    conditions: Any = {
        name: data.draw(st.lists(st.sampled_from([*FILTERS[name][0](dataset)]), min_size=1, max_size=3))
        for name in names
    }
    expected = [
        row.id
        for row in dataset.programs
        if all(
            (set(values) if exact else with_narrower(values)) & set(FILTERS[name][1](row))
            for name, values in conditions.items()
        )
    ]
    filtered = dataset.programs.where(**conditions, exact=exact)
    assert list(filtered.ids) == expected
    # Filtering again by the same conditions changes nothing.
    assert filtered.where(**conditions, exact=exact) == filtered
