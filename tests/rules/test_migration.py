"""Migration: documents of schema 1.0.0 are read as the current schema, and keep every answer that both have."""

import json
import warnings
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data._internal import resources
from eaps_data.models import past_terms, records
from eaps_data.models.past_terms import PAST_TERMS, Renamed, renamed
from eaps_data.models.records import MODELS, RECORDS, term_fields
from eaps_data.models.table_specs import SCHEMA_VERSION, TABLES
from eaps_data.rules import migration
from eaps_data.rules.migration import migrate
from eaps_data.validation import validate, validate_file
from support.engines import ENGINES

OLD: Any = json.loads(resources.release("1.0.0"))
OLD_SCHEMA: Any = json.loads(resources.schema("dataset", "1.0.0"))


def old_record(table: str) -> Any:
    """Return the published schema 1.0.0 of a table's records."""
    member = OLD_SCHEMA["properties"][table]
    return OLD_SCHEMA["$defs"][member.get("items", member)["$ref"].rpartition("/")[2]]


def old_terms(table: str, field: str) -> list[str]:
    """Return the terms that schema 1.0.0 allowed in a field."""
    described = old_record(table)["properties"].get(field, {})
    described = described.get("anyOf", [described])[0]
    described = described.get("items", described)
    if "$ref" in described:
        described = OLD_SCHEMA["$defs"][described["$ref"].rpartition("/")[2]]
    return [*described.get("enum", ())]


VOCABULARIES = [(table, field) for table in ("grant_program", *RECORDS) for field in term_fields(table)]
TERMS = [(table, field, term) for table, field in VOCABULARIES for term in old_terms(table, field)]


def terms_of(table: str, field: str) -> set[str]:
    if (table, field) == ("programs", "open_ended"):
        return {*get_args(records.OpenList)}
    return {term.value for term in term_fields(table)[field]}


@pytest.mark.parametrize(
    ("table", "field", "term"),
    [*TERMS, *(("programs", "open_ended", each) for each in old_terms("programs", "open_ended"))],
)
def test_every_term_of_the_old_schema_is_a_term_or_was_renamed_to_one(table: str, field: str, term: str) -> None:
    now = renamed(table, field, term)
    assert (now is None) is (term in terms_of(table, field))
    if now is not None:
        assert now.term in terms_of(table, now.field)


def test_every_renamed_term_was_one_of_the_old_schema() -> None:
    for table, fields in PAST_TERMS["1.0.0"].items():
        for field, terms in fields.items():
            assert {*terms} <= {*old_terms(table, field)}


def test_every_field_of_the_old_schema_is_still_one() -> None:
    for table in TABLES:
        assert {*old_record(table)["properties"]} <= {*MODELS[table].model_fields}


@st.composite
def old_documents(draw: st.DrawFn) -> Any:
    """Documents of schema 1.0.0: the released one with other terms in some programs, and evidence for each."""
    document = json.loads(json.dumps(OLD))
    for program in draw(st.lists(st.sampled_from(document["programs"]), max_size=3, unique_by=lambda each: each["id"])):
        subject = f"programs/{program['id']}"
        for field in ("approaches", "services", "populations", "needs", "frameworks", "open_ended"):
            terms = draw(st.lists(st.sampled_from(old_terms("programs", field)), max_size=4, unique=True))
            program[field] = terms
            row = next(row for row in document["evidence"] if row["subject"] == subject)
            rows = [row | {"field": field, "item": term, "quote": draw(st.sampled_from("abc"))} for term in terms]
            kept = [each for each in document["evidence"] if (each["subject"], each["field"]) != (subject, field)]
            document["evidence"] = kept + rows
    return document


def claims(document: Any) -> set[tuple[Any, ...]]:
    """Return each claim with its quotes, as the current schema names it."""
    found = set()
    for row in document["evidence"]:
        table = row["subject"].partition("/")[0]
        now = renamed(table, row["field"], row["item"] or "")
        field, item = now or (row["field"], row["item"])
        found.add((row["subject"], field, item, row["quote"]))
    return found


@given(old_documents())
def test_a_migrated_document_is_valid_and_keeps_every_answer(document: Any) -> None:
    schema_engine = ENGINES[0]
    (notice,) = validate(json.dumps(document).encode())
    assert (notice.rule, notice.severity) == ("old-schema", "warning")
    with pytest.warns(eaps.OldSchemaWarning):
        dataset = eaps.Dataset.from_json(json.dumps(document))
    new = json.loads(dataset.to_json())
    assert schema_engine("dataset", new) == set()
    assert claims(new) == claims(document)
    moved = {"approaches", "services", "populations", "needs", "frameworks", "open_ended"}
    for table in TABLES:
        if table == "evidence":
            continue
        for old_row, new_row in zip(document[table], new[table], strict=True):
            same = {*old_row} - (moved if table == "programs" else set())
            assert {name: new_row[name] for name in same} == {name: old_row[name] for name in same}
    for old_row, new_row in zip(document["programs"], new["programs"], strict=True):
        expected = {(renamed("programs", field, term) or (field, term)) for field in moved for term in old_row[field]}
        assert {(field, term) for field in moved for term in new_row[field]} == expected
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert eaps.Dataset.from_json(dataset.to_json()) == dataset


def at(text: str, problem: eaps.Problem) -> str:
    """Return the text at a problem's place."""
    assert problem.line is not None
    assert problem.column is not None
    return text.split("\n")[problem.line - 1][problem.column - 1 :]


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        (("partnerships", 0, "role"), "sponsor", "term"),
        (("partnerships", 0, "role"), "expander", "term"),
        (("programs", 12, "populations", 3), "strangers", "term"),
        (("programs", 10, "populations", 2), 5, "term"),
        (("programs", 10, "frameworks", 1), "fairy-tales", "term"),
        (("programs", 0, "activities"), ["Runs."], "unknown-field"),
        (("programs", 0, "municipality"), "winthorp", "dangling-reference"),
        (("evidence", 300, "quote"), "", "value"),
        (("evidence", 384, "source"), "nowhere", "dangling-reference"),
    ],
    ids=str,
)
def test_a_problem_of_an_old_document_is_located_in_it(path: tuple[Any, ...], value: Any, rule: str) -> None:
    document = json.loads(json.dumps(OLD))
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    text = json.dumps(document, indent=2, ensure_ascii=False)
    notice, *problems = validate(text.encode())
    assert notice.rule == "old-schema"
    errors = [problem for problem in problems if problem.rule == rule]
    assert len(errors) == 1
    assert errors[0].path == path
    found = at(text, errors[0])
    assert found.startswith(json.dumps(path[-1]) if rule == "unknown-field" else json.dumps(value))


def test_merged_rows_do_not_move_the_problems_of_later_ones() -> None:
    document = json.loads(json.dumps(OLD))
    subject = "programs/northampton-dcc"
    (wider,) = [row for row in document["evidence"] if (row["subject"], row["item"]) == (subject, "wider-community")]
    (members,) = [
        row for row in document["evidence"] if (row["subject"], row["item"]) == (subject, "community-members")
    ]
    wider.update({name: members[name] for name in ("quote", "section", "paragraph", "sentence")})  # now equal rows
    document["evidence"][-1]["field"] = "nothing"
    (problem,) = [each for each in validate(json.dumps(document).encode()) if each.rule == "evidence-idle"]
    assert problem.path == ("evidence", len(document["evidence"]) - 1)
    assert len(migrate(document).value["evidence"]) == len(document["evidence"]) - 1


def test_a_document_that_names_no_schema_follows_the_first() -> None:
    document = {name: value for name, value in OLD.items() if name != "$schema"}
    (notice,) = validate(json.dumps(document).encode())
    assert notice.rule == "old-schema"
    assert "read as " + SCHEMA_VERSION in notice.message


def test_every_door_warns_at_the_line_that_read_the_document(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(resources.release("1.0.0"))
    for read in (eaps.Dataset.from_file, eaps.Dataset.from_path):
        with pytest.warns(eaps.OldSchemaWarning, match=r"old\.json.*follows schema 1\.0\.0") as caught:
            read(path)
        assert [each.filename for each in caught] == [__file__]
    assert [problem.rule for problem in validate_file(path)] == ["old-schema"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        eaps.Dataset.from_release("1.0.0")  # the caller asked for an old version


def test_a_retired_term_in_a_table_is_named_in_the_error() -> None:
    rows = json.dumps(
        [{"id": "a", "name": "A", "municipality": "b", "populations": ["residents"], "needs": ["racial-inequity"]}]
    )
    messages = [problem.message for problem in validate(rows.encode(), "programs")]
    assert "(renamed to 'community-members')" in messages[0]
    assert "(it is 'racial-equity' in frameworks now)" in messages[1]


# Later schemas


def test_document_of_an_earlier_minor_version_is_read_as_the_current_one(monkeypatch: pytest.MonkeyPatch) -> None:
    document = json.loads(eaps.Dataset.from_release("2.0.0").to_json()) | {"schema_version": "2.0.0"}
    assert migration.old_version(document) == (None if SCHEMA_VERSION == "2.0.0" else "2.0.0")
    monkeypatch.setattr(migration, "SCHEMA_VERSION", "9.1.0")
    assert migration.old_version(document) == "2.0.0"
    assert migration.old_version(document | {"schema_version": "8.0.0"}) is None  # it was never published
    migrated = migrate(document)
    assert migrated.value == document | {"schema_version": "9.1.0"}
    assert "follows schema 2.0.0, and is read as 9.1.0" in migrated.notice.message


def test_renamed_term_is_followed_through_later_schemas(monkeypatch: pytest.MonkeyPatch) -> None:
    again = {"9.0.0": {"programs": {"services": {"peer-recovery-support": Renamed("services", "peer-help")}}}}
    monkeypatch.setattr(past_terms, "PAST_TERMS", {**again, **PAST_TERMS})
    assert past_terms.renamed("programs", "services", "peer-recovery") == Renamed("services", "peer-help")
    assert past_terms.renamed("programs", "services", "peer-recovery-support") == Renamed("services", "peer-help")
    assert past_terms.since("9.0.0")["programs"] == again["9.0.0"]["programs"]


def test_a_current_document_without_its_version_is_told_to_add_it() -> None:
    document = eaps.load().document.model_dump(mode="json")
    del document["schema_version"]
    (found,) = validate(json.dumps(document).encode())
    assert found.message == f'the field "schema_version" is missing; add "schema_version": "{SCHEMA_VERSION}"'


def test_an_old_document_needs_no_schema() -> None:
    document = {name: part for name, part in OLD.items() if name != "$schema"}
    assert migration.old_version(document) == "1.0.0"


def test_a_document_that_names_its_version_follows_it_whatever_it_holds() -> None:
    tables = {"programs": [{"id": "a", "plural": True, "expands": [], "activities": []}]}
    assert migration.old_version(tables | migration.named_version("1.0.0")) == "1.0.0"
    assert migration.old_version(tables | migration.named_version(None)) is None
