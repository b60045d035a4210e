"""A large text that is read piece by piece is accepted just when it is accepted as a whole."""

import json
from random import Random
from typing import Any

import pytest
from eaps_data.validation.fast.acceptor import _seen, accepted
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data.models.records import DatasetDocument
from eaps_data.models.table_specs import CLAIM, MEMBERS, REFERENCES, TABLE_SPECS, TABLES
from eaps_data.validation.detection import parts_of, schema_of
from eaps_data.validation.fast.chunks import records_of_array, records_of_document
from support.fast_way import ENGINES, by, in_pieces, slowly
from support.strategies import documents

DOCUMENT = json.loads(eaps.load().to_json())
COUNT = sum(len(DOCUMENT[table]) for table in TABLES)
FORMS: list[dict[str, Any]] = [
    {},
    {"indent": 2},
    {"indent": 0},
    {"separators": (",", ":")},
    {"separators": (" ,\t", " :\r\n")},
]
sizes = st.integers(1, 4000)
forms = st.sampled_from(FORMS)


@given(sizes, forms, st.permutations(MEMBERS))
def test_a_valid_document_is_accepted_in_pieces(size: int, form: dict[str, Any], order: list[str]) -> None:
    text = json.dumps({name: DOCUMENT[name] for name in order if name in DOCUMENT}, **form).encode()
    for engine in ENGINES:
        with by(engine), in_pieces(size):
            rest, cut = records_of_document(text)
            assert set(cut) == set(TABLES)
            assert len(rest) < len(text) / 10
            assert _seen(rest, cut, text) is not None
            assert accepted(text, None) == COUNT


@given(sizes, st.randoms(use_true_random=False))
def test_rows_of_evidence_may_stand_in_any_order(size: int, random: Random) -> None:
    document = DOCUMENT | {"evidence": [*DOCUMENT["evidence"]]}
    random.shuffle(document["evidence"])
    text = json.dumps(document).encode()
    again = random.choice(document["evidence"])
    place = random.randrange(COUNT // 2)
    twice = [*document["evidence"][:place], again, *document["evidence"][place:]]
    for engine in ENGINES:
        with by(engine), in_pieces(size):
            assert accepted(text, "dataset") == COUNT
            assert accepted(json.dumps(document | {"evidence": twice}).encode(), "dataset") is None


@given(sizes, forms, st.sampled_from(["programs", "partners", "evidence", "municipalities"]))
def test_a_valid_array_is_accepted_in_pieces(size: int, form: dict[str, Any], table: str) -> None:
    text = b" \n" + json.dumps(DOCUMENT[table], **form).encode() + b"\r\n\t"
    records = records_of_array(text)
    assert records is not None
    for engine in ENGINES:
        with by(engine), in_pieces(size):
            pieces = [json.loads(piece) for piece in records.pieces(text)]
            assert [record for piece in pieces for record in piece] == DOCUMENT[table]
            assert len(pieces) > 1 or size > len(text) / 3
            assert accepted(text, None) == len(DOCUMENT[table])


def check_ways(text: bytes, kind: str, size: int) -> None:
    """Both ways, with both engines, agree about a text."""
    is_valid = not slowly(text, kind)
    for engine in ENGINES:
        with by(engine), in_pieces(size):
            assert (accepted(text, kind) is not None) is is_valid


@given(documents(), sizes, forms)
def test_both_ways_agree_about_a_document(document: DatasetDocument, size: int, form: dict[str, Any]) -> None:
    check_ways(json.dumps(document.model_dump(mode="json"), **form).encode(), "dataset", size)


EDITS = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b'"',
    b"\\",
    b" ",
    b"\n",
    b"\x0b",
    b"\xc2\xa0",
    b"}, {",
    b"}]",
    b"[{",
    b"0",
]


@given(documents(), sizes, forms, st.data())
def test_what_was_edited_is_accepted_in_pieces_only_if_it_is_valid(
    document: DatasetDocument, size: int, form: dict[str, Any], data: st.DataObject
) -> None:
    text = json.dumps(document.model_dump(mode="json"), **form).encode()
    marks = [at for at, one in enumerate(text) if one in b"{}[],"]  # where a cut may be made
    at = data.draw(st.sampled_from(marks)) + data.draw(st.integers(-1, 1))
    end = at + data.draw(st.integers(0, 3))
    edited = text[:at] + data.draw(st.sampled_from([b"", *EDITS, text[at - 20 : at], text[at : at + 40]])) + text[end:]
    for engine in ENGINES:
        with by(engine), in_pieces(size):
            if accepted(edited, "dataset") is not None:
                assert slowly(edited, "dataset") == ()


ODD: list[Any] = [
    "no-such-record",
    "Revere",
    "revere\n",
    " revere",
    "",
    "a" * 200,
    "\u00e9",
    "programs/revere-bhu--x",
    None,
    5,
    [],
]


@pytest.mark.parametrize(("table", "field"), [*REFERENCES, *(("evidence", field) for field in CLAIM)])
def test_a_text_that_only_the_rules_look_at_is_refused_in_pieces(table: str, field: str) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    rows = [document[table]] if TABLE_SPECS[table].has_one_row else document[table]
    row = next(row for row in rows if row.get(field))
    for odd in ODD:
        row[field] = odd
        text = json.dumps(document).encode()
        assert odd is None or slowly(text, "dataset")
        check_ways(text, "dataset", 300)


# As they may be taken for where a table or a record begins or ends.
@pytest.mark.parametrize(
    "text",
    ['"programs": [{', '"evidence": [{"a": 1}], "', "}, {", "},{", "}]", "], [", '\\"partners":[{', '"sources":[{}]\\'],
)
@pytest.mark.parametrize("form", FORMS)
def test_a_text_that_looks_like_a_bound_is_a_text(text: str, form: dict[str, Any]) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    for table in ("municipalities", "programs"):
        document[table][1]["summary"] = text
    document["grant_program"]["goal"] = text
    written = json.dumps(document, **form).encode()
    for engine in ENGINES:
        with by(engine), in_pieces(200):
            assert accepted(written, "dataset") == COUNT
            assert accepted(json.dumps(document["programs"], **form).encode(), "programs") == len(DOCUMENT["programs"])


@pytest.mark.parametrize("table", TABLES)
def test_a_table_that_stands_twice_is_refused(table: str) -> None:
    text = json.dumps(DOCUMENT)[:-1]
    again: list[Any]
    for again in (DOCUMENT[table], DOCUMENT[table][:1], []):
        for written in (f'{text}, "{table}": {json.dumps(again)}}}', f'{{"{table}": {json.dumps(again)}, {text[1:]}}}'):
            check_ways(written.encode(), "dataset", 300)


@pytest.mark.parametrize("place", ["release", "grant_program", "redirects", "evidence"])
def test_a_table_within_a_record_is_refused(place: str) -> None:
    for table in TABLES:
        document = json.loads(json.dumps(DOCUMENT))
        records = document.pop(table)
        document[place] = document.get(place) or [{}]
        where = document[place] if TABLE_SPECS[place].has_one_row else document[place][0]
        where[table] = records
        check_ways(json.dumps(document).encode(), "dataset", 300)


def test_no_field_is_called_like_a_table() -> None:
    # What `pieces` says of a document rests on this.
    for name in MEMBERS:
        schemas = [schema_of(name)]
        for schema in schemas:
            assert not {*schema["properties"]} & {*TABLES}
            schemas += parts_of(schema).values()


def test_a_text_of_many_beginnings_has_each_table_once() -> None:
    rest, cut = records_of_document(b'{"programs":[{}],' * 50_000)
    assert set(cut) == {"programs"}
    assert len(rest) > 800_000 - 20
