"""Saved charts are valid, need no network and run no scripts of the data."""

from collections.abc import Generator
from pathlib import Path

import pytest

pytest.importorskip("altair")
pytest.importorskip("vl_convert")
pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page, Request, expect

import eaps_data as eaps
from support.browser import chromium
from support.commands import Runner
from support.hostile import NASTY, hostile

pytestmark = pytest.mark.slow

CHARTS = ("map", "network", "matrix")


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize(
    ("suffix", "start"),
    [("svg", b"<svg "), ("png", b"\x89PNG"), ("pdf", b"%PDF-"), ("html", b"<!DOCTYPE html>"), ("SVG", b"<svg ")],
)
def test_the_suffix_of_a_file_is_its_format(name: str, suffix: str, start: bytes, run: Runner, tmp_path: Path) -> None:
    path = tmp_path / f"chart.{suffix}"
    assert run("plot", name, str(path)) == (0, "", f"{path}: the {name} as {path.suffix[1:].upper()}\n")
    assert path.read_bytes().startswith(start)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", ["svg", "html"])
def test_a_missing_library_names_the_extra(
    suffix: str, run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eaps_data.cli.export.find_spec", lambda _: None)
    failed = run("plot", "map", str(tmp_path / f"chart.{suffix}"))
    assert failed.code == 2
    assert "needs vl-convert-python" in failed.err
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("nasty", ["", *NASTY])
@pytest.mark.parametrize("name", CHARTS)
def test_a_page_needs_no_network_and_runs_no_script_of_the_data(
    name: str, nasty: str, browser: Browser, tmp_path: Path, run: Runner
) -> None:
    own = tmp_path / "own.json"
    own.write_text((hostile(nasty) if nasty else eaps.load()).to_json(), encoding="utf-8")
    path = tmp_path / "chart.html"
    assert run("plot", name, str(path), "--from", str(own)).code == 0
    page = browser.new_page()
    unexpected: list[str] = []

    def handle_request(request: Request) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            unexpected.append(request.url)

    page.on("request", handle_request)
    page.on("console", lambda message: unexpected.append(message.text))
    page.on("pageerror", lambda error: unexpected.append(str(error)))
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.goto(path.as_uri())
    chart = page.locator("[role='graphics-document']")
    expect(chart).to_be_visible()
    dataset = eaps.Dataset.from_file(own)
    drawn = getattr(eaps.plot, name)(dataset.municipalities if name == "map" else dataset.programs)
    assert chart.get_attribute("aria-label") == drawn.description
    assert page.title() == ""
    assert page.locator("img").count() == 0
    assert unexpected == []
    page.close()


def test_a_tooltip_shows_the_program_and_its_quotation(browser: Browser, run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "chart.html"
    assert run("plot", "map", str(path)).code == 0
    page = browser.new_page()
    page.goto(path.as_uri())
    page.locator("[aria-label*='Municipality: Revere;']").hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text("Behavioral Health Unit")
    expect(page.locator("#vg-tooltip-element")).to_contain_text("“Behavioral Health Unit”")
    page.close()


def boxes(page: Page, selector: str) -> list[list[float]]:
    found: list[list[float]] = page.evaluate(
        f"[...document.querySelectorAll('{selector}')].map("
        "e => (({left, top, right, bottom}) => [left, top, right, bottom])(e.getBoundingClientRect()))"
    )
    return found


@pytest.mark.parametrize("name", ["map", "network"])
def test_labels_do_not_overlap_in_a_browser(name: str, browser: Browser, tmp_path: Path) -> None:
    # Labels are placed by estimated widths; a browser has the real ones.
    path = tmp_path / "chart.svg"
    getattr(eaps.plot, name)().save(path)
    page = browser.new_page()
    page.set_content(path.read_text(encoding="utf-8"))
    found = boxes(page, ".mark-text > text")
    assert len(found) >= len(eaps.programs)
    for number, (left, top, right, bottom) in enumerate(found):
        for other in found[:number]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    page.close()
