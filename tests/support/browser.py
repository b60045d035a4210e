"""A real browser for the tests: Debian's Chromium, or one that is installed under a usual name."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

AXE = Path(__file__).parents[1] / "node" / "node_modules" / "axe-core" / "axe.min.js"


@contextmanager
def chromium() -> Generator[Browser]:
    """A browser; where there is none, the test is skipped and says why."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("EAPS_DATA_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("there is no Chromium; install it, or set EAPS_DATA_CHROMIUM to its path")
    with sync_playwright() as playwright:
        # A sandbox needs rights that a container does not have; what is opened is ours.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def violations(page: Page) -> list[Any]:
    """What axe finds that keeps people from using the page."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci --prefix tests/node")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]]
