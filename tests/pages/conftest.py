"""A browser and a served fake shop; skips with a reason without Debian's Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from service.services import Services
from service.tokens import Role
from tests.pages.checks import MOST_SHIFT, WATCH_SHIFT
from tests.pages.shop import fake_shop, serving
from tests.service.fakes import NOW, photo_bytes

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on PATH: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Services]]:
    """The address of a fake shop, and its services."""
    services = fake_shop(tmp_path_factory.mktemp("pages"))
    with serving(services) as url:
        yield url, services


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page on a desktop."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    opened.clock.set_fixed_time(NOW)
    yield opened
    context.close()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the console complains about, from the first page on."""
    found: list[str] = []
    page.on("console", lambda m: found.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def kurti(tmp_path: Path) -> Path:
    """A photo that the fake networks take for a kurti."""
    path = tmp_path / "kurti.jpg"
    path.write_bytes(photo_bytes("kurti", (300, 400)))
    return path


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[str, Services]]:
    """A shop of its own: publishing changes what is in force."""
    services = fake_shop(tmp_path)
    with serving(services) as url:
        yield url, services


@pytest.fixture
def enter(page: Page, shop: tuple[str, Services]) -> Callable[[str], str]:
    """Signs in to the studio in a language; returns the token."""
    url, services = shop

    page.add_init_script(WATCH_SHIFT)

    def signed_in(language: str) -> str:
        token = services.tokens.create(
            name="Asha", role=Role.MERCHANDISER, marketplaces=("in",), now=NOW, days=1
        )
        page.goto(f"{url}/studio?marketplace=in&language={language}")
        page.fill("#token", token)
        page.click("#sign-in button")
        expect(page.locator("#text")).to_be_visible()
        expect(page.locator("#state")).not_to_be_empty()
        assert page.evaluate("window.shift") <= MOST_SHIFT
        return token

    return signed_in
