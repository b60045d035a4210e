"""The explorer page in a real browser: filters, search, links, keyboard, narrow screens, accessibility and safety."""

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
    """Open pages from disk; fail on any network request, dialog or console message."""
    unexpected: list[str] = []
    pages: list[Page] = []

    def handle_request(request: Request) -> None:
        if not request.url.startswith("file:"):
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


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def shown(page: Page) -> list[str]:
    return [str(card.get_attribute("id")).removeprefix("program-") for card in page.locator("article:visible").all()]


def test_the_page_has_all_programs_with_all_their_evidence(explorer: Path) -> None:
    content = explorer.read_text(encoding="utf-8")
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(content)
    cards = {str(card.get("id")): "".join(card.itertext()) for card in root.iter("article")}
    assert len(cards) == len(eaps.programs)
    for program in eaps.programs:
        content = cards[f"program-{program.id}"]
        for row in eaps.evidence.where(subject=[program, *eaps.partnerships.where(program=program)]):
            assert f"“{row.quote}”" in content
        assert all(text in content for text in (*program.goals, *program.activities))
        assert all(eaps.programs[id_].name in content for id_ in program.expands)
        assert ("several programs" in content) is program.plural


def test_filters_combine_as_in_where(opener: Opener) -> None:
    page = opener()
    assert shown(page) == list(eaps.programs.ids)
    expect(page.locator("#count")).to_have_text(f"{len(eaps.programs)} of {len(eaps.programs)} shown")
    field(page, "Need").select_option("mental health")
    assert shown(page) == list(eaps.programs.where(need="mental-health").ids)
    field(page, "Municipality").select_option("City of Revere")
    assert shown(page) == ["revere-bhu"]
    expect(page.locator("#count")).to_have_text(f"1 of {len(eaps.programs)} shown")
    field(page, "Approach").select_option("diversion")
    expect(page.locator("#count")).to_contain_text("No matching programs")
    page.get_by_role("button", name="Show all").click()
    assert shown(page) == list(eaps.programs.ids)
    field(page, "Partner").select_option("City of New Bedford")
    assert shown(page) == list(eaps.programs.where(partner="city-of-new-bedford").ids)


@pytest.mark.parametrize("name", ["approach", "need", "municipality", "partner"])
def test_each_filter_option_selects_the_programs_that_where_finds(opener: Opener, name: str) -> None:
    page = opener()
    for value in [str(option.get_attribute("value")) for option in page.locator(f"#{name} option").all()][1:]:
        page.locator(f"#{name}").select_option(value)
        found = eaps.programs.where(**{name: value})  # type: ignore[arg-type]  # the name is a parameter
        assert shown(page) == list(found.ids)
        assert found


def test_the_search_matches_prefixes_of_words_in_any_order_and_case(opener: Opener) -> None:
    page = opener()
    field(page, "Search").fill("RECOV peer")
    assert shown(page) == ["winthrop-public-health-and-safety-team"]
    field(page, "Search").fill("  ")
    assert len(shown(page)) == len(eaps.programs)
    field(page, "Search").fill("ecovery")
    assert shown(page) == []


def test_the_state_of_the_page_is_in_its_address(opener: Opener) -> None:
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


def test_an_address_with_unknown_values_matches_nothing(opener: Opener) -> None:
    page = opener("#open=invented&need=invented&q=%F0%9F%98%80%")
    expect(page.locator("#count")).to_contain_text("No matching programs")


def test_evidence_is_shown_on_click(opener: Opener) -> None:
    page = opener("#municipality=revere")
    quote = page.get_by_text("has created a Behavioral Health Unit").first
    expect(quote).to_be_hidden()
    page.get_by_text("Evidence: ").and_(page.locator(":visible")).click()
    expect(quote).to_be_visible()


def test_a_click_on_the_map_selects_the_municipality(opener: Opener) -> None:
    page = opener()
    page.locator('#map [data-id="northampton"] circle').click()
    assert shown(page) == list(eaps.programs.where(municipality="northampton").ids)
    assert field(page, "Municipality").input_value() == "northampton"


def test_the_page_works_with_the_keyboard(opener: Opener) -> None:
    page = opener()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to programs")).to_be_focused()
    page.keyboard.press("Tab")
    expect(field(page, "Search")).to_be_focused()
    page.keyboard.type("lleaps")
    assert shown(page) == ["lawrence-lleaps"]
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show all")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#program-lawrence-lleaps details").get_attribute("open") is not None
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#program-lawrence-lleaps details").get_attribute("open") is None


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1200, 320])
def test_the_page_is_accessible_and_fits_its_width(opener: Opener, width: int, dark: bool) -> None:
    page = opener("#open=revere-bhu", width=width, dark=dark)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_all_programs_are_shown(browser: Browser, explorer: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(explorer.as_uri())
    assert page.locator("article:visible").count() == len(eaps.programs)
    assert page.locator("#filters").is_hidden()
    page.close()


@pytest.mark.parametrize("nasty", NASTY)
def test_hostile_names_are_shown_as_text(opener: Opener, tmp_path: Path, nasty: str) -> None:
    path = tmp_path / "own.html"
    eaps.export.write("html", path, hostile(nasty))
    html5lib.HTMLParser(strict=True).parse(path.read_text(encoding="utf-8"))
    page = opener("#municipality=new-bedford", path=path, width=380)
    assert page.title() != "broken"
    assert len(shown(page)) == len(eaps.programs.where(municipality="new-bedford"))
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


def test_an_empty_dataset_shows_a_message(opener: Opener, tmp_path: Path) -> None:
    path = tmp_path / "own.html"
    eaps.export.write("html", path, EMPTY)
    page = opener(path=path)
    expect(page.get_by_text("There are no programs yet.")).to_be_visible()
    assert page.locator("#filters").is_hidden()
    assert violations(page) == []


def test_labels_of_the_map_do_not_overlap(opener: Opener) -> None:
    groups: list[list[list[float]]] = opener().evaluate(
        "[...document.querySelectorAll('#map g')].map(g => [...g.querySelectorAll('text, circle')].map("
        "t => (({x, y, width, height}) => [x, y, x + width, y + height])(t.getBBox())))"
    )
    assert len(groups) == len(eaps.municipalities)
    for number, group in enumerate(groups):
        for left, top, right, bottom in group:
            for other in (box for earlier in groups[:number] for box in earlier):
                assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
