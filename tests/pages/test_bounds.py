"""What holds on every page: axe, weight, a still layout, a clean console, no outside host."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from catalog.locale_files import load_marketplaces
from service.services import Services
from service.tokens import Role
from tests.pages.checks import MOST_SHIFT, WATCH_SHIFT, serious
from tests.service.fakes import NOW, ROOT

pytestmark = pytest.mark.browser

Served = tuple[str, Services]
PAGES = ("/", "/studio", "/experiments", "/docs")
MOST_BYTES = 250_000
LABELS = ROOT / "service/pages/assets/labels"


def answered(page: Page, url: str, photo: Path) -> None:
    page.goto(f"{url}/?marketplace=in")
    expect(page.locator("#marketplace option")).to_have_count(7)
    page.set_input_files("#file", photo)
    expect(page.locator("#grid[aria-busy=false] [data-product]").first).to_be_visible()


def sign_in(page: Page, url: str, services: Services, path: str) -> None:
    token = services.tokens.create(
        name="Asha", role=Role.ADMIN, marketplaces=("*",), now=NOW, days=1
    )
    page.goto(f"{url}{path}")
    page.fill("#token", token)
    page.click("#sign-in button")
    expect(page.locator("#sign-in")).to_be_hidden()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious(
    page: Page, served: Served, kurti: Path, scheme: str, width: int
) -> None:
    url, services = served
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(url)
    page.wait_for_load_state("networkidle")
    assert serious(page) == []
    answered(page, url, kurti)
    for tab in ("#tab-results", "#tab-look", "#tab-compare"):
        page.click(tab)
        page.wait_for_load_state("networkidle")
        assert serious(page) == [], tab
    page.click("#tab-results")
    page.locator("#grid .picture").first.click()
    expect(page.locator("#detail .rail .title")).to_have_count(6)
    assert serious(page) == []
    for path in PAGES[1:]:
        page.goto(f"{url}{path}")
        page.wait_for_load_state("networkidle")
        assert serious(page) == [], path
    sign_in(page, url, services, "/studio")
    for tab in ("campaign", "findings", "preview", "publish", "history"):
        page.click(f"#tab-{tab}")
        assert serious(page) == [], tab
    for view in ("page", "calendar"):
        page.click(f"[data-view={view}]")
        expect(page.locator("#live li, #month .day, #agenda li").first).to_be_attached()
        page.wait_for_load_state("networkidle")
        assert serious(page) == [], view
    page.goto(f"{url}/experiments")
    page.wait_for_load_state("networkidle")
    assert serious(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_small_and_comes_from_this_host_alone(
    page: Page, served: Served, path: str, complaints: list[str]
) -> None:
    url = served[0]
    sizes: list[int] = []
    hosts: set[str] = set()

    def seen(response: object) -> None:
        hosts.add(response.url.split("/")[2])  # type: ignore[attr-defined]  # playwright's Response
        if not response.url.endswith((".jpg", ".webp")):  # type: ignore[attr-defined]
            sizes.append(len(response.body()))  # type: ignore[attr-defined]

    page.on("response", seen)
    page.goto(f"{url}{path}")
    page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) < MOST_BYTES
    assert hosts == {url.split("/")[2]}
    assert complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_layout_stays_still_while_an_answer_comes(
    page: Page, served: Served, kurti: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(WATCH_SHIFT)
    page.goto(f"{served[0]}/?marketplace=in&sample=kurti.jpg")
    expect(page.locator("#grid[aria-busy=false] [data-product]").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") <= MOST_SHIFT
    answered(page, served[0], kurti)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") <= MOST_SHIFT


def test_every_language_says_everything() -> None:
    """All marketplaces' languages, all three pages: no label is missing, empty or left over."""
    labels = {path.stem: json.loads(path.read_text("utf-8")) for path in LABELS.glob("*.json")}
    markets = load_marketplaces(ROOT / "locales").marketplaces
    spoken = {tag.split("-")[0] for market in markets.values() for tag in market.languages}
    assert set(labels) == spoken
    slots = {key: set(re.findall(r"{\w+}", text)) for key, text in labels["en"].items()}
    for language, said in labels.items():
        assert set(said) == set(slots), language
        assert all(text.strip() for text in said.values()), language
        assert {key: set(re.findall(r"{\w+}", text)) for key, text in said.items()} == slots, (
            language
        )


def test_no_label_is_asked_for_that_nobody_says() -> None:
    """Every name in the pages' files is a label, and every label is named somewhere."""
    known = set(json.loads((LABELS / "en.json").read_text("utf-8")))
    files = [*LABELS.parent.glob("*.js"), *LABELS.parent.parent.glob("*.html")]
    text = "\n".join(path.read_text("utf-8") for path in files)
    asked = set(re.findall(r'data-(?:label|hint|says)="(\w+)"', text))
    asked |= set(re.findall(r'\blabel\("([\w-]+)"', text))
    assert asked <= known
    made = re.compile(
        r"(colour|problem|fix|e_state|e_health|s_kind)_.+|boys|girls|men|women|unisex"
        r"|e_(primary|guardrail)|s_(error|warning|mine|theirs|both)"
        r"|f_(pin|boost|bury|hide|filter|id|owner|reason|from|until|priority|days_before|days_after)"
        r"|f_(up|down|(min|max)_price|min_rating|prime|available|occasions|products|brands)"
        r"|f_(concepts|categories|colours|genders)"
    )
    quoted = set(re.findall(r'"([\w-]+)"', text))
    assert {key for key in known - asked - quoted if not made.fullmatch(key)} == set()
