"""Take every page in every state, on desktop and phone, light and dark, from a built demo.

    souk demo --no-serve && python docs/screenshots/take.py

The demo's catalogue is read from SOUK_HOME (default ./.souk) and left as it is: rules, tokens and
events are made in a temporary workspace beside it. The experiment's log is simulated, seed 7.
"""

from __future__ import annotations

import io
import logging
import os
import shutil
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from experiments.event_log import EventLog, log_url  # noqa: E402  the checkout comes first
from experiments.events import Event, Exposure, SearchShown  # noqa: E402
from service.app import build_app  # noqa: E402
from service.services import Services  # noqa: E402
from service.settings import load_settings  # noqa: E402
from service.tokens import Role  # noqa: E402
from service.wiring import build_services  # noqa: E402

HERE = Path(__file__).resolve().parent
SHARED = (
    "catalog.sqlite",
    "catalog.sqlite-wal",
    "catalog.sqlite-shm",
    "index",
    "pictures",
    "samples",
)
SIZES = {"desktop": (1280, 860), "phone": (390, 844)}
LOOKS = (("desktop", "light"), ("phone", "dark"), ("phone", "light"), ("desktop", "dark"))
QUALITY = 48
WIDEST = 1024
UNITS = 4000
DAYS = 12
SEED = 7
PAUSE_MS = 500
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="souk-screens-", ignore_cleanup_errors=True) as place:
        services = workspace(Path(place))
        simulate(services)
        token = services.tokens.create(
            name="Asha", role=Role.ADMIN, marketplaces=("*",), now=datetime.now(UTC), days=1
        )
        with serving(services) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=list(FLAGS)
            )
            for device, scheme in LOOKS:
                take(browser, url, token, f"{device}-{scheme}", SIZES[device], scheme)
            browser.close()
    total = sum(path.stat().st_size for path in HERE.glob("*.webp"))
    sys.stdout.write(f"{len(list(HERE.glob('*.webp')))} pictures, {total / 1e6:.2f} MB\n")


def workspace(place: Path) -> Services:
    """The demo's catalogue by links; locales as a copy in which one experiment runs."""
    home = load_settings(os.environ).home.resolve()
    for name in SHARED:
        if (home / name).exists():
            (place / name).symlink_to(home / name)
    locales = place / "locales"
    shutil.copytree(ROOT / "locales", locales)
    file = locales / "experiments" / "less-alike.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("state: draft", "state: running"), encoding="utf-8")
    environ = {**os.environ, "SOUK_HOME": str(place), "SOUK_LOCALES": str(locales)}
    environ.pop("SOUK_ELASTICSEARCH_URL", None)
    environ.pop("SOUK_DATABASE_URL", None)
    return build_services(load_settings(environ))


def simulate(services: Services) -> None:
    """Two weeks of a shop in which the second variant brings a tenth more clicks."""
    rng = np.random.default_rng(SEED)
    log = EventLog(log_url(None, services.settings.home), patience_s=30.0)
    events = []
    begin = datetime.now(UTC) - timedelta(days=DAYS)
    for number in range(UNITS):
        unit, query = f"unit-{number}", f"query-{number}"
        variant = ("shipped", "varied")[int(rng.integers(2))]
        at = begin + timedelta(days=float(rng.uniform(0, DAYS - 0.1)))
        shown = SearchShown(
            query_id=query, marketplace="in", unit=unit, at=at, product_ids=("DM00001",),
            features="1", rules="1", variants={"less-alike": variant},
        )  # fmt: skip
        exposure = Exposure(
            experiment="less-alike", variant=variant, unit=unit, marketplace="in", query_id=query, at=at
        )  # fmt: skip
        log.record_search(shown, (exposure,))
        rate = 0.31 if variant == "shipped" else 0.345
        for kind, chance in (("click", rate), ("purchase", 0.04)):
            if rng.random() < chance:
                events.append(
                    Event(
                        event_id=str(uuid.UUID(int=int(rng.integers(2**62)))),
                        type=kind,
                        marketplace="in",
                        query_id=query,
                        product_id="DM00001",
                        unit=unit,
                        at=at,
                        received_at=at,
                        value_minor=99900 if kind == "purchase" else None,
                    )
                )
    log.record_events(events)
    log.close()


@contextmanager
def serving(services: Services) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, build_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def take(
    browser: Browser, url: str, token: str, suffix: str, size: Sequence[int], scheme: str
) -> None:
    """One walk through all pages; each state is shot once."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    shopper(page, url, suffix)
    studio(page, url, token, suffix)
    analyst(page, url, suffix)
    page.goto(f"{url}/docs")
    page.wait_for_selector("#operations details")
    shoot(page, "api", suffix)
    context.close()


def shoot(page: Page, name: str, suffix: str) -> None:
    page.wait_for_timeout(PAUSE_MS)
    raw = Image.open(io.BytesIO(page.screenshot()))
    raw.thumbnail((WIDEST, WIDEST * 2), Image.Resampling.LANCZOS)
    raw.convert("RGB").save(HERE / f"{name}-{suffix}.webp", "WEBP", quality=QUALITY, method=6)


def found(page: Page) -> None:
    page.wait_for_selector("#grid[aria-busy=false] [data-product]")
    page.wait_for_load_state("networkidle")


def shopper(page: Page, url: str, suffix: str) -> None:
    page.goto(f"{url}/?marketplace=in&language=en-IN")
    page.wait_for_selector("#samples img")
    page.wait_for_load_state("networkidle")
    shoot(page, "shopper-start", suffix)
    page.goto(f"{url}/?marketplace=in&language=en-IN&sample=kurti.jpg&colour=blue,navy,teal")
    found(page)
    shoot(page, "shopper-results", suffix)
    if "phone" in suffix:
        page.click("#open-filters")
        shoot(page, "shopper-filters", suffix)
        page.click("#sheet .primary")
    page.click("#tab-look")
    page.wait_for_selector("#shelves img")
    shoot(page, "shopper-look", suffix)
    page.goto(f"{url}/?marketplace=in&language=en-IN&sample=kurti.jpg&tab=compare&compare=in,us,de")
    page.wait_for_selector(".column[data-marketplace=de] .title")
    page.wait_for_load_state("networkidle")
    page.locator("#tabs").scroll_into_view_if_needed()
    shoot(page, "shopper-compare", suffix)
    page.goto(f"{url}/?marketplace=in&language=hi-IN&sample=saree.jpg")
    found(page)
    shoot(page, "shopper-hindi", suffix)
    page.locator("#grid .picture").first.click()
    page.wait_for_selector("#detail .rail .title")
    shoot(page, "shopper-product", suffix)
    page.locator("#detail .close-form button").click()
    page.route("**/search?*", lambda route: route.abort())
    page.locator("#sort").select_option("rating")
    page.wait_for_selector("#problem strong")
    page.evaluate("scrollTo(0, 0)")
    shoot(page, "shopper-lost", suffix)
    page.unroute("**/search?*")


def studio(page: Page, url: str, token: str, suffix: str) -> None:
    page.goto(f"{url}/studio?marketplace=in")
    page.wait_for_selector("#sign-in:not([hidden])")
    shoot(page, "studio-sign-in", suffix)
    page.fill("#token", token)
    page.click("#sign-in button")
    page.wait_for_selector("#state[data-state]")
    text = page.input_value("#text")
    page.fill("#text", text.replace("owner:", "ownr:", 1).replace("colours:", "colors:", 1))
    page.wait_for_selector("#findings li.error")
    page.locator("#findings li.error button").first.click()
    shoot(page, "studio-findings", suffix)
    campaign = (
        "campaigns:\n  - id: kurti-of-the-day\n    owner: womens-ethnic\n"
        "    reason: It leads today.\n    priority: 90\n    when: {concepts: [kurti]}\n"
        "    actions:\n      - boost: {colours: [yellow]}\n        by: 0.6\n"
    )
    page.fill("#text", text.replace("campaigns:\n", campaign, 1))
    page.wait_for_selector("#state[data-state=good]")
    page.click("#tab-preview")
    sample = page.request.get(f"{url}/samples/kurti.jpg").body()
    page.set_input_files(
        "#preview-photo", {"name": "kurti.jpg", "mimeType": "image/jpeg", "buffer": sample}
    )
    page.wait_for_selector("#preview-sides img")
    page.wait_for_load_state("networkidle")
    page.locator("#side-tabs").scroll_into_view_if_needed()
    shoot(page, "studio-preview", suffix)
    page.click("#tab-publish")
    page.fill("#reason", "A kurti of the day, agreed with the buyers")
    shoot(page, "studio-publish", suffix)
    before = page.locator("#history li strong").count()
    page.click("#publish-button")
    page.locator("#history li strong").nth(before).wait_for(state="attached")
    page.click("#tab-history")
    page.locator("#history summary").first.click()
    shoot(page, "studio-history", suffix)
    conflict(page, url, token, text, suffix)
    by_form(page, suffix)


def by_form(page: Page, suffix: str) -> None:
    """A campaign made on a live page, an error at its field, and the calendar; the draft is dropped."""
    page.click("[data-view=page]")
    page.wait_for_selector("#live img")
    page.select_option("#page-query", "sample:saree.jpg")
    page.wait_for_timeout(PAUSE_MS * 3)
    page.click("#campaign-new")
    items = page.locator("#live > li")
    items.nth(4).locator(".step.wide").click()
    page.wait_for_selector("#live li.pinned")
    items.nth(4).locator("[data-key$='-up']").click()
    page.wait_for_timeout(PAUSE_MS * 3)
    items.nth(0).locator("summary").click()
    page.wait_for_load_state("networkidle")
    page.locator("#views").scroll_into_view_if_needed()
    shoot(page, "studio-form", suffix)
    page.fill("#form-owner", "Women's ethnic wear")
    page.locator("#form-owner").blur()
    page.wait_for_selector("[data-path=owner] .field-problem li")
    page.locator("#campaign").scroll_into_view_if_needed()
    shoot(page, "studio-form-error", suffix)
    page.click("#campaign-remove")
    page.locator("#ask .primary").click()
    page.wait_for_selector("#campaign option[value=campaign-1]", state="detached")
    page.click("[data-view=calendar]")
    page.wait_for_selector("#month .day, #agenda .scheduled")
    page.evaluate("scrollTo(0, 0)")
    shoot(page, "studio-calendar", suffix)
    other = "month" if "phone" in suffix else "list"
    page.click(f"#calendar-modes [data-mode={other}]")
    page.wait_for_timeout(PAUSE_MS * 3)
    shoot(page, f"studio-calendar-{other}", suffix)
    page.click("[data-view=text]")


def conflict(page: Page, url: str, token: str, text: str, suffix: str) -> None:
    """Somebody else publishes while a draft is open; at the end the text is as it was."""
    page.fill("#text", "# Reviewed by the buyers of ethnic wear.\n" + text)
    page.wait_for_selector("#publish-button:not([disabled])", state="attached")
    publish(page, url, token, "# Reviewed by legal.\n" + text)
    page.click("#tab-publish")
    page.fill("#reason", "Reviewed")
    page.click("#publish-button")
    page.locator("#problem .primary").click()
    page.wait_for_selector("#merge .clash")
    shoot(page, "studio-conflict", suffix)
    page.locator("#merge .buttons button").nth(1).click()
    publish(page, url, token, text)


def publish(page: Page, url: str, token: str, text: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    base = page.request.get(f"{url}/v1/admin/in/rules", headers=headers).json()["version"]
    files = {"merchandising.yaml": text}
    body = {"files": files, "base": base, "reason": "A review"}
    page.request.post(f"{url}/v1/admin/in/rules:publish", headers=headers, data=body)


def analyst(page: Page, url: str, suffix: str) -> None:
    page.goto(f"{url}/experiments?key=less-alike")
    page.wait_for_selector("#report .plot")
    shoot(page, "experiments", suffix)
    sample = page.request.get(f"{url}/samples/kurti.jpg").body()
    page.set_input_files(
        "#compare-photo", {"name": "kurti.jpg", "mimeType": "image/jpeg", "buffer": sample}
    )
    page.wait_for_selector("#compare-columns img")
    page.locator(".lab-compare").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    shoot(page, "experiments-variants", suffix)


if __name__ == "__main__":
    main()
