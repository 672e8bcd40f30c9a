"""The merchandiser's stories, walked in a real browser in English and German."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from service.services import Services
from tests.pages.checks import serious_in_any_light
from tests.service.fakes import NOW

pytestmark = pytest.mark.browser

both = pytest.mark.parametrize("language", ["en-IN", "de-DE"])
SAID = {
    "en-IN": {
        "ok": "no errors",
        "lost": "cannot be reached",
        "expired": "session has ended",
        "somebody": "Somebody else",
        "fits": "fit together",
        "twice": "searched 2 times",
        "refused": "nothing was published",
    },
    "de-DE": {
        "ok": "keine Fehler",
        "lost": "nicht erreichbar",
        "expired": "Sitzung ist beendet",
        "somebody": "jemand anderes",
        "fits": "passt zusammen",
        "twice": "2-mal gesucht",
        "refused": "Nichts wurde veröffentlicht",
    },
}


def type_over(page: Page, text: str) -> None:
    page.fill("#text", text)


def publish(page: Page, reason: str) -> None:
    page.click("#tab-publish")
    expect(page.locator("#publish-button")).to_be_enabled()
    page.fill("#reason", reason)
    page.click("#publish-button")


def theirs(page: Page, shop: tuple[str, Services], token: str, text: str) -> None:
    """Somebody else publishes meanwhile."""
    url, services = shop
    answer = page.request.post(
        f"{url}/v1/admin/in/rules:publish",
        data={
            "files": {"merchandising.yaml": text},
            "base": services.rules.current() or services.locales().version,
            "reason": "somebody else's change",
        },
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.ok, answer.text()


@both
def test_typing_is_checked_at_line_and_column_with_a_guess(
    page: Page, enter: Callable[[str], str], language: str, complaints: list[str]
) -> None:
    enter(language)
    text = page.input_value("#text")
    type_over(page, text.replace("owner:", "ownr:", 1))
    expect(page.locator("#findings li").first).to_contain_text("'owner'")
    line = text[: text.index("owner:")].count("\n") + 1
    expect(page.locator(f"#findings [data-line='merchandising.yaml:{line}']")).to_be_visible()
    expect(page.locator(".gutter .error")).to_have_text(str(line))
    page.locator("#findings li button").first.click()
    assert page.evaluate("document.querySelector('#text').selectionStart") == text.index("owner:")
    page.click("#tab-publish")
    expect(page.locator("#publish-button")).to_be_disabled()
    page.reload()
    expect(page.locator("#text")).to_have_value(text.replace("owner:", "ownr:", 1))
    type_over(page, text + "\n# fine\n")
    expect(page.locator("#state")).to_contain_text(SAID[language]["ok"])
    assert complaints == []


@both
def test_a_conflict_of_two_rules_stands_at_both(
    page: Page, enter: Callable[[str], str], language: str
) -> None:
    enter(language)
    rule = (
        "  - id: {id}\n    owner: menswear\n    reason: A pin of its own.\n    priority: 50\n"
        "    actions:\n      - pin: {{product: {product}}}\n        at: 1\n"
    )
    both_pins = rule.format(id="pin-a", product="kurti-1") + rule.format(
        id="pin-b", product="kurti-2"
    )
    type_over(page, "campaigns:\n" + both_pins)
    findings = page.locator("#findings li")
    expect(findings.filter(has_text="pin-a")).not_to_have_count(0)
    expect(findings.filter(has_text="pin-b")).not_to_have_count(0)
    for pin in ("7", "14"):
        expect(page.locator(".gutter .error").get_by_text(pin, exact=True)).to_be_visible()
    assert serious_in_any_light(page) == []


@both
def test_keys_and_values_complete(page: Page, enter: Callable[[str], str], language: str) -> None:
    enter(language)
    type_over(page, "campaigns:\n  - id: a\n    ")
    page.keyboard.type("rea")
    expect(page.locator("#completion li").first).to_contain_text("reason")
    page.keyboard.press("Enter")
    assert page.input_value("#text").endswith("    reason: ")
    page.keyboard.type("x\n    when: {concepts: [sar")
    expect(page.locator("#completion li").first).to_contain_text("saree")
    page.keyboard.press("Tab")
    assert page.input_value("#text").endswith("[saree")


@both
def test_a_draft_is_previewed_published_and_rolled_back(
    page: Page, enter: Callable[[str], str], kurti: Path, language: str, complaints: list[str]
) -> None:
    enter(language)
    text = page.input_value("#text")
    campaign = (
        "campaigns:\n  - id: pin-one\n    owner: womens-ethnic\n    reason: It leads today.\n"
        "    priority: 90\n    when: {concepts: [kurti]}\n    actions:\n"
        "      - pin: {product: kurti-22}\n        at: 1\n"
    )
    type_over(page, text.replace("campaigns:\n", campaign, 1))
    expect(page.locator("#state")).to_contain_text(SAID[language]["ok"])
    page.click("#tab-preview")
    page.set_input_files("#preview-photo", kurti)
    columns = page.locator("#preview-sides .side-column")
    expect(columns.nth(1).locator("li").first).to_contain_text("kurti 22")
    expect(columns.nth(1).locator("li").first).to_contain_text("pin-one")
    expect(columns.nth(0).locator("li").first).not_to_contain_text("kurti 22")
    page.click("#preview-popular")
    expect(page.locator("#preview-list [data-query]")).to_have_count(12)
    assert serious_in_any_light(page) == []
    publish(page, "Kurti of the day")
    expect(page.locator("#publish-button")).to_be_disabled()
    page.click("#tab-history")
    expect(page.locator("#history li")).to_have_count(1)
    expect(page.locator("#history li").first).to_contain_text("Kurti of the day")
    type_over(page, text + "\n# later\n")
    publish(page, "Only a remark")
    page.click("#tab-history")
    expect(page.locator("#history li")).to_have_count(2)
    page.locator("#history summary").first.click()
    expect(page.locator("#history .diff .new").first).to_be_visible()
    page.locator("#history .quiet").click()
    assert serious_in_any_light(page) == []
    page.fill("#ask-reason", "The pin was right")
    page.locator("#ask .primary").click()
    expect(page.locator("#history li")).to_have_count(3)
    expect(page.locator("#text")).to_have_value(text.replace("campaigns:\n", campaign, 1))
    assert complaints == []


@both
def test_logged_searches_are_replayed_under_the_draft(
    page: Page, shop: tuple[str, Services], enter: Callable[[str], str], language: str
) -> None:
    """Each by the product it looked for, how often, and those that change first."""
    url, services = shop
    enter(language)
    page.click("#tab-preview")
    page.click("#preview-logged")
    expect(page.locator("#preview-status")).not_to_be_empty()
    expect(page.locator("#preview-list [data-query]")).to_have_count(0)
    for product in ("saree-1", "saree-1", "kurti-3"):
        answer = page.request.post(f"{url}/v1/in/search?product_id={product}", data={})
        assert answer.ok
    services.events().close()
    pin = (
        "campaigns:\n  - id: pin-one\n    owner: womens-ethnic\n    reason: It leads today.\n"
        "    priority: 90\n    when: {concepts: [kurti]}\n    actions:\n"
        "      - pin: {product: kurti-22}\n        at: 1\n"
    )
    type_over(page, page.input_value("#text").replace("campaigns:\n", pin, 1))
    expect(page.locator("#state")).to_contain_text(SAID[language]["ok"])
    page.click("#preview-logged")
    rows = page.locator("#preview-list [data-query]")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_have_attribute("data-query", "kurti-3")
    expect(rows.nth(1)).to_contain_text(SAID[language]["twice"])
    expect(page.locator("#preview-sides .side-column").nth(1)).to_contain_text("pin-one")
    rows.nth(1).click()
    expect(page.locator("#preview-sides")).not_to_contain_text("pin-one")


@both
def test_two_people_in_different_places_are_merged(
    page: Page, shop: tuple[str, Services], enter: Callable[[str], str], language: str
) -> None:
    token = enter(language)
    text = page.input_value("#text")
    type_over(page, text + "\n# mine at the end\n")
    theirs(page, shop, token, "# theirs at the top\n" + text)
    publish(page, "my change")
    expect(page.locator("#problem")).to_contain_text(SAID[language]["somebody"])
    page.locator("#problem .primary").click()
    expect(page.locator("#merge")).to_contain_text(SAID[language]["fits"])
    page.locator("#merge .primary").click()
    expect(page.locator("#text")).to_have_value(
        "# theirs at the top\n" + text + "\n# mine at the end\n"
    )
    publish(page, "both changes")
    page.click("#tab-history")
    expect(page.locator("#history li")).to_have_count(2)


@both
def test_two_people_in_one_place_choose_and_nothing_is_lost(
    page: Page, shop: tuple[str, Services], enter: Callable[[str], str], language: str
) -> None:
    token = enter(language)
    text = page.input_value("#text")
    type_over(page, "# mine\n" + text)
    theirs(page, shop, token, "# theirs\n" + text)
    publish(page, "my change")
    page.locator("#problem .primary").click()
    expect(page.locator("#merge .clash")).to_have_count(1)
    assert serious_in_any_light(page) == []
    page.locator("#merge input[value=both]").check()
    page.locator("#merge .primary").click()
    expect(page.locator("#text")).to_have_value("# theirs\n# mine\n" + text)


@both
def test_a_lost_server_and_an_ended_session_keep_the_draft(
    page: Page, shop: tuple[str, Services], enter: Callable[[str], str], language: str
) -> None:
    enter(language)
    text = page.input_value("#text")
    page.route("**/v1/admin/**", lambda route: route.abort())
    type_over(page, "# kept\n" + text)
    expect(page.locator("#problem")).to_contain_text(SAID[language]["lost"])
    page.unroute("**/v1/admin/**")
    _, services = shop
    for held in services.tokens.listed():
        services.tokens.revoke(held[0], NOW)
    type_over(page, "# kept twice\n" + text)
    expect(page.locator("#problem")).to_contain_text(SAID[language]["expired"])
    expect(page.locator("#sign-in")).to_be_visible()
    enter(language)
    expect(page.locator("#text")).to_have_value("# kept twice\n" + text)


@both
def test_a_refused_rule_says_where_and_publishes_nothing(
    page: Page, shop: tuple[str, Services], enter: Callable[[str], str], language: str
) -> None:
    """The server checks again: a draft that went wrong after the last check is refused there."""
    enter(language)
    text = page.input_value("#text")
    type_over(page, text + "\n# fine\n")
    page.click("#tab-publish")
    expect(page.locator("#publish-button")).to_be_enabled()
    wrong = {
        "base": shop[1].locales().version,
        "was": text,
        "text": text.replace("owner:", "ownr:", 1),
    }
    page.evaluate(
        "draft => localStorage.setItem('souk-draft:in:merchandising.yaml', JSON.stringify(draft))",
        wrong,
    )
    page.fill("#reason", "goes wrong")
    page.click("#publish-button")
    expect(page.locator("#problem strong")).to_contain_text(SAID[language]["refused"])
    expect(page.locator("#problem li").first).to_contain_text("merchandising.yaml:")
    assert shop[1].rules.current() is None
    expect(page.locator("#text")).to_have_value(text + "\n# fine\n")
