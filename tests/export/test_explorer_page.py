"""The explorer page as it is written: its cards, its filters and its data, without a browser."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest

import eaps_data as eaps
from eaps_data.export.explorer_data import VIEWS
from eaps_data.models.vocabulary import Term
from eaps_data.tables.search import TextIndex
from eaps_data.tables.where_signatures import filter_specs
from support.hostile import EMPTY, NASTY, hostile
from support.html import parse_page


def written(folder: Path, dataset: eaps.Dataset | None = None) -> str:
    path = folder / "explorer.html"
    eaps.export.write("html", path, dataset)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("explorer"))


@pytest.fixture(scope="module")
def page(content: str) -> Element:
    return parse_page(content)


@pytest.fixture(scope="module")
def cards(page: Element) -> dict[str, Element]:
    return {str(card.get("id")): card for card in page.iter("article")}


@pytest.fixture(scope="module")
def views(page: Element) -> dict[str, Any]:
    return dict(data_in(page)["views"])


def text_of(element: Element) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def data_in(page: Element) -> dict[str, Any]:
    (script,) = (each for each in page.iter("script") if each.get("type") == "application/json")
    return dict(json.loads(text_of(script)))


def by_class(card: Element, name: str) -> Iterator[Element]:
    return (each for each in card.iter() if each.get("class") == name)


def items_under(card: Element, heading: str) -> list[Element]:
    """Return the items below a heading in the details of a card."""
    (details,) = by_class(card, "more")
    (terms,) = details.findall("dl")
    for term, items in zip(terms.findall("dt"), terms.findall("dd"), strict=True):
        if text_of(term) == heading:
            return items.findall("ul/li")
    return []


def link_in(item: Element) -> tuple[str, str]:
    (link,) = item.findall("a")
    return str(link.get("href")), text_of(link)


def test_the_page_has_all_records_with_all_their_evidence(cards: dict[str, Element]) -> None:
    keys = {f"{each.table}/{each.id}" for name in VIEWS for each in getattr(eaps, name)}
    assert set(cards) == {*keys, "grant_program/eaps"}
    phrases = dict.fromkeys(cards, 0)
    for row in eaps.evidence:
        subjects = [row.subject]
        if row.subject.startswith("partnerships/"):
            ids = row.subject.removeprefix("partnerships/").split("--")
            subjects = [f"programs/{ids[0]}", f"partners/{ids[1]}"]
        for subject in subjects:
            assert f"“{row.quote}” {row.basis}, " in text_of(cards[subject]), row
            phrases[subject] += 1
    for key, number in phrases.items():
        summary = next(by_class(cards[key], "more")).find("summary")
        assert summary is not None
        assert text_of(summary) == f"All details, {number} phrase{'s' * (number != 1)} of evidence"


def test_a_card_has_the_claims_of_its_program(cards: dict[str, Element]) -> None:
    for program in eaps.programs:
        card = cards[f"programs/{program.id}"]
        for heading, values in {"Goals": program.goals, "Activities": program.activities}.items():
            assert [item.findtext("bdi") for item in items_under(card, heading)] == [*values]
        expands = [(f"#programs/{id_}", eaps.programs[id_].name) for id_ in program.expands]
        assert [link_in(item) for item in items_under(card, "Expands")] == expands
        plural = [(item.text or "").strip() for item in items_under(card, "Represents several programs")]
        assert plural == ["yes"] * program.plural


def test_a_card_is_introduced_by_what_the_record_is(cards: dict[str, Element]) -> None:
    about = {key: text_of(next(by_class(card, "about"))) for key, card in cards.items() if key.startswith("p")}
    for program in eaps.programs:
        line = about[f"programs/{program.id}"].split(" · ")
        assert line[0] == eaps.municipalities[program.municipality].styled_name
        assert (f"since {program.started_year}" in line) is (program.started_year is not None)
        assert ("several programs" in line) is program.plural
    assert about["programs/winthrop-public-health-and-safety-team"] == "Town of Winthrop · team · expanded · since 2015"
    assert about["partners/winthrop-police-officers"] == "Town of Winthrop · police officers · 1 program"
    revere = next(by_class(cards["municipalities/revere"], "about"))
    assert text_of(revere) == "Suffolk County · city · 1 program"
    assert link_in(revere) == ("#programs?municipality=revere", "1 program")


def test_a_program_leads_to_its_partners_and_a_partner_to_its_programs(cards: dict[str, Element]) -> None:
    expected: dict[str, list[tuple[str, str, str]]] = {key: [] for key in cards}
    for row in eaps.partnerships:
        role = f"({row.role.replace('-', ' ')}{', as one of several' * row.example})"
        program, partner = eaps.programs[row.program], eaps.partners[row.partner]
        expected[f"programs/{program.id}"].append((f"#partners/{partner.id}", partner.name, role))
        expected[f"partners/{partner.id}"].append((f"#programs/{program.id}", program.name, role))
    for key, card in cards.items():
        found = items_under(card, "Programs" if key.startswith("partners/") else "Partners")
        assert [(*link_in(item), re.findall(r"\([^)]*\)", text_of(item))[0]) for item in found] == expected[key]


def test_the_terms_of_a_program_filter_and_are_defined_on_the_page(page: Element, cards: dict[str, Element]) -> None:
    definitions = {each.get("id"): text_of(each) for each in page.iter("dd") if each.get("id")}
    for program in eaps.programs:
        shown = [dict(link.attrib) for link in next(by_class(cards[f"programs/{program.id}"], "terms")).iter("a")]
        expected: list[tuple[str, Term]] = [
            *(("need", term) for term in program.needs),
            *(("approach", term) for term in program.approaches),
            *(("service", term) for term in program.services),
            *(("population", term) for term in program.populations),
        ]
        assert [(each["data-filter"], each["data-value"]) for each in shown] == [
            (name, term) for name, term in expected
        ]
        for each, (_, term) in zip(shown, expected, strict=True):
            assert definitions[each["href"].removeprefix("#")] == definitions[each["aria-describedby"]]
            assert definitions[each["aria-describedby"]] == term.definition


@pytest.mark.parametrize("table", VIEWS)
def test_each_value_of_each_filter_finds_what_where_finds(views: dict[str, Any], table: str) -> None:
    collection = getattr(eaps, table)
    held = {record["id"]: record["values"] for record in views[table]["records"]}
    known = {spec.name for spec in filter_specs(collection)} - {"exact"}
    filters = {each["name"]: each for each in views[table]["filters"]}
    assert [*held] == [*collection.ids]
    assert filters.keys() <= known
    assert all(not collection.where(**{name: None}) for name in known - filters.keys() if name != "started_year")
    for name, filter_ in filters.items():
        for text, _ in filter_["values"]:
            value = {"-": None, "true": True, "false": False}.get(text, int(text) if text.isdigit() else text)
            exact = [id_ for id_, values in held.items() if text in values.get(name, ())]
            assert exact == [*collection.where(**{name: value}, exact=True).ids], (name, text)
            broad = [
                id_
                for id_, values in held.items()
                if any(text in (each, *filter_["broader"].get(each, ())) for each in values.get(name, ()))
            ]
            assert broad == [*collection.where(**{name: value}).ids], (name, text)
        listed = {text for text, _ in filter_["values"]}
        assert {each for values in held.values() for each in values.get(name, ())} <= listed


def test_filters_of_partnerships_hold_for_the_same_partnership(views: dict[str, Any]) -> None:
    def ids(table: str, **wanted: str) -> list[str]:
        return [
            record["id"]
            for record in views[table]["records"]
            if any(all(value in link[name] for name, value in wanted.items()) for link in record["links"])
        ]

    linked = {table: {each["name"] for each in views[table]["filters"] if each["linked"]} for table in VIEWS}
    assert linked == {
        "programs": {"partner", "partner_kind", "role"},
        "municipalities": set(),
        "partners": {"program", "role"},
    }
    for row in eaps.partnerships:
        kind = eaps.partners[row.partner].kind
        for role in eaps.Role:
            found = eaps.programs.where(partner=row.partner, role=role).ids
            assert ids("programs", partner=row.partner, role=role) == [*found]
            found = eaps.partners.where(program=row.program, role=role).ids
            assert ids("partners", program=row.program, role=role) == [*found]
            found = eaps.programs.where(partner_kind=kind, role=role, exact=True).ids
            assert ids("programs", partner_kind=kind or "-", role=role) == [*found]


def test_filters_have_readable_names_and_values(views: dict[str, Any]) -> None:
    filters = {each["name"]: each for each in views["programs"]["filters"]}
    assert [each["label"] for each in filters.values()] == [
        *("Municipality", "Need", "Approach", "Service", "Population", "Partner", "Kind", "Status", "County"),
        *("Has a name in the source", "Represents several programs", "Started year", "Part of", "Expands"),
        *("Staff role", "Framework", "Partial lists", "Partner kind", "Role of the partner"),
    ]
    assert views["municipalities"]["filters"][0]["label"] == "Town or city"
    assert filters["plural"]["values"] == [["true", "yes"], ["false", "no"]]
    assert filters["started_year"]["values"] == [["2015", "2015"], ["-", "not stated"]]
    assert ["revere", "City of Revere"] in filters["municipality"]["values"]
    assert filters["need"]["definitions"]["homelessness"] == eaps.Need.HOMELESSNESS.definition
    assert views["programs"]["sorts"] == [
        ["name", "Name"],
        ["municipality", "Municipality"],
        ["started_year", "Started year"],
    ]


@pytest.mark.parametrize("table", VIEWS)
def test_the_records_to_download_are_those_of_the_exports(views: dict[str, Any], table: str, tmp_path: Path) -> None:
    collection, records = getattr(eaps, table), views[table]["records"]
    eaps.export.write("csv", tmp_path / f"{table}.csv", collection, excel=True)
    exported = (tmp_path / f"{table}.csv").read_bytes().decode("utf-8-sig")
    assert views[table]["csv"] + "".join(record["csv"] for record in records) == exported
    assert [record["json"] for record in records] == collection.to_records()


def test_the_page_has_the_search_index_and_what_is_not_stated(page: Element) -> None:
    data = data_in(page)
    assert data["search"] == json.loads(json.dumps(TextIndex(eaps.load()).to_plain()))
    (topic,) = eaps.not_stated("budget")
    assert data["unknown"][topic.topic] == data["unknown"]["budget"] == topic.explanation
    footer = next(page.iter("footer"))
    assert topic.explanation in text_of(footer)
    assert eaps.cite().text in text_of(footer)
    assert all(source.title in text_of(footer) for source in eaps.sources)


def test_only_the_script_of_the_page_may_run_and_nothing_is_fetched(page: Element) -> None:
    (script,) = (each for each in page.iter("script") if each.get("type") is None)
    allowed = b64encode(sha256("".join(script.itertext()).encode()).digest()).decode()
    (policy,) = (each.get("content") for each in page.iter("meta") if each.get("http-equiv"))
    assert policy == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'; base-uri 'none'; "
        "form-action 'none'"
    )
    assert not [each for each in page.iter() if each.get("src")]
    assert not [*page.iter("link")]


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_hostile_names_are_text(nasty: str, tmp_path: Path) -> None:
    page = parse_page(written(tmp_path, hostile(nasty)))
    assert len([*page.iter("script")]) == 2
    assert not {"img", "iframe"} & {element.tag for element in page.iter()}
    assert len([*page.iter("article")]) == 1 + sum(len(getattr(eaps, name)) for name in VIEWS)


def test_an_empty_dataset_has_a_message_for_each_table(tmp_path: Path) -> None:
    page = parse_page(written(tmp_path, EMPTY))
    messages = [text_of(each) for section in page.iter("section") for each in section.findall("p")]
    assert messages == [f"There are no {name} yet." for name in VIEWS]
    assert {name: view["filters"] for name, view in data_in(page)["views"].items()} == {name: [] for name in VIEWS}
