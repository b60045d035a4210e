"""What is loaded until an answer is given, and what an answer looks at: counted, not timed."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data._internal import resources
from eaps_data.models.records import DatasetDocument, Program
from support.strategies import documents

MOST_MODULES_OF_OURS = 20
NOT_FOR_A_RECORD = (
    "argparse",
    "importlib_resources",
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
    """The modules that are loaded after some code has run in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules, file=sys.stderr)"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return set(ran.stderr.split())


def test_the_first_record_loads_no_more_than_it_needs() -> None:
    loaded = loaded_after("import eaps_data; eaps_data.programs['revere-bhu']")
    assert loaded.isdisjoint(NOT_FOR_A_RECORD)
    ours = {name for name in loaded if name.startswith("eaps_data")}
    assert len(ours) <= MOST_MODULES_OF_OURS, sorted(ours)


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
def test_some_commands_answer_without_pydantic(words: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "programs.json"
    file.write_bytes(resources.data("programs"))
    lines = tmp_path / "programs.jsonl"
    lines.write_text("".join(json.dumps(each) + "\n" for each in json.loads(file.read_bytes())), encoding="utf-8")
    files = {"FILE": str(file), "LINES": str(lines)}
    arguments = [files.get(word, word) for word in words]
    loaded = loaded_after(f"from eaps_data.cli import main; assert main({arguments!r}) == 0")
    assert loaded.isdisjoint({"pydantic", "eaps_data.models.records", "importlib_resources"})


def test_without_the_fast_extra_a_valid_file_needs_pydantics_core_alone(tmp_path: Path) -> None:
    file = tmp_path / "programs.json"
    file.write_bytes(resources.data("programs"))
    hidden = "import sys; sys.modules['jsonschema_rs'] = None; from eaps_data.cli import main"
    loaded = loaded_after(f"{hidden}; assert main(['validate', {str(file)!r}]) == 0")
    assert "pydantic_core" in loaded
    assert loaded.isdisjoint({"pydantic", "eaps_data.models.records"})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The programs whose keys are asked for, as they are."""
    found: list[str] = []
    keys: Any = Program.lookup_keys

    def counted(record: Program) -> tuple[str, ...]:
        found.append(record.id)
        told: tuple[str, ...] = keys.fget(record)
        return told

    monkeypatch.setattr(Program, "lookup_keys", property(counted))
    return found


def test_once_there_are_indexes_a_question_looks_at_its_answer_alone(asked: list[str]) -> None:
    dataset = eaps.Dataset(eaps.load().document)
    for make_indexes in (dataset.programs.__getitem__, dataset.find, dataset.search):
        make_indexes("bhu")
    asked.clear()
    assert dataset.programs["revere-bhu"] is dataset.programs["BHU"] is dataset.programs["behavioral HEALTH unit"]
    assert dataset.programs.where(municipality="revere")[0].id == "revere-bhu"
    assert dataset.find("behavioral health unit").lookup_keys[0] == "revere-bhu"
    assert len(dataset.evidence.where(subject="revere-bhu")) > 0
    assert set(asked) == {"revere-bhu"}


FILTERS: dict[str, tuple[Callable[[eaps.Dataset], Iterable[Any]], Callable[[Program], Iterable[Any]]]] = {
    "municipality": (lambda data: data.municipalities.ids, lambda row: (row.municipality,)),
    "kind": (lambda _: [*eaps.ProgramKind, None], lambda row: (row.kind,)),
    "status": (lambda _: [*eaps.ProgramStatus, None], lambda row: (row.status,)),
    "approach": (lambda _: [*eaps.Approach, None], lambda row: row.approaches or (None,)),
    "need": (lambda _: [*eaps.Need, None], lambda row: row.needs or (None,)),
}


@given(documents(), st.data())
def test_a_filter_gives_what_looking_at_each_record_would(document: DatasetDocument, data: st.DataObject) -> None:
    dataset = eaps.Dataset(document)
    names = data.draw(st.lists(st.sampled_from([*FILTERS]), unique=True))
    conditions: Any = {
        name: data.draw(st.lists(st.sampled_from([*FILTERS[name][0](dataset)]), min_size=1, max_size=3))
        for name in names
    }
    wanted = [
        row.id
        for row in dataset.programs
        if all(set(values) & set(FILTERS[name][1](row)) for name, values in conditions.items())
    ]
    filtered = dataset.programs.where(**conditions)
    assert list(filtered.ids) == wanted
    # What was filtered is filtered again by the same rules.
    assert filtered.where(**conditions) == filtered
