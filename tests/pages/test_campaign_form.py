"""Rules by form on a live result page, and their calendar: walked in English and Hindi."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from rules.campaign_forms import campaigns_of
from service.services import Services
from tests.pages.checks import MOST_SHIFT, serious_in_any_light
from tests.service.fakes import NOW

pytestmark = pytest.mark.browser

SAID = {
    "en-IN": {
        "pinned": "is pinned at place 1",
        "differs": "The page differs",
        "up": "Move up",
        "boost": "Boost",
        "mend": "mend what is marked",
        "lost": "cannot be reached",
        "expired": "session has ended",
        "fits": "fit together",
        "june": "June 2026",
        "july": "July 2026",
        "meets": "Meets on the same searches",
    },
    "hi-IN": {
        "pinned": "स्थान 1 पर पिन है",
        "differs": "पन्ना अलग है",
        "up": "ऊपर ले जाएँ",
        "boost": "ऊपर लाएँ",
        "mend": "त्रुटियाँ सुधारें",
        "lost": "सर्वर",
        "expired": "सत्र",
        "fits": "साथ",
        "june": "जून 2026",
        "july": "जुलाई 2026",
        "meets": "इन्हीं खोजों पर",
    },
}
both = pytest.mark.parametrize("language", list(SAID))
Shop = tuple[str, Services]
ANSWER_TAKEN_MS = 300
"""Long enough for a page to draw an answer that it has; shorter, the test only sees less."""
Enter = Callable[[str], str]


def begin(page: Page) -> Locator:
    """A new campaign on the page of the sample photo; the products of that page."""
    page.click("[data-view=page]")
    expect(page.locator("#page-query optgroup option").first).to_be_attached()
    page.select_option("#page-query", "sample:kurti.jpg")
    page.click("#campaign-new")
    expect(page.locator("#form-id")).to_have_value("campaign-1")
    expect(page.locator("#live[aria-busy]")).to_have_count(0)
    items = page.locator("#live > li")
    expect(items.nth(4)).to_contain_text("kurti")
    return items


def product(item: Locator) -> str:
    return item.get_attribute("data-product") or ""


def draft(page: Page) -> str:
    page.click("[data-view=text]")
    text = page.input_value("#text")
    page.click("[data-view=page]")
    return text


@both
def test_a_product_is_dragged_to_its_place_and_the_file_says_so(
    page: Page, shop: Shop, enter: Enter, language: str, complaints: list[str]
) -> None:
    """By the mouse, then by the buttons; the page, the form, the file and what is published agree."""
    enter(language)
    before = page.input_value("#text")
    items = begin(page)
    wanted, second = product(items.nth(4)), product(items.nth(1))
    items.nth(4).drag_to(items.nth(0))
    expect(items.nth(0)).to_have_attribute("data-product", wanted)
    expect(page.locator("#page-status")).to_contain_text(SAID[language]["pinned"])
    expect(page.locator("#page-note")).to_contain_text(SAID[language]["differs"])
    at = next(n for n in range(12) if product(items.nth(n)) == second)
    items.nth(at).locator(f"[data-key='{second}-up']").focus()
    page.keyboard.press("Enter")
    expect(items.nth(at - 1)).to_have_attribute("data-product", second)
    expect(page.locator(f"[data-key='{second}-up']")).to_be_focused()
    expect(page.locator("#campaign-fields .move")).to_have_count(2)
    assert serious_in_any_light(page) == []
    assert page.evaluate("window.shift") <= MOST_SHIFT
    text = draft(page)
    assert text.startswith(before.rstrip("\n"))
    made = campaigns_of(text)[-1].values
    assert made["when"] == {"categories": ("women.ethnic.kurti",)}
    assert made["actions"] == (
        {"pin": {"product": wanted}, "at": "1"},
        {"pin": {"product": second}, "at": str(at)},
    )
    page.click("#tab-publish")
    expect(page.locator("#changes .new")).not_to_have_count(0)
    page.fill("#reason", "Agreed with the buyers")
    page.click("#publish-button")
    expect(page.locator("#publish-button")).to_be_disabled()
    store = shop[1].rules
    version = store.current()
    assert version is not None
    assert store.contents(version)["in/merchandising.yaml"].decode() == text
    assert complaints == []


@both
def test_sliders_boost_and_bury_and_an_old_campaign_goes_back_to_its_very_text(
    page: Page, enter: Enter, language: str
) -> None:
    enter(language)
    before = page.input_value("#text")
    items = begin(page)
    last = product(items.nth(9))
    items.nth(9).locator("summary").click()
    slider = page.locator(f"[data-key='{last}-products']")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"\S"))
    slider.focus()
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", f"{SAID[language]['boost']} 1")
    expect(items.nth(9)).not_to_have_attribute("data-product", last)
    expect(page.locator("#campaign-diff")).to_contain_text("boost")
    assert f"boost: {{products: [{last}]}}\n        by: 1" in draft(page)
    page.locator("[data-path='actions.0'] input[type=range]").press("Home")
    expect(page.locator("[data-path='actions.0'][data-verb=bury]")).to_be_visible()
    expect(page.locator("#campaign-diff")).to_contain_text("bury")
    assert f"bury: {{products: [{last}]}}" in draft(page)
    page.click("#campaign-remove")
    page.locator("#ask .primary").click()
    expect(page.locator("#campaign option[value=campaign-1]")).to_have_count(0)
    page.select_option("#campaign", "diwali-sarees")
    reason = page.input_value("#form-reason")
    expect(page.locator("#page-day")).not_to_have_value("")
    page.fill("#form-reason", "Another reason.")
    page.locator("#form-priority").fill("75")
    page.locator("#form-priority").blur()
    expect(page.locator("#campaign-diff .diff-lines > .new")).to_have_count(2)
    page.fill("#form-reason", reason)
    page.locator("#form-priority").fill("60")
    page.locator("#form-priority").blur()
    expect(page.locator("#campaign-diff .diff-lines > .new")).to_have_count(0)
    assert draft(page) == before


def held(page: Page, pattern: str) -> tuple[list[Route], Callable[[], None]]:
    """From now on requests of the pattern wait; what waits, and how to let everything go."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    def released() -> None:
        for route in waiting:
            route.continue_()
        page.unroute(pattern)

    page.route(pattern, hold)
    return waiting, released


def test_a_campaign_chosen_while_another_is_removed_stays_chosen(page: Page, enter: Enter) -> None:
    """However long the check after the removal takes, what is typed meanwhile is kept."""
    enter("en-IN")
    begin(page).nth(2).locator(".step.wide").click()
    expect(page.locator("#publish-button")).to_be_enabled()
    checks, released = held(page, "**/rules:check")
    page.click("#campaign-remove")
    page.locator("#ask .primary").click()
    expect(page.locator("#campaign option[value=campaign-1]")).to_have_count(0)
    last = page.locator("#campaign option").last.get_attribute("value") or ""
    page.select_option("#campaign", last)
    expect(page.locator("#form-id")).to_have_value(last)
    page.fill("#form-reason", "Another reason.")
    page.locator("#form-reason").blur()
    expect(page.locator("#campaign-diff .diff-lines > .new")).to_have_count(1)
    assert checks
    with page.expect_request("**/rules:preview"):
        released()
    expect(page.locator("#publish-button")).to_be_enabled()
    expect(page.locator("#form-id")).to_have_value(last)
    expect(page.locator("#form-reason")).to_have_value("Another reason.")
    assert "Another reason." in draft(page)


def test_edits_on_their_way_stay_with_their_campaign(page: Page, enter: Enter) -> None:
    """Two edits, the first still unanswered, then another campaign: each file entry gets its own."""
    enter("en-IN")
    page.click("[data-view=page]")
    expect(page.locator("#live > li").nth(4)).to_be_visible()
    ids = [one.get_attribute("value") or "" for one in page.locator("#campaign option").all()]
    first, second = ids[0], ids[-1]
    page.select_option("#campaign", first)
    forms, released = held(page, "**/rules:form")
    page.fill("#form-reason", "Reason of the first.")
    page.fill("#form-owner", "first-owner")
    page.locator("#form-owner").blur()
    page.select_option("#campaign", second)
    assert len(forms) == 1
    released()
    expect(page.locator("#form-id")).to_have_value(second)
    page.fill("#form-reason", "Reason of the second.")
    page.locator("#form-reason").blur()
    expect(page.locator("#campaign-diff")).to_contain_text("Reason of the second.")
    made = {form.values["id"]: form.values for form in campaigns_of(draft(page))}
    assert list(made) == ids
    assert made[first]["reason"] == "Reason of the first."
    assert made[first]["owner"] == "first-owner"
    assert made[second]["reason"] == "Reason of the second."


def test_a_campaign_whose_edit_was_not_taken_is_not_left(page: Page, enter: Enter) -> None:
    """Without the server the choice goes back; with it again the edit arrives and the choice is free."""
    enter("en-IN")
    page.click("[data-view=page]")
    expect(page.locator("#live > li").nth(4)).to_be_visible()
    ids = [one.get_attribute("value") or "" for one in page.locator("#campaign option").all()]
    page.select_option("#campaign", ids[0])
    expect(page.locator("#form-id")).to_have_value(ids[0])
    page.route("**/rules:form", lambda route: route.abort())
    page.fill("#form-reason", "Not yet arrived.")
    page.locator("#form-reason").blur()
    expect(page.locator("#problem")).to_contain_text(SAID["en-IN"]["lost"])
    page.select_option("#campaign", ids[-1])
    expect(page.locator("#campaign")).to_have_value(ids[0])
    expect(page.locator("#form-reason")).to_have_value("Not yet arrived.")
    page.unroute("**/rules:form")
    page.select_option("#campaign", ids[-1])
    expect(page.locator("#form-id")).to_have_value(ids[-1])
    assert "Not yet arrived." in draft(page)


def test_a_product_moved_before_the_page_is_drawn_anew_keeps_what_was_typed(
    page: Page, enter: Enter
) -> None:
    enter("en-IN")
    items = begin(page)
    items.nth(3).locator(".step.wide").click()
    expect(page.locator("#publish-button")).to_be_enabled()
    expect(page.locator("#live[aria-busy]")).to_have_count(0)
    _, released = held(page, "**/rules:preview")
    page.fill("#form-reason", "Typed before the move.")
    with page.expect_request("**/rules:preview"):
        page.locator("#form-reason").blur()
    items.nth(5).locator(".step.wide").click()
    expect(page.locator("#campaign-fields .move")).to_have_count(2)
    expect(page.locator("#form-reason")).to_have_value("Typed before the move.")
    released()
    expect(page.locator("#live[aria-busy]")).to_have_count(0)
    made = campaigns_of(draft(page))[-1].values
    assert made["reason"] == "Typed before the move."
    assert len(made["actions"]) == 2


def test_a_page_that_comes_while_a_product_is_in_the_hand_waits(page: Page, enter: Enter) -> None:
    """Pressed and not yet moved, a product can still be dragged; pressed, a button is still clicked."""
    enter("en-IN")
    items = begin(page)
    dragged, stepped = product(items.nth(4)), product(items.nth(6))

    def press_and_answer(target: Locator, change: Callable[[], None]) -> None:
        previews, released = held(page, "**/rules:preview")
        with page.expect_request("**/rules:preview"):
            change()
        target.hover()
        page.mouse.down()
        with page.expect_response("**/rules:preview"):
            released()
        assert len(previews) == 1
        page.wait_for_timeout(ANSWER_TAKEN_MS)

    press_and_answer(items.nth(4).locator(".place"), lambda: page.fill("#page-day", "2026-11-10"))
    items.nth(0).hover()
    items.nth(0).hover()
    page.mouse.up()
    expect(items.nth(0)).to_have_attribute("data-product", dragged)
    expect(page.locator("#live[aria-busy]")).to_have_count(0)
    button = page.locator(f"[data-key='{stepped}-pin']")
    press_and_answer(button, lambda: page.fill("#page-day", "2026-11-11"))
    page.mouse.up()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#campaign-fields .move")).to_have_count(2)


@both
def test_an_error_stands_at_its_field_and_is_mended_there(
    page: Page, enter: Enter, language: str, complaints: list[str]
) -> None:
    """A refused rule says what and where; the page waits, and nothing typed is lost."""
    enter(language)
    items = begin(page)
    items.nth(2).locator(".step.wide").click()
    expect(page.locator("#page-note")).not_to_be_empty()
    page.fill("#form-owner", "Not A Name")
    page.locator("#form-owner").blur()
    owner = page.locator("[data-path=owner]")
    expect(owner.locator(".field-problem li")).to_have_count(1)
    expect(owner.locator("input")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#page-note")).to_contain_text(SAID[language]["mend"])
    expect(page.locator("#publish-button")).to_be_disabled()
    assert serious_in_any_light(page) == []
    page.locator("[data-key=when-value]").fill("sare")
    page.select_option("[data-key=when-kind]", "concepts")
    page.click("[data-key=when-add]")
    expect(page.locator("[data-path=when] > .field-problem li")).to_contain_text("saree")
    page.locator("[data-key=when-concepts-sare]").click()
    expect(page.locator("[data-path=when] > .field-problem li")).to_have_count(0)
    page.fill("#form-owner", "menswear")
    page.locator("#form-owner").blur()
    expect(owner.locator(".field-problem li")).to_have_count(0)
    expect(page.locator("#page-note")).not_to_contain_text(SAID[language]["mend"])
    assert complaints == []


@both
def test_a_lost_server_and_an_ended_session_lose_no_edit(
    page: Page, shop: Shop, enter: Enter, language: str
) -> None:
    enter(language)
    items = begin(page)
    wanted = product(items.nth(3))
    page.route("**/rules:form", lambda route: route.abort())
    items.nth(3).drag_to(items.nth(0))
    expect(page.locator("#problem")).to_contain_text(SAID[language]["lost"])
    page.unroute("**/rules:form")
    for held in shop[1].tokens.listed():
        shop[1].tokens.revoke(held[0], NOW)
    page.fill("#form-reason", "Kept through both.")
    page.locator("#form-reason").blur()
    expect(page.locator("#problem")).to_contain_text(SAID[language]["expired"])
    expect(page.locator("#sign-in")).to_be_visible()
    enter(language)
    expect(page.locator("#form-reason")).to_have_value("Kept through both.")
    expect(page.locator("#live li").nth(0)).to_have_attribute("data-product", wanted)
    text = draft(page)
    assert f"pin: {{product: {wanted}}}" in text
    assert "Kept through both." in text


@both
def test_two_people_in_the_form_get_both_changes(
    page: Page, shop: Shop, enter: Enter, language: str
) -> None:
    token = enter(language)
    url, services = shop
    text = page.input_value("#text")
    items = begin(page)
    items.nth(2).locator(".step.wide").click()
    expect(page.locator("#publish-button")).to_be_enabled()
    theirs = page.request.post(
        f"{url}/v1/admin/in/rules:publish",
        data={"files": {"merchandising.yaml": "# theirs\n" + text},
              "base": services.locales().version, "reason": "somebody else's"},
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip
    assert theirs.ok
    page.click("#tab-publish")
    page.fill("#reason", "mine")
    page.click("#publish-button")
    page.locator("#problem .primary").click()
    expect(page.locator("#merge")).to_contain_text(SAID[language]["fits"])
    page.locator("#merge .primary").click()
    expect(page.locator("#merge")).to_be_hidden()
    expect(page.locator("#campaign option[value=campaign-1]")).to_have_count(1)
    merged = draft(page)
    assert merged.startswith("# theirs\n")
    assert "campaign-1" in merged


@both
def test_the_calendar_is_walked_by_keyboard_and_opens_a_campaign(
    page: Page, enter: Enter, language: str, complaints: list[str]
) -> None:
    enter(language)
    text = page.input_value("#text")
    campaign = (
        "campaigns:\n  - id: {id}\n    owner: womens-ethnic\n    reason: It leads.\n"
        '    priority: {priority}\n    when: {{concepts: [kurti]}}\n    from: "2026-06-10"\n'
        '    until: "2026-06-{until}"\n    actions:\n      - boost: {{colours: [red]}}\n        by: 0.2\n'
    )
    first = campaign.format(id="june-kurtis", priority=40, until=20)
    second = campaign.format(id="june-red", priority=60, until=16).replace("campaigns:\n", "")
    page.fill("#text", text.replace("campaigns:\n", first + second, 1))
    expect(page.locator("#publish-button")).to_be_enabled()
    page.click("[data-view=calendar]")
    expect(page.locator("#calendar-title")).to_have_text(SAID[language]["june"])
    expect(page.locator("#calendar-zone")).to_contain_text("Asia/Kolkata")
    assert serious_in_any_light(page) == []
    day = page.locator("#month [tabindex='0']")
    expect(day).to_have_attribute("data-day", "2026-06-15")
    expect(day).to_have_attribute("aria-label", re.compile("june-kurtis"))
    day.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#month [tabindex='0']")).to_be_focused()
    expect(page.locator("#day-panel")).to_contain_text(f"{SAID[language]['meets']}")
    page.keyboard.press("PageDown")
    expect(page.locator("#calendar-title")).to_have_text(SAID[language]["july"])
    expect(page.locator("#month [tabindex='0']")).to_have_attribute("data-day", "2026-07-16")
    page.keyboard.press("PageUp")
    expect(page.locator("#month .bar-of.meets").first).to_be_visible()
    page.click("#calendar-modes [data-mode=list]")
    expect(page.locator("#agenda [data-key=open-diwali-sarees]")).to_have_count(1)
    assert serious_in_any_light(page) == []
    assert page.evaluate("window.shift") <= MOST_SHIFT
    page.click("#agenda [data-key=open-june-red]")
    expect(page.locator("#view-page")).to_be_visible()
    expect(page.locator("#form-id")).to_have_value("june-red")
    expect(page.locator("#form-until")).to_have_value("2026-06-16")
    assert complaints == []
