"""The pages walked in a real browser, in two languages, and checked by axe."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from service.services import Services
from service.tokens import Role
from tests.service.fakes import NOW, photo_bytes

pytestmark = pytest.mark.browser

Served = tuple[str, Services]
SMALL_PICTURES_404 = "404"


@pytest.fixture
def kurti(tmp_path: Path) -> Path:
    path = tmp_path / "kurti.jpg"
    path.write_bytes(photo_bytes("kurti", (300, 400)))
    return path


def complaints(page: Page) -> list[str]:
    """Console errors from now on, without the fake shop's missing pictures."""
    found: list[str] = []
    page.on(
        "console",
        lambda m: found.append(m.text) if m.type == "error" and "404" not in m.text else None,
    )
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def search(page: Page, url: str, photo: Path, query: str = "") -> None:
    page.goto(f"{url}/?{query}")
    expect(page.locator("#marketplace option")).not_to_have_count(0)
    page.set_input_files("#file", photo)
    expect(page.locator("#grid [data-product]").first).to_be_visible()


def serious(page: Page) -> list[str]:
    results = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']}" for v in results if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize(
    ("language", "title", "category"),
    [("en-IN", "Similar here", "Kurtis"), ("hi-IN", "यहाँ मिलते-जुलते", "कुर्तियाँ")],
)
def test_a_photo_becomes_products_and_accessories(
    page: Page, served: Served, kurti: Path, language: str, title: str, category: str
) -> None:
    found = complaints(page)
    search(page, served[0], kurti, f"marketplace=in&language={language}")
    expect(page.locator("#results")).to_have_text(title)
    expect(page.locator("#category .path")).to_contain_text(category)
    expect(page.locator("#grid .price").first).to_contain_text("₹")
    expect(page.locator("#shelves .shelf").first).to_be_visible()
    assert found == []


def test_filters_and_boxes_search_again_without_reloading(
    page: Page, served: Served, kurti: Path
) -> None:
    search(page, served[0], kurti, "marketplace=in")
    page.evaluate("window.kept = true")
    page.check("input[name=prime]")
    expect(page.locator("#grid .card:not(:has(.prime))")).to_have_count(0)
    page.locator("#boxes .box").first.click(position={"x": 4, "y": 60})
    expect(page.locator("#grid [data-product]").first).to_be_visible()
    page.click("#draw")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#boxes .box.focus")).to_have_count(1)
    assert page.evaluate("window.kept") is True


def test_the_same_photo_is_compared_elsewhere(page: Page, served: Served, kurti: Path) -> None:
    search(page, served[0], kurti, "marketplace=in")
    page.click("[data-marketplace=us]")
    expect(page.locator(".column[data-marketplace=us]")).to_contain_text("Tunics")
    expect(page.locator(".column[data-marketplace=us] .price").first).to_contain_text("$")


def test_a_product_opens_with_what_is_similar(page: Page, served: Served, kurti: Path) -> None:
    search(page, served[0], kurti, "marketplace=in")
    page.locator("#grid .picture").first.click()
    expect(page.locator("#detail-title")).to_be_visible()
    expect(page.locator("#detail .shelf-row li")).to_have_count(6)
    page.locator("#detail form button").click()
    expect(page.locator("#detail")).to_be_hidden()


def test_a_bad_photo_and_a_lost_server_say_what_to_do(
    page: Page, served: Served, kurti: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture at all")
    search(page, served[0], kurti, "marketplace=in")
    page.set_input_files("#file", bad)
    expect(page.locator("#problem")).to_contain_text("JPEG, PNG or WebP")
    page.set_input_files("#file", kurti)
    expect(page.locator("#grid [data-product]").first).to_be_visible()
    page.route("**/search?*", lambda route: route.abort())
    page.check("input[name=prime]")
    expect(page.locator("#problem")).to_contain_text("Your photo is kept")
    page.unroute("**/search?*")
    page.click("#problem button")
    expect(page.locator("#grid [data-product]").first).to_be_visible()


def test_the_studio_checks_publishes_and_refuses_a_conflict(page: Page, served: Served) -> None:
    url, services = served
    token = services.tokens.create(
        name="Asha", role=Role.MERCHANDISER, marketplaces=("in",), now=NOW, days=1
    )
    page.goto(f"{url}/studio")
    expect(page.locator("#marketplace option")).to_have_count(7)
    page.select_option("#marketplace", "in")
    page.fill("#token", token)
    page.click("#sign-in button")
    expect(page.locator("#text")).to_be_visible()
    text = page.input_value("#text")
    page.fill("#text", text.replace("owner:", "ownr:", 1))
    expect(page.locator("#findings li").first).to_contain_text("Did you mean 'owner'?")
    expect(page.locator("#publish-button")).to_be_disabled()
    page.fill("#text", "# mine\n" + text)
    expect(page.locator("#publish-button")).to_be_enabled()
    theirs = {
        "files": {"merchandising.yaml": "# theirs\n" + text},
        "base": services.rules.current() or services.locales().version,
        "reason": "somebody else's change",
    }
    answer = page.request.post(
        f"{url}/v1/admin/in/rules:publish",
        data=theirs,
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.ok, answer.text()
    page.fill("#reason", "my change")
    page.click("#publish-button")
    expect(page.locator("#problem")).to_contain_text("Your draft was not lost")
    assert page.input_value("#text").startswith("# mine")
    page.click("#problem button")
    expect(page.locator("#publish-button")).to_be_enabled()
    page.click("#publish-button")
    expect(page.locator("#history li")).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious(
    page: Page, served: Served, kurti: Path, scheme: str, width: int
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    search(page, served[0], kurti, "marketplace=in")
    assert serious(page) == []
    for path in ("/studio", "/docs"):
        page.goto(f"{served[0]}{path}")
        page.wait_for_load_state("networkidle")
        assert serious(page) == [], path


def test_pages_are_small(page: Page, served: Served) -> None:
    sizes: list[int] = []
    page.on("response", lambda r: sizes.append(len(r.body())) if "/assets/" in r.url else None)
    page.goto(served[0])
    page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) < 250_000
