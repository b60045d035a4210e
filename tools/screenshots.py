"""Take screenshots of everything people see, light, dark and narrow, to review before a release.

    python tools/screenshots.py build/screenshots

It needs Chromium: an installed one, or the one at the path `EAPS_DATA_CHROMIUM`.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import altair as alt
from playwright.sync_api import Browser, sync_playwright

import eaps_data as eaps

ROOT = Path(__file__).parents[1]
NARROW, WIDE = 380, 1200


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """Write the pages, and yield their names and addresses: charts, explorer, tables, and the site if built."""
    charts = {"map": eaps.plot.map(), "network": eaps.plot.network(), "matrix": eaps.plot.matrix()}
    for name, chart in charts.items():
        chart.save(folder / f"{name}.html", inline=True)
        yield name, (folder / f"{name}.html").as_uri()
        with alt.theme.enable("dark"):
            chart.save(folder / f"{name}-theme.html", inline=True)
        yield f"{name}-theme", (folder / f"{name}-theme.html").as_uri()
    eaps.export.write("html", folder / "explorer.html")
    yield "explorer", (folder / "explorer.html").as_uri()
    yield "explorer-open", (folder / "explorer.html").as_uri() + "#programs/revere-bhu?approach=collaboration"
    yield "explorer-partners", (folder / "explorer.html").as_uri() + "#partners?q=recovry"
    objects = (eaps.load(), eaps.programs, eaps.programs["BHU"], eaps.evidence)
    tables = "".join(each._repr_html_() for each in objects)
    head = '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Tables</title>'
    (folder / "tables.html").write_text(head + tables, encoding="utf-8")
    yield "tables", (folder / "tables.html").as_uri()
    site = ROOT / "build" / "site"
    for name in ("index", "pictures", "dictionary", "municipalities/revere"):
        if (site / f"{name}.html").exists():
            yield f"site-{Path(name).name}", (site / f"{name}.html").as_uri()


def shoot(browser: Browser, name: str, address: str, target: Path) -> None:
    """Take three screenshots of a page."""
    for style, width in (("light", WIDE), ("dark", WIDE), ("narrow", NARROW)):
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme="dark" if style == "dark" else "light"
        )
        page.goto(address)
        page.screenshot(path=target / f"{name}-{style}.png", full_page=True)
        page.close()


def main() -> None:
    """Take the screenshots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path, help="folder for the screenshots")
    target: Path = parser.parse_args().target
    target.mkdir(parents=True, exist_ok=True)
    path = os.environ.get("EAPS_DATA_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, address in pages(Path(folder)):
            shoot(browser, name, address, target)
            print(target / f"{name}-light.png")
        browser.close()


if __name__ == "__main__":
    main()
