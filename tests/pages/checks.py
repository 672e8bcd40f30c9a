"""What a page is held to in any state: axe's findings, and how much the layout moved by itself."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

MOST_SHIFT = 0.1
WATCH_SHIFT = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""


def serious(page: Page) -> list[str]:
    """What axe finds serious or critical on the page as it stands."""
    results = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}"
        for v in results
        if v["impact"] in ("serious", "critical")
    ]


def serious_in_any_light(page: Page) -> list[str]:
    """The same in light and in dark; the page is left in light.

    Without motion: colours on their way from one to the other are nobody's colours.
    """
    found = []
    for scheme in ("dark", "light"):
        page.emulate_media(
            color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
        )
        found += [f"{scheme}: {one}" for one in serious(page)]
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    return found
