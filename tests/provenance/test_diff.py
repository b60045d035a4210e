"""Differences between two datasets: records added, removed and renamed, and fields changed."""

import json
import pickle
import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.export import FORMATS, LosslessName
from eaps_data.models import vocabulary as v
from eaps_data.models.past_ids import Redirect
from eaps_data.models.records import (
    DatasetDocument,
    Evidence,
    GrantProgram,
    Municipality,
    Partner,
    Partnership,
    Program,
    Record,
    Release,
    Source,
)
from eaps_data.models.table_specs import SCHEMA_VERSION
from eaps_data.provenance.diff import Change, diff
from eaps_data.rules.claims import claims
from support.strategies import documents, texts

GOLDEN = Path(__file__).parents[1] / "golden"


_QUOTES: dict[str, str] = dict.fromkeys(("municipality", "part_of", "expands"), "it belongs there")
"""Quotes of references: not their ids, which may be renamed."""


def with_evidence(document: DatasetDocument) -> eaps.Dataset:
    """Return the document as a dataset in which every claim has evidence."""
    subjects: list[tuple[str, Record]] = [(f"grant_program/{document.grant_program.id}", document.grant_program)]
    for table in ("municipalities", "programs", "partners", "partnerships"):
        subjects += [(f"{table}/{record.id}", record) for record in getattr(document, table)]
    evidence = tuple(
        Evidence(
            subject=subject,
            field=field,
            item=item,
            quote=_QUOTES.get(field) or item or str(getattr(record, field)),
            source="page",
            basis=v.Basis.STATED,
        )
        for subject, record in subjects
        for field, item in claims(record)
    )
    return eaps.Dataset(document.model_copy(update={"evidence": evidence}))


def dataset(
    *programs: Program, partners: Iterable[Partner] = (), partnerships: Iterable[Partnership] = (), **others: Any
) -> eaps.Dataset:
    tables: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "release": Release(data_version="1.0.0", as_of=date(2026, 1, 31)),
        "grant_program": GrantProgram(id="grant", name="Grant", source="page"),
        "municipalities": (SALEM,),
        "sources": (Source(id="page", title="The page"),),
        "programs": programs,
        "partners": tuple(partners),
        "partnerships": tuple(partnerships),
        "evidence": (),
    }
    return with_evidence(DatasetDocument(**(tables | others)))


def program(id_: str, **fields: Any) -> Program:
    given: dict[str, Any] = {"id": id_, "name": "Crisis Team", "municipality": "salem"}
    return Program(**(given | fields))


def edited(data: eaps.Dataset, **tables: Any) -> eaps.Dataset:
    return eaps.Dataset(data.document.model_copy(update=tables))


def short(old: eaps.Dataset, new: eaps.Dataset, **redirects: str) -> list[tuple[Any, ...]]:
    """Summarize the changes; redirects are between programs."""
    renamed = {f"programs/{one.replace('_', '-')}": f"programs/{other}" for one, other in redirects.items()}
    return [
        (change.table, change.what, change.id, change.field)
        for change in diff(old, new, renamed=renamed)
        if change.table != "evidence"
    ]


SALEM = Municipality(id="salem", name="Salem", styled_name="City of Salem", style=v.MunicipalityStyle.CITY, position=1)


# Laws


@given(documents())
def test_dataset_written_and_read_again_has_no_difference(document: DatasetDocument) -> None:
    written = eaps.Dataset.from_json(json.dumps(json.loads(eaps.Dataset(document).to_json()), indent=None))
    found = diff(eaps.Dataset(document), written)
    assert not found
    assert (len(found), found.changes, str(found)) == (0, (), "nothing changed")


@given(documents(), documents())
def test_difference_is_empty_only_for_equal_datasets_and_can_be_reversed(
    one: DatasetDocument, other: DatasetDocument
) -> None:
    old, new = eaps.Dataset(one), eaps.Dataset(other)
    there, back = diff(old, new), diff(new, old)
    assert bool(there) == (old != new)
    opposite = {"added": "removed", "removed": "added"}
    turned = [
        {**each, "what": opposite.get(each["what"], each["what"]), "old": each["new"], "new": each["old"]}
        for each in (change.to_dict() for change in back)
    ]
    assert sorted(map(json.dumps, turned)) == sorted(json.dumps(change.to_dict()) for change in there)
    assert diff(old, new) == there
    assert str(diff(old, new)) == str(there)


@given(documents(), documents())
def test_difference_applied_to_the_old_records_gives_the_new_ones(one: DatasetDocument, other: DatasetDocument) -> None:
    old, new = (json.loads(eaps.Dataset(each).to_json()) for each in (one, other))
    for document in (old, new):
        document["release"] = [document["release"]]
        document["grant_program"] = [document["grant_program"]]
    for change in diff(eaps.Dataset(one), eaps.Dataset(other)):
        rows = old[change.table]
        if change.what == "added":
            rows.append(change.new)
        elif change.what == "removed":
            rows.remove(change.old)
        elif change.field is not None and change.table not in {"partnerships", "evidence"}:
            record = next(row for row in rows if row.get("id") == change.id)
            *path, name = change.field.split(".")
            for step in path:
                record = record[step]
            apply(record, name, change)
    for table in ("release", "grant_program", "municipalities", "programs", "partners", "sources"):
        assert normal(old[table]) == normal(new[table])


def apply(record: dict[str, Any], name: str, change: Change) -> None:
    if change.what == "reordered":
        assert sorted(change.old) == sorted(change.new)
    elif isinstance(change.old, list):
        record[name] = [item for item in record[name] if item not in change.old] + change.new
    else:
        assert record[name] == change.old
        record[name] = change.new


def normal(rows: list[dict[str, Any]]) -> list[str]:
    """Sort records and lists: a difference does not state where an item was inserted."""

    def plain(value: Any) -> Any:
        return sorted(value) if isinstance(value, list) else value

    return sorted(json.dumps({name: plain(value) for name, value in row.items()}) for row in rows)


MUTATIONS: dict[str, Callable[[eaps.Dataset, str], tuple[dict[str, Any], Change]]] = {}


def mutation(mutate: Callable[[eaps.Dataset, str], tuple[dict[str, Any], Change]]) -> None:
    MUTATIONS[mutate.__name__] = mutate


@mutation
def edition(data: eaps.Dataset, text: str) -> tuple[dict[str, Any], Change]:  # noqa: ARG001 - all have one signature
    release = data.release.model_copy(update={"data_version": "2.0.0"})
    return {"release": release}, Change(
        table="release", id=None, what="changed", field="data_version", old="1.2.3", new="2.0.0"
    )


@mutation
def name_of_a_program(data: eaps.Dataset, text: str) -> tuple[dict[str, Any], Change]:
    first, *rest = data.programs
    return {"programs": (first.model_copy(update={"name": text}), *rest)}, Change(
        table="programs", id=first.id, what="changed", field="name", old=first.name, new=text
    )


@mutation
def part_of_the_grant_program(data: eaps.Dataset, text: str) -> tuple[dict[str, Any], Change]:
    grant_program = data.grant_program.model_copy(update={"name": text})
    return {"grant_program": grant_program}, Change(
        table="grant_program", id="grant", what="changed", field="name", old=data.grant_program.name, new=text
    )


@mutation
def an_identifier(data: eaps.Dataset, text: str) -> tuple[dict[str, Any], Change]:  # noqa: ARG001
    *rest, last = data.municipalities
    whole = last.identifiers.county_subdivision_geoid
    assert whole is not None
    code = whole[:-5] + "99999"
    identifiers = last.identifiers.model_copy(update={"county_subdivision_geoid": code})
    return {"municipalities": (*rest, last.model_copy(update={"identifiers": identifiers}))}, Change(
        table="municipalities",
        id=last.id,
        what="changed",
        field="identifiers.county_subdivision_geoid",
        old=whole,
        new=code,
    )


@mutation
def a_summary(data: eaps.Dataset, text: str) -> tuple[dict[str, Any], Change]:
    first, *rest = data.programs
    return {"programs": (first.model_copy(update={"summary": text}), *rest)}, Change(
        table="programs", id=first.id, what="changed", field="summary", old=first.summary, new=text
    )


@mutation
def an_added_source(data: eaps.Dataset, text: str) -> tuple[dict[str, Any], Change]:
    source = Source(id="source-2", title=text)
    new = source.model_dump(mode="json")
    return {"sources": (*data.sources, source)}, Change(table="sources", id="source-2", what="added", new=new)


@mutation
def a_note_on_evidence(data: eaps.Dataset, text: str) -> tuple[dict[str, Any], Change]:
    *rest, last = data.evidence
    words = [json.dumps(word, ensure_ascii=False) for word in (last.item, last.quote) if word is not None]
    return {"evidence": (*rest, last.model_copy(update={"note": text}))}, Change(
        table="evidence",
        id=" ".join([last.subject, last.field, *words]),
        what="changed",
        field="note",
        old=None,
        new=text,
    )


@given(documents(), st.sampled_from(sorted(MUTATIONS)), texts)
def test_one_edit_is_exactly_one_change(document: DatasetDocument, name: str, text: str) -> None:
    data = eaps.Dataset(document)
    tables, expected = MUTATIONS[name](data, text)
    changes = diff(data, edited(data, **tables)).changes
    assert changes == (() if expected.old == expected.new else (expected,))


@given(documents(), st.sampled_from(["municipalities", "programs", "partners", "sources"]))
def test_renamed_record_is_one_change_whatever_refers_to_it(document: DatasetDocument, table: str) -> None:
    old = eaps.Dataset(document)
    key = getattr(old, table).ids[0]
    text = re.sub(rf'"{key}"(?!:)', '"another"', old.to_json()).replace(f'"{table}/{key}"', f'"{table}/another"')
    if table == "programs":
        text = text.replace(f'"partnerships/{key}--', '"partnerships/another--')
    elif table == "partners":
        text = text.replace(f"--{key}--", "--another--")
    new = eaps.Dataset.from_json(text)
    renaming = Change(table=table, id="another", what="renamed", old=key, new="another")
    assert diff(old, new, renamed={f"{table}/{key}": f"{table}/another"}).changes == (renaming,)


# Redirects


def test_redirect_makes_a_rename_whatever_else_changed() -> None:
    old = dataset(program("team"), program("unit", name="Unit", part_of="team"))
    new = dataset(program("crisis-team", name="Team"), program("unit", name="Unit", part_of="crisis-team"))
    assert short(old, new, team="crisis-team") == [
        ("programs", "renamed", "crisis-team", None),
        ("programs", "changed", "crisis-team", "name"),
    ]


def test_id_without_a_redirect_is_removed_and_added_even_if_the_content_is_the_same() -> None:
    old = dataset(program("team"), program("unit", name="Unit", part_of="team"))
    new = dataset(program("crisis-team"), program("unit", name="Unit", part_of="crisis-team"))
    assert short(old, new) == [
        ("programs", "added", "crisis-team", None),
        ("programs", "changed", "unit", "part_of"),
        ("programs", "removed", "team", None),
    ]


def test_redirects_of_the_new_dataset_are_the_default() -> None:
    old, new = dataset(program("a")), dataset(program("b"))
    redirected = edited(new, redirects=(Redirect(old="programs/a", new="programs/b", since="2.0.0"),))
    assert [change.what for change in diff(old, redirected)] == ["renamed"]
    assert {change.what for change in diff(old, redirected, renamed={})} == {"added", "removed"}


def test_chain_of_redirects_is_followed_to_its_end() -> None:
    old, new = dataset(program("b")), dataset(program("d", name="Team"))
    redirects = {"a": "b", "b": "c", "c": "d", "d": "e"}
    assert short(old, new, **redirects) == [("programs", "renamed", "d", None), ("programs", "changed", "d", "name")]
    assert short(old, old, **redirects) == []


@pytest.mark.parametrize(
    "redirects",
    [
        {"programs/b": "programs/nowhere"},
        {"programs/b": "programs/b"},
        {"programs/b": "programs/c", "programs/c": "programs/b"},
        {"programs/b": "programs/c", "programs/c": "programs/x", "programs/x": "programs/c"},
        {"programs/b": "municipalities/salem"},
        {"programs/other": "programs/d"},
    ],
)
def test_redirect_that_leads_nowhere_or_in_a_circle_is_ignored(redirects: dict[str, str]) -> None:
    old, new = dataset(program("b")), dataset(program("d"))
    found = diff(old, new, renamed=redirects)
    assert found == diff(old, new, renamed={})
    assert {(change.what, change.id) for change in found if change.table == "programs"} == {
        ("added", "d"),
        ("removed", "b"),
    }


def test_record_redirected_to_an_existing_one_is_removed() -> None:
    old = dataset(program("a"), program("b", summary="Two."), program("c", name="Sub", part_of="a"))
    new = dataset(program("b", summary="Two."), program("c", name="Sub", part_of="b"))
    found = diff(old, new, renamed={"programs/a": "programs/b"})
    (change,) = (change for change in found if change.table == "programs")
    assert (change.what, change.id, change.new) == ("removed", "a", "programs/b")
    assert str(change) == 'removed    a, "Crisis Team"; redirects to programs/b'


def test_first_of_two_records_redirected_to_a_new_one_is_renamed() -> None:
    old = dataset(program("a"), program("b", summary="Two."))
    assert short(old, dataset(program("d", name="Sub")), a="d", b="d") == [
        ("programs", "renamed", "d", None),
        ("programs", "changed", "d", "name"),
        ("programs", "removed", "b", None),
    ]


def test_partnership_is_renamed_by_its_own_redirect_after_its_program() -> None:
    police = Partner(id="police", name="Police")

    def city(program_: str, *roles: v.Role) -> eaps.Dataset:
        partnerships = [Partnership(program=program_, partner="police", role=role) for role in roles]
        return dataset(program(program_), partners=[police], partnerships=partnerships)

    def changes(old: eaps.Dataset, new: eaps.Dataset, redirects: dict[str, str]) -> list[tuple[Any, ...]]:
        found = diff(old, new, renamed=redirects)
        return [(each.what, each.id, each.old) for each in found if each.table == "partnerships"]

    lead, expander = "team--police--lead", "team--police--expander"
    old = city("team", v.Role.LEAD)
    redirects = {f"partnerships/{lead}": f"partnerships/{expander}"}
    assert changes(old, city("team", v.Role.EXPANDER), redirects) == [("renamed", expander, lead)]
    assert changes(
        city("a", v.Role.LEAD), city("team", v.Role.EXPANDER), {"programs/a": "programs/team", **redirects}
    ) == [("renamed", expander, lead)]
    both = city("team", v.Role.LEAD, v.Role.EXPANDER)
    (merged,) = (
        each for each in diff(both, city("team", v.Role.EXPANDER), renamed=redirects) if each.table != "evidence"
    )
    assert (merged.what, merged.id, merged.new) == ("removed", lead, f"partnerships/{expander}")
    assert changes(old, city("team", v.Role.LEAD, v.Role.EXPANDER), redirects) == [("added", expander, None)]


def test_lists_of_references_and_their_evidence_follow_a_rename() -> None:
    old = dataset(program("a"), program("b", name="Sub", expands=("a",)))
    new = dataset(program("c"), program("b", name="Sub", expands=("c",)))
    assert [(each.what, each.id) for each in diff(old, new, renamed={"programs/a": "programs/c"})] == [
        ("renamed", "c"),
    ]


def test_grant_program_and_municipality_can_be_renamed() -> None:
    old = dataset(program("a"))

    def renamed(was: str, now: str, subjects: str) -> list[tuple[str, str, Any]]:
        text = old.to_json().replace(f'"{was}"', f'"{now}"').replace(f"{subjects}/{was}", f"{subjects}/{now}")
        found = diff(old, eaps.Dataset.from_json(text), renamed={f"{subjects}/{was}": f"{subjects}/{now}"})
        return [(change.table, change.what, change.id) for change in found]

    assert renamed("grant", "fund", "grant_program") == [("grant_program", "renamed", "fund")]
    assert renamed("salem", "salem-ma", "municipalities") == [("municipalities", "renamed", "salem-ma")]


@pytest.mark.parametrize("text", ["team", "teams/a", "programs/", "/a", ""])
def test_malformed_redirect_is_an_error(text: str) -> None:
    data = dataset(program("a"))
    for redirects in ({text: "programs/a"}, {"programs/a": text}):
        with pytest.raises(ValueError, match="from table/id to table/id"):
            diff(data, data, renamed=redirects)


# Fields


def test_list_changes_are_its_items_and_their_order() -> None:
    data = dataset(program("a", goals=("One.", "Two.", "Three.", "Four.")))

    def changes(*goals: str) -> list[tuple[str, Any, Any]]:
        found = diff(data, dataset(program("a", goals=goals)))
        return [(change.what, change.old, change.new) for change in found if change.field == "goals"]

    assert changes("One.", "Five.", "Two.", "Three.", "Four.") == [("changed", [], ["Five."])]
    assert changes("One.") == [("changed", ["Two.", "Three.", "Four."], [])]
    assert changes("One.", "Three.", "Two.", "Four.") == [("reordered", ["Two.", "Three."], ["Three.", "Two."])]
    assert changes("Four.", "Five.", "One.") == [
        ("changed", ["Two.", "Three."], ["Five."]),
        ("reordered", ["One.", "Four."], ["Four.", "One."]),
    ]


def test_reordered_table_is_one_change() -> None:
    records = [program(each, name=each) for each in "abcd"]
    old, new = dataset(*records), dataset(records[0], records[2], records[1], records[3])
    change, order_of_evidence = diff(old, new)
    assert (change.what, change.table, change.field, change.old, change.new) == (
        "reordered",
        "programs",
        None,
        ["b", "c"],
        ["c", "b"],
    )
    assert str(change) == "reordered  2 records are in another order"
    assert order_of_evidence.table == "evidence"


def test_evidence_rows_of_one_claim_match_by_quote_and_then_by_place() -> None:
    data = dataset(program("a"))
    rest = tuple(row for row in data.evidence if (row.subject, row.field) != ("programs/a", "name"))
    (row,) = data.evidence.where(subject="programs/a", field="name")
    row = row.model_copy(update={"section": "Salem", "paragraph": 1, "sentence": 1})

    def sentences(*numbers: int) -> eaps.Dataset:
        return edited(data, evidence=(*rest, *(row.model_copy(update={"sentence": number}) for number in numbers)))

    def changes(old: eaps.Dataset, new: eaps.Dataset) -> list[tuple[Any, ...]]:
        return [(change.what, change.field, change.old, change.new) for change in diff(old, new)]

    key = 'programs/a name "Crisis Team"'
    assert changes(sentences(1), sentences(2)) == [("changed", "sentence", 1, 2)]
    assert changes(sentences(1, 2), sentences(3, 2)) == [("changed", "sentence", 1, 3)]
    assert changes(sentences(1, 2), sentences(2, 1)) == [("reordered", None, [key, key], [key, key])]
    (added,) = diff(sentences(2), sentences(1, 2))
    assert (added.what, added.id, added.new["sentence"]) == ("added", key, 1)
    requoted = edited(data, evidence=(*rest, row.model_copy(update={"quote": "Team"})))
    assert [(change.what, change.id) for change in diff(sentences(1), requoted)] == [
        ("added", 'programs/a name "Team"'),
        ("removed", key),
    ]


def test_field_with_parts_is_added_whole_and_changed_by_part() -> None:
    def placed(location: eaps.Location | None) -> eaps.Dataset:
        return dataset(municipalities=(SALEM.model_copy(update={"location": location}),))

    here = eaps.Location(latitude=42.5, longitude=-70.9)
    there = eaps.Location(latitude=42.6, longitude=-70.9)
    (change,) = (change for change in diff(placed(None), placed(here)) if change.table == "municipalities")
    assert (change.field, change.old, change.new) == ("location", None, {"latitude": 42.5, "longitude": -70.9})
    (change,) = (change for change in diff(placed(here), placed(there)) if change.table == "municipalities")
    assert (change.field, change.old, change.new) == ("location.latitude", 42.5, 42.6)


# Output


def rich_example() -> tuple[eaps.Dataset, eaps.Dataset, dict[str, str]]:
    police = Partner(id="police", name="Salem Police", kind=v.PartnerKind.POLICE_DEPARTMENT)
    old = dataset(
        program("hub", name="Hub"),
        program("hub-line", name="Hub Line", part_of="hub"),
        program("outreach", name="Outreach", services=(v.Service.PEER_SUPPORT,), status=v.ProgramStatus.PLANNED),
        program("team", acronym="CT", goals=("Fewer arrests.", "More care."), summary="Answers calls."),
        program("night-team", name="Night Team"),
        partners=(police, Partner(id="clinic", name="North Clinic"), Partner(id="office", name="Office")),
        partnerships=(Partnership(program="team", partner="police", role=v.Role.PARTNER),),
    )
    new = dataset(
        program("hub-of-salem", name="Hub"),
        program("hub-line", name="Hub Line", part_of="hub-of-salem"),
        program(
            "crisis-team", goals=("More care.", "Fewer arrests."), summary="Answers calls “by day”.", started_year=2026
        ),
        program(
            "outreach", name="Outreach", services=(v.Service.PREVENTIVE_SERVICES,), status=v.ProgramStatus.ESTABLISHED
        ),
        partners=(Partner(id="office", name="Office"), police, Partner(id="church", name="First Church")),
        partnerships=(
            Partnership(program="crisis-team", partner="police", role=v.Role.PARTNER, example=True),
            Partnership(program="outreach", partner="church", role=v.Role.COLLABORATOR),
        ),
        release=Release(data_version="2.0.0", as_of=date(2026, 3, 1)),
    )
    redirects = {
        "programs/hub": "programs/hub-of-salem",
        "programs/team": "programs/crisis-team",
        "programs/night-team": "programs/crisis-team",
    }
    return old, new, redirects


@pytest.mark.parametrize("suffix", ["txt", "json"])
def test_difference_matches_the_golden_file(suffix: str, update_golden: bool) -> None:
    old, new, redirects = rich_example()
    found = diff(old, new, renamed=redirects)
    written = f"{found}\n" if suffix == "txt" else json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n"
    golden = GOLDEN / f"diff.{suffix}"
    if update_golden:
        golden.write_text(written, encoding="utf-8", newline="\n")
    assert written == golden.read_bytes().decode("utf-8"), "update it with: pytest --update-golden"


def test_difference_is_shown_as_a_summary() -> None:
    old, new, redirects = rich_example()
    found = diff(old, new, renamed=redirects)
    shown = repr(found).splitlines()
    assert shown[:2] == str(found).splitlines()[:2]
    tables = [line for line in str(found).splitlines()[2:] if line and not line.startswith(" ")]
    assert shown[2:] == [*(f"  {line}" for line in tables), "Print it to see each change."]


def of_copies(**copies: str | None) -> eaps.Dataset:
    others = (Source(id=id_, title=id_, sha256=copy) for id_, copy in copies.items())
    return dataset(sources=(Source(id="page", title="The page"), *others))


def test_difference_reports_if_a_source_is_the_same_copy() -> None:
    one, two = "1" * 64, "2" * 64
    old = of_copies(same=one, old=one, other=one, known=one, unknown=None, removed=one)
    new = of_copies(same=one, name=one, other=two, known=None, unknown=one, added=one)
    found = diff(old, new, renamed={"sources/old": "sources/name"})
    assert str(found).splitlines()[2:6] == [
        "The source same is the same copy in both: what changed is how it was read.",
        "The source name is the same copy in both: what changed is how it was read.",
        "The source other is another copy: it may have changed too.",
        "",
    ]
    assert repr(found).splitlines()[2:5] == str(found).splitlines()[2:5]
    assert found.to_dict()["sources"] == {"unchanged": ["same", "name"], "changed": ["other"]}


def test_page_did_not_change_between_the_releases() -> None:
    assert diff("1.0.0", "2.0.0").unchanged_sources == ("funded-municipalities",)


def test_difference_is_an_immutable_value() -> None:
    old, new, redirects = rich_example()
    found = diff(old, new, renamed=redirects)
    assert found == diff(old, new, renamed=redirects)
    assert found != diff(old, new)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
    assert list(found) == list(found.changes)
    assert repr(diff(old, old)) == str(diff(old, old)) == "nothing changed"
    assert found.to_dict()["counts"]["renamed"] == 2
    with pytest.raises(AttributeError):
        found.changes = ()  # type: ignore[misc]


def test_control_characters_are_escaped() -> None:
    old, new = dataset(program("a")), dataset(program("a", name="Team \u202e maet"))
    assert all(line.isprintable() for line in str(diff(old, new)).splitlines())


@pytest.mark.parametrize("name", get_args(LosslessName))
def test_exports_are_compared_in_any_format(name: LosslessName, tmp_path: Path) -> None:
    if name in {"parquet", "xlsx"}:
        pytest.importorskip({"parquet": "pyarrow", "xlsx": "xlsxwriter"}[name])
    path = tmp_path / f"out{'' if FORMATS[name].folder else FORMATS[name].suffix}"
    eaps.export.write(name, path, eaps.Dataset.from_release("1.0.0"))
    expected = eaps.diff(eaps.Dataset.from_release("1.0.0"), eaps.load())
    assert eaps.diff(path, eaps.load()) == eaps.diff(str(path), "2.0.0") == eaps.diff("1.0.0", eaps.load()) == expected


def test_an_unknown_version_or_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(eaps.UnknownTermError, match=r"unknown data_version value '9\.0\.0'"):
        eaps.diff("9.0.0", eaps.load())
    with pytest.raises(FileNotFoundError, match=r"missing\.json"):
        eaps.diff(tmp_path / "missing.json", eaps.load())
