"""The explorer page in a real browser: filters, search, links, keyboard, narrow screens, accessibility and safety."""

import json
import random
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Dialog, Page, Request, expect

import eaps_data as eaps
from eaps_data._internal import resources
from eaps_data._internal.text_keys import fold
from eaps_data.export.explorer_data import VIEWS
from eaps_data.tables.search import TextIndex
from eaps_data.tables.where_signatures import filter_specs
from support.browser import chromium, violations
from support.hostile import EMPTY, NASTY, hostile
from support.html import parse_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def explorer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    eaps.export.write("html", path)
    return path


@pytest.fixture
def opener(browser: Browser, explorer: Path) -> Generator[Opener]:
    """Open pages from disk; fail on any network request, dialog or console message."""
    unexpected: list[str] = []
    pages: list[Page] = []

    def handle_request(request: Request) -> None:
        if not request.url.startswith(("file:", "blob:file:")):  # a download is a blob
            unexpected.append(request.url)

    def handle_dialog(dialog: Dialog) -> None:
        unexpected.append(dialog.message)
        dialog.dismiss()

    def open_(address: str = "", *, path: Path = explorer, width: int = 1200, dark: bool = False) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
        pages.append(page)
        page.on("console", lambda message: unexpected.append(message.text))
        page.on("pageerror", lambda error: unexpected.append(str(error)))
        page.on("request", handle_request)
        page.on("dialog", handle_dialog)
        page.goto(f"{path.as_uri()}{address}")
        return page

    yield open_
    for page in pages:
        page.close()
    assert unexpected == []


def shown(page: Page) -> list[str]:
    cards = page.locator("main article:visible").all()
    return [str(card.get_attribute("id")).partition("/")[2] for card in cards]


def values_of(table: str) -> dict[str, list[Any]]:
    """Return the values that each filter of a table may have, by the name of the filter."""
    collection = getattr(eaps, table)
    values: dict[str, list[Any]] = {}
    for spec in filter_specs(collection):
        if spec.vocabulary:
            values[spec.name] = [*spec.vocabulary]
        elif spec.record:
            values[spec.name] = [*getattr(eaps, spec.record.table).ids]
        elif bool in spec.types:
            values[spec.name] = [True, False]
    values |= {"county": ["Bristol", "Essex", "Hampshire", "Suffolk"], "state": ["MA"], "started_year": [2015]}
    values["open_ended"] = sorted({field for program in eaps.programs for field in program.open_ended})
    specs = {spec.name: spec for spec in filter_specs(collection) if spec.name != "exact"}
    return {name: values[name] + [None] * (type(None) in spec.types) for name, spec in specs.items()}


def text_of(value: object) -> str:
    """Return a value of a filter as the address has it."""
    return {None: "-", True: "true", False: "false"}.get(value, str(value))  # type: ignore[call-overload, no-any-return]


def found_by(table: str, filters: dict[str, Any]) -> list[str]:
    return list(getattr(eaps, table).where(**filters).ids)


def address(table: str, filters: dict[str, Any]) -> str:
    parts = []
    for name, values in filters.items():
        several = values if isinstance(values, list) else [values]
        parts += [f"{name}={text_of(value)}" for value in several]
    return f"#{table}?{'&'.join(parts)}"


def visit(page: Page, fragment: str) -> list[str]:
    """Open another address of the page, without a reload, and return what is shown."""
    ids = page.evaluate(
        """fragment => { history.replaceState(null, "", fragment); dispatchEvent(new PopStateEvent("popstate"));
        return [...document.querySelectorAll("main section:not([hidden]) > article:not([hidden])")].map(c => c.id) }""",
        fragment,
    )
    return [id_.partition("/")[2] for id_ in ids]


def counts_in(page: Page, name: str) -> dict[str, int]:
    """Return the number at each value of a filter."""
    found: dict[str, int] = page.evaluate(
        """name => Object.fromEntries([...document.querySelectorAll(`#filters input[name="${name}"]`)].map(
        box => [box.value, Number(box.closest("label").querySelector(".number").textContent)]))""",
        name,
    )
    return found


def check_box(page: Page, group: str, value: str) -> None:
    """Select a value of a filter as a user does."""
    details = page.locator("#filters details", has=page.locator("summary", has_text=group)).first
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    details.get_by_text(value, exact=True).click()


def test_the_evidence_for_each_claim_is_folded_below_it(opener: Opener) -> None:
    page = opener("#programs/revere-bhu")
    goal = eaps.programs["revere-bhu"].goals[0]
    item = page.locator("li", has_text=goal).last
    rows = [row for row in eaps.evidence.where(subject="programs/revere-bhu", field="goals") if row.item == goal]
    assert rows
    quote = item.get_by_text(f"“{rows[0].quote}”")
    expect(quote).to_be_hidden()
    item.locator("summary").click()
    expect(quote).to_be_visible()


@pytest.mark.parametrize("table", VIEWS)
def test_each_value_of_each_filter_finds_what_where_finds_and_is_counted(opener: Opener, table: str) -> None:
    page = opener(f"#{table}")
    total = 0
    for name, values in values_of(table).items():
        counts = counts_in(page, name)
        expected = {text_of(value): len(found_by(table, {name: value})) for value in values}
        assert counts == {value: number for value, number in expected.items() if number}, name
        for value in values:
            assert visit(page, address(table, {name: value})) == found_by(table, {name: value}), (name, value)
            exact = {name: value, "exact": True}
            assert visit(page, address(table, exact)) == found_by(table, exact), exact
            total += 1
        visit(page, f"#{table}")
    assert total > 10


@pytest.mark.parametrize("table", VIEWS)
def test_combined_filters_find_and_count_what_where_finds(opener: Opener, table: str) -> None:
    page = opener(f"#{table}")
    chance = random.Random(22)  # noqa: S311 - the same choice each time
    values = values_of(table)
    matching = 0
    for _ in range(150):
        names = chance.sample([*values], k=min(len(values), chance.randint(2, 3)))
        filters: dict[str, Any] = {name: chance.sample(values[name], k=min(len(values[name]), 3)) for name in names}
        filters |= {"exact": True} if chance.random() < 0.3 else {}
        found = found_by(table, filters)
        matching += bool(found)
        assert visit(page, address(table, filters)) == found, filters
        for name in names:
            for value, number in counts_in(page, name).items():
                given = next((each for each in values[name] if text_of(each) == value), value)
                assert number == len(found_by(table, {**filters, name: given})), (filters, name, value)
    assert matching > 20


def test_filters_of_partnerships_hold_for_the_same_partnership(opener: Opener) -> None:
    page = opener()
    for row in eaps.partnerships:
        for role in eaps.Role:
            filters = {"partner": row.partner, "role": role}
            assert visit(page, address("programs", filters)) == found_by("programs", filters)
            filters = {"program": row.program, "role": role}
            assert visit(page, address("partners", filters)) == found_by("partners", filters)


def test_a_user_selects_several_values_and_clears_them(opener: Opener) -> None:
    page = opener()
    everything = len(eaps.programs)
    expect(page.locator("#count")).to_have_text(f"{everything} of {everything} programs")
    check_box(page, "Need", "mental health")
    assert shown(page) == list(eaps.programs.where(need="mental-health").ids)
    check_box(page, "Need", "homelessness")
    assert shown(page) == list(eaps.programs.where(need=["mental-health", "homelessness"]).ids)
    check_box(page, "Municipality", "City of Revere")
    assert shown(page) == ["revere-bhu"]
    expect(page.locator("#count")).to_have_text(f"1 of {everything} programs")
    definition = eaps.Need.HOMELESSNESS.definition
    expect(page.locator("#chosen").get_by_text(definition)).to_be_visible()
    page.get_by_role("button", name="Remove the filter Municipality: City of Revere").click()
    assert shown(page) == list(eaps.programs.where(need=["mental-health", "homelessness"]).ids)
    check_box(page, "Approach", "deflection")
    expect(page.locator("#count")).to_have_text("No matching programs. Clear a filter or broaden your search.")
    page.get_by_role("button", name="Clear all").click()
    assert shown(page) == list(eaps.programs.ids)
    check_box(page, "Framework", "racial equity")
    assert shown(page) == list(eaps.programs.where(framework="racial-equity").ids)
    page.get_by_text("Exact terms only").click()
    assert shown(page) == list(eaps.programs.where(framework="racial-equity", exact=True).ids)


def test_a_click_on_a_term_filters_and_its_definition_is_shown(opener: Opener) -> None:
    page = opener()
    term = page.locator("#programs").get_by_role("link", name="homelessness", exact=True).first
    definition = eaps.Need.HOMELESSNESS.definition
    term.focus()
    expect(page.get_by_role("tooltip")).to_have_text(definition)
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_be_hidden()
    term.hover()
    expect(page.get_by_role("tooltip")).to_have_text(definition)
    term.click()
    assert shown(page) == list(eaps.programs.where(need="homelessness").ids)
    expect(page.locator("#chosen")).to_contain_text(definition)
    expect(page.locator("#filters input[name=need][value=homelessness]")).to_be_checked()


QUERIES = (
    *(
        "peer recovery",
        "recovery peer",
        "RECOV peer",
        "mental health clinicians",
        "community care responders",
    ),  # phrases
    *("SIM", "sequential intercept model", "addiction", "EMS", "racial inequity", "case manager", "BHU"),  # synonyms
    *("recovry", "shanon", "homelesness", "evalution", "polcie deprtment"),  # typos
    *("evaluate", "evaluating", "equitable", "coresponse", "co responders", "care-coordination", "Équité"),  # forms
    *("Revere, MA", "0600000US2502556585", "2502556585", "lleaps n\u2019 bounds", "revere-bhu", "Revere"),  # keys
    *("the", "of the", "&", "a b c", "act", "ACT", "pol", "zzzz", "🙂", "ecovery", "youth & <b>"),
)


def test_the_search_finds_and_ranks_what_eaps_search_finds(opener: Opener) -> None:
    page = opener()
    for query in QUERIES:
        try:
            hits = list(eaps.search(query))
        except ValueError:  # the query has no words
            hits = []
        for table in VIEWS:
            expected = [hit.record.id for hit in hits if hit.record.table == table]
            assert visit(page, f"#{table}?{page.evaluate('q => String(new URLSearchParams({q}))', query)}") == expected
        also = any(hit.record.table == "grant_program" for hit in hits)
        assert bool(page.locator("#also").text_content()) is also


def test_the_script_finds_the_same_hits_with_scores_and_matches_as_python(browser: Browser) -> None:
    index = json.loads(json.dumps(TextIndex(eaps.load()).to_plain()))
    words = sorted({word for _, _, words, _ in index["texts"] for word in words.split()})
    queries = [*QUERIES, *words, *(f"{word}s" for word in words), *(f"{word}ing" for word in words)]
    queries += [word[:-1] for word in words] + [word[1:] for word in words]
    queries += [f"{word} {other}" for word, other in zip(words, words[7:], strict=False)]
    queries += [row.quote for row in eaps.evidence][:100]
    page = browser.new_page()
    page.add_script_tag(content=resources.explorer("explorer_search.js"))
    page.evaluate("index => { window.find = createSearch(index) }", index)
    found = page.evaluate("queries => queries.map(query => find(query))", queries)
    page.close()
    for query, hits in zip(queries, found, strict=True):
        actual = [(hit["key"], pytest.approx(hit["score"], abs=1e-4), hit["matches"]) for hit in hits]
        try:
            expected = [hit.to_dict() for hit in eaps.search(query)]
        except ValueError:  # the query has no words
            expected = []
        assert [(f"{hit['table']}/{hit['id']}", hit["score"], hit["matches"]) for hit in expected] == actual, query


def test_a_hit_shows_why_it_matched(opener: Opener) -> None:
    page = opener()
    page.get_by_label("Search", exact=True).fill("recovry")
    hit = next(hit for hit in eaps.search("recovry") if hit.record.table == "programs")
    assert shown(page)[0] == hit.record.id
    why = page.locator(f"[id='programs/{hit.record.id}'] .why")
    expect(why).to_contain_text("'recovry' read as 'recovery'")
    page.get_by_label("Search", exact=True).fill("")
    assert page.locator(".why").count() == 0
    assert shown(page) == list(eaps.programs.ids)
    expect(page.locator("nav [aria-current]")).to_have_text(f"Programs {len(eaps.programs)}")


def test_search_and_filters_combine(opener: Opener) -> None:
    page = opener("#programs?q=health&approach=collaboration")
    hits = [hit.record.id for hit in eaps.search("health") if hit.record.table == "programs"]
    matching = eaps.programs.where(approach="collaboration").ids
    assert shown(page) == [id_ for id_ in hits if id_ in matching]
    counts = counts_in(page, "municipality")
    for id_ in eaps.municipalities.ids:
        both = eaps.programs.where(approach="collaboration", municipality=id_).ids
        assert counts.get(id_, 0) == len({*both} & {*hits})


def test_the_state_of_the_page_is_in_its_address(opener: Opener) -> None:
    page = opener()
    page.get_by_label("Search", exact=True).fill("youth & <b>")
    page.get_by_label("Search", exact=True).fill("health")
    check_box(page, "Approach", "collaboration")
    check_box(page, "Approach", "prevention")
    page.get_by_label("Sort by").select_option("Name")
    page.get_by_role("link", name="Behavioral Health Unit", exact=True).click()
    fragment = page.url.partition("#")[2]
    assert fragment == "programs/revere-bhu?q=health&approach=collaboration&approach=prevention&sort=name"
    again = opener(f"#{fragment}")
    assert shown(again) == shown(page)
    expect(again.locator("#filters input[value=prevention]")).to_be_checked()
    assert again.locator("[id='programs/revere-bhu'] .more").get_attribute("open") is not None
    expect(again.get_by_role("link", name="Behavioral Health Unit", exact=True)).to_be_focused()
    for _ in range(4):
        page.go_back()
    assert page.url.partition("#")[2] == "programs?q=health"
    expect(page.locator("#filters input[value=collaboration]")).not_to_be_checked()
    page.go_forward()
    expect(page.locator("#filters input[value=collaboration]")).to_be_checked()


def test_each_view_has_its_own_address(opener: Opener) -> None:
    page = opener()
    page.get_by_label("Search", exact=True).fill("police")
    page.get_by_role("navigation").get_by_role("link", name="Partners").click()
    assert page.url.endswith("#partners?q=police")
    assert shown(page) == [hit.record.id for hit in eaps.search("police") if hit.record.table == "partners"]
    page.get_by_role("button", name="Clear all").click()
    assert shown(page) == list(eaps.partners.ids)
    page.get_by_role("navigation").get_by_role("link", name="Municipalities").click()
    assert shown(page) == list(eaps.municipalities.ids)
    page.locator("[id='municipalities/revere'] .about a").click()
    assert shown(page) == list(eaps.programs.where(municipality="revere").ids)
    page.go_back()
    page.go_back()
    assert shown(page) == list(eaps.partners.ids)
    assert shown(opener("#municipalities")) == list(eaps.municipalities.ids)
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize(
    "fragment", ["#results", "#terms/Need/homelessness", "#nothing", "#programs/x/y", "#%", "#programs?"]
)
def test_other_addresses_show_all_programs(opener: Opener, fragment: str) -> None:
    assert shown(opener(fragment)) == list(eaps.programs.ids)


def test_an_address_with_unknown_values_matches_nothing(opener: Opener) -> None:
    page = opener("#programs/invented?need=invented&other=%3Cb%3E&q=%F0%9F%98%80%")
    expect(page.locator("#count")).to_contain_text("No matching programs")
    assert shown(page) == []
    page.get_by_role("button", name="Remove the filter Need: invented").click()
    page.get_by_role("button", name="Remove the filter other: <b>").click()
    page.get_by_role("button", name="Clear all").click()
    assert shown(page) == list(eaps.programs.ids)


def test_records_are_sorted(opener: Opener) -> None:
    page = opener("#programs?sort=name")
    names = [eaps.programs[id_].name for id_ in shown(page)]
    assert names == sorted(names, key=fold)
    assert len(names) == len(eaps.programs)
    page.get_by_label("Sort by").select_option("Started year")
    assert shown(page)[0] == eaps.programs.where(started_year=2015).ids[0]
    page.get_by_label("Sort by").select_option("Source order")
    assert shown(page) == list(eaps.programs.ids)
    assert shown(opener("#programs?sort=invented")) == list(eaps.programs.ids)


@pytest.mark.parametrize(
    ("table", "filters"),
    [
        ("programs", {}),
        ("programs", {"need": ["mental-health", "homelessness"], "municipality": ["revere", "northampton"]}),
        ("partners", {"kind": "police"}),
        ("municipalities", {"county": "Suffolk"}),
    ],
)
def test_downloads_equal_the_exports_of_where(
    opener: Opener, tmp_path: Path, table: str, filters: dict[str, Any]
) -> None:
    page = opener(address(table, filters) + "&sort=name")
    records = getattr(eaps, table).where(**filters)
    for suffix in ("csv", "json"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Download {suffix.upper()}").click()
        assert download.value.suggested_filename == f"{table}.{suffix}"
        options: Any = {"excel": True} if suffix == "csv" else {}
        eaps.export.write(suffix, tmp_path / f"{table}.{suffix}", records, **options)
        assert Path(download.value.path()).read_bytes() == (tmp_path / f"{table}.{suffix}").read_bytes()


def test_a_click_on_the_map_selects_the_municipality(opener: Opener) -> None:
    page = opener("#programs?need=homelessness")
    page.locator('#map [data-value="northampton"] circle').click()
    assert shown(page) == list(eaps.programs.where(municipality="northampton", need="homelessness").ids)
    expect(page.locator("#filters input[value=northampton]")).to_be_checked()
    page.get_by_role("navigation").get_by_role("link", name="Municipalities").click()
    page.locator('#map [data-value="lawrence"]').focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="City of Lawrence", exact=True).first).to_be_focused()
    assert page.locator("[id='municipalities/lawrence'] .more").get_attribute("open") is not None


def test_the_page_works_with_the_keyboard(opener: Opener) -> None:
    page = opener()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to results")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Search", exact=True)).to_be_focused()
    page.keyboard.type("lleaps")
    assert shown(page) == ["lawrence-lleaps"]
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Download JSON")).to_be_focused()
    while page.evaluate("document.activeElement.closest('h3') === null"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    more = page.locator("[id='programs/lawrence-lleaps'] .more")
    assert more.get_attribute("open") is not None
    more.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert more.get_attribute("open") is None
    box = page.locator("#filters input[name=municipality]").first
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    points = [page.locator(f"#map [data-value={id_}]") for id_ in eaps.municipalities.ids]
    points[0].focus()
    for _ in points[1:]:
        page.keyboard.press("Tab")
    expect(points[-1]).to_be_focused()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1200, 320])
@pytest.mark.parametrize(
    "fragment", ["", "#programs/revere-bhu?need=mental-health&q=youth", "#municipalities/revere", "#partners?q=zzzz"]
)
def test_the_page_is_accessible_and_fits_its_width(opener: Opener, fragment: str, width: int, dark: bool) -> None:
    page = opener(fragment, width=width, dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_results_are_in_the_first_screen(opener: Opener, width: int, height: int) -> None:
    page = opener(width=width)
    for view in VIEWS:
        visit(page, f"#{view}")
        box = page.locator("main article:visible").first.bounding_box()
        assert box is not None
        assert box["y"] < height / 2


def test_on_a_narrow_screen_the_map_and_the_filters_unfold(opener: Opener) -> None:
    page = opener(width=390)
    expect(page.locator("#map")).to_be_hidden()
    page.get_by_text("Map and filters").click()
    expect(page.locator("#map")).to_be_visible()
    check_box(page, "Need", "homelessness")
    assert shown(page) == list(eaps.programs.where(need="homelessness").ids)


def test_without_scripts_all_records_are_shown(browser: Browser, explorer: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(explorer.as_uri())
    total = sum(len(getattr(eaps, name)) for name in VIEWS)
    assert page.locator("main article:visible").count() == total
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#controls")).to_be_hidden()
    page.get_by_role("link", name="homelessness", exact=True).first.click()
    expect(page.get_by_text(eaps.Need.HOMELESSNESS.definition, exact=True)).to_be_in_viewport()
    page.close()


def test_a_print_shows_the_filters_the_records_in_short_and_what_is_unfolded(opener: Opener) -> None:
    page = opener("#programs?municipality=revere")
    goal = page.get_by_text(eaps.programs["revere-bhu"].goals[0])
    page.emulate_media(media="print")
    expect(goal).to_be_hidden()
    expect(page.locator("[id='programs/revere-bhu'] .terms")).to_be_visible()
    expect(page.locator("#chosen")).to_contain_text("Revere")
    page.emulate_media(media="screen")
    page.locator("[id='programs/revere-bhu'] .more > summary").click()
    page.emulate_media(media="print")
    expect(goal).to_be_visible()
    for name in ("#controls div button", "#side", "nav", "#q"):
        assert page.locator(name).filter(visible=True).count() == 0
    expect(page.locator("#count")).to_be_visible()
    expect(page.locator("header")).to_contain_text("Not an official page")
    assert page.pdf().startswith(b"%PDF")


@pytest.mark.parametrize("nasty", NASTY)
def test_hostile_names_are_shown_as_text(opener: Opener, tmp_path: Path, nasty: str) -> None:
    path = tmp_path / "own.html"
    eaps.export.write("html", path, hostile(nasty))
    parse_page(path.read_text(encoding="utf-8"))
    page = opener("#programs?municipality=new-bedford", path=path, width=380)
    assert page.title() != "broken"
    assert len(shown(page)) == len(eaps.programs.where(municipality="new-bedford"))
    page.get_by_text("Map and filters").click()
    page.get_by_label("Search", exact=True).fill(" ".join(nasty.split()[:3]))
    assert page.title() != "broken"
    assert page.locator("script:not([type='application/json'])").count() == 1
    assert page.locator("img, iframe, svg svg").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    assert page.locator("#filters bdi").count() > len(eaps.municipalities)


def test_an_empty_dataset_shows_a_message(opener: Opener, tmp_path: Path) -> None:
    path = tmp_path / "own.html"
    eaps.export.write("html", path, EMPTY)
    page = opener(path=path)
    for name in VIEWS:
        expect(page.get_by_text(f"There are no {name} yet.")).to_be_visible()
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#controls")).to_be_hidden()
    assert violations(page) == []


def test_labels_of_the_map_do_not_overlap(opener: Opener) -> None:
    groups: list[list[list[float]]] = opener().evaluate(
        "[...document.querySelectorAll('#map a')].map(a => [...a.querySelectorAll('text')].map("
        "t => (({x, y, width, height}) => [x, y, x + width, y + height])(t.getBBox())))"
    )
    assert len(groups) == len(eaps.municipalities)
    for number, group in enumerate(groups):
        for left, top, right, bottom in group:
            for other in (box for earlier in groups[:number] for box in earlier):
                assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_what_the_source_does_not_state_is_listed_and_found(opener: Opener) -> None:
    page = opener("#programs?q=budgets")
    (topic,) = eaps.not_stated("budget")
    expect(page.locator("#count")).to_contain_text(topic.explanation)
    expect(page.locator("footer")).to_contain_text(topic.explanation)
    expect(page.locator("footer")).to_contain_text(eaps.cite().text)
