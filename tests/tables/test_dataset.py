"""Datasets: the packaged one and custom ones, read, written and checked."""

import copy
import json
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import eaps_data as eaps
from eaps_data.models.records import DatasetDocument
from eaps_data.models.table_specs import TABLES
from eaps_data.rules import integrity
from eaps_data.rules.catalog import RULES
from eaps_data.tables import dataset as dataset_module
from support.strategies import documents


@given(documents())
def test_dataset_round_trips_through_json(document: DatasetDocument) -> None:
    dataset = eaps.Dataset(document)
    text = dataset.to_json()
    copied = eaps.Dataset.from_json(text)
    assert copied == dataset
    assert hash(copied) == hash(dataset)
    assert copied.to_json() == text
    assert eaps.Dataset.from_json(text.encode()) == dataset


def test_packaged_dataset_round_trips_through_a_file(tmp_path: Path) -> None:
    path = tmp_path / "eaps.json"
    path.write_text(eaps.load().to_json(), encoding="utf-8")
    assert eaps.Dataset.from_file(path) == eaps.Dataset.from_file(str(path)) == eaps.load()


def test_custom_dataset_has_the_same_queries(tmp_path: Path) -> None:
    document = json.loads(eaps.load().to_json())
    for record in document["municipalities"]:
        record["summary"] = "Ours."
    path = tmp_path / "custom.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    custom = eaps.Dataset.from_file(path)
    assert custom != eaps.load()
    assert custom.municipalities["Town of Amherst"].summary == "Ours."
    assert custom.programs.where(partner="RPD").ids == ("revere-bhu",)
    assert custom.search("Ours")[0].record.id == "winthrop"
    assert custom.grant_program.acronym == "EAPS"
    assert custom.release.data_version == eaps.release.data_version


def test_dataset_is_immutable_and_equal_to_its_copies() -> None:
    dataset = eaps.load()
    for name in ("programs", "document", "invented"):
        with pytest.raises(AttributeError, match="immutable"):
            setattr(dataset, name, None)
    with pytest.raises(AttributeError, match="immutable"):
        del dataset.programs
    twin = pickle.loads(pickle.dumps(dataset))  # noqa: S301 - our own bytes
    assert twin == dataset
    assert twin.evidence == dataset.evidence
    assert hash(twin) == hash(dataset)
    assert copy.deepcopy(dataset) is copy.copy(dataset) is dataset
    assert dataset != "dataset"


def test_repr_has_version_and_sizes() -> None:
    assert repr(eaps.Dataset.from_release("1.0.0")).splitlines() == [
        "Dataset 1.0.0 of 2026-11-23: Equitable Approaches to Public Safety",
        "table           records",
        "municipalities  6",
        "programs        14",
        "partners        16",
        "partnerships    21",
        "sources         6",
        "evidence        385",
    ]


def test_repr_counts_empty_tables_too() -> None:
    document = json.loads(eaps.load().to_json())
    document.update(municipalities=[], programs=[], partnerships=[], redirects=[])
    document["partners"] = [{"id": "a", "name": "A"}]
    row = {"field": "name", "quote": "A", "source": document["sources"][0]["id"], "basis": "stated"}
    document["grant_program"] = {"id": "g", "name": "G", "source": row["source"]}
    document["evidence"] = [{"subject": subject, **row} for subject in ("partners/a", "grant_program/g")]
    sizes = dict(line.split() for line in repr(eaps.Dataset.from_json(json.dumps(document))).splitlines()[2:])
    assert {table: int(size) for table, size in sizes.items() if size != "0"} == {
        "partners": 1,
        "sources": len(eaps.sources),
        "evidence": 2,
    }
    assert {*sizes} == {*TABLES}


def test_concurrent_loading_reads_the_data_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    packaged = dataset_module._packaged

    def counted() -> DatasetDocument:
        read.append(1)
        return packaged()

    monkeypatch.setattr(dataset_module, "_packaged", counted)
    monkeypatch.setattr(dataset_module, "_loaded", [])
    gate = threading.Barrier(16)
    loaded: list[eaps.Dataset] = []

    def work() -> None:
        gate.wait()
        loaded.append(dataset_module.load())

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read) == 1
    assert len({id(dataset) for dataset in loaded}) == 1


def test_failed_loading_can_be_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> DatasetDocument:
        raise OSError("the disk is gone")

    monkeypatch.setattr(dataset_module, "_loaded", [])
    with monkeypatch.context() as patch:
        patch.setattr(dataset_module, "_packaged", broken)
        with pytest.raises(OSError, match="the disk is gone"):
            dataset_module.load()
    assert len(dataset_module.load().programs) == 14


@pytest.mark.parametrize(
    ("content", "location", "message"),
    [
        (b"", "1:1", "this is not JSON: expecting value"),
        (b'{"release": ', "1:13", "this is not JSON: expecting value"),
        (b'{\n "release": {},\n "release": {}\n}', "3:2", 'the key "release" is duplicated'),
        (b'{"release": NaN}', "1:13", "NaN is not JSON"),
        (b'{"a": [-Infinity]}', "1:8", "-Infinity is not JSON"),
        (b"\xef\xbb\xbf{}", "1:1", "byte order mark"),
        (b'{"name": "Am\xe9lie"}', "1:13", "not UTF-8 (byte 0xe9)"),
        ('{"name": "Ame\u0301lie", "x": "\xe9"}'.encode("utf-16"), "1:1", "not UTF-8"),
        (b"[" * 100_000, None, "nested too deeply"),
        (b"[]", "1:1", "expected an object, found []"),
        (
            b'{"release": {"data_version": "1.0.0", "as_of": "2026-01-01"}}',
            "1:1",
            "the table municipalities is missing",
        ),
        (b'{"name": "\\ud800"}', "1:10", "half of a surrogate pair is not a character"),
        (b'{"municipalities": [{"position": 1e400}]}', "1:34", "the number is too large"),
        (b'{"municipalities": [{"position": 1' + b"0" * 5000 + b"}]}", "1:34", "a number of 5001 digits is too long"),
    ],
)
def test_invalid_file_is_an_error_with_location_and_reason(
    tmp_path: Path, content: bytes, location: str | None, message: str
) -> None:
    path = tmp_path / "custom.json"
    path.write_bytes(content)
    with pytest.raises(eaps.InvalidDataError) as caught:
        eaps.Dataset.from_file(path)
    expected = str(path) if location is None else f"{path}:{location}"
    matching = [problem for problem in caught.value.problems if message in str(problem)]
    assert matching, str(caught.value)
    assert str(matching[0]).startswith(expected)


def test_newer_schema_is_one_problem_with_a_fix() -> None:
    newer = json.loads(eaps.load().to_json())
    newer["schema_version"] = "2.10.0"
    newer["grants"] = []
    for record in newer["programs"]:
        record["website"] = "https://example.org"
    del newer["sources"]
    with pytest.raises(eaps.InvalidDataError) as caught:
        eaps.Dataset.from_json(json.dumps(newer))
    (problem,) = caught.value.problems
    assert (problem.rule, problem.pointer, problem.line) == ("schema-version", "/schema_version", 1)
    assert "follows schema 2.10.0, but eaps-data 0.1.0 reads schema 2.0.0; install a newer" in problem.message


def test_missing_file_is_a_file_not_found_error() -> None:
    with pytest.raises(FileNotFoundError):
        eaps.Dataset.from_file("no-such-file.json")


def broken_document() -> dict[str, Any]:
    """Return a dataset that violates many rules at once."""
    document: dict[str, Any] = json.loads(eaps.load().to_json())
    document["programs"][0]["municipality"] = "wintrop"
    document["programs"][3]["id"] = document["programs"][4]["id"]
    document["programs"][7]["aliases"] = ["LEAD"]
    document["programs"][10]["part_of"] = "northampton-ccrt"
    document["programs"][12]["expands"] = ["revere-bhu"]
    document["municipalities"][1]["position"] = 1
    document["municipalities"][2]["identifiers"]["county_geoid"] = "25001"
    document["partnerships"][0]["partner"] = "nobody"
    document["evidence"][0]["source"] = "hearsay"
    document["evidence"][1]["note"] = None
    document["evidence"][2]["field"] = "divison"
    document["evidence"][3]["paragraph"] = None
    for old, new in (("cress", "amherst-cres"), ("unit", "bhu"), ("bhu", "revere-bhu"), ("revere-bhu", "revere-bhu")):
        document["redirects"].append({"old": f"programs/{old}", "new": f"programs/{new}", "since": "1.0.0"})
    document["tombstones"].append({"id": "programs/unit", "since": "1.0.0", "why": "It is a duplicate."})
    return document


def test_all_problems_are_reported_with_record_field_and_location() -> None:
    with pytest.raises(eaps.InvalidDataError) as caught:
        eaps.Dataset.from_json(json.dumps(broken_document(), indent=1))
    problems = caught.value.problems
    rules = [name for name, rule in RULES.items() if rule.severity == "error"]
    between_records = rules[rules.index("duplicate-id") : rules.index("draft")]  # the rest are a curator's
    assert {problem.rule for problem in problems} == {*between_records}
    for problem in problems:
        assert problem.record
        assert problem.field
        assert problem.line
        assert problem.column
        assert problem.pointer
    text = str(caught.value)
    assert 'programs/winthrop-public-health-and-safety-team, municipality: unknown municipality id "wintrop"' in text
    assert "did you mean 'winthrop'?" in text
    assert "northampton-dcc -> northampton-ccrt -> northampton-dcc" in text


def test_long_list_of_problems_is_cut_in_the_message_only() -> None:
    document = json.loads(eaps.load().to_json())
    document["evidence"] = []
    with pytest.raises(eaps.InvalidDataError) as caught:
        eaps.Dataset.from_json(json.dumps(document))
    count = len(caught.value.problems)
    assert count > 300
    assert str(caught.value).splitlines()[0] == f"{count} problems"
    assert str(caught.value).splitlines()[-1] == f"and {count - 50} more"


def test_problem_is_located_at_the_value() -> None:
    text = eaps.load().to_json().replace('"established"', '"estabished"', 1)
    with pytest.raises(eaps.InvalidDataError) as caught:
        eaps.Dataset.from_json(text)
    (problem,) = caught.value.problems
    assert problem.line is not None
    assert problem.column is not None
    line = text.splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith('"estabished"')
    assert problem.record == "programs/revere-bhu"
    assert problem.pointer == "/programs/12/status"
    assert "did you mean 'established'" in problem.message


def test_problems_survive_pickling_and_convert_to_plain_data() -> None:
    with pytest.raises(eaps.InvalidDataError) as caught:
        eaps.Dataset.from_json("{")
    copied = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert copied.problems == caught.value.problems
    assert json.loads(json.dumps(caught.value.problems[0].to_dict()))["rule"] == "not-json"


def test_columns_count_characters_not_bytes() -> None:
    with pytest.raises(eaps.InvalidDataError) as caught:
        eaps.Dataset.from_json('{"éé": "é'.encode() + b'\xe9"}')
    assert caught.value.problems[0].column == 10
    with pytest.raises(eaps.InvalidDataError) as caught:
        eaps.Dataset.from_json('{"ééé": "é\\ud800"}')
    assert caught.value.problems[0].column == 9


def test_unpaired_surrogates_are_problems_and_pairs_are_not() -> None:
    for text in ('{"\\ud83c\\udfe1": 1}', '{"a": "\\ud83c\\udfe1", "b": "\\\\ud800"}'):
        with pytest.raises(eaps.InvalidDataError) as caught:
            eaps.Dataset.from_json(text)
        assert not any("surrogate" in problem.message for problem in caught.value.problems)
    with pytest.raises(eaps.InvalidDataError, match="surrogate"):
        eaps.Dataset.from_json('{"\\udfe1": 1}')


def test_messages_contain_no_control_characters() -> None:
    key = '"a\\u001b[2J\\u202e"'
    with pytest.raises(eaps.InvalidDataError) as caught:
        eaps.Dataset.from_json(f'{{{key}: 1, "release": {{{key}: {key}}}, "programs": [{{"id": {key}}}]}}')
    for line in str(caught.value).splitlines():
        assert line.isprintable()


@pytest.mark.parametrize("depth", [150, 250, 900, 3_000, 100_000])
def test_deeply_nested_values_are_one_problem(depth: int) -> None:
    with pytest.raises(eaps.InvalidDataError) as caught:
        eaps.Dataset.from_json("[" * depth + "]" * depth)
    assert len(caught.value.problems) == 1
    assert "recursion" not in str(caught.value)


def test_reading_checks_the_rules_once(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[DatasetDocument] = []

    def check(document: DatasetDocument) -> list[eaps.Problem]:
        checked.append(document)
        return []

    monkeypatch.setattr(integrity, "check", check)
    eaps.Dataset.from_json(eaps.load().to_json())
    assert len(checked) == 1


def test_messages_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "import json, eaps_data as eaps\n"
        "from eaps_data.rules import integrity\n"
        "document = json.loads(eaps.load().to_json())\n"
        "document['partners'] += [{'id': f'unit-{letter}', 'name': letter} for letter in 'abcdefgh']\n"
        "document['partnerships'][0]['partner'] = 'unit'\n"
        "document['redirects'] = [{'old': 'programs/y', 'new': 'partners/unit', 'since': '1.0.0'}]\n"
        "print(*integrity.check(document), sep='\\n')\n"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in range(5)
    }
    assert len(runs) == 1
    assert "did you mean 'unit-a' or 'unit-b' or 'unit-c'?" in runs.pop()
