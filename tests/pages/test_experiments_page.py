"""The analyst's stories, walked in a real browser in English and German."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from experiments.events import Event, Exposure, SearchShown
from service.services import Services
from service.tokens import Role
from tests.pages.checks import MOST_SHIFT, WATCH_SHIFT, serious_in_any_light
from tests.pages.shop import fake_shop, serving
from tests.service.fakes import NOW, ROOT

pytestmark = pytest.mark.browser

Shop = tuple[str, Services]
UNITS = 600
SAID = {
    "en-IN": {"running": "running", "stopped": "stopped", "good": "healthy", "days": "days",
              "merged": "Interleaving: whose products were clicked",
              "novelty": "By days since a unit's first search"},
    "de-DE": {"running": "läuft", "stopped": "beendet", "good": "gesund", "days": "Tage",
              "merged": "Verschränkung: wessen Produkte geklickt wurden",
              "novelty": "Nach Tagen seit der ersten Suche einer Einheit"},
}  # fmt: skip
both = pytest.mark.parametrize("language", list(SAID))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop with a log of its own and definitions that may be started."""
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    running = tmp_path / "locales/experiments/less-alike.yaml"
    text = running.read_text(encoding="utf-8").replace("state: draft", "state: running")
    running.write_text(text, encoding="utf-8")
    merged = text.replace("key: less-alike", "key: merged\ninterleaving: true")
    merged = merged.replace("salt: less-alike-2026", "salt: merged-2026")
    merged = merged.replace("start: 0, end: 0.5", "start: 0.5, end: 1")
    merged = merged.replace("guardrails: [purchase_rate, revenue_per_search]\n", "")
    (running.parent / "merged.yaml").write_text(merged, encoding="utf-8")
    services = fake_shop(tmp_path, tmp_path / "locales")
    fill_log(services)
    with serving(services) as url:
        yield url, services


def fill_log(services: Services) -> None:
    """Both variants alike in number; every second shopper of `varied` clicks, every third else."""
    log, events = services.events(), []
    for number in range(UNITS):
        variant = ("shipped", "varied")[number % 2]
        unit, query, at = f"u{number}", f"q{number}", NOW - timedelta(days=4 - number % 4)
        shown = SearchShown(
            query_id=query, marketplace="in", unit=unit, at=at, product_ids=("kurti-1",),
            features="1", rules="1", variants={"less-alike": variant},
        )  # fmt: skip
        seen = Exposure(experiment="less-alike", variant=variant, unit=unit, marketplace="in",
                        query_id=query, at=at)  # fmt: skip
        log.record_search(shown, (seen,))
        if number // 2 % (2 if variant == "varied" else 3) == 0:
            events.append(Event(event_id=f"e{number}", type="click", marketplace="in",
                                query_id=query, product_id="kurti-1", unit=unit, at=at,
                                received_at=at))  # fmt: skip
    log.record_events(events)


def fill_merged_log(services: Services) -> None:
    """Pages of both variants' products: of three shoppers two click what `varied` placed."""
    log, events = services.events(), []
    for number in range(UNITS // 4):
        unit, query, at = f"m{number}", f"mq{number}", NOW - timedelta(days=1)
        placed = {"shipped": "kurti-1", "varied": "kurti-2"}
        shown = SearchShown(
            query_id=query, marketplace="in", unit=unit, at=at, product_ids=tuple(placed.values()),
            features="1", rules="1", variants={"merged": "interleaved"},
            teams={variant: (product,) for variant, product in placed.items()},
        )  # fmt: skip
        seen = Exposure(experiment="merged", variant="interleaved", unit=unit, marketplace="in",
                        query_id=query, at=at)  # fmt: skip
        log.record_search(shown, (seen,))
        clicked = placed["varied" if number % 3 else "shipped"]
        events.append(Event(event_id=f"me{number}", type="click", marketplace="in", query_id=query,
                            product_id=clicked, unit=unit, at=at, received_at=at))  # fmt: skip
    log.record_events(events)


def enter(page: Page, shop: Shop, language: str, key: str = "less-alike") -> str:
    url, services = shop
    token = services.tokens.create(
        name="Ana", role=Role.ANALYST, marketplaces=("*",), now=NOW, days=1
    )
    page.add_init_script(WATCH_SHIFT)
    page.goto(f"{url}/experiments?language={language}&key={key}")
    page.fill("#token", token)
    page.click("#sign-in button")
    expect(page.locator("#report .verdict")).to_be_visible()
    assert page.evaluate("window.shift") <= MOST_SHIFT
    return token


@both
def test_an_experiment_is_read_with_state_health_intervals_and_data(
    page: Page, shop: Shop, language: str, complaints: list[str]
) -> None:
    enter(page, shop, language)
    row = page.locator("#list [aria-current]")
    expect(row.locator(".state")).to_have_text(SAID[language]["running"])
    expect(row.locator(".health")).to_have_text(SAID[language]["good"])
    figure = page.locator("#report figure").first
    expect(figure.locator("svg.plot")).to_have_count(2)
    expect(figure.locator(".band")).to_have_count(1)
    expect(page.locator("#report tbody tr").first).to_contain_text("click_through")
    with page.expect_download() as saved:
        page.locator("#report > .buttons button").click()
    assert "click_through" in Path(saved.value.path()).read_text(encoding="utf-8")
    with page.expect_download() as plot:
        figure.locator("button").first.click()
    assert Path(plot.value.path()).read_text(encoding="utf-8").startswith("<svg")
    assert complaints == []


@both
def test_a_lift_is_read_by_age_and_a_merged_page_by_whose_products_won(
    page: Page, shop: Shop, language: str, complaints: list[str]
) -> None:
    fill_merged_log(shop[1])
    enter(page, shop, language)
    novelty = page.locator("#report [data-part=novelty]")
    expect(novelty.locator("figcaption")).to_contain_text(SAID[language]["novelty"])
    expect(novelty.locator("svg.plot text", has_text="0–1")).not_to_have_count(0)
    expect(page.locator("#report [data-part=interleaving]")).to_have_count(0)
    page.locator("#list a, #list button").filter(has_text="merged").first.click()
    merged = page.locator("#report [data-part=interleaving]")
    expect(merged.locator("figcaption")).to_contain_text(SAID[language]["merged"])
    expect(merged.locator("figcaption")).to_contain_text("shipped 50 · varied 100")
    expect(merged.locator("svg.plot")).to_have_count(1)
    expect(page.locator("#report .verdict")).to_contain_text("'varied'")
    assert serious_in_any_light(page) == []
    assert complaints == []


@both
def test_units_are_planned_stopped_and_started_with_a_reason(
    page: Page, shop: Shop, language: str
) -> None:
    enter(page, shop, language)
    expect(page.locator("#power-answer")).to_contain_text(SAID[language]["days"])
    before = page.locator("#power-answer").inner_text()
    page.fill("#power [name=effect]", "10")
    expect(page.locator("#power-answer")).not_to_have_text(before)
    file = shop[1].settings.locales / "experiments/less-alike.yaml"
    for state in ("stopped", "running"):
        page.fill("#change-reason", "Agreed with the buyers")
        page.click("#change-button")
        expect(page.locator("#list [aria-current] .state")).to_have_text(SAID[language][state])
        assert f"state: {state}" in file.read_text(encoding="utf-8")


@both
def test_the_variants_stand_side_by_side_for_a_photo(
    page: Page, shop: Shop, kurti: Path, language: str
) -> None:
    enter(page, shop, language)
    page.set_input_files("#compare-photo", kurti)
    expect(page.locator("#compare-columns .side-column")).to_have_count(2)
    expect(page.locator("#compare-columns .side-column").nth(1).locator("li")).not_to_have_count(0)
    assert serious_in_any_light(page) == []


@both
def test_a_lost_server_keeps_the_reason(page: Page, shop: Shop, language: str) -> None:
    enter(page, shop, language)
    page.route("**/v1/admin/**", lambda route: route.abort())
    page.fill("#change-reason", "Not lost")
    page.click("#change-button")
    expect(page.locator("#problem")).to_be_visible()
    expect(page.locator("#change-reason")).to_have_value("Not lost")
