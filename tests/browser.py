"""Pages in the real Chromium of the system, as a person uses them; import the fixtures ``browser`` and ``tab``.

One browser for all tests of a session. A test fails where a page wrote an error into the console, threw one, or asked
another host for anything, whatever else it looks at.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
HERE = ("127.0.0.1", "localhost", "")
_RUNNING: list[Any] = []
SERIOUS = ("serious", "critical")


def chromium() -> str:
    """The system's Chromium; skips where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no chromium: apt.txt names the package")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if _RUNNING:  # each module that imports the fixture has one of its own; Playwright starts once in a process
        yield _RUNNING[0]
        return
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install -e '.[dev]'")
    executable = chromium()
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        _RUNNING.append(started)
        yield started
        _RUNNING.clear()
        started.close()


@pytest.fixture
def tab(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page of the browser, as in ``tab(viewport=PHONE, color_scheme="dark")``; each has cookies of its own.

    ``allowed=("404",)`` are parts of console messages that are expected.
    """
    faults: list[str] = []
    contexts = []

    def opened(*, allowed: tuple[str, ...] = (), **options: Any) -> Any:
        context = browser.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **options})
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()

        def told(text: str) -> None:
            if not any(part in text for part in allowed):
                faults.append(text)

        page.on("console", lambda message: told(f"{message.text} ({page.url})") if message.type == "error" else None)
        page.on("pageerror", lambda error: told(f"{error} ({page.url})"))
        page.on("request", lambda request: told(f"asked {request.url}") if not _is_here(request.url) else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, faults


def _is_here(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("data", "blob", "about") or parts.hostname in HERE


def waited(locator: Any, number: int | None = None) -> Any:
    """``locator``, once there are as many of it as asked for, or any: a page draws some time after a click."""
    from playwright.sync_api import expect

    if number is None:
        locator.first.wait_for(state="attached")
    else:
        expect(locator).to_have_count(number)
    return locator


def overflow(page: Any) -> int:
    """By how many pixels the page is wider than its window: it should not scroll sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def barriers(page: Any) -> list[str]:
    """What axe finds that is serious or critical, one line each: the rule, its help, the first element."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: {each['nodes'][0]['html'][:200]}"
        for each in found
        if each["impact"] in SERIOUS
    ]


def picture(page: Any, path: Path) -> Path:
    """A screenshot of the whole page, for people who look at it."""
    page.screenshot(path=path, full_page=True)
    return path
