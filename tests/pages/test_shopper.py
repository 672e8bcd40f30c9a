"""The shopper's stories, walked in a real browser in English and Hindi."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from service.services import Services
from tests.pages.checks import serious_in_any_light

pytestmark = pytest.mark.browser

Served = tuple[str, Services]
LANGUAGES = ("en-IN", "hi-IN")
SAID = {
    "en-IN": {
        "results": "Similar here",
        "category": "Kurtis",
        "not": "Not Kurtis?",
        "alike": "2 more like this",
        "why": "Why this?",
        "red": "red",
        "lost": "The server cannot be reached.",
        "bad": "This is no picture that can be read.",
        "copied": "Link copied.",
        "old": "too old",
        "another": "Another photo",
        "country": "Germany",
    },
    "hi-IN": {
        "results": "यहाँ मिलते-जुलते",
        "category": "कुर्तियाँ",
        "not": "कुर्तियाँ नहीं?",
        "alike": "ऐसे 2 और",
        "why": "यह क्यों?",
        "red": "लाल",
        "lost": "सर्वर से संपर्क नहीं हो पा रहा।",
        "bad": "यह तस्वीर पढ़ी नहीं जा सकती।",
        "copied": "लिंक कॉपी हो गया।",
        "old": "पुरानी",
        "another": "दूसरी फ़ोटो",
        "country": "जर्मनी",
    },
}
"""What each story says, by the page's language."""
both = pytest.mark.parametrize("language", LANGUAGES)


def found(page: Page) -> Locator:
    """The first product of an answer that has come."""
    expect(page.locator("#grid[aria-busy=false] [data-product]").first).to_be_visible()
    return page.locator("#grid [data-product]").first


def ask(page: Page, url: str, photo: Path, language: str = "en-IN", query: str = "") -> None:
    page.goto(f"{url}/?marketplace=in&language={language}&{query}")
    expect(page.locator("#marketplace option")).to_have_count(7)
    page.set_input_files("#file", photo)
    found(page)


def products(page: Page) -> list[str]:
    """What the grid shows, in its order."""
    shown: list[str] = page.locator("#grid [data-product]").evaluate_all(
        "all => all.map(e => e.dataset.product)"
    )
    return shown


def settled(page: Page) -> None:
    expect(page.locator("#grid")).to_have_attribute("aria-busy", "false")


@both
def test_a_photo_becomes_products_in_the_shoppers_language(
    page: Page, served: Served, kurti: Path, language: str, complaints: list[str]
) -> None:
    ask(page, served[0], kurti, language)
    said = SAID[language]
    expect(page.locator("#tab-results")).to_have_text(said["results"])
    expect(page.locator("#category .path")).to_contain_text(said["category"])
    expect(page.locator("#category .alternatives")).to_contain_text(said["not"])
    expect(page.locator("#grid .price").first).to_contain_text("₹")
    assert complaints == []


@both
def test_filters_show_counts_and_leave_as_many_without_reloading(
    page: Page, served: Served, kurti: Path, language: str, complaints: list[str]
) -> None:
    ask(page, served[0], kurti, language)
    page.evaluate("window.kept = true")
    red = page.locator('[data-facet=colour] [data-colour="red"]')
    expect(red).to_contain_text(SAID[language]["red"])
    count = red.locator(".count").inner_text()
    red.click()
    expect(page.locator("#status")).to_contain_text(re.compile(rf"\b{count}\b"))
    expect(page.locator("#chips")).to_contain_text(SAID[language]["red"])
    page.check("input[name=prime]")
    expect(page.locator("#grid .card:not(:has(.prime))")).to_have_count(0)
    page.locator("[data-facet=size] button").first.click()
    expect(page.locator("#chips .chip")).to_have_count(3)
    assert parse_qs(urlsplit(page.url).query)["colour"] == ["red"]
    page.locator("#chips .quiet").click()
    expect(page.locator("#chips .chip")).to_have_count(0)
    assert page.evaluate("window.kept") is True
    assert complaints == []


@both
def test_boxes_are_tapped_drawn_dragged_and_pulled(
    page: Page, served: Served, kurti: Path, language: str
) -> None:
    ask(page, served[0], kurti, language)
    page.locator("#boxes [data-object='0']").click()
    expect(page.locator("#boxes .movable")).to_have_count(1)
    assert "object=0" in page.url
    settled(page)
    area = page.locator("#boxes").bounding_box()
    assert area is not None
    page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] / 2 + 20, area["y"] + area["height"] / 2, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("box="))
    settled(page)
    before = page.url
    page.locator("#boxes .movable").focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(before)
    settled(page)
    page.click("#draw")
    page.mouse.move(area["x"] + area["width"] * 0.1, area["y"] + area["height"] * 0.1)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.6, area["y"] + area["height"] * 0.7, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"box=0\.1\d*%2C0\.1\d*%2C0\.[56]\d*%2C0\.[67]"))


@both
def test_another_category_is_one_tap_away(
    page: Page, served: Served, kurti: Path, language: str
) -> None:
    ask(page, served[0], kurti, language)
    chip = page.locator("#category .chip").first
    name = chip.inner_text()
    chip.click()
    expect(page.locator("#category .chip[aria-pressed=true]")).to_have_text(name)
    expect(page.locator("#chips .chip")).to_have_text(name)
    expect(page.locator("#grid [data-product^=tunic]").first).to_be_visible()
    page.locator("#chips .chip").click()
    expect(page.locator("#grid [data-product^=kurti]").first).to_be_visible()


@both
def test_folded_duplicates_open_in_place_and_say_why(
    page: Page, served: Served, kurti: Path, language: str
) -> None:
    ask(page, served[0], kurti, language)
    folded = page.locator(".folded").first
    expect(folded.locator("summary")).to_have_text(SAID[language]["alike"])
    folded.locator("summary").click()
    expect(folded.locator(".row-button")).to_have_count(2)
    why = page.locator("#grid .why").first
    expect(why.locator("summary")).to_have_text(SAID[language]["why"])
    why.locator("summary").click()
    expect(why.locator("li").first).to_be_visible()


@both
def test_pages_are_endless_and_never_repeat(
    page: Page, served: Served, kurti: Path, language: str
) -> None:
    ask(page, served[0], kurti, language)
    expect(page.locator("#more")).to_be_visible()
    page.locator("#end").scroll_into_view_if_needed()
    expect(page.locator("#more")).to_be_hidden()
    shown = products(page)
    assert len(shown) > 24
    assert len(set(shown)) == len(shown)
    places = page.locator("#grid [data-product]").evaluate_all(
        "all => all.map(e => e.dataset.position)"
    )
    assert places == [str(i + 1) for i in range(len(shown))]


@both
def test_shelves_complete_the_look(page: Page, served: Served, kurti: Path, language: str) -> None:
    ask(page, served[0], kurti, language)
    page.click("#tab-look")
    expect(page.locator("#shelves .shelf[data-slot=dupatta] .card").first).to_be_visible()
    expect(page.locator("#panel-results")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#panel-compare")).to_be_visible()


@both
def test_two_to_seven_marketplaces_stand_side_by_side(
    page: Page, served: Served, kurti: Path, language: str
) -> None:
    ask(page, served[0], kurti, language)
    page.click("#tab-compare")
    expect(page.locator(".column")).to_have_count(2)
    for market in ("us", "gb", "de", "fr", "it", "es"):
        button = page.locator(f"#compare-choices [data-marketplace={market}]")
        if button.get_attribute("aria-pressed") == "false":
            button.click()
    expect(page.locator(".column")).to_have_count(7)
    expect(page.locator(".column[data-marketplace=us] .path")).to_contain_text("Tunics")
    expect(page.locator(".column[data-marketplace=us] .price").first).to_contain_text("$")
    expect(page.locator(".column[data-marketplace=de] .price").first).to_contain_text("€")
    expect(page.locator(".column[data-marketplace=in] .path")).to_contain_text(
        SAID[language]["category"]
    )
    expect(page.locator(".column[data-marketplace=de] h3")).to_have_text(SAID[language]["country"])
    for market in ("us", "gb", "fr", "it", "es"):
        page.locator(f"#compare-choices [data-marketplace={market}]").click()
    expect(page.locator(".column")).to_have_count(2)
    page.locator("#compare-choices [data-marketplace=de]").click()
    expect(page.locator("#compare-note")).not_to_be_empty()
    expect(page.locator(".column")).to_have_count(2)


@both
def test_a_product_opens_with_similar_ones_and_starts_a_search(
    page: Page, served: Served, kurti: Path, language: str
) -> None:
    ask(page, served[0], kurti, language)
    page.locator("#grid .picture").first.click()
    expect(page.locator("#detail-title")).to_be_visible()
    expect(page.locator("#detail .rail .title")).to_have_count(6)
    page.locator("#detail .buttons button").nth(1).click()
    expect(page.locator("#detail [role=status]")).to_have_text(SAID[language]["copied"])
    link = page.evaluate("navigator.clipboard.readText()")
    page.locator("#detail .primary").click()
    expect(page.locator("#detail")).to_be_hidden()
    found(page)
    assert "like=kurti-" in page.url
    page.goto(link)
    expect(page.locator("#detail-title")).to_be_visible()


@both
def test_a_shared_link_carries_filters_and_a_small_copy_of_the_photo(
    page: Page, served: Served, kurti: Path, language: str
) -> None:
    ask(page, served[0], kurti, language, query="colour=red")
    page.click("#share")
    expect(page.locator("#photo-help")).to_have_text(SAID[language]["copied"])
    link = page.evaluate("navigator.clipboard.readText()")
    assert "#photo=" in link
    assert len(link) < 8000
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("about:blank")
    page.goto(link)
    found(page)
    expect(page.locator("#category .path")).to_contain_text(SAID[language]["category"])
    expect(page.locator("#chips .chip")).to_have_text(SAID[language]["red"])
    assert not any("photo=" in url for url in asked if "#" not in url)


@both
def test_a_sample_a_pasted_a_dropped_and_a_shot_photo_search_too(
    page: Page, served: Served, kurti: Path, language: str
) -> None:
    page.goto(f"{served[0]}/?marketplace=in&language={language}")
    page.locator("#samples button").first.click()
    found(page)
    assert "sample=kurti.jpg" in page.url
    hand_over = """async (kind) => {
      const blob = await (await fetch('/samples/kurti.jpg')).blob();
      const data = new DataTransfer();
      data.items.add(new File([blob], 'kurti.jpg', {type: 'image/jpeg'}));
      const event = kind === 'paste'
        ? new ClipboardEvent('paste', {clipboardData: data, bubbles: true})
        : new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true});
      document.body.dispatchEvent(event);
    }"""
    for kind in ("paste", "drop"):
        with page.expect_response(lambda r: "/search?" in r.url) as answer:
            page.evaluate(hand_over, kind)
        assert answer.value.ok
    expect(page.locator("#camera")).to_have_attribute("capture", "environment")
    with page.expect_response(lambda r: "/search?" in r.url) as shot:
        page.set_input_files("#camera", kurti)
    assert shot.value.ok


@both
def test_a_bad_photo_says_what_to_do_and_leaves_what_was_there(
    page: Page, served: Served, kurti: Path, tmp_path: Path, language: str
) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture at all")
    page.goto(f"{served[0]}/?marketplace=in&language={language}")
    expect(page.locator("#marketplace option")).to_have_count(7)
    page.set_input_files("#file", bad)
    expect(page.locator("#problem strong")).to_have_text(SAID[language]["bad"])
    expect(page.locator("#drop")).to_be_in_viewport()
    ask(page, served[0], kurti, language, query="colour=red")
    page.locator("#boxes [data-object='0']").click()
    settled(page)
    before = page.url
    shown = products(page)
    page.set_input_files("#file", bad)
    expect(page.locator("#problem strong")).to_have_text(SAID[language]["bad"])
    expect(page.locator("#problem p")).to_contain_text("JPEG")
    expect(page.locator("#problem button")).to_have_text(SAID[language]["another"])
    expect(page.locator("#boxes .movable")).to_have_count(1)
    expect(page.locator("#category .path")).to_contain_text(SAID[language]["category"])
    assert page.evaluate("document.querySelector('#photo').naturalWidth") == 300
    expect(page).to_have_url(before)
    assert products(page) == shown
    assert serious_in_any_light(page) == []


@both
def test_a_lost_server_says_what_to_do_and_loses_nothing(
    page: Page, served: Served, kurti: Path, language: str
) -> None:
    ask(page, served[0], kurti, language)
    shown = products(page)
    page.route("**/search?*", lambda route: route.abort())
    page.check("input[name=prime]")
    expect(page.locator("#problem strong")).to_have_text(SAID[language]["lost"])
    assert products(page) == shown
    page.unroute("**/search?*")
    page.click("#problem button")
    expect(page.locator("#grid .card:not(:has(.prime))")).to_have_count(0)
    expect(page.locator("#problem")).to_be_hidden()


@both
def test_a_server_lost_before_anything_came_still_says_so(
    page: Page, served: Served, language: str
) -> None:
    """Not even the labels came: what is wrong is said all the same, and one button begins again."""
    page.route("**/labels/*.json", lambda route: route.abort())
    page.route("**/v1/marketplaces", lambda route: route.abort())
    page.goto(f"{served[0]}/?marketplace=in&language={language}")
    expect(page.locator("#problem strong")).to_have_text(SAID[language]["lost"])
    expect(page.locator("#ask-title")).to_have_text("Find it by photo")
    page.unroute("**/labels/*.json")
    page.unroute("**/v1/marketplaces")
    page.click("#problem button")
    expect(page.locator("#marketplace option")).to_have_count(7)
    expect(page.locator("#problem")).to_be_hidden()


@both
def test_a_list_too_old_to_go_on_with_is_made_anew(
    page: Page, served: Served, kurti: Path, language: str
) -> None:
    """A cursor lives an hour: what is shown stays, and one button searches again."""
    page.route(
        "**/search?cursor=*",
        lambda route: route.fulfill(
            status=400,
            content_type="application/problem+json",
            body='{"type": "/problems/invalid-cursor", "title": "old", "detail": "old"}',
        ),
    )
    ask(page, served[0], kurti, language)
    page.locator("#end").scroll_into_view_if_needed()
    expect(page.locator("#problem")).to_contain_text(SAID[language]["old"])
    expect(page.locator("#grid [data-product]")).to_have_count(24)
    page.unroute("**/search?cursor=*")
    page.click("#problem button")
    expect(page.locator("#problem")).to_be_hidden()


def test_what_was_seen_and_opened_reaches_the_event_log(
    page: Page, served: Served, kurti: Path
) -> None:
    ask(page, served[0], kurti)
    with page.expect_request("**/v1/in/events") as told:
        page.locator("#grid .picture").first.click()
        page.wait_for_timeout(2500)
    events = told.value.post_data_json or []
    kinds = {event["type"] for event in events}
    assert "impression" in kinds
    answer = told.value.response()
    assert answer is not None
    assert answer.status == 202


@both
def test_on_a_phone_the_filters_are_a_sheet(
    page: Page, served: Served, kurti: Path, language: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, served[0], kurti, language)
    page.click("#open-filters")
    page.check("#sheet input[name=prime]")
    expect(page.locator("#filter-count")).to_have_text("1")
    assert serious_in_any_light(page) == []
    page.locator("#sheet .primary").click()
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#grid .card:not(:has(.prime))")).to_have_count(0)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
