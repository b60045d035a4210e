"""The page to explore, in a real browser: filter, search, open, share, keyboard, narrow, and no script but its own."""

import re
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

pytest.importorskip("playwright")

import html5lib
from playwright.sync_api import Browser, Dialog, Locator, Page, Request, expect

import eaps_data as eaps
from support.browser import chromium, violations
from support.hostile import EMPTY, NASTY, hostile

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
    """Opens the page from the disk, and has nothing asked of a network and nothing wrong said in the console."""
    wrong: list[str] = []
    pages: list[Page] = []

    def requested(request: Request) -> None:
        if not request.url.startswith("file:"):
            wrong.append(request.url)

    def asked(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    def open_(address: str = "", *, path: Path = explorer, width: int = 1200, dark: bool = False) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
        pages.append(page)
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", requested)
        page.on("dialog", asked)
        page.goto(f"{path.as_uri()}{address}")
        return page

    yield open_
    for page in pages:
        page.close()
    assert wrong == []


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def shown(page: Page) -> list[str]:
    return [str(each.get_attribute("id")).removeprefix("program-") for each in page.locator("article:visible").all()]


def test_all_programs_are_shown_with_all_their_evidence(explorer: Path) -> None:
    content = explorer.read_text(encoding="utf-8")
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(content)
    cards = {str(card.get("id")): "".join(card.itertext()) for card in root.iter("article")}
    assert len(cards) == len(eaps.programs)
    for program in eaps.programs:
        said = cards[f"program-{program.id}"]
        for row in eaps.evidence.where(subject=[program, *eaps.partnerships.where(program=program)]):
            assert f"“{row.quote}”" in said


def test_filters_show_what_where_finds(opener: Opener) -> None:
    page = opener()
    assert shown(page) == list(eaps.programs.ids)
    expect(page.locator("#count")).to_have_text("14 of 14 programs")
    field(page, "Need").select_option("mental health")
    assert shown(page) == list(eaps.programs.where(need="mental-health").ids)
    field(page, "Municipality").select_option("City of Revere")
    assert shown(page) == ["revere-bhu"]
    expect(page.locator("#count")).to_have_text("1 of 14 programs")
    field(page, "Approach").select_option("diversion")
    expect(page.locator("#count")).to_contain_text("No program is like that")
    page.get_by_role("button", name="Show all").click()
    assert shown(page) == list(eaps.programs.ids)
    field(page, "Partner").select_option("City of New Bedford")
    assert shown(page) == list(eaps.programs.where(partner="city-of-new-bedford").ids)


@pytest.mark.parametrize("name", ["approach", "need", "municipality", "partner"])
def test_each_choice_of_a_filter_finds_what_where_finds(opener: Opener, name: str) -> None:
    page = opener()
    for value in [str(each.get_attribute("value")) for each in page.locator(f"#{name} option").all()][1:]:
        page.locator(f"#{name}").select_option(value)
        found = eaps.programs.where(**{name: value})  # type: ignore[arg-type]  # the names are checked when it runs
        assert shown(page) == list(found.ids)
        assert found


def test_the_search_takes_words_from_their_beginning_in_any_order_and_spelling(opener: Opener) -> None:
    page = opener()
    field(page, "Search").fill("RECOV peer")
    assert shown(page) == ["winthrop-public-health-and-safety-team"]
    field(page, "Search").fill("  ")
    assert len(shown(page)) == 14
    field(page, "Search").fill("ecovery")
    assert shown(page) == []


def test_what_is_asked_for_is_in_the_address_and_comes_back_from_it(opener: Opener) -> None:
    page = opener()
    field(page, "Search").fill("youth & <b>")
    field(page, "Search").fill("health")
    field(page, "Approach").select_option("collaboration")
    page.get_by_role("link", name="Behavioral Health Unit").click()
    address = page.url.partition("#")[2]
    assert address == "q=health&approach=collaboration&open=revere-bhu"
    again = opener(f"#{address}")
    assert shown(again) == shown(page)
    assert field(again, "Approach").input_value() == "collaboration"
    assert again.locator("#program-revere-bhu details").get_attribute("open") is not None
    page.go_back()
    page.go_back()
    assert field(page, "Approach").input_value() == ""


def test_an_address_that_asks_for_what_there_is_not_is_no_error(opener: Opener) -> None:
    page = opener("#open=invented&need=invented&q=%F0%9F%98%80%")
    expect(page.locator("#count")).to_contain_text("No program is like that")


def test_evidence_is_one_click_away(opener: Opener) -> None:
    page = opener("#municipality=revere")
    quote = page.get_by_text("has created a Behavioral Health Unit").first
    expect(quote).to_be_hidden()
    page.get_by_text("Evidence: ").and_(page.locator(":visible")).click()
    expect(quote).to_be_visible()


def test_a_point_of_the_map_chooses_its_municipality(opener: Opener) -> None:
    page = opener()
    page.locator('#map [data-id="northampton"] circle').click()
    assert shown(page) == list(eaps.programs.where(municipality="northampton").ids)
    assert field(page, "Municipality").input_value() == "northampton"


def test_everything_is_done_by_the_keyboard(opener: Opener) -> None:
    page = opener()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the programs")).to_be_focused()
    page.keyboard.press("Tab")
    expect(field(page, "Search")).to_be_focused()
    page.keyboard.type("youth")
    assert shown(page) == ["new-bedford-ssyi"]
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show all")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#program-new-bedford-ssyi details").get_attribute("open") is not None
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#program-new-bedford-ssyi details").get_attribute("open") is None


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1200, 320])
def test_nothing_keeps_people_from_using_it(opener: Opener, width: int, dark: bool) -> None:
    page = opener("#open=revere-bhu", width=width, dark=dark)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_a_script_everything_is_shown(browser: Browser, explorer: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(explorer.as_uri())
    assert page.locator("article:visible").count() == 14
    assert page.locator("#filters").is_hidden()
    page.close()


@pytest.mark.parametrize("nasty", NASTY)
def test_names_of_any_kind_run_nothing_and_break_nothing(opener: Opener, tmp_path: Path, nasty: str) -> None:
    path = tmp_path / "own.html"
    eaps.export.write("html", path, hostile(nasty))
    html5lib.HTMLParser(strict=True).parse(path.read_text(encoding="utf-8"))
    page = opener("#municipality=new-bedford", path=path, width=380)
    assert page.title() != "broken"
    assert len(shown(page)) == 8
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


def test_an_empty_dataset_is_a_sentence(opener: Opener, tmp_path: Path) -> None:
    path = tmp_path / "own.html"
    eaps.export.write("html", path, EMPTY)
    page = opener(path=path)
    expect(page.get_by_text("There are no programs here yet.")).to_be_visible()
    assert page.locator("#filters").is_hidden()
    assert violations(page) == []


def test_the_labels_of_pictures_cover_nothing_where_they_are_drawn(browser: Browser) -> None:
    # What the labels' places were made of is an estimate; this is what a browser's letters need.
    page = browser.new_page()
    page.set_content(eaps.plot.map().svg)
    boxes = page.evaluate(
        "[...document.querySelectorAll('g[data-id]')].map(g => [...g.querySelectorAll('text, circle')].map("
        "t => (({x, y, width, height}) => [x, y, x + width, y + height])(t.getBBox())))"
    )
    for number, own in enumerate(boxes):
        for left, top, right, bottom in own:
            for other in (each for each in boxes[:number] for each in each):
                assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    for picture in (eaps.plot.network(), eaps.plot.matrix()):
        page.set_content(picture.svg)
        across = float(re.findall(r'width="(\d+)', picture.svg)[0])
        rights = page.evaluate("[...document.querySelectorAll('text')].map(t => t.getBoundingClientRect().right)")
        assert max(rights) <= across + 8
    page.close()
